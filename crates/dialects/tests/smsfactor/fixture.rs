//! A ledger with known messages, and a caller.

use dialects::kit::Request;
use ledger::change::{Answered, ImportRow};
use ledger::model::{Entry, Message, Network};
use ledger::{Changes, Ledger};
use serde_json::Value;
use sms::{AccountId, BatchKey, Coding, Country, Direction, Micros, Money, Outcome};

use crate::support::{World, request};

/// A period that holds every message of the fixture's accounts which is not outside on purpose.
pub(crate) const PERIOD: &str = "date_start=2025-01-01%2000:00:00&date_end=2025-12-31%2023:59:59";

/// The present: some of the period has passed, some is to come.
const NOW: &str = "2025-08-01T10:00:00Z";

/// A world with messages in it.
pub(crate) struct Fixture {
    pub(crate) world: World,
}

impl Fixture {
    /// Two accounts without messages.
    pub(crate) async fn empty() -> Self {
        let world = World::new().await;
        world.pass(i64::from(moment(NOW).seconds()) - i64::from(world.now().seconds()));
        Self { world }
    }

    /// The same with the history of `records`.
    pub(crate) async fn with(records: Vec<Record>) -> Self {
        let fixture = Self::empty().await;
        fixture.import(fixture.world.account, records).await;
        fixture
    }

    /// Brings in records: the first of a new account has number 1.
    pub(crate) async fn import(&self, account: AccountId, records: Vec<Record>) {
        let numbered = records.into_iter().enumerate();
        let rows: Vec<_> = numbered.map(|(index, record)| record.row(index as u32 + 1)).collect();
        let count = rows.len() as u64;
        let imported = self.world.ledger.import(account, rows).await.expect("an import");
        assert_eq!((imported.added, &imported.refused), (count, &None));
    }

    /// `GET` with the token, asking for JSON.
    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.call(Call::get(target).bearer(&self.world.key).json()).await
    }

    /// `GET /messages` of the period with more parameters.
    pub(crate) async fn list(&self, rest: &str) -> Answer {
        self.get(&format!("/messages?{PERIOD}&{rest}")).await
    }

    /// The numbers of the messages that such a list shows.
    pub(crate) async fn ids(&self, rest: &str) -> Vec<u64> {
        let answer = self.list(rest).await;
        assert_eq!(answer.status(), 1, "{rest}: {}", answer.body);
        answer.column("message_id").iter().map(|id| id.as_u64().expect("a number")).collect()
    }

    /// Another method with the token and a body, asking for JSON.
    pub(crate) async fn ask(&self, method: &str, target: &str, body: &str) -> Answer {
        let call = Call::new(method, target).bearer(&self.world.key).json();
        self.call(call.body(body.to_owned())).await
    }

    /// The same, whose answer is a success.
    pub(crate) async fn done(&self, method: &str, target: &str, body: &str) -> Value {
        let answer = self.ask(method, target, body).await;
        assert_eq!((answer.code, answer.status()), (200, 1), "{method} {target}: {}", answer.body);
        assert_eq!(answer.value()["message"], "OK");
        answer.value()
    }

    /// Sends, and returns the ticket.
    pub(crate) async fn send(&self, query: &str) -> u64 {
        let answer = self.done("GET", &format!("/send?{query}"), "").await;
        answer["ticket"].as_str().and_then(|ticket| ticket.parse().ok()).expect("a ticket")
    }

    /// Verifies every invariant of the store.
    pub(crate) async fn sound(&self) {
        let report = self.world.ledger.check(Box::new(|_| {})).await.expect("checked");
        assert!(report.is_sound(), "{:?}", report.broken);
    }

    /// Any request.
    pub(crate) async fn call(&self, call: Call) -> Answer {
        let response = self.world.router.serve(&self.world.service, call.0).await;
        let (head, body) = response.into_parts();
        let body = String::from_utf8(body.to_vec()).expect("answers are text");
        Answer { code: head.status.as_u16(), headers: head.headers, body }
    }
}

/// A request under construction.
pub(crate) struct Call(Request);

