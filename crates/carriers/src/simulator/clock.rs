//! The time of a running carrier: the system's at its start, moved on by the runtime's clock, so that a test
//! may pause it and it never runs backwards.

use std::time::Duration;

use sms::Micros;
use tokio::time::Instant;

use super::receipt::after;

/// A clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    wall: Micros,
    began: Instant,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { wall: Micros::now(), began: Instant::now() }
    }

    /// The time of day.
    pub(super) fn now(&self) -> Micros {
        after(self.wall, self.moment())
    }

    /// The time since the start.
    pub(super) fn moment(&self) -> Duration {
        self.began.elapsed()
    }

    /// When it will be `at`, for the runtime.
    pub(super) fn instant(&self, at: Micros) -> Instant {
        let micros = u64::try_from(at.get().saturating_sub(self.wall.get())).unwrap_or(0);
        self.instant_of(Duration::from_micros(micros))
    }

    /// When it will be `moment`, for the runtime. What lies beyond its reach is a day away.
    pub(super) fn instant_of(&self, moment: Duration) -> Instant {
        self.began.checked_add(moment).unwrap_or_else(|| Instant::now() + Duration::from_secs(86_400))
    }
}
