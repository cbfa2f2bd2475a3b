//! The SMSC over loopback sockets, with a client made of plain PDUs.

use std::net::SocketAddr;

use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;

use super::*;
use crate::simulator::delivery::address;
use crate::simulator::mo::Manner;
use crate::simulator::segment::Segment;
use crate::smpp::pdu::{Bind, BindKind, Body, Command, Pdu, Query, ShortMessage, Status, Tag, take};

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

struct Running {
    address: SocketAddr,
    smsc: Smsc,
    stop: Option<oneshot::Sender<()>>,
    served: tokio::task::JoinHandle<()>,
}

async fn start(profile: &str) -> Running {
    let profile = format!("base = \"swift\"\nmagic_numbers = true\n{profile}").parse().expect("a profile");
    let smsc = Smsc::new(profile, 1);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel();
    let served = tokio::spawn({
        let smsc = smsc.clone();
        async move {
            smsc.serve(listener, async {
                stopped.await.ok();
            })
            .await;
        }
    });
    Running { address, smsc, stop: Some(stop), served }
}

/// A client that does nothing by itself.
struct Client {
    stream: TcpStream,
    received: BytesMut,
    sequence: u32,
}

impl Client {
    async fn connect(running: &Running) -> Self {
        let stream = TcpStream::connect(running.address).await.expect("connected");
        Self { stream, received: BytesMut::new(), sequence: 0 }
    }

    async fn bound(running: &Running, kind: BindKind, system_id: &str) -> Self {
        let mut client = Self::connect(running).await;
        let resp = client.bind(kind, system_id, "").await;
        assert_eq!((resp.status, resp.sequence), (Status::OK, 1));
        client
    }

    async fn bind(&mut self, kind: BindKind, system_id: &str, password: &str) -> Pdu {
        let bind = Bind {
            system_id: system_id.to_owned(),
            password: password.to_owned(),
            interface_version: 0x34,
            ..Bind::default()
        };
        self.send(Body::Bind(kind, bind)).await;
        self.next().await.expect("a bind_resp")
    }

    async fn send(&mut self, body: Body) -> u32 {
        self.sequence += 1;
        self.write(&Pdu::request(self.sequence, body).to_octets()).await;
        self.sequence
    }

    async fn write(&mut self, octets: &[u8]) {
        self.stream.write_all(octets).await.expect("written");
    }

    async fn submit(&mut self, recipient: &str, text: &str) -> u32 {
        self.send(Body::SubmitSm(Box::new(message(recipient, text)))).await
    }

    /// The next PDU; `None` where the connection has ended.
    async fn next(&mut self) -> Option<Pdu> {
        let read = async {
            loop {
                if let Some(frame) = take(&mut self.received).expect("a PDU") {
                    return Some(Pdu::decode(&frame).expect("whole"));
                }
                match self.stream.read_buf(&mut self.received).await {
                    Ok(0) | Err(_) => return None,
                    Ok(_) => {}
                }
            }
        };
        tokio::time::timeout(PATIENCE, read).await.expect("in time")
    }

    /// The next delivery, acknowledged with `status`.
    async fn delivery(&mut self, status: Status) -> ShortMessage {
        match self.next().await {
            Some(Pdu { sequence, body: Body::DeliverSm(message), .. }) => {
                let resp = Pdu::response(sequence, status, Body::DeliverSmResp(String::new()));
                self.write(&resp.to_octets()).await;
                *message
            }
            other => panic!("no delivery: {other:?}"),
        }
    }

    /// The next answer to a submission, passing over deliveries, which are acknowledged.
    async fn answer(&mut self) -> Pdu {
        match self.next().await.expect("an answer") {
            pdu @ Pdu { body: Body::SubmitSmResp(_), .. } => pdu,
            other => panic!("no answer: {other:?}"),
        }
    }
}

