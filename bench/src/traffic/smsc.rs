//! The simulated SMSC as a process of its own, with its counters.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde::Deserialize;

use crate::simulated::{Simulated, get};

/// How often the counters are looked at.
const GLANCE: Duration = Duration::from_millis(100);

/// A running SMSC.
pub(crate) struct Smsc(Simulated);

/// What it counted.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(crate) struct Counters {
    pub(crate) accepted: u64,
    pub(crate) duplicates: u64,
    receipts_planned: u64,
    receipts_sent: u64,
    pub(crate) receipts_acknowledged: u64,
}

impl Counters {
    /// What came after `earlier`.
    pub(crate) fn since(&self, earlier: &Self) -> Self {
        Self {
            accepted: self.accepted - earlier.accepted,
            duplicates: self.duplicates - earlier.duplicates,
            receipts_planned: self.receipts_planned - earlier.receipts_planned,
            receipts_sent: self.receipts_sent - earlier.receipts_sent,
            receipts_acknowledged: self.receipts_acknowledged - earlier.receipts_acknowledged,
        }
    }

    fn settled(&self) -> bool {
        self.accepted == self.receipts_acknowledged && self.receipts_planned == self.receipts_acknowledged
    }
}

impl Smsc {
    pub(crate) fn start() -> Result<Self> {
        Simulated::start(&["--profile", "swift"]).map(Self)
    }

    /// Where SMPP is spoken.
    pub(crate) fn port(&self) -> u16 {
        self.0.port
    }

    pub(crate) fn counters(&self) -> Result<Counters> {
        self.0.get("/stats")
    }

    /// Waits until nothing has moved for a while and every receipt is acknowledged; returns how long it took
    /// until the last one was.
    #[allow(
        clippy::disallowed_methods,
        reason = "the counters of another process are looked at from time to time"
    )]
    pub(crate) fn settle(&self, limit: Duration) -> Result<Duration> {
        let begun = Instant::now();
        let mut last = self.counters()?;
        let mut moved = begun;
        while begun.elapsed() < limit {
            std::thread::sleep(GLANCE / 4);
            let now = self.counters()?;
            if now.receipts_acknowledged != last.receipts_acknowledged || now.accepted != last.accepted {
                moved = Instant::now();
            }
            last = now;
            // What an application holds before it submits is not seen here: so a while without movement.
            if last.settled() && moved.elapsed() > Duration::from_secs(1) {
                return Ok(moved - begun);
            }
        }
        bail!("after {} s it is not settled: {last:?}", limit.as_secs())
    }

    /// Samples how many receipts were sent and wait for their acknowledgement.
    #[allow(
        clippy::disallowed_methods,
        reason = "the counters of another process are looked at from time to time"
    )]
    pub(crate) fn watch(&self) -> Watch {
        let ended = Arc::new(AtomicBool::new(false));
        let (control, seen) = (self.0.control, Arc::clone(&ended));
        let thread = std::thread::spawn(move || {
            let mut most = 0;
            while !seen.load(Ordering::Relaxed) {
                let counters: Counters = get(control, "/stats")?;
                most = most.max(counters.accepted.saturating_sub(counters.receipts_acknowledged));
                std::thread::sleep(GLANCE);
            }
            Ok(most)
        });
        Watch { ended, thread }
    }
}

/// Samples while a load runs.
pub(crate) struct Watch {
    ended: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<Result<u64>>,
}

impl Watch {
    /// The most receipts that waited.
    pub(crate) fn end(self) -> Result<u64> {
        self.ended.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow::anyhow!("the watch broke"))?
    }
}
