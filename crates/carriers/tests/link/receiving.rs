use carriers::carrier::{Carrier, Event, Verdict};
use carriers::smpp::pdu::{Body, Pdu, Status};
use sms::Outcome;

use crate::peer::{Smsc, event, soon};

const RECEIPT: &str =
    "id:7 sub:001 dlvrd:001 submit date:1810231742 done date:1810231743 stat:DELIVRD err:000 text:";

fn resp(sequence: u32, status: Status) -> Pdu {
    Pdu::response(sequence, status, Body::DeliverSmResp(String::new()))
}

#[tokio::test]
async fn a_receipt_is_answered_when_it_is_committed() {
    let smsc = Smsc::listen().await;
    let (link, mut events, mut line) = smsc.link(smsc.settings()).await;
    line.deliver(5, 4, RECEIPT).await;
    let Event::Receipt(receipt, ack) = event(&mut events).await else { panic!("no receipt") };
    assert_eq!((receipt.id.as_str(), receipt.outcome), ("7", Outcome::Delivered));
    // An enquiry is answered before it: the receipt's answer waits.
    line.write(Pdu::request(6, Body::EnquireLink)).await;
    assert_eq!(line.read().await, Pdu::response(6, Status::OK, Body::EnquireLinkResp));
    ack.done();
    assert_eq!(line.read().await, resp(5, Status::OK));
    assert_eq!(link.figures().receipts, 1);
}

#[tokio::test]
async fn what_is_not_taken_comes_again() {
    let smsc = Smsc::listen().await;
    let (link, mut events, mut line) = smsc.link(smsc.settings()).await;
    for (sequence, verdict, status) in [
        (1, Some(Verdict::Later), Status::RECEIVER_TEMPORARY),
        (2, Some(Verdict::Never), Status::RECEIVER_PERMANENT),
        (3, None, Status::RECEIVER_TEMPORARY),
    ] {
        line.deliver(sequence, 0, "Hello").await;
        let Event::Message(message, ack) = event(&mut events).await else { panic!("no MO") };
        assert_eq!(message.text().as_deref(), Some("Hello"));
        match verdict {
            Some(verdict) => ack.refuse(verdict),
            None => drop(ack),
        }
        assert_eq!(line.read().await, resp(sequence, status));
    }
    assert_eq!(link.figures().messages, 3);
}

#[tokio::test]
async fn acknowledgements_may_come_in_any_order() {
    let smsc = Smsc::listen().await;
    let (_link, mut events, mut line) = smsc.link(smsc.settings()).await;
    let mut acks = Vec::new();
    for sequence in 1..=3 {
        line.deliver(sequence, 4, RECEIPT).await;
        let Event::Receipt(_, ack) = event(&mut events).await else { panic!("no receipt") };
        acks.push(ack);
    }
    for sequence in (1..=3).rev() {
        acks.pop().expect("open").done();
        assert_eq!(line.read().await, resp(sequence, Status::OK));
    }
}

#[tokio::test]
async fn a_peer_is_not_read_past_its_window() {
    let smsc = Smsc::listen().await;
    let mut settings = smsc.settings();
    settings.options.receive_window = 2;
    let (link, mut events, mut line) = smsc.link(settings).await;
    for sequence in 1..=5 {
        line.deliver(sequence, 4, RECEIPT).await;
    }
    let mut acks = Vec::new();
    for _ in 0..2 {
        let Event::Receipt(_, ack) = event(&mut events).await else { panic!("no receipt") };
        acks.push(ack);
    }
    assert_eq!(link.figures().receipts, 2);
    for sequence in 1..=5 {
        acks.remove(0).done();
        assert_eq!(line.read().await, resp(sequence, Status::OK));
        if sequence <= 3 {
            let Event::Receipt(_, ack) = event(&mut events).await else { panic!("no receipt") };
            acks.push(ack);
        }
    }
    assert_eq!(link.figures().receipts, 5);
}

#[tokio::test]
async fn an_acknowledgement_of_a_session_that_is_gone_does_nothing() {
    let smsc = Smsc::listen().await;
    let (link, mut events, mut line) = smsc.link(smsc.settings()).await;
    line.deliver(1, 4, RECEIPT).await;
    let Event::Receipt(_, ack) = event(&mut events).await else { panic!("no receipt") };
    drop(line);
    let mut line = smsc.accept_bound().await;
    ack.done();
    line.deliver(1, 4, RECEIPT).await;
    let Event::Receipt(_, ack) = event(&mut events).await else { panic!("no receipt") };
    ack.done();
    assert_eq!(line.read().await, resp(1, Status::OK));
    assert_eq!(link.figures().binds, 2);
}

#[tokio::test]
async fn a_receipt_may_overtake_the_answer_to_its_submission() {
    let smsc = Smsc::listen().await;
    let (link, mut events, mut line) = smsc.link(smsc.settings()).await;
    let peer = async {
        let (sequence, _) = line.submission().await;
        line.deliver(9, 4, RECEIPT).await;
        let Event::Receipt(receipt, ack) = event(&mut events).await else { panic!("no receipt") };
        ack.done();
        line.answer(sequence, Status::OK, &receipt.id).await;
    };
    let (result, ()) = soon(async { tokio::join!(link.submit(crate::peer::segment(1, "x")), peer) }).await;
    assert_eq!(result.expect("taken").id.as_deref(), Some("7"));
}
