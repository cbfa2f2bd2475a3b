//! Telling customers' servers what happened to their messages.
//!
//! The ledger keeps events per account in the same commit as the change. A [`Target`] is an address of the
//! account's that wants to be told; each has a lane of its own ([`lane`](self)) that walks the account's
//! events, composes calls in the target's [`Shape`], hands them to the [`Courier`], and records how far it has
//! come. What could not be told becomes a try of its own with a next time, so that one message's trouble holds
//! up no other; a later event of the *same* message waits for it.
//!
//! Promises: every event a target wants is told at least once, or is a dead letter that can be listed and
//! retried; events of one message are told in order; what is held in memory is bounded.
//!
//! * [`target`]: what an account has set up; [`shape`]: how it is spoken to; [`signed`]: our own form;
//! * `gather`, `lane`, `breaker`: the work; `keeping`: dead letters, replay, clearing away.

mod bell;
mod breaker;
mod gather;
mod keeping;
mod lane;
mod lanes;
pub mod shape;
pub mod signed;
pub mod target;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use ledger::Result;
use sms::{AccountId, Micros, Number};
use tokio::sync::{Mutex, Semaphore};

use crate::Service;
pub(crate) use bell::Bell;
pub use gather::Happening;
pub use keeping::{DeadLetter, TargetReport};
use lanes::Slot;
pub use shape::{Call, Courier, CourierError, Reply, Shape, wait_after};
pub use target::{Target, TargetError, Wants};

/// The number under which the addresses that batches name for themselves are kept: one lane an account.
pub const OF_BATCHES: Number = 0;
/// How often the ledger is asked whether there is news.
const POLL: Duration = Duration::from_millis(250);
/// How often the old is cleared away.
const HOUSEKEEPING: Duration = Duration::from_secs(3600);
/// How long calls that are under way may take once the process stops.
const GRACE: Duration = Duration::from_secs(15);
/// Calls under way at once in the whole process.
const MOST_CALLS: usize = 128;
/// Unless told otherwise: events are kept this long for a replay, and dead letters.
const KEPT: Duration = Duration::from_secs(7 * 86_400);

/// What the work has come to since the process began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Events that targets have not been told yet, as of the last look.
    pub backlog: u64,
    /// Targets that are told.
    pub targets: u64,
    /// Calls that were taken.
    pub delivered: u64,
    /// Calls that failed.
    pub failed: u64,
    /// Events that were given up.
    pub dead: u64,
}

/// What all lanes share.
pub(crate) struct Shared {
    service: Service,
    shapes: HashMap<&'static str, Arc<dyn Shape>>,
    courier: Arc<dyn Courier>,
    calls: Semaphore,
    stopping: AtomicBool,
    delivered: AtomicU64,
    failed: AtomicU64,
    dead: AtomicU64,
    backlog: AtomicU64,
    targets: AtomicU64,
}

/// The work of telling. One a process; clones are the same.
#[derive(Clone)]
pub struct Webhooks {
    shared: Arc<Shared>,
    slots: Arc<Mutex<Lanes>>,
    kept: Duration,
}

#[derive(Default)]
struct Lanes {
    slots: HashMap<(AccountId, Number), Arc<Slot>>,
    /// Which change of targets the slots follow; `None` before the first look.
    follows: Option<u64>,
    /// The newest event of each account at the last look.
    heads: HashMap<AccountId, u64>,
}

impl Webhooks {
    /// The work over a service, with the shapes that targets may have.
    pub fn new(service: Service, shapes: Vec<Arc<dyn Shape>>, courier: Arc<dyn Courier>) -> Self {
        let shapes = shapes.into_iter().map(|shape| (shape.id(), shape)).collect();
        let shared = Shared {
            service,
            shapes,
            courier,
            calls: Semaphore::new(MOST_CALLS),
            stopping: AtomicBool::new(false),
            delivered: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            dead: AtomicU64::new(0),
            backlog: AtomicU64::new(0),
            targets: AtomicU64::new(0),
        };
        Self { shared: Arc::new(shared), slots: Arc::default(), kept: KEPT }
    }

    /// The same, where events and dead letters are kept for so long.
    #[must_use]
    pub fn keeping(self, kept: Duration) -> Self {
        Self { kept, ..self }
    }

    /// What it has come to.
    pub fn figures(&self) -> Figures {
        let read = |figure: &AtomicU64| figure.load(Ordering::Relaxed);
        let shared = &self.shared;
        Figures {
            backlog: read(&shared.backlog),
            targets: read(&shared.targets),
            delivered: read(&shared.delivered),
            failed: read(&shared.failed),
            dead: read(&shared.dead),
        }
    }

    /// Tells what is to be told until `stop` is ready; then takes up nothing more, waits a bounded time for
    /// the calls that are out, and returns. What is cut off is told again after the next start.
    pub async fn run(&self, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop);
        let mut tasks = tokio::task::JoinSet::new();
        let mut next_clearing = tokio::time::Instant::now();
        loop {
            if let Err(error) = self.look(Some(&mut tasks)).await {
                tracing::warn!(%error, "webhooks: the ledger could not be asked for news");
            }
            if tokio::time::Instant::now() >= next_clearing {
                next_clearing = tokio::time::Instant::now() + HOUSEKEEPING;
                self.clear().await;
            }
            tokio::select! {
                () = stop.as_mut() => break,
                () = self.shared.service.bell().rung() => {}
                () = tokio::time::sleep(POLL) => {}
            }
            // Lanes that ended, because their target was removed, leave nothing behind.
            while tasks.try_join_next().is_some() {}
        }
        self.shared.stopping.store(true, Ordering::SeqCst);
        for slot in self.slots.lock().await.slots.values() {
            slot.wake.notify_one();
        }
        let all = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, all).await.is_err() {
            tracing::warn!("webhooks: calls were cut off; they are made again after the next start");
        }
        tasks.shutdown().await;
    }

    /// Does all there is to do at this moment, and returns how many calls were made: for tests and tools
    /// that do not [`Webhooks::run`].
    pub async fn settle(&self) -> Result<u64> {
        let made =
            |shared: &Shared| shared.delivered.load(Ordering::SeqCst) + shared.failed.load(Ordering::SeqCst);
        let before = made(&self.shared);
        self.look(None).await?;
        let slots: Vec<Arc<Slot>> = self.slots.lock().await.slots.values().map(Arc::clone).collect();
        let mut turns = tokio::task::JoinSet::new();
        for slot in slots {
            turns.spawn(async move { slot.lane.lock().await.turn(&slot).await });
        }
        while let Some(turn) = turns.join_next().await {
            turn.map_err(|error| ledger::LedgerError::Store(format!("a lane broke: {error}")))??;
        }
        self.look(None).await?;
        Ok(made(&self.shared) - before)
    }

    /// Clears away events and dead letters that were kept long enough.
    pub async fn clear(&self) {
        let now = self.shared.service.now();
        let before = Micros::new(now.get().saturating_sub(micros(self.kept)));
        match self.shared.service.clear_webhooks(before).await {
            Ok(0) => {}
            Ok(dropped) => tracing::warn!(dropped, "webhooks: dead letters were dropped for their age"),
            Err(error) => tracing::warn!(%error, "webhooks: the old could not be cleared away"),
        }
    }
}

/// A duration as the ledger counts.
pub(crate) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
