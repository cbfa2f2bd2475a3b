//! One carrier that is put in: what it is offered, and what it answers.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;

use carriers::Carrier;
use carriers::carrier::{SubmitError, Submitted};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;

use super::commit::Done;
use super::parcel::Parcel;
use super::routing::{Doubt, Routing};
use super::verdict::Judge;
use super::{Inner, WayReport};

/// Groups of leased submissions that may wait for a lane, which takes them at once.
const WAITING: usize = 512;

/// A carrier with its rules and its open submissions.
pub(super) struct Lane {
    pub(super) name: String,
    pub(super) carrier: Arc<dyn Carrier>,
    rules: RwLock<(Arc<Routing>, Doubt)>,
    /// Submissions that are leased or about to be, and not answered.
    open: AtomicUsize,
    idle: Notify,
    /// Since when it takes nothing although it says it is up, and how often it had bound by then.
    refused: Mutex<Option<(Instant, u64)>>,
    parcels: mpsc::Sender<Vec<Parcel>>,
    /// Told when no more is to be taken from its events than what is there.
    pub(super) leaving: watch::Sender<bool>,
    closed: AtomicBool,
    pub(super) tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// Parcels with those of the same lane, in the order in which they come.
pub(super) fn by_lane(
    parcels: impl IntoIterator<Item = (Arc<Lane>, Parcel)>,
) -> Vec<(Arc<Lane>, Vec<Parcel>)> {
    let mut lanes: Vec<(Arc<Lane>, Vec<Parcel>)> = Vec::new();
    for (lane, parcel) in parcels {
        match lanes.iter_mut().find(|(known, _)| Arc::ptr_eq(known, &lane)) {
            Some((_, parcels)) => parcels.push(parcel),
            None => lanes.push((lane, vec![parcel])),
        }
    }
    lanes
}

/// Locks what no panic can leave half changed.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lane {
    /// A lane, and what it is to be fed from.
    pub(super) fn new(
        carrier: Arc<dyn Carrier>,
        routing: Routing,
        doubt: Doubt,
    ) -> (Arc<Self>, mpsc::Receiver<Vec<Parcel>>) {
        let (parcels, queue) = mpsc::channel(WAITING);
        let lane = Self {
            name: carrier.name().to_owned(),
            carrier,
            rules: RwLock::new((Arc::new(routing), doubt)),
            open: AtomicUsize::new(0),
            idle: Notify::new(),
            refused: Mutex::new(None),
            parcels,
            leaving: watch::Sender::new(false),
            closed: AtomicBool::new(false),
            tasks: Mutex::default(),
        };
        (Arc::new(lane), queue)
    }

    pub(super) fn rules(&self) -> (Arc<Routing>, Doubt) {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_rules(&self, routing: Routing, doubt: Doubt) {
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = (Arc::new(routing), doubt);
    }

    pub(super) fn report(&self) -> WayReport {
        let (routing, doubt) = self.rules();
        WayReport {
            name: self.name.clone(),
            state: self.carrier.state(),
            figures: self.carrier.figures(),
            window: self.carrier.window(),
            routing: Routing::clone(&routing),
            doubt,
        }
    }

    /// How many more submissions it may have open; zero while it takes none.
    pub(super) fn room(&self) -> usize {
        self.carrier.window().saturating_sub(self.open())
    }

    pub(super) fn open(&self) -> usize {
        self.open.load(Ordering::Acquire)
    }

    /// Whether it takes segments now.
    pub(super) fn is_up(&self, shy: std::time::Duration) -> bool {
        let mut refused = lock(&self.refused);
        // A session that was opened since has refused nothing.
        if refused
            .is_some_and(|(since, binds)| since.elapsed() < shy && binds == self.carrier.figures().binds)
        {
            return false;
        }
        *refused = None;
        self.carrier.state().takes_segments()
    }

    /// It took nothing although it said it was up.
    fn is_shy(&self) {
        *lock(&self.refused) = Some((Instant::now(), self.carrier.figures().binds));
    }

    /// Counts submissions that are about to be leased.
    pub(super) fn reserve(&self, count: usize) {
        self.open.fetch_add(count, Ordering::AcqRel);
    }

    /// Counts submissions that ended, or were not to be had.
    pub(super) fn release(&self, count: usize) {
        if self.open.fetch_sub(count, Ordering::AcqRel) == count {
            self.idle.notify_waiters();
        }
    }

    /// Counts one more submission, if there is room for it.
    pub(super) fn try_reserve(&self) -> bool {
        let window = self.carrier.window();
        let more = |open: usize| (open < window).then_some(open + 1);
        self.open.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).is_ok()
    }

