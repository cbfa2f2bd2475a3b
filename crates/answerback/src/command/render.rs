//! Replies in words.

use super::render_sending as sending;
use super::table::table;
use super::{answers, approval, webhooks};
use crate::admin::Reply;
use crate::admin::reply::{AccountView, CheckView, KeyView, NewCredential, NewKeyView, ProgramView};

/// A reply as people read it.
pub(super) fn words(reply: &Reply) -> String {
    match reply {
        Reply::AccountCreated(made) => account_created(made),
        Reply::Account(account) => accounts(std::slice::from_ref(account)),
        Reply::Accounts(list) => accounts(list),
        Reply::KeyCreated(made) => key_created(made),
        Reply::Key(key) => keys(std::slice::from_ref(key)),
        Reply::Keys(list) => keys(list),
        Reply::ProgramCreated(made) => format!("made program {}\n", made.program),
        Reply::Programs(list) => programs(list),
        Reply::Webhook(reply) => webhooks::words(reply),
        Reply::Approval(reply) => approval::words(reply),
        Reply::Answers(reply) => answers::words(reply),
        Reply::Imported(done) => format!(
            "imported {} lines: {} messages added, {} known before, {} with a longer history\n",
            done.lines, done.added, done.known, done.merged
        ),
        Reply::Exported(done) => {
            format!("exported {} messages, {} octets, sha256 {}\n", done.rows, done.bytes, done.sha256)
        }
        Reply::Checked(checked) => check(checked),
        Reply::Carriers(list) => sending::carriers(list),
        Reply::Carrier(carrier) => sending::carrier(carrier),
        Reply::CarrierTested(found) => sending::tested(found),
        Reply::CarrierRemoved { name } => format!("removed the carrier {name}\n"),
        Reply::Receipts(view) => sending::receipts(view),
        Reply::Uncertain(view) => sending::uncertain(view),
        Reply::Rates { currency, rates } => sending::rates(currency, rates),
        Reply::Settings(settings) => sending::account_settings(settings),
        Reply::Numbers(claims) => sending::numbers(claims),
        Reply::Unrouted(view) => sending::unrouted(view),
        Reply::Routed { messages } => format!("gave {messages} messages to the account\n"),
    }
}

/// A reply as `--json` prints it: the content alone.
pub(super) fn document(reply: &Reply) -> serde_json::Result<serde_json::Value> {
    match reply {
        Reply::AccountCreated(made) => serde_json::to_value(made),
        Reply::Account(account) => serde_json::to_value(account),
        Reply::Accounts(list) => serde_json::to_value(list),
        Reply::KeyCreated(made) => serde_json::to_value(made),
        Reply::Key(key) => serde_json::to_value(key),
        Reply::Keys(list) => serde_json::to_value(list),
        Reply::ProgramCreated(made) => serde_json::to_value(made),
        Reply::Programs(list) => serde_json::to_value(list),
        Reply::Webhook(reply) => webhooks::document(reply),
        Reply::Approval(reply) => approval::document(reply),
        Reply::Answers(reply) => answers::document(reply),
        Reply::Imported(done) => serde_json::to_value(done),
        Reply::Exported(done) => serde_json::to_value(done),
        Reply::Checked(checked) => serde_json::to_value(checked),
        Reply::Carriers(list) => serde_json::to_value(list),
        Reply::Carrier(carrier) => serde_json::to_value(carrier),
        Reply::CarrierTested(found) => serde_json::to_value(found),
        Reply::CarrierRemoved { name } => Ok(serde_json::json!({ "removed": name })),
        Reply::Receipts(view) => serde_json::to_value(view),
        Reply::Uncertain(view) => serde_json::to_value(view),
        Reply::Rates { rates, .. } => serde_json::to_value(rates),
        Reply::Settings(settings) => serde_json::to_value(settings),
        Reply::Numbers(claims) => serde_json::to_value(claims),
        Reply::Unrouted(view) => serde_json::to_value(view),
        Reply::Routed { messages } => Ok(serde_json::json!({ "routed": messages })),
    }
}

fn account_created(made: &NewCredential) -> String {
    format!(
        "made account {} (number {})\n\nuser name  {}\nkey        {}\n\n\
         The key is shown only here; it works in every dialect. Keep it safe, or make another with\n  \
         answerback key create --account {}\n",
        made.account, made.id, made.username, made.key, made.account
    )
}

fn key_created(made: &NewKeyView) -> String {
    format!(
        "made key {}\n\nuser name  {}\nkey        {}\n\nThe key is shown only here; it works in every dialect.\n",
        made.id, made.username, made.key
    )
}

/// An instant without its fraction.
pub(super) fn to_the_second(instant: &str) -> String {
    instant.split_once('.').map_or_else(|| instant.to_owned(), |(seconds, _)| format!("{seconds}Z"))
}

fn accounts(list: &[AccountView]) -> String {
    let row = |account: &AccountView| {
        vec![
            account.id.to_string(),
            account.account.clone(),
            account.username.clone(),
            account.currency.clone(),
            account.balance.clone().unwrap_or_else(|| "postpaid".to_owned()),
            account.default_program.to_string(),
            if account.disabled { "disabled" } else { "enabled" }.to_owned(),
            to_the_second(&account.created),
        ]
    };
    let heading = ["number", "account", "user name", "currency", "balance", "program", "state", "created"];
    table(&heading, &list.iter().map(row).collect::<Vec<_>>())
}

fn keys(list: &[KeyView]) -> String {
    let row = |key: &KeyView| {
        vec![
            key.key.to_string(),
            key.username.clone(),
            if key.revoked { "revoked" } else { "in use" }.to_owned(),
            key.expires.clone().unwrap_or_else(|| "never".to_owned()),
            if key.addresses.is_empty() { "anywhere".to_owned() } else { key.addresses.join(" ") },
            to_the_second(&key.created),
        ]
    };
    let heading = ["key", "user name", "state", "expires", "allowed from", "created"];
    table(&heading, &list.iter().map(row).collect::<Vec<_>>())
}

fn programs(list: &[ProgramView]) -> String {
    let row = |program: &ProgramView| {
        let ProgramView { program, name, campaign, kind } = program;
        vec![program.to_string(), name.clone(), campaign.clone(), kind.clone()]
    };
    table(&["program", "name", "campaign", "type"], &list.iter().map(row).collect::<Vec<_>>())
}

fn check(checked: &CheckView) -> String {
    let counted = [
        ("accounts", checked.accounts),
        ("messages", checked.messages),
        ("history entries", checked.entries),
        ("batches", checked.batches),
        ("sums by day", checked.day_sums),
        ("chats", checked.chats),
        ("contacts, programs and keys", checked.others),
        ("facts of derived state", checked.derived),
    ];
    let mut text = "compared\n".to_owned();
    for (what, count) in counted {
        text.push_str(&format!("{count:>14}  {what}\n"));
    }
    if checked.sound {
        text.push_str("every invariant holds\n");
        return text;
    }
    for fault in &checked.broken {
        text.push_str(&format!("broken: {fault}\n"));
    }
    let unsaid = checked.broken_count.saturating_sub(checked.broken.len() as u64);
    if unsaid > 0 {
        text.push_str(&format!("and {unsaid} more\n"));
    }
    text
}
