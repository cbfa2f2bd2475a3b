//! The suite every engine passes: run it against a factory of empty ledgers that can be opened again.
//!
//! * [`all`] are the named cases, one function each, which panics with what it found. An engine's own tests
//!   run them by [`Case::run`], or make a `#[test]` of each with [`conformance_cases!`](crate::conformance_cases).
//! * [`model`] is a second, naive ledger in memory: a list of messages, filtered and sorted on every
//!   question. [`random`] lets an engine and the model do the same and compares every answer.
//!
//! Everything here is for tests: it panics where a test would fail.

mod accept;
mod accounts;
mod advance;
mod batches;
mod cases;
mod chats;
mod contacts;
mod cursors;
mod group;
mod hide;
mod import;
mod import_batches;
mod isolation;
mod maker;
mod messages;
pub mod model;
mod orders;
pub mod random;
mod receive;
mod replies;
mod scan;
mod stage;
mod take_in;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use sms::Micros;

use crate::traits::Ledger;

pub use maker::{Collect, mo, mt, submission};
pub use stage::Stage;

/// Where a ledger under test gets the present from.
pub type Clock = Arc<dyn Fn() -> Micros + Send + Sync>;

/// One opened store.
pub trait Store: Send + Sync {
    /// The ledger.
    fn ledger(&self) -> &dyn Ledger;
    /// Drops whatever is held in memory and can be rebuilt from what is stored.
    fn forget(&self);
    /// Finishes what was accepted and closes the store, which can then be opened again.
    fn close(self: Box<Self>);
}

/// Opens the same store again and again.
pub trait Opener: Send + Sync {
    /// Opens the store, empty at first. `clock` tells the present. At most one is open at a time.
    fn open(&self, clock: Clock) -> Box<dyn Store>;
}

/// What a case returns: it panics when the engine fails it.
type Run = for<'a> fn(&'a mut Stage) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// One named case.
#[derive(Clone, Copy)]
pub struct Case {
    /// `group::case`.
    pub name: &'static str,
    run: Run,
}

impl Case {
    /// Runs the case in a new store; afterwards the store must be sound, in memory and as stored.
    ///
    /// # Panics
    /// When the engine does not do what the case asks for.
    pub async fn run(&self, opener: Arc<dyn Opener>) {
        let mut stage = Stage::new(opener).await;
        (self.run)(&mut stage).await;
        stage.finish().await;
    }
}

/// Every case.
pub fn all() -> Vec<Case> {
    macro_rules! list {
        ($($group:ident { $($case:ident),* $(,)? })*) => {
            vec![$($(Case {
                name: concat!(stringify!($group), "::", stringify!($case)),
                run: |stage| Box::pin($group::$case(stage)),
            },)*)*]
        };
    }
    crate::conformance_cases!(list)
}
