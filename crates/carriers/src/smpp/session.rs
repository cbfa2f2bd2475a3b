//! The behaviour of one SMPP session, as a pure state machine: what happens goes in, what is to be done
//! comes out. No socket, no clock: every call is told the time. Both roles use it, so the same rules are
//! tested from both ends.
//!
//! The driver feeds [`Session::received`], [`Session::request`], [`Session::respond`], [`Session::tick`] and
//! [`Session::disconnected`], and after each carries out what [`Session::poll`] gives until it gives nothing.
//! [`Session::next_wake`] says when to call [`Session::tick`] at the latest.
//!
//! What holds (and is tested over random runs): a sequence number in use is never given twice; no more than
//! the window is ever open; every request that [`Session::request`] took ends in exactly one of
//! [`Action::Answered`], [`Action::TimedOut`] and [`Action::Lost`]; late, doubled and senseless responses
//! change nothing; nothing panics.

mod action;
mod outstanding;
mod receive;
mod settings;
mod throttle;
mod timers;

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

pub use action::{Action, Answer, CloseReason, Refusal, Ticket};
pub use settings::{Role, Settings};

use super::pdu::{Bind, BindKind, BindResp, Body, Command, DecodeError, FrameError, Pdu, Status, Tag, Tlvs};
use outstanding::{Outstanding, Sequences};
use throttle::Throttle;

/// A point in time: how long after some origin that the driver chose. Never runs backwards.
pub type Moment = Duration;

/// One session. `T` is how the driver knows its requests again.
#[derive(Debug)]
pub struct Session<T> {
    settings: Settings,
    state: State,
    sequences: Sequences,
    outstanding: Outstanding<T>,
    throttle: Throttle,
    /// Requests of the peer that have not been responded to.
    open: HashMap<Ticket, (u32, Command)>,
    next_ticket: u64,
    /// The enquiry without an answer: its sequence number and when it was sent.
    enquiry: Option<(u32, Moment)>,
    /// When the last PDU came in.
    heard: Moment,
    actions: VecDeque<Action<T>>,
}

/// How far the session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The connection stands, nobody has bound; over at the moment given.
    Open { until: Moment },
    /// ESME: the bind is on its way.
    Binding { kind: BindKind, sequence: u32, until: Moment },
    /// SMSC: the driver decides about a bind.
    Deciding { kind: BindKind, ticket: Ticket },
    /// Bound.
    Bound { kind: BindKind },
    /// Bound, taking no more; waiting for what is open.
    Draining { kind: BindKind, until: Moment },
    /// Unbind is on its way.
    Unbinding { sequence: u32, until: Moment },
    /// Over.
    Closed,
}

