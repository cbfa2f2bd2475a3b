//! What is written: each names one account and is kept whole or not at all.

use sms::{Coding, Micros, Money, Number};

use crate::model::{BatchExtra, Message, Source};

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its name, unique in the store.
    pub name: String,
    /// The user name of its keys.
    pub username: String,
    /// The currency of its prices.
    pub currency: sms::Currency,
    /// Whether sending stops when the balance is used up.
    pub prepaid: bool,
    /// Now.
    pub at: Micros,
}

/// A key to be made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The user name that goes with the secret.
    pub username: String,
    /// HMAC of the secret under the server key.
    pub hash: [u8; 32],
    /// Now.
    pub at: Micros,
    /// From when on it is refused.
    pub expires: Option<Micros>,
    /// Addresses it may be used from; empty for anywhere.
    pub addresses: Vec<String>,
}

/// A program to be made.
#[derive(Clone, Debug)]
pub struct NewProgram {
    /// Its name.
    pub name: String,
    /// The campaign it belongs to.
    pub campaign: String,
    /// What kind of program it is.
    pub kind: String,
}

/// What a submission says besides its messages.
#[derive(Clone, Debug)]
pub struct NewBatch {
    /// The text before any substitution.
    pub text: String,
    /// The sender given.
    pub sender: Option<String>,
    /// The caller's own reference.
    pub reference: Option<String>,
    /// Where it came from.
    pub source: Source,
    /// Whether values were substituted per recipient.
    pub templated: bool,
    /// Class 0.
    pub flash: bool,
    /// The largest coding allowed.
    pub coding: Coding,
    /// 1 normal, 2 high.
    pub priority: u8,
    /// Rarely used rest.
    pub extra: BatchExtra,
}

/// A request that must have the same answer when it comes again within 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// Hash of the caller's key.
    pub key: [u8; 32],
    /// Hash of the whole submission.
    pub request: [u8; 32],
}

/// A document that is written with a batch, and is named by the batch's number in decimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchDocument {
    /// Its kind.
    pub kind: String,
    /// The document to be replaced, or zero to add one. One that is not there (any more) refuses the whole
    /// submission with [`crate::LedgerError::NotFound`].
    pub number: Number,
    /// JSON.
    pub body: String,
}

/// One submission: a batch and its messages, which become rows, outbox and chats in one commit.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The batch.
    pub batch: NewBatch,
    /// Its messages in order; `number`, `batch` and `hidden` are given by the ledger, and a `date` before
    /// the account's newest is moved up to it, so live traffic never runs backwards.
    pub messages: Vec<Message>,
    /// Now.
    pub at: Micros,
    /// Whether a chat is opened with each recipient whose message is not final yet.
    pub open_chats: bool,
    /// Whether what waits here is put into the outbox, to be sent.
    pub enqueue: bool,
    /// The request's idempotency key, if it has one.
    pub idempotency: Option<Idempotency>,
    /// What is kept with the key, for the caller that repeats the request: see [`Remembered::answer`].
    pub answer: Option<String>,
    /// Taken from the balance in the same commit; [`crate::Refusal::Funds`] when it is not covered, and
    /// nothing is kept. Zero is always covered. `None` for accounts that are not prepaid.
    pub charge: Option<Money>,
    /// A document that is written in the same commit.
    pub document: Option<BatchDocument>,
}

/// What became of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The batch's number.
    pub batch: Number,
    /// The first message's number; the rest follow it without a gap.
    pub first: Number,
    /// How many messages.
    pub count: u32,
    /// Whether this is the answer to an earlier, equal request.
    pub repeated: bool,
    /// What was left of the balance, where the submission was charged.
    pub balance: Option<Money>,
    /// The number of the document that was written with it.
    pub document: Option<Number>,
}

/// The answer to an earlier request of the same idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// What became of it; `repeated` is set.
    pub accepted: Accepted,
    /// [`Submission::answer`] as it was then.
    pub answer: Option<String>,
}

/// What became of an MO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// The MO's number.
    pub number: Number,
    /// The chat it stands in.
    pub chat: Number,
}

/// News of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which message.
    pub number: Number,
    /// What is said of it; an outcome the table of legal steps does not allow is kept as a note of the
    /// contradiction when the message is final, and refused otherwise.
    pub entry: crate::model::Entry,
}

/// What is to be hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hide {
    /// These messages of either direction; those that do not exist are passed over.
    Messages(Vec<Number>),
    /// A submission's batch with all its messages.
    Batch(Number),
}

/// A change of chats' status that looks at how they stand, in the same write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChatTurn {
    /// Only chats of this status; `None` is all but the deleted.
    pub from: Option<crate::model::ChatStatus>,
    /// What they become.
    pub to: crate::model::ChatStatus,
    /// Only chats into which no MO with a higher number came: what a caller that looked at them first has seen.
    pub seen: Option<Number>,
}

/// A mark that a person sets on chats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChatMark {
    /// Everything up to now is read.
    Read,
    /// The newest MO counts as unread again.
    Unread,
    /// How it stands.
    Status(crate::model::ChatStatus),
    /// How it stands from now on, of those that stand otherwise in a certain way; no others count as marked.
    Turn(ChatTurn),
    /// Muted until then, or no longer.
    Mute(Option<Micros>),
}

/// The MT that an imported MO names as the one it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Hash of its opaque id.
    pub id: [u8; 16],
    /// Its number, when the id is one this account's own export gave.
    pub own: Option<Number>,
    /// Whether the MO is kept without the link where that MT is not there, instead of being refused.
    pub optional: bool,
}

/// One row of history to be brought in.
#[derive(Clone, Debug)]
pub struct ImportRow {
    /// Hash of its opaque id; what makes the import idempotent.
    pub id: [u8; 16],
    /// The number, when the id is one this account's own export gave.
    pub own: Option<Number>,
    /// Hash of its batch's opaque name; none makes a batch of its own.
    pub batch: Option<[u8; 16]>,
    /// The MT it answers.
    pub answers: Option<Answered>,
    /// The message; `number`, `batch`, `answers` and `hidden` are given by the ledger.
    pub message: Message,
}

/// What became of a group of imported rows: those before a refused one are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows added.
    pub added: u64,
    /// Rows known before, passed over.
    pub known: u64,
    /// Known rows that got a longer history.
    pub merged: u64,
    /// The first refused row: its place in the group and why.
    pub refused: Option<(usize, crate::error::Refusal)>,
}
