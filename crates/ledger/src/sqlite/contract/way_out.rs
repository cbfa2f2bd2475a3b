//! The queue, leases, attempts and receipts.

use async_trait::async_trait;
use sms::{AccountId, Micros, Number, OutcomeSet};

use crate::error::Result;
use crate::outbound::{
    Attempt, Backlog, CarrierId, Due, Lease, OpenLease, Place, ReceiptRecord, Receipted, Unmatched,
};
use crate::people::Slice;
use crate::query::Page;
use crate::sqlite::{Sqlite, outbox, queue, receipts};
use crate::traits::WayOut;

#[async_trait]
impl WayOut for Sqlite {
    async fn due_accounts(&self, now: u32) -> Result<Vec<AccountId>> {
        self.read(move |engine| engine.in_transaction(|conn| queue::due_accounts(conn, now))).await
    }

    async fn due_after(
        &self,
        account: AccountId,
        after: Option<Place>,
        now: u32,
        limit: u32,
    ) -> Result<Vec<Due>> {
        self.read(move |engine| {
            engine.in_transaction(|conn| queue::due(conn, &engine.networks.get(), account, after, now, limit))
        })
        .await
    }

    async fn backlog(&self, now: u32) -> Result<Backlog> {
        self.read(move |engine| engine.in_transaction(|conn| queue::backlog(conn, now))).await
    }

    async fn silent_accounts(&self, outcomes: OutcomeSet, until: u32) -> Result<Vec<AccountId>> {
        self.read(move |engine| engine.with_connection(|conn| queue::silent_accounts(conn, outcomes, until)))
            .await
    }

    async fn lease(&self, account: AccountId, leases: Vec<Lease>, at: Micros) -> Result<Vec<Lease>> {
        let weight = leases.len();
        self.writer.write_early(weight, move |t| outbox::lease(t, account, leases, at)).await
    }

    async fn record_attempts(&self, account: AccountId, attempts: Vec<Attempt>) -> Result<()> {
        let weight = attempts.len();
        self.writer.write_patiently(weight, move |t| outbox::record(t, account, attempts)).await
    }

    async fn open_leases(&self) -> Result<Vec<OpenLease>> {
        self.read(|engine| engine.with_connection(queue::open_leases)).await
    }

    async fn receipts(&self, receipts: Vec<ReceiptRecord>) -> Result<Vec<Receipted>> {
        let weight = receipts.len();
        self.writer.write_patiently(weight, move |t| receipts::receive_all(t, &receipts)).await
    }

    async fn carrier_ids(&self, account: AccountId, numbers: Vec<Number>) -> Result<Vec<CarrierId>> {
        self.read(move |engine| engine.with_connection(|conn| receipts::ids_of(conn, account, &numbers)))
            .await
    }

    async fn unmatched(&self, slice: Slice) -> Result<Page<Unmatched>> {
        self.read(move |engine| engine.in_transaction(|conn| receipts::unmatched(conn, &slice))).await
    }

    async fn expire_unmatched(&self, before: Micros) -> Result<u64> {
        self.writer.run(move |t| receipts::expire(t, before)).await
    }

    async fn forget_carrier_ids(&self, before: Micros) -> Result<u64> {
        self.writer.run(move |t| receipts::forget_ids(t, before)).await
    }
}
