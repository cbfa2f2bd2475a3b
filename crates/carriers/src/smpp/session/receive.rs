//! What a session does with what its peer sends.

use super::outstanding::Found;
use super::{
    Action, Answer, BindKind, BindResp, Body, CloseReason, Command, DecodeError, FrameError, Moment, Pdu,
    Role, Session, State, Status, Tag, Ticket,
};
use crate::smpp::pdu::{Bind, Class};

impl<T: Copy> Session<T> {
    /// A PDU came in.
    pub fn received(&mut self, now: Moment, pdu: Pdu) {
        if self.is_closed() {
            return;
        }
        self.heard = now;
        if pdu.body.command().is_response() {
            self.response(now, pdu);
        } else {
            self.peer_request(now, pdu);
        }
    }

    /// A request came in that ends too early to be read: it is refused.
    pub fn undecodable(&mut self, now: Moment, error: DecodeError) {
        if self.is_closed() {
            return;
        }
        self.heard = now;
        let body = Body::empty_response(error.command);
        self.send(Pdu::response(error.sequence, Status::INVALID_COMMAND_LENGTH, body));
    }

    /// The stream is not SMPP: says so and ends.
    pub fn broken(&mut self, error: FrameError) {
        if self.is_closed() {
            return;
        }
        self.send(Pdu::response(0, Status::INVALID_COMMAND_LENGTH, Body::GenericNack));
        self.end(CloseReason::Garbage(error));
    }

    fn response(&mut self, now: Moment, pdu: Pdu) {
        match (&pdu.body, self.state) {
            (Body::BindResp(..) | Body::GenericNack, State::Binding { kind, sequence, .. })
                if sequence == pdu.sequence =>
            {
                self.bind_answered(kind, pdu);
            }
            (Body::UnbindResp | Body::GenericNack, State::Unbinding { sequence, .. })
                if sequence == pdu.sequence =>
            {
                self.end(CloseReason::Unbound);
            }
            // Even a peer that does not know enquire_link is there.
            (Body::EnquireLinkResp | Body::GenericNack, _)
                if self.enquiry.is_some_and(|(sequence, _)| sequence == pdu.sequence) =>
            {
                self.enquiry = None;
            }
            _ => self.answered(now, pdu),
        }
    }

    fn bind_answered(&mut self, kind: BindKind, pdu: Pdu) {
        match pdu.body {
            Body::BindResp(_, BindResp { system_id, tlvs }) if pdu.status.is_ok() => {
                self.state = State::Bound { kind };
                let version = tlvs.number(Tag::SC_INTERFACE_VERSION);
                let interface_version = version.and_then(|version| u8::try_from(version).ok());
                self.actions.push_back(Action::Bound { kind, system_id: Some(system_id), interface_version });
            }
            _ => self.end(CloseReason::BindRefused(pdu.status)),
        }
    }

    fn answered(&mut self, now: Moment, pdu: Pdu) {
        let answer = |pdu: Pdu| Answer { status: pdu.status, body: pdu.body };
        match self.outstanding.answer(pdu.sequence, pdu.body.command()) {
            Some(Found::Waiting(command, tag)) => {
                self.weigh(now, command, pdu.status);
                self.actions.push_back(Action::Answered { tag, answer: answer(pdu) });
                self.continue_draining(now);
            }
            Some(Found::Late(tag)) => self.actions.push_back(Action::Late { tag, answer: answer(pdu) }),
            None => self.actions.push_back(Action::Stray(pdu)),
        }
    }

    /// Slows down or recovers by the answer to something that carries a message.
    fn weigh(&mut self, now: Moment, command: Command, status: Status) {
        if !matches!(command, Command::SUBMIT_SM | Command::DELIVER_SM | Command::DATA_SM) {
            return;
        }
        match status.class() {
            Class::Throttled => {
                if let Some(until) = self.throttle.complained(now) {
                    self.actions.push_back(Action::Throttled { until });
                }
            }
            Class::Ok => self.throttle.took(now),
            Class::Retry | Class::Permanent | Class::Session => {}
        }
    }

    fn peer_request(&mut self, now: Moment, pdu: Pdu) {
        let command = pdu.body.command();
        match (pdu.body, self.settings.role) {
            (Body::EnquireLink, _) => {
                self.send(Pdu::response(pdu.sequence, Status::OK, Body::EnquireLinkResp));
            }
            (Body::Unbind, _) => {
                self.send(Pdu::response(pdu.sequence, Status::OK, Body::UnbindResp));
                self.end(CloseReason::PeerUnbound);
            }
            (Body::Outbind(_), _) => self.end(CloseReason::Protocol("outbind is not taken")),
            (Body::Bind(kind, bind), Role::Smsc) => self.bind_requested(pdu.sequence, kind, bind),
            (body @ (Body::SubmitSm(_) | Body::QuerySm(_) | Body::DataSm(_)), Role::Smsc)
            | (body @ (Body::DeliverSm(_) | Body::DataSm(_)), Role::Esme) => {
                self.message_request(now, pdu.sequence, command, body);
            }
            _ if command.expects_no_response() => {}
            _ => self.send(Pdu::response(pdu.sequence, Status::INVALID_COMMAND, Body::GenericNack)),
        }
    }

    fn bind_requested(&mut self, sequence: u32, kind: BindKind, bind: Bind) {
        if !matches!(self.state, State::Open { .. }) {
            let body = Body::BindResp(kind, BindResp::default());
            self.send(Pdu::response(sequence, Status::ALREADY_BOUND, body));
            return;
        }
        let ticket = self.open_ticket(sequence, kind.command());
        self.state = State::Deciding { kind, ticket };
        self.actions.push_back(Action::BindRequested { ticket, kind, bind });
    }

    fn message_request(&mut self, now: Moment, sequence: u32, command: Command, body: Body) {
        // What comes to an ESME is taken whichever way it is bound: better than losing a receipt to form.
        let status = match (self.bound(), self.settings.role) {
            (None, _) => Some(Status::INVALID_BIND_STATE),
            (Some(kind), Role::Smsc) if !kind.transmits() => Some(Status::INVALID_BIND_STATE),
            (Some(_), Role::Smsc | Role::Esme) if !self.wants_input() => Some(Status::QUEUE_FULL),
            (Some(_), Role::Smsc | Role::Esme) => None,
        };
        if let Some(status) = status {
            self.send(Pdu::response(sequence, status, Body::empty_response(command)));
            self.continue_draining(now);
            return;
        }
        let ticket = self.open_ticket(sequence, command);
        self.actions.push_back(Action::Request { ticket, pdu: Pdu::request(sequence, body) });
    }

    fn open_ticket(&mut self, sequence: u32, command: Command) -> Ticket {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        self.open.insert(ticket, (sequence, command));
        ticket
    }
}
