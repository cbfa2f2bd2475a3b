//! Rows of history to be imported. What a row says follows from its id, so that it comes again and again;
//! how far its history had got, and now and then a word, differ.

use ledger::change::{Answered, ImportRow};
use ledger::conformance::{mo, mt};
use ledger::history::Entry;
use ledger::model::Message;
use proptest::option;
use proptest::prelude::*;
use sms::{Micros, Money, Outcome};

use super::{BEGINNING, BODIES, PEERS, SENDERS};

pub(super) fn row() -> impl Strategy<Value = ImportRow> {
    let other_batch = option::weighted(0.05, 0..4u8);
    let answers = option::weighted(0.1, (0..30u8, option::of(0..30u32), any::<bool>()));
    let own = option::weighted(0.1, 0..40u32);
    (0..30u8, other_batch, 0..4usize, 0..40u8, answers, own).prop_map(
        |(id, other_batch, got, change, answers, own)| ImportRow {
            id: [id; 16],
            own,
            batch: other_batch.or((id % 5 != 0).then_some(id % 4)).map(|name| [name; 16]),
            answers: answers.map(|(id, own, optional)| Answered { id: [id; 16], own, optional }),
            message: message(id, got, change),
        },
    )
}

/// The message of an id when `got` of its history was known.
fn message(id: u8, got: usize, change: u8) -> Message {
    let seed = usize::from(id);
    let shift = (seed as u32 * 37) % 90;
    let created = Micros::new(i64::from(BEGINNING - 60 + shift) * 1_000_000 + seed as i64 % 2);
    let (peer, body) = (PEERS[seed % PEERS.len()], BODIES[seed % BODIES.len()]);
    let after = |seconds: i64, outcome| Entry::new(Micros::new(created.get() + seconds * 1_000_000), outcome);
    let mut message = if seed % 3 == 0 { mo(peer, body, created) } else { mt(peer, body, created) };
    let history = if seed % 3 == 0 {
        vec![after(0, Outcome::Incomplete), after(1, Outcome::Received), after(2, Outcome::Received)]
    } else if seed % 5 == 4 {
        // History that goes on after its end is refused.
        vec![after(1, Outcome::Delivered), after(2, Outcome::Undelivered), after(3, Outcome::Unknown)]
    } else {
        vec![after(0, Outcome::Submitted), after(5, Outcome::Unknown), after(9, Outcome::Delivered)]
    };
    message.history = history[..got].to_vec();
    if let Some(last) = message.history.last() {
        message.outcome = last.outcome().expect("no notes here");
    }
    if seed % 7 == 1 {
        message.date += 30;
    }
    message.list = (seed % 4 == 0).then(|| "list".to_owned());
    match change {
        0 => message.body.push('!'),
        1 => message.price = Money::from_millionths(1),
        2 => message.sender = Some(SENDERS[4].to_owned()),
        3 => message.program = 9,
        4 => message.outcome = Outcome::Received,
        5 => message.network.mcc = Some("240".to_owned()),
        _ => {}
    }
    message
}
