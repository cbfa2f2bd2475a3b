//! What is held in memory of an account in use, all of it rebuilt from rows and never the truth.
//!
//! Sets ([`roaring`]) and columns run over *positions*: the rank of a message by (date, number), from 1.
//! As long as nothing came out of order a position is the number itself; once something did, two mappings
//! of four octets a message lead from one to the other. Messages dated in the future, and those that came
//! late and were not asked for yet, wait in a sorted [`side`](order::Side) list.
//!
//! * [`state::Derived`]: the whole, and how news is applied;
//! * [`select`]: from a query to the numbers of its page;
//! * [`text`]: the folded bodies, back to back in a mapped file.

pub mod addresses;
pub mod batches;
pub mod chats;
pub mod column;
pub mod compare;
mod growth;
mod mapped;
pub mod order;
pub mod pick;
pub mod select;
pub mod sets;
pub mod splice;
pub mod state;
mod talk;
pub mod text;

pub use state::{Derived, Fact};
