//! An account that is to be told, and a far end that answers as it is told to.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use ledger::Events;
use ledger::conformance::{mo, mt, submission};
use serde_json::Value;
use service::Service;
use service::change::Step;
use service::history::Entry;
use service::webhooks::{Call, Courier, CourierError, Happening, Reply, Shape, Target, Wants, Webhooks};
use sms::{Micros, Number, Outcome};

use crate::support::{Hand, Stage};

pub(crate) const ALL: Wants = Wants { mt: true, mo: true, opt_out: true };

/// What a far end does with a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Does {
    /// Answers with this status.
    Answers(u16),
    /// Gives no answer.
    IsAway,
    /// Never ends.
    Hangs,
}

/// The far ends by URL, and every call they were sent.
#[derive(Default)]
pub(crate) struct FarEnd {
    does: Mutex<HashMap<String, Does>>,
    calls: Mutex<Vec<Call>>,
}

impl FarEnd {
    pub(crate) fn does(&self, url: &str, what: Does) {
        self.does.lock().unwrap_or_else(PoisonError::into_inner).insert(url.to_owned(), what);
    }

    /// The calls made to an address since the last time this was asked.
    pub(crate) fn take(&self, url: &str) -> Vec<Call> {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let (taken, left) = calls.drain(..).partition(|call| call.url == url);
        *calls = left;
        taken
    }

    /// The same, as (message, state).
    pub(crate) fn told(&self, url: &str) -> Vec<(u64, String)> {
        self.take(url).iter().map(told).collect()
    }
}

/// Message and state of a call in our own form.
pub(crate) fn told(call: &Call) -> (u64, String) {
    let body: Value = serde_json::from_slice(&call.body).expect("JSON");
    let state = body["message"]["state"].as_str().expect("a state").to_owned();
    (body["message"]["number"].as_u64().expect("a number"), state)
}

#[async_trait]
impl Courier for FarEnd {
    async fn deliver(&self, call: Call) -> Result<Reply, CourierError> {
        let does = *self
            .does
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&call.url)
            .unwrap_or(&Does::Answers(200));
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
        match does {
            Does::Answers(status) => Ok(Reply { status, body: Vec::new() }),
            Does::IsAway => Err(CourierError::Connect("refused".to_owned())),
            Does::Hangs => std::future::pending().await,
        }
    }
}

/// A shape like our own that gives up after three attempts, ten minutes apart, and speaks to batches' addresses.
pub(crate) struct Brief;

impl Shape for Brief {
    fn id(&self) -> &'static str {
        "brief"
    }

    fn wants(&self, happening: &Happening, target: &Target) -> bool {
        service::webhooks::signed::Signed.wants(happening, target)
    }

    fn compose(&self, happening: &Happening, target: &Target, now: Micros) -> Call {
        service::webhooks::signed::Signed.compose(happening, target, now)
    }

    fn next_try(&self, attempts: u16) -> Option<Duration> {
        (attempts < 3).then_some(Duration::from_secs(600))
    }

    fn patience(&self) -> Option<Duration> {
        Some(Duration::from_secs(86_400))
    }

    fn reports_batches(&self) -> bool {
        true
    }
}

pub(crate) struct World {
    stage: Stage,
    pub(crate) webhooks: Webhooks,
    pub(crate) far: Arc<FarEnd>,
}

impl Deref for World {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.stage
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        let stage = Stage::new(Hand::still()).await;
        let far = Arc::new(FarEnd::default());
        let webhooks = webhooks(&stage.service, &far);
        Self { stage, webhooks, far }
    }

    /// Another process' work over the same ledger, as after a restart.
    pub(crate) fn restarted(&self) -> Webhooks {
        webhooks(&self.service, &self.far)
    }

    pub(crate) async fn target(&self, shape: &str, url: &str) -> Number {
        let target = Target::new(shape, url, ALL);
        self.service.put_webhook(self.account, target).await.expect("kept").number
    }

    /// Accepts messages; returns the first one's number.
    pub(crate) async fn accept(&self, count: u32) -> Number {
        self.submit(count, None).await
    }

    pub(crate) async fn submit(&self, count: u32, report_url: Option<&str>) -> Number {
        let at = self.service.now();
        let messages = (0..count).map(|index| mt(&format!("4670000{index:04}"), "Hello", at)).collect();
        let mut submission = submission(messages, at);
        submission.batch.extra.report_url = report_url.map(str::to_owned);
        self.service.accept(self.account, submission).await.expect("accepted").first
    }

    pub(crate) async fn step(&self, number: Number, outcome: Outcome) {
        let entry = Entry::new(self.service.now(), outcome);
        self.service.advance(self.account, vec![Step { number, entry }]).await.expect("a legal step");
    }

    pub(crate) async fn receive(&self, from: &str, text: &str) -> Number {
        let message = mo(from, text, self.service.now());
        self.service.receive(self.account, message).await.expect("received").number
    }

    /// Lets time pass and everything be told that is to be told, every so often.
    pub(crate) async fn live(&self, seconds: u32, every: u32) {
        for _ in 0..seconds / every {
            self.pass(every);
            self.settle().await;
        }
    }

    pub(crate) async fn settle(&self) -> u64 {
        self.webhooks.settle().await.expect("settled")
    }

    /// Tries still to be made, and dead letters.
    pub(crate) async fn counts(&self, hook: Number) -> (u64, u64) {
        let counts = self.ledger.hook_counts(self.account, hook).await.expect("read");
        (counts.waiting, counts.dead)
    }
}

fn webhooks(service: &Service, far: &Arc<FarEnd>) -> Webhooks {
    let shapes: Vec<Arc<dyn Shape>> = vec![Arc::new(service::webhooks::signed::Signed), Arc::new(Brief)];
    Webhooks::new(service.clone(), shapes, far.clone())
}
