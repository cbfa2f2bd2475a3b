//! A person's word on what is held.

use ledger::change::Step;
use ledger::model::Entry;
use ledger::query::MessageQuery;
use ledger::{LedgerError, Result};
use sms::{AccountId, BatchKey, Number, Outcome};

use crate::Service;
use crate::wake::BEGINNING;

/// Messages whose outcome is written in one commit.
const AT_ONCE: u32 = 5000;

impl Service {
    /// Lets what is held of a batch go out: at once, or when it is due. Returns how many messages that were;
    /// [`LedgerError::NotFound`] without the batch.
    pub async fn release(&self, account: AccountId, batch: Number) -> Result<u64> {
        self.decide(account, batch, |date, now| if date > now { Outcome::Scheduled } else { Outcome::Queued })
            .await
    }

    /// Refuses what is held of a batch; what was paid for it goes back. Returns how many messages that were;
    /// [`LedgerError::NotFound`] without the batch.
    pub async fn refuse_held(&self, account: AccountId, batch: Number) -> Result<u64> {
        self.decide(account, batch, |_, _| Outcome::DeniedModerator).await
    }

    /// Gives every held message of a batch the outcome that follows from its due second and the present one.
    async fn decide(
        &self,
        account: AccountId,
        batch: Number,
        outcome: impl Fn(u32, u32) -> Outcome + Send,
    ) -> Result<u64> {
        let key = BatchKey::Mt(batch);
        self.ledger.batch(account, key).await?.ok_or(LedgerError::NotFound)?;
        let mut decided = 0;
        loop {
            let query = MessageQuery {
                batch: Some(key),
                outcomes: Some(Outcome::Held.only()),
                limit: AT_ONCE,
                ..MessageQuery::default()
            };
            // Those that were decided are not held any more, so the first page is always the next.
            let page = self.ledger.messages(account, query).await?.messages;
            if page.is_empty() {
                return Ok(decided);
            }
            let now = self.now();
            let steps = page.iter().map(|message| {
                let entry = Entry::new(now, outcome(message.date, now.seconds()));
                Step { number: message.number, entry }
            });
            self.ledger.advance(account, steps.collect()).await?;
            // What is released is due at its date, which others may have passed.
            self.wake.again(account, BEGINNING);
            decided += page.len() as u64;
        }
    }
}
