//! The vocabulary of Answerback, pure: no I/O, no async, no vendor's word.
//!
//! * [`outcome`]: what became of a message, and which steps are legal;
//! * [`coding`]: GSM 03.38 and UCS-2, units and segments ([`segment`] cuts the text);
//! * [`phone`], [`country`], [`sender`]: who writes to whom;
//! * [`money`], [`id`], [`time`]: exact amounts, numbers and their packings, instants.
#![forbid(unsafe_code)]

pub mod coding;
pub mod country;
pub mod id;
pub mod money;
pub mod outcome;
pub mod phone;
pub mod segment;
pub mod sender;
pub mod time;

pub use coding::{Coding, Measure};
pub use country::Country;
pub use id::{AccountId, BatchKey, Number};
pub use money::{Currency, Money};
pub use outcome::{Direction, Note, Outcome, OutcomeSet};
pub use time::Micros;
