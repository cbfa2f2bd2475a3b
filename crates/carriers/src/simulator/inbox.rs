//! The simulated carrier in the box: a [`Carrier`] without sockets, for demonstrations and for a server that
//! has no carrier configured. It is the same centre with the same profiles; a fate that cuts the connection
//! brings it down for a moment, and everything unanswered ends as uncertain.

mod incoming;
mod open;
mod outgoing;
mod session;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinHandle;

use super::centre::{Duplicate, WriteError};
use super::counters::Counters;
use super::mo::Mo;
use super::profile::Profile;
use super::switchboard::Switchboard;
use crate::Carrier;
use crate::carrier::{
    Cutting, Events, Figures, LinkState, OutgoingSegment, QueryError, Question, SubmitError, Submitted,
};
use crate::receipt::ReceiptIn;
use open::Open;
use session::Session;

/// How long a submission waits for its answer before it is uncertain.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
/// The most submissions that wait for their answers at once, whatever the profile's window.
const WINDOW: usize = 1_000;
/// Events that wait to be taken.
const EVENTS: usize = 256;
/// How long closing waits for answers.
const DRAIN: Duration = Duration::from_secs(5);

/// A simulated carrier without sockets.
#[derive(Debug)]
pub struct SimulatedCarrier {
    name: String,
    shared: Arc<Shared>,
    places: Semaphore,
    window: usize,
    task: JoinHandle<()>,
}

/// What the carrier and its session share.
#[derive(Debug)]
struct Shared {
    board: Arc<Switchboard>,
    open: Open,
    state: watch::Sender<LinkState>,
    figures: Tally,
    paused: AtomicBool,
    closing: AtomicBool,
}

/// [`Figures`], as they are counted.
#[derive(Debug, Default)]
struct Tally {
    submitted: AtomicU64,
    accepted: AtomicU64,
    rejected: AtomicU64,
    throttled: AtomicU64,
    uncertain: AtomicU64,
    late: AtomicU64,
    receipts: AtomicU64,
    messages: AtomicU64,
    binds: AtomicU64,
}

fn count(figure: &AtomicU64) {
    figure.fetch_add(1, Ordering::Relaxed);
}

impl SimulatedCarrier {
    /// A carrier that behaves by `profile`, with its events; fates follow from `seed`. To be made within a
    /// tokio runtime. It ends when it is closed or dropped.
    pub fn start(name: &str, profile: Profile, seed: u64) -> (Self, Events) {
        let window = profile.link.window.min(WINDOW);
        let (state, _) = watch::channel(LinkState::Down { reason: String::new() });
        let shared = Arc::new(Shared {
            board: Switchboard::new(profile, seed),
            open: Open::default(),
            state,
            figures: Tally::default(),
            paused: AtomicBool::new(false),
            closing: AtomicBool::new(false),
        });
        let (events, receiver) = mpsc::channel(EVENTS);
        let task = tokio::spawn(Session::run(Arc::clone(&shared), events));
        let carrier = Self { name: name.to_owned(), shared, places: Semaphore::new(window), window, task };
        (carrier, receiver)
    }

    /// A handset writes a message. Gives the number of parts to be delivered.
    ///
    /// # Errors
    /// [`WriteError`]; then nothing is delivered.
    pub fn write(&self, mo: &Mo) -> Result<usize, WriteError> {
        self.shared.board.write(mo)
    }

    /// What happened so far at the simulated centre.
    pub fn counters(&self) -> Counters {
        self.shared.board.counters()
    }

    /// The messages that were taken more than once, the first ten thousand of them, in no order.
    pub fn duplicates(&self) -> Vec<Duplicate> {
        self.shared.board.duplicates()
    }

    fn not_sent(&self) -> Option<SubmitError> {
        let reason = if self.shared.closing.load(Ordering::Acquire) {
            "the carrier is closed".to_owned()
        } else if self.shared.paused.load(Ordering::Acquire) {
            "the carrier is paused".to_owned()
        } else if let LinkState::Down { reason } = &*self.shared.state.borrow() {
            format!("the carrier is down: {reason}")
        } else {
            return None;
        };
        Some(SubmitError::NotSent { reason })
    }
}

