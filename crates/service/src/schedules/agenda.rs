//! When the next occurrences are to be made: held in memory, read from the schedules now and then.

use std::collections::BTreeSet;

use sms::{AccountId, Micros, Number};

/// How long the agenda is taken for complete: another process may have made schedules.
const COMPLETE: i64 = 600 * 1_000_000;

/// What is to be made when. Whoever makes or removes an occurrence holds its lock.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    entries: BTreeSet<(u32, AccountId, Number)>,
    read: Option<Micros>,
}

impl Agenda {
    /// Notes that an occurrence is due at `second`, when the one after it is to be made.
    pub(crate) fn add(&mut self, second: u32, account: AccountId, schedule: Number) {
        self.entries.insert((second, account, schedule));
    }

    /// Whether the schedules have to be read (again).
    pub(crate) fn is_stale(&self, now: Micros) -> bool {
        self.read.is_none_or(|read| !(0..COMPLETE).contains(&(now.get() - read.get())))
    }

    /// Takes the place of what was known.
    pub(crate) fn replace(&mut self, entries: BTreeSet<(u32, AccountId, Number)>, now: Micros) {
        self.entries = entries;
        self.read = Some(now);
    }

    /// Takes out the earliest entry that is due at or before `now`.
    pub(crate) fn take_due(&mut self, now: u32) -> Option<(u32, AccountId, Number)> {
        let first = *self.entries.first()?;
        (first.0 <= now).then(|| self.entries.pop_first()).flatten()
    }
}
