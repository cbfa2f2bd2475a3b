use std::sync::Arc;
use std::time::Duration;

use carriers::carrier::{Carrier, Figures, LinkState, QueryError, Question, SubmitError};
use carriers::smpp::link::{BindMode, LinkSettings, SmppLink};
use carriers::smpp::pdu::{BindKind, Body, Pdu, QueryResp, Status};
use sms::Outcome;

use crate::peer::{Smsc, segment, soon, until_up};

#[tokio::test]
async fn a_segment_is_submitted_and_answered() {
    let smsc = Smsc::listen().await;
    let (link, _events, mut line) = smsc.link(smsc.settings()).await;
    let outgoing = segment(1, "Hi");
    let submit = link.submit(outgoing);
    let peer = async {
        let (sequence, message) = line.submission().await;
        assert_eq!((message.payload(), message.source.text.as_str()), (&b"Hi"[..], "Info"));
        line.answer(sequence, Status::OK, "abc").await;
    };
    let (result, ()) = soon(async { tokio::join!(submit, peer) }).await;
    assert_eq!(result.expect("taken").id.as_deref(), Some("abc"));
    let figures = Figures { submitted: 1, accepted: 1, binds: 1, ..Figures::default() };
    assert_eq!(link.figures(), figures);
}

#[tokio::test]
async fn the_window_is_filled_and_never_passed() {
    let smsc = Smsc::listen().await;
    let settings = LinkSettings { window: 3, ..smsc.settings() };
    let (link, _events, mut line) = smsc.link(settings).await;
    let link = Arc::new(link);
    assert_eq!(link.window(), 3);
    let mut calls = tokio::task::JoinSet::new();
    for key in 0..8u128 {
        let link = Arc::clone(&link);
        calls.spawn(async move { (key, link.submit(segment(key, &key.to_string())).await) });
    }
    let mut open = Vec::new();
    for _ in 0..8 {
        while open.len() < 3 && open.len() + link.figures().accepted as usize != 8 {
            let (sequence, message) = line.submission().await;
            open.push((sequence, message.short_message));
        }
        // The newest first: answers need not come in order.
        let (sequence, text) = open.pop().expect("open");
        assert!(link.figures().in_flight <= 3);
        let before = link.figures().accepted;
        line.answer(sequence, Status::OK, &format!("id{}", String::from_utf8_lossy(&text))).await;
        let (key, result) = soon(calls.join_next()).await.expect("a call").expect("no panic");
        assert_eq!(result.expect("taken").id, Some(format!("id{key}")));
        assert_eq!(link.figures().accepted, before + 1);
    }
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let smsc = Smsc::listen().await;
    let mut settings = smsc.settings();
    settings.options.throttle_pause = Duration::from_millis(1);
    settings.options.set("retry_status", "0x410").expect("an option");
    let (link, _events, mut line) = smsc.link(settings).await;
    let mut ask = async |status| {
        let peer = async {
            let (sequence, _) = line.submission().await;
            line.answer(sequence, status, "").await;
        };
        soon(async { tokio::join!(link.submit(segment(1, "Hi")), peer) }).await.0
    };
    assert!(matches!(ask(Status::THROTTLED).await, Err(SubmitError::Throttled { .. })));
    assert!(matches!(ask(Status::QUEUE_FULL).await, Err(SubmitError::Throttled { .. })));
    assert!(matches!(ask(Status::SYSTEM_ERROR).await, Err(SubmitError::Retry { .. })));
    assert!(matches!(ask(Status(0x410)).await, Err(SubmitError::Retry { .. })));
    let rejected = ask(Status::INVALID_DESTINATION).await;
    let words = "ESME_RINVDSTADR (invalid destination address)".to_owned();
    assert_eq!(rejected, Err(SubmitError::Rejected { code: Some("0x0000000b".to_owned()), words }));
    assert!(matches!(ask(Status(0x411)).await, Err(SubmitError::Rejected { .. })));
    assert_eq!(ask(Status::OK).await.expect("taken").id, None);
    let figures = link.figures();
    assert_eq!((figures.throttled, figures.rejected, figures.accepted), (2, 2, 1));
}

#[tokio::test]
async fn a_throttled_link_waits_and_goes_on() {
    let smsc = Smsc::listen().await;
    let mut settings = smsc.settings();
    settings.options.throttle_pause = Duration::from_millis(100);
    let (link, _events, mut line) = smsc.link(settings).await;
    let first = async {
        let (sequence, _) = line.submission().await;
        line.answer(sequence, Status::THROTTLED, "").await;
    };
    let (result, ()) = soon(async { tokio::join!(link.submit(segment(1, "a")), first) }).await;
    assert!(matches!(result, Err(SubmitError::Throttled { .. })));
    let mut state = link.watch();
    let throttled = |state: &LinkState| matches!(state, LinkState::Up { throttled: true, .. });
    soon(state.wait_for(throttled)).await.expect("alive");
    let second = async {
        let (sequence, _) = line.submission().await;
        line.answer(sequence, Status::OK, "b").await;
    };
    let (result, ()) = soon(async { tokio::join!(link.submit(segment(2, "b")), second) }).await;
    assert_eq!(result.expect("taken").id.as_deref(), Some("b"));
    soon(state.wait_for(|state| !throttled(state))).await.expect("alive");
}