impl Call {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        Self(request(method.parse().expect("a method"), target, &[], b""))
    }

    pub(crate) fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = http::HeaderValue::from_bytes(value.as_bytes()).expect("a header value");
        self.0.headers.append(name, value);
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn json(self) -> Self {
        self.header("accept", "application/json")
    }

    pub(crate) fn xml(self) -> Self {
        self.header("accept", "application/xml")
    }

    pub(crate) fn body(mut self, body: impl Into<bytes::Bytes>) -> Self {
        self.0.body = body.into();
        self
    }
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) code: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The integer `status` of a JSON answer.
    pub(crate) fn status(&self) -> i64 {
        self.value()["status"].as_i64().expect("an integer status")
    }

    /// One field of every message.
    pub(crate) fn column(&self, key: &str) -> Vec<Value> {
        let value = self.value();
        value["messages"].as_array().expect("a list").iter().map(|record| record[key].clone()).collect()
    }

    /// `totalRecords` and `totalDisplayRecords`.
    pub(crate) fn totals(&self) -> (u64, u64) {
        let value = self.value();
        let total = |key: &str| value[key].as_u64().expect("an integer total");
        (total("totalRecords"), total("totalDisplayRecords"))
    }

    /// Asserts that this is an error as every one looks: HTTP 200, three keys, and this `status`.
    pub(crate) fn assert_error(&self, status: i64, what: &str) {
        assert_eq!(self.code, 200, "{what}: {}", self.body);
        let value = self.value();
        let keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys, ["status", "message", "details"], "{what}");
        assert_eq!(value["status"], status, "{what}: {}", self.body);
        assert!(value["message"].is_string() && value["details"].is_string(), "{what}");
    }

    /// Asserts a -7 whose details name the parameter.
    pub(crate) fn assert_refuses(&self, parameter: &str, what: &str) {
        self.assert_error(-7, what);
        let details = self.value()["details"].as_str().unwrap_or_default().to_owned();
        assert!(details.contains(parameter), "{what}: {details}");
    }
}

/// An instant of RFC 3339.
pub(crate) fn moment(text: &str) -> Micros {
    Micros::parse_rfc3339(text).unwrap_or_else(|| panic!("{text} is no moment"))
}

/// A message to be imported.
#[derive(Clone)]
pub(crate) struct Record {
    message: Message,
    batch: Option<u8>,
    answers: Option<u32>,
}

impl Record {
    fn new(direction: Direction, date: &str, outcome: Outcome) -> Self {
        let at = moment(date);
        let message = Message {
            number: 0,
            direction,
            outcome,
            created: at,
            date: at.seconds(),
            sender: None,
            sender_used: None,
            recipient: String::new(),
            body: String::new(),
            coding: Coding::Gsm7,
            forced_by: None,
            segments: 1,
            flash: false,
            priority: 1,
            batch: BatchKey::Mt(0),
            program: 0,
            list: None,
            reference: None,
            answers: None,
            price: Money::ZERO,
            credits: 0,
            country: Country::UNKNOWN,
            network: Network::default(),
            hidden: false,
            history: vec![Entry::new(at, outcome)],
        };
        Self { message, batch: None, answers: None }
    }

    /// Sent at a moment, with the last word on it at the same moment.
    pub(crate) fn mt(date: &str, to: &str, text: &str, outcome: Outcome) -> Self {
        let mut record = Self::new(Direction::Mt, date, outcome);
        record.message.recipient = to.to_owned();
        record.message.country = sms::phone::country_of(to);
        text.clone_into(&mut record.message.body);
        record
    }

    /// Received at a moment.
    pub(crate) fn mo(date: &str, from: &str, to: &str, text: &str) -> Self {
        let mut record = Self::new(Direction::Mo, date, Outcome::Received);
        record.message.sender = Some(from.to_owned());
        record.message.recipient = to.to_owned();
        record.message.country = sms::phone::country_of(from);
        text.clone_into(&mut record.message.body);
        record
    }

    /// In the batch of this name.
    pub(crate) fn batch(mut self, batch: u8) -> Self {
        self.batch = Some(batch);
        self
    }

    pub(crate) fn sender(mut self, sender: &str) -> Self {
        self.message.sender = Some(sender.to_owned());
        self
    }

    pub(crate) fn reference(mut self, reference: &str) -> Self {
        self.message.reference = Some(reference.to_owned());
        self
    }

    pub(crate) fn list(mut self, list: &str) -> Self {
        self.message.list = Some(list.to_owned());
        self
    }

