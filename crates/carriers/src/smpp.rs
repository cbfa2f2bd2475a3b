//! SMPP 3.4 (Short Message Peer-to-Peer Protocol Specification v3.4, issue 1.2).
//!
//! Three layers, each usable without the next: [`pdu`] turns octets into values and back, [`session`] is the
//! protocol's behaviour without a socket or a clock, for both roles, and [`link`] drives ESME sessions over
//! TCP or TLS.

pub mod link;
pub mod pdu;
pub mod session;
