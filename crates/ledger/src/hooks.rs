//! Telling events to somebody outside: how far he has been told, and what is to be told him again.
//!
//! A hook is known here by its number alone; where it is and how it is spoken to is the service's. Number 0
//! stands for the addresses that batches name for themselves.

use sms::{Micros, Number, Outcome};

/// How far a hook has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HookState {
    /// Events up to this sequence number were told, passed over, or are kept as a [`HookTry`].
    pub position: u64,
    /// The last answer's code.
    pub last_code: Option<u16>,
    /// Since when every telling has failed; `None` after one that did not.
    pub failing_since: Option<Micros>,
}

/// An event that could not be told at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookTry {
    /// The event's place in the account's sequence.
    pub sequence: u64,
    /// Its message.
    pub number: Number,
    /// The outcome the message got.
    pub outcome: Outcome,
    /// When.
    pub at: Micros,
    /// How often it was tried.
    pub attempts: u16,
    /// When it is to be tried next; of a dead one, when it died.
    pub due: Micros,
    /// Whether it was given up.
    pub dead: bool,
    /// The code of the last answer, if there was one.
    pub code: Option<u16>,
    /// What went wrong, in words.
    pub error: String,
}

/// Which of a hook's tries are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookTries {
    /// Those that may be made at this moment, the longest due first. One whose message has an earlier event
    /// to be tried is not among them.
    Due(Micros),
    /// The dead ones after this sequence number, in order.
    Dead(u64),
    /// Those still to be made after this sequence number, in order.
    Waiting(u64),
}

/// How many tries a hook has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HookCounts {
    /// Still to be made.
    pub waiting: u64,
    /// Given up.
    pub dead: u64,
    /// When the next is due, those that wait for an earlier event of their message apart.
    pub next: Option<Micros>,
}

/// What came of telling events: one commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HookWork {
    /// How far it has come now.
    pub state: HookState,
    /// Tries to be kept, in the place of an earlier one of the same event.
    pub kept: Vec<HookTry>,
    /// Tries that are done with, by sequence number.
    pub ended: Vec<u64>,
}
