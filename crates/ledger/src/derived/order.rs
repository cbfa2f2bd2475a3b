//! The one order of an account's messages: positions, and those that wait beside them.

use std::collections::{BTreeMap, HashMap};

use sms::{BatchKey, Direction, Number, Outcome};

use super::growth::push;

/// No position: the number is on the side list.
pub const NOWHERE: u32 = u32::MAX;

/// Positions to numbers and back. Index 0 is unused, so that untouched accounts need no mapping at all.
#[derive(Debug, Default)]
pub struct Order {
    mapping: Option<Mapping>,
    /// Positions taken: 1 to `len`.
    len: u32,
}

#[derive(Debug)]
struct Mapping {
    number_at: Vec<u32>,
    position_of: Vec<u32>,
}

impl Order {
    /// How many positions are taken.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether no position is taken.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether every position is its number.
    pub fn is_identity(&self) -> bool {
        self.mapping.is_none()
    }

    /// The number at a position.
    pub fn number_at(&self, position: u32) -> Number {
        self.mapping.as_ref().map_or(position, |mapping| mapping.number_at[position as usize])
    }

    /// The position of a number; `None` while it is on the side list or unknown.
    pub fn position_of(&self, number: Number) -> Option<u32> {
        match &self.mapping {
            None => (1..=self.len).contains(&number).then_some(number),
            Some(mapping) => {
                mapping.position_of.get(number as usize).copied().filter(|position| *position != NOWHERE)
            }
        }
    }

    /// Gives the next position to a number.
    pub fn push(&mut self, number: Number) -> u32 {
        let position = self.len + 1;
        if number != position && self.mapping.is_none() {
            let identity: Vec<u32> = (0..position).collect();
            let mut position_of = identity.clone();
            position_of[0] = NOWHERE;
            self.mapping = Some(Mapping { number_at: identity, position_of });
        }
        if let Some(mapping) = &mut self.mapping {
            push(&mut mapping.number_at, number);
            mapping.set(number, position);
        }
        self.len = position;
        position
    }

    /// Takes back every position from `position` on; returns their numbers.
    pub fn split_off(&mut self, position: u32) -> Vec<Number> {
        let numbers = match &mut self.mapping {
            None => (position..=self.len).collect(),
            Some(mapping) => {
                let numbers = mapping.number_at.split_off(position as usize);
                for number in &numbers {
                    mapping.position_of[*number as usize] = NOWHERE;
                }
                numbers
            }
        };
        self.len = position - 1;
        numbers
    }

    /// Drops the mapping if it says nothing; called after positions were moved.
    pub fn simplify(&mut self) {
        let says_nothing = |mapping: &Mapping| {
            mapping.number_at.iter().zip(0u32..).all(|(number, position)| *number == position)
        };
        if self.mapping.as_ref().is_some_and(says_nothing) {
            self.mapping = None;
        }
    }

    /// Octets of memory held.
    pub fn memory(&self) -> usize {
        self.mapping.as_ref().map_or(0, |m| (m.number_at.capacity() + m.position_of.capacity()) * 4)
    }
}

impl Mapping {
    fn set(&mut self, number: Number, position: u32) {
        let index = number as usize;
        if index >= self.position_of.len() {
            if index >= self.position_of.capacity() {
                self.position_of.reserve_exact(index + 1 - self.position_of.len() + index / 8);
            }
            self.position_of.resize(index + 1, NOWHERE);
        }
        self.position_of[index] = position;
    }
}

/// What derived state knows of a message that has no position yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SideFact {
    /// When it was made, in seconds.
    pub made: u32,
    /// Its newest outcome.
    pub outcome: Outcome,
    /// Its direction.
    pub direction: Direction,
    /// Country of the handset, by [`sms::Country::code`].
    pub country: u16,
    /// Its program.
    pub program: Number,
    /// Code of the other party's address.
    pub peer: u32,
    /// Code of our address: of an MT the sender given, of an MO the number written to.
    pub own: u32,
    /// Its batch.
    pub batch: BatchKey,
    /// Whether it is shown.
    pub visible: bool,
}

/// Messages dated in the future, and those that came out of order and were not asked for yet, by
/// (date, number).
#[derive(Debug, Default)]
pub struct Side {
    entries: BTreeMap<(u32, Number), SideFact>,
    dates: HashMap<Number, u32>,
}

impl Side {
    /// Adds a message.
    pub fn insert(&mut self, date: u32, number: Number, fact: SideFact) {
        self.entries.insert((date, number), fact);
        self.dates.insert(number, date);
    }

    /// What is known of a number here, with its date.
    pub fn get_mut(&mut self, number: Number) -> Option<(u32, &mut SideFact)> {
        let date = *self.dates.get(&number)?;
        Some((date, self.entries.get_mut(&(date, number))?))
    }

    /// The date of a number that is here.
    pub fn date_of(&self, number: Number) -> Option<u32> {
        self.dates.get(&number).copied()
    }

    /// Whether something here is dated at or before `now` and should get its position.
    pub fn is_due(&self, now: u32) -> bool {
        self.entries.first_key_value().is_some_and(|((date, _), _)| *date <= now)
    }

    /// Takes out all that is dated at or before `now`, in order.
    pub fn take_due(&mut self, now: u32) -> Vec<((u32, Number), SideFact)> {
        // The key past the last of `now`; in the last second of the count nothing is later.
        let later = match now.checked_add(1) {
            Some(next) => self.entries.split_off(&(next, 0)),
            None => BTreeMap::new(),
        };
        let due = std::mem::replace(&mut self.entries, later);
        for (_, number) in due.keys() {
            self.dates.remove(number);
        }
        due.into_iter().collect()
    }

    /// Everything here by (date, number).
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, Number, &SideFact)> {
        self.entries.iter().map(|((date, number), fact)| (*date, *number, fact))
    }

    /// How many wait here.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing waits here.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Octets of memory held, about.
    pub fn memory(&self) -> usize {
        self.entries.len() * 88
    }
}
