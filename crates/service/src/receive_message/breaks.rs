//! When answers to carriers may have been lost, and what came just before.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sms::Micros;
use tokio::sync::Mutex as Turn;

use super::{REPEATED_WITHIN, SLOW};

/// Sessions noted at once, at most: their carrier brings nothing more often.
const MOST_AT_ONCE: usize = 16;

type Fingerprint = [u8; 32];

/// When answers to carriers may have been lost: at the start of the process and when a link broke.
#[derive(Debug)]
pub(crate) struct Breaks {
    started: Micros,
    /// By carrier, in order: those within [`REPEATED_WITHIN`].
    links: Mutex<HashMap<String, VecDeque<Micros>>>,
    recent: Mutex<Recent>,
    /// When what need not be remembered was last forgotten.
    pub(super) forgot: AtomicI64,
}

/// MO of one piece that came within [`SLOW`]: what is not answered yet, and then some.
#[derive(Debug, Default)]
struct Recent {
    last: HashMap<Fingerprint, (Micros, Arc<Turn<Micros>>)>,
    order: VecDeque<(Fingerprint, Micros)>,
}

/// An MO among those that are the very same.
#[derive(Debug)]
pub(super) struct Arrived {
    /// When the one before it came, if that was just now.
    pub(super) before: Option<Micros>,
    /// Held by the one that is being taken in: they are judged in the order in which they came. What is in it is the
    /// moment behind the last break that excused one of them.
    pub(super) turn: Arc<Turn<Micros>>,
}

impl Breaks {
    pub(crate) fn new(started: Micros) -> Self {
        Self { started, links: Mutex::default(), recent: Mutex::default(), forgot: AtomicI64::new(0) }
    }

    /// The last moment at which an answer to this carrier may have been lost.
    pub(super) fn last(&self, carrier: &str) -> Micros {
        let links = lock(&self.links);
        let last = links.get(carrier).and_then(|breaks| breaks.back().copied());
        last.map_or(self.started, |at| at.max(self.started))
    }

    /// The first break of this carrier's links at or after a moment.
    pub(super) fn first_after(&self, carrier: &str, moment: Micros) -> Option<Micros> {
        let links = lock(&self.links);
        links.get(carrier)?.iter().copied().find(|at| *at >= moment)
    }

    /// Notes that so many sessions ended until now.
    pub(super) fn lost(&self, carrier: &str, sessions: usize, now: Micros) {
        let mut links = lock(&self.links);
        let breaks = links.entry(carrier.to_owned()).or_default();
        while breaks.front().is_some_and(|at| now.get() - at.get() > REPEATED_WITHIN) {
            breaks.pop_front();
        }
        for _ in 0..sessions.min(MOST_AT_ONCE) {
            // Apart by more than what the one before it excused is moved by.
            let apart = breaks.back().map_or(now, |last| now.max(Micros::new(last.get().saturating_add(2))));
            breaks.push_back(apart);
        }
    }

    /// Notes an MO.
    pub(super) fn came(&self, fingerprint: Fingerprint, now: Micros) -> Arrived {
        let mut recent = lock(&self.recent);
        let Recent { last, order } = &mut *recent;
        while let Some((old, at)) = order.front().copied()
            && now.get() - at.get() > SLOW
        {
            order.pop_front();
            if last.get(&old).is_some_and(|(newest, _)| *newest == at) {
                last.remove(&old);
            }
        }
        order.push_back((fingerprint, now));
        match last.get_mut(&fingerprint) {
            Some((newest, turn)) => {
                let before = Some(std::mem::replace(newest, now));
                Arrived { before, turn: Arc::clone(turn) }
            }
            None => {
                let turn = Arc::new(Turn::new(Micros::new(0)));
                last.insert(fingerprint, (now, Arc::clone(&turn)));
                Arrived { before: None, turn }
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_just_before_is_known_and_then_forgotten() {
        let breaks = Breaks::new(Micros::new(0));
        let at = |micros: i64| Micros::new(micros);
        let came = |kind: u8, moment: i64| breaks.came([kind; 32], at(moment)).before;
        assert_eq!(came(1, 10), None);
        assert_eq!(came(1, 20), Some(at(10)));
        assert_eq!(came(2, 15 + SLOW), None);
        assert_eq!(came(1, 20 + SLOW), Some(at(20)), "the newer one counts");
        assert_eq!(came(1, 21 + 2 * SLOW), None);
        let recent = lock(&breaks.recent);
        assert_eq!((recent.order.len(), recent.last.len()), (1, 1), "the old is forgotten");
    }

    #[test]
    fn breaks_are_found_by_time_and_forgotten() {
        let breaks = Breaks::new(Micros::new(5));
        let at = |micros: i64| Micros::new(micros);
        assert_eq!((breaks.last("north"), breaks.first_after("north", at(0))), (at(5), None));
        breaks.lost("north", 1, at(10));
        breaks.lost("north", 1, at(20));
        assert_eq!((breaks.last("north"), breaks.last("south")), (at(20), at(5)));
        assert_eq!(breaks.first_after("north", at(10)), Some(at(10)));
        assert_eq!(breaks.first_after("north", at(11)), Some(at(20)));
        breaks.lost("north", 1, at(21 + REPEATED_WITHIN));
        assert_eq!(breaks.first_after("north", at(0)), Some(at(21 + REPEATED_WITHIN)));
    }
}
