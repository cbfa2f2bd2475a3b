//! The one place that knows which engine keeps the ledger.

use std::path::Path;
use std::sync::Arc;

use ledger::sqlite::{FILE, Options, Sqlite};
use service::{Ledger, LedgerError};

use crate::config::Config;

/// Accounts made ready before the first request, largest first. Commands need none.
pub(crate) const WARM_FOR_SERVING: u32 = 4;

/// An open store.
pub(crate) struct Store(Arc<Sqlite>);

/// Something measured in the store, as it is just now.
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) help: &'static str,
    pub(crate) value: usize,
}

/// Measures the store.
pub(crate) type Figures = Box<dyn Fn() -> Vec<Figure> + Send + Sync>;

/// Whether a directory holds a store.
pub(crate) fn is_in(directory: &Path) -> bool {
    directory.join(FILE).exists()
}

/// Opens the store in a directory, making it there if it is new. The caller owns the directory.
pub(crate) fn open(directory: &Path, config: &Config, warm: u32) -> Result<Store, LedgerError> {
    let memory_budget = usize::try_from(config.memory_derived).unwrap_or(usize::MAX);
    let options = Options { memory_budget, warm, ..Options::default() };
    Sqlite::open(directory, options).map(|sqlite| Store(Arc::new(sqlite)))
}

impl Store {
    /// The ledger in it.
    pub(crate) fn ledger(&self) -> Arc<dyn Ledger> {
        Arc::clone(&self.0) as Arc<dyn Ledger>
    }

    /// Tells what the engine holds, for the figures of a server; it keeps the store open while it lives.
    pub(crate) fn figures(&self) -> Figures {
        let sqlite = Arc::clone(&self.0);
        Box::new(move || {
            let help = "Memory held as derived state of accounts.";
            vec![Figure { name: "answerback_derived_memory_bytes", help, value: sqlite.derived_memory() }]
        })
    }

    /// Finishes what was accepted and closes the files. Every [`Store::ledger`] should be gone by then; if
    /// one is not, the files are closed with it, which loses nothing: what was answered is on disk.
    pub(crate) fn close(self) -> Result<(), LedgerError> {
        match Arc::try_unwrap(self.0) {
            Ok(sqlite) => sqlite.close(),
            Err(_) => {
                tracing::warn!("the ledger was still being used when it was closed");
                Ok(())
            }
        }
    }
}
