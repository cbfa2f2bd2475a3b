//! The one writer: all that waits becomes one transaction, synced, applied to derived state, answered.

mod queue;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use sms::AccountId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use self::queue::{Answer, Job, Kind, Queue, Refuse, Work};
use super::figures::Tally;
use super::forms::Forms;
use super::loaded;
use super::networks::NetworkIds;
use super::reader::Engine;
use super::store;
use super::transaction::{Transaction, WriterState};
use crate::error::{LedgerError, Result};

/// Writes that may wait; more callers wait their turn outside.
const MOST_WAITING: usize = 4096;
/// How long the writer looks out for more before it sleeps.
const LINGER: Duration = Duration::from_micros(40);
/// Writes of imports that may wait.
const MOST_IDLE_WAITING: usize = 4;

struct Shared {
    queue: Mutex<Queue>,
    wake: Condvar,
    tally: Tally,
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The handle of the writer's thread.
pub(super) struct Writer {
    shared: Arc<Shared>,
    live: Arc<Semaphore>,
    idle: Arc<Semaphore>,
    thread: Mutex<Option<JoinHandle<Result<()>>>>,
}

impl Writer {
    /// Starts the thread on its connection.
    pub(super) fn start(conn: Connection, engine: Arc<Engine>) -> Result<Self> {
        let shared =
            Arc::new(Shared { queue: Mutex::default(), wake: Condvar::new(), tally: Tally::default() });
        let state = WriterState {
            counters: HashMap::new(),
            networks: NetworkIds::load(&conn, Arc::clone(&engine.networks))?,
            forms: Forms::default(),
            quarantine_empty: None,
        };
        let mut loop_ = Loop { conn, engine, shared: Arc::clone(&shared), state };
        let thread = std::thread::Builder::new()
            .name("ledger-writer".to_owned())
            .spawn(move || loop_.run())
            .map_err(|error| LedgerError::Store(format!("no thread for the writer: {error}")))?;
        Ok(Self {
            shared,
            live: Arc::new(Semaphore::new(MOST_WAITING)),
            idle: Arc::new(Semaphore::new(MOST_IDLE_WAITING)),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// A write of `weight` messages of one account, in the next group.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        weight: usize,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.enqueue(Kind::default(), weight, work, |_| {}).await
    }

    /// A write of `weight` messages that refuses whatever it refuses before it writes a row.
    pub(super) async fn write_early<T: Send + 'static>(
        &self,
        weight: usize,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.enqueue(Kind { early: true, ..Kind::default() }, weight, work, |_| {}).await
    }

    /// The same for what nobody waits for in person: it may wait a moment to share a commit with what is urgent.
    pub(super) async fn write_patiently<T: Send + 'static>(
        &self,
        weight: usize,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let kind = Kind { early: true, patient: true, when_idle: false };
        self.enqueue(kind, weight, work, |_| {}).await
    }

    /// A write after whose commit `then` is called on the writer's thread, whether anybody waits for the answer
    /// or not; `early` as with [`Writer::write_early`].
    pub(super) async fn write_then<T: Send + 'static>(
        &self,
        early: bool,
        weight: usize,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
        then: impl FnOnce(&mut T) + Send + 'static,
    ) -> Result<T> {
        self.enqueue(Kind { early, ..Kind::default() }, weight, work, then).await
    }

