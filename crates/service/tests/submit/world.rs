//! A ledger in a directory of its own, a service over it, and a clock that the test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use ledger::sqlite::{Options, Sqlite};
use ledger::{Accounts, Ledger, WayOut};
use service::model::{Batch, Contact, Message};
use service::plan::{Policy, Recipient, RequestKey, SubmitError, SubmitRefusal, SubmitRequest, Text};
use service::query::MessageQuery;
use service::rates::{Rate, Rates};
use service::submit::SubmitAnswer;
use service::{Clock, ServerKey, Service};
use sms::{AccountId, BatchKey, Micros, Money, Number, Outcome};

/// When a test begins: 2023-11-14T22:13:20Z.
pub(crate) const BEGINNING: u32 = 1_700_000_000;

#[derive(Clone)]
struct Hand(Arc<AtomicU32>);

impl Clock for Hand {
    fn now(&self) -> Micros {
        Micros::from_seconds(self.0.load(Ordering::SeqCst))
    }
}

pub(crate) struct World {
    pub(crate) service: Service,
    pub(crate) account: AccountId,
    ledger: Arc<Sqlite>,
    hand: Hand,
    _directory: tempfile::TempDir,
}

impl World {
    /// A postpaid account, for which everything costs nothing.
    pub(crate) async fn new() -> Self {
        Self::with(false).await
    }

    /// A prepaid account with this balance, for which a segment costs 0.05.
    pub(crate) async fn prepaid(balance: &str) -> Self {
        let world = Self::with(true).await;
        world.ledger.fund(world.account, money(balance)).await.expect("funded");
        world.charge("0.05").await;
        world
    }

    async fn with(prepaid: bool) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let hand = Hand(Arc::new(AtomicU32::new(BEGINNING)));
        let clock = hand.clone();
        let options = Options { clock: Arc::new(move || clock.now()), ..Options::default() };
        let ledger = Arc::new(Sqlite::open(directory.path(), options).expect("a ledger"));
        let service = service(&ledger, &hand);
        let currency = "EUR".parse().expect("a currency");
        let account =
            service.create_account("first", None, currency, prepaid).await.expect("an account").0.id;
        Self { service, account, ledger, hand, _directory: directory }
    }

    /// Another service over the same ledger, as after a restart.
    pub(crate) fn restarted(&self) -> Service {
        service(&self.ledger, &self.hand)
    }

    /// Lets a segment cost this much.
    pub(crate) async fn charge(&self, price: &str) {
        let default = Rate { price: money(price), credits: 1 };
        self.service.put_rates(self.account, &Rates { default, ..Rates::default() }).await.expect("rates");
    }

    pub(crate) fn pass(&self, seconds: u32) {
        self.hand.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> u32 {
        self.hand.0.load(Ordering::SeqCst)
    }

    pub(crate) async fn submit(&self, request: SubmitRequest) -> SubmitAnswer {
        self.try_submit(request, &Policy::default(), None).await.expect("accepted")
    }

    pub(crate) async fn try_submit(
        &self,
        request: SubmitRequest,
        policy: &Policy,
        key: Option<RequestKey>,
    ) -> Result<SubmitAnswer, SubmitError> {
        self.service.submit(self.account, request, policy, key).await
    }

    pub(crate) async fn refusal(&self, request: SubmitRequest, policy: &Policy) -> SubmitRefusal {
        match self.try_submit(request, policy, None).await {
            Err(SubmitError::Refused(refusal)) => refusal,
            other => panic!("should have been refused: {other:?}"),
        }
    }

    pub(crate) async fn balance(&self) -> Money {
        self.ledger.account(self.account).await.expect("an account").balance
    }

    pub(crate) async fn batch(&self, batch: Number) -> Batch {
        let batch = self.service.batch(self.account, BatchKey::Mt(batch)).await.expect("read");
        batch.expect("there")
    }

    pub(crate) async fn messages(&self, batch: Number) -> Vec<Message> {
        let query =
            MessageQuery { batch: Some(BatchKey::Mt(batch)), limit: 100_000, ..MessageQuery::default() };
        self.service.messages(self.account, query).await.expect("a page").messages
    }

    pub(crate) async fn outcomes(&self, batch: Number) -> Vec<Outcome> {
        self.messages(batch).await.iter().map(|message| message.outcome).collect()
    }

    pub(crate) async fn contact(&self, phone: &str, first_name: Option<&str>) -> Number {
        let contact = Contact {
            phone: phone.to_owned(),
            first_name: first_name.map(str::to_owned),
            ..Contact::default()
        };
        self.service.put_contact(self.account, contact).await.expect("a contact")
    }

    /// Segments due by now.
    pub(crate) async fn due(&self) -> usize {
        self.ledger.due(self.account, self.now(), 100_000).await.expect("read").len()
    }

    /// Fails the test if any invariant of the store is broken.
    pub(crate) async fn sound(&self) {
        let report = self.service.check(Box::new(|_| {})).await.expect("a check");
        assert!(report.is_sound(), "{:?}", report.broken);
    }
}

fn service(ledger: &Arc<Sqlite>, hand: &Hand) -> Service {
    let shared: Arc<dyn Ledger> = ledger.clone();
    Service::with_clock(shared, ServerKey::from_octets([7; 32]), Arc::new(hand.clone()))
}

pub(crate) fn money(text: &str) -> Money {
    text.parse().expect("an amount")
}

/// A text to some numbers.
pub(crate) fn to(recipients: &[&str], text: &str) -> SubmitRequest {
    SubmitRequest {
        text: Text::Plain(text.to_owned()),
        recipients: recipients.iter().map(|to| Recipient::of(*to)).collect(),
        ..SubmitRequest::default()
    }
}

/// Many possible numbers, each another.
pub(crate) fn many(count: u32) -> Vec<Recipient> {
    (0..count).map(|index| Recipient::of(format!("467{:08}", 1_000_000 + index))).collect()
}
