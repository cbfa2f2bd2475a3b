//! The embedded engine: one SQLite file, one writer, readers beside it, derived state in memory.
//!
//! * A `writer` thread takes all that waits into one transaction, commits it synced, applies it to derived
//!   state and answers all.
//! * A reader picks its numbers and opens its read transaction under the account's shared lock, so that a
//!   page never mixes two moments (`reader`).
//! * Derived state is loaded from rows on first use and dropped, least recently used first, under a memory
//!   budget (`slots`).

mod accounts;
mod batch_rows;
mod chats;
mod check;
mod contacts;
mod contract;
mod documents;
mod effect;
mod events;
pub mod figures;
mod forms;
mod funds;
mod hooks;
mod idempotency;
mod import;
mod load;
mod loaded;
mod migrate;
mod mo_parts;
mod networks;
mod opt_outs;
mod outbox;
mod pages;
mod queue;
mod reader;
mod receipts;
mod replies;
mod rows;
mod scan;
mod seen;
mod slots;
mod steps;
mod submit;
mod take_in;
mod transaction;
mod unrouted;
mod writer;

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use sms::{Micros, Outcome};
use tokio::sync::Semaphore;

use crate::error::{LedgerError, Result};
use reader::Engine;
use writer::Writer;

/// How the engine is to run.
#[derive(Clone)]
pub struct Options {
    /// Octets of memory for derived state, the mapped text segments apart. Past it the least recently used
    /// accounts are dropped; one account is always held.
    pub memory_budget: usize,
    /// Accounts loaded at the start, largest first, as far as the budget reaches.
    pub warm: u32,
    /// The present, which decides what is dated in the future.
    pub clock: Arc<dyn Fn() -> Micros + Send + Sync>,
}

impl Default for Options {
    fn default() -> Self {
        Self { memory_budget: 1 << 30, warm: 4, clock: Arc::new(Micros::now) }
    }
}

/// A ledger in one directory.
pub struct Sqlite {
    engine: Arc<Engine>,
    writer: Writer,
    reading: Arc<Semaphore>,
}

/// Readings at once; more callers wait their turn. Each has a connection of its own, and some megabytes: more of
/// them than processors only makes all of them slower.
const READERS: usize = 16;

/// The name of the database in its directory.
pub const FILE: &str = "answerback.db";

impl Sqlite {
    /// Opens the ledger in `directory`, making it there if it is new. The caller sees to it that no other
    /// process has it open.
    pub fn open(directory: &Path, options: Options) -> Result<Self> {
        let mut conn = connect(&directory.join(FILE))?;
        migrate::migrate(&mut conn)?;
        let engine = Arc::new(Engine::new(directory, options, &conn)?);
        let writer = Writer::start(conn, Arc::clone(&engine))?;
        engine.warm();
        Ok(Self { engine, writer, reading: Arc::new(Semaphore::new(READERS)) })
    }

    /// Octets of memory held as derived state.
    pub fn derived_memory(&self) -> usize {
        self.engine.slots.memory()
    }

    /// What was done since it was opened.
    pub fn done(&self) -> figures::Done {
        self.writer.tally().read()
    }

    /// Messages of an outcome, hidden ones among them, of all accounts.
    pub async fn messages_of(&self, outcome: Outcome) -> Result<u64> {
        self.read(move |engine| engine.with_connection(|conn| figures::messages_of(conn, outcome))).await
    }

    /// Drops all derived state; it is rebuilt from rows when asked for. For measurements and tests.
    pub fn forget(&self) {
        self.engine.slots.forget();
    }

    /// Finishes what was accepted, stops the writer and folds the log into the database.
    pub fn close(self) -> Result<()> {
        self.writer.stop()
    }

    /// A look at a few rows by key, on the caller's own thread: handing it to another one and back costs more
    /// than the look. Never for what walks, sorts, or waits for an account's lock.
    fn look<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.engine.look(work)
    }

    /// Runs a reading on a thread that may block.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let engine = Arc::clone(&self.engine);
        let reading = Arc::clone(&self.reading);
        let place = reading.acquire_owned().await.map_err(|_| LedgerError::Busy)?;
        let work = move || {
            let result = work(&engine);
            drop(place);
            result
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| LedgerError::Store(format!("a reading broke: {error}")))?
    }
}

/// A connection as every part of the engine uses it.
fn connect(file: &Path) -> Result<Connection> {
    let conn = Connection::open(file).map_err(store)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -32768;
         PRAGMA mmap_size = 8589934592;
         PRAGMA wal_autocheckpoint = 8192;
         PRAGMA busy_timeout = 10000;",
    )
    .map_err(store)?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(conn)
}

/// Any error of SQLite's, as the ledger reports it.
fn store(error: rusqlite::Error) -> LedgerError {
    LedgerError::Store(error.to_string())
}
