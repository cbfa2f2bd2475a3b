use carriers::carrier::{Carrier, LinkState, SubmitError};
use carriers::smpp::pdu::{Command, Status};

use crate::peer::{Smsc, segment, soon};

#[tokio::test]
async fn a_paused_link_sends_nothing_and_goes_on() {
    let smsc = Smsc::listen().await;
    let (link, _events, mut line) = smsc.link(smsc.settings()).await;
    link.pause();
    assert_eq!(link.state(), LinkState::Paused { sessions: 1 }, "it stays bound");
    assert!(matches!(link.submit(segment(1, "x")).await, Err(SubmitError::NotSent { .. })));
    link.resume();
    let peer = async {
        let (sequence, message) = line.submission().await;
        assert_eq!(message.short_message, b"y");
        line.answer(sequence, Status::OK, "1").await;
    };
    let (result, ()) = soon(async { tokio::join!(link.submit(segment(2, "y")), peer) }).await;
    assert!(result.is_ok());
}

#[tokio::test]
async fn closing_waits_for_answers_and_unbinds() {
    let smsc = Smsc::listen().await;
    let (link, _events, mut line) = smsc.link(smsc.settings()).await;
    let peer = async {
        let (sequence, _) = line.submission().await;
        let close = link.close();
        let end = async {
            line.answer(sequence, Status::OK, "1").await;
            line.take_unbind().await;
            line.ended().await;
        };
        tokio::join!(close, end);
    };
    let (result, ()) = soon(async { tokio::join!(link.submit(segment(1, "x")), peer) }).await;
    assert_eq!(result.expect("taken").id.as_deref(), Some("1"));
    assert_eq!(link.state(), LinkState::Closed);
    assert!(matches!(link.submit(segment(2, "x")).await, Err(SubmitError::NotSent { .. })));
    link.resume();
    assert_eq!(link.state(), LinkState::Closed);
    soon(link.close()).await;
}

#[tokio::test]
async fn a_dropped_link_ends_its_sessions() {
    let smsc = Smsc::listen().await;
    let (link, events, mut line) = smsc.link(smsc.settings()).await;
    drop((link, events));
    // Cut rather than unbound: its tasks end with it.
    line.ended().await;
}

#[tokio::test]
async fn closing_does_not_wait_for_ever() {
    let smsc = Smsc::listen().await;
    let mut settings = smsc.settings();
    settings.options.set("drain_timeout", "50ms").expect("an option");
    settings.options.set("bind_timeout", "100ms").expect("an option");
    let (link, _events, mut line) = smsc.link(settings).await;
    let peer = async {
        line.submission().await;
        let unbind = async {
            assert_eq!(line.read().await.body.command(), Command::UNBIND);
        };
        tokio::join!(link.close(), unbind);
    };
    let (result, ()) = soon(async { tokio::join!(link.submit(segment(1, "x")), peer) }).await;
    assert!(matches!(result, Err(SubmitError::Uncertain { .. })), "{result:?}");
}
