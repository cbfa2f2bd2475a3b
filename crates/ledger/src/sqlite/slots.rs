//! The derived state of accounts in use: loaded once, kept up to date by the writer, dropped under a budget.

use std::collections::HashMap;
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
    /// Applies the news of one commit, or keeps it for the loader. State that cannot be kept is dropped: it
    /// is rebuilt from rows.
    pub(super) fn news(&mut self, effects: Vec<Effect>, now: u32) {
        match self {
            Self::Cold => {}
            Self::Loading(waiting) => waiting.extend(effects),
            Self::Ready(derived) => {
                effect::apply(derived, &effects, now);
                if let Err(error) = derived.flush() {
                    tracing::warn!(%error, "derived state dropped: its text could not be written");
                    *self = Self::Cold;
                }
            }
        }
    }
}

impl Slot {
    pub(super) fn shared(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn exclusive(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
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
