//! When answers to carriers may have been lost, and what came just before.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::AtomicI64;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sms::Micros;

use super::SLOW;

type Fingerprint = [u8; 32];

/// When answers to carriers may have been lost: at the start of the process and when a link broke.
#[derive(Debug)]
pub(crate) struct Breaks {
    started: Micros,
    links: Mutex<HashMap<String, Micros>>,
    recent: Mutex<Recent>,
    /// When what need not be remembered was last forgotten.
    pub(super) forgot: AtomicI64,
}

/// MO of one piece that came within [`SLOW`]: what is not answered yet, and then some.
#[derive(Debug, Default)]
struct Recent {
    times: HashMap<Fingerprint, Micros>,
    order: VecDeque<(Fingerprint, Micros)>,
}

impl Breaks {
    pub(crate) fn new(started: Micros) -> Self {
        Self { started, links: Mutex::default(), recent: Mutex::default(), forgot: AtomicI64::new(0) }
    }

    /// The last moment at which an answer to this carrier may have been lost.
    pub(super) fn last(&self, carrier: &str) -> Micros {
        lock(&self.links).get(carrier).copied().map_or(self.started, |at| at.max(self.started))
    }

    pub(super) fn lost(&self, carrier: &str, now: Micros) {
        lock(&self.links).insert(carrier.to_owned(), now);
    }

    /// Notes an MO; returns when the very same came just before, if it did.
    pub(super) fn came(&self, fingerprint: Fingerprint, now: Micros) -> Option<Micros> {
        let mut recent = lock(&self.recent);
        let Recent { times, order } = &mut *recent;
        while let Some((old, at)) = order.front().copied()
            && now.get() - at.get() > SLOW
        {
            order.pop_front();
            if times.get(&old) == Some(&at) {
                times.remove(&old);
            }
        }
        order.push_back((fingerprint, now));
        times.insert(fingerprint, now)
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
        assert_eq!(breaks.came([1; 32], at(10)), None);
        assert_eq!(breaks.came([1; 32], at(20)), Some(at(10)));
        assert_eq!(breaks.came([2; 32], at(15 + SLOW)), None);
        assert_eq!(breaks.came([1; 32], at(20 + SLOW)), Some(at(20)), "the newer one counts");
        assert_eq!(breaks.came([1; 32], at(21 + 2 * SLOW)), None);
        assert_eq!(lock(&breaks.recent).order.len(), lock(&breaks.recent).times.len());
    }
}
