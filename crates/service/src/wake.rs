//! What tells the gateway that there may be something to send, right after the commit that brought it.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ledger::outbound::Place;
use sms::AccountId;
use tokio::sync::Notify;

/// News for whoever sends. Without anybody who takes it, it grows to one entry an account.
#[derive(Debug, Default)]
pub(crate) struct Wake {
    news: Mutex<News>,
    bell: Notify,
}

/// What came since it was taken last.
#[derive(Debug, Default)]
pub(crate) struct News {
    /// Accounts with something new at the end of their queues.
    pub(crate) due: HashSet<AccountId>,
    /// Accounts with something at or after a place that may have been passed.
    pub(crate) again: HashMap<AccountId, Place>,
}

/// The beginning of every queue.
pub(crate) const BEGINNING: Place = Place { due: 0, number: 0, part: 0 };

impl Wake {
    fn news(&self) -> MutexGuard<'_, News> {
        // Sets are whole between calls, whatever a panic elsewhere left.
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something new is due at the end of an account's queue.
    pub(crate) fn due(&self, account: AccountId) {
        self.news().due.insert(account);
        self.ring();
    }

    /// Something is due at this place of an account's queue, or after it.
    pub(crate) fn again(&self, account: AccountId, place: Place) {
        self.news().again.entry(account).and_modify(|known| *known = place.min(*known)).or_insert(place);
        self.ring();
    }

    /// Something else changed: room in a window, a carrier's state.
    pub(crate) fn ring(&self) {
        self.bell.notify_one();
    }

    /// Waits until there may be news; returns at once where there were some since it returned last.
    pub(crate) async fn rung(&self) {
        self.bell.notified().await;
    }

    /// Takes the news.
    pub(crate) fn take(&self) -> News {
        std::mem::take(&mut self.news())
    }
}
