//! A connected session: what the state machine asks for, done on a socket.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::BytesMut;
use sms::Micros;
use tokio::io::{AsyncReadExt, AsyncWriteExt, split};
use tokio::sync::mpsc;

use super::super::connect::Stream;
use super::super::incoming::{self, Incoming};
use super::super::job::{Failure, Taken};
use super::super::shared::{Counters, Shared, Standing};
use super::closed;
use crate::carrier::{Ack, Event, Settled, SubmitError, Verdict};
use crate::smpp::pdu::{self, BindKind, Body, Pdu, Status};
use crate::smpp::session::{Action, Answer, CloseReason, Moment, Session, Ticket};

/// Octets read at once.
const READ: usize = 16 * 1024;
/// Past this many octets to write no more requests are taken and nothing is read, so that a peer that does
/// not read cannot make this side store what it should.
const WRITE: usize = 256 * 1024;
/// How long a session that is over may take to write what it still has to say.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// A session and what belongs to it.
pub(super) struct Running<'a> {
    shared: &'a Shared,
    index: usize,
    kind: BindKind,
    session: Session<u64>,
    received: BytesMut,
    to_write: Vec<u8>,
    written: usize,
    /// Requests with an answer to come, by their tags.
    taken: HashMap<u64, Taken>,
    /// Keys of those that timed out, for late answers.
    late: BTreeMap<u64, u128>,
    next_tag: u64,
    /// Events that wait for room.
    pending: VecDeque<Event>,
    /// What acknowledgements answer over.
    answers: mpsc::Sender<(u64, Verdict)>,
    verdicts: mpsc::Receiver<(u64, Verdict)>,
    /// Until when the peer wants no more.
    throttled_until: Option<Moment>,
    over: Option<CloseReason>,
    /// When the connection is cut even if not everything is written.
    cut_at: Option<Moment>,
}

impl<'a> Running<'a> {
    pub(super) fn new(shared: &'a Shared, index: usize, kind: BindKind) -> Self {
        let settings = shared.settings.session();
        // Room for every acknowledgement that can be open, so that none is lost.
        let (answers, verdicts) = mpsc::channel(settings.peer_window.max(1) + 1);
        Self {
            shared,
            index,
            kind,
            session: Session::new(settings, shared.now()),
            received: BytesMut::new(),
            to_write: Vec::new(),
            written: 0,
            taken: HashMap::new(),
            late: BTreeMap::new(),
            next_tag: 0,
            pending: VecDeque::new(),
            answers,
            verdicts,
            throttled_until: None,
            over: None,
            cut_at: None,
        }
    }

    /// Runs it to its end; gives the reason in words.
    pub(super) async fn run(mut self, stream: Box<dyn Stream>) -> String {
        let (mut reader, mut writer) = split(stream);
        let mut mode = self.shared.mode.subscribe();
        let mut closing = false;
        self.session.bind(self.shared.now(), self.kind, self.shared.settings.bind_request());
        loop {
            self.advance();
            let now = self.shared.now();
            let written = self.to_write.len() == self.written;
            let over = self.over.is_some();
            if over && (written || self.cut_at.is_some_and(|at| at <= now)) {
                break;
            }
            let reads = !over && self.reads();
            if !reads {
                // It is this side that does not listen.
                self.session.touch(now);
            }
            let takes = !over && self.backlog() < WRITE && self.session.may_request(now).is_ok();
            let wake = self.wake(now);
            tokio::select! {
                biased;
                () = closed(&mut mode), if !closing => {
                    closing = true;
                    self.session.unbind(self.shared.now());
                }
                Some((ticket, verdict)) = self.verdicts.recv() => self.respond(Ticket(ticket), verdict),
                Some((taken, body)) = self.shared.next_job(), if takes => self.request(taken, body),
                result = writer.write(self.to_write.get(self.written..).unwrap_or_default()), if !written => {
                    match result {
                        Ok(0) => self.session.disconnected("the peer takes nothing"),
                        Ok(count) => self.wrote(count),
                        Err(error) => self.cut(&error),
                    }
                }
                result = reader.read_buf(&mut self.received), if reads => match result {
                    Ok(0) => self.session.disconnected("closed by the peer"),
                    Ok(_) => {}
                    Err(error) => self.cut(&error),
                },
                permit = self.shared.events.reserve(), if !self.pending.is_empty() => match permit {
                    Ok(permit) => if let Some(event) = self.pending.pop_front() { permit.send(event) },
                    // Nobody takes events any more: what they stand for comes again another time.
                    Err(_) => {
                        self.pending.clear();
                        self.session.disconnected("nobody takes what comes in");
                    }
                },
                () = tokio::time::sleep_until(self.shared.instant(wake)) => {}
            }
        }
        if let Err(error) = writer.shutdown().await {
            tracing::debug!(carrier = self.shared.settings.name, %error, "closing the connection");
        }
        self.over.take().map_or_else(String::new, |reason| reason.to_string())
    }