#[tokio::test]
async fn a_pair_submits_over_its_transmitter() {
    let smsc = Smsc::listen().await;
    let settings = LinkSettings { bind: BindMode::Pair, ..smsc.settings() };
    let (link, _events) = SmppLink::start(settings).expect("a link");
    let mut transmitter = None;
    for _ in 0..2 {
        let mut line = smsc.accept().await;
        if line.take_bind().await == BindKind::Transmitter {
            transmitter = Some(line);
        } else {
            // Kept open, not read: nothing is to come here.
            tokio::spawn(async move { line.ended().await });
        }
    }
    until_up(&link).await;
    let mut line = transmitter.expect("bound");
    let peer = async {
        let (sequence, _) = line.submission().await;
        line.answer(sequence, Status::OK, "1").await;
    };
    let (result, ()) = soon(async { tokio::join!(link.submit(segment(1, "x")), peer) }).await;
    assert!(result.is_ok());
}

#[tokio::test]
async fn a_rate_is_kept() {
    let smsc = Smsc::listen().await;
    let settings = LinkSettings { rate: Some(50), window: 100, ..smsc.settings() };
    let (link, _events, mut line) = smsc.link(settings).await;
    tokio::spawn(async move {
        loop {
            let (sequence, _) = line.submission().await;
            line.answer(sequence, Status::OK, "1").await;
        }
    });
    let begin = tokio::time::Instant::now();
    for key in 0..25 {
        soon(link.submit(segment(key, "x"))).await.expect("taken");
    }
    // A tenth of a second's worth may go at once, the rest at the rate.
    assert!(begin.elapsed() >= Duration::from_millis(350), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn what_was_dropped_in_the_queue_is_never_sent() {
    let smsc = Smsc::listen().await;
    let settings = LinkSettings { window: 1, ..smsc.settings() };
    let (link, _events, mut line) = smsc.link(settings).await;
    let link = Arc::new(link);
    let first = tokio::spawn({
        let link = Arc::clone(&link);
        async move { link.submit(segment(1, "first")).await }
    });
    let (sequence, _) = line.submission().await;
    // Queued behind the full window, then withdrawn.
    {
        let withdrawn = link.submit(segment(2, "withdrawn"));
        tokio::pin!(withdrawn);
        assert!(futures_poll(withdrawn.as_mut()).await);
    }
    let third = tokio::spawn({
        let link = Arc::clone(&link);
        async move { link.submit(segment(3, "third")).await }
    });
    line.answer(sequence, Status::OK, "1").await;
    let (sequence, message) = line.submission().await;
    assert_eq!(message.short_message, b"third");
    line.answer(sequence, Status::OK, "3").await;
    assert!(soon(first).await.expect("no panic").is_ok());
    assert!(soon(third).await.expect("no panic").is_ok());
}

/// Polls a future a few times; whether it is still pending.
async fn futures_poll<F: Future + Unpin>(mut future: F) -> bool {
    for _ in 0..5 {
        tokio::task::yield_now().await;
        let once = std::future::poll_fn(|context| {
            std::task::Poll::Ready(std::pin::Pin::new(&mut future).poll(context).is_pending())
        });
        if !once.await {
            return false;
        }
    }
    true
}

#[tokio::test]
async fn a_full_window_gives_back_what_it_cannot_take() {
    let smsc = Smsc::listen().await;
    let mut settings = LinkSettings { window: 1, ..smsc.settings() };
    settings.options.queue_timeout = Duration::from_millis(50);
    let (link, _events, mut line) = smsc.link(settings).await;
    let both = async { tokio::join!(link.submit(segment(1, "x")), link.submit(segment(2, "x"))) };
    let peer = async {
        let (sequence, _) = line.submission().await;
        // The other is given back meanwhile.
        tokio::time::timeout(Duration::from_millis(300), line.submission()).await.expect_err("nothing more");
        line.answer(sequence, Status::OK, "1").await;
    };
    let ((first, second), ()) = soon(async { tokio::join!(both, peer) }).await;
    assert!(first.is_ok());
    assert!(matches!(second, Err(SubmitError::Retry { .. })), "{second:?}");
}

#[tokio::test]
async fn states_are_asked_where_the_link_allows_it() {
    let smsc = Smsc::listen().await;
    let question = Question { id: "7".to_owned(), sender: None };
    let (closed, _events, _line) = smsc.link(smsc.settings()).await;
    assert_eq!(closed.query(question.clone()).await, Err(QueryError::Unsupported));
    let mut settings = smsc.settings();
    settings.options.query = true;
    let (link, _events, mut line) = smsc.link(settings).await;
    let peer = async {
        let query = line.read().await;
        let Body::QuerySm(asked) = query.body else { panic!("no query") };
        assert_eq!(asked.message_id, "7");
        let resp = QueryResp { message_id: "7".to_owned(), message_state: 2, ..QueryResp::default() };
        line.write(Pdu::response(query.sequence, Status::OK, Body::QuerySmResp(resp))).await;
    };
    let (answer, ()) = soon(async { tokio::join!(link.query(question), peer) }).await;
    let receipt = answer.expect("answered");
    assert_eq!((receipt.id.as_str(), receipt.outcome), ("7", Outcome::Delivered));
}