impl<T: Copy> Session<T> {
    /// A session over a connection that was just made.
    pub fn new(settings: Settings, now: Moment) -> Self {
        Self {
            state: State::Open { until: now.saturating_add(settings.bind_timeout) },
            sequences: Sequences::starting_at(settings.first_sequence),
            outstanding: Outstanding::new(settings.late_answers),
            throttle: Throttle::new(settings.throttle_pause, settings.throttle_max),
            open: HashMap::new(),
            next_ticket: 0,
            enquiry: None,
            heard: now,
            actions: VecDeque::new(),
            settings,
        }
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Action<T>> {
        self.actions.pop_front()
    }

    /// ESME: binds. Does nothing unless the session is new.
    pub fn bind(&mut self, now: Moment, kind: BindKind, bind: Bind) {
        if self.settings.role != Role::Esme || !matches!(self.state, State::Open { .. }) {
            return;
        }
        let sequence = self.next_sequence();
        let until = now.saturating_add(self.settings.bind_timeout);
        self.state = State::Binding { kind, sequence, until };
        self.send(Pdu::request(sequence, Body::Bind(kind, bind)));
    }

    /// SMSC: lets the ESME in that [`Action::BindRequested`] told of.
    pub fn accept_bind(&mut self, ticket: Ticket, system_id: &str) {
        let Some((kind, sequence)) = self.decided(ticket) else { return };
        let mut tlvs = Tlvs::new();
        tlvs.push(Tag::SC_INTERFACE_VERSION, [settings::INTERFACE_VERSION]);
        let resp = BindResp { system_id: system_id.to_owned(), tlvs };
        self.state = State::Bound { kind };
        self.send(Pdu::response(sequence, Status::OK, Body::BindResp(kind, resp)));
        self.actions.push_back(Action::Bound { kind, system_id: None, interface_version: None });
    }

    /// SMSC: refuses it and ends the session.
    pub fn refuse_bind(&mut self, ticket: Ticket, status: Status) {
        let Some((kind, sequence)) = self.decided(ticket) else { return };
        self.send(Pdu::response(sequence, status, Body::BindResp(kind, BindResp::default())));
        self.end(CloseReason::BindRefused(status));
    }

    fn decided(&mut self, ticket: Ticket) -> Option<(BindKind, u32)> {
        let State::Deciding { kind, ticket: awaited } = self.state else { return None };
        if ticket != awaited {
            return None;
        }
        self.open.remove(&ticket).map(|(sequence, _)| (kind, sequence))
    }

    /// Sends a request and remembers it as `tag`; gives its sequence number.
    ///
    /// # Errors
    /// [`Refusal`] says why nothing was sent and nothing remembered.
    pub fn request(&mut self, now: Moment, tag: T, body: Body) -> Result<u32, Refusal> {
        self.may_request(now)?;
        let sequence = self.next_sequence();
        let until = now.saturating_add(self.settings.response_timeout);
        self.outstanding.insert(sequence, body.command(), tag, until);
        self.send(Pdu::request(sequence, body));
        Ok(sequence)
    }

    /// Whether [`Session::request`] would take a request now.
    ///
    /// # Errors
    /// Why it would not.
    pub fn may_request(&self, now: Moment) -> Result<(), Refusal> {
        match self.state {
            State::Bound { kind } if !self.settings.role.may_send(kind) => Err(Refusal::Direction),
            State::Bound { .. } => {
                if let Some(until) = self.throttle.paused_until(now) {
                    return Err(Refusal::Paused(until));
                }
                if self.outstanding.len() >= self.settings.window.max(1) {
                    return Err(Refusal::Full);
                }
                Ok(())
            }
            State::Open { .. } | State::Binding { .. } | State::Deciding { .. } => Err(Refusal::Unbound),
            State::Draining { .. } | State::Unbinding { .. } | State::Closed => Err(Refusal::Closing),
        }
    }

    /// Responds to a request of the peer; the sequence number is the request's. A ticket that is not open
    /// (responded to before, or of a session that ended) is passed over.
    pub fn respond(&mut self, now: Moment, ticket: Ticket, status: Status, body: Body) {
        if matches!(self.state, State::Deciding { ticket: awaited, .. } if awaited == ticket) {
            return;
        }
        if let Some((sequence, _)) = self.open.remove(&ticket) {
            self.send(Pdu::response(sequence, status, body));
            self.continue_draining(now);
        }
    }

    /// The sequence number and command of an open request of the peer.
    pub fn ticket(&self, ticket: Ticket) -> Option<(u32, Command)> {
        self.open.get(&ticket).copied()
    }

    /// Forgets an open request of the peer without responding: for a peer that plays dead.
    pub fn abandon(&mut self, now: Moment, ticket: Ticket) {
        if !matches!(self.state, State::Deciding { .. }) && self.open.remove(&ticket).is_some() {
            self.continue_draining(now);
        }
    }

    /// Whether the driver should go on reading: false while the peer has as many requests open as it may.
    pub fn wants_input(&self) -> bool {
        self.open.len() < self.settings.peer_window.max(1)
    }

    /// Takes no more requests; unbinds when everything open is answered, at the latest after
    /// [`Settings::drain_timeout`].
    pub fn unbind(&mut self, now: Moment) {
        match self.state {
            State::Bound { kind } => {
                let until = now.saturating_add(self.settings.drain_timeout);
                self.state = State::Draining { kind, until };
                self.continue_draining(now);
            }
            State::Open { .. } | State::Binding { .. } | State::Deciding { .. } => {
                self.end(CloseReason::Unbound);
            }
            State::Draining { .. } | State::Unbinding { .. } | State::Closed => {}
        }
    }

    /// The connection is gone, or the driver gave it up.
    pub fn disconnected(&mut self, reason: impl Into<String>) {
        self.end(CloseReason::Disconnected(reason.into()));
    }

    /// Says that this side is not reading at present: the peer's silence is not the peer's.
    pub fn touch(&mut self, now: Moment) {
        self.heard = now;
    }

    /// Which way it is bound, if it is.
    pub fn bound(&self) -> Option<BindKind> {
        match self.state {
            State::Bound { kind } | State::Draining { kind, .. } => Some(kind),
            State::Open { .. }
            | State::Binding { .. }
            | State::Deciding { .. }
            | State::Unbinding { .. }
            | State::Closed => None,
        }
    }

    /// Whether it is over.
    pub fn is_closed(&self) -> bool {
        self.state == State::Closed
    }

    /// Requests without an answer.
    pub fn in_flight(&self) -> usize {
        self.outstanding.len()
    }

    /// Requests of the peer without a response.
    pub fn open_tickets(&self) -> usize {
        self.open.len()
    }

    fn send(&mut self, pdu: Pdu) {
        self.actions.push_back(Action::Send(pdu));
    }

    fn next_sequence(&mut self) -> u32 {
        let (outstanding, enquiry) = (&self.outstanding, self.enquiry);
        self.sequences.next(|sequence| {
            outstanding.knows(sequence) || enquiry.is_some_and(|(taken, _)| taken == sequence)
        })
    }

    /// Unbinds if a draining session has nothing open any more.
    fn continue_draining(&mut self, now: Moment) {
        if matches!(self.state, State::Draining { .. }) && self.outstanding.is_empty() && self.open.is_empty()
        {
            self.send_unbind(now);
        }
    }

    fn send_unbind(&mut self, now: Moment) {
        let sequence = self.next_sequence();
        let until = now.saturating_add(self.settings.bind_timeout);
        self.state = State::Unbinding { sequence, until };
        self.send(Pdu::request(sequence, Body::Unbind));
    }

    /// The end: whatever is open is lost, once.
    fn end(&mut self, reason: CloseReason) {
        if self.is_closed() {
            return;
        }
        self.state = State::Closed;
        self.open.clear();
        self.enquiry = None;
        for tag in self.outstanding.drain() {
            self.actions.push_back(Action::Lost { tag });
        }
        self.actions.push_back(Action::Close(reason));
    }
}

#[cfg(test)]
mod tests;
