//! Holding back when the peer asks for less.

use std::time::Duration;

use super::Moment;

/// A pause that doubles each time the peer complains anew, and is forgotten when it takes something again.
#[derive(Debug)]
pub(super) struct Throttle {
    first: Duration,
    most: Duration,
    next: Duration,
    until: Option<Moment>,
}

impl Throttle {
    pub(super) fn new(first: Duration, most: Duration) -> Self {
        Self { first, most: most.max(first), next: first, until: None }
    }

    /// The peer complained. The other complaints of the same window, which come during the pause, do not
    /// lengthen it. Gives the end of a pause that begins.
    pub(super) fn complained(&mut self, now: Moment) -> Option<Moment> {
        if self.paused_until(now).is_some() {
            return None;
        }
        let until = now.saturating_add(self.next);
        self.next = self.next.saturating_mul(2).min(self.most);
        self.until = Some(until);
        Some(until)
    }

    /// The peer took something. During a pause that is an answer from before it, which says nothing.
    pub(super) fn took(&mut self, now: Moment) {
        if self.paused_until(now).is_none() {
            self.next = self.first;
            self.until = None;
        }
    }

    /// The end of the pause, if there is one now.
    pub(super) fn paused_until(&self, now: Moment) -> Option<Moment> {
        self.until.filter(|until| now < *until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_are_forgotten() {
        let second = Duration::from_secs;
        let mut throttle = Throttle::new(second(1), second(3));
        assert_eq!(throttle.complained(second(10)), Some(second(11)));
        // Others of the same window.
        assert_eq!(throttle.complained(second(10)), None);
        throttle.took(second(10));
        assert_eq!(throttle.paused_until(second(10)), Some(second(11)));
        assert_eq!(throttle.paused_until(second(11)), None);
        assert_eq!(throttle.complained(second(11)), Some(second(13)));
        assert_eq!(throttle.complained(second(13)), Some(second(16)));
        assert_eq!(throttle.complained(second(16)), Some(second(19)));
        throttle.took(second(19));
        assert_eq!(throttle.complained(second(20)), Some(second(21)));
    }
}
