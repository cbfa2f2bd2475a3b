//! What is left open, as it is answered: receipts in quarantine, uncertain attempts.

use serde::{Deserialize, Serialize};
use service::history::Word;
use service::model::{Account, Message};
use service::outbound::Unmatched;
use service::query::{MessagePage, Page};
use sms::Outcome;

/// Receipts in quarantine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReceiptsView {
    /// How many there are, listed or not.
    pub(crate) total: u64,
    pub(crate) receipts: Vec<ReceiptView>,
}

/// A receipt that is not matched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReceiptView {
    pub(crate) number: u64,
    pub(crate) carrier: String,
    pub(crate) id: String,
    pub(crate) state: String,
    pub(crate) received: String,
    /// How often the very same came.
    pub(crate) count: u32,
    /// As it came; octets that are no UTF-8 are replaced.
    pub(crate) raw: String,
}

impl From<Page<Unmatched>> for ReceiptsView {
    fn from(page: Page<Unmatched>) -> Self {
        let view = |receipt: Unmatched| ReceiptView {
            number: receipt.number,
            carrier: receipt.carrier,
            id: receipt.id,
            state: receipt.outcome.state().to_owned(),
            received: receipt.received.to_string(),
            count: receipt.count,
            raw: String::from_utf8_lossy(&receipt.raw).into_owned(),
        };
        Self { total: page.total, receipts: page.items.into_iter().map(view).collect() }
    }
}

/// Uncertain messages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct UncertainView {
    /// How many there are, listed or not.
    pub(crate) total: u64,
    pub(crate) messages: Vec<UncertainMessage>,
}

/// A message of which an attempt had no answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct UncertainMessage {
    pub(crate) account: String,
    pub(crate) number: u32,
    pub(crate) sender: Option<String>,
    pub(crate) recipient: String,
    pub(crate) segments: u16,
    /// Since when.
    pub(crate) since: String,
    /// What happened, in the carrier's words.
    pub(crate) reason: Option<String>,
}

impl UncertainView {
    /// Adds an account's.
    pub(super) fn add(&mut self, account: &Account, page: MessagePage) {
        self.total += page.total;
        self.messages.extend(page.messages.into_iter().map(|message| of(account, message)));
    }
}

fn of(account: &Account, message: Message) -> UncertainMessage {
    let doubt = message.history.iter().rev().find(|entry| entry.word == Word::Outcome(Outcome::Uncertain));
    UncertainMessage {
        account: account.name.clone(),
        number: message.number,
        since: doubt.map_or(message.created, |entry| entry.at).to_string(),
        reason: doubt.and_then(|entry| entry.text.clone()),
        sender: message.sender_used.or(message.sender),
        recipient: message.recipient,
        segments: message.segments,
    }
}
