//! The connections of a simulated carrier, and their faults.

use std::time::Duration;

use serde::Deserialize;

use crate::simulator::overlay::overlaid;
use crate::simulator::span::{Percent, Span};

/// Octets that no client expects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Garbage {
    /// Before how many answers a PDU with a command comes that no version of SMPP has.
    pub unknown_command: Percent,
    /// Before how many answers a response comes to a request that was never made.
    pub stray_response: Percent,
    /// Before how many answers octets come that are no PDU; the stream cannot be read from there.
    pub broken_length: Percent,
}

/// A span of so many seconds.
fn seconds(seconds: u64) -> Span {
    Span::exactly(Duration::from_secs(seconds))
}

overlaid! {
    /// Windows, time-outs and faults of the connections.
    LinkProfile,
    /// Connections without a fault.
    default,
    overlay LinkOverlay,
    /// Connections at once, bound or not; more are closed at once.
    connections: usize = 1_000,
    /// Submissions of one connection that may wait for their answers; beyond it nothing is read from it.
    window: usize = 1_000,
    /// Deliveries of one connection that may wait for their acknowledgements.
    deliver_window: usize = 100,
    /// When an unacknowledged delivery is made again: the longest of the span.
    deliver_timeout: Span = seconds(10),
    /// When a delivery is made again that the client refused.
    redeliver_after: Span = seconds(2),
    /// How long a receipt or MO waits for somebody to take it: the longest of the span.
    keep: Span = seconds(72 * 3600),
    /// How long a client may take to bind, a bound one may be silent before it is asked, and may then take to
    /// answer: the longest of the span.
    enquire_after: Span = seconds(30),
    /// How long the answer to a bind takes.
    bind_after: Span = Span::default(),
    /// How many binds are refused with ESME_RBINDFAIL.
    refused_binds: Percent = Percent::default(),
    /// How many enquire_link of the client are never answered.
    deaf: Percent = Percent::default(),
    /// The most octets written at once; 0 for all there are.
    chunk: usize = 0,
    /// The pause behind each chunk.
    chunk_pause: Span = Span::default(),
    /// What comes in between.
    garbage: Garbage = Garbage::default(),
}
