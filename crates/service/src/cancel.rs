//! Withdrawing what was not sent yet.

use ledger::change::Step;
use ledger::model::Entry;
use ledger::query::MessageQuery;
use ledger::{LedgerError, Refusal, Result};
use sms::{AccountId, BatchKey, Outcome, OutcomeSet};

use crate::Service;

/// Messages withdrawn in one write.
const GROUP: u32 = 1000;
/// Reads in a row that may find no fewer messages than before, because others move them meanwhile.
const PATIENCE: u32 = 16;

impl Service {
    /// Withdraws every message of a batch that still waits here (scheduled, held or queued); the others
    /// keep their outcome. Returns how many were withdrawn.
    ///
    /// A batch of many messages is withdrawn in groups, each kept whole. [`LedgerError::Busy`] when
    /// messages change under it faster than they can be withdrawn; those withdrawn by then stay so.
    pub async fn cancel_batch(&self, account: AccountId, batch: BatchKey) -> Result<u64> {
        let waiting: OutcomeSet = [Outcome::Scheduled, Outcome::Held, Outcome::Queued].into_iter().collect();
        let query = MessageQuery {
            batch: Some(batch),
            outcomes: Some(waiting),
            limit: GROUP,
            ..MessageQuery::default()
        };
        let mut withdrawn = 0;
        let mut fewest = u64::MAX;
        let mut stalled = 0;
        loop {
            let page = self.ledger.messages(account, query.clone()).await?;
            if page.messages.is_empty() {
                return Ok(withdrawn);
            }
            stalled = if page.total < fewest { 0 } else { stalled + 1 };
            fewest = fewest.min(page.total);
            if stalled > PATIENCE {
                return Err(LedgerError::Busy);
            }
            let entry = Entry::new(self.now(), Outcome::Canceled);
            let steps: Vec<Step> = page
                .messages
                .iter()
                .map(|message| Step { number: message.number, entry: entry.clone() })
                .collect();
            let count = steps.len() as u64;
            match self.ledger.advance(account, steps).await {
                Ok(()) => withdrawn += count,
                // One of them went out since it was read; nothing of the group was kept: look again.
                Err(LedgerError::Refused(Refusal::IllegalStep { .. })) => {}
                Err(error) => return Err(error),
            }
        }
    }
}
