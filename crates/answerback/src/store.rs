//! The one place that knows which engine keeps the ledger.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use ledger::sqlite::figures::{BUCKETS, Done, Durations};
use ledger::sqlite::{FILE, Options, Sqlite};
use service::{Ledger, LedgerError};
use sms::Outcome;

use crate::config::Config;
use crate::figures::{Family, Kind, Source};

/// Accounts made ready before the first request, largest first. Commands need none.
pub(crate) const WARM_FOR_SERVING: u32 = 4;

/// An open store.
pub(crate) struct Store(Arc<Sqlite>);

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

    /// Tells what the engine does and holds, for the figures of a server; it keeps the store open while it
    /// lives.
    pub(crate) fn figures(&self) -> StoreFigures {
        StoreFigures(Arc::clone(&self.0))
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

const HELD: &str = "answerback_held_messages";

/// The figures of an open store.
pub(crate) struct StoreFigures(Arc<Sqlite>);

#[async_trait]
impl Source for StoreFigures {
    async fn families(&self) -> Vec<Family> {
        let Done { accepted, writes, refused, commits } = self.0.done();
        let counter = |name, help, value: u64| Family::single(name, Kind::Counter, help, value as f64);
        let gauge = |name, help, value: u64| Family::single(name, Kind::Gauge, help, value as f64);
        let durations = |name, help, durations: Durations| {
            let buckets = BUCKETS.into_iter().zip(durations.buckets);
            Family::durations(name, help, buckets, (durations.count, durations.sum))
        };
        let held = match self.0.messages_of(Outcome::Held).await {
            Ok(held) => gauge(HELD, "Messages that wait for a person's word.", held),
            // Better no figure than a wrong one: whoever watches it sees that it is gone.
            Err(error) => {
                tracing::error!(%error, "held messages cannot be counted");
                Family { samples: Vec::new(), ..gauge(HELD, "Messages that wait for a person's word.", 0) }
            }
        };
        vec![
            gauge(
                "answerback_derived_memory_bytes",
                "Memory held as derived state of accounts.",
                self.0.derived_memory() as u64,
            ),
            held,
            counter("answerback_messages_accepted_total", "Messages of submissions taken in.", accepted),
            counter("answerback_writes_total", "Writes committed; by commits, the size of a group.", writes),
            counter("answerback_writes_refused_total", "Writes refused or undone.", refused),
            durations("answerback_commit_duration_seconds", "Time of a commit, synced.", commits),
        ]
    }
}
