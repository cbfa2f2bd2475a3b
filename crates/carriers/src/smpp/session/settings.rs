//! What a session is told once.

use std::time::Duration;

use crate::smpp::pdu::BindKind;

/// SMPP 3.4, as `interface_version` and `sc_interface_version` say it.
pub(super) const INTERFACE_VERSION: u8 = 0x34;

/// Which end of the session this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The one that binds and submits.
    Esme,
    /// The one that is bound to and delivers.
    Smsc,
}

impl Role {
    /// Whether this end may send requests over a session bound as `kind`.
    pub(super) fn may_send(self, kind: BindKind) -> bool {
        match self {
            Self::Esme => kind.transmits(),
            Self::Smsc => kind.receives(),
        }
    }
}

/// How a session behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Which end this is.
    pub role: Role,
    /// Requests of this side that may be open at once; at least 1.
    pub window: usize,
    /// Requests of the peer that may be open at once; past it the driver stops reading
    /// ([`super::Session::wants_input`]) and what comes nevertheless is answered `ESME_RMSGQFUL`.
    pub peer_window: usize,
    /// How long a request waits for its answer before it times out.
    pub response_timeout: Duration,
    /// How long a bind, an unbind and an enquiry wait; for an SMSC also how long for a bind to come.
    pub bind_timeout: Duration,
    /// After how long without a PDU from the peer an `enquire_link` is sent; zero: never.
    pub enquire_interval: Duration,
    /// After how long without a PDU from the peer the session is closed; zero: never.
    pub inactivity_timeout: Duration,
    /// How long an unbind waits for what is open.
    pub drain_timeout: Duration,
    /// The pause after the first `ESME_RTHROTTLED` or `ESME_RMSGQFUL`; it doubles each time.
    pub throttle_pause: Duration,
    /// The longest such pause.
    pub throttle_max: Duration,
    /// How many timed-out requests are remembered, so that their late answers are recognised.
    pub late_answers: usize,
    /// The first sequence number, 1 by the specification.
    pub first_sequence: u32,
}

impl Settings {
    /// The defaults of a role.
    pub fn of(role: Role) -> Self {
        Self {
            role,
            window: 10,
            peer_window: 100,
            response_timeout: Duration::from_secs(30),
            bind_timeout: Duration::from_secs(10),
            enquire_interval: Duration::from_secs(30),
            inactivity_timeout: Duration::ZERO,
            drain_timeout: Duration::from_secs(5),
            throttle_pause: Duration::from_secs(1),
            throttle_max: Duration::from_secs(60),
            late_answers: 1_000,
            first_sequence: 1,
        }
    }
}
