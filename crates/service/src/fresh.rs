//! What is held in memory for a moment, because each request asks for it and it seldom changes.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sms::Micros;

/// For how many microseconds a value is taken for true without looking: another process may have changed it.
const FRESH: i64 = 1_000_000;
/// Values held at most.
const MOST_HELD: usize = 4096;

/// Values by key, each for a second at most. Whoever changes one lets it be forgotten, and it is never held again
/// as it was before.
#[derive(Debug)]
pub(crate) struct Fresh<K, V> {
    held: Mutex<Held<K, V>>,
}

#[derive(Debug)]
struct Held<K, V> {
    values: HashMap<K, (Micros, V)>,
    /// Counts what was forgotten, so that what was read before a change is not held after it.
    forgotten: u64,
}

/// A value is to be looked up: what [`Fresh::put`] wants to know of the moment before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Missing(u64);

impl<K, V> Default for Fresh<K, V> {
    fn default() -> Self {
        Self { held: Mutex::new(Held { values: HashMap::new(), forgotten: 0 }) }
    }
}

impl<K: Eq + Hash, V: Clone> Fresh<K, V> {
    fn held(&self) -> MutexGuard<'_, Held<K, V>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the next one who asks look a value up.
    pub(crate) fn forget(&self, key: &K) {
        let mut held = self.held();
        held.forgotten += 1;
        held.values.remove(key);
    }

    /// Lets everything be looked up again.
    pub(crate) fn forget_all(&self) {
        let mut held = self.held();
        held.forgotten += 1;
        held.values.clear();
    }

    /// A value that was looked up within the last second.
    pub(crate) fn get(&self, key: &K, now: Micros) -> Result<V, Missing> {
        let held = self.held();
        match held.values.get(key) {
            Some((read, value)) if (0..FRESH).contains(&(now.get() - read.get())) => Ok(value.clone()),
            _ => Err(Missing(held.forgotten)),
        }
    }

    /// Holds what was looked up at `now`, unless something was forgotten since it was found missing.
    pub(crate) fn put(&self, key: K, now: Micros, value: V, missing: Missing) {
        let mut held = self.held();
        if held.forgotten != missing.0 {
            return;
        }
        if held.values.len() >= MOST_HELD {
            held.values.clear();
        }
        held.values.insert(key, (now, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_held_for_a_second() {
        let fresh = Fresh::default();
        let (then, later) = (Micros::new(5), Micros::new(5 + FRESH));
        let missing = fresh.get(&1, then).expect_err("nothing yet");
        fresh.put(1, then, "one", missing);
        assert_eq!(fresh.get(&1, Micros::new(4 + FRESH)).ok(), Some("one"));
        assert!(fresh.get(&1, later).is_err());
        assert!(fresh.get(&1, Micros::new(4)).is_err(), "a clock that was set back");
    }

    #[test]
    fn what_was_read_before_a_change_is_not_held_after_it() {
        let fresh = Fresh::default();
        let now = Micros::new(5);
        for change in [Fresh::forget_all as fn(&Fresh<u8, &'static str>), |fresh| fresh.forget(&1)] {
            let missing = fresh.get(&1, now).expect_err("nothing yet");
            change(&fresh);
            fresh.put(1, now, "stale", missing);
            assert!(fresh.get(&1, now).is_err());
        }
        let missing = fresh.get(&1, now).expect_err("nothing yet");
        fresh.put(1, now, "one", missing);
        fresh.forget(&1);
        assert!(fresh.get(&1, now).is_err());
    }
}
