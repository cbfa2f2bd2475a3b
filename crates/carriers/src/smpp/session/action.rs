//! What a session tells its driver.

use std::fmt;

use super::Moment;
use crate::smpp::pdu::{Bind, BindKind, Body, FrameError, Pdu, Status};

/// An open request of the peer; used up by responding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// A response to a request of this side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: Status,
    /// Its body; [`Body::GenericNack`] where the peer could not make sense of the request.
    pub body: Body,
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action<T> {
    /// Write this.
    Send(Pdu),
    /// The session is bound.
    Bound {
        /// Which way.
        kind: BindKind,
        /// The SMSC's name for itself; `None` on the SMSC's side.
        system_id: Option<String>,
        /// The version it says it speaks, 0x34 for 3.4.
        interface_version: Option<u8>,
    },
    /// SMSC: an ESME wants to bind; decide with [`super::Session::accept_bind`] or
    /// [`super::Session::refuse_bind`].
    BindRequested {
        /// Names the request.
        ticket: Ticket,
        /// Which way it wants to bind.
        kind: BindKind,
        /// Who it says it is.
        bind: Bind,
    },
    /// The peer wants something: a submission, a delivery, a query. Respond with
    /// [`super::Session::respond`].
    Request {
        /// Names the request.
        ticket: Ticket,
        /// The request.
        pdu: Pdu,
    },
    /// A request has its answer.
    Answered {
        /// The request.
        tag: T,
        /// The answer.
        answer: Answer,
    },
    /// A request was not answered in time. The answer may still come: see [`Action::Late`].
    TimedOut {
        /// The request.
        tag: T,
    },
    /// A request's session ended before its answer came.
    Lost {
        /// The request.
        tag: T,
    },
    /// The answer to a request that had timed out. At most once for each.
    Late {
        /// The request.
        tag: T,
        /// The answer.
        answer: Answer,
    },
    /// The peer asked for less: no request is taken until then.
    Throttled {
        /// When requests are taken again.
        until: Moment,
    },
    /// A response to nothing, for the log. Nothing is to be done.
    Stray(Pdu),
    /// Close the connection once everything before is written. Always the last action.
    Close(CloseReason),
}

/// Why a request was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The window is full; try again after the next answer.
    #[error("the window is full")]
    Full,
    /// The peer asked for less; try again then.
    #[error("throttled by the peer")]
    Paused(Moment),
    /// Not bound yet.
    #[error("not bound")]
    Unbound,
    /// Bound the other way only.
    #[error("bound the other way")]
    Direction,
    /// Ending or over.
    #[error("the session is ending")]
    Closing,
}

/// Why a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// This side unbound.
    Unbound,
    /// The peer unbound.
    PeerUnbound,
    /// The bind was refused.
    BindRefused(Status),
    /// No bind, or no answer to it, in time.
    BindTimeout,
    /// The peer did not answer an enquiry.
    Silent,
    /// The peer sent nothing for too long.
    Inactive,
    /// The stream is not SMPP.
    Garbage(FrameError),
    /// The peer sent what no peer of this role may.
    Protocol(&'static str),
    /// The connection ended, by the driver's words.
    Disconnected(String),
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unbound => f.write_str("unbound"),
            Self::PeerUnbound => f.write_str("unbound by the peer"),
            Self::BindRefused(status) => write!(f, "the bind was refused: {status}"),
            Self::BindTimeout => f.write_str("no bind in time"),
            Self::Silent => f.write_str("the peer answers no enquire_link"),
            Self::Inactive => f.write_str("the peer sends nothing"),
            Self::Garbage(error) => write!(f, "not SMPP: {error}"),
            Self::Protocol(words) => write!(f, "against the protocol: {words}"),
            Self::Disconnected(words) => write!(f, "disconnected: {words}"),
        }
    }
}
