//! What goes out, and how an attempt ends.

use std::time::Duration;

use sms::phone::Phone;
use sms::segment::{Concatenation, ReferenceSize};
use sms::sender::Sender;
use sms::{Coding, Micros};

/// How texts are to be cut for a carrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cutting {
    /// Into segments that leave room for a reference of this size.
    Segments(ReferenceSize),
    /// Not at all: the carrier takes the whole text in one submission (`message_payload`), whose receipt
    /// speaks for all of it.
    Whole,
}

/// One segment to hand over: a whole text, or one piece of it with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingSegment {
    /// Names the attempt in logs and in [`super::Settled`]; a carrier reads nothing into it.
    pub key: u128,
    /// Who sends; `None` leaves it to the carrier's configuration.
    pub sender: Option<Sender>,
    /// Who it is for.
    pub recipient: Phone,
    /// The text of this segment.
    pub text: String,
    /// Its coding, decided once when the message was planned.
    pub coding: Coding,
    /// Its place among several; `None` for a text that goes whole.
    pub place: Option<Concatenation>,
    /// Shown at once and not stored.
    pub flash: bool,
    /// 0 to 3; higher ones are written as 3.
    pub priority: u8,
    /// Until when it is worth delivering; `None` leaves it to the carrier.
    pub valid_until: Option<Micros>,
    /// Whether a receipt is asked for.
    pub receipt: bool,
}

/// A carrier took a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// The id it gave, as it came; `None` where it gave none, so that no receipt can be matched.
    pub id: Option<String>,
}

/// How an attempt ended that was not taken. Tells what is known, not what to do: that is the service's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// The peer had too much and did not take it. The carrier slows down by itself; the segment may be
    /// submitted again after `after`.
    #[error("throttled by the carrier")]
    Throttled {
        /// How long the carrier will hold back.
        after: Duration,
    },
    /// The peer did not take it, now; the segment may be submitted again later, here or elsewhere.
    #[error("not taken for now: {words}")]
    Retry {
        /// The carrier's own code.
        code: Option<String>,
        /// What it means.
        words: String,
    },
    /// The peer refused this segment for good; more attempts here would end the same.
    #[error("rejected: {words}")]
    Rejected {
        /// The carrier's own code; `None` where this side saw that it cannot be written.
        code: Option<String>,
        /// What it means.
        words: String,
    },
    /// It was, or may have been, written, and no answer came: nobody knows whether it was taken. Sending it
    /// again may send it twice.
    #[error("uncertain: {reason}")]
    Uncertain {
        /// What happened.
        reason: String,
    },
    /// It was never written: no session, paused, closed. Safe to try anywhere, at once.
    #[error("not sent: {reason}")]
    NotSent {
        /// What happened.
        reason: String,
    },
}
