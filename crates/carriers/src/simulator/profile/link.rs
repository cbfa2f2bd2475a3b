//! The connections of a simulated carrier, and their faults.

use std::time::Duration;

use serde::Deserialize;

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

/// Windows, time-outs and faults of the connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LinkProfile {
    /// Connections at once, bound or not.
    pub connections: usize,
    /// Submissions of one connection that may wait for their answers; beyond it ESME_RTHROTTLED.
    pub window: usize,
    /// Deliveries of one connection that may wait for their acknowledgements.
    pub deliver_window: usize,
    /// When an unacknowledged delivery is made again.
    pub deliver_timeout: Span,
    /// When a delivery is made again that the client refused.
    pub redeliver_after: Span,
    /// How long a receipt or MO waits for somebody to take it.
    pub keep: Span,
    /// How long a client may take to bind, and a bound one may be silent before it is asked.
    pub enquire_after: Span,
    /// How long the answer to a bind takes.
    pub bind_after: Span,
    /// How many binds are refused with ESME_RBINDFAIL.
    pub refused_binds: Percent,
    /// How many enquire_link of the client are never answered.
    pub deaf: Percent,
    /// The most octets written at once; 0 for all there are.
    pub chunk: usize,
    /// The pause behind each chunk.
    pub chunk_pause: Span,
    /// What comes in between.
    pub garbage: Garbage,
}

impl Default for LinkProfile {
    fn default() -> Self {
        let seconds = |seconds| Span::exactly(Duration::from_secs(seconds));
        Self {
            connections: 1_000,
            window: 1_000,
            deliver_window: 100,
            deliver_timeout: seconds(10),
            redeliver_after: seconds(2),
            keep: seconds(72 * 3600),
            enquire_after: seconds(30),
            bind_after: Span::default(),
            refused_binds: Percent::default(),
            deaf: Percent::default(),
            chunk: 0,
            chunk_pause: Span::default(),
            garbage: Garbage::default(),
        }
    }
}
