//! What a case stands on: an open store with one account, a clock that moves when told, and shorthands.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use sms::{AccountId, Micros, Number, Outcome};

use super::{Clock, Opener, Store, mo, mt, submission};
use crate::change::{Accepted, NewAccount, NewProgram, Received, Step};
use crate::error::{LedgerError, Refusal, Result};
use crate::history::Entry;
use crate::model::Message;
use crate::query::{MessagePage, MessageQuery};
use crate::traits::Ledger;

/// When every case begins: 2023-11-14T22:13:20Z.
pub(super) const BEGINNING: u32 = 1_700_000_000;

/// An open store with one account, and the clock it goes by.
pub struct Stage {
    opener: Arc<dyn Opener>,
    now: Arc<AtomicI64>,
    store: Option<Box<dyn Store>>,
    /// The account most cases use.
    pub account: AccountId,
}

impl Stage {
    /// A new store with one account in it.
    ///
    /// # Panics
    /// When the store cannot be opened or the account not be made.
    pub async fn new(opener: Arc<dyn Opener>) -> Self {
        let now = Arc::new(AtomicI64::new(Micros::from_seconds(BEGINNING).get()));
        let store = opener.open(clock(&now));
        let account = make_account(store.ledger(), "acme", Micros::from_seconds(BEGINNING)).await;
        Self { opener, now, store: Some(store), account }
    }

    /// The ledger.
    ///
    /// # Panics
    /// When the store is closed, which no caller sees.
    pub fn ledger(&self) -> &dyn Ledger {
        self.store.as_ref().expect("open").ledger()
    }

    /// The present.
    pub fn now(&self) -> Micros {
        Micros::new(self.now.load(Ordering::SeqCst))
    }

    /// The present and some seconds.
    pub fn later(&self, seconds: i64) -> Micros {
        Micros::new(self.now().get() + seconds * 1_000_000)
    }

    /// Lets time pass (or, below zero, sets the clock back).
    pub fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// Closes the store and opens it again.
    ///
    /// # Panics
    /// When it does not open.
    pub fn reopen(&mut self) {
        if let Some(store) = self.store.take() {
            store.close();
        }
        self.store = Some(self.opener.open(clock(&self.now)));
    }

    /// Drops what is held in memory.
    ///
    /// # Panics
    /// When the store is closed, which no caller sees.
    pub fn forget(&self) {
        self.store.as_ref().expect("open").forget();
    }

    /// Checks that every invariant holds.
    ///
    /// # Panics
    /// When one does not.
    pub async fn sound(&self) {
        let report = self.ledger().check(Box::new(|_| {})).await.expect("check");
        assert!(report.is_sound(), "{:#?}", report.broken);
    }

    /// The end of a case: the store is sound as it stands in memory and as it is stored.
    pub(super) async fn finish(mut self) {
        for account in self.ledger().accounts().await.expect("accounts") {
            // Something has to be in memory to be compared.
            self.ledger().messages(account.id, MessageQuery::default()).await.expect("page");
        }
        self.sound().await;
        self.reopen();
        self.sound().await;
        if let Some(store) = self.store.take() {
            store.close();
        }
    }

    /// Another account.
    pub async fn account(&self, name: &str) -> AccountId {
        make_account(self.ledger(), name, self.now()).await
    }

    /// Another program of the account.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn program(&self, name: &str) -> Number {
        let new = NewProgram { name: name.to_owned(), campaign: String::new(), kind: String::new() };
        self.ledger().create_program(self.account, new).await.expect("program").number
    }

    /// Takes in a submission of these messages, now.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn accept(&self, messages: Vec<Message>) -> Accepted {
        self.try_accept(messages).await.expect("accepted")
    }

    /// The same, where it may be refused.
    pub async fn try_accept(&self, messages: Vec<Message>) -> Result<Accepted> {
        self.ledger().accept(self.account, submission(messages, self.now())).await
    }

    /// Sends a body to one recipient, now; returns the message's number.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn send(&self, recipient: &str, body: &str) -> Number {
        self.accept(vec![mt(recipient, body, self.now())]).await.first
    }

    /// Receives a body from a sender, now.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn hear(&self, sender: &str, body: &str) -> Received {
        self.ledger().receive(self.account, mo(sender, body, self.now())).await.expect("received")
    }

    /// Adds an outcome to a message's history, now.
    pub async fn step(&self, number: Number, outcome: Outcome) -> Result<()> {
        let step = Step { number, entry: Entry::new(self.now(), outcome) };
        self.ledger().advance(self.account, vec![step]).await
    }

    /// Takes a message through outcomes.
    ///
    /// # Panics
    /// When a step is refused.
    pub async fn steps(&self, number: Number, outcomes: &[Outcome]) {
        for outcome in outcomes {
            self.step(number, *outcome).await.expect("legal");
        }
    }

    /// A page.
    ///
    /// # Panics
    /// When it cannot be read.
    pub async fn page(&self, query: MessageQuery) -> MessagePage {
        self.ledger().messages(self.account, query).await.expect("page")
    }

    /// The numbers of everything that matches, in the query's order.
    pub async fn list(&self, query: MessageQuery) -> Vec<Number> {
        let page = self.page(MessageQuery { limit: 10_000, ..query }).await;
        page.messages.iter().map(|message| message.number).collect()
    }

    /// One visible message.
    ///
    /// # Panics
    /// When it is not there.
    pub async fn message(&self, number: Number) -> Message {
        self.ledger().message(self.account, number).await.expect("read").expect("there")
    }
}

fn clock(now: &Arc<AtomicI64>) -> Clock {
    let now = Arc::clone(now);
    Arc::new(move || Micros::new(now.load(Ordering::SeqCst)))
}

async fn make_account(ledger: &dyn Ledger, name: &str, at: Micros) -> AccountId {
    let new = NewAccount {
        name: name.to_owned(),
        username: name.to_owned(),
        currency: "EUR".parse().expect("a currency"),
        prepaid: false,
        at,
    };
    ledger.create_account(new).await.expect("account").id
}

/// The refusal that a write must have met.
///
/// # Panics
/// When it met none.
pub(super) fn refusal<T: Debug>(result: Result<T>) -> Refusal {
    match result {
        Err(LedgerError::Refused(refusal)) => refusal,
        other => panic!("should have been refused: {other:?}"),
    }
}

/// Asserts that a write or read found nothing.
///
/// # Panics
/// When it did.
pub(super) fn not_found<T: Debug>(result: Result<T>) {
    assert!(matches!(result, Err(LedgerError::NotFound)), "should not have been found: {result:?}");
}
