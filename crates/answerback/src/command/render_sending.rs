//! Replies about carriers, open questions, rates and settings in words.

use service::account_settings::AccountSettings;
use service::rates::{Rate, Rates};

use super::table::table;
use crate::admin::carrier_view::{CarrierView, TestView};
use crate::admin::numbers::{ClaimView, UnroutedMessage, UnroutedView};
use crate::admin::open_view::{ReceiptsView, UncertainView};
use crate::admin::rates::whom;
use crate::admin::settings;

/// A list of carriers.
pub(super) fn carriers(list: &[CarrierView]) -> String {
    if list.is_empty() {
        return "there is no carrier; `answerback carrier add` adds one\n".to_owned();
    }
    let row = |carrier: &CarrierView| {
        let state = match &carrier.reason {
            Some(reason) => format!("{}: {reason}", carrier.state),
            None => carrier.state.clone(),
        };
        vec![
            carrier.name.clone(),
            carrier.peer.clone(),
            state,
            carrier.sessions.to_string(),
            carrier.figures.map_or_else(|| "-".to_owned(), |figures| figures.submitted.to_string()),
            goes_over(carrier),
            carrier.doubt.clone(),
            carrier.described_by.clone(),
        ]
    };
    let heading = [
        "carrier",
        "leads to",
        "state",
        "sessions",
        "submitted",
        "what goes over it",
        "doubt",
        "described by",
    ];
    table(&heading, &list.iter().map(row).collect::<Vec<_>>())
}

fn goes_over(carrier: &CarrierView) -> String {
    let mut parts = Vec::new();
    for (what, items) in [("to", &carrier.route), ("of", &carrier.accounts), ("from", &carrier.senders)] {
        if !items.is_empty() {
            parts.push(format!("{what} {}", items.join(",")));
        }
    }
    if carrier.least_priority > 0 {
        parts.push(format!("priority {} and up", carrier.least_priority));
    }
    if parts.is_empty() { "all that no other claims".to_owned() } else { parts.join(" ") }
}

/// One carrier, with everything.
pub(super) fn carrier(carrier: &CarrierView) -> String {
    let mut rows = vec![
        ("leads to", carrier.peer.clone()),
        ("described by", carrier.described_by.clone()),
        ("state", carrier.state.clone()),
    ];
    rows.extend(carrier.reason.clone().map(|reason| ("because", reason)));
    if carrier.peer.starts_with("smpp") {
        let rate = carrier.rate.map_or_else(|| "no limit".to_owned(), |rate| format!("{rate} a second"));
        rows.extend([
            ("system id", carrier.system_id.clone()),
            ("password", if carrier.has_password { "set" } else { "none" }.to_owned()),
            ("bind", format!("{} × {}", carrier.binds, carrier.bind)),
            ("window", format!("{} a session", carrier.window)),
            ("rate", rate),
        ]);
    }
    let options = carrier.options.iter().map(|(name, value)| ("option", format!("{name} = {value}")));
    rows.extend(options);
    rows.extend([
        ("goes over it", goes_over(carrier)),
        ("rank, cost", format!("{}, {}", carrier.rank, carrier.cost)),
        ("doubt", carrier.doubt.clone()),
    ]);
    if let Some(figures) = carrier.figures {
        rows.extend([
            ("sessions", format!("{} bound, {} binds so far", carrier.sessions, figures.binds)),
            ("segments", format!(
                "{} submitted, {} taken, {} rejected, {} throttled, {} uncertain, {} answered late, {} open",
                figures.submitted, figures.accepted, figures.rejected, figures.throttled, figures.uncertain,
                figures.late, figures.in_flight
            )),
            ("came in", format!("{} receipts, {} messages", figures.receipts, figures.messages)),
        ]);
    }
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(what, value)| vec![what.to_owned(), value]).collect();
    table(&["carrier", &carrier.name], &rows)
}

