//! How long to wait before connecting again.

use std::time::Duration;

/// A pause that doubles from its first to its longest value. Each is shortened by up to half at random, so
/// that the sessions of many links do not come back at the same moment.
#[derive(Debug)]
pub(super) struct Backoff {
    first: Duration,
    most: Duration,
    next: Duration,
}

impl Backoff {
    pub(super) fn new(first: Duration, most: Duration) -> Self {
        Self { first, most: most.max(first), next: first }
    }

    /// The next pause; `jitter` is from 0 to 1.
    pub(super) fn pause(&mut self, jitter: f64) -> Duration {
        let pause = self.next;
        self.next = self.next.saturating_mul(2).min(self.most);
        pause.mul_f64(1.0 - jitter.clamp(0.0, 1.0) / 2.0)
    }

    /// It worked: the next pause is the first again.
    pub(super) fn reset(&mut self) {
        self.next = self.first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let second = Duration::from_secs;
        let mut backoff = Backoff::new(second(1), second(5));
        let pauses: Vec<_> = (0..4).map(|_| backoff.pause(0.0)).collect();
        assert_eq!(pauses, [second(1), second(2), second(4), second(5)]);
        assert_eq!(backoff.pause(1.0), Duration::from_millis(2_500));
        backoff.reset();
        assert_eq!(backoff.pause(0.5), Duration::from_millis(750));
    }
}
