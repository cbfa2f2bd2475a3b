//! Our SMPP link as a client of our simulated SMSC, over loopback sockets: every magic number from end to
//! end, and a hostile carrier whose books have to balance.

use std::sync::Arc;
use std::time::Duration;

use carriers::carrier::{
    Carrier, Event, Events, LinkState, MessageIn, OutgoingSegment, Question, SubmitError, Submitted,
};
use carriers::receipt::{ReceiptIn, canonical_ids};
use carriers::simulator::{Counters, Profile, Smsc};
use carriers::smpp::link::{BindMode, LinkSettings, SmppLink};
use sms::phone::Phone;
use sms::sender::Sender;
use sms::{Coding, Outcome};
use tokio::net::TcpListener;
use tokio::time::timeout;

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

struct Scene {
    smsc: Smsc,
    link: Arc<SmppLink>,
    events: Events,
}

async fn scene(profile: &str, mode: BindMode, binds: usize) -> Scene {
    let profile: Profile = profile.parse().expect("a profile");
    let smsc = Smsc::new(profile, 1);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn({
        let smsc = smsc.clone();
        async move { smsc.serve(listener, std::future::pending()).await }
    });
    let mut settings = LinkSettings::new("sim", "127.0.0.1", port, "acme", "");
    (settings.bind, settings.binds, settings.window) = (mode, binds, 50);
    for (name, value) in [
        ("query", "on"),
        ("response_timeout", "500ms"),
        ("reconnect_min", "5ms"),
        ("reconnect_max", "20ms"),
        ("throttle_pause", "5ms"),
        ("throttle_max", "20ms"),
        ("enquire_interval", "100ms"),
    ] {
        settings.options.set(name, value).expect(name);
    }
    let (link, events) = SmppLink::start(settings).expect("a link");
    let scene = Scene { smsc, link: Arc::new(link), events };
    up(&scene.link).await;
    scene
}

async fn up(link: &SmppLink) {
    let mut watch = link.watch();
    let state = watch.wait_for(LinkState::takes_segments);
    assert!(timeout(PATIENCE, state).await.expect("in time").is_ok());
}

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

impl Scene {
    /// Submits to a magic number once the link is up.
    async fn submit(&self, number: &str) -> Result<Submitted, SubmitError> {
        up(&self.link).await;
        self.link.submit(segment(&format!("4670000{number}"))).await
    }

    async fn id(&self, number: &str) -> String {
        self.submit(number).await.expect("accepted").id.expect("an id")
    }

    async fn receipt(&mut self) -> ReceiptIn {
        match timeout(PATIENCE, self.events.recv()).await.expect("in time") {
            Some(Event::Receipt(receipt, ack)) => {
                ack.done();
                receipt
            }
            other => panic!("no receipt: {other:?}"),
        }
    }

    /// What the recipient answers to a message, its receipt being taken too.
    async fn replies(&mut self, number: &str, count: usize) -> Vec<MessageIn> {
        self.id(number).await;
        let mut replies = Vec::new();
        let mut receipts = 0;
        while receipts < 1 || replies.len() < count {
            match timeout(PATIENCE, self.events.recv()).await.expect("in time") {
                Some(Event::Receipt(_, ack)) => {
                    receipts += 1;
                    ack.done();
                }
                Some(Event::Message(message, ack)) => {
                    ack.done();
                    replies.push(message);
                }
                other => panic!("neither: {other:?}"),
            }
        }
        replies
    }

