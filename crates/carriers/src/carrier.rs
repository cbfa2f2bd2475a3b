//! The trait between the service and a way out.
//!
//! Who decides what: the **service** decides which carrier takes a segment, when, whether it is tried again
//! and what an uncertain attempt becomes. The **carrier** decides how a segment looks on the wire, keeps its
//! own window, rate and back-off, and says truthfully how each attempt ended. Each attempt ends in exactly one
//! answer of [`Carrier::submit`]; no carrier sends a segment twice of its own accord.

mod ack;
mod event;
mod outgoing;

use async_trait::async_trait;
use tokio::sync::watch;

pub use ack::{Ack, Verdict};
pub use event::{Event, Events, MessageIn, Settled};
pub use outgoing::{Cutting, OutgoingSegment, SubmitError, Submitted};

use crate::receipt::ReceiptIn;

/// A way out: an SMPP link or the simulator. Its events come over the [`Events`] that its maker hands out
/// beside it.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// The name it has in the configuration and in the ledger.
    fn name(&self) -> &str;

    /// Hands over one segment and waits for the answer. Many calls may run at once: the carrier pipelines
    /// [`Carrier::window`] of them, and calls beyond that wait here. Returns within the carrier's time-outs.
    ///
    /// Dropping the future before the segment was written withdraws it; dropping it later loses the answer
    /// of an attempt that may have succeeded, so a caller that drops it must treat it as uncertain.
    ///
    /// # Errors
    /// [`SubmitError`] says what is known of the attempt.
    async fn submit(&self, segment: OutgoingSegment) -> Result<Submitted, SubmitError>;

    /// Asks what became of a submitted segment.
    ///
    /// # Errors
    /// [`QueryError`]; in each case nothing is learned about the segment.
    async fn query(&self, question: Question) -> Result<ReceiptIn, QueryError>;

    /// How texts are to be cut for it.
    fn cutting(&self) -> Cutting;

    /// How many submissions are worth having open at once: the windows of all its sessions together. At
    /// least 1. Leases beyond it gain nothing.
    fn window(&self) -> usize;

    /// Its present state.
    fn state(&self) -> LinkState {
        self.watch().borrow().clone()
    }

    /// Its state as it changes.
    fn watch(&self) -> watch::Receiver<LinkState>;

    /// Counts since it was made, for metrics.
    fn figures(&self) -> Figures;

    /// Stops taking segments: [`Carrier::submit`] answers [`SubmitError::NotSent`]. Sessions stay, receipts
    /// and MO keep coming.
    fn pause(&self);

    /// Takes segments again.
    fn resume(&self);

    /// Ends it: takes no more, waits a bounded time for the answers of what is out, closes the sessions.
    /// Afterwards every call answers that it is closed. Calling it again does nothing.
    async fn close(&self);
}

/// Whether a carrier takes segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// No session yet, or none any more; being worked on.
    Down {
        /// Why, in words for the operator. Empty at the start.
        reason: String,
    },
    /// At least one session takes segments.
    Up {
        /// How many sessions are bound, in either direction.
        sessions: usize,
        /// Whether the peer asked for less, and the carrier waits.
        throttled: bool,
    },
    /// Paused by the operator: nothing is sent, and what is bound stays bound.
    Paused {
        /// How many sessions are bound, in either direction.
        sessions: usize,
    },
    /// Closed for good.
    Closed,
}

impl LinkState {
    /// Whether a submission would be taken now.
    pub fn takes_segments(&self) -> bool {
        matches!(self, Self::Up { .. })
    }
}

/// Counts since the carrier was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Segments written to a peer.
    pub submitted: u64,
    /// Of these, taken by the peer.
    pub accepted: u64,
    /// Refused for good.
    pub rejected: u64,
    /// Refused because too much came at once.
    pub throttled: u64,
    /// Without an answer.
    pub uncertain: u64,
    /// Answers that came after their attempt had been given up.
    pub late: u64,
    /// Receipts that came in.
    pub receipts: u64,
    /// Messages that came in.
    pub messages: u64,
    /// Sessions that were opened.
    pub binds: u64,
    /// Submissions open now.
    pub in_flight: u64,
}

/// Which segment is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The id that the carrier gave.
    pub id: String,
    /// The sender it was submitted with; some carriers want it to be the same.
    pub sender: Option<sms::sender::Sender>,
}

/// Why a question got no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// The carrier cannot be asked, or the operator switched it off.
    #[error("this carrier is not asked")]
    Unsupported,
    /// No session, or no answer in time; ask again later.
    #[error("no answer: {0}")]
    Unavailable(String),
    /// The carrier knows no such segment, or refuses to say.
    #[error("refused: {0}")]
    Refused(String),
}
