//! The record: every message with its whole history, under (account, number), and the questions the
//! dialects ask of it.
//!
//! * [`model`]: what is kept; [`query`]: what is asked; [`change`]: what is written;
//! * [`hooks`]: how far those who want to be told of events have been told;
//! * [`Ledger`]: all that an engine does, a trait for each subject; every write names one account and is
//!   durable when it returns;
//! * [`sqlite`]: the embedded engine; [`derived`]: sets, columns, chats and text held in memory per
//!   account, rebuilt from rows;
//! * [`conformance`]: the suite every engine passes.

pub mod change;
pub mod check;
pub mod conformance;
pub mod derived;
pub mod error;
pub mod history;
pub mod hooks;
pub mod inbound;
pub mod model;
pub mod outbound;
pub mod people;
pub mod query;
pub mod row;
pub mod sqlite;
mod traits;

pub use error::{LedgerError, Refusal, Result};
pub use traits::{Accounts, Changes, Documents, Events, Ledger, People, Reading, WayIn, WayOut};