    /// A write of one account that waits until nothing else does: an import's.
    pub(super) async fn write_when_idle<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.enqueue(Kind { when_idle: true, ..Kind::default() }, 1, work, |_| {}).await
    }

    /// An administrative write, which touches no messages.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.enqueue(Kind::default(), 1, work, |_| {}).await
    }

    async fn enqueue<T: Send + 'static>(
        &self,
        kind: Kind,
        weight: usize,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T> + Send + 'static,
        then: impl FnOnce(&mut T) + Send + 'static,
    ) -> Result<T> {
        let room = if kind.when_idle { &self.idle } else { &self.live };
        let permit = Arc::clone(room).acquire_owned().await.map_err(|_| LedgerError::Busy)?;
        let (sender, receiver) = oneshot::channel::<Result<T>>();
        let sender = Arc::new(Mutex::new(Some(sender)));
        // A caller that went away needs no answer; what was committed stays.
        let send = |sender: &Mutex<Option<oneshot::Sender<Result<T>>>>, result| {
            if let Some(sender) = sender.lock().unwrap_or_else(PoisonError::into_inner).take() {
                drop(sender.send(result));
            }
        };
        let for_answer = Arc::clone(&sender);
        let work: Work = Box::new(move |transaction| {
            let mut value = work(transaction)?;
            let answer: Answer = Box::new(move || {
                then(&mut value);
                send(&for_answer, Ok(value));
            });
            Ok(answer)
        });
        let refuse: Refuse = Box::new(move |error| send(&sender, Err(error)));
        {
            let mut queue = self.shared.queue();
            if queue.stopping {
                return Err(LedgerError::Busy);
            }
            let job = Job { kind, since: Instant::now(), weight, work, refuse, permit };
            if kind.when_idle { queue.idle.push_back(job) } else { queue.live.push_back(job) }
        }
        self.shared.wake.notify_one();
        receiver.await.map_err(|_| LedgerError::Store("the writer stopped".to_owned()))?
    }

    /// What was written so far.
    pub(super) fn tally(&self) -> &Tally {
        &self.shared.tally
    }

    /// Finishes what waits and ends the thread.
    pub(super) fn stop(&self) -> Result<()> {
        self.shared.queue().stopping = true;
        self.shared.wake.notify_one();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        match thread.map(JoinHandle::join) {
            None | Some(Ok(Ok(()))) => Ok(()),
            Some(Ok(Err(error))) => Err(error),
            Some(Err(_)) => Err(LedgerError::Store("the writer broke".to_owned())),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::error!(%error, "the writer did not end well");
        }
    }
}

struct Loop {
    conn: Connection,
    engine: Arc<Engine>,
    shared: Arc<Shared>,
    state: WriterState,
}

