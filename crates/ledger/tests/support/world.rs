//! One account whose messages go out: what tests of the queue and of the way back begin with.

use ledger::conformance::{mt, submission};
use ledger::outbound::{Attempt, AttemptResult, Due, Lease};
use ledger::sqlite::Sqlite;
use ledger::{Changes, Ledger, Reading, WayOut};
use sms::{AccountId, Micros, Outcome};

/// The second at which everything is accepted.
pub(crate) const T: u32 = 1_700_000_000;

/// That many seconds later.
pub(crate) fn at(seconds: u32) -> Micros {
    Micros::from_seconds(T + seconds)
}

/// The lease by which a carrier takes what is due.
pub(crate) fn lease_of(due: &Due, carrier: &str) -> Lease {
    Lease { number: due.message.number, part: due.part, due: due.due, carrier: carrier.to_owned() }
}

/// A fresh store with one account. Test files add what only they need.
pub(crate) struct World {
    pub(crate) ledger: Sqlite,
    pub(crate) account: AccountId,
    pub(crate) directory: tempfile::TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        let (directory, ledger, account) = super::store(false, at(0)).await;
        Self { ledger, account, directory }
    }

    /// Accepts messages of these segments.
    pub(crate) async fn accept(&self, segments: &[u16]) {
        let messages = segments.iter().map(|segments| {
            let mut message = mt("46700000001", "Hello", at(0));
            message.segments = *segments;
            message
        });
        self.ledger.accept(self.account, submission(messages.collect(), at(0))).await.expect("accepted");
    }

    pub(crate) async fn due(&self) -> Vec<Due> {
        self.ledger.due(self.account, T + 100, 100).await.expect("due")
    }

    /// Leases everything due.
    pub(crate) async fn lease(&self) -> Vec<Lease> {
        let leases = self.due().await.iter().map(|due| lease_of(due, "north")).collect();
        self.ledger.lease(self.account, leases, at(1)).await.expect("leased")
    }

    /// An attempt ended so.
    pub(crate) async fn ended(&self, lease: &Lease, result: AttemptResult) {
        let attempt = Attempt { lease: lease.clone(), at: at(2), result, code: None, text: None };
        self.ledger.record_attempts(self.account, vec![attempt]).await.expect("recorded");
    }

    pub(crate) async fn outcome(&self, number: u32) -> Outcome {
        self.ledger.message(self.account, number).await.expect("read").expect("there").outcome
    }

    /// Fails the test if any invariant of the store is broken.
    pub(crate) async fn sound(&self) {
        let report = self.ledger.check(Box::new(|_| {})).await.expect("check");
        assert!(report.is_sound(), "{:?}", report.broken);
    }
}
