//! Events, and how far those who are told of them have come.

use async_trait::async_trait;
use sms::{AccountId, Micros, Number};

use crate::error::Result;
use crate::hooks::{HookCounts, HookState, HookTries, HookTry, HookWork};
use crate::outbound::Event;

/// Events, and telling them to somebody outside.
#[async_trait]
pub trait Events: Send + Sync + 'static {
    /// From now on keeps what happens to the account's messages as events, or no longer.
    async fn set_wants_events(&self, account: AccountId, wanted: bool) -> Result<()>;
    /// Events after a sequence number.
    async fn events(&self, account: AccountId, after: u64, limit: u32) -> Result<Vec<Event>>;
    /// Forgets events up to a sequence number.
    async fn forget_events(&self, account: AccountId, up_to: u64) -> Result<()>;
    /// Accounts whose events are kept, by number, each with the newest event's sequence number.
    async fn event_heads(&self) -> Result<Vec<(AccountId, u64)>>;
    /// Lets a hook begin after an event, unless it has begun.
    async fn begin_hook(&self, account: AccountId, hook: Number, position: u64) -> Result<()>;
    /// How far a hook has come; `None` when it has not begun.
    async fn hook_state(&self, account: AccountId, hook: Number) -> Result<Option<HookState>>;
    /// Records what came of telling events; [`crate::LedgerError::NotFound`] when the hook has not begun or
    /// was forgotten, and nothing is kept. A position never goes back.
    async fn record_hook(&self, account: AccountId, hook: Number, work: HookWork) -> Result<()>;
    /// Tries of a hook.
    async fn hook_tries(
        &self,
        account: AccountId,
        hook: Number,
        which: HookTries,
        limit: u32,
    ) -> Result<Vec<HookTry>>;
    /// Which of these messages have an event that this hook is still to be told.
    async fn hook_busy(&self, account: AccountId, hook: Number, numbers: Vec<Number>) -> Result<Vec<Number>>;
    /// How many tries a hook has.
    async fn hook_counts(&self, account: AccountId, hook: Number) -> Result<HookCounts>;
    /// Lets a hook's dead tries, or that of one event, be made anew from `now` on; returns how many.
    async fn revive_hook_tries(
        &self,
        account: AccountId,
        hook: Number,
        sequence: Option<u64>,
        now: Micros,
    ) -> Result<u64>;
    /// Drops all that is kept of a hook.
    async fn forget_hook(&self, account: AccountId, hook: Number) -> Result<()>;
    /// Drops the dead tries of every hook that were given up before `before`; returns how many.
    async fn expire_hook_tries(&self, before: Micros) -> Result<u64>;
}
