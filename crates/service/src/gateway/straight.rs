//! The way past the queue. What is taken in while nothing waits is leased in the commit that takes it in: one
//! commit less, nothing read again, and the segment is with its carrier a commit earlier.
//!
//! The rules are those of the queue: the same sorting decides, and what cannot go at once is queued. The door is
//! shut while anything waits for a carrier's room, so that nobody overtakes for long.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, Weak};

use ledger::change::Submission;
use ledger::model::{BatchExtra, Message};
use ledger::outbound::{Due, Lease, Straight};
use sms::{AccountId, Number, Outcome};

use super::Inner;
use super::dispatch::queue::Queue;
use super::dispatch::sort::Sorter;
use super::figures::add;
use super::lane::{Lane, by_lane};
use super::parcel::Parcel;
use crate::rules::Rules;

/// Messages of one submission that may go this way. Larger ones would keep the windows for as long as their
/// commit takes.
const MOST_MESSAGES: usize = 64;

/// Whether and by whom submissions are let past the queue.
#[derive(Default)]
pub(crate) struct Door {
    gateway: RwLock<Weak<Inner>>,
    open: AtomicBool,
}

impl Door {
    /// The gateway that submissions are handed to from now on; the door is shut until it says otherwise.
    pub(super) fn lead_to(&self, gateway: &Arc<Inner>) {
        *self.gateway.write().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(gateway);
    }

    pub(super) fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire)
    }

    /// Opens or shuts it; returns whether it was open.
    pub(super) fn set_open(&self, open: bool) -> bool {
        self.open.swap(open, Ordering::AcqRel)
    }

    /// What of a submission may go to which carriers at once, with room kept for it there: all that is queued of
    /// it, or nothing.
    pub(crate) fn pass(
        &self,
        account: AccountId,
        submission: &Submission,
        rules: &Rules,
    ) -> Option<Straight> {
        if !self.is_open() || submission.messages.len() > MOST_MESSAGES || !submission.enqueue {
            return None;
        }
        let inner = self.gateway.read().unwrap_or_else(PoisonError::into_inner).upgrade()?;
        let parcels = sort(&inner, account, submission, rules)?;
        let mut carriers = vec![None; submission.messages.len()];
        for (lane, parcel) in &parcels {
            let place = parcel.leases.first().and_then(|lease| carriers.get_mut(lease.number as usize));
            *place? = Some(Arc::from(lane.name.as_str()));
        }
        let kept = Kept::keep(&inner, account, parcels)?;
        Some(Straight { carriers, leased: Box::new(move |first, leases| kept.hand_over(first, &leases)) })
    }
}

/// The parcels of everything queued, under the places of their messages instead of their numbers; `None` when
/// any of it cannot go now.
fn sort(
    inner: &Inner,
    account: AccountId,
    submission: &Submission,
    rules: &Rules,
) -> Option<Vec<(Arc<Lane>, Parcel)>> {
    let offers = inner.offers();
    let extra = &submission.batch.extra;
    let extra = (*extra != BatchExtra::default()).then(|| Arc::new(extra.clone()));
    let rows = rows(&submission.messages, extra.as_ref());
    let sorter = Sorter {
        account,
        offers: &offers,
        settled: false,
        rules,
        pace: &inner.pace,
        now: inner.service.now(),
        only: None,
    };
    let sorted = sorter.sort(&rows, true, &mut Queue::default());
    let leases: usize = sorted.parcels.iter().map(|(_, parcel)| parcel.leases.len()).sum();
    if rows.is_empty() || leases != rows.len() {
        return None;
    }
    let lane = |place: usize| offers.get(place).map(|offer| Arc::clone(&offer.lane));
    sorted.parcels.into_iter().map(|(place, parcel)| Some((lane(place)?, parcel))).collect()
}

/// What is queued, as if it had been read from the queue.
fn rows(messages: &[Message], extra: Option<&Arc<BatchExtra>>) -> Vec<Due> {
    let mut rows = Vec::with_capacity(messages.len());
    for (message, place) in messages.iter().zip(0..) {
        if message.outcome != Outcome::Queued {
            continue;
        }
        let segments = u8::try_from(message.segments.max(1)).unwrap_or(u8::MAX);
        let due = message.date;
        let message = Arc::new(Message { number: place, history: Vec::new(), ..message.clone() });
        rows.extend((1..=segments).map(|part| Due {
            message: Arc::clone(&message),
            extra: extra.cloned(),
            part,
            due,
            attempts: 0,
        }));
    }
    rows
}

/// Parcels for which their lanes keep room, until they are handed over or dropped.
struct Kept {
    inner: Arc<Inner>,
    account: AccountId,
    parcels: Vec<(Arc<Lane>, Parcel)>,
}

impl Kept {
    fn keep(inner: &Arc<Inner>, account: AccountId, parcels: Vec<(Arc<Lane>, Parcel)>) -> Option<Self> {
        let mut kept = Self { inner: Arc::clone(inner), account, parcels: Vec::with_capacity(parcels.len()) };
        for (lane, parcel) in parcels {
            // What was kept so far is given back where it falls short.
            if !lane.try_reserve() {
                return None;
            }
            kept.parcels.push((lane, parcel));
        }
        Some(kept)
    }

    /// Gives the parcels the numbers of their messages, the first of which is `first`, and hands those over that
    /// were leased.
    fn hand_over(mut self, first: Number, leases: &[Lease]) {
        faults::place("straight.leased");
        let mut leased = Vec::with_capacity(self.parcels.len());
        for (lane, mut parcel) in std::mem::take(&mut self.parcels) {
            match parcel.rename(self.account, first, leases) {
                true => leased.push((lane, parcel)),
                false => lane.release(1),
            }
        }
        for (lane, parcels) in by_lane(leased) {
            add(&self.inner.tally.straight, parcels.len() as u64);
            lane.offer_now(&self.inner, parcels);
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        for (lane, _) in self.parcels.drain(..) {
            lane.release(1);
        }
    }
}
