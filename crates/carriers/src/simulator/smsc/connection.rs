//! One connection of a client, from its first octet to its last.

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::watch;
use tokio::time::Instant;

use super::faults::Faults;
use crate::simulator::centre::{Action as Order, Standing, Verdict};
use crate::simulator::delivery::DeliveryKey;
use crate::simulator::receipt::absolute_time;
use crate::simulator::switchboard::{Handle, Switchboard};
use crate::smpp::pdu::{Bind, BindKind, Body, Class, Command, Pdu, QueryResp, Status, take};
use crate::smpp::session::{Action, Answer, Moment, Refusal, Role, Session, Settings, Ticket};

/// Octets that wait for a client to read them; beyond it nothing more is read from the client.
const OUT_LIMIT: usize = 256 << 10;
/// How long the last octets may take.
const FAREWELL: Duration = Duration::from_secs(2);
/// What a server that simulates calls itself.
const SYSTEM_ID: &str = "answerback-sim";

/// A bind that waits for its answer.
struct Waiting {
    at: Moment,
    ticket: Ticket,
    kind: BindKind,
    bind: Bind,
}

struct Connection {
    board: Arc<Switchboard>,
    handle: Handle,
    session: Session<DeliveryKey>,
    faults: Faults,
    received: BytesMut,
    out: Vec<u8>,
    waiting: Option<Waiting>,
    /// Before then nothing is written: the pause behind a chunk.
    write_after: Moment,
    /// When deliveries may go on that the client throttled.
    paused_until: Option<Moment>,
}

/// Serves a connection until either side ends it.
pub(super) async fn run(
    board: Arc<Switchboard>,
    handle: Handle,
    stream: TcpStream,
    mut stopped: watch::Receiver<bool>,
) {
    // Answers are written whole; waiting for more to fill a packet only delays them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no-delay could not be set");
    }
    let (mut reader, mut writer) = stream.into_split();
    let mut connection = Connection::new(Arc::clone(&board), handle.clone());
    let mut stopping = false;
    loop {
        connection.settle();
        if connection.session.is_closed() {
            break;
        }
        tokio::select! {
            asked = stopped.wait_for(|stop| *stop), if !stopping => {
                // A sender that is gone stops as well.
                drop(asked);
                stopping = true;
                let now = connection.now();
                connection.session.unbind(now);
            }
            progress = connection.step(&mut reader, &mut writer) => {
                if let Err(reason) = progress {
                    connection.session.disconnected(reason);
                }
            }
        }
    }
    connection.settle();
    connection.say_farewell(&mut writer).await;
    board.close(handle.link);
}

impl Connection {
    fn new(board: Arc<Switchboard>, handle: Handle) -> Self {
        let link = board.profile.link.clone();
        let settings = Settings {
            window: link.deliver_window,
            peer_window: link.window,
            response_timeout: link.deliver_timeout.longest(),
            bind_timeout: link.enquire_after.longest(),
            enquire_interval: link.enquire_after.longest(),
            ..Settings::of(Role::Smsc)
        };
        Self {
            session: Session::new(settings, board.clock.moment()),
            faults: Faults::new(link, board.seed(), handle.link.0),
            received: BytesMut::with_capacity(8 << 10),
            out: Vec::new(),
            waiting: None,
            write_after: Duration::ZERO,
            paused_until: None,
            board,
            handle,
        }
    }

    fn now(&self) -> Moment {
        self.board.clock.moment()
    }

    /// Waits for the next thing to happen, and takes it in. Each branch may be dropped without loss.
    async fn step(&mut self, reader: &mut OwnedReadHalf, writer: &mut OwnedWriteHalf) -> Result<(), String> {
        let now = self.now();
        let readable = self.session.wants_input() && self.out.len() < OUT_LIMIT;
        let may_write = !self.out.is_empty() && self.write_after <= now;
        let chunk = match self.board.profile.link.chunk {
            0 => self.out.len(),
            chunk => chunk.min(self.out.len()),
        };
        let wake = self.wake();
        tokio::select! {
            read = reader.read_buf(&mut self.received), if readable => match read {
                Ok(0) => return Err("the client closed the connection".to_owned()),
                Ok(_) => {}
                Err(error) => return Err(error.to_string()),
            },
            written = writer.write(&self.out[..chunk]), if may_write => {
                let written = written.map_err(|error| error.to_string())?;
                self.out.drain(..written);
                if self.board.profile.link.chunk > 0 {
                    self.write_after = self.now() + self.faults.chunk_pause();
                }
            }
            () = self.handle.bell.notified() => {}
            () = tokio::time::sleep_until(wake) => {
                let now = self.now();
                self.session.tick(now);
            }
        }
        Ok(())
    }

    /// When something is to be done although nothing came.
    fn wake(&self) -> Instant {
        let bind = self.waiting.as_ref().map(|waiting| waiting.at);
        let write = (!self.out.is_empty() && self.write_after > self.now()).then_some(self.write_after);
        let moments = [self.session.next_wake(), bind, write, self.paused_until];
        let next = moments.into_iter().flatten().min();
        self.board.clock.instant_of(next.unwrap_or(self.now() + Duration::from_secs(3600)))
    }

    /// Does everything that can be done without waiting.
    fn settle(&mut self) {
        self.decide_bind();
        while let Some(order) = self.board.order(self.handle.link) {
            self.obey(order);
        }
        self.perform();
        while self.session.wants_input() && !self.session.is_closed() {
            if !self.read_one() {
                break;
            }
            self.perform();
            while let Some(order) = self.board.order(self.handle.link) {
                self.obey(order);
            }
            self.perform();
        }
        self.deliver();
        self.perform();
    }

