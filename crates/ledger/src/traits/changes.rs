//! What is written of messages and chats.

use async_trait::async_trait;
use sms::{AccountId, Micros, Number};

use crate::change::{
    Accepted, ChatMark, Hide, Idempotency, ImportRow, Imported, Remembered, Step, Submission,
};
use crate::error::Result;
use crate::outbound::Straight;

/// What is written of messages and chats on behalf of those who send them.
#[async_trait]
pub trait Changes: Send + Sync + 'static {
    /// Takes in a submission: batch, messages, chats, outbox and idempotency record in one commit.
    async fn accept(&self, account: AccountId, submission: Submission) -> Result<Accepted> {
        self.accept_straight(account, submission, Straight::none()).await
    }
    /// The same, and leases in the same commit what of it is queued and due now, for the carriers that `straight`
    /// names. Whoever waits for the answer may go away; who is to attempt it is told in any case, after the
    /// commit and before the answer.
    async fn accept_straight(
        &self,
        account: AccountId,
        submission: Submission,
        straight: Straight,
    ) -> Result<Accepted>;
    /// The answer to an earlier request of this idempotency key, if there was one within 24 hours before `at`;
    /// [`crate::Refusal::KeyReused`] when that was another request.
    async fn remembered(
        &self,
        account: AccountId,
        idempotency: Idempotency,
        at: Micros,
    ) -> Result<Option<Remembered>>;
    /// Forgets idempotency keys of requests before `before`, of all accounts; returns how many.
    async fn forget_requests(&self, before: Micros) -> Result<u64>;
    /// Adds news to messages' histories; all of it or nothing.
    async fn advance(&self, account: AccountId, steps: Vec<Step>) -> Result<()>;
    /// Hides messages in every dialect; what was not sent yet is canceled. Returns how many were visible.
    async fn hide(&self, account: AccountId, what: Hide) -> Result<u64>;
    /// Cancels what is not sent yet of a batch, which stays readable. Returns how many messages that were.
    /// Like everything that ends before a carrier took it, what was paid for goes back to the balance.
    async fn cancel(&self, account: AccountId, batch: Number, at: Micros) -> Result<u64>;
    /// Brings in rows of history; idempotent by id. Such rows are never sent.
    async fn import(&self, account: AccountId, rows: Vec<ImportRow>) -> Result<Imported>;
    /// Opens a chat with a peer, or reopens it; returns its number.
    async fn open_chat(&self, account: AccountId, peer: String) -> Result<Number>;
    /// Sets a mark on chats; numbers that do not exist are passed over. `None` is every chat.
    async fn mark_chats(&self, account: AccountId, chats: Option<Vec<Number>>, mark: ChatMark)
    -> Result<u64>;
}
