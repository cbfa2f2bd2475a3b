//! What comes in from a carrier.

use sms::segment::Concatenation;
use sms::{Coding, Micros};
use tokio::sync::mpsc;

use super::ack::Ack;
use super::outgoing::{SubmitError, Submitted};
use crate::receipt::ReceiptIn;

/// A carrier's events, in the order they came over each session. Bounded: a carrier whose events nobody
/// takes stops reading from its peer. Whoever takes them must not wait for submissions meanwhile, because
/// their answers come over the same sessions.
pub type Events = mpsc::Receiver<Event>;

/// Something a carrier reports.
#[derive(Debug)]
pub enum Event {
    /// A receipt; to be committed, then acknowledged.
    Receipt(ReceiptIn, Ack),
    /// An MO or a segment of one; to be committed, then acknowledged.
    Message(MessageIn, Ack),
    /// The answer to an attempt that had ended as [`SubmitError::Uncertain`], come late. Comes at most once
    /// for an attempt, and not after its session ended.
    Settled(Settled),
}

/// A late answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The segment's own key.
    pub key: u128,
    /// What the answer was. Never uncertain.
    pub result: Result<Submitted, SubmitError>,
}

/// An MO as it came in, or one segment of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageIn {
    /// Who wrote: digits without `+`, or whatever the carrier gave.
    pub sender: String,
    /// The number written to, likewise.
    pub recipient: String,
    /// Its place, where it is a segment of several.
    pub place: Option<Concatenation>,
    /// How `octets` are to be read; `None` where they are no text.
    pub coding: Option<Coding>,
    /// Unpacked septets or UTF-16BE, the user data header taken off; any octets where `coding` is `None`.
    pub octets: Vec<u8>,
    /// The data coding as the carrier gave it.
    pub data_coding: u8,
    /// The user data header with its length octet, where there was one.
    pub header: Vec<u8>,
    /// When it came in.
    pub at: Micros,
}

impl MessageIn {
    /// The text of this segment; `None` where it is no text.
    pub fn text(&self) -> Option<String> {
        Some(match self.coding? {
            Coding::Gsm7 => sms::coding::decode_gsm(&self.octets),
            Coding::Ucs2 => sms::coding::decode_ucs2(&self.octets),
        })
    }
}
