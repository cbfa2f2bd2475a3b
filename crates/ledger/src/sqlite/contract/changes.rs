//! What is written of messages and chats.

use async_trait::async_trait;
use sms::{AccountId, Micros, Number};

use crate::change::{
    Accepted, ChatMark, Hide, Idempotency, ImportRow, Imported, Remembered, Step, Submission,
};
use crate::error::Result;
use crate::outbound::{Lease, Straight};
use crate::sqlite::transaction::Transaction;
use crate::sqlite::{Sqlite, chats, idempotency, import, steps, submit};
use crate::traits::Changes;

#[async_trait]
impl Changes for Sqlite {
    async fn accept_straight(
        &self,
        account: AccountId,
        submission: Submission,
        straight: Straight,
    ) -> Result<Accepted> {
        let weight = submission.messages.len();
        let early = submit::refuses_early(&submission);
        let Straight { carriers, leased } = straight;
        let accept = move |t: &mut Transaction<'_>| submit::accept(t, account, submission, &carriers);
        let then = move |(accepted, leases): &mut (Accepted, Vec<Lease>)| {
            leased(accepted.first, std::mem::take(leases));
        };
        let (accepted, _) = self.writer.write_then(early, weight, accept, then).await?;
        if !accepted.repeated {
            self.writer.tally().accepted(accepted.count);
        }
        Ok(accepted)
    }

    async fn remembered(
        &self,
        account: AccountId,
        idempotency: Idempotency,
        at: Micros,
    ) -> Result<Option<Remembered>> {
        self.look(|conn| idempotency::remembered(conn, account, &idempotency, at))
    }

    async fn forget_requests(&self, before: Micros) -> Result<u64> {
        self.writer.run(move |t| idempotency::forget(t, before)).await
    }

    async fn advance(&self, account: AccountId, steps: Vec<Step>) -> Result<()> {
        let weight = steps.len();
        self.writer.write(weight, move |t| steps::advance(t, account, steps)).await
    }

    async fn hide(&self, account: AccountId, what: Hide) -> Result<u64> {
        let now = self.engine.now();
        let batch = match what {
            Hide::Messages(numbers) => {
                let weight = numbers.len();
                let hide = move |t: &mut Transaction<'_>| steps::hide(t, account, &numbers, now);
                return self.writer.write(weight, hide).await;
            }
            Hide::Batch(batch) => batch,
        };
        loop {
            let (numbers, count) = self.read(move |engine| engine.batch_numbers(account, batch)).await?;
            let weight = numbers.len();
            let hide =
                move |t: &mut Transaction<'_>| steps::hide_batch(t, account, batch, &numbers, count, now);
            // Rows that an import added meanwhile belong to it, too.
            if let Some(hidden) = self.writer.write(weight, hide).await? {
                return Ok(hidden);
            }
        }
    }

    async fn cancel(&self, account: AccountId, batch: Number, at: Micros) -> Result<u64> {
        let (numbers, _) = self.read(move |engine| engine.batch_numbers(account, batch)).await?;
        let weight = numbers.len();
        self.writer.write(weight, move |t| steps::cancel(t, account, &numbers, at)).await
    }

    async fn import(&self, account: AccountId, rows: Vec<ImportRow>) -> Result<Imported> {
        let now = self.engine.now();
        self.writer.write_when_idle(move |t| import::import(t, account, rows, now)).await
    }

    async fn open_chat(&self, account: AccountId, peer: String) -> Result<Number> {
        let now = self.engine.now();
        self.writer.write(1, move |t| chats::open(t, account, &peer, now)).await
    }

    async fn mark_chats(
        &self,
        account: AccountId,
        chats: Option<Vec<Number>>,
        mark: ChatMark,
    ) -> Result<u64> {
        self.writer.write(1, move |t| chats::mark(t, account, chats, mark)).await
    }
}
