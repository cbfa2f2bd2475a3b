//! MO, from a segment on to the account it is for.

use async_trait::async_trait;
use sms::{AccountId, Micros, Number};

use crate::change::Idempotency;
use crate::error::Result;
use crate::inbound::{MoPart, Origin, OwedReply, PartFate, Segments, TakeIn, TakenIn, Unrouted};
use crate::people::Slice;
use crate::query::Page;
use crate::sqlite::transaction::Transaction;
use crate::sqlite::{Sqlite, mo_parts, replies, seen, take_in, unrouted};
use crate::traits::WayIn;

#[async_trait]
impl WayIn for Sqlite {
    async fn take_in(&self, account: AccountId, take: TakeIn) -> Result<Option<TakenIn>> {
        let now = self.engine.now();
        self.writer.write_early(1, move |t| take_in::take_in(t, account, take, now)).await
    }

    async fn take_in_once(
        &self,
        account: AccountId,
        take: TakeIn,
        idempotency: Idempotency,
    ) -> Result<TakenIn> {
        let now = self.engine.now();
        self.writer.write(1, move |t| take_in::take_in_once(t, account, take, &idempotency, now)).await
    }

    async fn mo_part(&self, part: MoPart) -> Result<PartFate> {
        self.writer.run(move |t| mo_parts::keep(t, &part)).await
    }

    async fn stale_mo_parts(
        &self,
        before: Micros,
        whole_before: Micros,
        limit: u32,
    ) -> Result<Vec<Segments>> {
        self.read(move |engine| {
            engine.in_transaction(|conn| mo_parts::stale(conn, before, whole_before, limit))
        })
        .await
    }

    async fn keep_unrouted(&self, message: Unrouted, origin: Origin) -> Result<Option<u64>> {
        let now = self.engine.now();
        self.writer.run(move |t| take_in::keep_unrouted(t, &message, &origin, now)).await
    }

    async fn unrouted(&self, slice: Slice) -> Result<Page<Unrouted>> {
        self.read(move |engine| engine.in_transaction(|conn| unrouted::page(conn, &slice))).await
    }

    async fn last_sent_to(
        &self,
        peer: String,
        sender: String,
        among: Option<Vec<AccountId>>,
    ) -> Result<Option<AccountId>> {
        self.read(move |engine| engine.last_sent_to(&peer, &sender, among.as_deref())).await
    }

    async fn owed_replies(&self, limit: u32) -> Result<Vec<OwedReply>> {
        self.read(move |engine| engine.with_connection(|conn| replies::owed(conn, limit))).await
    }

    async fn settle_reply(&self, account: AccountId, number: Number) -> Result<()> {
        self.writer.write(1, move |t| replies::settle(t, account, number)).await
    }

    async fn forget_intake(&self, before: Micros) -> Result<u64> {
        let forget = move |t: &mut Transaction<'_>| {
            Ok(seen::forget(t.conn, before)? + replies::forget(t.conn, before)?)
        };
        self.writer.run(forget).await
    }
}
