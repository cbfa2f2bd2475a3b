//! How many submissions a second a link may make: a token bucket over given times.

use std::time::Duration;

use crate::smpp::session::Moment;

/// A bucket that fills at the link's rate and holds a tenth of a second's worth, at least one token: short
/// enough that no second ever sees much more than the rate.
#[derive(Debug)]
pub(super) struct TokenBucket {
    /// The time one token takes to come; `None` for no limit.
    each: Option<Duration>,
    /// How far back the bucket's filling is counted at most.
    depth: Duration,
    /// When the bucket was, or will be, empty.
    empty_at: Moment,
}

impl TokenBucket {
    pub(super) fn new(rate: Option<u32>) -> Self {
        let each = rate.map(|rate| Duration::from_secs(1) / rate.max(1));
        let depth = each.unwrap_or_default().max(Duration::from_millis(100));
        Self { each, depth, empty_at: Moment::ZERO }
    }

    /// How long until there is a token.
    pub(super) fn wait(&self, now: Moment) -> Duration {
        let Some(each) = self.each else { return Duration::ZERO };
        self.empty_at.saturating_add(each).saturating_sub(now)
    }

    /// Takes one token. To be called when [`TokenBucket::wait`] is zero.
    pub(super) fn take(&mut self, now: Moment) {
        if let Some(each) = self.each {
            self.empty_at = self.empty_at.max(now.saturating_sub(self.depth)).saturating_add(each);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_second_sees_much_more_than_the_rate(
            rate in 1u32..3_000,
            pauses in proptest::collection::vec(0u64..500, 1..40),
        ) {
            let mut bucket = TokenBucket::new(Some(rate));
            let mut now = Duration::from_secs(10);
            let mut taken = Vec::new();
            for pause in pauses {
                now += Duration::from_millis(pause);
                for _ in 0..rate.min(100) {
                    now += bucket.wait(now);
                    bucket.take(now);
                    taken.push(now);
                }
            }
            for (index, start) in taken.iter().enumerate() {
                let in_second = taken[index..].iter().take_while(|t| **t < *start + Duration::from_secs(1)).count();
                prop_assert!(in_second <= rate as usize + (rate as usize).div_ceil(10) + 1);
            }
            let most = (now - Duration::from_secs(10)).as_secs_f64() * f64::from(rate);
            prop_assert!(taken.len() as f64 <= most + f64::from(rate) * 0.1 + 2.0);
        }
    }

    #[test]
    fn without_a_rate_nothing_waits() {
        let mut bucket = TokenBucket::new(None);
        for _ in 0..1_000 {
            bucket.take(Duration::ZERO);
        }
        assert_eq!(bucket.wait(Duration::ZERO), Duration::ZERO);
    }
}
