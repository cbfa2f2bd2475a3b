//! The SQLite engine under test.
#![allow(dead_code, reason = "each test binary uses its part")]

pub(crate) mod world;

use std::path::{Path, PathBuf};

use ledger::change::NewAccount;
use ledger::conformance::{Clock, Opener, Store};
use ledger::sqlite::{Options, Sqlite};
use ledger::{Accounts, Ledger};
use sms::{AccountId, Micros};

/// A fresh store with one account, prepaid or not, for tests of the engine itself. It is gone with its directory.
pub(crate) async fn store(prepaid: bool, at: Micros) -> (tempfile::TempDir, Sqlite, AccountId) {
    let directory = tempfile::tempdir().expect("directory");
    let ledger = Sqlite::open(directory.path(), Options::default()).expect("open");
    let account = account(&ledger, prepaid, at).await;
    (directory, ledger, account)
}

/// An account whose money is in EUR.
pub(crate) async fn account(ledger: &Sqlite, prepaid: bool, at: Micros) -> AccountId {
    let currency = "EUR".parse().expect("currency");
    let new = NewAccount { name: "acme".to_owned(), username: "acme".to_owned(), currency, prepaid, at };
    ledger.create_account(new).await.expect("account").id
}

/// A store in a directory of its own, gone with it.
pub(crate) struct InDirectory {
    directory: tempfile::TempDir,
    memory_budget: usize,
}

impl InDirectory {
    pub(crate) fn new() -> Self {
        Self::with_budget(Options::default().memory_budget)
    }

    /// With so much memory for derived state.
    pub(crate) fn with_budget(memory_budget: usize) -> Self {
        Self { directory: tempfile::tempdir().expect("directory"), memory_budget }
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path().join(ledger::sqlite::FILE)
    }
}

impl Opener for InDirectory {
    fn open(&self, clock: Clock) -> Box<dyn Store> {
        let options = Options { clock, memory_budget: self.memory_budget, ..Options::default() };
        Box::new(Opened(Sqlite::open(self.path(), options).expect("open")))
    }
}

struct Opened(Sqlite);

impl Store for Opened {
    fn ledger(&self) -> &dyn Ledger {
        &self.0
    }

    fn forget(&self) {
        self.0.forget();
    }

    fn close(self: Box<Self>) {
        self.0.close().expect("close");
    }
}
