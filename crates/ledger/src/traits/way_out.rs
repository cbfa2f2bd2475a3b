//! The queue, leases, attempts and receipts.

use async_trait::async_trait;
use sms::{AccountId, Micros, Number, OutcomeSet};

use crate::error::{LedgerError, Result};
use crate::outbound::{
    Attempt, Backlog, CarrierId, Due, Lease, OpenLease, Place, ReceiptFate, ReceiptRecord, Receipted,
    Unmatched,
};
use crate::people::Slice;
use crate::query::Page;

/// The way out and back: what is due, who holds it, what carriers answered and reported.
#[async_trait]
pub trait WayOut: Send + Sync + 'static {
    /// Accounts with segments due at or before `now` (seconds) that nobody holds.
    async fn due_accounts(&self, now: u32) -> Result<Vec<AccountId>>;
    /// Segments due at or before `now` that nobody holds, by due second and number.
    async fn due(&self, account: AccountId, now: u32, limit: u32) -> Result<Vec<Due>> {
        self.due_after(account, None, now, limit).await
    }
    /// The same, of what comes after a place in the queue.
    async fn due_after(
        &self,
        account: AccountId,
        after: Option<Place>,
        now: u32,
        limit: u32,
    ) -> Result<Vec<Due>>;
    /// What is due by `now`, counted: for metrics, as it goes through the queue.
    async fn backlog(&self, now: u32) -> Result<Backlog>;
    /// Accounts with messages of these outcomes whose date is of the day of `until` (in seconds) or before.
    async fn silent_accounts(&self, outcomes: OutcomeSet, until: u32) -> Result<Vec<AccountId>>;
    /// Takes segments to be attempted; on disk when it returns. Returns those that were still to be had:
    /// what was withdrawn meanwhile is dropped from the outbox instead.
    async fn lease(&self, account: AccountId, leases: Vec<Lease>, at: Micros) -> Result<Vec<Lease>>;
    /// Records what became of attempts, with whatever receipts waited for their ids.
    async fn record_attempts(&self, account: AccountId, attempts: Vec<Attempt>) -> Result<()>;
    /// Leases that are open: at a start, the attempts that the last end of the process interrupted.
    async fn open_leases(&self) -> Result<Vec<OpenLease>>;
    /// Stores a receipt and matches it, in one transaction. It names no account; the one its id leads to is
    /// the one that is written.
    async fn receipt(&self, receipt: ReceiptRecord) -> Result<ReceiptFate> {
        let fates = self.receipts(vec![receipt]).await?;
        let fate = fates.into_iter().next().map(|receipted| receipted.fate);
        fate.ok_or_else(|| LedgerError::Corrupt("a receipt met no fate".to_owned()))
    }
    /// The same for several, in order, in one transaction: all of them or none.
    async fn receipts(&self, receipts: Vec<ReceiptRecord>) -> Result<Vec<Receipted>>;
    /// The ids that carriers gave to the segments of these messages and that are not forgotten.
    async fn carrier_ids(&self, account: AccountId, numbers: Vec<Number>) -> Result<Vec<CarrierId>>;
    /// Receipts in quarantine, oldest first.
    async fn unmatched(&self, slice: Slice) -> Result<Page<Unmatched>>;
    /// Drops receipts that came to quarantine before `before`; returns how many.
    async fn expire_unmatched(&self, before: Micros) -> Result<u64>;
    /// Forgets the ids of segments taken before `before` whose messages are final; returns how many.
    async fn forget_carrier_ids(&self, before: Micros) -> Result<u64>;
}
