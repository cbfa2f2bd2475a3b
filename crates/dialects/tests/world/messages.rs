//! Messages as a planner would make them.

use ledger::change::{NewBatch, Submission};
use ledger::model::{BatchExtra, Entry, Message, Network, Source};
use sms::{BatchKey, Coding, Country, Direction, Micros, Money, Number, Outcome};

/// An MT, queued at `now`.
pub(crate) fn mt(now: Micros, program: Number, recipient: &str, body: &str) -> Message {
    let measure = sms::coding::measure(body);
    Message {
        number: 0,
        direction: Direction::Mt,
        outcome: Outcome::Queued,
        created: now,
        date: now.seconds(),
        sender: Some("Acme".to_owned()),
        sender_used: None,
        recipient: recipient.to_owned(),
        body: body.to_owned(),
        coding: measure.coding,
        forced_by: measure.forced_by,
        segments: measure.segments,
        flash: false,
        priority: 1,
        batch: BatchKey::Mt(0),
        program,
        list: None,
        reference: None,
        answers: None,
        price: Money::from_millionths(41_600 * i64::from(measure.segments)),
        credits: u32::from(measure.segments),
        country: Country::parse("SE").expect("a country"),
        network: Network::default(),
        hidden: false,
        history: vec![Entry::new(now, Outcome::Queued)],
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
    let text = messages.first().map(|message| message.body.clone()).unwrap_or_default();
    let reference = messages.first().and_then(|message| message.reference.clone());
    Submission {
        batch: NewBatch {
            text,
            sender: Some("Acme".to_owned()),
            reference,
            source: Source::Api,
            templated: false,
            flash: false,
            coding: Coding::Ucs2,
            priority: 1,
            extra: BatchExtra::default(),
        },
        messages,
        at: now,
        open_chats: false,
        enqueue: true,
        idempotency: None,
        answer: None,
        charge: None,
        document: None,
    }
}