fn message(recipient: &str, text: &str) -> ShortMessage {
    ShortMessage {
        source: address("71717"),
        destination: address(recipient),
        registered_delivery: 1,
        short_message: sms::coding::encode_gsm(text).expect("in the alphabet"),
        ..ShortMessage::default()
    }
}

fn id_of(answer: &Pdu) -> String {
    match (&answer.body, answer.status) {
        (Body::SubmitSmResp(id), Status::OK) => id.clone(),
        other => panic!("not accepted: {other:?}"),
    }
}

fn receipted(message: &ShortMessage) -> (String, u32) {
    assert_eq!(message.esm_class, 0x04);
    let id = message.tlvs.text(Tag::RECEIPTED_MESSAGE_ID).expect("an id");
    (id, message.tlvs.number(Tag::MESSAGE_STATE).expect("a state"))
}

/// Waits until the counters are as `wanted`.
async fn until(smsc: &Smsc, wanted: impl Fn(&Counters) -> bool) -> Counters {
    let wait = async {
        loop {
            let counters = smsc.counters();
            if wanted(&counters) {
                return counters;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("in time")
}

#[tokio::test]
async fn a_message_its_receipt_and_a_question() {
    let running = start("").await;
    let mut client = Client::bound(&running, BindKind::Transceiver, "acme").await;
    let sequence = client.submit("46701234567", "Hello").await;
    let answer = client.answer().await;
    assert_eq!(answer.sequence, sequence);
    let id = id_of(&answer);
    assert_eq!(receipted(&client.delivery(Status::OK).await), (id.clone(), 2));
    client.send(Body::QuerySm(Query { message_id: id, source: address("71717") })).await;
    match client.next().await {
        Some(Pdu { body: Body::QuerySmResp(resp), status: Status::OK, .. }) => {
            assert_eq!((resp.message_state, resp.final_date.len()), (2, 16));
        }
        other => panic!("no answer: {other:?}"),
    }
    client.send(Body::QuerySm(Query { message_id: "none".to_owned(), source: address("71717") })).await;
    assert_eq!(client.next().await.map(|pdu| pdu.status), Some(Status::INVALID_MESSAGE_ID));
    client.send(Body::EnquireLink).await;
    assert!(matches!(client.next().await, Some(Pdu { body: Body::EnquireLinkResp, .. })));
    client.send(Body::Unbind).await;
    assert!(matches!(client.next().await, Some(Pdu { body: Body::UnbindResp, .. })));
    assert!(client.next().await.is_none());
    let counters = until(&running.smsc, |counters| counters.clients == 0).await;
    assert_eq!((counters.accepted, counters.receipts_acknowledged, counters.pending), (1, 1, 0));
}

#[tokio::test]
async fn receipts_go_to_any_receiver_of_the_system_id() {
    let running = start("").await;
    let mut sender = Client::bound(&running, BindKind::Transmitter, "acme").await;
    let mut stranger = Client::bound(&running, BindKind::Transceiver, "other").await;
    sender.submit("46701234567", "Hello").await;
    let id = id_of(&sender.answer().await);
    let mut receiver = Client::bound(&running, BindKind::Receiver, "acme").await;
    assert_eq!(receipted(&receiver.delivery(Status::OK).await).0, id);
    // A receiver may not submit, and the stranger gets nothing.
    receiver.submit("46701234567", "Hello").await;
    assert_eq!(receiver.answer().await.status, Status::INVALID_BIND_STATE);
    stranger.send(Body::EnquireLink).await;
    assert!(matches!(stranger.next().await, Some(Pdu { body: Body::EnquireLinkResp, .. })));
}

#[tokio::test]
async fn what_is_not_acknowledged_comes_again() {
    let running = start("link = { redeliver_after = \"1ms\" }").await;
    let mut client = Client::bound(&running, BindKind::Transceiver, "acme").await;
    client.submit("46701234567", "Hello").await;
    client.answer().await;
    let first = client.delivery(Status::SYSTEM_ERROR).await;
    assert_eq!(client.delivery(Status::RECEIVER_TEMPORARY).await, first);
    // Taken in, but not acknowledged: the connection ends, another one gets it.
    assert!(matches!(client.next().await, Some(Pdu { body: Body::DeliverSm(_), .. })));
    drop(client);
    let mut client = Client::bound(&running, BindKind::Receiver, "acme").await;
    assert_eq!(client.delivery(Status::OK).await, first);
    let counters = until(&running.smsc, |counters| counters.pending == 0).await;
    assert_eq!((counters.receipts_sent, counters.redelivered, counters.receipts_acknowledged), (4, 3, 1));
}

#[tokio::test]
async fn what_is_passed_over_in_silence_comes_again() {
    let running = start("link = { deliver_timeout = \"20ms\" }").await;
    let mut client = Client::bound(&running, BindKind::Transceiver, "acme").await;
    client.submit("46701234567", "Hello").await;
    client.answer().await;
    assert!(matches!(client.next().await, Some(Pdu { body: Body::DeliverSm(_), .. })));
    client.delivery(Status::OK).await;
    let counters = until(&running.smsc, |counters| counters.pending == 0).await;
    assert_eq!((counters.redelivered, counters.receipts_acknowledged), (1, 1));
}

#[tokio::test]
async fn binds_refused_and_enquiries_unheard() {
    let running = start("link = { refused_binds = 100 }").await;
    let mut client = Client::connect(&running).await;
    assert_eq!(client.bind(BindKind::Transceiver, "acme", "").await.status, Status::BIND_FAILED);
    let running = start("link = { deaf = 100, bind_after = \"5ms\" }").await;
    let mut client = Client::bound(&running, BindKind::Transceiver, "acme").await;
    client.send(Body::EnquireLink).await;
    client.submit("46701234567", "Hello").await;
    id_of(&client.answer().await);
}

#[tokio::test]
async fn a_network_failure_on_demand() {
    let running = start("").await;
    let mut client = Client::bound(&running, BindKind::Transceiver, "acme").await;
    assert_eq!(running.smsc.disconnect(), 1);
    assert!(client.next().await.is_none());
    let mut client = Client::bound(&running, BindKind::Transceiver, "acme").await;
    client.submit("46701234567", "Hello").await;
    id_of(&client.answer().await);
}

#[tokio::test]
async fn a_refusal_for_good_is_the_end() {
    let running = start("").await;
    let mut client = Client::bound(&running, BindKind::Transceiver, "acme").await;
    client.submit("46701234567", "Hello").await;
    client.answer().await;
    client.delivery(Status::RECEIVER_PERMANENT).await;
    let counters = until(&running.smsc, |counters| counters.pending == 0).await;
    assert_eq!((counters.receipts_refused, counters.receipts_acknowledged), (1, 0));
}

#[tokio::test]
async fn named_clients_only() {
    let running = start("binds = [{ system_id = \"acme\", password = \"hush\" }]").await;
    for (system_id, password, status) in [
        ("other", "hush", Status::INVALID_SYSTEM_ID),
        ("acme", "loud", Status::INVALID_PASSWORD),
        ("acme", "hush", Status::OK),
    ] {
        let mut client = Client::connect(&running).await;
        let resp = client.bind(BindKind::Transceiver, system_id, password).await;
        assert_eq!(resp.status, status, "{system_id}");
        if status == Status::OK {
            assert_eq!(
                client.bind(BindKind::Transceiver, system_id, password).await.status,
                Status::ALREADY_BOUND
            );
        } else {
            assert!(client.next().await.is_none());
        }
    }
    assert_eq!((running.smsc.counters().binds, running.smsc.counters().binds_refused), (1, 2));
}

#[tokio::test]
async fn refusals_and_retries_by_magic_number() {
    let running = start("").await;
    let mut client = Client::bound(&running, BindKind::Transmitter, "acme").await;
    for (number, statuses) in [
        ("0003", vec![Status::INVALID_DESTINATION]),
        ("0004", vec![Status::THROTTLED, Status::THROTTLED, Status::OK]),
        ("0020", vec![Status::QUEUE_FULL, Status::OK]),
        ("0021", vec![Status::SYSTEM_ERROR, Status::OK]),
        ("0022", vec![Status(0x400)]),
    ] {
        for status in statuses {
            client.submit(&format!("4670000{number}"), "Hello").await;
            assert_eq!(client.answer().await.status, status, "{number}");
        }
    }
    client.submit("46700000023", "Hello").await;
    assert_eq!(id_of(&client.answer().await), "");
    client.submit("46700000024", "Hello").await;
    assert_eq!(client.answer().await, client.answer().await);
}

#[tokio::test]
async fn endings_and_forms_by_magic_number() {
    let running = start("").await;
    let mut client = Client::bound(&running, BindKind::Transceiver, "acme").await;
    for (number, state) in [("0001", 5), ("0002", 3), ("0013", 8), ("0014", 7), ("0015", 4)] {
        client.submit(&format!("4670000{number}"), "Hello").await;
        let id = id_of(&client.answer().await);
        assert_eq!(receipted(&client.delivery(Status::OK).await), (id, state), "{number}");
    }
    for (number, states) in [("0007", [2, 2]), ("0018", [2, 5])] {
        client.submit(&format!("4670000{number}"), "Hello").await;
        let id = id_of(&client.answer().await);
        for state in states {
            assert_eq!(receipted(&client.delivery(Status::OK).await), (id.clone(), state), "{number}");
        }
    }
    client.submit("46700000032", "Hello").await;
    let id = id_of(&client.answer().await);
    assert_eq!(receipted(&client.delivery(Status::OK).await).0, id.to_uppercase());
    client.submit("46700000027", "Hello").await;
    let id = id_of(&client.answer().await);
    let receipt = client.delivery(Status::OK).await;
    assert!(receipt.tlvs.is_empty() && receipt.short_message.starts_with(format!("id:{id} ").as_bytes()));
    client.submit("46700000026", "Hello").await;
    client.answer().await;
    assert!(client.delivery(Status::OK).await.short_message.is_empty());
}

#[tokio::test]
async fn the_receipt_before_the_answer() {
    let running = start("").await;
    let mut client = Client::bound(&running, BindKind::Transceiver, "acme").await;
    client.submit("46700000006", "Hello").await;
    let (id, _) = receipted(&client.delivery(Status::OK).await);
    assert_eq!(id_of(&client.answer().await), id);
}

#[tokio::test]
async fn doubt_by_magic_number() {
    let running = start("").await;
    // Number, whether the connection is cut, whether the message was taken.
    for (number, cut, taken) in
        [("0008", true, false), ("0009", false, false), ("0010", false, true), ("0011", true, true)]
    {
        let mut client = Client::bound(&running, BindKind::Transceiver, "acme").await;
        let recipient = format!("4670000{number}");
        client.submit(&recipient, "Hello").await;
        if cut {
            assert!(client.next().await.is_none(), "{number}");
            client = Client::bound(&running, BindKind::Transceiver, "acme").await;
        }
        if taken {
            assert_eq!(receipted(&client.delivery(Status::OK).await).1, 2, "{number}");
        }
        // Nothing but the answer to what comes next, and its receipt.
        let sequence = client.submit(&recipient, "Hello").await;
        let answer = client.answer().await;
        assert_eq!(answer.sequence, sequence, "{number}");
        assert_eq!(receipted(&client.delivery(Status::OK).await).0, id_of(&answer), "{number}");
    }
    let counters = running.smsc.counters();
    assert_eq!((counters.unanswered, counters.taken_untold, counters.cuts), (2, 2, 2));
    assert_eq!((counters.duplicates, counters.accepted), (2, 4));
}

#[tokio::test]
async fn the_window_is_lost_with_the_connection() {
    let running = start("[[rules]]\nrecipient = \"467*9\"\nbehaviour = { answer_after = \"1h\" }").await;
    let mut client = Client::bound(&running, BindKind::Transceiver, "acme").await;
    for recipient in ["46700009", "46700019", "46700029", "46700000008"] {
        client.submit(recipient, "Hello").await;
    }
    assert!(client.next().await.is_none());
    let counters = running.smsc.counters();
    assert_eq!((counters.accepted, counters.unanswered), (3, 1));
}

#[tokio::test]
async fn answered_then_cut() {
    let running = start("").await;
    let mut client = Client::bound(&running, BindKind::Transmitter, "acme").await;
    client.submit("46700000012", "Hello").await;
    id_of(&client.answer().await);
    assert!(client.next().await.is_none());
}

#[tokio::test]
async fn mo_from_outside_and_as_replies() {
    let running = start("").await;
    let mut client = Client::bound(&running, BindKind::Receiver, "acme").await;
    let text = "long ".repeat(40);
    let mo = Mo {
        from: "46701234567".to_owned(),
        to: "71717".to_owned(),
        text: text.clone(),
        system_id: None,
        manner: Manner::default(),
    };
    assert_eq!(running.smsc.write(&mo), Ok(2));
    let parts = [client.delivery(Status::OK).await, client.delivery(Status::OK).await];
    let texts: String = parts.iter().map(|part| Segment::of(part).text().into_owned()).collect();
    assert_eq!((texts, parts[0].esm_class), (text, 0x40));
    let mut sender = Client::bound(&running, BindKind::Transmitter, "acme").await;
    sender.submit("46700000041", "Hello").await;
    sender.answer().await;
    client.delivery(Status::OK).await;
    let reply = client.delivery(Status::OK).await;
    assert_eq!((&*reply.source.text, &*reply.short_message), ("46700000041", b"STOP".as_slice()));
}

#[tokio::test]
async fn garbage_and_small_pieces() {
    let profile = "[link]\nchunk = 3\ngarbage = { unknown_command = 100, stray_response = 100 }";
    let running = start(profile).await;
    let mut client = Client::bound(&running, BindKind::Transmitter, "acme").await;
    client.submit("46701234567", "Hello").await;
    let strange = client.next().await.expect("a PDU");
    assert!(matches!(strange.body, Body::Other(Command(0x7777), _)));
    // What a client says to it disturbs nobody.
    client
        .write(&Pdu::response(strange.sequence, Status::INVALID_COMMAND, Body::GenericNack).to_octets())
        .await;
    assert_eq!(id_of(&client.answer().await), "stray");
    assert_ne!(id_of(&client.answer().await), "stray");
}

#[tokio::test]
async fn a_client_that_talks_nonsense_is_told_so() {
    let running = start("").await;
    let mut client = Client::connect(&running).await;
    client.write(b"GET / HTTP/1.1\r\n\r\n").await;
    assert!(matches!(client.next().await, Some(Pdu { body: Body::GenericNack, .. })));
    assert!(client.next().await.is_none());
    let mut client = Client::connect(&running).await;
    client.submit("46701", "Hello").await;
    assert_eq!(client.answer().await.status, Status::INVALID_BIND_STATE);
}

#[tokio::test]
async fn stopping_unbinds_the_clients() {
    let mut running = start("").await;
    let mut client = Client::bound(&running, BindKind::Transceiver, "acme").await;
    running.stop.take().expect("running").send(()).expect("running");
    match client.next().await {
        Some(Pdu { sequence, body: Body::Unbind, .. }) => {
            client.write(&Pdu::response(sequence, Status::OK, Body::UnbindResp).to_octets()).await;
        }
        other => panic!("no unbind: {other:?}"),
    }
    assert!(client.next().await.is_none());
    running.served.await.expect("ended");
}

#[tokio::test]
async fn too_many_connections_are_closed() {
    let running = start("link = { connections = 1 }").await;
    let _first = Client::bound(&running, BindKind::Transceiver, "acme").await;
    let mut second = Client::connect(&running).await;
    assert!(second.next().await.is_none());
}