    pub(crate) fn credits(mut self, credits: u32) -> Self {
        self.message.credits = credits;
        self
    }

    pub(crate) fn outcome(mut self, outcome: Outcome) -> Self {
        self.message.outcome = outcome;
        self.message.history = vec![Entry::new(self.message.created, outcome)];
        self
    }

    /// The sender used on the air, where it is not the one given.
    pub(crate) fn used(mut self, sender: &str) -> Self {
        self.message.sender_used = Some(sender.to_owned());
        self
    }

    /// Submitted at its date, and its outcome brought by a report at this moment.
    pub(crate) fn reported(mut self, at: &str) -> Self {
        let submitted = Entry::new(self.message.created, Outcome::Submitted);
        self.message.history = vec![submitted, Entry::new(moment(at), self.message.outcome)];
        self
    }

    /// Answers the record of this place (from 1) among those of its import.
    pub(crate) fn answers(mut self, place: u32) -> Self {
        self.answers = Some(place);
        self
    }

    /// The message itself, to be sent live.
    pub(crate) fn into_message(self) -> Message {
        self.message
    }

    fn row(self, place: u32) -> ImportRow {
        let id = |place: u32| u128::from(place).to_be_bytes();
        ImportRow {
            id: id(place),
            own: None,
            batch: self.batch.map(|batch| [batch; 16]),
            answers: self.answers.map(|place| Answered { id: id(place), own: None, optional: false }),
            message: self.message,
        }
    }
}

/// One message of every kind: number, state and place in the order of dates are told by the comments.
pub(crate) fn history() -> Vec<Record> {
    let to_france = "33612345678";
    vec![
        // 1 DELIVERED and 2 UNDELIVERED: one campaign.
        Record::mt("2025-02-03T03:05:06Z", to_france, "Hello", Outcome::Delivered)
            .batch(1)
            .reference("order-1")
            .sender("ACME")
            .credits(1)
            .reported("2025-02-03T03:05:13Z"),
        Record::mt("2025-02-03T03:05:06Z", "41791112233", "Hello & <you> \"é€\"", Outcome::Expired)
            .batch(1)
            .reference("order-2")
            .sender("ACME")
            .credits(2)
            .reported("2025-07-01T10:00:00Z"),
        // 3 SENT, through a list, without sender or reference.
        Record::mt("2025-03-01T12:00:00Z", to_france, "Second, says ACME", Outcome::Submitted)
            .batch(2)
            .list("17")
            .credits(1),
        // 4 answers the last one sent before it, which is 3; 5 says that it answers 1.
        Record::mo("2025-03-01T12:30:00Z", to_france, "36000", "Thanks 100% hello_there"),
        Record::mo("2025-03-02T08:00:00Z", to_france, "36000", "Again").answers(1),
        // 6 WAITING, 7 MODERATION, 8 DENIED, 9 NOT_SENT to a number of no country.
        Record::mt("2025-12-01T16:00:00Z", "4917012345678", "Later", Outcome::Scheduled).sender("BAKERY"),
        Record::mt("2025-06-01T10:00:00Z", to_france, "Wait", Outcome::Held),
        Record::mt("2025-06-01T10:00:01Z", to_france, "No", Outcome::DeniedModerator),
        Record::mt("2025-06-01T10:00:02Z", "061234", "Bad number", Outcome::DeniedRecipient),
        // 10 and 11 are never shown.
        Record::mt("2025-06-02T10:00:00Z", to_france, "Withdrawn", Outcome::Canceled),
        Record::mo("2025-06-02T10:00:00Z", to_france, "36000", "Half a").outcome(Outcome::Incomplete),
        // 12 answers nothing.
        Record::mo("2025-06-03T10:00:00Z", "491700000000", "36001", "Who are you?"),
        // 13 and 14 lie outside of the period, one second before and behind it.
        Record::mt("2024-12-31T22:59:59Z", to_france, "Before", Outcome::Delivered),
        Record::mt("2025-12-31T23:00:00Z", to_france, "Behind", Outcome::Delivered),
    ]
}

/// The numbers of [`history`] that a list of the period shows, by date.
pub(crate) const LISTED: [u64; 10] = [1, 2, 3, 4, 5, 7, 8, 9, 12, 6];
