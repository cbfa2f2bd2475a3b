//! Many small writes at once, which then share their commits.

use std::future::Future;

use ledger::{LedgerError, Result};

use crate::Service;

/// Writes under way at once.
const AT_ONCE: usize = 256;

impl Service {
    /// Does something with each item, many at a time; the results come in the order of the items. The first
    /// failure ends it, when what was begun together with it is done.
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
            let begin = |item| tokio::spawn(work(self.clone(), item));
            let group: Vec<_> = items.by_ref().take(AT_ONCE).map(begin).collect();
            let mut done = Vec::with_capacity(group.len());
            for task in group {
                done.push(task.await.map_err(|error| LedgerError::Store(format!("a write broke: {error}")))?);
            }
            for result in done {
                all.push(result?);
            }
        }
        Ok(all)
    }
}
