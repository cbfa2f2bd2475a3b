//! Which messages go over which carrier.

use std::cmp::Reverse;

use ledger::model::Message;
use serde::{Deserialize, Serialize};
use sms::AccountId;

/// What goes over a carrier. Every list that is not empty must hold the message's own; so a carrier without
/// any takes everything that no other claims.
///
/// Of the carriers that may take a message those are tried first that name its account, then those that name
/// its sender, then those of the longest prefix, then the lower `rank`, the lower `cost`, the name. The next
/// one is tried while the first takes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Routing {
    /// Accounts.
    pub accounts: Vec<AccountId>,
    /// Beginnings of recipients' numbers in E.164 digits, without `+`.
    pub prefixes: Vec<String>,
    /// Senders, as used; letters in any case.
    pub senders: Vec<String>,
    /// The lowest priority of messages that may go over it (see
    /// [`crate::plan::SubmitRequest::priority`]); zero is any.
    pub least_priority: u8,
    /// Lower is tried first; 100 where the operator says nothing.
    pub rank: u16,
    /// What a segment costs over it, in millionths of any one unit that the operator uses throughout.
    pub cost: u64,
}

/// How strong a carrier's claim on a message is: the lesser is tried first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    account: Reverse<bool>,
    sender: Reverse<bool>,
    prefix: Reverse<usize>,
    rank: u16,
    cost: u64,
}

impl Routing {
    /// Its claim on a message of `account`; `None` where the message may not go over it. Between equal claims
    /// the carrier's name decides.
    pub fn claim(&self, account: AccountId, message: &Message) -> Option<Claim> {
        if message.priority < self.least_priority {
            return None;
        }
        let named = self.accounts.contains(&account);
        if !named && !self.accounts.is_empty() {
            return None;
        }
        let sender = message.shown_sender();
        let sent_by = self.senders.iter().any(|known| same_letters(known, sender));
        if !sent_by && !self.senders.is_empty() {
            return None;
        }
        let matching = self.prefixes.iter().filter(|prefix| message.recipient.starts_with(prefix.as_str()));
        let prefix = matching.map(String::len).max();
        if prefix.is_none() && !self.prefixes.is_empty() {
            return None;
        }
        Some(Claim {
            account: Reverse(named),
            sender: Reverse(sent_by),
            prefix: Reverse(prefix.unwrap_or(0)),
            rank: self.rank,
            cost: self.cost,
        })
    }
}

fn same_letters(a: &str, b: &str) -> bool {
    a.chars().flat_map(char::to_lowercase).eq(b.chars().flat_map(char::to_lowercase))
}

/// What becomes of an attempt whose answer never came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Doubt {
    /// It stays uncertain and is never sent again; a receipt or a late answer may still settle it. After its
    /// validity and 72 hours it ends as [`sms::Outcome::Unknown`].
    #[default]
    Hold,
    /// It is sent again: the handset may get it twice.
    Resend,
    /// It ends as [`sms::Outcome::Failed`].
    Fail,
}
