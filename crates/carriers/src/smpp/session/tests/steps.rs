use std::time::Duration;

use crate::smpp::pdu::{
    Bind, BindKind, BindResp, Body, Command, DecodeError, FrameError, Outbind, Pdu, Query, ShortMessage,
    Status,
};
use crate::smpp::session::{Action, Answer, CloseReason, Moment, Refusal, Role, Session, Settings};

fn at(seconds: u64) -> Moment {
    Duration::from_secs(seconds)
}

fn submission() -> Body {
    Body::SubmitSm(Box::default())
}

fn actions(session: &mut Session<u32>) -> Vec<Action<u32>> {
    std::iter::from_fn(|| session.poll()).collect()
}

/// An ESME bound as a transceiver at second 0, its first request to be number 2.
fn bound(settings: Settings) -> Session<u32> {
    let mut session = Session::new(settings, at(0));
    session.bind(at(0), BindKind::Transceiver, Bind::default());
    let resp = Body::BindResp(BindKind::Transceiver, BindResp::default());
    session.received(at(0), Pdu::response(1, Status::OK, resp));
    assert_eq!(actions(&mut session).len(), 2);
    session
}

fn esme() -> Session<u32> {
    bound(Settings::of(Role::Esme))
}

fn taken(sequence: u32) -> Pdu {
    Pdu::response(sequence, Status::OK, Body::SubmitSmResp("id".to_owned()))
}

#[test]
fn requests_are_answered_by_their_numbers() {
    let mut session = esme();
    assert_eq!(session.request(at(1), 10, submission()), Ok(2));
    assert_eq!(session.request(at(1), 11, submission()), Ok(3));
    actions(&mut session);
    session.received(at(1), taken(3));
    session.received(at(1), Pdu::response(2, Status::INVALID_DESTINATION, Body::GenericNack));
    let answers = actions(&mut session);
    let answer = |status, body| Answer { status, body };
    assert_eq!(
        answers,
        [
            Action::Answered { tag: 11, answer: answer(Status::OK, Body::SubmitSmResp("id".to_owned())) },
            Action::Answered { tag: 10, answer: answer(Status::INVALID_DESTINATION, Body::GenericNack) },
        ]
    );
    assert_eq!(session.in_flight(), 0);
}

#[test]
fn a_response_of_another_kind_answers_nothing() {
    let mut session = esme();
    session.request(at(1), 10, submission()).expect("taken");
    actions(&mut session);
    let stray = Pdu::response(2, Status::OK, Body::DeliverSmResp(String::new()));
    session.received(at(1), stray.clone());
    assert_eq!(actions(&mut session), [Action::Stray(stray)]);
    assert_eq!(session.in_flight(), 1);
}

#[test]
fn a_late_answer_comes_once() {
    let mut session = esme();
    session.request(at(1), 10, submission()).expect("taken");
    actions(&mut session);
    session.received(at(20), Pdu::request(5, Body::EnquireLink));
    actions(&mut session);
    session.tick(at(31));
    assert_eq!(actions(&mut session), [Action::TimedOut { tag: 10 }]);
    session.received(at(32), taken(2));
    session.received(at(33), taken(2));
    let seen = actions(&mut session);
    assert!(matches!(seen.as_slice(), [Action::Late { tag: 10, .. }, Action::Stray(_)]), "{seen:?}");
}

#[test]
fn numbers_wrap_around_and_pass_over_those_in_use() {
    let mut session = bound(Settings { first_sequence: 1, ..Settings::of(Role::Esme) });
    session.request(at(0), 0, submission()).expect("taken");
    session.sequences = super::super::Sequences::starting_at(0x7FFF_FFFF);
    assert_eq!(session.request(at(0), 1, submission()), Ok(0x7FFF_FFFF));
    assert_eq!(session.request(at(0), 2, submission()), Ok(1));
    assert_eq!(session.request(at(0), 3, submission()), Ok(3));
}

#[test]
fn throttling_pauses_and_recovers() {
    let mut session = esme();
    for tag in 0..2 {
        session.request(at(0), tag, submission()).expect("taken");
    }
    actions(&mut session);
    for sequence in [2, 3] {
        session
            .received(at(0), Pdu::response(sequence, Status::THROTTLED, Body::SubmitSmResp(String::new())));
    }
    let throttled = |action: &Action<u32>| matches!(action, Action::Throttled { until } if *until == at(1));
    assert_eq!(actions(&mut session).iter().filter(|action| throttled(action)).count(), 1);
    assert_eq!(session.request(at(0), 3, submission()), Err(Refusal::Paused(at(1))));
    assert_eq!(session.request(at(1), 3, submission()), Ok(4));
}

