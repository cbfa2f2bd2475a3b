//! The carrier in the box, with a clock that stands still unless everybody waits.

use sms::phone::Phone;
use sms::sender::Sender;
use sms::{Coding, Outcome};
use tokio::time::timeout;

use super::*;
use crate::carrier::{Event, MessageIn, Settled, Verdict};
use crate::receipt::canonical_ids;

/// Far longer than anything here takes, by the clock of the runtime.
const PATIENCE: Duration = Duration::from_secs(300);

fn segment(recipient: &str) -> OutgoingSegment {
    OutgoingSegment {
        key: 7,
        sender: Some(Sender::parse("71717").expect("a sender")),
        recipient: Phone::parse(recipient).expect("a number"),
        text: "Hello".to_owned(),
        coding: Coding::Gsm7,
        place: None,
        flash: false,
        priority: 0,
        valid_until: None,
        receipt: true,
    }
}

async fn start(profile: &str) -> (SimulatedCarrier, Events) {
    let (carrier, events) = SimulatedCarrier::start("sim", profile.parse().expect("a profile"), 1);
    up(&carrier).await;
    (carrier, events)
}

async fn up(carrier: &SimulatedCarrier) {
    let mut watch = carrier.watch();
    let state = watch.wait_for(LinkState::takes_segments);
    assert!(timeout(PATIENCE, state).await.expect("in time").is_ok());
}

async fn receipt(events: &mut Events) -> ReceiptIn {
    match timeout(PATIENCE, events.recv()).await.expect("in time") {
        Some(Event::Receipt(receipt, ack)) => {
            ack.done();
            receipt
        }
        other => panic!("no receipt: {other:?}"),
    }
}

async fn mo(events: &mut Events) -> MessageIn {
    match timeout(PATIENCE, events.recv()).await.expect("in time") {
        Some(Event::Message(message, ack)) => {
            ack.done();
            message
        }
        other => panic!("no message: {other:?}"),
    }
}

fn id_of(result: Result<Submitted, SubmitError>) -> String {
    result.expect("accepted").id.expect("an id")
}

#[tokio::test(start_paused = true)]
async fn endings_by_magic_number() {
    let (carrier, mut events) = start("").await;
    for (number, outcome) in [
        ("0099", Outcome::Delivered),
        ("0001", Outcome::Undelivered),
        ("0013", Outcome::Rejected),
        ("0026", Outcome::Delivered),
        ("0027", Outcome::Delivered),
        ("0028", Outcome::Delivered),
        ("0029", Outcome::Delivered),
    ] {
        let recipient = format!("4670000{number}");
        let id = id_of(carrier.submit(segment(&recipient)).await);
        let receipt = receipt(&mut events).await;
        assert_eq!((receipt.id, receipt.outcome), (id, outcome), "{number}");
        assert_eq!((&*receipt.recipient, &*receipt.sender), (&*recipient, "71717"));
    }
    for number in ["0031", "0032", "0033", "0034", "0035"] {
        let id = id_of(carrier.submit(segment(&format!("4670000{number}"))).await);
        let receipt = receipt(&mut events).await;
        let (ours, theirs) = (canonical_ids(&id), canonical_ids(&receipt.id));
        assert!(ours.iter().any(|form| theirs.contains(form)), "{number}: {ours:?} {theirs:?}");
    }
    let figures = carrier.figures();
    assert_eq!((figures.submitted, figures.accepted, figures.receipts, figures.in_flight), (12, 12, 12, 0));
}

#[tokio::test(start_paused = true)]
async fn refusals_by_magic_number() {
    let (carrier, mut events) = start("").await;
    let submit = async |number: &str| carrier.submit(segment(&format!("4670000{number}"))).await;
    assert!(
        matches!(submit("0003").await, Err(SubmitError::Rejected { code: Some(code), .. }) if code == "0x0000000b")
    );
    assert!(
        matches!(submit("0022").await, Err(SubmitError::Rejected { code: Some(code), .. }) if code == "0x00000400")
    );
    for number in ["0004", "0004", "0020"] {
        assert!(matches!(submit(number).await, Err(SubmitError::Throttled { .. })), "{number}");
    }
    assert!(matches!(submit("0021").await, Err(SubmitError::Retry { .. })));
    for number in ["0004", "0020", "0021"] {
        id_of(submit(number).await);
        receipt(&mut events).await;
    }
    assert_eq!(submit("0023").await, Ok(Submitted { id: None }));
    let figures = carrier.figures();
    assert_eq!((figures.rejected, figures.throttled, figures.accepted), (2, 3, 4));
}

