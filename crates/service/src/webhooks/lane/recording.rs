//! Writing down what came of a window.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use ledger::Result;
use ledger::hooks::{HookState, HookTry, HookWork};
use sms::Micros;

use super::Lane;
use super::telling::{End, Told};
use crate::webhooks::gather::Item;
use crate::webhooks::target::{Target, shown};
use crate::webhooks::{OF_BATCHES, Shape, micros};

/// Events that may be passed over before that is written down.
const PASSED_OVER: u64 = 1000;

impl Lane {
    /// Writes down what came of a window.
    pub(super) async fn record(
        &mut self,
        told: Vec<Told>,
        mut work: HookWork,
        target: &Target,
        shape: &Arc<dyn Shape>,
    ) -> Result<()> {
        let now = self.shared.service.now();
        let (mut taken, mut failed) = (false, false);
        for Told { item, end } in told {
            match end {
                End::Taken(code) => {
                    taken = true;
                    work.state.last_code = Some(code);
                    if item.kept {
                        work.ended.push(item.sequence);
                    }
                }
                End::Failed { code, words, next } => {
                    failed = true;
                    work.state.last_code = code.or(work.state.last_code);
                    if next.is_none() {
                        self.shared.dead.fetch_add(1, Ordering::Relaxed);
                        tracing::warn!(account = %self.account, webhook = self.hook, event = item.sequence,
                            error = words, "webhooks: an event was given up");
                    }
                    let attempted = Item { attempts: item.attempts.saturating_add(1), ..item };
                    let dead = next.is_none();
                    let one = kept(&attempted, next.unwrap_or(now), code, words);
                    work.kept.push(HookTry { dead, ..one });
                }
                End::Waits(until) => work.kept.push(kept(&item, until, None, String::new())),
            }
        }
        if taken {
            work.state.failing_since = None;
        } else if failed {
            work.state.failing_since = work.state.failing_since.or(Some(now));
        }
        let state = work.state;
        let quiet = !taken && !failed && work.kept.is_empty() && work.ended.is_empty();
        if !quiet || state.position.saturating_sub(self.written) >= PASSED_OVER {
            self.shared.service.ledger.record_hook(self.account, self.hook, work).await?;
            self.written = state.position;
        }
        self.state = Some(state);
        if failed && self.hook != OF_BATCHES {
            self.lose_patience(state, target, shape, now).await?;
        }
        Ok(())
    }

    /// Disables a target that has done nothing but fail for longer than its shape bears with.
    async fn lose_patience(
        &mut self,
        state: HookState,
        target: &Target,
        shape: &Arc<dyn Shape>,
        now: Micros,
    ) -> Result<()> {
        let (Some(since), Some(patience)) = (state.failing_since, shape.patience()) else { return Ok(()) };
        if now.get().saturating_sub(since.get()) < micros(patience) {
            return Ok(());
        }
        tracing::warn!(account = %self.account, webhook = self.hook, url = shown(&target.url), %since,
            "webhooks: disabled, for every call has failed");
        // Enabled again, it has as much time as before.
        let work = HookWork { state: HookState { failing_since: None, ..state }, ..HookWork::default() };
        self.shared.service.ledger.record_hook(self.account, self.hook, work).await?;
        self.state = None;
        self.breakers.reset();
        let reason = format!("every call has failed since {since}");
        self.shared.service.disable_webhook(self.account, self.hook, Some(&reason)).await?;
        Ok(())
    }
}

/// What is kept of an event that is to be told at another time.
pub(super) fn kept(item: &Item, due: Micros, code: Option<u16>, error: String) -> HookTry {
    let Item { sequence, number, outcome, at, attempts, kept: _ } = *item;
    HookTry { sequence, number, outcome, at, attempts, due, dead: false, code, error }
}
