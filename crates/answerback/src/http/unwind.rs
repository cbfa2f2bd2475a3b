//! A handler that panics must not take its connection, or anything else, with it.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// The handler panicked; where, the panic hook has logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Panicked;

/// Runs a future to its end or to its panic. What a handler shares (service, router) keeps no state that a
/// panic could leave half changed: locks in it are recovered from poisoning.
pub(super) async fn catch<F: Future>(future: F) -> Result<F::Output, Panicked> {
    let mut future = pin!(future);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(_) => Poll::Ready(Err(Panicked)),
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn panics_are_values() {
        assert_eq!(catch(async { 7 }).await, Ok(7));
        let breaks = async {
            tokio::task::yield_now().await;
            panic!("on purpose")
        };
        assert_eq!(
            catch::<std::pin::Pin<Box<dyn Future<Output = ()>>>>(Box::pin(breaks)).await,
            Err(Panicked)
        );
    }
}
