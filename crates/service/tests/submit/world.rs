//! An account that sends, and what it can be asked.

use std::ops::Deref;

use ledger::{Accounts, WayOut};
use service::model::{Batch, Contact, Message};
use service::plan::{Policy, Recipient, RequestKey, SubmitError, SubmitRefusal, SubmitRequest, Text};
use service::query::MessageQuery;
use service::rates::{Rate, Rates};
use service::submit::SubmitAnswer;
use sms::{BatchKey, Money, Number, Outcome};

use crate::support::{Hand, Stage};

pub(crate) struct World(Stage);

impl Deref for World {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.0
    }
}

impl World {
    /// A postpaid account, for which everything costs nothing.
    pub(crate) async fn new() -> Self {
        Self(Stage::new(Hand::still()).await)
    }

    /// A prepaid account with this balance, for which a segment costs 0.05.
    pub(crate) async fn prepaid(balance: &str) -> Self {
        let world = Self(Stage::with(Hand::still(), true).await);
        world.ledger.fund(world.account, money(balance)).await.expect("funded");
        world.charge("0.05").await;
        world
    }

    /// Lets a segment cost this much.
    pub(crate) async fn charge(&self, price: &str) {
        let default = Rate { price: money(price), credits: 1 };
        self.service.put_rates(self.account, &Rates { default, ..Rates::default() }).await.expect("rates");
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
