//! An account that sends, and a gateway that can be stopped and begun again.

use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use carriers::carrier::MessageIn;
use carriers::{Carrier, Events};
use ledger::WayOut;
use service::gateway::{Doubt, Gateway, Pace, Routing, TakesMessages, Way};
use service::model::Message;
use service::plan::{Policy, Recipient, SubmitRequest, Text};
use service::query::MessageQuery;
use sms::{AccountId, Number, Outcome};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::support::{Hand, Stage};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(120);

/// MO that were taken.
#[derive(Default)]
pub(crate) struct Taken(pub(crate) std::sync::Mutex<Vec<(String, MessageIn)>>);

#[async_trait]
impl TakesMessages for Taken {
    async fn take(&self, carrier: &str, message: MessageIn) -> ledger::Result<()> {
        self.0.lock().expect("a lock").push((carrier.to_owned(), message));
        Ok(())
    }

    async fn clear_stale(&self) -> ledger::Result<u64> {
        Ok(0)
    }
}

/// A gateway at work.
struct Running {
    gateway: Gateway,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

pub(crate) struct World {
    stage: Stage,
    pub(crate) messages_in: Arc<Taken>,
    pub(crate) pace: Pace,
    running: Option<Running>,
}

impl Deref for World {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.stage
    }
}

/// Everything in a hurry.
fn hurry() -> Pace {
    let moment = Duration::from_millis(20);
    Pace {
        tick: moment,
        rescan: Duration::from_millis(300),
        no_route: Duration::from_millis(300),
        shy: Duration::from_millis(50),
        retry_first: moment,
        retry_most: moment,
        resend_after: moment,
        drain: Duration::from_secs(2),
        minutes: Duration::from_millis(100),
        upkeep: Duration::from_millis(100),
        ..Pace::default()
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        let stage = Stage::new(Hand::running()).await;
        Self { stage, messages_in: Arc::default(), pace: hurry(), running: None }
    }

    /// A gateway begins to work, with no carrier yet.
    pub(crate) async fn begin(&mut self) -> Gateway {
        self.begin_with(Vec::new()).await
    }

    /// A gateway begins to work with these carriers.
    pub(crate) async fn begin_with(&mut self, ways: Vec<Way>) -> Gateway {
        let intake: Arc<dyn TakesMessages> = self.messages_in.clone();
        let gateway = Gateway::with(self.service.clone(), intake, self.pace);
        for way in ways {
            gateway.install(way).await;
        }
        let (stop, stopped) = oneshot::channel::<()>();
        let works = gateway.clone();
        let task = tokio::spawn(async move { works.run(async { drop(stopped.await) }).await });
        self.running = Some(Running { gateway: gateway.clone(), stop, task });
        gateway
    }

    /// The gateway ends in good order.
    pub(crate) async fn stop(&mut self) {
        let Running { stop, task, gateway } = self.running.take().expect("a gateway");
        drop(stop);
        tokio::time::timeout(PATIENCE, task).await.expect("it ends in time").expect("it ends well");
        assert!(gateway.ways().is_empty());
    }

    /// The gateway is gone from one moment to the next.
    pub(crate) fn crash(&mut self) {
        let Running { task, .. } = self.running.take().expect("a gateway");
        task.abort();
    }

    /// Sends a text to a number; gives the message's number.
    pub(crate) async fn send(&self, to: &str, text: &str) -> Number {
        self.submit(self.account, request(&[to], text)).await
    }

    /// Sends a text to many numbers; gives the first message's number.
    pub(crate) async fn send_many(&self, account: AccountId, count: u32) -> Number {
        let recipients = (0..count).map(|index| Recipient::of(format!("467{:08}", 10_000_100 + index * 100)));
        let request = SubmitRequest { recipients: recipients.collect(), ..request(&[], "Hello") };
        self.submit(account, request).await
    }

    pub(crate) async fn submit(&self, account: AccountId, request: SubmitRequest) -> Number {
        let answer = self.service.submit(account, request, &Policy::default(), None).await.expect("accepted");
        answer.first
    }

    pub(crate) async fn message(&self, number: Number) -> Message {
        self.service.message(self.account, number).await.expect("read").expect("there")
    }

    pub(crate) async fn outcome(&self, number: Number) -> Outcome {
        self.message(number).await.outcome
    }

    /// The outcomes a message went through.
    pub(crate) async fn story(&self, number: Number) -> Vec<Outcome> {
        self.message(number).await.history.iter().filter_map(service::history::Entry::outcome).collect()
    }

    /// How many messages of an account have this outcome.
    pub(crate) async fn count(&self, account: AccountId, outcome: Outcome) -> u64 {
        let query = MessageQuery { outcomes: Some(outcome.only()), limit: 1, ..MessageQuery::default() };
        self.service.messages(account, query).await.expect("a page").total
    }

    /// Waits until a message has this outcome.
    pub(crate) async fn until(&self, number: Number, outcome: Outcome) {
        let story = || async { self.story(number).await };
        self.eventually(
            || format!("message {number} is to become {outcome}"),
            async || self.outcome(number).await == outcome,
        )
        .await;
        assert_eq!(story().await.last(), Some(&outcome));
    }

    /// Waits until something is so.
    pub(crate) async fn eventually(&self, what: impl Fn() -> String, so: impl AsyncFn() -> bool) {
        let started = Instant::now();
        while !so().await {
            assert!(started.elapsed() < PATIENCE, "{}", what());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Gives anything that is not to happen the time to happen.
    pub(crate) async fn rest(&self) {
        tokio::time::sleep(Duration::from_millis(400)).await;
    }

    pub(crate) async fn ledger_has_no_open_lease(&self) -> bool {
        self.ledger.open_leases().await.expect("leases").is_empty()
    }
}

/// A text to some numbers.
pub(crate) fn request(recipients: &[&str], text: &str) -> SubmitRequest {
    SubmitRequest {
        text: Text::Plain(text.to_owned()),
        recipients: recipients.iter().map(|to| Recipient::of(*to)).collect(),
        ..SubmitRequest::default()
    }
}

/// A carrier for everything, whose attempts in doubt are held.
pub(crate) fn way(carrier: Arc<dyn Carrier>, events: Events) -> Way {
    way_with(carrier, events, Routing::default(), Doubt::Hold)
}

pub(crate) fn way_with(carrier: Arc<dyn Carrier>, events: Events, routing: Routing, doubt: Doubt) -> Way {
    Way { carrier, events, routing, doubt }
}