    /// Takes in what was received and does what the session wants.
    fn advance(&mut self) {
        // Not left to the timer alone, which comes last in the loop: under steady traffic it is never asked.
        let now = self.shared.now();
        if self.session.next_wake().is_some_and(|wake| wake <= now) {
            self.session.tick(now);
        }
        self.act();
        while self.over.is_none() && self.reads() {
            let now = self.shared.now();
            match pdu::take(&mut self.received) {
                Ok(None) => break,
                Ok(Some(frame)) => match Pdu::decode(&frame) {
                    Ok(pdu) => self.session.received(now, pdu),
                    Err(error) => {
                        tracing::warn!(carrier = self.shared.settings.name, %error, "refused");
                        self.session.undecodable(now, error);
                    }
                },
                Err(error) => self.session.broken(error),
            }
            self.act();
        }
        // Room for the next read, in an allocation that is kept.
        if self.received.capacity() - self.received.len() < READ / 4 {
            self.received.reserve(READ);
        }
        if self.throttled_until.is_some_and(|until| until <= self.shared.now()) {
            self.throttled_until = None;
            self.stand();
        }
    }

    /// Whether more may be taken in: events have room, the peer has not too much open, answers get out.
    fn reads(&self) -> bool {
        self.pending.is_empty() && self.session.wants_input() && self.backlog() < WRITE
    }

    fn backlog(&self) -> usize {
        self.to_write.len() - self.written
    }

    /// When the session or the end of a pause needs a look.
    fn wake(&self, now: Moment) -> Moment {
        // Far, when there is nothing to wait for.
        let far = now + Duration::from_secs(3_600);
        [self.session.next_wake(), self.throttled_until, self.cut_at]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(far)
    }

    fn act(&mut self) {
        while let Some(action) = self.session.poll() {
            match action {
                Action::Send(pdu) => pdu.encode(&mut self.to_write),
                Action::Bound { interface_version, .. } => {
                    Counters::add(&self.shared.counters.binds);
                    tracing::info!(
                        carrier = self.shared.settings.name,
                        session = self.index,
                        kind = self.kind.word(),
                        interface_version,
                        "bound"
                    );
                    self.stand();
                }
                Action::Request { ticket, pdu } => self.came_in(ticket, &pdu),
                Action::Answered { tag, answer } => self.answered(tag, Ok(answer)),
                Action::TimedOut { tag } => {
                    self.remember(tag);
                    self.answered(tag, Err(Failure::Uncertain("no answer in time".to_owned())));
                }
                Action::Lost { tag } => {
                    self.answered(
                        tag,
                        Err(Failure::Uncertain("the session ended before the answer".to_owned())),
                    );
                }
                Action::Late { tag, answer } => self.settled(tag, answer),
                Action::Throttled { until } => {
                    self.throttled_until = Some(until);
                    self.shared.paused_until(until);
                    self.stand();
                }
                Action::Stray(pdu) => {
                    tracing::debug!(
                        carrier = self.shared.settings.name,
                        command = %pdu.body.command(),
                        sequence = pdu.sequence,
                        "a response to nothing"
                    );
                }
                // An ESME is never asked to.
                Action::BindRequested { ticket, .. } => {
                    self.session.refuse_bind(ticket, Status::INVALID_COMMAND);
                }
                Action::Close(reason) => {
                    self.over = Some(reason);
                    self.cut_at = Some(self.shared.now() + LAST_WORDS);
                }
            }
        }
    }

