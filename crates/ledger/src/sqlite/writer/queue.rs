//! What waits for the writer.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use tokio::sync::OwnedSemaphorePermit;

use crate::error::{LedgerError, Result};
use crate::sqlite::transaction::Transaction;

/// Messages taken into one transaction, about.
const MOST_IN_GROUP: usize = 4096;
/// How long what nobody waits for in person may wait for others to share a commit with.
const PATIENCE: Duration = Duration::from_millis(1);
/// So many of it do not wait for others.
const MANY_PATIENT: usize = 256;
/// What a write does in the transaction. What it returns is called after the commit.
pub(super) type Work = Box<dyn FnOnce(&mut Transaction<'_>) -> Result<Answer> + Send>;
/// Sends the kept result to the caller.
pub(super) type Answer = Box<dyn FnOnce() + Send>;
/// Sends an error to the caller instead.
pub(super) type Refuse = Box<dyn FnOnce(LedgerError) + Send>;

pub(super) struct Job {
    pub(super) kind: Kind,
    pub(super) since: Instant,
    /// Messages it writes, about.
    pub(super) weight: usize,
    pub(super) work: Work,
    pub(super) refuse: Refuse,
    pub(super) permit: OwnedSemaphorePermit,
}

/// How a write is treated.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Kind {
    /// Whether everything it refuses, it refuses before it writes a row.
    pub(super) early: bool,
    /// Whether it may wait a moment for others.
    pub(super) patient: bool,
    /// Whether it waits until nothing else does.
    pub(super) when_idle: bool,
}

#[derive(Default)]
pub(super) struct Queue {
    pub(super) live: VecDeque<Job>,
    pub(super) idle: VecDeque<Job>,
    pub(super) stopping: bool,
}

impl Queue {
    pub(super) fn is_empty(&self) -> bool {
        self.live.is_empty() && self.idle.is_empty() && !self.stopping
    }

    /// For how long all that waits can wait yet for others.
    pub(super) fn patience(&self) -> Option<Duration> {
        let oldest = self.live.front()?;
        if self.stopping || self.live.len() >= MANY_PATIENT || self.live.iter().any(|job| !job.kind.patient) {
            return None;
        }
        let left = PATIENCE.saturating_sub(oldest.since.elapsed());
        (!left.is_zero()).then_some(left)
    }

    /// The next group: as much of what is live as one transaction takes, in order; without any, one write of an
    /// import.
    pub(super) fn take(&mut self) -> Option<Vec<Job>> {
        if self.live.is_empty() {
            return self.idle.pop_front().map(|job| vec![job]);
        }
        let mut room = MOST_IN_GROUP;
        let fits = self.live.iter().take_while(|job| {
            let fits = room > 0;
            room = room.saturating_sub(job.weight);
            fits
        });
        let count = fits.count();
        Some(self.live.drain(..count).collect())
    }
}
