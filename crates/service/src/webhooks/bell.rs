//! Rung when targets were changed, so that the lanes are looked after at once.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

/// Counts changes and wakes whoever waits for one.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    changes: AtomicU64,
    notify: Notify,
}

impl Bell {
    /// Says that targets, or their tries, were changed.
    pub(crate) fn ring(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.notify.notify_one();
    }

    /// How often it was rung.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// Waits for the next ring; one that nobody waited for counts.
    pub(crate) async fn rung(&self) {
        self.notify.notified().await;
    }
}
