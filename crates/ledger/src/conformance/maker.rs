//! Messages and submissions for tests.

use sms::{BatchKey, Coding, Country, Direction, Micros, Money, Outcome};

use crate::change::{NewBatch, Submission};
use crate::history::Entry;
use crate::model::{BatchExtra, Message, Network, Source};
use crate::row::{MessageRef, RowEncoder};

/// An MT to `recipient`, queued at `at`.
pub fn mt(recipient: &str, body: &str, at: Micros) -> Message {
    Message {
        number: 0,
        direction: Direction::Mt,
        outcome: Outcome::Queued,
        created: at,
        date: at.seconds(),
        sender: Some("Acme".to_owned()),
        sender_used: None,
        recipient: recipient.to_owned(),
        body: body.to_owned(),
        coding: Coding::Gsm7,
        forced_by: None,
        segments: 1,
        flash: false,
        priority: 1,
        batch: BatchKey::Mt(0),
        program: 0,
        list: None,
        reference: None,
        answers: None,
        price: Money::from_millionths(41_600),
        credits: 1,
        country: Country::parse("SE").unwrap_or(Country::UNKNOWN),
        network: Network::default(),
        hidden: false,
        history: vec![Entry::new(at, Outcome::Queued)],
    }
}

/// An MO from `sender` to the number 36000, received at `at`.
pub fn mo(sender: &str, body: &str, at: Micros) -> Message {
    Message {
        direction: Direction::Mo,
        outcome: Outcome::Received,
        sender: Some(sender.to_owned()),
        recipient: "36000".to_owned(),
        price: Money::ZERO,
        credits: 0,
        history: vec![Entry::new(at, Outcome::Received)],
        ..mt("", body, at)
    }
}

/// A submission of these messages at `at`.
pub fn submission(messages: Vec<Message>, at: Micros) -> Submission {
    let text = messages.first().map(|message| message.body.clone()).unwrap_or_default();
    Submission {
        batch: NewBatch {
            text,
            sender: Some("Acme".to_owned()),
            reference: None,
            source: Source::Api,
            templated: false,
            flash: false,
            coding: Coding::Gsm7,
            priority: 1,
            extra: BatchExtra::default(),
        },
        messages,
        at,
        open_chats: false,
        enqueue: true,
        idempotency: None,
        answer: None,
        charge: None,
        document: None,
    }
}

/// A row encoder that keeps what it was shown: one line of text a row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Collect;

impl RowEncoder for Collect {
    fn encode(&self, row: &MessageRef<'_>, out: &mut Vec<u8>) {
        let line = format!("{} {} {}\n", row.number, row.outcome, row.body.escape_debug());
        out.extend_from_slice(line.as_bytes());
    }
}
