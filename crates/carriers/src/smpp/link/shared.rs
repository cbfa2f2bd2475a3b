//! What the sessions of a link and its callers share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::job::{Job, Taken};
use super::rate::TokenBucket;
use super::settings::LinkSettings;
use crate::carrier::{Event, Figures, LinkState, SubmitError, Submitted};
use crate::smpp::pdu::{BindKind, Body, Class, Status};
use crate::smpp::session::{Answer, Moment};

/// Why a link whose sessions all only receive takes no segments.
pub const RECEIVING_ONLY: &str = "bound for receiving only";

/// What the operator wants of the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Running,
    Paused,
    /// For good.
    Closed,
}

/// How one session stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Down(String),
    Up { kind: BindKind, throttled: bool },
}

/// Counters, each of its own.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) submitted: AtomicU64,
    pub(super) accepted: AtomicU64,
    pub(super) rejected: AtomicU64,
    pub(super) throttled: AtomicU64,
    pub(super) uncertain: AtomicU64,
    pub(super) late: AtomicU64,
    pub(super) receipts: AtomicU64,
    pub(super) messages: AtomicU64,
    pub(super) binds: AtomicU64,
    pub(super) in_flight: AtomicU64,
}

impl Counters {
    pub(super) fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// The state of a link.
pub(super) struct Shared {
    pub(super) settings: LinkSettings,
    pub(super) events: mpsc::Sender<Event>,
    pub(super) counters: Counters,
    pub(super) mode: watch::Sender<Mode>,
    origin: Instant,
    queue: tokio::sync::Mutex<mpsc::Receiver<Job>>,
    bucket: Mutex<TokenBucket>,
    standings: Mutex<Vec<Standing>>,
    /// The end of the last pause that the peer asked for.
    pause_ends: Mutex<Moment>,
    state: watch::Sender<LinkState>,
}

impl Shared {
    pub(super) fn new(
        settings: LinkSettings,
        sessions: usize,
        queue: mpsc::Receiver<Job>,
        events: mpsc::Sender<Event>,
    ) -> Self {
        Self {
            events,
            counters: Counters::default(),
            mode: watch::Sender::new(Mode::Running),
            origin: Instant::now(),
            queue: tokio::sync::Mutex::new(queue),
            bucket: Mutex::new(TokenBucket::new(settings.rate)),
            standings: Mutex::new(vec![Standing::Down(String::new()); sessions]),
            pause_ends: Mutex::new(Moment::ZERO),
            state: watch::Sender::new(LinkState::Down { reason: String::new() }),
            settings,
        }
    }

    /// The time, as sessions are told it.
    pub(super) fn now(&self) -> Moment {
        self.origin.elapsed()
    }

    /// A session's moment as the runtime's.
    pub(super) fn instant(&self, moment: Moment) -> Instant {
        self.origin + moment
    }

    pub(super) fn watch(&self) -> watch::Receiver<LinkState> {
        self.state.subscribe()
    }

    /// The next job, when the rate allows it. Nothing is lost when the future is dropped. Ends never while
    /// the link is alive; `None` afterwards.
    pub(super) async fn next_job(&self) -> Option<(Taken, Body)> {
        let mut queue = self.queue.lock().await;
        loop {
            // Only the holder of the queue takes tokens, so one that was seen stays.
            let wait = lock(&self.bucket).wait(self.now());
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
                continue;
            }
            if let Some(taken) = queue.recv().await?.take() {
                lock(&self.bucket).take(self.now());
                return Some(taken);
            }
        }
    }

    /// Changes what the operator wants; [`Mode::Closed`] stays.
    pub(super) fn switch(&self, mode: Mode) {
        let changed = self.mode.send_if_modified(|current| {
            let change = *current != Mode::Closed && *current != mode;
            if change {
                *current = mode;
            }
            change
        });
        if changed {
            self.publish(&lock(&self.standings));
        }
    }

    /// The peer asked for less until `moment`.
    pub(super) fn paused_until(&self, moment: Moment) {
        let mut ends = lock(&self.pause_ends);
        *ends = moment.max(*ends);
    }

