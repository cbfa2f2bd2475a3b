//! What carriers report: receipts to be committed, MO to be taken in, late answers.

use std::sync::Arc;

use carriers::Events;
use carriers::carrier::{Ack, Event, MessageIn, Settled};
use carriers::receipt::{ReceiptIn, canonical_forms};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use ledger::outbound::ReceiptRecord;

use super::Inner;
use super::commit::{Arrived, Done};
use super::figures::count;
use super::lane::{Lane, gone};
use super::verdict::Judge;

/// MO that are taken in at once.
const MESSAGES: usize = 64;
/// The longest words of a receipt that go into a history.
const LONGEST_WORDS: usize = 160;

/// Takes a lane's events until it leaves and nothing is left. Never waits for a submission.
pub(super) async fn take(inner: Arc<Inner>, lane: Arc<Lane>, mut events: Events) {
    let mut leaving = lane.leaving.subscribe();
    let mut state = lane.carrier.watch();
    let mut watched = true;
    let mut messages = FuturesUnordered::new();
    loop {
        tokio::select! {
            () = async { if messages.next().await.is_none() { std::future::pending().await } } => {}
            event = events.recv(), if messages.len() < MESSAGES => match event {
                Some(Event::Message(message, ack)) => messages.push(message_in(&inner, &lane, message, ack)),
                Some(event) => other(&inner, &lane, event).await,
                None => break,
            },
            changed = state.changed(), if watched => {
                watched = changed.is_ok();
                inner.service.wake.ring();
            }
            () = gone(&mut leaving) => break,
        }
    }
    while let Ok(event) = events.try_recv() {
        match event {
            Event::Message(message, ack) => messages.push(message_in(&inner, &lane, message, ack)),
            event => other(&inner, &lane, event).await,
        }
    }
    while messages.next().await.is_some() {}
}

async fn other(inner: &Inner, lane: &Lane, event: Event) {
    match event {
        Event::Receipt(receipt, ack) => {
            inner.commits.arrived(Arrived { record: record(&lane.name, receipt), ack }).await;
        }
        Event::Settled(settled) => late(inner, lane, settled).await,
        // Taken by the caller.
        Event::Message(..) => {}
    }
}

async fn message_in(inner: &Inner, lane: &Lane, message: MessageIn, ack: Ack) {
    match inner.intake.take(&lane.name, message).await {
        Ok(()) => {
            faults::place("message.recorded");
            // Counted first: who sees the acknowledgement finds it in the figures.
            count(&inner.tally.messages_taken);
            ack.done();
        }
        Err(error) => {
            // Dropped unused, the acknowledgement asks for it again.
            count(&inner.tally.messages_refused);
            tracing::error!(carrier = lane.name, %error, "an MO was not taken");
        }
    }
}

async fn late(inner: &Inner, lane: &Lane, settled: Settled) {
    let judge =
        Judge { doubt: lane.rules().1, pace: &inner.pace, tally: &inner.tally, now: inner.service.now() };
    match judge.settled(&lane.name, settled) {
        Some((key, attempt)) => {
            inner.commits.done(Done { account: key.account, attempts: vec![attempt] }).await;
        }
        None => tracing::warn!(carrier = lane.name, "a late answer to nothing"),
    }
}

/// A receipt as the ledger keeps it. One without an id is kept, too: it can only wait for a person.
pub(super) fn record(carrier: &str, receipt: ReceiptIn) -> ReceiptRecord {
    let mut ids = canonical_forms(&receipt.id);
    if ids.is_empty() {
        ids.push((0, String::new()));
    }
    ReceiptRecord {
        carrier: carrier.to_owned(),
        ids,
        outcome: receipt.outcome,
        code: receipt.code,
        text: words(receipt.state, &receipt.outcome.to_string()),
        // What a receipt tells of has happened: a date to come is another zone's, or a wrong clock's.
        at: receipt
            .at
            .filter(|at| at.in_range())
            .map_or(receipt.received_at, |at| at.min(receipt.received_at)),
        received: receipt.received_at,
        raw: receipt.raw,
    }
}

/// The carrier's word for the state, where it says more than the outcome does.
fn words(state: String, outcome: &str) -> Option<String> {
    let state: String = state.chars().take(LONGEST_WORDS).collect();
    Some(state).filter(|state| !state.is_empty() && !state.eq_ignore_ascii_case(outcome))
}

#[cfg(test)]
mod tests {
    use carriers::receipt::Parts;
    use sms::Micros;

    use super::*;

    #[test]
    fn a_receipt_tells_of_what_has_happened() {
        let came = Micros::parse_rfc3339("2026-11-22T06:20:02.5Z").expect("a time");
        let told = |done: &str| {
            let text = format!("id:7 done date:{done} stat:DELIVRD err:000");
            let receipt = ReceiptIn::understand(Parts { text: &text, ..Parts::default() }, came);
            record("north", receipt).at.to_string()
        };
        assert_eq!(told("261122061930"), "2026-11-22T06:19:30Z");
        // Local time two hours ahead, and nonsense: it was known when it came, so it had happened.
        for ahead in ["2611220820", "261122082002", "9912312359"] {
            assert_eq!(told(ahead), came.to_string(), "{ahead}");
        }
    }
}
