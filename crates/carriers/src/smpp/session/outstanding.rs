//! Requests without an answer, and the numbers they go by.

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::Moment;
use crate::smpp::pdu::Command;

/// The highest sequence number (spec 5.1.4).
const LAST: u32 = 0x7FFF_FFFF;

/// Gives sequence numbers: 1 to 0x7FFFFFFF, then 1 again.
#[derive(Debug)]
pub(super) struct Sequences {
    next: u32,
}

impl Sequences {
    pub(super) fn starting_at(first: u32) -> Self {
        Self { next: first.clamp(1, LAST) }
    }

    /// The next number that is not `taken`. Ends because far fewer numbers than there are can be taken.
    pub(super) fn next(&mut self, taken: impl Fn(u32) -> bool) -> u32 {
        loop {
            let sequence = self.next;
            self.next = if sequence == LAST { 1 } else { sequence + 1 };
            if !taken(sequence) {
                return sequence;
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Waiting<T> {
    command: Command,
    tag: T,
    until: Moment,
}

/// What a response was to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found<T> {
    /// A request that waits.
    Waiting(Command, T),
    /// One that had timed out.
    Late(T),
}

/// Requests that wait for an answer, and a bounded memory of those that waited too long.
#[derive(Debug)]
pub(super) struct Outstanding<T> {
    waiting: HashMap<u32, Waiting<T>>,
    deadlines: BTreeSet<(Moment, u32)>,
    late: HashMap<u32, (Command, T)>,
    /// Sequence numbers of `late`, oldest first; may hold some that were answered meanwhile.
    late_order: VecDeque<u32>,
    late_limit: usize,
}

impl<T: Copy> Outstanding<T> {
    pub(super) fn new(late_limit: usize) -> Self {
        Self {
            waiting: HashMap::new(),
            deadlines: BTreeSet::new(),
            late: HashMap::new(),
            late_order: VecDeque::new(),
            late_limit,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether the number is in use, be it for a late answer.
    pub(super) fn knows(&self, sequence: u32) -> bool {
        self.waiting.contains_key(&sequence) || self.late.contains_key(&sequence)
    }

    pub(super) fn insert(&mut self, sequence: u32, command: Command, tag: T, until: Moment) {
        self.waiting.insert(sequence, Waiting { command, tag, until });
        self.deadlines.insert((until, sequence));
    }

    /// Takes out what a response of `command` answers; a response of another kind answers nothing.
    pub(super) fn answer(&mut self, sequence: u32, command: Command) -> Option<Found<T>> {
        let fits = |request: Command| command == Command::GENERIC_NACK || command.request() == request;
        if let Some(waiting) = self.waiting.get(&sequence).copied().filter(|waiting| fits(waiting.command)) {
            self.waiting.remove(&sequence);
            self.deadlines.remove(&(waiting.until, sequence));
            return Some(Found::Waiting(waiting.command, waiting.tag));
        }
        let (_, tag) = self.late.get(&sequence).copied().filter(|(request, _)| fits(*request))?;
        self.late.remove(&sequence);
        Some(Found::Late(tag))
    }

    /// The earliest deadline.
    pub(super) fn deadline(&self) -> Option<Moment> {
        self.deadlines.first().map(|(until, _)| *until)
    }

    /// Takes out one request whose deadline has come, and remembers it for a late answer.
    pub(super) fn time_out(&mut self, now: Moment) -> Option<T> {
        let (until, sequence) = self.deadlines.first().copied().filter(|(until, _)| *until <= now)?;
        self.deadlines.remove(&(until, sequence));
        let waiting = self.waiting.remove(&sequence)?;
        self.remember(sequence, waiting.command, waiting.tag);
        Some(waiting.tag)
    }

    fn remember(&mut self, sequence: u32, command: Command, tag: T) {
        if self.late_limit == 0 {
            return;
        }
        while self.late_order.len() >= self.late_limit {
            if let Some(oldest) = self.late_order.pop_front() {
                self.late.remove(&oldest);
            }
        }
        self.late.insert(sequence, (command, tag));
        self.late_order.push_back(sequence);
    }

    /// Takes out everything that waits, in the order of their deadlines, and forgets what was late.
    pub(super) fn drain(&mut self) -> Vec<T> {
        self.late.clear();
        self.late_order.clear();
        let order = std::mem::take(&mut self.deadlines);
        order.into_iter().filter_map(|(_, sequence)| self.waiting.remove(&sequence)).map(|w| w.tag).collect()
    }
}