    async fn settled(&self) -> Counters {
        let wait = async {
            loop {
                let counters = self.smsc.counters();
                if counters.pending == 0 {
                    return counters;
                }
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, wait).await.expect("in time")
    }
}

/// Without delays of its own, so that only what a number is for takes time.
const QUICK: &str = "base = \"swift\"\nmagic_numbers = true\n";

#[tokio::test]
async fn endings_and_forms() {
    let mut scene = scene(QUICK, BindMode::Transceiver, 1).await;
    for (number, outcome) in [
        ("0099", Outcome::Delivered),
        ("0001", Outcome::Undelivered),
        ("0002", Outcome::Expired),
        ("0013", Outcome::Rejected),
        ("0014", Outcome::Unknown),
        ("0024", Outcome::Delivered),
        ("0026", Outcome::Delivered),
        ("0027", Outcome::Delivered),
        ("0028", Outcome::Delivered),
        ("0029", Outcome::Delivered),
        ("0036", Outcome::Delivered),
    ] {
        let id = scene.id(number).await;
        let receipt = scene.receipt().await;
        assert_eq!((receipt.id, receipt.outcome), (id, outcome), "{number}");
        assert_eq!((receipt.recipient, &*receipt.sender), (format!("4670000{number}"), "71717"));
    }
    for number in ["0031", "0032", "0033", "0034", "0035"] {
        let (id, receipt) = (scene.id(number).await, scene.receipt().await);
        let (ours, theirs) = (canonical_ids(&id), canonical_ids(&receipt.id));
        assert!(ours.iter().any(|form| theirs.contains(form)), "{number}: {ours:?} {theirs:?}");
    }
    assert!(!scene.id("0015").await.is_empty());
    assert!(scene.receipt().await.outcome.is_final());
    let counters = scene.settled().await;
    assert_eq!((counters.accepted, counters.receipts_acknowledged, counters.redelivered), (17, 17, 0));
}

#[tokio::test]
async fn receipts_in_disorder() {
    let mut scene = scene(QUICK, BindMode::Transceiver, 1).await;
    for (number, outcomes) in [
        ("0007", vec![Outcome::Delivered, Outcome::Delivered]),
        ("0018", vec![Outcome::Delivered, Outcome::Undelivered]),
    ] {
        let id = scene.id(number).await;
        for outcome in outcomes {
            let receipt = scene.receipt().await;
            assert_eq!((&receipt.id, receipt.outcome), (&id, outcome), "{number}");
        }
    }
    for (number, last) in [("0016", 2), ("0017", 0)] {
        let id = scene.id(number).await;
        for place in 0..3 {
            let receipt = scene.receipt().await;
            assert_eq!(
                (&receipt.id, receipt.outcome == Outcome::Delivered),
                (&id, place == last),
                "{number}"
            );
        }
    }
    let id = scene.id("0025").await;
    let ids = [scene.receipt().await.id, scene.receipt().await.id];
    assert!(ids.contains(&id) && ids[0] != ids[1]);
    assert_eq!(scene.submit("0023").await, Ok(Submitted { id: None }));
    assert!(!scene.receipt().await.id.is_empty());
    scene.id("0005").await;
    let counters = scene.settled().await;
    assert_eq!((counters.receipts_lost, counters.receipts_planned), (1, counters.receipts_acknowledged));
}

#[tokio::test]
async fn the_receipt_before_the_answer() {
    let mut scene = scene(QUICK, BindMode::Pair, 1).await;
    let link = Arc::clone(&scene.link);
    let submitted = tokio::spawn(async move { link.submit(segment("46700000006")).await });
    let receipt = scene.receipt().await;
    assert!(!submitted.is_finished());
    let answer = timeout(PATIENCE, submitted).await.expect("in time").expect("ended");
    assert_eq!(answer.expect("accepted").id, Some(receipt.id));
}

#[tokio::test]
async fn refusals() {
    let mut scene = scene(QUICK, BindMode::Transceiver, 1).await;
    for number in ["0003", "0022"] {
        let result = scene.submit(number).await;
        assert!(matches!(result, Err(SubmitError::Rejected { .. })), "{number}: {result:?}");
    }
    for (number, times) in [("0004", 2), ("0020", 1)] {
        for _ in 0..times {
            let result = scene.submit(number).await;
            assert!(matches!(result, Err(SubmitError::Throttled { .. })), "{number}: {result:?}");
        }
        let id = scene.id(number).await;
        assert_eq!(scene.receipt().await.id, id);
    }
    let result = scene.submit("0021").await;
    assert!(matches!(result, Err(SubmitError::Retry { .. })), "{result:?}");
    scene.id("0021").await;
}

#[tokio::test]
async fn doubt() {
    let mut scene = scene(QUICK, BindMode::Transceiver, 1).await;
    for (number, taken) in [("0008", false), ("0009", false), ("0010", true), ("0011", true)] {
        let result = scene.submit(number).await;
        assert!(matches!(result, Err(SubmitError::Uncertain { .. })), "{number}: {result:?}");
        if taken {
            assert_eq!(scene.receipt().await.outcome, Outcome::Delivered, "{number}");
        }
        // The link may not have shown yet that its connection is gone.
        let id = loop {
            match scene.submit(number).await {
                Ok(submitted) => break submitted.id,
                Err(SubmitError::NotSent { .. }) => tokio::task::yield_now().await,
                Err(error) => panic!("{number}: {error}"),
            }
        };
        assert_eq!(Some(scene.receipt().await.id), id, "{number}");
    }
    assert_eq!(scene.smsc.counters().duplicates, 2);
}

#[tokio::test]
async fn replies() {
    let mut scene = scene(QUICK, BindMode::Pair, 2).await;
    for (number, text) in [("0040", "Yes"), ("0041", "STOP"), ("0049", "Hello")] {
        let replies = scene.replies(number, 1).await;
        assert_eq!(replies[0].text().as_deref(), Some(text), "{number}");
        assert_eq!((&*replies[0].recipient, &*replies[0].sender), ("71717", &*format!("4670000{number}")));
    }
    for (number, count, total) in
        [("0042", 2, 2), ("0043", 2, 2), ("0044", 1, 2), ("0045", 2, 2), ("0046", 2, 2), ("0048", 3, 2)]
    {
        let replies = scene.replies(number, count).await;
        let totals: Vec<u8> = replies.iter().filter_map(|part| part.place).map(|place| place.total).collect();
        assert_eq!(totals, vec![total; count], "{number}");
    }
    let whole = scene.replies("0047", 1).await;
    assert!(whole[0].place.is_none() && whole[0].text().is_some_and(|text| text.len() > 160));
    let counters = scene.settled().await;
    assert_eq!(counters.mo_planned, counters.mo_acknowledged);
}

#[tokio::test]
async fn questions() {
    let mut scene = scene(QUICK, BindMode::Transceiver, 1).await;
    let id = scene.id("0001").await;
    scene.receipt().await;
    let answer = scene.link.query(Question { id: id.clone(), sender: None }).await.expect("known");
    assert_eq!((answer.id, answer.outcome), (id, Outcome::Undelivered));
    assert!(answer.at.is_some());
    assert!(scene.link.query(Question { id: "none".to_owned(), sender: None }).await.is_err());
}

/// Hostile, but in a hurry.
const HOSTILE: &str = r#"
    base = "hostile"
    rate = 0
    [behaviour]
    answer_after = "0ms..20ms"
    final_after = "0ms..50ms"
    intermediate_after = "0ms..10ms"
    again_after = "0ms..30ms"
    late_by = "0ms..100ms"
    [[replies]]
    percent = 5
    after = "0ms..50ms"
    answers = ["STOP", "{text} and a text so long that it takes two parts, which come in an order that is not the one in which they were written, as they do from handsets, sometimes, and from this carrier always"]
    manner = { order = "reversed", gap = "0ms..10ms" }
    [link]
    deliver_timeout = "200ms"
    redeliver_after = "1ms..5ms"
    refused_binds = 5
    garbage = { unknown_command = 0.2, stray_response = 0.5, broken_length = 0.05 }
"#;

/// Takes everything until told to stop; gives the number of receipts.
async fn take(mut events: Events, mut stopped: tokio::sync::oneshot::Receiver<()>) -> u64 {
    let mut receipts = 0;
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Some(Event::Receipt(_, ack)) => {
                    receipts += 1;
                    ack.done();
                }
                Some(Event::Message(_, ack)) => ack.done(),
                Some(Event::Settled(_)) => {}
                None => return receipts,
            },
            _ = &mut stopped => return receipts,
        }
    }
}

