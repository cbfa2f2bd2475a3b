//! What becomes of what could not be told: dead letters, another try, a replay; and clearing away.

use ledger::hooks::{HookCounts, HookState, HookTries, HookTry, HookWork};
use ledger::{LedgerError, Result};
use sms::{AccountId, Micros, Number};

use super::{OF_BATCHES, Target};
use crate::Service;

/// Events, or tries, handled in one commit.
const AT_ONCE: u32 = 500;
/// Tries among which the latest complaint is looked for.
const LOOKED_AT: u32 = 100;

/// A target and how it is doing.
#[derive(Clone, Debug)]
pub struct TargetReport {
    /// The target.
    pub target: Target,
    /// How far it was told.
    pub state: HookState,
    /// What is to be told again.
    pub counts: HookCounts,
    /// Why an event that is to be told again was not taken.
    pub complaint: Option<String>,
}

/// An event that was given up, or is still to be told again.
pub type DeadLetter = HookTry;

impl Service {
    /// How an account's target is doing; [`LedgerError::NotFound`] without one. [`OF_BATCHES`] stands for the
    /// addresses that batches name.
    pub async fn webhook_report(&self, account: AccountId, number: Number) -> Result<TargetReport> {
        let target = match number {
            OF_BATCHES => Target::new("batches", "", super::Wants { mt: true, ..Default::default() }),
            _ => self.webhook(account, number).await?.ok_or(LedgerError::NotFound)?,
        };
        let state = self.ledger.hook_state(account, number).await?.unwrap_or_default();
        let counts = self.ledger.hook_counts(account, number).await?;
        let waiting = HookTries::Waiting(0);
        let tries = self.ledger.hook_tries(account, number, waiting, LOOKED_AT).await?;
        let failed = tries.into_iter().filter(|one| !one.error.is_empty());
        let complaint = failed.max_by_key(|one| one.due).map(|one| one.error);
        Ok(TargetReport { target, state, counts, complaint })
    }

    /// Events that were given up, after this sequence number, in order.
    pub async fn dead_letters(
        &self,
        account: AccountId,
        number: Number,
        after: u64,
        limit: u32,
    ) -> Result<Vec<DeadLetter>> {
        self.known_hook(account, number).await?;
        self.ledger.hook_tries(account, number, HookTries::Dead(after), limit).await
    }

    /// Lets events that were given up, or one of them, be told again; returns how many.
    pub async fn retry_dead_letters(
        &self,
        account: AccountId,
        number: Number,
        event: Option<u64>,
    ) -> Result<u64> {
        self.known_hook(account, number).await?;
        let revived = self.ledger.revive_hook_tries(account, number, event, self.now()).await?;
        self.bell().ring();
        Ok(revived)
    }

    /// Tells the events of a range (both ends included) again, as far as they are kept and the target has
    /// come past them; returns how many were put up for it. What the target does not want is passed over
    /// then.
    pub async fn replay_events(&self, account: AccountId, number: Number, from: u64, to: u64) -> Result<u64> {
        self.known_hook(account, number).await?;
        let state = self.ledger.hook_state(account, number).await?.ok_or(LedgerError::NotFound)?;
        let to = to.min(state.position);
        let (mut after, mut count) = (from.saturating_sub(1), 0);
        loop {
            let mut events = self.ledger.events(account, after, AT_ONCE).await?;
            events.retain(|event| event.sequence <= to);
            let Some(last) = events.last() else { break };
            after = last.sequence;
            count += events.len() as u64;
            let now = self.now();
            let kept = events.into_iter().map(|event| HookTry {
                sequence: event.sequence,
                number: event.number,
                outcome: event.outcome,
                at: event.at,
                attempts: 0,
                due: now,
                dead: false,
                code: None,
                error: String::new(),
            });
            let kept = kept.collect();
            // The state may move meanwhile: a position never goes back, and the rest is rewritten with the
            // next call.
            self.ledger.record_hook(account, number, HookWork { state, kept, ended: Vec::new() }).await?;
        }
        self.bell().ring();
        Ok(count)
    }

    async fn known_hook(&self, account: AccountId, number: Number) -> Result<()> {
        if number != OF_BATCHES {
            self.webhook(account, number).await?.ok_or(LedgerError::NotFound)?;
        }
        Ok(())
    }

    /// Forgets events of before `before` that every target was told, and drops dead letters of before it;
    /// returns how many of the latter.
    pub(super) async fn clear_webhooks(&self, before: Micros) -> Result<u64> {
        for (account, newest) in self.ledger.event_heads().await? {
            let of_batches = self.ledger.hook_state(account, OF_BATCHES).await?;
            let mut past = of_batches.map_or(newest, |state| state.position.min(newest));
            for target in self.webhooks(account).await? {
                // One that is disabled holds nothing up: it is told again what is there still.
                if target.disabled.is_none() {
                    let state = self.ledger.hook_state(account, target.number).await?;
                    past = past.min(state.map_or(newest, |state| state.position));
                }
            }
            self.forget_old_events(account, past, before).await?;
        }
        self.ledger.expire_hook_tries(before).await
    }

    async fn forget_old_events(&self, account: AccountId, past: u64, before: Micros) -> Result<()> {
        let mut after = 0;
        loop {
            let events = self.ledger.events(account, after, AT_ONCE).await?;
            let old = events.iter().take_while(|event| event.sequence <= past && event.at < before);
            let Some(last) = old.last() else { return Ok(()) };
            after = last.sequence;
            self.ledger.forget_events(account, after).await?;
        }
    }
}
