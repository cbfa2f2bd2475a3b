//! Named places at which `cargo xtask crash` makes the process end as `kill -9` would, nothing flushed and
//! nobody told.
//!
//! Built without the feature `armed`, which is how everything but a trial is built, a place is nothing at
//! all. Built with it, `ANSWERBACK_FAULT=place@n` ends the process the n-th time that `place` is reached.
#![forbid(unsafe_code)]

/// Every place there is, in the order in which a message comes by them.
pub const PLACES: &[&str] = &[
    "commit.begun",
    "commit.written_one",
    "commit.written",
    "commit.synced",
    "commit.applied",
    "commit.answered_one",
    "restart.doubted",
    "dispatch.leased",
    "straight.leased",
    "dispatch.submitted",
    "dispatch.recorded",
    "receipt.recorded",
    "message.gathered",
    "message.recorded",
    "reply.owed",
    "reply.submitted",
    "schedule.made",
    "webhook.told",
    "webhook.recorded",
];

/// A place. It must be one of [`PLACES`].
#[inline]
pub fn place(name: &'static str) {
    #[cfg(feature = "armed")]
    armed::reach(name);
    #[cfg(not(feature = "armed"))]
    let _ = name;
}

#[cfg(feature = "armed")]
mod armed {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    struct Fault {
        place: String,
        left: AtomicU64,
    }

    static FAULT: OnceLock<Option<Fault>> = OnceLock::new();

    fn read() -> Option<Fault> {
        let value = std::env::var("ANSWERBACK_FAULT").ok()?;
        let (place, times) = value.split_once('@')?;
        Some(Fault { place: place.to_owned(), left: AtomicU64::new(times.parse().ok()?) })
    }

    pub(super) fn reach(name: &'static str) {
        debug_assert!(super::PLACES.contains(&name), "{name} is not listed");
        let Some(fault) = FAULT.get_or_init(read) else { return };
        // One before the last: the counter never wraps in a process that ends when it is used up.
        if fault.place == name && fault.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            // No unwinding, no destructors, no flushing: the kernel takes the process away.
            std::process::abort();
        }
    }
}