#[async_trait]
impl Carrier for SimulatedCarrier {
    fn name(&self) -> &str {
        &self.name
    }

    async fn submit(&self, segment: OutgoingSegment) -> Result<Submitted, SubmitError> {
        let place = self.places.acquire().await;
        let _place =
            place.map_err(|_| SubmitError::NotSent { reason: "the carrier is closed".to_owned() })?;
        let message = outgoing::message(&segment)?;
        if let Some(error) = self.not_sent() {
            return Err(error);
        }
        let result = self.shared.submit(segment.key, &message).await;
        let figures = &self.shared.figures;
        match &result {
            Ok(_) => count(&figures.accepted),
            Err(SubmitError::Throttled { .. }) => count(&figures.throttled),
            Err(SubmitError::Rejected { .. }) => count(&figures.rejected),
            Err(SubmitError::Uncertain { .. }) => count(&figures.uncertain),
            Err(SubmitError::Retry { .. } | SubmitError::NotSent { .. }) => {}
        }
        result
    }

    async fn query(&self, question: Question) -> Result<ReceiptIn, QueryError> {
        if !matches!(&*self.shared.state.borrow(), LinkState::Up { .. } | LinkState::Paused { .. }) {
            return Err(QueryError::Unavailable("the carrier is down".to_owned()));
        }
        let standing = self.shared.board.query(&question.id);
        let standing = standing.ok_or_else(|| QueryError::Refused("no such message".to_owned()))?;
        Ok(incoming::answer(question, standing, self.shared.board.clock.now()))
    }

    fn cutting(&self) -> Cutting {
        Cutting::Segments(sms::segment::ReferenceSize::Eight)
    }

    fn window(&self) -> usize {
        self.window
    }

    fn watch(&self) -> watch::Receiver<LinkState> {
        self.shared.state.subscribe()
    }

    fn figures(&self) -> Figures {
        let Tally { submitted, accepted, rejected, throttled, uncertain, late, receipts, messages, binds } =
            &self.shared.figures;
        let get = |figure: &AtomicU64| figure.load(Ordering::Relaxed);
        Figures {
            submitted: get(submitted),
            accepted: get(accepted),
            rejected: get(rejected),
            throttled: get(throttled),
            uncertain: get(uncertain),
            late: get(late),
            receipts: get(receipts),
            messages: get(messages),
            binds: get(binds),
            in_flight: self.shared.open.waiting() as u64,
        }
    }

    fn pause(&self) {
        self.shared.paused.store(true, Ordering::Release);
        self.shared.show();
    }

    fn resume(&self) {
        self.shared.paused.store(false, Ordering::Release);
        self.shared.show();
    }

    async fn close(&self) {
        if self.shared.closing.swap(true, Ordering::AcqRel) {
            return;
        }
        // Calls that wait for a place end now; those that have one are waited for.
        self.places.close();
        let drained = async {
            while self.shared.open.waiting() > 0 {
                self.shared.open.answered().await;
            }
        };
        if tokio::time::timeout(DRAIN, drained).await.is_err() {
            tracing::debug!("answers were still out when the simulated carrier was closed");
        }
        self.task.abort();
        self.shared.open.lose_all("the carrier was closed");
        self.shared.state.send_replace(LinkState::Closed);
    }
}

impl Drop for SimulatedCarrier {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    /// Shows the operator's pause, or its end, in the state.
    fn show(&self) {
        let paused = self.paused.load(Ordering::Acquire);
        self.state.send_if_modified(|state| {
            let shown = match state {
                LinkState::Up { sessions, .. } if paused => LinkState::Paused { sessions: *sessions },
                LinkState::Paused { sessions } if !paused => {
                    LinkState::Up { sessions: *sessions, throttled: false }
                }
                LinkState::Up { .. }
                | LinkState::Paused { .. }
                | LinkState::Down { .. }
                | LinkState::Closed => {
                    return false;
                }
            };
            *state = shown;
            true
        });
    }

    /// A session begins.
    fn up(&self) {
        count(&self.figures.binds);
        self.state.send_replace(LinkState::Up { sessions: 1, throttled: false });
        self.show();
    }
}

#[cfg(test)]
mod tests;