    /// Takes in one PDU that was received; tells whether there was one.
    fn read_one(&mut self) -> bool {
        let now = self.now();
        match take(&mut self.received) {
            Ok(None) => return false,
            Err(error) => self.session.broken(error),
            Ok(Some(frame)) => match Pdu::decode(&frame) {
                Ok(Pdu { body: Body::EnquireLink, .. }) if self.faults.deaf() => {}
                Ok(pdu) => self.session.received(now, pdu),
                Err(error) => self.session.undecodable(now, error),
            },
        }
        true
    }

    /// Carries out what the session asks for.
    fn perform(&mut self) {
        while let Some(action) = self.session.poll() {
            match action {
                Action::Send(pdu) => pdu.encode(&mut self.out),
                Action::BindRequested { ticket, kind, bind } => {
                    let at = self.now() + self.faults.bind_delay();
                    self.waiting = Some(Waiting { at, ticket, kind, bind });
                    self.decide_bind();
                }
                Action::Request { ticket, pdu } => self.request(ticket, pdu.body),
                Action::Answered { tag, answer } => self.answered(tag, &answer),
                Action::TimedOut { tag } | Action::Lost { tag } => self.board.release(tag),
                Action::Close(reason) => tracing::debug!(link = self.handle.link.0, %reason, "client gone"),
                // A late acknowledgement: the delivery is on its way again, as from any carrier.
                Action::Late { .. } | Action::Bound { .. } | Action::Throttled { .. } | Action::Stray(_) => {}
            }
        }
    }

    fn decide_bind(&mut self) {
        let now = self.now();
        let Some(Waiting { ticket, kind, bind, .. }) = self.waiting.take_if(|waiting| waiting.at <= now)
        else {
            return;
        };
        match self.board.bind(self.handle.link, &bind, kind.receives()) {
            Ok(()) => self.session.accept_bind(ticket, SYSTEM_ID),
            Err(status) => self.session.refuse_bind(ticket, status),
        }
    }

    fn request(&mut self, ticket: Ticket, body: Body) {
        match body {
            Body::SubmitSm(message) | Body::DataSm(message) => {
                self.board.submit(self.handle.link, ticket.0, &message);
            }
            Body::QuerySm(query) => {
                let (status, resp) = match self.board.query(&query.message_id) {
                    Some(standing) => (Status::OK, query_resp(query.message_id, standing)),
                    None => (Status::INVALID_MESSAGE_ID, QueryResp::default()),
                };
                let now = self.now();
                self.session.respond(now, ticket, status, Body::QuerySmResp(resp));
            }
            other => {
                let body = Body::empty_response(other.command());
                let now = self.now();
                self.session.respond(now, ticket, Status::INVALID_COMMAND, body);
            }
        }
    }

    fn answered(&mut self, key: DeliveryKey, answer: &Answer) {
        match answer.status.class() {
            Class::Ok => self.board.acknowledge(key),
            Class::Permanent => self.board.give_up(key),
            Class::Retry | Class::Throttled | Class::Session => self.board.refused(key),
        }
    }

    /// Carries out what the centre asks for.
    fn obey(&mut self, order: Order) {
        let now = self.now();
        match order {
            Order::Answer { token, verdict, twice, .. } => self.answer(Ticket(token), verdict, twice),
            Order::Forget { token, .. } => self.session.abandon(now, Ticket(token)),
            Order::Cut { .. } => self.session.disconnected("cut by the simulator"),
        }
    }

    fn answer(&mut self, ticket: Ticket, verdict: Verdict, twice: bool) {
        let Some((sequence, command)) = self.session.ticket(ticket) else { return };
        let (status, id) = match verdict {
            Verdict::Accepted(id) => (Status::OK, id),
            Verdict::Refused(status) => (status, String::new()),
        };
        let body = if command == Command::DATA_SM { Body::DataSmResp(id) } else { Body::SubmitSmResp(id) };
        self.faults.garbage(&mut self.out);
        let again = twice.then(|| Pdu::response(sequence, status, body.clone()));
        let now = self.now();
        self.session.respond(now, ticket, status, body);
        self.perform();
        if let Some(again) = again {
            again.encode(&mut self.out);
        }
    }

    /// Hands over what waits for the client, as far as its window goes.
    fn deliver(&mut self) {
        self.paused_until = None;
        while self.out.len() < OUT_LIMIT {
            let now = self.now();
            match self.session.may_request(now) {
                Ok(()) => {}
                Err(Refusal::Paused(until)) => {
                    self.paused_until = Some(until);
                    return;
                }
                Err(Refusal::Full | Refusal::Unbound | Refusal::Direction | Refusal::Closing) => return,
            }
            let Some(delivery) = self.board.take(self.handle.link) else { return };
            let body = Body::DeliverSm(Box::new(delivery.message));
            if self.session.request(now, delivery.key, body).is_err() {
                self.board.release(delivery.key);
                return;
            }
            self.perform();
        }
    }

    /// Writes what is left, if the client takes it in time.
    async fn say_farewell(&mut self, writer: &mut OwnedWriteHalf) {
        let last = async {
            writer.write_all(&self.out).await?;
            writer.shutdown().await
        };
        match tokio::time::timeout(FAREWELL, last).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "the last octets were not taken"),
            Err(_) => tracing::debug!("the last octets were not taken in time"),
        }
    }
}

fn query_resp(message_id: String, standing: Standing) -> QueryResp {
    QueryResp {
        message_id,
        final_date: standing.final_at.map(absolute_time).unwrap_or_default(),
        message_state: standing.state.code(),
        error_code: u8::try_from(standing.error).unwrap_or(u8::MAX),
        ..QueryResp::default()
    }
}
