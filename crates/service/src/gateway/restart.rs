//! Attempts that the last end of the process interrupted.

use std::collections::BTreeMap;

use ledger::Result;
use ledger::outbound::Attempt;
use sms::AccountId;

use super::Inner;
use super::commit::lasting;
use super::routing::Doubt;
use super::verdict::Judge;

/// Attempts recorded in one commit.
const AT_ONCE: usize = 1000;

/// Records every lease that is open as uncertain, under the policy of its carrier; one whose carrier is not
/// there (any more) is held. To be done before anything is leased.
pub(super) async fn recover(inner: &Inner) -> Result<()> {
    let ledger = inner.service.ledger.as_ref();
    let open = lasting(|| ledger.open_leases()).await?;
    let mut by_account: BTreeMap<AccountId, Vec<Attempt>> = BTreeMap::new();
    for open in open {
        let doubt = inner.lane(&open.lease.carrier).map_or(Doubt::Hold, |lane| lane.rules().1);
        let judge = Judge { doubt, pace: &inner.pace, tally: &inner.tally, now: inner.service.now() };
        let attempt = Attempt {
            lease: open.lease,
            at: inner.service.now(),
            result: judge.uncertain(),
            code: None,
            text: Some("the process ended before the answer".to_owned()),
        };
        by_account.entry(open.account).or_default().push(attempt);
    }
    for (account, attempts) in by_account {
        tracing::warn!(%account, count = attempts.len(), "attempts were open when the last process ended");
        for group in attempts.chunks(AT_ONCE) {
            lasting(|| ledger.record_attempts(account, group.to_vec())).await?;
            faults::place("restart.doubted");
        }
    }
    Ok(())
}