    /// Hands over what is leased, without waiting.
    pub(super) fn offer_now(self: Arc<Self>, inner: &Arc<Inner>, parcels: Vec<Parcel>) {
        let parcels = match self.parcels.try_send(parcels) {
            Ok(()) => return,
            Err(TrySendError::Full(parcels) | TrySendError::Closed(parcels)) => parcels,
        };
        let (runtime, inner) = (inner.runtime.get().cloned(), Arc::clone(inner));
        match runtime {
            Some(runtime) => {
                runtime.spawn(async move { self.offer(&inner, parcels).await });
            }
            // The door is shut while nothing runs.
            None => tracing::error!(carrier = self.name, "what was leased stays in doubt"),
        }
    }

    /// Hands over what is leased.
    pub(super) async fn offer(&self, inner: &Inner, parcels: Vec<Parcel>) {
        if let Err(mpsc::error::SendError(parcels)) = self.parcels.send(parcels).await {
            never_offered(inner, self, parcels).await;
        }
    }

    /// Waits until every submission has ended.
    pub(super) async fn idle(&self) {
        loop {
            let idle = self.idle.notified();
            tokio::pin!(idle);
            idle.as_mut().enable();
            if self.open() == 0 {
                return;
            }
            idle.await;
        }
    }

    /// Waits a bounded time for the answers that are out, closes the carrier and ends its tasks. Once.
    pub(super) async fn close(&self, drain: std::time::Duration) {
        if self.closed.swap(true, Ordering::AcqRel) {
            return;
        }
        if tokio::time::timeout(drain, self.idle()).await.is_err() {
            tracing::warn!(carrier = self.name, open = self.open(), "answers are still out");
        }
        self.carrier.close().await;
        // A closed carrier answers all that is open.
        if tokio::time::timeout(drain, self.idle()).await.is_err() {
            tracing::error!(carrier = self.name, open = self.open(), "a closed carrier did not answer");
        }
        self.leaving.send_replace(true);
        let tasks = std::mem::take(&mut *lock(&self.tasks));
        for mut task in tasks {
            if tokio::time::timeout(drain, &mut task).await.is_err() {
                tracing::error!(carrier = self.name, "a task of a carrier did not end");
                task.abort();
            }
        }
    }
}

/// Waits until a lane leaves.
pub(super) async fn gone(leaving: &mut watch::Receiver<bool>) {
    // The other end being gone says the same.
    let _left_or_gone = leaving.wait_for(|leaving| *leaving).await.is_ok();
}

/// Submits what a lane is offered and passes on the answers, until the lane leaves.
pub(super) async fn submit(inner: Arc<Inner>, lane: Arc<Lane>, mut queue: mpsc::Receiver<Vec<Parcel>>) {
    let mut leaving = lane.leaving.subscribe();
    let mut open = FuturesUnordered::new();
    loop {
        tokio::select! {
            Some((parcel, answer)) = open.next(), if !open.is_empty() => {
                answered(&inner, &lane, parcel, answer).await;
            }
            Some(parcels) = queue.recv() => {
                for parcel in parcels {
                    let carrier = Arc::clone(&lane.carrier);
                    open.push(async move {
                        let answer = carrier.submit(parcel.segment.clone()).await;
                        (parcel, answer)
                    });
                }
            }
            () = gone(&mut leaving) => break,
        }
    }
    // What came when it had left already goes to others. What a closed carrier still owes an answer for
    // keeps its lease, and is in doubt at the next start.
    queue.close();
    while let Ok(parcels) = queue.try_recv() {
        never_offered(&inner, &lane, parcels).await;
    }
}

async fn never_offered(inner: &Inner, lane: &Lane, parcels: Vec<Parcel>) {
    for parcel in parcels {
        let reason = "the carrier was taken out".to_owned();
        answered(inner, lane, parcel, Err(SubmitError::NotSent { reason })).await;
    }
}

async fn answered(inner: &Inner, lane: &Lane, parcel: Parcel, answer: Result<Submitted, SubmitError>) {
    if matches!(answer, Err(SubmitError::NotSent { .. })) {
        lane.is_shy();
    }
    let judge =
        Judge { doubt: lane.rules().1, pace: &inner.pace, tally: &inner.tally, now: inner.service.now() };
    faults::place("dispatch.submitted");
    let account = parcel.account;
    let attempts = judge.attempts(parcel, answer);
    inner.commits.done(Done { account, attempts }).await;
    lane.release(1);
    // While the door is open nobody waits for room.
    if !inner.service.door.is_open() {
        inner.service.wake.ring();
    }
}
