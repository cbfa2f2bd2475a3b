//! A message read in place, for exports that pass millions of rows.

use sms::{AccountId, BatchKey, Coding, Country, Direction, Micros, Money, Number, Outcome};

use crate::model::Network;
use crate::query::MessageQuery;

/// One message, borrowed from the row it is read from. Fields as in [`crate::model::Message`].
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "each field is documented at model::Message")]
pub struct MessageRef<'a> {
    pub account: AccountId,
    pub number: Number,
    pub direction: Direction,
    pub outcome: Outcome,
    pub created: Micros,
    pub date: u32,
    pub sender: Option<&'a str>,
    pub sender_used: Option<&'a str>,
    pub recipient: &'a str,
    pub body: &'a str,
    pub coding: Coding,
    pub forced_by: Option<char>,
    pub segments: u16,
    pub flash: bool,
    pub priority: u8,
    pub batch: BatchKey,
    /// When the batch was made, for its packed id.
    pub batch_created: Micros,
    pub program: Number,
    pub list: Option<&'a str>,
    pub reference: Option<&'a str>,
    pub answers: Option<Number>,
    /// When that MT was made, for its packed id; none when it was deleted.
    pub answers_created: Option<Micros>,
    pub price: Money,
    pub credits: u32,
    pub country: Country,
    pub network: &'a Network,
    pub hidden: bool,
    /// Packed; see [`crate::history::iter`].
    pub history: &'a [u8],
}

/// Turns rows into octets. Without state, so that a stretch can be rendered on any thread.
pub trait RowEncoder: Send + Sync {
    /// Appends one row.
    fn encode(&self, row: &MessageRef<'_>, out: &mut Vec<u8>);
}

/// A stretch of rows wanted.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Only numbers above this.
    pub above: Number,
    /// Only numbers up to this.
    pub bound: Number,
    /// Filters; order, page, cursor and bound of it are ignored.
    pub filter: MessageQuery,
    /// Stop after the row with which the rendered octets are more than this; 0 is no limit.
    pub octets: usize,
    /// Rows looked at, at most, in this call.
    pub limit: u32,
}

/// A stretch of rows, rendered.
#[derive(Clone, Debug, Default)]
pub struct Scanned {
    /// What the encoder wrote.
    pub octets: Vec<u8>,
    /// Rows in it.
    pub rows: u64,
    /// Where to go on, as the next `above`; `None` at the end.
    pub next: Option<Number>,
}
