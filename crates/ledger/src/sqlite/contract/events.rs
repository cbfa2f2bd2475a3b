//! Events, and how far those who are told of them have come.

use async_trait::async_trait;
use sms::{AccountId, Micros, Number};

use crate::error::Result;
use crate::hooks::{HookCounts, HookState, HookTries, HookTry, HookWork};
use crate::outbound::Event;
use crate::sqlite::{Sqlite, events, hooks};
use crate::traits::Events;

#[async_trait]
impl Events for Sqlite {
    async fn set_wants_events(&self, account: AccountId, wanted: bool) -> Result<()> {
        self.writer.write(1, move |t| events::set_wanted(t, account, wanted)).await
    }

    async fn events(&self, account: AccountId, after: u64, limit: u32) -> Result<Vec<Event>> {
        self.read(move |engine| engine.with_connection(|conn| events::after(conn, account, after, limit)))
            .await
    }

    async fn forget_events(&self, account: AccountId, up_to: u64) -> Result<()> {
        self.writer.write(1, move |t| events::forget(t, account, up_to)).await
    }

    async fn event_heads(&self) -> Result<Vec<(AccountId, u64)>> {
        self.read(|engine| engine.with_connection(events::heads)).await
    }

    async fn begin_hook(&self, account: AccountId, hook: Number, position: u64) -> Result<()> {
        self.writer.write(1, move |t| hooks::begin(t, account, hook, position)).await
    }

    async fn hook_state(&self, account: AccountId, hook: Number) -> Result<Option<HookState>> {
        self.read(move |engine| engine.with_connection(|conn| hooks::state(conn, account, hook))).await
    }

    async fn record_hook(&self, account: AccountId, hook: Number, work: HookWork) -> Result<()> {
        let weight = 1 + work.kept.len() + work.ended.len();
        self.writer.write(weight, move |t| hooks::record(t, account, hook, &work)).await
    }

    async fn hook_tries(
        &self,
        account: AccountId,
        hook: Number,
        which: HookTries,
        limit: u32,
    ) -> Result<Vec<HookTry>> {
        self.read(move |engine| {
            engine.with_connection(|conn| hooks::tries(conn, account, hook, which, limit))
        })
        .await
    }

    async fn hook_busy(&self, account: AccountId, hook: Number, numbers: Vec<Number>) -> Result<Vec<Number>> {
        self.read(move |engine| engine.in_transaction(|conn| hooks::busy(conn, account, hook, &numbers)))
            .await
    }

    async fn hook_counts(&self, account: AccountId, hook: Number) -> Result<HookCounts> {
        self.read(move |engine| engine.with_connection(|conn| hooks::counts(conn, account, hook))).await
    }

    async fn revive_hook_tries(
        &self,
        account: AccountId,
        hook: Number,
        sequence: Option<u64>,
        now: Micros,
    ) -> Result<u64> {
        self.writer.write(1, move |t| hooks::revive(t, account, hook, sequence, now)).await
    }

    async fn forget_hook(&self, account: AccountId, hook: Number) -> Result<()> {
        self.writer.write(1, move |t| hooks::forget(t, account, hook)).await
    }

    async fn expire_hook_tries(&self, before: Micros) -> Result<u64> {
        self.writer.run(move |t| hooks::expire(t, before)).await
    }
}
