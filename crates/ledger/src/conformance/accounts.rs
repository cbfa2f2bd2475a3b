//! Accounts, keys, programs.

use sms::{AccountId, Money};

use super::stage::{not_found, refusal};
use super::{Stage, mo, mt, submission};
use crate::change::{NewAccount, NewKey, NewProgram};
use crate::error::Refusal;

fn new_account(stage: &Stage, name: &str) -> NewAccount {
    NewAccount {
        name: name.to_owned(),
        username: "user".to_owned(),
        currency: "SEK".parse().expect("a currency"),
        prepaid: true,
        at: stage.now(),
    }
}

fn new_key(stage: &Stage, hash: u8) -> NewKey {
    NewKey {
        username: "user".to_owned(),
        hash: [hash; 32],
        at: stage.now(),
        expires: Some(stage.later(60)),
        addresses: vec!["192.0.2.7".to_owned(), "2001:db8::/32".to_owned()],
    }
}

/// A name is taken once; a refused account leaves nothing.
pub(super) async fn names_are_unique(stage: &mut Stage) {
    let taken = stage.ledger().create_account(new_account(stage, "acme")).await;
    assert_eq!(refusal(taken), Refusal::Taken("the name"));
    let second = stage.ledger().create_account(new_account(stage, "second")).await.expect("account");
    assert_eq!(second.id.get(), stage.account.get() + 1);
    let accounts = stage.ledger().accounts().await.expect("accounts");
    assert_eq!(accounts.iter().map(|account| account.name.as_str()).collect::<Vec<_>>(), ["acme", "second"]);
    // User names need not be unique.
    stage.ledger().create_account(new_account(stage, "third")).await.expect("same user name");
}

/// Everything said of an account is kept.
pub(super) async fn an_account_is_kept(stage: &mut Stage) {
    let made = stage.ledger().create_account(new_account(stage, "kept")).await.expect("account");
    assert_eq!((made.name.as_str(), made.username.as_str(), made.currency.as_str()), ("kept", "user", "SEK"));
    assert!(made.prepaid && !made.disabled && made.balance == Money::ZERO && made.created == stage.now());
    stage.ledger().set_disabled(made.id, true).await.expect("disable");
    stage.reopen();
    let read = stage.ledger().account(made.id).await.expect("account");
    assert!(read.disabled);
    stage.ledger().set_disabled(made.id, false).await.expect("enable");
    assert_eq!(stage.ledger().account(made.id).await.expect("account"), made);
    let nobody = AccountId::new(77).expect("in range");
    not_found(stage.ledger().account(nobody).await);
    not_found(stage.ledger().set_disabled(nobody, true).await);
    not_found(stage.ledger().highest(nobody).await);
    let none = stage.ledger().accept(nobody, submission(vec![mt("1", "x", stage.now())], stage.now())).await;
    assert_eq!(refusal(none), Refusal::NoAccount);
}

/// Only a prepaid account holds funds, exactly.
pub(super) async fn only_prepaid_accounts_hold_funds(stage: &mut Stage) {
    let amount = Money::from_millionths(41_600);
    assert!(matches!(refusal(stage.ledger().fund(stage.account, amount).await), Refusal::Value(_)));
    let prepaid = stage.ledger().create_account(new_account(stage, "prepaid")).await.expect("account").id;
    assert_eq!(stage.ledger().fund(prepaid, amount).await.expect("funded"), amount);
    let less = Money::from_millionths(-41_601);
    assert_eq!(stage.ledger().fund(prepaid, less).await.expect("taken").millionths(), -1);
    let all = Money::from_millionths(i64::MIN);
    assert!(matches!(refusal(stage.ledger().fund(prepaid, all).await), Refusal::Value(_)));
    stage.reopen();
    assert_eq!(stage.ledger().account(prepaid).await.expect("account").balance.millionths(), -1);
}

