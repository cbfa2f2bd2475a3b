//! A small account whose every document is known.

use ledger::model::BatchExtra;
use serde_json::Value;
use sms::{Number, Outcome};

use crate::world::{Caller, World, at, batch, mo, mt};

/// Recipients of the first batch.
pub(crate) const R: [&str; 3] = ["46701740605", "46701740606", "46701740607"];

pub(crate) struct Story {
    pub(crate) world: World,
    pub(crate) tester: Caller,
    pub(crate) other: Caller,
    /// Numbers of the first batch's messages.
    pub(crate) numbers: Vec<Number>,
}

impl Story {
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        let tester = world.tester().await;
        let other = world.other().await;
        let story = Self { numbers: Vec::new(), world, tester, other };
        story.told().await
    }

    async fn told(mut self) -> Self {
        let (world, tester) = (&self.world, &self.tester);
        let hello = |recipient: &&str| {
            let mut message = mt(world.now(), tester.program, recipient, "Hello");
            message.reference = Some("ref-1".to_owned());
            message
        };
        let accepted = world.submit(tester, batch(world.now(), R.iter().map(hello).collect())).await;
        self.numbers = (accepted.first..accepted.first + accepted.count).collect();
        world.wait(60);
        for outcome in [Outcome::Sending, Outcome::Submitted, Outcome::Delivered] {
            world.step(tester, accepted.first, outcome).await;
            world.wait(1);
        }
        world.step(tester, accepted.first + 1, Outcome::Sending).await;
        world.step(tester, accepted.first + 1, Outcome::Submitted).await;
        world.wait(57);
        let mut answer = mo(world.now(), tester.program, R[0], "Hi there");
        answer.network.mcc = Some("240".to_owned());
        answer.network.mnc = Some("01".to_owned());
        world.receive(tester, answer).await;
        world.wait(60);
        self.schedule().await;
        self
    }

    /// A flash message in Cyrillic, due tomorrow, with all that a batch can say of itself.
    async fn schedule(&self) {
        let (world, tester) = (&self.world, &self.tester);
        let opens = at("2025-06-02T08:00:00Z");
        let mut message = mt(world.now(), tester.program, "46701740699", "Привет, мир");
        message.outcome = Outcome::Scheduled;
        message.date = opens.seconds();
        message.flash = true;
        message.priority = 2;
        message.history = vec![ledger::model::Entry::new(world.now(), Outcome::Scheduled)];
        let mut submission = batch(world.now(), vec![message]);
        submission.batch.text = "Привет, {who}".to_owned();
        submission.batch.templated = true;
        submission.batch.flash = true;
        submission.batch.priority = 2;
        submission.batch.reference = Some(String::new());
        submission.batch.extra = BatchExtra {
            tags: vec!["spring".to_owned(), String::new()],
            windows: vec![(opens.get(), at("2025-06-09T08:00:00Z").get())],
            report_url: Some("https://hooks.example/reports".to_owned()),
            list: None,
            validity: None,
            credits: None,
        };
        world.submit(tester, submission).await;
    }

    /// A batch of so many messages; its id.
    pub(crate) async fn many(&self, count: usize) -> String {
        let (world, tester) = (&self.world, &self.tester);
        // In a second of its own it is the newest.
        world.wait(1);
        let one =
            |index| mt(world.now(), tester.program, &format!("467020{index:05}"), &format!("No. {index}"));
        world.submit(tester, batch(world.now(), (0..count).map(one).collect())).await;
        let batches = self.get("/v2/batches?order=DESC&limit=1").await.list();
        text(&batches[0]["id"])
    }

    pub(crate) async fn get(&self, target: &str) -> crate::world::Answer {
        self.world.get(target, &self.tester.bearer()).await
    }

    /// Ids of the batches: the first, the MO's, the scheduled one.
    pub(crate) async fn batches(&self) -> [String; 3] {
        let list = self.get("/v2/batches?limit=3").await.list();
        [text(&list[0]["id"]), text(&list[1]["id"]), text(&list[2]["id"])]
    }

    /// Ids of the messages of a batch.
    pub(crate) async fn messages(&self, batch: &str) -> Vec<String> {
        ids(&self.get(&format!("/v2/batches/{batch}/messages?limit=1000")).await.list())
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

pub(crate) fn ids(documents: &[Value]) -> Vec<String> {
    documents.iter().map(|document| text(&document["id"])).collect()
}