impl Loop {
    fn run(&mut self) -> Result<()> {
        while let Some(group) = self.next_group() {
            self.commit(group);
        }
        // Readers may still hold snapshots; then the log is folded in at the next start.
        self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).map_err(store)
    }

    /// All that waits; when nothing live does, one write of an import. `None` at the end.
    fn next_group(&self) -> Option<Vec<Job>> {
        self.linger();
        let mut queue = self.shared.queue();
        loop {
            if let Some(wait) = queue.patience() {
                queue = self.shared.wake.wait_timeout(queue, wait).unwrap_or_else(PoisonError::into_inner).0;
                continue;
            }
            if let Some(group) = queue.take() {
                return Some(group);
            }
            if queue.stopping {
                return None;
            }
            queue = self.shared.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Looks out a moment for the next write: a caller that was just answered often has one, and going to sleep
    /// and being woken costs more than the wait.
    fn linger(&self) {
        let until = Instant::now() + LINGER;
        while self.shared.queue().is_empty() && Instant::now() < until {
            for _ in 0..64 {
                std::hint::spin_loop();
            }
        }
    }

    fn commit(&mut self, group: Vec<Job>) {
        let (started, size) = (Instant::now(), group.len());
        if let Err(error) = run(&self.conn, "BEGIN IMMEDIATE") {
            let words = error.words();
            group.into_iter().for_each(|job| (job.refuse)(LedgerError::Store(words.clone())));
            return;
        }
        faults::place("commit.begun");
        let mut answers: Vec<(Answer, Refuse, OwnedSemaphorePermit)> = Vec::with_capacity(group.len());
        let networks = self.state.networks.count();
        let mut transaction = Transaction::new(&self.conn, &mut self.state);
        let mut broken: Option<String> = None;
        for job in group {
            let Job { kind: Kind { early, .. }, work, refuse, permit, .. } = job;
            if let Some(fatal) = &broken {
                // There may be no transaction any more: another write would be committed by itself.
                refuse(LedgerError::Store(fatal.clone()));
                continue;
            }
            match one(&mut transaction, early, work) {
                Ok(Ok(answer)) => {
                    faults::place("commit.written_one");
                    answers.push((answer, refuse, permit));
                }
                Ok(Err(refused)) => refuse(refused),
                Err(fatal) => {
                    // The write could not be undone alone: nothing of this transaction is sure.
                    broken = Some(fatal.words());
                    refuse(fatal);
                }
            }
        }
        let result = match broken {
            Some(fatal) => Err(LedgerError::Store(fatal)),
            None => transaction.finish(),
        };
        let result = result.and_then(|effects| self.commit_and_apply(effects));
        match result {
            Ok(()) => {
                self.shared.tally.refused(size - answers.len());
                // Before the answers, so that whoever has one finds it counted.
                self.shared.tally.commit(answers.len(), started.elapsed());
                answers.into_iter().for_each(|(answer, _, _permit)| {
                    answer();
                    faults::place("commit.answered_one");
                });
            }
            Err(error) => {
                tracing::error!(%error, "a transaction was rolled back");
                self.forget_everything(networks);
                self.shared.tally.refused(size);
                for (_, refuse, _permit) in answers {
                    refuse(LedgerError::Store(error.words()));
                }
            }
        }
    }

    /// Locks the accounts concerned in ascending order, commits, applies, unlocks.
    fn commit_and_apply(
        &self,
        effects: std::collections::BTreeMap<AccountId, Vec<super::effect::Effect>>,
    ) -> Result<()> {
        let (slots, effects): (Vec<_>, Vec<_>) =
            effects.into_iter().map(|(account, effects)| (self.engine.slots.get(account), effects)).unzip();
        let mut guards: Vec<_> = slots.iter().map(|slot| slot.exclusive()).collect();
        faults::place("commit.written");
        run(&self.conn, "COMMIT")?;
        faults::place("commit.synced");
        let now = self.engine.now().seconds();
        for (guard, effects) in guards.iter_mut().zip(effects) {
            guard.news(effects, now);
        }
        faults::place("commit.applied");
        Ok(())
    }

    /// Goes back to where the transaction began, when there were so many networks.
    fn forget_everything(&mut self, networks: usize) {
        if !self.conn.is_autocommit()
            && let Err(error) = run(&self.conn, "ROLLBACK")
        {
            tracing::error!(%error, "a rollback failed");
        }
        self.state.counters.clear();
        self.state.forms.forget();
        self.state.quarantine_empty = None;
        self.state.networks.rewind(networks);
    }
}

impl Drop for Loop {
    /// However the thread ends, nobody waits for it any more.
    fn drop(&mut self) {
        let mut queue = self.shared.queue();
        queue.stopping = true;
        let rest = (std::mem::take(&mut queue.live), std::mem::take(&mut queue.idle));
        drop(queue);
        drop(rest);
    }
}

/// Runs one write so that it can be undone alone. The inner result is the write's own; the outer error means
/// that it could not be undone. A write that refuses `early`, before it writes any row, needs no savepoint, which
/// would cost a copy of every page it touches.
fn one(transaction: &mut Transaction<'_>, early: bool, work: Work) -> Result<Result<Answer>> {
    let conn = transaction.conn;
    let mark = transaction.mark();
    let changes = conn.total_changes();
    if !early {
        // Below the savepoint there is nothing but rows.
        loaded::write(transaction)?;
        run(conn, "SAVEPOINT write")?;
    }
    // A write that panics is a defect of ours; it must not take the others of its group with it.
    let result = catch_unwind(AssertUnwindSafe(|| work(transaction)))
        .unwrap_or_else(|_| Err(LedgerError::Store("a write broke".to_owned())));
    if let Err(error) = &result {
        if !early {
            run(conn, "ROLLBACK TO write")?;
            transaction.loaded.clear();
        } else if conn.total_changes() != changes || transaction.has_changed_since(&mark) {
            return Err(LedgerError::Store(error.words()));
        }
        transaction.rewind(&mark);
    }
    if !early {
        run(conn, "RELEASE write")?;
    }
    Ok(result)
}

/// Runs a statement that takes and gives nothing.
fn run(conn: &Connection, sql: &str) -> Result<()> {
    conn.prepare_cached(sql).map_err(store)?.execute([]).map_err(store)?;
    Ok(())
}

#[cfg(test)]
mod tests;
