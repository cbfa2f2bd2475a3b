//! What the engine has done since it was opened, for its operator's figures.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use sms::Outcome;

use super::store;
use crate::error::Result;

/// Upper bounds of the buckets of durations, in seconds. What is longer is in none of them.
pub const BUCKETS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// How long something took, each time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Durations {
    /// How many were within each of [`BUCKETS`] and above the one before.
    pub buckets: [u64; BUCKETS.len()],
    /// How many there were.
    pub count: u64,
    /// All of them together, in seconds.
    pub sum: f64,
}

/// What the engine has done since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Done {
    /// Messages of submissions taken in.
    pub accepted: u64,
    /// Writes that were committed, of whatever kind.
    pub writes: u64,
    /// Writes that were refused or undone.
    pub refused: u64,
    /// Commits, with the time from the first write to the answers.
    pub commits: Durations,
}

/// [`Durations`], as they are counted.
#[derive(Debug, Default)]
struct Clocked {
    buckets: [AtomicU64; BUCKETS.len()],
    count: AtomicU64,
    micros: AtomicU64,
}

impl Clocked {
    fn add(&self, duration: Duration) {
        let seconds = duration.as_secs_f64();
        if let Some(bucket) = BUCKETS.iter().position(|bound| seconds <= *bound) {
            self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    fn read(&self) -> Durations {
        let micros = self.micros.load(Ordering::Relaxed);
        Durations {
            buckets: std::array::from_fn(|at| self.buckets[at].load(Ordering::Relaxed)),
            count: self.count.load(Ordering::Relaxed),
            sum: Duration::from_micros(micros).as_secs_f64(),
        }
    }
}

/// [`Done`], as it is counted.
#[derive(Debug, Default)]
pub(super) struct Tally {
    accepted: AtomicU64,
    writes: AtomicU64,
    refused: AtomicU64,
    commits: Clocked,
}

impl Tally {
    pub(super) fn accepted(&self, messages: u32) {
        self.accepted.fetch_add(messages.into(), Ordering::Relaxed);
    }

    /// A commit ended: so many of its writes are on disk.
    pub(super) fn commit(&self, writes: usize, took: Duration) {
        self.writes.fetch_add(writes as u64, Ordering::Relaxed);
        self.commits.add(took);
    }

    pub(super) fn refused(&self, writes: usize) {
        self.refused.fetch_add(writes as u64, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> Done {
        Done {
            accepted: self.accepted.load(Ordering::Relaxed),
            writes: self.writes.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
            commits: self.commits.read(),
        }
    }
}

/// How many messages have an outcome, of all accounts, by the sums of days: exact, and no message is read.
pub(super) fn messages_of(conn: &Connection, outcome: Outcome) -> Result<u64> {
    conn.prepare_cached("SELECT ifnull(sum(messages), 0) FROM day_sum WHERE id & 31 = ?1")
        .map_err(store)?
        .query_row([outcome.code()], |row| row.get(0))
        .map_err(store)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_fall_into_buckets() {
        let tally = Tally::default();
        for micros in [100, 400, 700, 60_000_000] {
            tally.commit(3, Duration::from_micros(micros));
        }
        let done = tally.read();
        assert_eq!((done.writes, done.commits.count), (12, 4));
        assert_eq!((done.commits.buckets[0], done.commits.buckets[1]), (2, 1));
        assert_eq!(done.commits.buckets.iter().sum::<u64>(), 3, "a minute is in none");
    }
}
