//! Receipts: the carrier's word on one segment.

use sms::{Micros, Outcome};

/// A receipt as it was understood, with what it was understood from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptIn {
    /// The id of the segment as received; empty where none could be found. Compare by
    /// [`canonical_ids`].
    pub id: String,
    /// What it says of the segment. [`Outcome::Unknown`] also where the state's word means nothing to us;
    /// `state` has the word.
    pub outcome: Outcome,
    /// The state as it was written: a word or a number.
    pub state: String,
    /// The network's or carrier's own error code, as it was written; `None` where it gave none or zeros.
    pub code: Option<String>,
    /// What else it says: the text of the message, usually its first 20 characters. Empty where absent.
    pub words: String,
    /// When the state was reached, by the receipt; `None` where it does not say or cannot be read.
    pub at: Option<Micros>,
    /// When the segment was submitted, by the receipt.
    pub submitted_at: Option<Micros>,
    /// When it came in here.
    pub received_at: Micros,
    /// Who it is about: the recipient of the segment, digits as received.
    pub recipient: String,
    /// The sender of the segment, as received.
    pub sender: String,
    /// The PDU's octets, for the record.
    pub raw: Vec<u8>,
}

/// The forms in which a segment's id may be written by the same carrier, the id itself first.
pub fn canonical_ids(id: &str) -> Vec<String> {
    vec![id.to_owned()]
}
