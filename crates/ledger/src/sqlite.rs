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
mod effect;
mod import;
mod load;
mod migrate;
mod networks;
mod pages;
mod reader;
mod rows;
mod scan;
mod slots;
mod steps;
mod submit;
mod transaction;
mod writer;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::Connection;
use sms::{AccountId, BatchKey, Direction, Micros, Money, Number, Outcome};

use crate::change::{
    Accepted, ChatMark, Hide, ImportRow, Imported, NewAccount, NewKey, NewProgram, Received, Step, Submission,
};
use crate::check::CheckReport;
use crate::error::{LedgerError, Result};
use crate::model::{Account, Batch, Chat, Contact, Key, Message, Program, Sent, Sum};
use crate::query::{BatchQuery, ChatQuery, ContactQuery, MessagePage, MessageQuery, Page};
use crate::row::{RowEncoder, Scan, Scanned};
use crate::traits::Ledger;
use reader::Engine;
use transaction::Transaction;
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
}

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
        Ok(Self { engine, writer })
    }

    /// Octets of memory held as derived state.
    pub fn derived_memory(&self) -> usize {
        self.engine.slots.memory()
    }

    /// Drops all derived state; it is rebuilt from rows when asked for. For measurements and tests.
    pub fn forget(&self) {
        self.engine.slots.forget();
    }

    /// Finishes what was accepted, stops the writer and folds the log into the database.
    pub fn close(self) -> Result<()> {
        self.writer.stop()
    }

    /// Runs a reading on a thread that may block.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let engine = Arc::clone(&self.engine);
        tokio::task::spawn_blocking(move || work(&engine))
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

#[async_trait]
impl Ledger for Sqlite {
    async fn create_account(&self, new: NewAccount) -> Result<Account> {
        self.writer.run(move |t| accounts::create(t, &new)).await
    }

    async fn accounts(&self) -> Result<Vec<Account>> {
        self.read(|engine| engine.with_connection(accounts::all)).await
    }

    async fn account(&self, account: AccountId) -> Result<Account> {
        self.read(move |engine| engine.with_connection(|conn| accounts::one(conn, account))).await
    }

    async fn set_disabled(&self, account: AccountId, disabled: bool) -> Result<()> {
        self.writer.run(move |t| accounts::set_disabled(t, account, disabled)).await
    }

    async fn fund(&self, account: AccountId, amount: Money) -> Result<Money> {
        self.writer.run(move |t| accounts::fund(t, account, amount)).await
    }

    async fn create_key(&self, account: AccountId, new: NewKey) -> Result<Key> {
        self.writer.run(move |t| accounts::create_key(t, account, new)).await
    }

    async fn keys(&self, account: AccountId) -> Result<Vec<Key>> {
        self.read(move |engine| engine.with_connection(|conn| accounts::keys(conn, account))).await
    }

    async fn key_by_hash(&self, hash: [u8; 32]) -> Result<Option<Key>> {
        self.read(move |engine| engine.with_connection(|conn| accounts::key_by_hash(conn, &hash))).await
    }

    async fn revoke_key(&self, account: AccountId, key: u32) -> Result<()> {
        self.writer.run(move |t| accounts::revoke_key(t, account, key)).await
    }

    async fn create_program(&self, account: AccountId, new: NewProgram) -> Result<Program> {
        self.writer.run(move |t| accounts::create_program(t, account, new)).await
    }

    async fn programs(&self, account: AccountId) -> Result<Vec<Program>> {
        self.read(move |engine| engine.with_connection(|conn| accounts::programs(conn, account))).await
    }

    async fn accept(&self, account: AccountId, submission: Submission) -> Result<Accepted> {
        let weight = submission.messages.len();
        self.writer.write(account, weight, move |t| submit::accept(t, account, submission)).await
    }

    async fn receive(&self, account: AccountId, message: Message) -> Result<Received> {
        let now = self.engine.now();
        self.writer.write(account, 1, move |t| submit::receive(t, account, message, now)).await
    }

    async fn advance(&self, account: AccountId, steps: Vec<Step>) -> Result<()> {
        let weight = steps.len();
        self.writer.write(account, weight, move |t| steps::advance(t, account, steps)).await
    }

    async fn hide(&self, account: AccountId, what: Hide) -> Result<u64> {
        let now = self.engine.now();
        let batch = match what {
            Hide::Messages(numbers) => {
                let weight = numbers.len();
                let hide = move |t: &mut Transaction<'_>| steps::hide(t, account, &numbers, now);
                return self.writer.write(account, weight, hide).await;
            }
            Hide::Batch(batch) => batch,
        };
        loop {
            let (numbers, count) = self.read(move |engine| engine.batch_numbers(account, batch)).await?;
            let weight = numbers.len();
            let hide =
                move |t: &mut Transaction<'_>| steps::hide_batch(t, account, batch, &numbers, count, now);
            // Rows that an import added meanwhile belong to it, too.
            if let Some(hidden) = self.writer.write(account, weight, hide).await? {
                return Ok(hidden);
            }
        }
    }

