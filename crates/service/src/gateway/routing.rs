//! Which messages go over which carrier.

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
