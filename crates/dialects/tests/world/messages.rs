//! Messages as a planner would make them.

use ledger::change::Submission;
use ledger::conformance;
use ledger::model::{Entry, Message};
use sms::{BatchKey, Coding, Direction, Micros, Money, Number, Outcome};

/// An MT, queued at `now`.
pub(crate) fn mt(now: Micros, program: Number, recipient: &str, body: &str) -> Message {
    let measure = sms::coding::measure(body);
    Message {
        coding: measure.coding,
        forced_by: measure.forced_by,
        segments: measure.segments,
        program,
        price: Money::from_millionths(41_600 * i64::from(measure.segments)),
        credits: u32::from(measure.segments),
        ..conformance::mt(recipient, body, now)
    }
}

/// An MO, received at `now` by 46101606060.
pub(crate) fn mo(now: Micros, program: Number, sender: &str, body: &str) -> Message {
    Message {
        direction: Direction::Mo,
        outcome: Outcome::Received,
        sender: Some(sender.to_owned()),
        recipient: "46101606060".to_owned(),
        batch: BatchKey::Mo(0),
        price: Money::ZERO,
        credits: 0,
        history: vec![Entry::new(now, Outcome::Received)],
        ..mt(now, program, "", body)
    }
}

/// A history of these outcomes, a second apart from the first at `start`.
pub(crate) fn entries(start: Micros, outcomes: &[Outcome]) -> Vec<Entry> {
    let at = |index: usize| Micros::new(start.get() + index as i64 * 1_000_000);
    outcomes.iter().enumerate().map(|(index, outcome)| Entry::new(at(index), *outcome)).collect()
}

/// A submission of these messages.
pub(crate) fn batch(now: Micros, messages: Vec<Message>) -> Submission {
    let reference = messages.first().and_then(|message| message.reference.clone());
    let mut submission = conformance::submission(messages, now);
    submission.batch.reference = reference;
    submission.batch.coding = Coding::Ucs2;
    submission
}