    async fn cancel(&self, account: AccountId, batch: Number, at: Micros) -> Result<u64> {
        let (numbers, _) = self.read(move |engine| engine.batch_numbers(account, batch)).await?;
        let weight = numbers.len();
        self.writer.write(account, weight, move |t| steps::cancel(t, account, &numbers, at)).await
    }

    async fn import(&self, account: AccountId, rows: Vec<ImportRow>) -> Result<Imported> {
        let now = self.engine.now();
        self.writer.write_when_idle(account, move |t| import::import(t, account, rows, now)).await
    }

    async fn open_chat(&self, account: AccountId, peer: String) -> Result<Number> {
        let now = self.engine.now();
        self.writer.write(account, 1, move |t| chats::open(t, account, &peer, now)).await
    }

    async fn mark_chats(
        &self,
        account: AccountId,
        chats: Option<Vec<Number>>,
        mark: ChatMark,
    ) -> Result<u64> {
        self.writer.write(account, 1, move |t| chats::mark(t, account, chats, mark)).await
    }

    async fn put_contact(&self, account: AccountId, contact: Contact) -> Result<Number> {
        self.writer.write(account, 1, move |t| contacts::put(t, account, &contact)).await
    }

    async fn remove_contact(&self, account: AccountId, contact: Number) -> Result<()> {
        self.writer.write(account, 1, move |t| contacts::remove(t, account, contact)).await
    }

    async fn messages(&self, account: AccountId, query: MessageQuery) -> Result<MessagePage> {
        self.read(move |engine| engine.messages(account, &query)).await
    }

    async fn numbers(&self, account: AccountId, query: MessageQuery) -> Result<Vec<Number>> {
        self.read(move |engine| engine.numbers(account, &query)).await
    }

    async fn message(&self, account: AccountId, number: Number) -> Result<Option<Message>> {
        self.read(move |engine| engine.message(account, number)).await
    }

    async fn batches(&self, account: AccountId, query: BatchQuery) -> Result<Page<Batch>> {
        self.read(move |engine| engine.batches(account, &query)).await
    }

    async fn batch(&self, account: AccountId, key: BatchKey) -> Result<Option<Batch>> {
        self.read(move |engine| engine.batch(account, key)).await
    }

    async fn batches_by_key(
        &self,
        account: AccountId,
        keys: Vec<BatchKey>,
    ) -> Result<HashMap<BatchKey, Batch>> {
        self.read(move |engine| engine.batches_by_key(account, &keys)).await
    }

    async fn chats(&self, account: AccountId, query: ChatQuery) -> Result<Page<Chat>> {
        self.read(move |engine| engine.chats(account, &query)).await
    }

    async fn chat(&self, account: AccountId, number: Number) -> Result<Option<Chat>> {
        self.read(move |engine| engine.chat(account, number)).await
    }

    async fn unread(&self, account: AccountId) -> Result<u64> {
        self.read(move |engine| engine.unread(account)).await
    }

    async fn chat_with(&self, account: AccountId, peer: String) -> Result<Option<Chat>> {
        self.read(move |engine| engine.chat_with(account, &peer)).await
    }

    async fn contacts(&self, account: AccountId, query: ContactQuery) -> Result<Page<Contact>> {
        self.read(move |engine| engine.in_transaction(|conn| contacts::page(conn, account, &query))).await
    }

    async fn contacts_by_phone(
        &self,
        account: AccountId,
        phones: Vec<String>,
    ) -> Result<HashMap<String, Contact>> {
        self.read(move |engine| engine.in_transaction(|conn| contacts::by_phone(conn, account, &phones)))
            .await
    }

    async fn answered(&self, account: AccountId, replies: Vec<Number>) -> Result<HashMap<Number, Sent>> {
        self.read(move |engine| engine.answered(account, &replies)).await
    }

    async fn sums(&self, account: AccountId, query: MessageQuery) -> Result<Vec<(Direction, Outcome, Sum)>> {
        self.read(move |engine| engine.sums(account, &query)).await
    }

    async fn highest(&self, account: AccountId) -> Result<Number> {
        self.read(move |engine| engine.with_connection(|conn| accounts::highest(conn, account))).await
    }

    async fn scan(&self, account: AccountId, scan: Scan, encoder: Arc<dyn RowEncoder>) -> Result<Scanned> {
        self.read(move |engine| engine.scan(account, &scan, encoder.as_ref())).await
    }

    async fn check(&self, progress: Box<dyn Fn(u64) + Send>) -> Result<CheckReport> {
        self.read(move |engine| check::check(engine, progress.as_ref())).await
    }
}
