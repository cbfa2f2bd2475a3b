//! What every world of these tests begins with: a ledger in a directory of its own, a service over it, an account,
//! and a clock that the test moves.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ledger::sqlite::{Options, Sqlite};
use service::{Clock, ServerKey, Service};
use sms::{AccountId, Micros};

/// When a test begins whose clock stands still: 2023-11-14T22:13:20Z.
pub(crate) const BEGINNING: u32 = 1_700_000_000;

/// The clock: it stands still, or goes with the system's, and the test moves it on.
#[derive(Clone)]
pub(crate) struct Hand {
    runs: bool,
    moved: Arc<AtomicI64>,
}

impl Hand {
    /// One that stands still until it is moved.
    pub(crate) fn still() -> Self {
        let beginning = Micros::from_seconds(BEGINNING).get();
        Self { runs: false, moved: Arc::new(AtomicI64::new(beginning)) }
    }

    /// One that goes with the system's.
    pub(crate) fn running() -> Self {
        Self { runs: true, moved: Arc::default() }
    }
}

impl Clock for Hand {
    fn now(&self) -> Micros {
        let moved = self.moved.load(Ordering::SeqCst);
        Micros::new(if self.runs { Micros::now().get() + moved } else { moved })
    }
}

/// The beginning of a world. Worlds lend it by `Deref`.
pub(crate) struct Stage {
    pub(crate) service: Service,
    pub(crate) account: AccountId,
    pub(crate) ledger: Arc<Sqlite>,
    hand: Hand,
    directory: tempfile::TempDir,
}

impl Stage {
    /// A postpaid account, for which everything costs nothing.
    pub(crate) async fn new(hand: Hand) -> Self {
        Self::with(hand, false).await
    }

    /// An account that keeps prices in EUR, prepaid or not.
    pub(crate) async fn with(hand: Hand, prepaid: bool) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let ledger = open(directory.path(), &hand);
        let service = service(&ledger, &hand);
        let account = account(&service, "first", prepaid).await;
        Self { service, account, ledger, hand, directory }
    }

    /// As if the process had ended and another had started.
    pub(crate) fn reopened(self) -> Self {
        let Self { service: before, account, ledger, hand, directory } = self;
        drop(before);
        drop(ledger);
        let ledger = open(directory.path(), &hand);
        Self { service: service(&ledger, &hand), account, ledger, hand, directory }
    }

    /// Another service over the same ledger, which remembers nothing of the first.
    pub(crate) fn restarted(&self) -> Service {
        service(&self.ledger, &self.hand)
    }

    /// Another account.
    pub(crate) async fn another(&self, name: &str) -> AccountId {
        account(&self.service, name, false).await
    }

    pub(crate) fn pass(&self, seconds: u32) {
        self.hand.moved.fetch_add(i64::from(seconds) * 1_000_000, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> u32 {
        self.hand.now().seconds()
    }

    /// Fails the test if any invariant of the store is broken.
    pub(crate) async fn sound(&self) {
        let report = self.service.check(Box::new(|_| {})).await.expect("a check");
        assert!(report.is_sound(), "{:?}", report.broken);
    }
}

fn open(directory: &Path, hand: &Hand) -> Arc<Sqlite> {
    let clock = hand.clone();
    let options = Options { clock: Arc::new(move || clock.now()), ..Options::default() };
    Arc::new(Sqlite::open(directory, options).expect("a ledger"))
}

fn service(ledger: &Arc<Sqlite>, hand: &Hand) -> Service {
    Service::with_clock(ledger.clone(), ServerKey::from_octets([7; 32]), Arc::new(hand.clone()))
}

async fn account(service: &Service, name: &str, prepaid: bool) -> AccountId {
    let currency = "EUR".parse().expect("a currency");
    service.create_account(name, None, currency, prepaid).await.expect("an account").0.id
}
