//! What the gateway has done and has to do, for metrics.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since the process began, and states as they are now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GatewayFigures {
    /// Segments that are due now, those being attempted among them; looked at now and then.
    pub due: u64,
    /// For how many seconds the oldest of them has been due.
    pub oldest_due: u64,
    /// Segments that are out at carriers, without an answer yet.
    pub in_flight: u64,
    /// Messages whose attempt is uncertain; looked at now and then.
    pub uncertain_open: u64,
    /// Receipts in quarantine; looked at now and then.
    pub quarantined: u64,
    /// MO that are nobody's; looked at now and then.
    pub unrouted: u64,
    /// Submissions to carriers that were leased in the commit that took their messages in.
    pub straight: u64,
    /// Attempts that a carrier took.
    pub submitted: u64,
    /// Attempts that a carrier refused for good.
    pub rejected: u64,
    /// Attempts that were throttled.
    pub throttled: u64,
    /// Attempts that are to be repeated.
    pub retried: u64,
    /// Attempts that were never written to a peer, and went to the next carrier or back to the queue.
    pub not_sent: u64,
    /// Attempts without an answer, those found open at the start among them.
    pub uncertain: u64,
    /// Uncertain attempts that were sent again.
    pub resends: u64,
    /// Late answers to uncertain attempts.
    pub settled: u64,
    /// Segments that expired here, never submitted.
    pub expired: u64,
    /// Segments that failed here: no route, too many attempts, a carrier that fails what is in doubt.
    pub failed: u64,
    /// Receipts that were matched.
    pub receipts_matched: u64,
    /// Receipts that went to quarantine, some of them to be matched later.
    pub receipts_quarantined: u64,
    /// Receipts that had come before.
    pub receipts_repeated: u64,
    /// Receipts that the ledger did not take; their peers send them again.
    pub receipts_refused: u64,
    /// Receipts whose time in quarantine was over.
    pub receipts_expired: u64,
    /// The time from the arrival of receipts to their commit, in microseconds, summed up.
    pub receipt_commit_micros: u64,
    /// The time from the answer to a submission to the arrival of its receipt, in microseconds, summed up
    /// over matched receipts.
    pub receipt_lag_micros: u64,
    /// MO and parts of MO that were taken.
    pub messages_taken: u64,
    /// MO and parts of MO that were not taken; their peers send them again.
    pub messages_refused: u64,
    /// Messages that ended without a last word.
    pub unknown: u64,
    /// Results of attempts that the ledger refused: a defect.
    pub attempts_refused: u64,
}

macro_rules! tally {
    ($($field:ident),* $(,)?) => {
        /// [`GatewayFigures`], as they are counted.
        #[derive(Debug, Default)]
        pub(super) struct Tally { $(pub(super) $field: AtomicU64,)* }

        impl Tally {
            /// What was counted so far.
            pub(super) fn read(&self) -> GatewayFigures {
                GatewayFigures { $($field: self.$field.load(Ordering::Relaxed),)* in_flight: 0 }
            }
        }
    };
}

tally!(
    due,
    oldest_due,
    uncertain_open,
    quarantined,
    unrouted,
    straight,
    submitted,
    rejected,
    throttled,
    retried,
    not_sent,
    uncertain,
    resends,
    settled,
    expired,
    failed,
    receipts_matched,
    receipts_quarantined,
    receipts_repeated,
    receipts_refused,
    receipts_expired,
    receipt_commit_micros,
    receipt_lag_micros,
    messages_taken,
    messages_refused,
    unknown,
    attempts_refused,
);

/// Adds one.
pub(super) fn count(figure: &AtomicU64) {
    add(figure, 1);
}

/// Adds some.
pub(super) fn add(figure: &AtomicU64, many: u64) {
    figure.fetch_add(many, Ordering::Relaxed);
}

/// Sets what is looked at now and then.
pub(super) fn set(figure: &AtomicU64, value: u64) {
    figure.store(value, Ordering::Relaxed);
}
