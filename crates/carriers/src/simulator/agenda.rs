//! What is to happen, by its time. Of one time, in the order it was entered.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use sms::Micros;

/// A queue ordered by time. It has no bound of its own: its owner counts what it enters.
#[derive(Debug)]
pub(super) struct Agenda<T> {
    entries: BinaryHeap<Reverse<Entry<T>>>,
    entered: u64,
}

#[derive(Debug)]
struct Entry<T> {
    at: Micros,
    order: u64,
    item: T,
}

impl<T> Agenda<T> {
    pub(super) fn new() -> Self {
        Self { entries: BinaryHeap::new(), entered: 0 }
    }

    /// Enters `item` for the time `at`.
    pub(super) fn enter(&mut self, at: Micros, item: T) {
        self.entries.push(Reverse(Entry { at, order: self.entered, item }));
        self.entered += 1;
    }

    /// The time of the next item.
    pub(super) fn next_time(&self) -> Option<Micros> {
        self.entries.peek().map(|Reverse(entry)| entry.at)
    }

    /// The next item whose time has come, with its time.
    pub(super) fn take_due(&mut self, now: Micros) -> Option<(Micros, T)> {
        if self.next_time()? > now {
            return None;
        }
        self.entries.pop().map(|Reverse(entry)| (entry.at, entry.item))
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Entry<T> {}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_time_then_by_entry() {
        let mut agenda = Agenda::new();
        for (at, item) in [(5, 'c'), (1, 'a'), (5, 'd'), (2, 'b')] {
            agenda.enter(Micros::new(at), item);
        }
        assert_eq!(agenda.next_time(), Some(Micros::new(1)));
        assert_eq!(agenda.take_due(Micros::new(0)), None);
        let due: Vec<char> =
            std::iter::from_fn(|| agenda.take_due(Micros::new(5)).map(|(_, item)| item)).collect();
        assert_eq!(due, ['a', 'b', 'c', 'd']);
        assert_eq!(agenda.next_time(), None);
    }
}
