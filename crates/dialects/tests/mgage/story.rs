//! A small account with two programs.

use ledger::model::{Entry, Program};
use serde_json::Value;
use sms::Outcome;

use crate::world::{Answer, Caller, World, at, batch, mo, mt};

pub(crate) struct Story {
    pub(crate) world: World,
    pub(crate) tester: Caller,
    pub(crate) other: Caller,
    pub(crate) spring: Program,
}

impl Story {
    /// An account whose program has ten messages, MT and MO by turns, an hour apart, the last now.
    pub(crate) async fn new() -> Self {
        let story = Self::empty().await;
        story.world.wait(-9 * 3600);
        for index in 0..10 {
            story.one(index).await;
            if index < 9 {
                story.world.wait(3600);
            }
        }
        story
    }

    /// An account whose program has no messages.
    pub(crate) async fn empty() -> Self {
        let world = World::new().await;
        let tester = world.tester().await;
        let other = world.other().await;
        let spring = world.program(&tester, "Spring offers").await;
        Self { world, tester, other, spring }
    }

    /// One message of the program, now: MT with an even index, MO with an odd one.
    pub(crate) async fn one(&self, index: usize) {
        let (world, program) = (&self.world, self.spring.number);
        let body = format!("No. {index}");
        if index.is_multiple_of(2) {
            self.send(&body).await;
        } else {
            world.receive(&self.tester, mo(world.now(), program, "46701740605", &body)).await;
        }
    }

    /// One MT of the program, now; its number.
    pub(crate) async fn send(&self, body: &str) -> sms::Number {
        let message = mt(self.world.now(), self.spring.number, "46701740605", body);
        self.world.submit(&self.tester, batch(self.world.now(), vec![message])).await.first
    }

    /// A message due in a while; its number.
    pub(crate) async fn plan(&self, seconds: i64, body: &str) -> sms::Number {
        let world = &self.world;
        let mut message = mt(world.now(), self.spring.number, "46701740605", body);
        message.outcome = Outcome::Scheduled;
        message.date += u32::try_from(seconds).expect("later");
        message.history = vec![Entry::new(world.now(), Outcome::Scheduled)];
        world.submit(&self.tester, batch(world.now(), vec![message])).await.first
    }

    /// One MT of history, dated then.
    pub(crate) async fn import(&self, date: &str, body: &str) {
        let message = mt(at(date), self.spring.number, "46701740605", body);
        self.world.import(&self.tester, None, message).await;
    }

    pub(crate) fn path(&self) -> String {
        format!("/api/messages/program/{}", self.spring.number)
    }

    /// The export with this query.
    pub(crate) async fn export(&self, query: &str) -> Answer {
        self.get(&format!("{}?{query}", self.path())).await
    }

    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.world.get(target, &self.tester.basic()).await
    }

    /// The bodies on the page with this query.
    pub(crate) async fn bodies(&self, query: &str) -> Vec<String> {
        bodies(&self.export(query).await.ok())
    }
}

pub(crate) fn messages(page: &Value) -> &Vec<Value> {
    page["data"]["messages"].as_array().expect("an array")
}

pub(crate) fn bodies(page: &Value) -> Vec<String> {
    messages(page).iter().map(|message| message["body"].as_str().expect("a text").to_owned()).collect()
}

pub(crate) fn link(page: &Value) -> Option<String> {
    page["meta"]["nextPageUrl"].as_str().map(str::to_owned)
}

/// Checks the envelope of a refusal.
pub(crate) fn is_refusal(answer: &Answer, status: u16) -> Vec<String> {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
    let body = answer.json();
    assert_eq!(body.as_object().map(serde_json::Map::len), Some(2));
    assert_eq!((&body["meta"]["nextPageUrl"], &body["data"]), (&Value::Null, &Value::Null));
    let errors = body["meta"]["generalErrors"].as_array().expect("an array");
    let sentences: Vec<String> =
        errors.iter().map(|error| error.as_str().expect("a sentence").to_owned()).collect();
    assert!(!sentences.is_empty() && sentences.iter().all(|sentence| !sentence.is_empty()));
    sentences
}
