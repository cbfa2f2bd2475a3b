//! Reading: connections, and the moment that derived state and rows share.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use sms::{AccountId, Micros, Number};

use super::networks::{Networks, SharedNetworks};
use super::slots::{Slots, State};
use super::{Options, batch_rows, connect, load, pages, store};
use crate::derived::Derived;
use crate::error::{LedgerError, Result};

/// Idle connections kept.
const MOST_IDLE: usize = 18;

/// What readers and the writer share.
pub(super) struct Engine {
    pub(super) directory: PathBuf,
    pub(super) options: Options,
    pub(super) slots: Slots,
    pub(super) networks: Arc<SharedNetworks>,
    idle: Mutex<Vec<Connection>>,
    /// The same, without a mapping: see [`Engine::look`].
    lookers: Mutex<Vec<Connection>>,
    /// The latest moment the clock told.
    latest: AtomicI64,
}

impl Engine {
    pub(super) fn new(directory: &Path, options: Options, conn: &Connection) -> Result<Self> {
        Ok(Self {
            directory: directory.to_owned(),
            options,
            slots: Slots::default(),
            networks: Arc::new(SharedNetworks::new(Networks::load(conn)?)),
            idle: Mutex::default(),
            lookers: Mutex::default(),
            latest: AtomicI64::new(i64::MIN),
        })
    }

    /// The present, which never runs backwards: what got its place in the order because it was due would
    /// otherwise be in the future again.
    pub(super) fn now(&self) -> Micros {
        let now = (self.options.clock)().get();
        Micros::new(self.latest.fetch_max(now, Ordering::Relaxed).max(now))
    }

    /// Loads the largest accounts, as far as the budget reaches. A failure is told and left to the first
    /// reader.
    pub(super) fn warm(&self) {
        let largest = self.with_connection(|conn| {
            let mut statement = conn
                .prepare("SELECT id FROM account WHERE next_message > 1 ORDER BY next_message DESC LIMIT ?1")
                .map_err(store)?;
            let ids = statement.query_map([self.options.warm], |row| row.get(0)).map_err(store)?;
            ids.collect::<rusqlite::Result<Vec<u32>>>().map_err(store)
        });
        let warmed = largest.and_then(|ids| {
            for account in ids.into_iter().filter_map(AccountId::new) {
                if self.slots.memory() >= self.options.memory_budget {
                    break;
                }
                self.pick(account, |_, _| Ok(()), |_, ()| Ok(()))?;
            }
            Ok(())
        });
        if let Err(error) = warmed {
            tracing::error!(%error, "an account could not be loaded at the start");
        }
    }

