//! A carrier made by hand: it answers what the test says and remembers what it got.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use carriers::carrier::{
    Ack, Cutting, Event, Figures, LinkState, MessageIn, OutgoingSegment, QueryError, Question, Settled,
    SubmitError, Submitted,
};
use carriers::receipt::{Parts, ReceiptIn};
use carriers::{Carrier, Events};
use sms::Micros;
use tokio::sync::{mpsc, watch};

/// How an attempt is answered.
pub(crate) enum Reply {
    /// At once.
    Now(Result<Submitted, SubmitError>),
    /// After a while.
    Later(Duration, Result<Submitted, SubmitError>),
}

type Script = Box<dyn Fn(&OutgoingSegment, usize) -> Reply + Send + Sync>;

pub(crate) struct Fake {
    name: String,
    window: usize,
    cutting: Cutting,
    script: Mutex<Script>,
    state: watch::Sender<LinkState>,
    binds: AtomicU64,
    events: mpsc::Sender<Event>,
    got: Mutex<Vec<OutgoingSegment>>,
    open: AtomicUsize,
    most_open: AtomicUsize,
    queries: Mutex<Vec<Question>>,
}

/// A carrier that takes everything under ids of its own, with a window of 100.
pub(crate) fn fake(name: &str) -> (Arc<Fake>, Events) {
    fake_with(name, 100, Cutting::Segments(sms::segment::ReferenceSize::Eight))
}

pub(crate) fn fake_with(name: &str, window: usize, cutting: Cutting) -> (Arc<Fake>, Events) {
    let (events, taken) = mpsc::channel(256);
    let fake = Fake {
        name: name.to_owned(),
        window,
        cutting,
        script: Mutex::new(Box::new(|_, count| Reply::Now(taken_as(&format!("id-{count}"))))),
        binds: AtomicU64::new(1),
        state: watch::Sender::new(LinkState::Up { sessions: 1, throttled: false }),
        events,
        got: Mutex::default(),
        open: AtomicUsize::new(0),
        most_open: AtomicUsize::new(0),
        queries: Mutex::default(),
    };
    (Arc::new(fake), taken)
}

pub(crate) fn taken_as(id: &str) -> Result<Submitted, SubmitError> {
    Ok(Submitted { id: Some(id.to_owned()) })
}

pub(crate) fn no_answer() -> Result<Submitted, SubmitError> {
    Err(SubmitError::Uncertain { reason: "no answer".to_owned() })
}

pub(crate) fn not_sent() -> Result<Submitted, SubmitError> {
    Err(SubmitError::NotSent { reason: "not bound".to_owned() })
}

impl Fake {
    /// From now on attempts are answered so; the script gets the segment and its count, from 0.
    pub(crate) fn answer(&self, script: impl Fn(&OutgoingSegment, usize) -> Reply + Send + Sync + 'static) {
        *self.script.lock().expect("a lock") = Box::new(script);
    }

    pub(crate) fn set_up(&self, up: bool) {
        if up {
            self.binds.fetch_add(1, Ordering::SeqCst);
        }
        self.state.send_replace(if up {
            LinkState::Up { sessions: 1, throttled: false }
        } else {
            LinkState::Down { reason: "gone".to_owned() }
        });
    }

    /// Every attempt so far.
    pub(crate) fn got(&self) -> Vec<OutgoingSegment> {
        self.got.lock().expect("a lock").clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.got.lock().expect("a lock").len()
    }

    /// The most attempts that were open at once.
    pub(crate) fn most_open(&self) -> usize {
        self.most_open.load(Ordering::SeqCst)
    }

    pub(crate) fn queries(&self) -> Vec<Question> {
        self.queries.lock().expect("a lock").clone()
    }

    /// Reports a receipt.
    pub(crate) async fn receipt(&self, id: &str, state: &str) {
        let text = format!("id:{id} sub:001 dlvrd:001 stat:{state} err:000 text:");
        let parts = Parts { text: &text, ..Parts::default() };
        let mut receipt = ReceiptIn::understand(parts, Micros::now());
        receipt.raw = text.clone().into_bytes();
        self.event(Event::Receipt(receipt, Ack::unheard())).await;
    }

    pub(crate) async fn settle(&self, key: u128, result: Result<Submitted, SubmitError>) {
        self.event(Event::Settled(Settled { key, result })).await;
    }

    pub(crate) async fn message(&self, message: MessageIn, ack: Ack) {
        self.event(Event::Message(message, ack)).await;
    }

    pub(crate) async fn event(&self, event: Event) {
        self.events.send(event).await.expect("taken");
    }
}

#[async_trait]
impl Carrier for Fake {
    fn name(&self) -> &str {
        &self.name
    }

    async fn submit(&self, segment: OutgoingSegment) -> Result<Submitted, SubmitError> {
        let open = self.open.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_open.fetch_max(open, Ordering::SeqCst);
        let count = {
            let mut got = self.got.lock().expect("a lock");
            got.push(segment.clone());
            got.len() - 1
        };
        let reply = (self.script.lock().expect("a lock"))(&segment, count);
        let answer = match reply {
            Reply::Now(answer) => answer,
            Reply::Later(pause, answer) => {
                tokio::select! {
                    () = tokio::time::sleep(pause) => answer,
                    _ = async { self.state.subscribe().wait_for(|state| *state == LinkState::Closed).await.is_ok() }
                        => no_answer(),
                }
            }
        };
        self.open.fetch_sub(1, Ordering::SeqCst);
        answer
    }

    async fn query(&self, question: Question) -> Result<ReceiptIn, QueryError> {
        self.queries.lock().expect("a lock").push(question.clone());
        let text = format!("id:{} stat:DELIVRD", question.id);
        let parts = Parts { text: &text, ..Parts::default() };
        Ok(ReceiptIn::understand(parts, Micros::now()))
    }

    fn cutting(&self) -> Cutting {
        self.cutting
    }

    fn window(&self) -> usize {
        self.window
    }

    fn watch(&self) -> watch::Receiver<LinkState> {
        self.state.subscribe()
    }

    fn figures(&self) -> Figures {
        Figures { binds: self.binds.load(Ordering::SeqCst), ..Figures::default() }
    }

    fn pause(&self) {
        self.state.send_replace(LinkState::Paused { sessions: 1 });
    }

    fn resume(&self) {
        self.set_up(true);
    }

    async fn close(&self) {
        self.state.send_replace(LinkState::Closed);
    }
}
