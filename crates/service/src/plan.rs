//! From what a dialect asks to what is committed: recipients, sender, text, price, outcome of each message.
//!
//! * [`SubmitRequest`] is what is asked, [`Policy`] the rules that belong to the dialect;
//! * what the account knows is gathered first (`facts`), a batch of look-ups each, none a recipient;
//! * then everything is decided without waiting for anything (`compose`), and becomes a [`Plan`].
//!
//! Nothing disappears: every recipient becomes one message, a repeated one is counted, and a submission that
//! is not taken in says why ([`SubmitRefusal`]).

mod compose;
mod due;
mod facts;
mod merge;
mod policy;
mod recipient;
mod refusal;
mod request;
mod sender;
mod text;
mod totals;

use ledger::change::NewBatch;
use ledger::model::Message;
use sms::Money;

pub use due::next_opening;
pub use policy::{
    AllOptedOut, Field, LongText, MOST_RECIPIENTS, Marks, MissingFunds, Policy, Repeated, Templating,
    UnregisteredSender, Unusable,
};
pub use recipient::UnusableRecipient;
pub use refusal::{SubmitError, SubmitRefusal};
pub use request::{
    CodingLimit, LONGEST_KEY, Recipient, Recurrence, RequestKey, SubmitRequest, Text, When, Window,
};
pub use totals::{CountryTotal, Counts, PlanSummary};

pub(crate) use facts::Facts;

/// A submission as it would be committed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The batch.
    pub batch: NewBatch,
    /// Its messages, in the order of the recipients; the refused ones among them.
    pub messages: Vec<Message>,
    /// What they add up to.
    pub summary: PlanSummary,
    /// What is taken from the balance of a prepaid account.
    pub charge: Option<Money>,
}
