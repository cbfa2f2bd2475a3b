//! The shared world with credentials of this vendor's kind, some traffic, and requests as its clients send them.

use std::ops::{Deref, DerefMut};

use dialects::kit::{Request, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use ledger::Changes;
use serde_json::Value;
use service::Service;
use service::change::{ImportRow, NewBatch, Step, Submission};
use service::manage::KeyRequest;
use service::model::{Account, BatchExtra, Contact, Entry, Message, Network, Source};
use sms::{AccountId, BatchKey, Coding, Direction, Micros, Money, Number, Outcome};

use crate::support;
pub(crate) use crate::support::NOW;

pub(crate) const JOHN: &str = "447860021130";
pub(crate) const MARIA: &str = "46701740605";
pub(crate) const PAUL: &str = "33612345678";
pub(crate) const OURS: &str = "447624800500";
pub(crate) const NOWHERE: u32 = 2_000_000_000;

/// One account and its credential.
pub(crate) struct Owner {
    pub(crate) account: Account,
    pub(crate) secret: &'static str,
}

/// The shared world, whose accounts are Alice's (`tester`) and Bob's (`other`).
pub(crate) struct World {
    shared: support::World,
    pub(crate) alice: Owner,
    pub(crate) bob: Owner,
}

impl Deref for World {
    type Target = support::World;

    fn deref(&self) -> &support::World {
        &self.shared
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut support::World {
        &mut self.shared
    }
}

impl World {
    /// Two accounts with a key each and nothing else.
    pub(crate) async fn empty() -> Self {
        let shared = support::World::new().await;
        let alice = owner(&shared.service, shared.account, "alice-secret").await;
        let bob = owner(&shared.service, shared.other, "bob-secret").await;
        Self { shared, alice, bob }
    }

    /// The same with some traffic of Alice's; see [`World::fill`].
    pub(crate) async fn filled() -> Self {
        let world = Self::empty().await;
        world.fill().await;
        world
    }

    /// Alice's traffic, a second apart: a session of two with a reference and a template (1 delivered to John, a
    /// contact; 2 undelivered to Maria), one in Cyrillic still queued (3, to John), replies of John and Maria
    /// (4, 5), an answer to John (6), one to Paul who has opted out (7).
    async fn fill(&self) {
        let contact = Contact {
            phone: JOHN.to_owned(),
            first_name: Some("John".to_owned()),
            last_name: Some("Conway".to_owned()),
            company: Some("Example Ltd.".to_owned()),
            email: Some("john@example.com".to_owned()),
            created: self.service.now(),
            ..Contact::default()
        };
        self.service.put_contact(self.alice.account.id, contact).await.expect("kept");
        let pair = vec![
            self.mt(JOHN, "Hello John!", Outcome::Delivered),
            self.mt(MARIA, "Hello !", Outcome::Undelivered),
        ];
        let text = NewBatch { reference: Some("ref-1".to_owned()), ..batch("Hello {First name}!") };
        self.submit(&self.alice, NewBatch { templated: true, ..text }, pair).await;
        self.pass(1);
        self.send(&self.alice, self.mt(JOHN, "Привет, мир", Outcome::Queued)).await;
        self.pass(1);
        self.reply(&self.alice, JOHN, "Test reply").await;
        self.pass(1);
        self.reply(&self.alice, MARIA, "Tack så mycket").await;
        self.pass(1);
        self.send(&self.alice, self.mt(JOHN, "Thanks", Outcome::Delivered)).await;
        self.pass(1);
        self.send(&self.alice, self.mt(PAUL, "Bonjour", Outcome::DeniedOptOut)).await;
        self.pass(1);
    }

    /// An MT of now with this outcome, a quarter of a unit dear where it left.
    pub(crate) fn mt(&self, recipient: &str, body: &str, outcome: Outcome) -> Message {
        let price = if outcome.was_submitted() { 250_000 } else { 0 };
        Message {
            direction: Direction::Mt,
            outcome,
            sender: Some(OURS.to_owned()),
            recipient: recipient.to_owned(),
            price: Money::from_millionths(price),
            history: vec![Entry::new(self.service.now(), outcome)],
            ..self.message(body)
        }
    }

    /// An MO of now.
    pub(crate) fn mo(&self, sender: &str, body: &str) -> Message {
        Message {
            direction: Direction::Mo,
            outcome: Outcome::Received,
            sender: Some(sender.to_owned()),
            recipient: OURS.to_owned(),
            history: vec![Entry::new(self.service.now(), Outcome::Received)],
            ..self.message(body)
        }
    }

    fn message(&self, body: &str) -> Message {
        let now = self.service.now();
        let measure = sms::coding::measure(body);
        Message {
            number: 0,
            direction: Direction::Mt,
            outcome: Outcome::Queued,
            created: now,
            date: now.seconds(),
            sender: None,
            sender_used: None,
            recipient: String::new(),
            body: body.to_owned(),
            coding: measure.coding,
            forced_by: measure.forced_by,
            segments: measure.segments,
            flash: false,
            priority: 1,
            batch: BatchKey::Mt(0),
            program: self.alice.account.default_program,
            list: None,
            reference: None,
            answers: None,
            price: Money::ZERO,
            credits: 0,
            country: sms::Country::UNKNOWN,
            network: Network::default(),
            hidden: false,
            history: Vec::new(),
        }
    }

    /// Takes in a submission; returns its batch and its first message.
    pub(crate) async fn submit(
        &self,
        owner: &Owner,
        batch: NewBatch,
        mut messages: Vec<Message>,
    ) -> (Number, Number) {
        for message in &mut messages {
            message.program = owner.account.default_program;
            message.country = sms::phone::country_of(&message.recipient);
        }
        let submission = Submission {
            batch,
            messages,
            at: self.service.now(),
            open_chats: false,
            enqueue: false,
            idempotency: None,
            answer: None,
            charge: None,
            document: None,
        };
        let accepted = self.service.accept(owner.account.id, submission).await.expect("accepted");
        (accepted.batch, accepted.first)
    }

    /// Sends one message; returns its session and its id.
    pub(crate) async fn send(&self, owner: &Owner, message: Message) -> (Number, Number) {
        self.submit(owner, batch(&message.body.clone()), vec![message]).await
    }

    /// Takes in a reply; returns its id.
    pub(crate) async fn reply(&self, owner: &Owner, sender: &str, body: &str) -> Number {
        let mut message = self.mo(sender, body);
        message.program = owner.account.default_program;
        message.country = sms::phone::country_of(sender);
        self.service.receive(owner.account.id, message).await.expect("received").number
    }

    /// Brings in a message of history, dated so many seconds before the start.
    pub(crate) async fn import(&self, mut message: Message, id: u8, before: u32) {
        let created = Micros::from_seconds(NOW - before);
        (message.created, message.date) = (created, created.seconds());
        message.history = vec![Entry::new(created, message.outcome)];
        let row = ImportRow { id: [id; 16], own: None, batch: None, answers: None, message };
        let imported = self.ledger.import(self.alice.account.id, vec![row]).await.expect("imported");
        assert_eq!((imported.added, imported.refused), (1, None));
    }

    /// Adds news to one of Alice's messages.
    pub(crate) async fn news(&self, number: Number, outcome: Outcome) {
        let step = Step { number, entry: Entry::new(self.service.now(), outcome) };
        self.service.advance(self.alice.account.id, vec![step]).await.expect("a legal step");
    }

    /// Sends a request as it is.
    pub(crate) async fn raw(&self, request: Request) -> Reply {
        Reply::of(self.router.serve(&self.service, request).await)
    }

    /// GET as Alice; the path is given below the prefix, with its query.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.raw(request(Method::GET, path).by(&self.alice)).await
    }

    /// GET as Alice of something that must be there.
    pub(crate) async fn read(&self, path: &str) -> Value {
        let reply = self.get(path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        reply.json()
    }

    /// DELETE as Alice.
    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.raw(request(Method::DELETE, path).by(&self.alice)).await
    }

    /// POST of a form as Alice.
    pub(crate) async fn post(&self, path: &str, form: &str) -> Reply {
        self.raw(request(Method::POST, path).by(&self.alice).form(form)).await
    }

    /// POST of JSON as Alice.
    pub(crate) async fn post_json(&self, path: &str, json: &str) -> Reply {
        self.raw(request(Method::POST, path).by(&self.alice).json(json)).await
    }

    /// The ids on a page that Alice gets.
    pub(crate) async fn ids(&self, path: &str) -> Vec<u64> {
        ids(&self.read(path).await)
    }
}

async fn owner(service: &Service, account: AccountId, secret: &'static str) -> Owner {
    service.adopt_key(account, secret, KeyRequest::default()).await.expect("adopted");
    Owner { account: service.account(account).await.expect("there"), secret }
}

/// A submission's own part, through the API and without a reference.
pub(crate) fn batch(text: &str) -> NewBatch {
    NewBatch {
        text: text.to_owned(),
        sender: Some(OURS.to_owned()),
        reference: None,
        source: Source::Api,
        templated: false,
        flash: false,
        coding: Coding::Ucs2,
        priority: 1,
        extra: BatchExtra::default(),
    }
}

/// The ids of an envelope's resources.
pub(crate) fn ids(envelope: &Value) -> Vec<u64> {
    let resources = envelope["resources"].as_array().expect("resources");
    resources.iter().map(|resource| resource["id"].as_u64().expect("an id")).collect()
}

/// A request without credentials; the path is given below the prefix, with its query.
pub(crate) fn request(method: Method, path: &str) -> Request {
    support::request(method, &format!("/api/v2{path}"), &[], b"")
}

/// Adding to a request.
pub(crate) trait With: Sized {
    fn header(self, name: &'static str, value: &str) -> Self;
    fn content(self, content_type: &str, body: &str) -> Self;

    /// The credential as the classic clients send it.
    fn by(self, owner: &Owner) -> Self {
        self.header("x-tm-username", &owner.account.username).header("x-tm-key", owner.secret)
    }

    fn form(self, body: &str) -> Self {
        self.content("application/x-www-form-urlencoded", body)
    }

    fn json(self, body: &str) -> Self {
        self.content("application/json", body)
    }
}

impl With for Request {
    fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header value");
        self.headers.append(HeaderName::from_static(name), value);
        self
    }

    fn content(mut self, content_type: &str, body: &str) -> Self {
        self.body = body.to_owned().into();
        self.header("content-type", content_type)
    }
}

/// An answer, taken apart.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// Takes an answer apart; what holds for every answer is checked here.
    pub(crate) fn of(response: Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = String::from_utf8(response.into_body().to_vec()).expect("UTF-8");
        if status == 204 {
            assert_eq!((text.as_str(), headers.get("content-type")), ("", None));
        } else {
            assert_eq!(headers["content-type"], "application/json", "{text}");
        }
        assert!(!headers.contains_key("www-authenticate"));
        Self { status, headers, text }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The body of a refusal with this status, which always has the same three keys.
    pub(crate) fn refusal(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        let body = self.json();
        let keys: Vec<_> = body.as_object().expect("an object").keys().cloned().collect();
        assert_eq!(keys, ["code", "message", "errors"]);
        assert_eq!(body["code"], status);
        assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()));
        match &body["errors"] {
            Value::Null => assert_ne!(body["message"], "Validation Failed"),
            errors => {
                assert_eq!((status, &body["message"]), (400, &Value::from("Validation Failed")));
                assert!(errors["common"].is_array() && errors["fields"].is_object());
            }
        }
        body
    }

    /// The names of the parameters that a refused write blames.
    pub(crate) fn blamed(&self) -> Vec<String> {
        let body = self.refusal(400);
        let fields = body["errors"]["fields"].as_object().expect("fields");
        for sentences in fields.values() {
            let sentences = sentences.as_array().expect("sentences");
            assert!(!sentences.is_empty() && sentences.iter().all(Value::is_string));
        }
        fields.keys().cloned().collect()
    }
}
