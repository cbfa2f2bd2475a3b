//! MO on their way in: segments that wait for each other, what is known of repetitions, what goes into an MO's
//! commit beside it, and those that are nobody's yet.
//!
//! A segment is on disk before its carrier is told so, and leaves its table only in the commit that brings its
//! message: whatever moment the process ends at, what was acknowledged is in one or the other.

use sms::{AccountId, Coding, Micros, Number};

use crate::change::Received;
use crate::model::Message;

/// How long segments of a message that was taken in are known again, in microseconds: an hour. A handset gives
/// its next message another reference; the eight bits of most come round after 255 of them.
pub const SEGMENT_MEMORY: i64 = 3_600 * 1_000_000;

/// Segments of one reference that come within this of each other are likely of one message, in microseconds:
/// ten minutes.
pub const TOGETHER: i64 = 600 * 1_000_000;

/// One segment of an MO.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoPart {
    /// The carrier it came from.
    pub carrier: String,
    /// The handset.
    pub sender: String,
    /// The number written to.
    pub recipient: String,
    /// The concatenation reference.
    pub reference: u16,
    /// How many segments there are.
    pub total: u8,
    /// Which this is, from 1.
    pub index: u8,
    /// How the octets are to be read; `None` where they are no text.
    pub coding: Option<Coding>,
    /// The data coding as received.
    pub data_coding: u8,
    /// The user data header with its length octet; may be empty.
    pub header: Vec<u8>,
    /// Unpacked septets, UTF-16BE, or any octets where they are no text.
    pub octets: Vec<u8>,
    /// A hash of all of it but the time: a repetition has the same.
    pub fingerprint: [u8; 32],
    /// When it came.
    pub received: Micros,
}

/// Segments that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segments {
    /// Tells messages of one reference apart.
    pub series: u32,
    /// What is there, by rising index; at least one.
    pub parts: Vec<MoPart>,
}

impl Segments {
    /// Whether all are there.
    pub fn is_whole(&self) -> bool {
        self.parts.first().is_some_and(|part| self.parts.len() == usize::from(part.total))
    }
}

/// What became of a segment. In every case it is on disk, or was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartFate {
    /// It belongs to a message that was taken in within [`SEGMENT_MEMORY`].
    Repeated,
    /// It waits for others.
    Waits,
    /// It was the last. They stay until their message is taken in with [`Origin::Segments`].
    Whole(Segments),
}

/// An MO as a carrier brought it in one piece, and when it counts as one that was taken in before. The wire
/// gives no id, so nothing but its octets tells; and a person may well write the same word twice. It is the
/// same where the carrier may not have seen the answer to the earlier one; each doubt excuses one repetition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// A hash of carrier, both numbers, coding and octets.
    pub fingerprint: [u8; 32],
    /// When this one came.
    pub received: Micros,
    /// An earlier one counts that came at or after this,
    pub since: Micros,
    /// and at or before this: the last moment at which an answer may have been lost on its way;
    pub doubted: Micros,
    /// or that was kept this many microseconds or more after it came, when the carrier may have given up waiting.
    pub slow: i64,
}

/// Where an MO comes from: what is used up, or remembered, in its commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing is known of it: it is always taken in.
    Given,
    /// A carrier brought it in one piece.
    Whole(Delivery),
    /// These segments, and no others of their series: where one came since, it is not taken in.
    Segments(Segments),
    /// It was kept as nobody's under this number.
    Unrouted(u64),
}

/// What an MO says about being written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    /// The phone is opted out, with the MO as the proof, unless it was before.
    Withdrawn {
        /// In E.164 digits.
        phone: String,
        /// How it came about, in a word.
        source: String,
        /// See [`crate::people::OptOut::waiting`].
        waiting: Vec<Number>,
    },
    /// The phone's opt-out is lifted, if there is one.
    Given {
        /// In E.164 digits.
        phone: String,
    },
}

/// An answer that is owed to an MO from its commit on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReply {
    /// Who is to get it.
    pub peer: String,
    /// What it answers, in a word: a peer gets one of a topic within [`NewReply::apart`].
    pub topic: String,
    /// What is to be sent: JSON of the service's making.
    pub body: String,
    /// Whether it is owed only where the MO changed anything about [`TakeIn::consent`].
    pub if_changed: bool,
    /// Microseconds between two of a topic to one peer.
    pub apart: i64,
    /// How many a peer gets in a day, of whatever topic.
    pub most: u32,
}

/// An MO with all that belongs to its commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeIn {
    /// The MO; `number`, `batch` and `hidden` are given by the ledger, and a `date` before the account's newest
    /// is moved up to it.
    pub message: Message,
    /// Where it comes from.
    pub origin: Origin,
    /// What it says about being written to.
    pub consent: Option<Consent>,
    /// An answer to it.
    pub reply: Option<NewReply>,
}

impl From<Message> for TakeIn {
    /// An MO with nothing beside it.
    fn from(message: Message) -> Self {
        Self { message, origin: Origin::Given, consent: None, reply: None }
    }
}

/// What became of an MO that was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenIn {
    /// The MO and its chat.
    pub received: Received,
    /// Whether an opt-out was made or lifted.
    pub changed: bool,
    /// Whether an answer is owed.
    pub owed: bool,
}

/// An answer that is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwedReply {
    /// Whose MO it answers.
    pub account: AccountId,
    /// That MO.
    pub number: Number,
    /// Since when.
    pub at: Micros,
    /// What is to be sent.
    pub body: String,
}

/// An MO that is nobody's yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrouted {
    /// Its number in the store; zero in one to be kept.
    pub number: u64,
    /// The carrier that brought it.
    pub carrier: String,
    /// The handset.
    pub sender: String,
    /// The number written to.
    pub recipient: String,
    /// The text.
    pub body: String,
    /// How it was coded.
    pub coding: Coding,
    /// Segments on the air.
    pub segments: u16,
    /// When it came.
    pub received: Micros,
    /// Whether no segment is missing.
    pub complete: bool,
    /// Whether all of it is text.
    pub text: bool,
}
