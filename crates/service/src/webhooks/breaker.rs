//! Whether a host is worth calling: one that failed several times in a row is asked but now and then, so that
//! a target that is down costs little, and its events wait in the log instead of each on its own.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sms::Micros;

/// Failures in a row after which a host is given a rest.
const MOST_FAILURES: u32 = 8;
/// The first rest, in microseconds; each following is twice as long.
const FIRST_REST: i64 = 15_000_000;
/// The longest rest.
const LONGEST_REST: i64 = 300_000_000;
/// Hosts remembered; beyond it those that work are forgotten.
const MOST_HOSTS: usize = 1024;

/// How a host stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stance {
    /// It may be called.
    Open,
    /// It is not called before then.
    Resting(Micros),
    /// It failed, and may be asked once whether it is back.
    Probing,
}

#[derive(Clone, Copy, Debug, Default)]
struct Host {
    failures: u32,
    until: Option<Micros>,
}

/// The hosts that one lane calls.
#[derive(Debug, Default)]
pub(super) struct Breakers {
    hosts: Mutex<HashMap<String, Host>>,
}

impl Breakers {
    fn hosts(&self) -> MutexGuard<'_, HashMap<String, Host>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the host of an address stands.
    pub(super) fn stance(&self, url: &str, now: Micros) -> Stance {
        match self.hosts().get(host(url)) {
            Some(Host { until: Some(until), .. }) if now < *until => Stance::Resting(*until),
            Some(Host { until: Some(_), .. }) => Stance::Probing,
            _ => Stance::Open,
        }
    }

    /// Notes how a call to an address ended.
    pub(super) fn note(&self, url: &str, taken: bool, now: Micros) {
        let mut hosts = self.hosts();
        if taken {
            hosts.remove(host(url));
            return;
        }
        if hosts.len() >= MOST_HOSTS && !hosts.contains_key(host(url)) {
            hosts.retain(|_, host| host.until.is_some_and(|until| until > now));
            if hosts.len() >= MOST_HOSTS {
                return;
            }
        }
        let entry = hosts.entry(host(url).to_owned()).or_default();
        // Calls that were under way when the rest began do not make it longer.
        if entry.until.is_some_and(|until| now < until) {
            return;
        }
        entry.failures = entry.failures.saturating_add(1);
        if entry.failures >= MOST_FAILURES {
            let doublings = (entry.failures - MOST_FAILURES).min(10);
            let rest = (FIRST_REST << doublings).min(LONGEST_REST);
            entry.until = Some(Micros::new(now.get().saturating_add(rest)));
        }
    }

    /// Forgets what was noted: an operator said that it is worth trying.
    pub(super) fn reset(&self) {
        self.hosts().clear();
    }
}

/// Scheme, host and port of an address, as the key it is remembered under.
fn host(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |at| start + at);
    &url[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://example.com/a?b";

    fn at(seconds: i64) -> Micros {
        Micros::new(seconds * 1_000_000)
    }

    #[test]
    fn rests_grow_and_end_with_a_success() {
        let breakers = Breakers::default();
        for _ in 0..7 {
            breakers.note(URL, false, at(0));
        }
        assert_eq!(breakers.stance(URL, at(0)), Stance::Open);
        breakers.note(URL, false, at(0));
        assert_eq!(breakers.stance(URL, at(14)), Stance::Resting(at(15)));
        breakers.note(URL, false, at(3));
        assert_eq!(breakers.stance("https://example.com/other", at(15)), Stance::Probing);
        breakers.note(URL, false, at(15));
        assert_eq!(breakers.stance(URL, at(16)), Stance::Resting(at(45)));
        for _ in 0..20 {
            breakers.note(URL, false, at(100_000));
        }
        let mut now = at(100_000);
        for _ in 0..20 {
            if let Stance::Resting(until) = breakers.stance(URL, now) {
                assert!(until.get() - now.get() <= LONGEST_REST);
                now = until;
            }
            breakers.note(URL, false, now);
        }
        assert_eq!(breakers.stance("https://example.com:8443/", now), Stance::Open);
        breakers.note(URL, true, now);
        assert_eq!(breakers.stance(URL, now), Stance::Open);
    }

    #[test]
    fn hosts_are_bounded() {
        let breakers = Breakers::default();
        for index in 0..3000 {
            breakers.note(&format!("http://h{index}/"), false, at(0));
        }
        assert!(breakers.hosts().len() <= MOST_HOSTS);
        breakers.reset();
        assert!(breakers.hosts().is_empty());
    }
}
