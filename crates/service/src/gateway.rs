//! The way out and back: carriers, what is dispatched to them, what they report.
//!
//! One [`Gateway`] a process. Its ways are put in and taken out while it runs; [`Gateway::run`] takes what is
//! due from the ledger, leases it, hands it to the carrier that [`Routing`] chooses, and records what became
//! of it; beside that it commits receipts and MO and only then acknowledges them.
//!
//! Tasks: one that dispatches, two a carrier (one submits, one takes what is reported), one that commits, and
//! chores. What is waited for is not written: a place in a queue is a hint, [`ledger::WayOut::lease`] alone
//! decides. A lease is on disk before a carrier sees the segment, so a crash leaves in doubt exactly what had
//! one.
//!
//! * `dispatch` reads queues (`dispatch::queue`), sorts (`dispatch::sort`, without I/O) and leases, fairly between
//!   accounts, as far as the windows have room;
//! * `straight` leads what is taken in while nobody waits past the queue, leased in its own commit;
//! * `lane` submits what was leased over one carrier (`parcel`) and judges its answers (`verdict`);
//! * `events` takes what a carrier reports; it never waits for a submission;
//! * `commit` records answers and receipts in groups, answers first;
//! * `restart` settles what the last process left open, `endings` what no word ever came of, `chores` the rest.

mod chores;
mod commit;
mod dispatch;
mod endings;
mod events;
mod figures;
mod intake;
mod lane;
mod offer;
mod pace;
mod parcel;
mod restart;
mod routing;
pub(crate) mod straight;
mod verdict;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use carriers::carrier::{Figures, LinkState};
use carriers::{Carrier, Events};
pub use figures::GatewayFigures;
pub use intake::TakesMessages;
pub use pace::Pace;
pub use routing::{Claim, Doubt, Routing};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use self::commit::Commits;
use self::dispatch::Dispatcher;
use self::figures::Tally;
use self::lane::{Lane, lock};
use self::offer::Offer;
use crate::Service;

/// A carrier as its operator set it up.
pub struct Way {
    /// The carrier.
    pub carrier: Arc<dyn Carrier>,
    /// What it reports.
    pub events: Events,
    /// What goes over it.
    pub routing: Routing,
    /// What becomes of attempts whose answer never came.
    pub doubt: Doubt,
}

/// A carrier as it is just now.
#[derive(Clone, Debug)]
pub struct WayReport {
    /// Its name.
    pub name: String,
    /// Whether it takes segments.
    pub state: LinkState,
    /// Its counts.
    pub figures: Figures,
    /// How many submissions it has open at most.
    pub window: usize,
    /// What goes over it.
    pub routing: Routing,
    /// What becomes of its uncertain attempts.
    pub doubt: Doubt,
}

/// The carriers of a process and the work with them. Clones are the same gateway.
#[derive(Clone)]
pub struct Gateway {
    inner: Arc<Inner>,
}

/// What all parts of the gateway share.
struct Inner {
    service: Service,
    pace: Pace,
    intake: Arc<dyn TakesMessages>,
    lanes: RwLock<BTreeMap<String, Arc<Lane>>>,
    /// Lanes that are being closed beside everything else.
    closing: Mutex<JoinSet<()>>,
    commits: Commits,
    /// The task that commits, and how it is told that nothing more will come.
    committing: Mutex<Option<JoinHandle<()>>>,
    last: watch::Sender<bool>,
    tally: Tally,
    /// Where the work goes on, for whoever hands over from other threads.
    runtime: OnceLock<tokio::runtime::Handle>,
}