    fn stand(&self) {
        let throttled = self.throttled_until.is_some();
        self.shared.stand(self.index, Standing::Up { kind: self.kind, throttled });
    }

    fn request(&mut self, taken: Taken, body: Body) {
        let submits = matches!(body, Body::SubmitSm(_));
        let tag = self.next_tag;
        self.next_tag += 1;
        match self.session.request(self.shared.now(), tag, body) {
            Ok(sequence) => {
                tracing::debug!(carrier = self.shared.settings.name, key = taken.key, sequence, "submitted");
                if submits {
                    Counters::add(&self.shared.counters.submitted);
                }
                Counters::add(&self.shared.counters.in_flight);
                self.taken.insert(tag, taken);
            }
            Err(refusal) => {
                taken.answer(Err(Failure::NotSent(refusal.to_string())));
            }
        }
    }

    fn answered(&mut self, tag: u64, answer: Result<Answer, Failure>) {
        let Some(taken) = self.taken.remove(&tag) else { return };
        self.shared.counters.in_flight.fetch_sub(1, Ordering::Relaxed);
        let key = taken.key;
        if !taken.answer(answer) {
            tracing::warn!(carrier = self.shared.settings.name, key, "an answer that nobody waits for");
        }
    }

    /// Keeps the key of a request that timed out, as many as the session keeps.
    fn remember(&mut self, tag: u64) {
        let Some(key) = self.taken.get(&tag).map(|taken| taken.key).filter(|key| *key != 0) else { return };
        self.late.insert(tag, key);
        while self.late.len() > self.shared.settings.session().late_answers {
            self.late.pop_first();
        }
    }

    fn settled(&mut self, tag: u64, answer: Answer) {
        Counters::add(&self.shared.counters.late);
        let Some(key) = self.late.remove(&tag) else { return };
        let result = self.shared.judge(answer);
        if !matches!(result, Err(SubmitError::Uncertain { .. })) {
            self.pending.push_back(Event::Settled(Settled { key, result }));
        }
    }

    fn came_in(&mut self, ticket: Ticket, pdu: &Pdu) {
        let (Body::DeliverSm(message) | Body::DataSm(message)) = &pdu.body else {
            let status = Status::INVALID_COMMAND;
            self.session.respond(self.shared.now(), ticket, status, Body::GenericNack);
            return;
        };
        let ack = Ack::new(ticket.0, self.answers.clone());
        let options = &self.shared.settings.options;
        let event = match incoming::understand(message, pdu, options, Micros::now()) {
            Incoming::Receipt(receipt) => {
                Counters::add(&self.shared.counters.receipts);
                Event::Receipt(receipt, ack)
            }
            Incoming::Message(message) => {
                Counters::add(&self.shared.counters.messages);
                Event::Message(message, ack)
            }
        };
        self.pending.push_back(event);
    }

    fn respond(&mut self, ticket: Ticket, verdict: Verdict) {
        let Some((_, command)) = self.session.ticket(ticket) else { return };
        let status = match verdict {
            Verdict::Taken => Status::OK,
            Verdict::Later => Status::RECEIVER_TEMPORARY,
            Verdict::Never => Status::RECEIVER_PERMANENT,
        };
        self.session.respond(self.shared.now(), ticket, status, Body::empty_response(command));
    }

    fn wrote(&mut self, count: usize) {
        self.written += count;
        if self.written == self.to_write.len() {
            self.to_write.clear();
            self.written = 0;
        }
    }

    fn cut(&mut self, error: &std::io::Error) {
        self.session.disconnected(error.to_string());
        // What could not be written never will be.
        self.to_write.clear();
        self.written = 0;
    }
}

impl Drop for Running<'_> {
    /// A session that is cut off in the middle leaves no count behind; who waits learns it by the channel.
    fn drop(&mut self) {
        let left = u64::try_from(self.taken.len()).unwrap_or(u64::MAX);
        self.shared.counters.in_flight.fetch_sub(left, Ordering::Relaxed);
    }
}