#[test]
fn a_full_window_refuses() {
    let mut session = bound(Settings { window: 1, ..Settings::of(Role::Esme) });
    session.request(at(0), 1, submission()).expect("taken");
    assert_eq!(session.request(at(0), 2, submission()), Err(Refusal::Full));
    session.received(at(0), taken(2));
    assert!(session.request(at(0), 2, submission()).is_ok());
}

#[test]
fn a_silent_peer_is_asked_and_then_left() {
    let mut session = esme();
    assert_eq!(session.next_wake(), Some(at(30)));
    session.tick(at(29));
    assert_eq!(actions(&mut session), []);
    session.tick(at(30));
    assert_eq!(actions(&mut session), [Action::Send(Pdu::request(2, Body::EnquireLink))]);
    session.received(at(31), Pdu::response(2, Status::OK, Body::EnquireLinkResp));
    assert_eq!(session.next_wake(), Some(at(61)));
    session.tick(at(61));
    actions(&mut session);
    session.tick(at(71));
    assert_eq!(actions(&mut session), [Action::Close(CloseReason::Silent)]);
}

#[test]
fn the_other_side_asks_too() {
    let mut session = esme();
    session.received(at(1), Pdu::request(77, Body::EnquireLink));
    let resp = Pdu::response(77, Status::OK, Body::EnquireLinkResp);
    assert_eq!(actions(&mut session), [Action::Send(resp)]);
}

#[test]
fn deliveries_wait_for_their_verdict() {
    let mut session = esme();
    session.received(at(1), Pdu::request(5, Body::DeliverSm(Box::default())));
    let [Action::Request { ticket, .. }] = actions(&mut session)[..] else { panic!("no request") };
    assert_eq!(session.ticket(ticket), Some((5, Command::DELIVER_SM)));
    for _ in 0..2 {
        session.respond(at(2), ticket, Status::OK, Body::DeliverSmResp(String::new()));
    }
    let resp = Pdu::response(5, Status::OK, Body::DeliverSmResp(String::new()));
    assert_eq!(actions(&mut session), [Action::Send(resp)]);
}

#[test]
fn a_peer_past_its_window_is_told() {
    let mut session = bound(Settings { peer_window: 1, ..Settings::of(Role::Esme) });
    session.received(at(1), Pdu::request(5, Body::DeliverSm(Box::default())));
    assert!(!session.wants_input());
    session.received(at(1), Pdu::request(6, Body::DeliverSm(Box::default())));
    let resp = Pdu::response(6, Status::QUEUE_FULL, Body::DeliverSmResp(String::new()));
    assert_eq!(actions(&mut session).last(), Some(&Action::Send(resp)));
}

#[test]
fn an_unbind_waits_for_what_is_open() {
    let mut session = esme();
    session.request(at(0), 1, submission()).expect("taken");
    session.unbind(at(1));
    assert_eq!(session.request(at(1), 2, submission()), Err(Refusal::Closing));
    actions(&mut session);
    session.received(at(2), taken(2));
    let seen = actions(&mut session);
    assert_eq!(seen.last(), Some(&Action::Send(Pdu::request(3, Body::Unbind))), "{seen:?}");
    session.received(at(3), Pdu::response(3, Status::OK, Body::UnbindResp));
    assert_eq!(actions(&mut session), [Action::Close(CloseReason::Unbound)]);
}

#[test]
fn an_unbind_does_not_wait_for_ever() {
    let mut session = esme();
    session.request(at(0), 1, submission()).expect("taken");
    session.unbind(at(0));
    session.tick(at(5));
    assert_eq!(actions(&mut session).last(), Some(&Action::Send(Pdu::request(3, Body::Unbind))));
    session.tick(at(15));
    assert_eq!(actions(&mut session), [Action::Lost { tag: 1 }, Action::Close(CloseReason::Unbound)]);
}

#[test]
fn the_peers_unbind_loses_what_is_open() {
    let mut session = esme();
    session.request(at(0), 1, submission()).expect("taken");
    actions(&mut session);
    session.received(at(1), Pdu::request(9, Body::Unbind));
    assert_eq!(
        actions(&mut session),
        [
            Action::Send(Pdu::response(9, Status::OK, Body::UnbindResp)),
            Action::Lost { tag: 1 },
            Action::Close(CloseReason::PeerUnbound),
        ]
    );
    session.disconnected("later");
    assert_eq!(actions(&mut session), []);
}

