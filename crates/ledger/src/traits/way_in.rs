//! MO, from a segment on to the account it is for.

use async_trait::async_trait;
use sms::{AccountId, Micros, Number};

use crate::change::{Idempotency, Received};
use crate::error::{LedgerError, Result};
use crate::inbound::{MoPart, Origin, OwedReply, PartFate, Segments, TakeIn, TakenIn, Unrouted};
use crate::model::Message;
use crate::people::Slice;
use crate::query::Page;

/// The way in: segments of MO, what is nobody's, answers that are owed.
#[async_trait]
pub trait WayIn: Send + Sync + 'static {
    /// Takes in an MO, which opens or reopens the chat with its sender. A date before the account's newest is
    /// moved up to it; one ahead of the clock stays the message's own and moves nobody else's.
    async fn receive(&self, account: AccountId, message: Message) -> Result<Received> {
        let taken = self.take_in(account, message.into()).await?;
        // What comes from nowhere was never there before.
        taken.map(|taken| taken.received).ok_or(LedgerError::NotFound)
    }
    /// Takes in an MO with all that belongs to its commit: what it came from is used up, an opt-out made or
    /// lifted, an answer owed. `None`, and nothing is written, when it was taken in before: see
    /// [`crate::inbound::Origin`].
    async fn take_in(&self, account: AccountId, take: TakeIn) -> Result<Option<TakenIn>>;
    /// The same under an idempotency key, which shares its room with those of submissions: what came before
    /// under the key within 24 hours is answered again and not taken in twice;
    /// [`crate::Refusal::KeyReused`] when that was something else.
    async fn take_in_once(
        &self,
        account: AccountId,
        take: TakeIn,
        idempotency: Idempotency,
    ) -> Result<TakenIn>;
    /// Keeps one segment of an MO until its message is taken in.
    async fn mo_part(&self, part: MoPart) -> Result<PartFate>;
    /// Incomplete MO whose newest segment came before `before`, and whole ones that nobody took in though
    /// their newest came before `whole_before`. They stay until they are taken in.
    async fn stale_mo_parts(&self, before: Micros, whole_before: Micros, limit: u32)
    -> Result<Vec<Segments>>;
    /// Keeps an MO that is nobody's; its number in the store. `None`, and nothing is written, when it was
    /// taken in before.
    async fn keep_unrouted(&self, message: Unrouted, origin: Origin) -> Result<Option<u64>>;
    /// MO that are nobody's, by number. [`WayIn::take_in`] gives one to an account.
    async fn unrouted(&self, slice: Slice) -> Result<Page<Unrouted>>;
    /// The account whose message to `peer` from `sender` was submitted last, of these or of all. Every account
    /// concerned is looked into.
    async fn last_sent_to(
        &self,
        peer: String,
        sender: String,
        among: Option<Vec<AccountId>>,
    ) -> Result<Option<AccountId>>;
    /// Answers that are owed, oldest first.
    async fn owed_replies(&self, limit: u32) -> Result<Vec<OwedReply>>;
    /// Settles an answer: it was sent, or never will be.
    async fn settle_reply(&self, account: AccountId, number: Number) -> Result<()>;
    /// Forgets what was remembered of MO, and answers settled, before `before`; returns how many rows.
    async fn forget_intake(&self, before: Micros) -> Result<u64>;
}