impl Inner {
    fn lane(&self, name: &str) -> Option<Arc<Lane>> {
        self.lanes.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn lanes(&self) -> Vec<Arc<Lane>> {
        self.lanes.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// The carriers as they are, by name.
    fn offers(&self) -> Vec<Offer> {
        self.lanes().iter().map(|lane| Offer::of(lane, self.pace.shy)).collect()
    }
}

impl Gateway {
    /// A gateway without carriers: what is due waits. MO are left with their peers until
    /// [`Gateway::with_intake`] says who takes them.
    pub fn new(service: Service) -> Self {
        Self::with(service, Arc::new(intake::NotTaken), Pace::default())
    }

    /// A gateway whose MO are taken by `intake`.
    pub fn with_intake(service: Service, intake: Arc<dyn TakesMessages>) -> Self {
        Self::with(service, intake, Pace::default())
    }

    /// The same at another pace.
    pub fn with(service: Service, intake: Arc<dyn TakesMessages>, pace: Pace) -> Self {
        let inner = Inner {
            service,
            pace,
            intake,
            lanes: RwLock::default(),
            closing: Mutex::default(),
            commits: Commits::new(),
            committing: Mutex::default(),
            last: watch::Sender::new(false),
            tally: Tally::default(),
            runtime: OnceLock::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Puts a carrier in, in the place of the one of its name if there is one, which is closed once its
    /// answers are in. Its receipts are committed and its MO taken from now on; segments go over it once
    /// [`Gateway::run`] runs.
    pub async fn install(&self, way: Way) {
        let Way { carrier, events, routing, doubt } = way;
        self.start_committing();
        let (lane, queue) = Lane::new(carrier, routing, doubt);
        let inner = &self.inner;
        let tasks = vec![
            tokio::spawn(lane::submit(Arc::clone(inner), Arc::clone(&lane), queue)),
            tokio::spawn(events::take(Arc::clone(inner), Arc::clone(&lane), events)),
        ];
        *lock(&lane.tasks) = tasks;
        let name = lane.name.clone();
        let earlier = inner.lanes.write().unwrap_or_else(PoisonError::into_inner).insert(name, lane);
        if let Some(earlier) = earlier {
            let drain = inner.pace.drain;
            lock(&inner.closing).spawn(async move { earlier.close(drain).await });
        }
        inner.service.wake.ring();
    }

    /// Takes a carrier out and closes it once its answers are in; `false` when there is none of this name.
    pub async fn remove(&self, name: &str) -> bool {
        let lane = self.inner.lanes.write().unwrap_or_else(PoisonError::into_inner).remove(name);
        let Some(lane) = lane else { return false };
        self.inner.service.wake.ring();
        lane.close(self.inner.pace.drain).await;
        true
    }

    /// Gives a carrier other rules; `false` when there is none of this name.
    pub fn reroute(&self, name: &str, routing: Routing, doubt: Doubt) -> bool {
        let Some(lane) = self.inner.lane(name) else { return false };
        lane.set_rules(routing, doubt);
        self.inner.service.wake.ring();
        true
    }

    /// The carrier of a name, to pause, to resume, to ask.
    pub fn carrier(&self, name: &str) -> Option<Arc<dyn Carrier>> {
        self.inner.lane(name).map(|lane| Arc::clone(&lane.carrier))
    }

    /// Every carrier, by name.
    pub fn ways(&self) -> Vec<WayReport> {
        self.inner.lanes().iter().map(|lane| lane.report()).collect()
    }

    /// What was done so far and is to be done.
    pub fn figures(&self) -> GatewayFigures {
        let in_flight = self.inner.lanes().iter().map(|lane| lane.open() as u64).sum();
        GatewayFigures { in_flight, ..self.inner.tally.read() }
    }

    /// Works until `stop` is ready: what is due goes out, what comes in is recorded, schedules are brought
    /// about, the old is cleared away. Then takes no more, waits a bounded time for the answers that are
    /// out, closes the carriers and returns. Runs once a process.
    pub async fn run(&self, stop: impl Future<Output = ()> + Send) {
        self.start_committing();
        let inner = &self.inner;
        inner.runtime.get_or_init(tokio::runtime::Handle::current);
        inner.service.door.lead_to(inner);
        let (halt, halted) = tokio::sync::oneshot::channel::<()>();
        let work = async {
            if let Err(error) = restart::recover(inner).await {
                tracing::error!(%error, "attempts that were open at the start stay as they are");
            }
            Dispatcher::new(Arc::clone(inner)).run(async { drop(halted.await) }).await;
        };
        tokio::pin!(work);
        tokio::select! {
            () = &mut work => {}
            () = chores::run(inner) => {}
            () = stop => {}
        }
        // What is being leased is handed over yet: a lease that nobody attempts would be in doubt.
        drop(halt);
        if tokio::time::timeout(inner.pace.drain, work).await.is_err() {
            tracing::error!("leases could not be written");
        }
        self.finish().await;
    }

    /// Closes everything, and commits what came until then.
    async fn finish(&self) {
        let inner = &self.inner;
        let lanes = std::mem::take(&mut *inner.lanes.write().unwrap_or_else(PoisonError::into_inner));
        let mut closing = std::mem::take(&mut *lock(&inner.closing));
        for lane in lanes.into_values() {
            let drain = inner.pace.drain;
            closing.spawn(async move { lane.close(drain).await });
        }
        while closing.join_next().await.is_some() {}
        inner.last.send_replace(true);
        let committing = lock(&inner.committing).take();
        if let Some(mut committing) = committing
            && tokio::time::timeout(inner.pace.drain, &mut committing).await.is_err()
        {
            tracing::error!("what came back from carriers could not be recorded");
            committing.abort();
        }
    }

    fn start_committing(&self) {
        let mut committing = lock(&self.inner.committing);
        if committing.is_none() && !*self.inner.last.borrow() {
            let last = self.inner.last.subscribe();
            *committing = Some(tokio::spawn(commit::run(Arc::clone(&self.inner), last)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_work_may_move_between_threads() {
        fn movable<T: Send>(_: impl FnOnce(Gateway) -> T) {}
        movable(|gateway: Gateway| async move { gateway.run(std::future::pending()).await });
    }
}