#[test]
fn a_refused_bind_ends_the_session() {
    let mut session = Session::<u32>::new(Settings::of(Role::Esme), at(0));
    session.bind(at(0), BindKind::Receiver, Bind::default());
    actions(&mut session);
    let resp = Body::BindResp(BindKind::Receiver, BindResp::default());
    session.received(at(1), Pdu::response(1, Status::INVALID_PASSWORD, resp));
    let reason = CloseReason::BindRefused(Status::INVALID_PASSWORD);
    assert_eq!(actions(&mut session), [Action::Close(reason)]);
}

#[test]
fn a_bind_without_an_answer_ends_the_session() {
    for bind in [false, true] {
        let mut session = Session::<u32>::new(Settings::of(Role::Esme), at(0));
        if bind {
            session.bind(at(0), BindKind::Receiver, Bind::default());
        }
        assert_eq!(session.next_wake(), Some(at(10)));
        session.tick(at(10));
        assert_eq!(actions(&mut session).last(), Some(&Action::Close(CloseReason::BindTimeout)));
    }
}

#[test]
fn an_smsc_decides_about_binds_and_keeps_directions() {
    let mut session = Session::<u32>::new(Settings::of(Role::Smsc), at(0));
    session.received(at(0), Pdu::request(1, submission()));
    let refused = |status| Action::Send(Pdu::response(1, status, Body::SubmitSmResp(String::new())));
    assert_eq!(actions(&mut session), [refused(Status::INVALID_BIND_STATE)]);
    session.received(at(0), Pdu::request(2, Body::Bind(BindKind::Receiver, Bind::default())));
    let [Action::BindRequested { ticket, .. }] = actions(&mut session)[..] else { panic!("no bind") };
    session.accept_bind(ticket, "here");
    assert_eq!(session.bound(), Some(BindKind::Receiver));
    actions(&mut session);
    session.received(at(0), Pdu::request(1, submission()));
    assert_eq!(actions(&mut session), [refused(Status::INVALID_BIND_STATE)]);
    session.received(at(0), Pdu::request(3, Body::Bind(BindKind::Receiver, Bind::default())));
    let again = Body::BindResp(BindKind::Receiver, BindResp::default());
    assert_eq!(actions(&mut session), [Action::Send(Pdu::response(3, Status::ALREADY_BOUND, again))]);
    assert!(session.request(at(0), 1, Body::DeliverSm(Box::default())).is_ok());
}

#[test]
fn an_esme_does_not_submit_over_a_receiver() {
    let mut session = Session::<u32>::new(Settings::of(Role::Esme), at(0));
    session.bind(at(0), BindKind::Receiver, Bind::default());
    let resp = Body::BindResp(BindKind::Receiver, BindResp::default());
    session.received(at(0), Pdu::response(1, Status::OK, resp));
    assert_eq!(session.request(at(0), 1, submission()), Err(Refusal::Direction));
}

#[test]
fn what_makes_no_sense_is_answered() {
    let mut session = esme();
    session.received(at(1), Pdu::request(4, Body::QuerySm(Query::default())));
    let nack = Pdu::response(4, Status::INVALID_COMMAND, Body::GenericNack);
    assert_eq!(actions(&mut session), [Action::Send(nack)]);
    session.undecodable(at(1), DecodeError { command: Command::DELIVER_SM, sequence: 5 });
    let resp = Pdu::response(5, Status::INVALID_COMMAND_LENGTH, Body::DeliverSmResp(String::new()));
    assert_eq!(actions(&mut session), [Action::Send(resp)]);
    session.received(at(1), Pdu::request(6, Body::Other(Command::ALERT_NOTIFICATION, Vec::new())));
    assert_eq!(actions(&mut session), []);
    session.broken(FrameError { length: 3 });
    let reason = CloseReason::Garbage(FrameError { length: 3 });
    assert_eq!(actions(&mut session).last(), Some(&Action::Close(reason)));
}

#[test]
fn outbind_is_refused() {
    let mut session = Session::<u32>::new(Settings::of(Role::Esme), at(0));
    session.received(at(0), Pdu::request(1, Body::Outbind(Outbind::default())));
    assert!(matches!(actions(&mut session)[..], [Action::Close(CloseReason::Protocol(_))]));
}

#[test]
fn data_sm_is_taken_as_a_delivery() {
    let mut session = esme();
    session.received(at(0), Pdu::request(1, Body::DataSm(Box::<ShortMessage>::default())));
    assert!(matches!(actions(&mut session)[..], [Action::Request { .. }]));
}
