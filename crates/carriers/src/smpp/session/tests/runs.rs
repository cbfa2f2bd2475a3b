//! Random runs: any order of events, in both roles.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use proptest::prelude::*;

use crate::smpp::pdu::{
    Bind, BindKind, BindResp, Body, Command, DecodeError, FrameError, Outbind, Pdu, Query, Status,
};
use crate::smpp::session::{Action, Role, Session, Settings, Ticket};

#[derive(Clone, Debug)]
enum Event {
    Request,
    /// A response: the how-many-th number sent so far, its kind and status.
    Response(usize, usize, u32),
    /// A response of any number.
    Wild(u32, usize),
    Peer(usize, u32),
    Respond(usize),
    Pass(u64),
    Bind,
    Decide(bool),
    Undecodable,
    Broken,
    Unbind,
    Disconnect,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        12 => Just(Event::Request),
        12 => (any::<usize>(), 0usize..6, proptest::sample::select(vec![0u32, 0, 0, 0x58, 0x14, 0x0B, 8]))
            .prop_map(|(which, kind, status)| Event::Response(which, kind, status)),
        2 => (any::<u32>(), 0usize..6).prop_map(|(sequence, kind)| Event::Wild(sequence, kind)),
        4 => (0usize..10, any::<u32>()).prop_map(|(kind, sequence)| Event::Peer(kind, sequence)),
        4 => any::<usize>().prop_map(Event::Respond),
        8 => (0u64..20_000).prop_map(Event::Pass),
        3 => Just(Event::Bind),
        3 => proptest::bool::weighted(0.9).prop_map(Event::Decide),
        1 => Just(Event::Undecodable),
        1 => proptest::bool::weighted(0.1).prop_map(|broken| if broken { Event::Broken } else { Event::Request }),
        1 => proptest::bool::weighted(0.2).prop_map(|unbind| if unbind { Event::Unbind } else { Event::Request }),
        1 => proptest::bool::weighted(0.1).prop_map(|end| if end { Event::Disconnect } else { Event::Request }),
    ]
}

fn response(kind: usize) -> Body {
    match kind {
        0 => Body::SubmitSmResp("id".to_owned()),
        1 => Body::GenericNack,
        2 => Body::BindResp(BindKind::Transceiver, BindResp::default()),
        3 => Body::EnquireLinkResp,
        4 => Body::UnbindResp,
        _ => Body::DeliverSmResp(String::new()),
    }
}

fn request(kind: usize) -> Body {
    match kind {
        0 => Body::EnquireLink,
        1 => Body::Bind(BindKind::Transceiver, Bind::default()),
        2 => Body::QuerySm(Query::default()),
        3 => Body::SubmitSm(Box::default()),
        4 => Body::Other(Command::CANCEL_SM, vec![1]),
        5 => Body::DataSm(Box::default()),
        _ => Body::DeliverSm(Box::default()),
    }
}

/// Keeps account of what a session did.
struct Witness {
    session: Session<u32>,
    role: Role,
    now: Duration,
    sent: Vec<u32>,
    /// Numbers of requests that wait for an answer, as the peer sees it.
    open: HashMap<u32, u32>,
    taken: u32,
    ended: HashSet<u32>,
    timed_out: HashSet<u32>,
    late: HashSet<u32>,
    tickets: Vec<Ticket>,
    deciding: Option<Ticket>,
    closed: bool,
}

impl Witness {
    fn new(role: Role, window: usize, first_sequence: u32) -> Self {
        let settings =
            Settings { window, first_sequence, peer_window: 3, late_answers: 4, ..Settings::of(role) };
        let mut witness = Self {
            session: Session::new(settings, Duration::ZERO),
            role,
            now: Duration::ZERO,
            sent: Vec::new(),
            open: HashMap::new(),
            taken: 0,
            ended: HashSet::new(),
            timed_out: HashSet::new(),
            late: HashSet::new(),
            tickets: Vec::new(),
            deciding: None,
            closed: false,
        };
        witness.step(&Event::Bind, window);
        let answer = if role == Role::Esme { Event::Response(0, 2, 0) } else { Event::Decide(true) };
        witness.step(&answer, window);
        assert!(witness.session.bound().is_some());
        witness
    }

