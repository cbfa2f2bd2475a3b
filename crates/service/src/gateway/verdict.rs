//! What an answer of a carrier means for the ledger.

use std::time::Duration;

use carriers::carrier::{Settled, SubmitError, Submitted};
use ledger::outbound::{Attempt, AttemptResult, Settlement};
use rand::Rng;
use sms::{Micros, Outcome};

use super::figures::{Tally, count};
use super::pace::Pace;
use super::parcel::{AttemptKey, Parcel};
use super::routing::Doubt;

/// What is known where an answer is judged.
pub(super) struct Judge<'a> {
    pub(super) doubt: Doubt,
    pub(super) pace: &'a Pace,
    pub(super) tally: &'a Tally,
    pub(super) now: Micros,
}

impl Judge<'_> {
    /// The attempts of a parcel, as they are to be recorded.
    pub(super) fn attempts(&self, parcel: Parcel, answer: Result<Submitted, SubmitError>) -> Vec<Attempt> {
        let (result, code, text) = match answer {
            Ok(Submitted { id }) => {
                count(&self.tally.submitted);
                return self.taken(parcel, id.unwrap_or_default());
            }
            Err(error) => self.not_taken(&parcel, error),
        };
        let attempt = |lease| Attempt {
            lease,
            at: self.now,
            result: result.clone(),
            code: code.clone(),
            text: text.clone(),
        };
        parcel.leases.into_iter().map(attempt).collect()
    }

    /// The id stands for all segments of a whole message: the first keeps it.
    fn taken(&self, parcel: Parcel, id: String) -> Vec<Attempt> {
        let whole = parcel.is_whole();
        let mut id = Some(id);
        let results = parcel.leases.into_iter().map(|lease| {
            let id = id.take();
            let result = match id {
                Some(id) if whole => AttemptResult::SubmittedWhole { id },
                id => AttemptResult::Submitted { id: id.unwrap_or_default() },
            };
            Attempt { lease, at: self.now, result, code: None, text: None }
        });
        results.collect()
    }

    fn not_taken(
        &self,
        parcel: &Parcel,
        error: SubmitError,
    ) -> (AttemptResult, Option<String>, Option<String>) {
        let tally = self.tally;
        match error {
            SubmitError::Throttled { after } => {
                count(&tally.throttled);
                let due = self.after(jitter(after.max(Duration::from_secs(1))));
                (AttemptResult::Unsent { due }, None, Some("throttled by the carrier".to_owned()))
            }
            SubmitError::Retry { code, words } if parcel.attempts + 1 >= self.pace.most_attempts => {
                count(&tally.failed);
                let words = format!("given up after {} attempts: {words}", parcel.attempts + 1);
                (AttemptResult::Ended(Outcome::Failed), code, Some(words))
            }
            SubmitError::Retry { code, words } => {
                count(&tally.retried);
                let due = self.after(self.back_off(parcel.attempts));
                (AttemptResult::Retry { due }, code, Some(words))
            }
            SubmitError::Rejected { code, words } => {
                count(&tally.rejected);
                (AttemptResult::Ended(Outcome::RefusedByCarrier), code, Some(words))
            }
            SubmitError::NotSent { reason } => {
                count(&tally.not_sent);
                // At its own place again, so that it goes before what came after it.
                let due = parcel.leases.first().map_or(self.now.seconds(), |lease| lease.due);
                (AttemptResult::Unsent { due }, None, Some(reason))
            }
            SubmitError::Uncertain { reason } => (self.uncertain(), None, Some(reason)),
        }
    }

    /// What becomes of an attempt without an answer.
    pub(super) fn uncertain(&self) -> AttemptResult {
        count(&self.tally.uncertain);
        match self.doubt {
            Doubt::Hold => AttemptResult::Uncertain { resend: None },
            Doubt::Resend => {
                AttemptResult::Uncertain { resend: Some(self.after(jitter(self.pace.resend_after))) }
            }
            Doubt::Fail => {
                count(&self.tally.failed);
                AttemptResult::Ended(Outcome::Failed)
            }
        }
    }

    /// A late answer, as it is to be recorded; `None` for one that names no attempt of ours.
    pub(super) fn settled(&self, carrier: &str, settled: Settled) -> Option<(AttemptKey, Attempt)> {
        let key = AttemptKey::unpack(settled.key)?;
        count(&self.tally.settled);
        let (settlement, code, text) = match settled.result {
            Ok(Submitted { id }) => (Settlement::Taken { id: id.unwrap_or_default() }, None, None),
            Err(SubmitError::Rejected { code, words }) => (Settlement::Refused, code, Some(words)),
            Err(error) => {
                let due = self.after(self.back_off(key.attempts));
                (Settlement::NotTaken { due }, None, Some(error.to_string()))
            }
        };
        let result = AttemptResult::Settled(settlement);
        Some((key, Attempt { lease: key.lease(carrier), at: self.now, result, code, text }))
    }

    /// The pause before the next attempt.
    fn back_off(&self, attempts: u16) -> Duration {
        let doubled = 1_u32.checked_shl(attempts.min(31).into()).unwrap_or(u32::MAX);
        jitter(self.pace.retry_first.saturating_mul(doubled).min(self.pace.retry_most))
    }

    /// The second after a pause, which is never the present one: what is due by now was looked at.
    fn after(&self, pause: Duration) -> u32 {
        let micros = i64::try_from(pause.as_micros()).unwrap_or(i64::MAX);
        let then = Micros::new(self.now.get().saturating_add(micros)).seconds();
        then.max(self.now.seconds().saturating_add(1))
    }
}

/// Between three quarters of a pause and five: many that failed together do not come again together.
fn jitter(pause: Duration) -> Duration {
    pause.mul_f64(rand::rng().random_range(0.75..1.25))
}
