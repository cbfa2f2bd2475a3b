//! The suite every engine passes: run it against a factory of empty ledgers that can be opened again.
//!
//! Each case is one function that panics with what it found. An engine's own tests call [`all`].

mod maker;

use std::sync::Arc;

use crate::traits::Ledger;

pub use maker::{mo, mt, submission};

/// Opens the same store again and again; dropping the last handle closes it.
pub trait Opener: Send + Sync {
    /// Opens the store, empty at first.
    fn open(&self) -> Arc<dyn Ledger>;
}