/// Sends to 25 numbers, each until there is a word on it; gives how many were accepted.
async fn send(link: Arc<SmppLink>, sender: usize) -> u64 {
    let mut accepted = 0;
    for number in 0..25 {
        for _ in 0..50 {
            up(&link).await;
            let result = link.submit(segment(&format!("4679{sender:03}{number:03}5"))).await;
            accepted += u64::from(result.is_ok());
            if matches!(result, Ok(_) | Err(SubmitError::Rejected { .. })) {
                break;
            }
        }
    }
    accepted
}

#[tokio::test]
async fn the_books_of_a_hostile_carrier_balance() {
    let scene = scene(HOSTILE, BindMode::Transceiver, 3).await;
    let Scene { smsc, link, events } = scene;
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let taking = tokio::spawn(take(events, stopped));
    let mut sending = tokio::task::JoinSet::new();
    for sender in 0..20 {
        sending.spawn(send(Arc::clone(&link), sender));
    }
    let told: u64 = timeout(PATIENCE, sending.join_all()).await.expect("in time").iter().sum();
    let wait = async {
        while smsc.counters().pending > 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, wait).await.expect("in time");
    stop.send(()).ok();
    let receipts = taking.await.expect("ended");
    let counters = smsc.counters();
    // Answers may be lost with their connection, none is invented.
    assert!(told > 400 && told <= counters.accepted, "{told} {counters:?}");
    let all = counters.accepted + counters.taken_untold + counters.refused + counters.unanswered;
    assert_eq!(all, counters.submitted, "{counters:?}");
    assert_eq!(counters.receipts_planned, counters.receipts_acknowledged, "{counters:?}");
    assert_eq!(counters.mo_planned, counters.mo_acknowledged, "{counters:?}");
    // Each came in at least once, and only what was handed out came in.
    let sent = counters.receipts_acknowledged..=counters.receipts_sent;
    assert!(sent.contains(&receipts), "{receipts} {counters:?}");
}
