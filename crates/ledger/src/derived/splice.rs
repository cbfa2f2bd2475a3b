//! Giving positions to what waited on the side: only what comes after the first of them is touched.

use super::order::SideFact;
use super::state::Derived;

impl Derived {
    /// Whether a reader at `now` (seconds) must call [`Derived::settle`] first. What is dated up to the last
    /// that has a position is due as well: the reader may have looked at its clock before the writer did.
    pub fn needs_settle(&self, now: u32) -> bool {
        self.side.is_due(now.max(self.last_date())) || self.batches.needs_settle()
    }

    /// The date of the last position; zero for none.
    fn last_date(&self) -> u32 {
        self.dates.last().copied().unwrap_or(0)
    }

    /// Gives every message dated at or before `now` its position, and sorts the batches.
    pub fn settle(&mut self, now: u32) {
        let now = now.max(self.last_date());
        self.settled_at = self.settled_at.max(now);
        self.batches.settle();
        let due = self.side.take_due(now);
        if let Some(((date, number), _)) = due.first() {
            self.splice((*date, *number), &due);
        }
    }

    /// The first position whose (date, number) is past `key`.
    pub fn position_after(&self, key: (u32, u32)) -> u32 {
        let (date, number) = key;
        let from = self.dates[1..].partition_point(|held| *held < date) as u32 + 1;
        let to = self.dates[1..].partition_point(|held| *held <= date) as u32 + 1;
        let (mut low, mut high) = (from, to);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.order.number_at(middle) <= number { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// The first position whose (date, number) is `key` or past it.
    pub fn position_at(&self, key: (u32, u32)) -> u32 {
        match key {
            (0, 0) => 1,
            (date, 0) => self.position_after((date - 1, u32::MAX)),
            (date, number) => self.position_after((date, number - 1)),
        }
    }

    fn splice(&mut self, first: (u32, u32), due: &[((u32, u32), SideFact)]) {
        let from = self.position_after(first);
        let dates = self.dates.split_off(from as usize);
        let peers = self.peer.split_off(from);
        let owns = self.own.split_off(from);
        let numbers = self.order.split_off(from);

        // Where each of the displaced goes: its old offset plus how many of the due come before it.
        let mut moved = Vec::with_capacity(numbers.len());
        let mut placed = Vec::with_capacity(due.len());
        let mut next = due.iter().peekable();
        for index in 0..=numbers.len() {
            let key = numbers.get(index).map(|number| (dates[index], *number));
            while let Some((due_key, fact)) = next.peek()
                && key.is_none_or(|key| *due_key < key)
            {
                placed.push(self.order.push(due_key.1));
                self.dates.push(due_key.0);
                self.peer.push(fact.peer);
                self.own.push(fact.own);
                next.next();
            }
            if let Some((date, number)) = key {
                moved.push(self.order.push(number));
                self.dates.push(date);
                self.peer.push(peers[index]);
                self.own.push(owns[index]);
            }
        }
        for set in self.sets.each_mut() {
            let tail: Vec<u32> = set.range(from..).collect();
            if !tail.is_empty() {
                set.remove_range(from..);
                set.extend(tail.into_iter().map(|old| moved[(old - from) as usize]));
            }
        }
        for (position, (_, fact)) in placed.iter().zip(due) {
            if fact.visible {
                self.sets.push(*position, fact.direction, fact.outcome, fact.country, fact.program);
            }
        }
        self.order.simplify();
    }
}

#[cfg(test)]
mod tests {
    use sms::{BatchKey, Direction, Outcome};

    use super::*;
    use crate::derived::Fact;
    use crate::query::MessageQuery;

    #[test]
    fn what_is_dated_before_the_last_position_is_due() {
        let directory = tempfile::tempdir().expect("directory");
        let mut derived = Derived::new(directory.path());
        for (number, date, now) in [(1, 100, 100), (2, 102, 100), (3, 103, 103)] {
            let fact = Fact {
                number,
                date,
                created: now,
                direction: Direction::Mt,
                outcome: Outcome::Queued,
                country: 0,
                program: 1,
                peer: "4670",
                own: "",
                batch: BatchKey::Mt(number),
                visible: true,
                body: "",
            };
            derived.add(&fact, now);
        }
        // A reader whose clock told 101, between the writes.
        assert!(derived.needs_settle(101));
        derived.settle(101);
        assert!(!derived.needs_settle(101));
        let query = MessageQuery { limit: 9, ..MessageQuery::default() };
        assert_eq!(derived.select(&query, None).numbers, [1, 2, 3]);
    }
}
