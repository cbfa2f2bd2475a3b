//! A ledger of one account as naive as can be: lists in memory, gone through for every question.
//!
//! Written from the words of [`crate::Ledger`], [`crate::change`] and [`crate::query`] alone; it shares no
//! code with any engine, save the types. What it says is what an engine must say.

mod import;
mod pages;
mod reads;
mod writes;

use std::collections::{BTreeMap, HashMap};

use sms::{Micros, Number, Outcome};

use crate::change::Accepted;
use crate::error::{LedgerError, Refusal};
use crate::model::{Batch, ChatStatus, Contact, Message};

/// Why the model refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// There is no such thing.
    NotFound,
    /// A rule is broken.
    Refused(Refusal),
}

impl Wrong {
    /// The same reason, as an engine gives it; texts for people may differ.
    pub fn is(&self, error: &LedgerError) -> bool {
        match (self, error) {
            (Self::NotFound, LedgerError::NotFound) => true,
            (Self::Refused(Refusal::Value(_)), LedgerError::Refused(Refusal::Value(_))) => true,
            (Self::Refused(wanted), LedgerError::Refused(given)) => wanted == given,
            _ => false,
        }
    }
}

impl From<Refusal> for Wrong {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

type Result<T> = std::result::Result<T, Wrong>;

/// A chat's row.
#[derive(Clone, Debug)]
struct ChatRow {
    peer: String,
    opened: Micros,
    read_up_to: Number,
    marked_unread: bool,
    status: ChatStatus,
    muted_until: Option<Micros>,
}

/// One account.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// The present.
    pub now: Micros,
    /// The program of messages that name none.
    pub default_program: Number,
    /// Every program of the account.
    pub programs: Vec<Number>,
    /// All messages by number, the hidden ones too.
    messages: Vec<Message>,
    /// Submissions by number, without sums; and whether they are hidden.
    batches: Vec<(Batch, bool)>,
    chats: Vec<ChatRow>,
    contacts: BTreeMap<Number, Contact>,
    contacts_made: Number,
    /// The newest date given to live traffic.
    newest: u32,
    answers: HashMap<[u8; 32], ([u8; 32], Accepted, Micros)>,
    imported: HashMap<[u8; 16], Number>,
    named: HashMap<[u8; 16], Number>,
}

impl Model {
    /// The highest number given.
    pub fn highest(&self) -> Number {
        self.messages.len() as Number
    }

    /// How many submissions there were.
    pub fn submissions(&self) -> Number {
        self.batches.len() as Number
    }

    /// How many chats there are.
    pub fn chats_made(&self) -> Number {
        self.chats.len() as Number
    }

    /// How many contacts were ever made.
    pub fn contacts_made(&self) -> Number {
        self.contacts_made
    }

    /// A message, hidden or not.
    pub fn any(&self, number: Number) -> Option<&Message> {
        self.messages.get((number as usize).checked_sub(1)?)
    }

    fn any_mut(&mut self, number: Number) -> Option<&mut Message> {
        self.messages.get_mut((number as usize).checked_sub(1)?)
    }

    /// A visible message.
    pub fn message(&self, number: Number) -> Option<&Message> {
        self.any(number).filter(|message| !message.hidden)
    }

    fn visible(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(|message| !message.hidden)
    }
}

/// Whether a message still waits here and could be called back.
fn is_unsent(outcome: Outcome) -> bool {
    [Outcome::Scheduled, Outcome::Held, Outcome::Queued].contains(&outcome)
}
