//! Making a window's calls: the events of one message one after the other.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sms::Micros;
use tokio::sync::Semaphore;

use crate::webhooks::breaker::{Breakers, Stance};
use crate::webhooks::gather::{Happening, Item};
use crate::webhooks::target::{Target, shown};
use crate::webhooks::{CourierError, Reply, Shape, Shared, micros};

/// The longest complaint that is kept with a try, in characters.
const LONGEST_WORDS: usize = 200;

/// How telling one event ended.
pub(super) struct Told {
    pub(super) item: Item,
    pub(super) end: End,
}

/// What came of a call.
pub(super) enum End {
    /// The target took it.
    Taken(u16),
    /// It failed; to be tried again then, or given up.
    Failed { code: Option<u16>, words: String, next: Option<Micros> },
    /// It was not tried, and is to be from then on.
    Waits(Micros),
}

/// One event, ready to be told.
pub(super) struct Step {
    pub(super) item: Item,
    pub(super) happening: Arc<Happening>,
    pub(super) target: Arc<Target>,
}

/// The events of one message, in order.
pub(super) struct Group {
    pub(super) shape: Arc<dyn Shape>,
    pub(super) steps: Vec<Step>,
}

impl Group {
    /// Tells them one after the other; after one that is to be tried again the rest waits for it.
    pub(super) async fn tell(self, shared: &Shared, breakers: &Breakers, at_once: &Semaphore) -> Vec<Told> {
        let mut told = Vec::with_capacity(self.steps.len());
        let mut waits: Option<Micros> = None;
        for Step { item, happening, target } in self.steps {
            let end = match waits {
                Some(until) => End::Waits(until),
                None => one(shared, breakers, at_once, &self.shape, &item, &happening, &target).await,
            };
            waits = match &end {
                End::Taken(_) | End::Failed { next: None, .. } => None,
                End::Failed { next: Some(until), .. } | End::Waits(until) => Some(*until),
            };
            told.push(Told { item, end });
        }
        told
    }
}

/// Makes one call, if its host is not at rest.
async fn one(
    shared: &Shared,
    breakers: &Breakers,
    at_once: &Semaphore,
    shape: &Arc<dyn Shape>,
    item: &Item,
    happening: &Happening,
    target: &Target,
) -> End {
    // Neither is ever closed.
    let _places = (at_once.acquire().await, shared.calls.acquire().await);
    let now = shared.service.now();
    if let Stance::Resting(until) = breakers.stance(&target.url, now) {
        return End::Waits(until);
    }
    let result = shared.courier.deliver(shape.compose(happening, target, now)).await;
    let taken = result.as_ref().is_ok_and(|reply| shape.succeeded(reply));
    let now = shared.service.now();
    breakers.note(&target.url, taken, now);
    let count = if taken { &shared.delivered } else { &shared.failed };
    count.fetch_add(1, Ordering::Relaxed);
    if let (true, Ok(reply)) = (taken, &result) {
        return End::Taken(reply.status);
    }
    let (code, words) = complaint(&result);
    tracing::debug!(account = %happening.account.id, webhook = target.number, event = item.sequence,
        url = shown(&target.url), error = words, "webhooks: a call failed");
    let wait = shape.next_try(item.attempts.saturating_add(1));
    let next = wait.map(|wait: Duration| Micros::new(now.get().saturating_add(micros(wait))));
    End::Failed { code, words, next }
}

/// What is kept with a try of a call that failed.
fn complaint(result: &Result<Reply, CourierError>) -> (Option<u16>, String) {
    match result {
        Ok(reply) => (Some(reply.status), format!("answered with status {}", reply.status)),
        Err(error) => (None, error.to_string().chars().take(LONGEST_WORDS).collect()),
    }
}
