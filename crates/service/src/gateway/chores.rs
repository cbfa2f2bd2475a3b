//! What is done every second, every half minute, every ten minutes.

use std::time::Duration;

use ledger::Result;
use ledger::people::Slice;
use sms::Micros;
use tokio::time::{Interval, MissedTickBehavior};

use super::Inner;
use super::endings::Endings;
use super::figures::{add, set};

/// How long a receipt that matches nothing is kept.
const QUARANTINE: i64 = 30 * 24 * 3600;
/// How long the ids of final messages are known.
const IDS: i64 = 7 * 24 * 3600;
/// How long idempotency keys are remembered.
const REQUESTS: i64 = 24 * 3600;

/// Does the chores until it is dropped. What fails is told, and tried again at its next time.
pub(super) async fn run(inner: &Inner) {
    tokio::join!(schedules(inner), minutes(inner), endings(inner), upkeep(inner));
}

/// A clock that strikes every `period`, and once at the beginning.
fn times(period: Duration) -> Interval {
    let mut times = tokio::time::interval(period);
    times.set_missed_tick_behavior(MissedTickBehavior::Delay);
    times
}

/// Occurrences come due like anything else, so nobody has to be woken for them.
async fn schedules(inner: &Inner) {
    let mut times = times(inner.pace.tick);
    loop {
        times.tick().await;
        tell("schedules", inner.service.materialise_due().await.map(drop));
    }
}

async fn minutes(inner: &Inner) {
    let mut times = times(inner.pace.minutes);
    loop {
        times.tick().await;
        tell("incomplete MO", inner.intake.clear_stale().await.map(drop));
        tell("figures", look(inner).await);
    }
}

async fn endings(inner: &Inner) {
    let mut times = times(inner.pace.upkeep);
    let mut endings = Endings::default();
    loop {
        times.tick().await;
        tell("silent messages", endings.go_round(inner).await);
    }
}

async fn upkeep(inner: &Inner) {
    let mut times = times(inner.pace.upkeep);
    loop {
        times.tick().await;
        tell("clearing away", clear_away(inner).await);
    }
}

fn tell(what: &str, result: Result<()>) {
    if let Err(error) = result {
        tracing::error!(%error, "{what}: not done");
    }
}

/// Figures that are looked at now and then.
async fn look(inner: &Inner) -> Result<()> {
    let now = inner.service.now().seconds();
    let ledger = &inner.service.ledger;
    let backlog = ledger.backlog(now).await?;
    let tally = &inner.tally;
    set(&tally.due, backlog.due);
    set(&tally.oldest_due, backlog.oldest.map_or(0, |oldest| now.saturating_sub(oldest).into()));
    set(&tally.uncertain_open, backlog.uncertain);
    let quarantine = ledger.unmatched(Slice { limit: 0, ..Slice::default() }).await?;
    set(&tally.quarantined, quarantine.total);
    let unrouted = ledger.unrouted(Slice { limit: 0, ..Slice::default() }).await?;
    set(&tally.unrouted, unrouted.total);
    Ok(())
}

/// Clears away what is old.
async fn clear_away(inner: &Inner) -> Result<()> {
    let before = |seconds: i64| Micros::new(inner.service.now().get() - seconds * 1_000_000);
    let ledger = &inner.service.ledger;
    let expired = ledger.expire_unmatched(before(QUARANTINE)).await?;
    add(&inner.tally.receipts_expired, expired);
    if expired > 0 {
        tracing::warn!(count = expired, "receipts that matched nothing were dropped after 30 days");
    }
    // In small portions: nobody is to wait long behind one.
    while ledger.forget_carrier_ids(before(IDS)).await? > 0 {}
    while ledger.forget_requests(before(REQUESTS)).await? > 0 {}
    Ok(())
}
