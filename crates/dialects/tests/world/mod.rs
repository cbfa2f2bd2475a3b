//! The shared store, with what these dialects' tests add to it: callers, submissions, answers to look at.
#![allow(dead_code, reason = "each test program uses its part")]

mod answer;
mod messages;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use ledger::Changes;
use ledger::change::{Accepted, ImportRow, NewProgram, Step, Submission};
use ledger::model::{Entry, Message, Program};
use sms::{AccountId, Micros, Number, Outcome};

use crate::support;

pub(crate) use answer::Answer;
pub(crate) use messages::{batch, entries, mo, mt};

/// When every world begins.
pub(crate) const NOW: &str = "2025-06-01T10:00:00Z";
/// Where every world is reached, as links show it.
pub(crate) const ORIGIN: &str = "http://sms.example:8080";

/// An account with a credential.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) id: AccountId,
    pub(crate) username: String,
    pub(crate) secret: String,
    pub(crate) program: Number,
}

impl Caller {
    pub(crate) fn bearer(&self) -> String {
        format!("Bearer {}", self.secret)
    }

    pub(crate) fn basic(&self) -> String {
        basic(&self.username, &self.secret)
    }
}

pub(crate) fn basic(user: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{secret}")))
}

pub(crate) fn at(text: &str) -> Micros {
    Micros::parse_rfc3339(text).expect("a date of a test")
}

/// The shared store at [`NOW`].
pub(crate) struct World(support::World);

impl Deref for World {
    type Target = support::World;

    fn deref(&self) -> &support::World {
        &self.0
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_rate(None).await
    }

    /// A world whose keys may make this many requests a second.
    pub(crate) async fn with_rate(per_second: Option<u32>) -> Self {
        let world = support::World::with_rate_limit(per_second).await;
        world.pass(i64::from(at(NOW).seconds() - support::NOW));
        Self(world)
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, seconds: i64) {
        self.pass(seconds);
    }

    /// The account under test.
    pub(crate) async fn tester(&self) -> Caller {
        self.caller(self.account, "tester", &self.key).await
    }

    /// The other account.
    pub(crate) async fn other(&self) -> Caller {
        self.caller(self.other, "other", &self.other_key).await
    }

    async fn caller(&self, id: AccountId, username: &str, secret: &str) -> Caller {
        let program = self.service.account(id).await.expect("an account").default_program;
        Caller { id, username: username.to_owned(), secret: secret.to_owned(), program }
    }

    pub(crate) async fn program(&self, caller: &Caller, name: &str) -> Program {
        let new = NewProgram {
            name: name.to_owned(),
            campaign: "Default Campaign".to_owned(),
            kind: "Text to Join".to_owned(),
        };
        self.service.create_program(caller.id, new).await.expect("a program")
    }

    /// Takes in a batch of these messages.
    pub(crate) async fn submit(&self, caller: &Caller, submission: Submission) -> Accepted {
        self.service.accept(caller.id, submission).await.expect("accepted")
    }

    /// Takes in an MO.
    pub(crate) async fn receive(&self, caller: &Caller, message: Message) -> Number {
        self.service.receive(caller.id, message).await.expect("received").number
    }

    /// Brings in one message of history, in a batch of this name if it has one.
    pub(crate) async fn import(&self, caller: &Caller, batch: Option<[u8; 16]>, message: Message) {
        // Whatever differs in date, party or body is another message.
        let mut hasher = DefaultHasher::new();
        (message.date, message.peer(), &message.body).hash(&mut hasher);
        let mut id = [0; 16];
        id[..8].copy_from_slice(&hasher.finish().to_be_bytes());
        let row = ImportRow { id, own: None, batch, answers: None, message };
        let done = self.ledger.import(caller.id, vec![row]).await.expect("imported");
        assert_eq!((done.added, done.refused), (1, None));
    }

    /// News of a message, now.
    pub(crate) async fn step(&self, caller: &Caller, number: Number, outcome: Outcome) {
        let steps = vec![Step { number, entry: Entry::new(self.now(), outcome) }];
        self.service.advance(caller.id, steps).await.expect("a legal step");
    }

    /// Calls with an `Authorization`; `target` is a path with its query, or a whole link to ourselves.
    pub(crate) async fn ask(&self, method: Method, target: &str, authorization: Option<&str>) -> Answer {
        let headers: Vec<(&str, &str)> =
            authorization.map(|value| ("authorization", value)).into_iter().collect();
        let target = target.strip_prefix(ORIGIN).unwrap_or(target);
        Answer::new(self.call(method, target, &headers, b"").await)
    }

    pub(crate) async fn get(&self, target: &str, authorization: &str) -> Answer {
        self.ask(Method::GET, target, Some(authorization)).await
    }
}