#[tokio::test(start_paused = true)]
async fn doubt_by_magic_number() {
    let (carrier, mut events) = start("").await;
    for (number, taken) in [("0008", false), ("0009", false), ("0010", true), ("0011", true)] {
        let recipient = format!("4670000{number}");
        let result = carrier.submit(segment(&recipient)).await;
        assert!(matches!(result, Err(SubmitError::Uncertain { .. })), "{number}: {result:?}");
        up(&carrier).await;
        if taken {
            assert_eq!(receipt(&mut events).await.recipient, recipient);
        }
        let id = id_of(carrier.submit(segment(&recipient)).await);
        assert_eq!(receipt(&mut events).await.id, id, "{number}");
    }
    assert_eq!(
        (carrier.counters().duplicates, carrier.figures().uncertain, carrier.figures().binds),
        (2, 4, 3)
    );
}

#[tokio::test(start_paused = true)]
async fn the_window_is_lost_with_the_connection() {
    let (carrier, _events) =
        start("[[rules]]\nrecipient = \"467*9\"\nbehaviour = { answer_after = \"5s\" }").await;
    let slow = async { carrier.submit(segment("46700009")).await };
    let cut = async { carrier.submit(segment("46700000008")).await };
    for result in <[_; 2]>::from(tokio::join!(slow, cut)) {
        assert!(matches!(result, Err(SubmitError::Uncertain { .. })), "{result:?}");
    }
    let while_down = carrier.submit(segment("46701")).await;
    assert!(matches!(while_down, Err(SubmitError::NotSent { .. })), "{while_down:?}");
}