    fn step(&mut self, event: &Event, window: usize) {
        let now = self.now;
        let session = &mut self.session;
        match event {
            Event::Request => {
                let body = if self.role == Role::Esme { 3 } else { 6 };
                if let Ok(sequence) = session.request(now, self.taken, request(body)) {
                    assert!((1..=0x7FFF_FFFF).contains(&sequence));
                    assert!(self.open.insert(sequence, self.taken).is_none(), "{sequence} was in use");
                    self.taken += 1;
                }
            }
            Event::Response(which, kind, status) => {
                if !self.sent.is_empty() {
                    let sequence = self.sent[which % self.sent.len()];
                    // The kind that fits, mostly.
                    let kind = if *kind == 0 && self.role == Role::Smsc { 5 } else { *kind };
                    session.received(now, Pdu::response(sequence, Status(*status), response(kind)));
                }
            }
            Event::Wild(sequence, kind) => {
                session.received(now, Pdu::response(*sequence, Status::OK, response(*kind)));
            }
            Event::Peer(kind, sequence) => session.received(now, Pdu::request(*sequence, request(*kind))),
            Event::Respond(which) => {
                if !self.tickets.is_empty() {
                    let ticket = self.tickets[which % self.tickets.len()];
                    session.respond(now, ticket, Status::OK, Body::DeliverSmResp(String::new()));
                }
            }
            Event::Pass(millis) => {
                self.now += Duration::from_millis(*millis);
                session.tick(self.now);
            }
            Event::Bind if self.role == Role::Esme => {
                session.bind(now, BindKind::Transceiver, Bind::default());
            }
            Event::Bind => session.received(now, Pdu::request(1, request(1))),
            Event::Decide(accept) => {
                if let Some(ticket) = self.deciding.take() {
                    if *accept {
                        session.accept_bind(ticket, "smsc");
                    } else {
                        session.refuse_bind(ticket, Status::BIND_FAILED);
                    }
                }
            }
            Event::Undecodable => {
                session.undecodable(now, DecodeError { command: Command::DELIVER_SM, sequence: 1 });
            }
            Event::Broken => session.broken(FrameError { length: 1 }),
            Event::Unbind => session.unbind(now),
            Event::Disconnect if self.taken.is_multiple_of(2) => session.disconnected("gone"),
            Event::Disconnect => session.received(now, Pdu::request(1, Body::Outbind(Outbind::default()))),
        }
        self.account();
        assert!(self.session.in_flight() <= window.max(1));
        assert_eq!(self.session.in_flight(), self.open.len());
        assert!(self.session.open_tickets() <= 3);
    }

    fn account(&mut self) {
        while let Some(action) = self.session.poll() {
            assert!(!self.closed, "{action:?} after the close");
            match action {
                Action::Send(pdu) if !pdu.body.command().is_response() => self.sent.push(pdu.sequence),
                Action::Answered { tag, .. } | Action::Lost { tag } => self.end(tag),
                Action::TimedOut { tag } => {
                    self.timed_out.insert(tag);
                    self.end(tag);
                }
                Action::Late { tag, .. } => {
                    assert!(self.timed_out.contains(&tag), "{tag} had not timed out");
                    assert!(self.late.insert(tag), "{tag} was late twice");
                }
                Action::Request { ticket, .. } => self.tickets.push(ticket),
                Action::BindRequested { ticket, .. } => self.deciding = Some(ticket),
                Action::Close(_) => self.closed = true,
                Action::Send(_) | Action::Bound { .. } | Action::Throttled { .. } | Action::Stray(_) => {}
            }
        }
    }

    fn end(&mut self, tag: u32) {
        assert!(self.ended.insert(tag), "{tag} ended twice");
        self.open.retain(|_, open| *open != tag);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn whatever_happens_every_request_ends_once(
        esme: bool,
        window in 0usize..6,
        near_the_end: bool,
        events in proptest::collection::vec(event(), 0..120),
    ) {
        let role = if esme { Role::Esme } else { Role::Smsc };
        let first = if near_the_end { 0x7FFF_FFF0 } else { 1 };
        let mut witness = Witness::new(role, window, first);
        for event in &events {
            witness.step(event, window);
        }
        // Left alone, a session wakes only finitely often, and ends once it is told to.
        witness.session.unbind(witness.now);
        witness.account();
        for _ in 0..20 {
            let Some(wake) = witness.session.next_wake() else { break };
            witness.now = witness.now.max(wake);
            witness.session.tick(witness.now);
            witness.account();
        }
        if witness.deciding.is_some() {
            witness.session.disconnected("over");
            witness.account();
        }
        prop_assert!(witness.closed && witness.session.is_closed());
        prop_assert_eq!(witness.ended.len() as u32, witness.taken);
    }

    #[test]
    fn a_new_session_survives_anything(esme: bool, events in proptest::collection::vec(event(), 0..60)) {
        let role = if esme { Role::Esme } else { Role::Smsc };
        let mut session = Session::<u32>::new(Settings::of(role), Duration::ZERO);
        let mut now = Duration::ZERO;
        for event in events {
            match event {
                Event::Peer(kind, sequence) => session.received(now, Pdu::request(sequence, request(kind))),
                Event::Wild(sequence, kind) => {
                    session.received(now, Pdu::response(sequence, Status::OK, response(kind)));
                }
                Event::Pass(millis) => {
                    now += Duration::from_millis(millis);
                    session.tick(now);
                }
                Event::Bind => session.bind(now, BindKind::Receiver, Bind::default()),
                Event::Respond(ticket) => {
                    session.respond(now, Ticket(ticket as u64 % 4), Status::OK, Body::GenericNack);
                }
                _ => prop_assert!(session.bound().is_some() || session.request(now, 1, request(3)).is_err()),
            }
        }
    }
}