/// What a trial found.
pub(super) fn tested(found: &TestView) -> String {
    let link = if found.live { "the running server's link" } else { "a link made for the purpose" };
    let said = match &found.reason {
        Some(reason) => format!(": {reason}"),
        None if found.bound => format!(", {} sessions bound", found.sessions),
        None => String::new(),
    };
    format!("{} is {} after {} ms ({link}){said}\n", found.name, found.state, found.milliseconds)
}

/// Receipts in quarantine.
pub(super) fn receipts(view: &ReceiptsView) -> String {
    let rows: Vec<Vec<String>> = view
        .receipts
        .iter()
        .map(|receipt| {
            vec![
                receipt.number.to_string(),
                receipt.received.clone(),
                receipt.carrier.clone(),
                receipt.id.clone(),
                receipt.state.clone(),
                receipt.count.to_string(),
                receipt.raw.clone(),
            ]
        })
        .collect();
    let heading = ["number", "received", "carrier", "id", "state", "times", "as it came"];
    format!("{}{}", table(&heading, &rows), rest(rows.len(), view.total, "receipts wait for their messages"))
}

/// Uncertain messages.
pub(super) fn uncertain(view: &UncertainView) -> String {
    let rows: Vec<Vec<String>> = view
        .messages
        .iter()
        .map(|message| {
            vec![
                message.account.clone(),
                message.number.to_string(),
                message.since.clone(),
                message.sender.clone().unwrap_or_default(),
                message.recipient.clone(),
                message.reason.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let heading = ["account", "message", "since", "sender", "recipient", "what happened"];
    format!("{}{}", table(&heading, &rows), rest(rows.len(), view.total, "messages are uncertain"))
}

/// The last line of a list: how many there are, and whether it shows all.
pub(super) fn rest(listed: usize, total: u64, what: &str) -> String {
    match total.saturating_sub(listed as u64) {
        0 => format!("{total} {what}\n"),
        more => format!("{total} {what}; {more} of them are not listed (--limit)\n"),
    }
}

/// What segments cost.
pub(super) fn rates(currency: &str, rates: &Rates) -> String {
    let row = |whom: String, rate: &Rate| vec![whom, rate.price.to_string(), rate.credits.to_string()];
    let mut rows = vec![row("(default)".to_owned(), &rates.default)];
    rows.extend(rates.rows.iter().map(|known| row(whom(&known.handsets), &known.rate)));
    let heading = ["for", &format!("{currency} a segment"), "credits"];
    format!("{}high priority costs {} more a segment\n", table(&heading, &rows), rates.high_priority)
}

/// An account's settings, as `settings set` takes them.
pub(super) fn account_settings(now: &AccountSettings) -> String {
    settings::told(now).into_iter().map(|(key, value)| format!("{key}={value}\n")).collect()
}

/// Claimed numbers.
pub(super) fn numbers(claims: &[ClaimView]) -> String {
    let row = |claim: &ClaimView| {
        vec![
            claim.number.clone(),
            claim.keyword.clone().unwrap_or_else(|| "(any)".to_owned()),
            claim.program.map_or_else(|| "(default)".to_owned(), |program| program.to_string()),
        ]
    };
    table(&["number", "keyword", "program"], &claims.iter().map(row).collect::<Vec<_>>())
}

/// What is nobody's.
pub(super) fn unrouted(view: &UnroutedView) -> String {
    let row = |lost: &UnroutedMessage| {
        let UnroutedMessage { number, carrier, sender, recipient, received, body } = lost;
        let short = [received, carrier, sender, recipient, body].map(Clone::clone);
        std::iter::once(number.to_string()).chain(short).collect()
    };
    let rows: Vec<Vec<String>> = view.messages.iter().map(row).collect();
    let heading = ["number", "received", "carrier", "from", "to", "text"];
    format!("{}{}", table(&heading, &rows), rest(rows.len(), view.total, "messages are nobody's"))
}
