//! Many small writes at once, which then share their commits.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use ledger::Result;

use crate::Service;

/// Writes under way at once.
const AT_ONCE: usize = 256;

/// A write under way.
type Work<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

impl Service {
    /// Does something with each item, many at a time; the results come in the order of the items. They are
    /// begun in that order, too, so that a write which each begins with is made in that order, and numbers
    /// that it gives rise. The first failure ends it, when what was begun together with it is done.
    pub(crate) async fn together<I, T, W, F>(&self, items: Vec<I>, work: W) -> Result<Vec<T>>
    where
        I: Send,
        T: Send + 'static,
        W: Fn(Self, I) -> F + Send + Sync,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let mut all = Vec::with_capacity(items.len());
        let mut items = items.into_iter();
        while items.len() > 0 {
            let begin = |item| -> Work<T> { Box::pin(work(self.clone(), item)) };
            let group = items.by_ref().take(AT_ONCE).map(begin).collect();
            for result in all_of(group).await {
                all.push(result?);
            }
        }
        Ok(all)
    }
}

/// The results of all of them. Each is polled when any is woken: groups are small.
async fn all_of<T>(mut group: Vec<Work<T>>) -> Vec<Result<T>> {
    let mut results: Vec<Option<Result<T>>> = group.iter().map(|_| None).collect();
    poll_fn(|context| {
        let mut done = true;
        for (work, result) in group.iter_mut().zip(&mut results) {
            if result.is_some() {
                continue;
            }
            match work.as_mut().poll(context) {
                Poll::Ready(value) => *result = Some(value),
                Poll::Pending => done = false,
            }
        }
        if done { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    results.into_iter().flatten().collect()
}