/// A secret belongs to one key of the whole store, revoked or not.
pub(super) async fn secrets_are_unique_in_the_store(stage: &mut Stage) {
    let other = stage.account("other").await;
    let key = stage.ledger().create_key(stage.account, new_key(stage, 1)).await.expect("key");
    let taken = Refusal::Taken("the secret");
    assert_eq!(refusal(stage.ledger().create_key(other, new_key(stage, 1)).await), taken);
    assert_eq!(refusal(stage.ledger().create_key(stage.account, new_key(stage, 1)).await), taken);
    stage.ledger().revoke_key(stage.account, key.id).await.expect("revoked");
    assert_eq!(refusal(stage.ledger().create_key(other, new_key(stage, 1)).await), taken);
    let second = stage.ledger().create_key(other, new_key(stage, 2)).await.expect("key");
    assert_ne!(second.id, key.id);
}

/// Everything said of a key is kept; it is found by its secret's hash.
pub(super) async fn keys_are_kept(stage: &mut Stage) {
    let other = stage.account("other").await;
    let key = stage.ledger().create_key(stage.account, new_key(stage, 1)).await.expect("key");
    let anywhere = NewKey { addresses: Vec::new(), expires: None, ..new_key(stage, 2) };
    let second = stage.ledger().create_key(stage.account, anywhere).await.expect("key");
    stage.reopen();
    let ledger = stage.ledger();
    assert_eq!(ledger.keys(stage.account).await.expect("keys"), [key.clone(), second.clone()]);
    assert!(ledger.keys(other).await.expect("keys").is_empty());
    assert_eq!(ledger.key_by_hash([1; 32]).await.expect("read"), Some(key.clone()));
    assert_eq!((key.account, key.expires, key.revoked), (stage.account, Some(stage.later(60)), false));
    assert_eq!(key.addresses, ["192.0.2.7", "2001:db8::/32"]);
    assert!(second.addresses.is_empty() && second.expires.is_none());
    assert_eq!(ledger.key_by_hash([3; 32]).await.expect("read"), None);
    not_found(ledger.revoke_key(other, key.id).await);
    ledger.revoke_key(stage.account, key.id).await.expect("revoked");
    let found = ledger.key_by_hash([1; 32]).await.expect("read").expect("still known");
    assert!(found.revoked);
    let nobody = AccountId::new(77).expect("in range");
    not_found(ledger.create_key(nobody, new_key(stage, 4)).await);
}

/// A program's number is unique in the store and of use to its own account only.
pub(super) async fn programs_are_unique_in_the_store(stage: &mut Stage) {
    let other = stage.account("other").await;
    let new = NewProgram { name: "News".to_owned(), campaign: "Spring".to_owned(), kind: "Info".to_owned() };
    let made = stage.ledger().create_program(stage.account, new.clone()).await.expect("program");
    let theirs = stage.ledger().create_program(other, new).await.expect("same name, other account");
    stage.reopen();
    let ours = stage.ledger().programs(stage.account).await.expect("programs");
    let of_other = stage.ledger().programs(other).await.expect("programs");
    assert_eq!(ours.last(), Some(&made));
    assert_eq!((made.name.as_str(), made.campaign.as_str(), made.kind.as_str()), ("News", "Spring", "Info"));
    let mut numbers: Vec<_> = ours.iter().chain(&of_other).map(|program| program.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 4, "two defaults, two made");
    let default = stage.ledger().account(stage.account).await.expect("account").default_program;
    assert_eq!(ours[0].number, default);

    let mut message = mt("46700000001", "x", stage.now());
    message.program = theirs.number;
    assert_eq!(refusal(stage.try_accept(vec![message.clone()]).await), Refusal::NoProgram(theirs.number));
    message.program = made.number;
    let number = stage.accept(vec![message.clone()]).await.first;
    assert_eq!(stage.message(number).await.program, made.number);
    // A program made after the account began to write is known too.
    message.program = stage.program("late").await;
    stage.accept(vec![message]).await;
    let unnamed = stage.send("46700000001", "x").await;
    assert_eq!(stage.message(unnamed).await.program, default);
}

/// Disabling an account refuses its keys; what is on its way still arrives.
pub(super) async fn a_disabled_account_still_takes_what_arrives(stage: &mut Stage) {
    let number = stage.send("46700000001", "x").await;
    stage.ledger().set_disabled(stage.account, true).await.expect("disabled");
    stage.steps(number, &[sms::Outcome::Submitted, sms::Outcome::Delivered]).await;
    let received = stage.ledger().receive(stage.account, mo("46700000001", "y", stage.now())).await;
    assert_eq!(received.expect("received").number, number + 1);
}
