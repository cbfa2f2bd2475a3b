//! The way out: what stands between the service and the networks that carry messages.
//!
//! * [`carrier`]: the trait of a way out, what it takes, what it answers and what it reports;
//! * [`receipt`]: receipts as carriers really write them, and the forms of their ids;
//! * [`smpp`]: SMPP 3.4: PDUs, the session as a pure state machine, and an ESME link on sockets;
//! * [`simulator`]: a carrier in the box and the same as an SMSC on TCP, by seed, well-behaved or hostile.
//!
//! No ledger and no service here: a carrier knows segments, not messages, and decides nothing about them.
#![forbid(unsafe_code)]

pub mod carrier;
pub mod receipt;
pub mod simulator;
pub mod smpp;

pub use carrier::{Carrier, Event, Events};