    /// A session's standing has changed. Whoever watches is told even if the link's has not: that a session
    /// ended matters while another goes on, and while the link is paused.
    pub(super) fn stand(&self, index: usize, standing: Standing) {
        let mut standings = lock(&self.standings);
        if let Some(place) = standings.get_mut(index) {
            *place = standing;
        }
        self.publish(&standings);
        self.state.send_modify(|_| {});
    }

    fn publish(&self, standings: &[Standing]) {
        let state = match *self.mode.borrow() {
            Mode::Closed => LinkState::Closed,
            Mode::Paused => LinkState::Paused { sessions: bound(standings) },
            Mode::Running => self.running_state(standings),
        };
        self.state.send_if_modified(|current| {
            let change = *current != state;
            if change {
                *current = state;
            }
            change
        });
    }

    fn running_state(&self, standings: &[Standing]) -> LinkState {
        let sends = |standing: &Standing| matches!(standing, Standing::Up { kind, .. } if kind.transmits());
        let free = |standing: &Standing| matches!(standing, Standing::Up { kind, throttled: false } if kind.transmits());
        if standings.iter().any(sends) {
            let throttled = !standings.iter().any(free);
            return LinkState::Up { sessions: bound(standings), throttled };
        }
        let reason = standings.iter().find_map(|standing| match standing {
            Standing::Down(reason) if !reason.is_empty() => Some(reason.clone()),
            Standing::Down(_) | Standing::Up { .. } => None,
        });
        let words = || if bound(standings) > 0 { RECEIVING_ONLY } else { "" }.to_owned();
        LinkState::Down { reason: reason.unwrap_or_else(words) }
    }

    /// What an answer to a submission means.
    pub(super) fn judge(&self, answer: Answer) -> Result<Submitted, SubmitError> {
        let status = answer.status;
        let code = Some(format!("{:#010x}", status.0));
        match (self.class(status), answer.body) {
            (Class::Ok, Body::SubmitSmResp(id)) => {
                let id = id.trim();
                Ok(Submitted { id: (!id.is_empty()).then(|| id.to_owned()) })
            }
            // A generic_nack that says all is well: nobody knows what that means.
            (Class::Ok, _) => Err(SubmitError::Uncertain { reason: "an answer without sense".to_owned() }),
            (Class::Throttled, _) => {
                Err(SubmitError::Throttled { after: lock(&self.pause_ends).saturating_sub(self.now()) })
            }
            (Class::Retry | Class::Session, _) => Err(SubmitError::Retry { code, words: status.to_string() }),
            (Class::Permanent, _) => Err(SubmitError::Rejected { code, words: status.to_string() }),
        }
    }

    fn class(&self, status: Status) -> Class {
        let options = &self.settings.options;
        match status {
            Status::OK => Class::Ok,
            _ if options.reject_status.contains(&status.0) => Class::Permanent,
            _ if options.retry_status.contains(&status.0) => Class::Retry,
            _ => status.class(),
        }
    }

    /// Counts how a submission ended.
    pub(super) fn count(&self, result: &Result<Submitted, SubmitError>) {
        let counters = &self.counters;
        match result {
            Ok(_) => Counters::add(&counters.accepted),
            Err(SubmitError::Rejected { .. }) => Counters::add(&counters.rejected),
            Err(SubmitError::Throttled { .. }) => Counters::add(&counters.throttled),
            Err(SubmitError::Uncertain { .. }) => Counters::add(&counters.uncertain),
            Err(SubmitError::Retry { .. } | SubmitError::NotSent { .. }) => {}
        }
    }

    pub(super) fn figures(&self) -> Figures {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counters = &self.counters;
        Figures {
            submitted: read(&counters.submitted),
            accepted: read(&counters.accepted),
            rejected: read(&counters.rejected),
            throttled: read(&counters.throttled),
            uncertain: read(&counters.uncertain),
            late: read(&counters.late),
            receipts: read(&counters.receipts),
            messages: read(&counters.messages),
            binds: read(&counters.binds),
            in_flight: read(&counters.in_flight),
        }
    }
}

/// Sessions that are bound, in either direction.
fn bound(standings: &[Standing]) -> usize {
    standings.iter().filter(|standing| matches!(standing, Standing::Up { .. })).count()
}

/// Locks a mutex whose holders cannot leave it half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
