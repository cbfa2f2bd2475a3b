//! What becomes of an MT: an outcome with the whole way to it.

use ledger::model::{Entry, Word};
use sms::{Micros, Note, Outcome};

use super::random::Random;

/// The seven ends and how often of a thousand each comes.
const ENDS: [(Outcome, u32); 7] = [
    (Outcome::Delivered, 880),
    (Outcome::Undelivered, 45),
    (Outcome::Expired, 25),
    (Outcome::Rejected, 16),
    (Outcome::Unknown, 16),
    (Outcome::Failed, 10),
    (Outcome::RefusedByCarrier, 8),
];

/// What operators say of an MT that does not arrive: code and words.
const TROUBLES: [(&str, &str); 4] = [
    ("001", "absent subscriber"),
    ("013", "call barred"),
    ("027", "handset switched off"),
    ("032", "memory capacity exceeded"),
];

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3600 * SECOND;

/// The outcome and the history of an MT made at `created`, as it is known at `until`: what would be said
/// later has not been said.
pub(super) fn fate(
    random: &mut Random,
    created: Micros,
    until: Micros,
    stopped: bool,
) -> (Outcome, Vec<Entry>) {
    let mut history = Vec::with_capacity(4);
    if stopped {
        history.push(Entry::new(created, Outcome::DeniedOptOut));
        return (Outcome::DeniedOptOut, history);
    }
    history.push(Entry::new(created, Outcome::Queued));
    let (end, _) = ENDS[random.weighted(ENDS.iter().map(|(_, weight)| *weight))];
    // Our own clock is exact to the microsecond; operators report whole seconds.
    let taken = Micros::new(created.get() + random.between(8_000, 950_000));
    let later = |random: &mut Random, first: i64, last: i64| {
        let micros = taken.get() + random.between(first, last);
        Micros::new(micros - micros % SECOND + SECOND)
    };
    match end {
        Outcome::Failed => {
            let mut retry = Entry::new(taken, end);
            retry.word = Word::Note(Note::Retry);
            history.push(retry);
            history.push(Entry::new(later(random, 60 * SECOND, 300 * SECOND), end));
        }
        Outcome::RefusedByCarrier => history.push(told(taken, end, ("0x0B", "invalid destination"))),
        _ => {
            history.push(Entry::new(taken, Outcome::Submitted));
            match random.below(20) {
                0 | 1 => history.push(Entry::new(later(random, 0, SECOND), Outcome::Acknowledged)),
                2 => history.push(Entry::new(later(random, 0, 2 * SECOND), Outcome::Buffered)),
                _ => {}
            }
            history.push(last(random, end, later));
        }
    }
    history.retain(|entry| entry.at <= until || entry.at == created);
    let outcome = history.iter().rev().find_map(Entry::outcome).unwrap_or(Outcome::Queued);
    (outcome, history)
}

/// The last word on an MT that a carrier took.
fn last(random: &mut Random, end: Outcome, later: impl Fn(&mut Random, i64, i64) -> Micros) -> Entry {
    match end {
        Outcome::Delivered => {
            // Most within seconds, some when the handset is switched on again.
            let longest = if random.per_mille(930) { 12 * SECOND } else { 6 * HOUR };
            Entry::new(later(random, 3 * SECOND, longest), end)
        }
        Outcome::Undelivered => {
            let trouble = random.pick(&TROUBLES).copied().unwrap_or(TROUBLES[0]);
            told(later(random, 4 * SECOND, HOUR), end, trouble)
        }
        Outcome::Rejected => {
            told(later(random, 4 * SECOND, 9 * SECOND), end, ("088", "blocked by the operator"))
        }
        Outcome::Unknown => Entry::new(later(random, 72 * HOUR, 73 * HOUR), end),
        _ => Entry::new(later(random, 48 * HOUR, 48 * HOUR + 60 * SECOND), end),
    }
}

fn told(at: Micros, outcome: Outcome, (code, text): (&str, &str)) -> Entry {
    Entry { code: Some(code.to_owned()), text: Some(text.to_owned()), ..Entry::new(at, outcome) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_of_a_thousand() {
        assert_eq!(ENDS.iter().map(|(_, weight)| weight).sum::<u32>(), 1000);
    }

    #[test]
    fn every_way_is_legal_and_ends_in_its_outcome() {
        let mut random = Random::new(1, 1);
        let created = Micros::new(1_700_000_000_123_456);
        let far = Micros::new(created.get() + 1000 * HOUR);
        let near = Micros::new(created.get() + 2 * SECOND);
        let mut delivered = 0;
        for round in 0..10_000 {
            let (outcome, history) =
                fate(&mut random, created, if round % 10 == 0 { near } else { far }, round % 100 == 1);
            let outcomes: Vec<Outcome> = history.iter().filter_map(Entry::outcome).collect();
            assert!(outcomes.windows(2).all(|pair| pair[0].may_become(pair[1])), "{outcomes:?}");
            assert!(history.is_sorted_by_key(|entry| entry.at));
            assert!(history.iter().all(|entry| entry.at >= created));
            assert_eq!(outcomes.last(), Some(&outcome));
            assert_eq!(round % 100 == 1, outcome == Outcome::DeniedOptOut);
            delivered += usize::from(outcome == Outcome::Delivered);
        }
        assert!((7500..8200).contains(&delivered), "{delivered}");
    }
}
