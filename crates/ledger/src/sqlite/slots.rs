//! The derived state of accounts in use: loaded once, kept up to date by the writer, dropped under a budget.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use sms::AccountId;

use super::effect::{self, Effect};
use crate::derived::Derived;

/// One account's place.
#[derive(Debug, Default)]
pub(super) struct Slot {
    state: RwLock<State>,
    /// Held by the one thread that loads.
    loading: Mutex<()>,
    used: AtomicU64,
    memory: AtomicUsize,
}

/// What stands in a slot.
#[derive(Debug, Default)]
pub(super) enum State {
    /// Nothing; readers load it.
    #[default]
    Cold,
    /// Being loaded from a moment before these commits.
    Loading(Vec<Effect>),
    /// In use.
    Ready(Box<Derived>),
}

impl State {
    /// Applies the news of one commit, or keeps it for the loader. State in which the news breaks
    /// something is dropped: it is rebuilt from rows.
    pub(super) fn news(&mut self, effects: Vec<Effect>, now: u32) {
        match self {
            Self::Cold => {}
            Self::Loading(waiting) => waiting.extend(effects),
            Self::Ready(derived) => {
                let apply = || {
                    effect::apply(derived, &effects, now);
                    derived.flush();
                };
                if catch_unwind(AssertUnwindSafe(apply)).is_err() {
                    tracing::error!("derived state dropped: the news of a commit broke it");
                    *self = Self::Cold;
                }
            }
        }
    }
}

impl Slot {
    pub(super) fn shared(&self) -> RwLockReadGuard<'_, State> {
        loop {
            if let Ok(state) = self.state.read() {
                return state;
            }
            drop(self.exclusive());
        }
    }

    /// Whoever broke while changing the state left something half done: it is rebuilt.
    pub(super) fn exclusive(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(|poisoned| {
            let mut state = poisoned.into_inner();
            *state = State::Cold;
            self.state.clear_poison();
            state
        })
    }

    pub(super) fn loader(&self) -> MutexGuard<'_, ()> {
        self.loading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every account's slot.
#[derive(Debug, Default)]
pub(super) struct Slots {
    slots: RwLock<HashMap<AccountId, Arc<Slot>>>,
    clock: AtomicU64,
}

impl Slots {
    /// The slot of an account, marked as used now.
    pub(super) fn get(&self, account: AccountId) -> Arc<Slot> {
        let known = self.slots.read().unwrap_or_else(PoisonError::into_inner).get(&account).map(Arc::clone);
        let slot = known.unwrap_or_else(|| {
            let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(account).or_default())
        });
        slot.used.store(self.clock.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        slot
    }

    /// Measures the slot just loaded and drops others, least recently used first, until all fit the budget.
    pub(super) fn make_room(&self, keep: AccountId, budget: usize) {
        let mut slots: Vec<(AccountId, Arc<Slot>)> = {
            let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
            slots.iter().map(|(account, slot)| (*account, Arc::clone(slot))).collect()
        };
        let mut total = 0;
        for (_, slot) in &slots {
            let memory = match &*slot.shared() {
                State::Ready(derived) => derived.memory(),
                State::Cold | State::Loading(_) => 0,
            };
            slot.memory.store(memory, Ordering::Relaxed);
            total += memory;
        }
        slots.sort_by_key(|(_, slot)| slot.used.load(Ordering::Relaxed));
        for (account, slot) in slots {
            if total <= budget || account == keep {
                continue;
            }
            let mut state = slot.exclusive();
            if matches!(*state, State::Ready(_)) {
                *state = State::Cold;
                total -= slot.memory.swap(0, Ordering::Relaxed);
            }
        }
    }

    /// Octets of memory held.
    pub(super) fn memory(&self) -> usize {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        let memory = |slot: &Arc<Slot>| match &*slot.shared() {
            State::Ready(derived) => derived.memory(),
            State::Cold | State::Loading(_) => 0,
        };
        slots.values().map(memory).sum()
    }

    /// Drops everything.
    pub(super) fn forget(&self) {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        for slot in slots.values() {
            let mut state = slot.exclusive();
            if matches!(*state, State::Ready(_)) {
                *state = State::Cold;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ChatStatus;
    use crate::sqlite::effect::Marks;

    #[test]
    fn state_that_breaks_is_dropped() {
        let directory = tempfile::tempdir().expect("directory");
        let slot = Slot::default();
        let ready = || State::Ready(Box::new(Derived::new(directory.path())));
        *slot.exclusive() = ready();
        let marks = Marks { read_up_to: 0, marked_unread: false, status: ChatStatus::Active };
        // There is no chat 7 before there are six.
        let impossible = Effect::Chat { number: 7, peer: "4670".to_owned(), marks };
        slot.exclusive().news(vec![impossible], 0);
        assert!(matches!(*slot.shared(), State::Cold));

        *slot.exclusive() = ready();
        let broken = catch_unwind(AssertUnwindSafe(|| {
            let _state = slot.exclusive();
            panic!("half done");
        }));
        assert!(broken.is_err() && matches!(*slot.shared(), State::Cold));
    }
}