    /// Runs with a connection from the pool.
    pub(super) fn with_connection<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        // Readers see the file through the mapping; a cache of their own would only double it.
        self.with_one_of(&self.idle, &[("cache_size", -2048)], work)
    }

    /// Runs with a connection for looks at a few rows. SQLite drops a connection's whole mapping at every reading
    /// that follows a commit, and the next one maps and faults it in again: for a few pages reading them is less.
    pub(super) fn look<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.with_one_of(&self.lookers, &[("cache_size", -256), ("mmap_size", 0)], work)
    }

    /// Runs with a connection from a pool, or a new one with these settings.
    fn with_one_of<T>(
        &self,
        pool: &Mutex<Vec<Connection>>,
        settings: &[(&str, i64)],
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        let idle = pool.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match idle {
            Some(conn) => conn,
            None => {
                let conn = connect(&self.directory.join(super::FILE))?;
                conn.pragma_update(None, "query_only", true).map_err(store)?;
                for (name, value) in settings {
                    conn.pragma_update(None, name, value).map_err(store)?;
                }
                conn
            }
        };
        let result = work(&conn);
        let mut pool = pool.lock().unwrap_or_else(PoisonError::into_inner);
        // A transaction that could not be ended must not be another reader's.
        if pool.len() < MOST_IDLE && conn.is_autocommit() {
            pool.push(conn);
        }
        result
    }

    /// Runs in one read transaction.
    pub(super) fn in_transaction<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.with_connection(|conn| {
            begin(conn)?;
            let result = work(conn);
            end(conn)?;
            result
        })
    }

    /// One moment: `pick` runs on derived state while `fetch`'s read transaction is being opened; the lock is
    /// gone before `fetch` reads rows.
    pub(super) fn pick<P, T>(
        &self,
        account: AccountId,
        pick: impl FnOnce(&Derived, &Connection) -> Result<P>,
        fetch: impl FnOnce(&Connection, P) -> Result<T>,
    ) -> Result<T> {
        self.with_connection(|conn| {
            let picked = self.with_derived(account, |derived| {
                begin(conn)?;
                pick(derived, conn)
            });
            let result = picked.and_then(|picked| fetch(conn, picked));
            if !conn.is_autocommit() {
                end(conn)?;
            }
            result
        })
    }

    /// Runs on an account's settled derived state under its shared lock, loading it if need be.
    fn with_derived<T>(&self, account: AccountId, work: impl FnOnce(&Derived) -> Result<T>) -> Result<T> {
        let slot = self.slots.get(account);
        let now = self.now().seconds();
        let mut work = Some(work);
        loop {
            let cold = match &*slot.shared() {
                State::Ready(derived) if !derived.needs_settle(now) => {
                    let Some(work) = work.take() else {
                        return Err(LedgerError::Store("a reading ran twice".to_owned()));
                    };
                    return work(derived);
                }
                State::Ready(_) => false,
                State::Cold | State::Loading(_) => true,
            };
            if cold {
                self.load(account)?;
            } else if let State::Ready(derived) = &mut *slot.exclusive() {
                derived.settle(now);
            }
        }
    }

    /// Loads an account from rows while the writer goes on: what it commits meanwhile is applied at the end.
    fn load(&self, account: AccountId) -> Result<()> {
        let slot = self.slots.get(account);
        let _loader = slot.loader();
        if matches!(*slot.shared(), State::Ready(_)) {
            return Ok(());
        }
        let loaded = self.with_connection(|conn| {
            {
                let mut state = slot.exclusive();
                *state = State::Loading(Vec::new());
                begin(conn)?;
            }
            let loaded = load::load(conn, account, &self.directory, self.now().seconds());
            end(conn)?;
            loaded
        });
        let mut state = slot.exclusive();
        let waiting = match std::mem::take(&mut *state) {
            State::Loading(waiting) => waiting,
            State::Cold | State::Ready(_) => Vec::new(),
        };
        let derived = loaded?;
        *state = State::Ready(Box::new(derived));
        state.news(waiting, self.now().seconds());
        drop(state);
        self.slots.make_room(account, self.options.memory_budget);
        Ok(())
    }

    /// The visible numbers of a submission's batch, and how many messages it had then, hidden ones too.
    pub(super) fn batch_numbers(&self, account: AccountId, batch: Number) -> Result<(Vec<Number>, u32)> {
        self.pick(
            account,
            |derived, conn| {
                let state = batch_rows::state(conn, account.key(batch))?;
                let count = state.map_or(0, |state| state.count);
                let span = pages::span(conn, account, batch)?.ok_or(LedgerError::NotFound)?;
                let query = crate::query::MessageQuery {
                    batch: Some(sms::BatchKey::Mt(batch)),
                    ..Default::default()
                };
                Ok((derived.matching(&query, Some(span)), count))
            },
            |_, (numbers, count)| Ok((numbers.iter().collect(), count)),
        )
    }
}

/// Begins a read transaction whose moment is now: SQLite takes the snapshot at the first reading.
fn begin(conn: &Connection) -> Result<()> {
    conn.prepare_cached("BEGIN").map_err(store)?.execute([]).map_err(store)?;
    conn.prepare_cached("SELECT count(*) FROM meta")
        .map_err(store)?
        .query_row([], |row| row.get::<_, i64>(0))
        .map_err(store)?;
    Ok(())
}

fn end(conn: &Connection) -> Result<()> {
    conn.prepare_cached("COMMIT").map_err(store)?.execute([]).map_err(store)?;
    Ok(())
}
