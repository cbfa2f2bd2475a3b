//! Room for large plans.

use tokio::sync::{Semaphore, SemaphorePermit};

/// Plans of at most this many messages need no room.
pub(super) const SMALL: usize = 500;
/// Messages of large plans that are held at once, over all requests: with all that belongs to one, some 50 MB.
const MOST: usize = 1 << 16;

/// How many messages of large plans may be held at once. Every request may have ten thousand recipients, and each
/// message of a plan holds its own text and addresses until the commit: without a bound, as many requests as may
/// be under way would together need gigabytes.
#[derive(Debug)]
pub(crate) struct Room {
    places: Semaphore,
    most: usize,
}

/// The room that a plan has while this is kept.
#[derive(Debug)]
pub(super) struct Place<'a> {
    _messages: Option<SemaphorePermit<'a>>,
}

impl Default for Room {
    fn default() -> Self {
        Self::new(MOST)
    }
}

impl Room {
    fn new(most: usize) -> Self {
        Self { places: Semaphore::new(most), most }
    }

    /// Waits for the room that so many messages need; those that came before go before. What needs more than all
    /// of it waits for all of it.
    pub(super) async fn of(&self, messages: usize) -> Place<'_> {
        if messages <= SMALL {
            return Place { _messages: None };
        }
        let needed = u32::try_from(messages.min(self.most)).unwrap_or(u32::MAX);
        // It is never closed.
        Place { _messages: self.places.acquire_many(needed).await.ok() }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn plans_wait_for_room_in_turn() {
        let room = Room::new(2000);
        let first = room.of(1500).await;
        let mut second = Box::pin(room.of(600));
        assert!(second.as_mut().now_or_never().is_none(), "there is not enough");
        assert!(room.of(501).now_or_never().is_none(), "who came later waits, though it would fit");
        assert!(room.of(SMALL).now_or_never().is_some(), "small ones need none");
        drop(first);
        let second = second.await;
        let mut huge = Box::pin(room.of(1_000_000));
        assert!(huge.as_mut().now_or_never().is_none(), "it needs all there is");
        drop(second);
        huge.await;
    }
}