#[tokio::test(start_paused = true)]
async fn receipts_by_magic_number() {
    let (carrier, mut events) = start("").await;
    // Before the answer.
    let submitted = async { id_of(carrier.submit(segment("46700000006")).await) };
    tokio::pin!(submitted);
    let early = tokio::select! {
        _ = &mut submitted => panic!("the answer came first"),
        receipt = receipt(&mut events) => receipt,
    };
    assert_eq!(early.id, submitted.await);
    for (number, outcomes) in
        [("0007", vec![Outcome::Delivered; 2]), ("0018", vec![Outcome::Delivered, Outcome::Undelivered])]
    {
        let id = id_of(carrier.submit(segment(&format!("4670000{number}"))).await);
        for outcome in outcomes {
            let receipt = receipt(&mut events).await;
            assert_eq!((&receipt.id, receipt.outcome), (&id, outcome), "{number}");
        }
    }
    // None at all.
    id_of(carrier.submit(segment("46700000005")).await);
    assert!(timeout(Duration::from_secs(3600), events.recv()).await.is_err());
    assert_eq!(carrier.counters().receipts_lost, 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_late_settles_the_attempt() {
    let (carrier, mut events) =
        start("[[rules]]\nrecipient = \"46709\"\nbehaviour = { answer_after = \"15s\", lost = 100 }").await;
    let result = carrier.submit(segment("46709")).await;
    assert!(matches!(result, Err(SubmitError::Uncertain { .. })), "{result:?}");
    match timeout(PATIENCE, events.recv()).await.expect("in time") {
        Some(Event::Settled(Settled { key: 7, result: Ok(Submitted { id: Some(_) }) })) => {}
        other => panic!("not settled: {other:?}"),
    }
    assert_eq!(carrier.figures().late, 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_committed_comes_again() {
    let (carrier, mut events) = start("").await;
    let id = id_of(carrier.submit(segment("46701")).await);
    for _ in 0..2 {
        match timeout(PATIENCE, events.recv()).await.expect("in time") {
            Some(Event::Receipt(receipt, ack)) => {
                assert_eq!(receipt.id, id);
                drop(ack);
            }
            other => panic!("no receipt: {other:?}"),
        }
    }
    match timeout(PATIENCE, events.recv()).await.expect("in time") {
        Some(Event::Receipt(_, ack)) => ack.refuse(Verdict::Never),
        other => panic!("no receipt: {other:?}"),
    }
    assert!(timeout(Duration::from_secs(3600), events.recv()).await.is_err());
    let counters = carrier.counters();
    assert_eq!((counters.receipts_sent, counters.receipts_refused, counters.pending), (3, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn replies_and_mo() {
    let (carrier, mut events) = start("").await;
    id_of(carrier.submit(segment("46700000041")).await);
    let mut stop = None;
    for _ in 0..2 {
        match timeout(PATIENCE, events.recv()).await.expect("in time") {
            Some(Event::Message(message, ack)) => {
                ack.done();
                stop = Some(message);
            }
            Some(Event::Receipt(_, ack)) => ack.done(),
            other => panic!("neither: {other:?}"),
        }
    }
    let stop = stop.expect("a reply");
    assert_eq!(
        (&*stop.sender, &*stop.recipient, stop.text()),
        ("46700000041", "71717", Some("STOP".to_owned()))
    );
    let text = "ж".repeat(100);
    let written = Mo {
        from: "46702".to_owned(),
        to: "72000".to_owned(),
        text: text.clone(),
        system_id: None,
        manner: crate::simulator::mo::Manner::default(),
    };
    assert_eq!(carrier.write(&written), Ok(2));
    let parts = [mo(&mut events).await, mo(&mut events).await];
    assert_eq!(parts.iter().filter_map(MessageIn::text).collect::<String>(), text);
    assert_eq!(parts[1].place.map(|place| (place.index, place.total)), Some((2, 2)));
    assert_eq!((parts[0].header.len(), parts[0].coding), (6, Some(Coding::Ucs2)));
    assert_eq!(carrier.figures().messages, 3);
}

#[tokio::test(start_paused = true)]
async fn questions_are_answered() {
    let (carrier, mut events) = start("").await;
    let id = id_of(carrier.submit(segment("46700000001")).await);
    let question = Question { id: id.clone(), sender: None };
    let before = carrier.query(question.clone()).await.expect("known");
    assert!(!before.outcome.is_final());
    let receipt = receipt(&mut events).await;
    let after = carrier.query(question).await.expect("known");
    assert_eq!((after.outcome, &after.code), (Outcome::Undelivered, &receipt.code));
    let unknown = carrier.query(Question { id: "none".to_owned(), sender: None }).await;
    assert!(matches!(unknown, Err(QueryError::Refused(_))));
}

#[tokio::test(start_paused = true)]
async fn pausing_and_closing() {
    let (carrier, mut events) = start("").await;
    id_of(carrier.submit(segment("46701")).await);
    carrier.pause();
    assert_eq!(carrier.state(), LinkState::Paused { sessions: 1 });
    assert!(matches!(carrier.submit(segment("46701")).await, Err(SubmitError::NotSent { .. })));
    receipt(&mut events).await;
    carrier.resume();
    id_of(carrier.submit(segment("46701")).await);
    carrier.close().await;
    carrier.close().await;
    assert_eq!(carrier.state(), LinkState::Closed);
    assert!(matches!(carrier.submit(segment("46701")).await, Err(SubmitError::NotSent { .. })));
    while events.recv().await.is_some() {}
}

#[tokio::test(start_paused = true)]
async fn a_hostile_carrier_accounts_for_everything() {
    let (carrier, mut events) = start("base = \"hostile\"\nrate = 0").await;
    let taking = async {
        let mut receipts = 0u64;
        while let Ok(Some(event)) = timeout(PATIENCE, events.recv()).await {
            match event {
                Event::Receipt(_, ack) => {
                    receipts += 1;
                    ack.done();
                }
                Event::Message(_, ack) => ack.done(),
                Event::Settled(_) => {}
            }
        }
        receipts
    };
    let sending = async {
        for number in 0..500 {
            up(&carrier).await;
            // Every way to end is a right one here.
            drop(carrier.submit(segment(&format!("4670{number:07}"))).await);
        }
    };
    let (receipts, ()) = tokio::join!(taking, sending);
    let counters = carrier.counters();
    assert_eq!(counters.submitted, 500);
    assert_eq!(counters.pending, 0);
    assert!(receipts > 400 && counters.receipts_acknowledged == counters.receipts_planned, "{counters:?}");
    assert_eq!(counters.mo_planned, counters.mo_acknowledged);
}
