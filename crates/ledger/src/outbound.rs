//! The way out and back: what is due, attempts, receipts, events.
//!
//! The outbox *is* the queue: one row a segment, written with the message. A lease is on disk before the
//! socket is touched; what became of the attempt is on disk before it is forgotten. A receipt is stored and
//! matched in one transaction.

use std::sync::Arc;

use sms::{AccountId, Micros, Number, Outcome};

use crate::model::{BatchExtra, Message};

/// A segment that is due to be sent. Segments are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The message with its text, but without its history. Segments of one message share it.
    pub message: Arc<Message>,
    /// What its batch says beside, where it says anything. Messages of one batch share it.
    pub extra: Option<Arc<BatchExtra>>,
    /// Which segment.
    pub part: u8,
    /// When it was due, in seconds since 1970: part of the row's key.
    pub due: u32,
    /// Attempts made before.
    pub attempts: u16,
}

impl Due {
    /// Its place in its account's queue.
    pub fn place(&self) -> Place {
        Place { due: self.due, number: self.message.number, part: self.part }
    }
}

/// A place in an account's queue, which is ordered so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The due second.
    pub due: u32,
    /// The message.
    pub number: Number,
    /// Its segment, from 1; zero is before the first.
    pub part: u8,
}

impl Place {
    /// A place that this one is the first after.
    #[must_use]
    pub fn before(self) -> Self {
        Self { part: self.part.saturating_sub(1), ..self }
    }
}

/// What waits to be sent, over all accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Segments that are due, those being attempted among them.
    pub due: u64,
    /// The second since which the oldest of them is due.
    pub oldest: Option<u32>,
    /// Messages whose attempt is uncertain.
    pub uncertain: u64,
}

/// The right to attempt one segment, kept on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The message.
    pub number: Number,
    /// Its segment.
    pub part: u8,
    /// The outbox row's due second.
    pub due: u32,
    /// The carrier that is to take it.
    pub carrier: String,
}

/// What of a submission need not wait in the queue; see [`crate::Changes::accept_straight`].
pub struct Straight {
    /// By message: the carrier that is to take all its segments at once, or none: it is queued.
    pub carriers: Vec<Option<Arc<str>>>,
    /// Is given the number of the first message and what was leased, in the order of the messages and their
    /// segments: nothing where the request had been made before. Called once after the commit, on a thread of
    /// the store: it must not wait. Dropped uncalled when nothing was committed.
    pub leased: Box<dyn FnOnce(Number, Vec<Lease>) + Send>,
}

impl Straight {
    /// Nothing of it: everything waits in the queue.
    pub fn none() -> Self {
        Self { carriers: Vec::new(), leased: Box::new(|_, _| {}) }
    }
}

/// An attempt that was under way when the process ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenLease {
    /// Whose it is.
    pub account: AccountId,
    /// What was leased.
    pub lease: Lease,
    /// When.
    pub at: Micros,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The lease it was made under.
    pub lease: Lease,
    /// When it ended.
    pub at: Micros,
    /// How.
    pub result: AttemptResult,
    /// The carrier's own code, if it gave one.
    pub code: Option<String>,
    /// The carrier's own words, if it gave any.
    pub text: Option<String>,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptResult {
    /// The carrier took the segment under this id.
    Submitted {
        /// The carrier's id, as received; empty where it gave none, so that no receipt can be matched.
        id: String,
    },
    /// The carrier took all segments of the message in one submission, and this is the first of them: a
    /// receipt for the id speaks for all.
    SubmittedWhole {
        /// The carrier's id, as received; empty where it gave none.
        id: String,
    },
    /// It was surely not taken; it is due again at this second.
    Retry {
        /// Seconds since 1970.
        due: u32,
    },
    /// It was not even offered, or the carrier had too much of anything: due again at this second, and not
    /// counted as an attempt.
    Unsent {
        /// Seconds since 1970.
        due: u32,
    },
    /// It ended here with this final outcome: refused by the carrier, failed, expired unsent.
    Ended(Outcome),
    /// No answer came: it may have been taken. With a second it is sent again then, once its operator
    /// wants that rather than a doubt.
    Uncertain {
        /// When to send it again, if at all.
        resend: Option<u32>,
    },
    /// The answer came after the attempt had been recorded as uncertain.
    Settled(Settlement),
}

/// A late answer. It counts as far as the segment is still uncertain: what was sent again meanwhile is not
/// undone, save that an id is always kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// The carrier took the segment under this id.
    Taken {
        /// The carrier's id, as received; empty where it gave none.
        id: String,
    },
    /// The carrier refused it for good.
    Refused,
    /// It was not taken; it is due again at this second.
    NotTaken {
        /// Seconds since 1970.
        due: u32,
    },
}

/// A receipt as it came, with what was understood of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptRecord {
    /// The carrier that sent it.
    pub carrier: String,
    /// The id as received, then its other canonical forms; each with the kind of form it is, so that the
    /// one a carrier uses can be learned.
    pub ids: Vec<(u8, String)>,
    /// What it says.
    pub outcome: Outcome,
    /// The carrier's own code.
    pub code: Option<String>,
    /// The carrier's own words.
    pub text: Option<String>,
    /// When it says that this was so.
    pub at: Micros,
    /// When it came.
    pub received: Micros,
    /// The whole of it, as it came.
    pub raw: Vec<u8>,
}

/// What became of a receipt. In every case it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptFate {
    /// It was matched to this segment and obeyed, or kept as a note where it contradicts a final outcome.
    Matched {
        /// Whose message.
        account: AccountId,
        /// Which.
        number: Number,
        /// Which segment; zero where it speaks for all of them.
        part: u8,
    },
    /// Its id is not known (yet), or leads to several segments: it waits in quarantine.
    Quarantined,
    /// It had come before, the same in every octet; it was counted.
    Repeated,
}

/// A stored receipt: what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipted {
    /// What became of it.
    pub fate: ReceiptFate,
    /// When the segment's submission was answered, where it was matched.
    pub submitted: Option<Micros>,
}

/// The id that a carrier gave to a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarrierId {
    /// The message.
    pub number: Number,
    /// Its segment; zero where the id stands for all of them.
    pub part: u8,
    /// The carrier.
    pub carrier: String,
    /// Its id, as received.
    pub id: String,
}

/// A receipt that waits in quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// Its number in the store.
    pub number: u64,
    /// The carrier.
    pub carrier: String,
    /// The id as received.
    pub id: String,
    /// What it says.
    pub outcome: Outcome,
    /// When it came.
    pub received: Micros,
    /// How often the very same came.
    pub count: u32,
    /// The whole of it.
    pub raw: Vec<u8>,
}

/// Something that happened to a message, for those who asked to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its place in the account's sequence, from 1 without gaps.
    pub sequence: u64,
    /// The message.
    pub number: Number,
    /// The outcome it got; [`Outcome::Received`] for a new MO.
    pub outcome: Outcome,
    /// When it was written.
    pub at: Micros,
}
