//! A memory of bounded size that forgets what it learned first.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// A map of at most `room` entries; a new one beyond it pushes out the oldest.
#[derive(Debug)]
pub(super) struct Recent<K, V> {
    entries: HashMap<K, V>,
    order: VecDeque<K>,
    room: usize,
}

impl<K: Eq + Hash + Clone, V> Recent<K, V> {
    /// An empty memory; a `room` of 0 is one of 1.
    pub(super) fn new(room: usize) -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new(), room: room.max(1) }
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key)
    }

    pub(super) fn contains(&self, key: &K) -> bool {
        self.entries.contains_key(key)
    }

    /// The entry of `key`, made by `fresh` where there is none. An old entry keeps its age.
    pub(super) fn entry(&mut self, key: K, fresh: impl FnOnce() -> V) -> &mut V {
        if !self.entries.contains_key(&key) {
            if self.order.len() >= self.room
                && let Some(oldest) = self.order.pop_front()
            {
                self.entries.remove(&oldest);
            }
            self.order.push_back(key.clone());
        }
        self.entries.entry(key).or_insert_with(fresh)
    }

    /// Sets the entry of `key`.
    pub(super) fn set(&mut self, key: K, value: V)
    where
        V: Default,
    {
        *self.entry(key, V::default) = value;
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_first() {
        let mut recent = Recent::new(2);
        *recent.entry("a", || 1) += 1;
        recent.set("b", 5);
        *recent.entry("a", || 100) += 1;
        assert_eq!((recent.get(&"a"), recent.len()), (Some(&3), 2));
        recent.set("c", 6);
        assert!(!recent.contains(&"a") && recent.contains(&"b") && recent.len() == 2);
    }
}
