use std::sync::Arc;
use std::time::Duration;

use carriers::carrier::{Carrier, Event, LinkState, SubmitError};
use carriers::smpp::link::{LinkSettings, SmppLink};
use carriers::smpp::pdu::{BindResp, Body, Command, Pdu, Status};

use crate::peer::{Smsc, event, segment, soon, until_up};

#[tokio::test]
async fn a_link_lost_inside_its_window() {
    let smsc = Smsc::listen().await;
    let mut settings = LinkSettings { window: 2, ..smsc.settings() };
    // Stays away long enough for what waits to learn it.
    settings.options.reconnect_min = Duration::from_secs(5);
    settings.options.reconnect_max = Duration::from_secs(5);
    let (link, _events, mut line) = smsc.link(settings).await;
    let link = Arc::new(link);
    let mut calls = tokio::task::JoinSet::new();
    for key in 0..3u128 {
        let link = Arc::clone(&link);
        calls.spawn(async move { link.submit(segment(key, "x")).await });
    }
    let (sequence, _) = line.submission().await;
    line.submission().await;
    line.answer(sequence, Status::OK, "1").await;
    // The third took the place of the first.
    line.submission().await;
    drop(line);
    let mut taken = 0;
    let mut uncertain = 0;
    while let Some(result) = soon(calls.join_next()).await {
        match result.expect("no panic") {
            Ok(_) => taken += 1,
            Err(SubmitError::Uncertain { .. }) => uncertain += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!((taken, uncertain), (1, 2));
    let mut state = link.watch();
    soon(state.wait_for(|state| !state.takes_segments())).await.expect("alive");
    assert!(matches!(link.submit(segment(9, "x")).await, Err(SubmitError::NotSent { .. })));
}

#[tokio::test]
async fn what_waits_behind_a_lost_session_was_not_sent() {
    let smsc = Smsc::listen().await;
    let mut settings = LinkSettings { window: 1, ..smsc.settings() };
    settings.options.reconnect_min = Duration::from_secs(5);
    settings.options.reconnect_max = Duration::from_secs(5);
    let (link, _events, mut line) = smsc.link(settings).await;
    let peer = async {
        line.submission().await;
        drop(line);
    };
    let both = async { tokio::join!(link.submit(segment(1, "x")), link.submit(segment(2, "x"))) };
    let ((first, second), ()) = soon(async { tokio::join!(both, peer) }).await;
    assert!(matches!(first, Err(SubmitError::Uncertain { .. })), "{first:?}");
    assert!(matches!(second, Err(SubmitError::NotSent { .. })), "{second:?}");
    assert_eq!((link.figures().uncertain, link.figures().in_flight), (1, 0));
}

#[tokio::test]
async fn a_link_comes_back_by_itself() {
    let smsc = Smsc::listen().await;
    let (link, _events, line) = smsc.link(smsc.settings()).await;
    drop(line);
    let mut line = smsc.accept_bound().await;
    let mut state = link.watch();
    soon(state.wait_for(|state| state.takes_segments() && link.figures().binds == 2)).await.expect("alive");
    let peer = async {
        let (sequence, _) = line.submission().await;
        line.answer(sequence, Status::OK, "1").await;
    };
    let (result, ()) = soon(async { tokio::join!(link.submit(segment(1, "x")), peer) }).await;
    assert!(result.is_ok());
}

#[tokio::test]
async fn a_late_answer_settles_what_was_uncertain() {
    let smsc = Smsc::listen().await;
    let mut settings = smsc.settings();
    settings.options.response_timeout = Duration::from_millis(50);
    let (link, mut events, mut line) = smsc.link(settings).await;
    let peer = async { line.submission().await.0 };
    let (result, sequence) = soon(async { tokio::join!(link.submit(segment(77, "x")), peer) }).await;
    assert!(matches!(result, Err(SubmitError::Uncertain { .. })), "{result:?}");
    // Doubled, too: the second says nothing.
    for _ in 0..2 {
        line.answer(sequence, Status::OK, "abc").await;
    }
    let Event::Settled(settled) = event(&mut events).await else { panic!("not settled") };
    assert_eq!(settled.key, 77);
    assert_eq!(settled.result.expect("taken").id.as_deref(), Some("abc"));
    line.write(Pdu::request(5, Body::EnquireLink)).await;
    line.read().await;
    assert!(events.try_recv().is_err());
    assert_eq!((link.figures().uncertain, link.figures().late), (1, 1));
}

#[tokio::test]
async fn garbage_ends_the_session_and_the_link_comes_back() {
    let smsc = Smsc::listen().await;
    let (link, _events, mut line) = smsc.link(smsc.settings()).await;
    line.octets(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    assert_eq!(line.read().await.body.command(), Command::GENERIC_NACK);
    line.ended().await;
    let _line = smsc.accept_bound().await;
    until_up(&link).await;
}

#[tokio::test]
async fn a_refused_bind_is_said_and_tried_again() {
    let smsc = Smsc::listen().await;
    let (link, _events) = SmppLink::start(smsc.settings()).expect("a link");
    let mut line = smsc.accept().await;
    let bind = line.read().await;
    let Body::Bind(kind, _) = bind.body else { panic!("no bind") };
    let resp = Body::BindResp(kind, BindResp::default());
    line.write(Pdu::response(bind.sequence, Status::INVALID_PASSWORD, resp)).await;
    let mut state = link.watch();
    let told =
        |state: &LinkState| matches!(state, LinkState::Down { reason } if reason.contains("ESME_RINVPASWD"));
    soon(state.wait_for(told)).await.expect("alive");
    smsc.accept_bound().await;
}

#[tokio::test]
async fn a_silent_peer_is_left() {
    let smsc = Smsc::listen().await;
    let mut settings = smsc.settings();
    settings.options.set("enquire_interval", "50ms").expect("an option");
    settings.options.bind_timeout = Duration::from_millis(200);
    let (_link, _events, mut line) = smsc.link(settings).await;
    assert_eq!(line.read().await.body, Body::EnquireLink);
    line.ended().await;
    smsc.accept_bound().await;
}

#[tokio::test]
async fn an_smsc_that_is_away_is_told_of() {
    let smsc = Smsc::listen().await;
    let settings = smsc.settings();
    drop(smsc);
    let (link, _events) = SmppLink::start(settings).expect("a link");
    let mut state = link.watch();
    let told = |state: &LinkState| matches!(state, LinkState::Down { reason } if !reason.is_empty());
    soon(state.wait_for(told)).await.expect("alive");
    let Err(SubmitError::NotSent { reason }) = link.submit(segment(1, "x")).await else { panic!("sent") };
    assert!(reason.contains("127.0.0.1"), "{reason}");
}

#[tokio::test]
async fn an_answer_that_never_comes_is_missed_under_steady_traffic() {
    let smsc = Smsc::listen().await;
    let mut settings = LinkSettings { window: 4, ..smsc.settings() };
    settings.options.response_timeout = Duration::from_millis(100);
    let (link, _events, mut line) = smsc.link(settings).await;
    let link = Arc::new(link);
    let lost = tokio::spawn({
        let link = Arc::clone(&link);
        async move { link.submit(segment(1, "lost")).await }
    });
    line.submission().await;
    let traffic = tokio::spawn(async move {
        for sequence in 1.. {
            line.write(Pdu::request(sequence, Body::EnquireLink)).await;
            line.read().await;
        }
    });
    let result = soon(lost).await.expect("no panic");
    assert!(matches!(result, Err(SubmitError::Uncertain { .. })), "{result:?}");
    traffic.abort();
}

#[tokio::test]
async fn several_sessions_share_what_there_is() {
    let smsc = Smsc::listen().await;
    let settings = LinkSettings { binds: 3, window: 1, ..smsc.settings() };
    let (link, _events) = SmppLink::start(settings).expect("a link");
    let link = Arc::new(link);
    let mut lines = Vec::new();
    for _ in 0..3 {
        lines.push(smsc.accept_bound().await);
    }
    let mut state = link.watch();
    let all = |state: &LinkState| matches!(state, LinkState::Up { sessions: 3, .. });
    soon(state.wait_for(all)).await.expect("alive");
    let mut calls = tokio::task::JoinSet::new();
    for key in 0..3u128 {
        let link = Arc::clone(&link);
        calls.spawn(async move { link.submit(segment(key, "x")).await });
    }
    // With a window of one, each session has one of them.
    for line in &mut lines {
        let (sequence, _) = line.submission().await;
        line.answer(sequence, Status::OK, "1").await;
    }
    while let Some(result) = soon(calls.join_next()).await {
        assert!(result.expect("no panic").is_ok());
    }
    // One that is lost leaves the others.
    drop(lines.pop());
    soon(state.wait_for(|state| matches!(state, LinkState::Up { sessions: 2, .. }))).await.expect("alive");
}
