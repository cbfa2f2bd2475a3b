//! Against an implementation of SMPP that is not ours: the codec of the crate `rusmpp`, as an oracle for
//! octets and as the heart of a small SMSC. The last test keeps the reason why it is not our own codec.

use std::str::FromStr;
use std::time::Duration;

use bytes::BytesMut;
use carriers::carrier::{Carrier, Event, LinkState, OutgoingSegment};
use carriers::smpp::link::{LinkSettings, SmppLink};
use carriers::smpp::pdu::{Address, Bind, BindKind, Body, Pdu, ShortMessage, Status, Tag};
use proptest::prelude::*;
use rusmpp::pdus::{BindTransceiverResp, DeliverSm, DeliverSmResp, SubmitSmResp};
use rusmpp::tokio_codec::CommandCodec;
use rusmpp::types::{COctetString, OctetString};
use rusmpp::values::EsmClass;
use rusmpp::{Command, CommandId, CommandStatus, Pdu as Theirs};
use sms::{Coding, Outcome};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::codec::{Decoder, Encoder};

/// Our octets, read and written by the other.
fn there_and_back(pdu: &Pdu) -> Vec<u8> {
    let mut octets = BytesMut::from(pdu.to_octets().as_slice());
    let command = CommandCodec::new().decode(&mut octets).expect("understood").expect("whole");
    assert!(octets.is_empty());
    CommandCodec::new().encode(command, &mut octets).expect("written");
    octets.to_vec()
}

proptest! {
    #[test]
    fn both_write_the_same_octets(
        sequence in 1u32..0x7FFF_FFFF,
        source in "[A-Za-z0-9]{0,11}",
        destination in "[0-9]{1,15}",
        data_coding in proptest::sample::select(vec![0u8, 1, 3, 8]),
        text in proptest::collection::vec(any::<u8>(), 0..=254),
        id in "[0-9a-f]{1,64}",
        system_id in "[a-z]{0,15}",
        delivers: bool,
    ) {
        let mut message = ShortMessage {
            source: Address { ton: 5, npi: 0, text: source },
            destination: Address { ton: 1, npi: 1, text: destination },
            registered_delivery: 1,
            validity: "000002030405000R".to_owned(),
            data_coding,
            short_message: text,
            ..ShortMessage::default()
        };
        message.tlvs.push_text(Tag::RECEIPTED_MESSAGE_ID, &id);
        message.tlvs.push(Tag::MESSAGE_STATE, [2]);
        message.tlvs.push(Tag::SAR_MSG_REF_NUM, [1, 2]);
        let message = Box::new(message);
        let bind = Bind { system_id, interface_version: 0x34, ..Bind::default() };
        let bodies = [
            if delivers { Body::DeliverSm(message) } else { Body::SubmitSm(message) },
            Body::SubmitSmResp(id),
            Body::Bind(BindKind::Transmitter, bind),
            Body::EnquireLink,
            Body::UnbindResp,
        ];
        for body in bodies {
            let pdu = Pdu::request(sequence, body);
            prop_assert_eq!(there_and_back(&pdu), pdu.to_octets());
        }
    }
}

/// A connection to an ESME, spoken by the other codec.
struct Line {
    stream: TcpStream,
    received: BytesMut,
    codec: CommandCodec,
}

impl Line {
    async fn read(&mut self) -> Option<Command> {
        loop {
            if let Some(command) = self.codec.decode(&mut self.received).expect("understood") {
                return Some(command);
            }
            if self.stream.read_buf(&mut self.received).await.expect("read") == 0 {
                return None;
            }
        }
    }

    async fn write(&mut self, sequence: u32, pdu: impl Into<Theirs>) {
        let mut octets = BytesMut::new();
        let command = Command::new(CommandStatus::EsmeRok, sequence, pdu.into());
        self.codec.encode(command, &mut octets).expect("written");
        self.stream.write_all(&octets).await.expect("written");
    }

    /// Takes a bind, answers every submission and delivers its receipt at once.
    async fn serve(mut self) {
        let mut count = 0u32;
        while let Some(command) = self.read().await {
            let sequence = command.sequence_number();
            match command.pdu() {
                Some(Theirs::BindTransceiver(_)) => {
                    let system_id = COctetString::from_str("other").expect("short");
                    self.write(sequence, BindTransceiverResp::new(system_id, None)).await;
                }
                Some(Theirs::SubmitSm(_)) => {
                    count += 1;
                    let id = COctetString::from_str(&format!("{count:x}")).expect("short");
                    self.write(sequence, SubmitSmResp::new(id, Vec::new())).await;
                    let text = format!("id:{count} sub:001 dlvrd:001 stat:DELIVRD err:000 text:");
                    let receipt = DeliverSm::builder()
                        .esm_class(EsmClass::from(4))
                        .short_message(OctetString::from_str(&text).expect("short"))
                        .build();
                    self.write(count, receipt).await;
                }
                Some(Theirs::Unbind) => self.write(sequence, Theirs::UnbindResp).await,
                Some(Theirs::DeliverSmResp(DeliverSmResp { .. })) => {
                    assert_eq!(command.status(), CommandStatus::EsmeRok);
                }
                _ => assert_eq!(command.id(), CommandId::EnquireLink),
            }
        }
    }
}

fn segment(key: u128) -> OutgoingSegment {
    OutgoingSegment {
        key,
        sender: None,
        recipient: "46701740605".parse().expect("a number"),
        text: format!("Message {key}"),
        coding: Coding::Gsm7,
        place: None,
        flash: false,
        priority: 0,
        valid_until: None,
        receipt: true,
    }
}

#[tokio::test]
async fn messages_and_receipts_flow_through_the_other_smsc() {
    const MESSAGES: u128 = 300;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    let smsc = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a connection");
        Line { stream, received: BytesMut::new(), codec: CommandCodec::new() }.serve().await;
    });
    let settings = LinkSettings { window: 20, ..LinkSettings::new("other", "127.0.0.1", port, "esme", "pw") };
    let (link, mut events) = SmppLink::start(settings).expect("a link");
    let link = std::sync::Arc::new(link);
    let run = async {
        let mut state = link.watch();
        state.wait_for(LinkState::takes_segments).await.expect("alive");
        let mut calls = tokio::task::JoinSet::new();
        for key in 0..MESSAGES {
            let link = std::sync::Arc::clone(&link);
            calls.spawn(async move { link.submit(segment(key)).await });
        }
        let mut ids = std::collections::HashSet::new();
        for _ in 0..MESSAGES {
            let Some(Event::Receipt(receipt, ack)) = events.recv().await else { panic!("no receipt") };
            assert_eq!(receipt.outcome, Outcome::Delivered);
            ids.extend(carriers::receipt::canonical_ids(&receipt.id));
            ack.done();
        }
        while let Some(result) = calls.join_next().await {
            let id = result.expect("no panic").expect("taken").id.expect("an id");
            assert!(ids.contains(&id), "{id}");
        }
        link.close().await;
    };
    tokio::time::timeout(Duration::from_secs(30), run).await.expect("in time");
    tokio::time::timeout(Duration::from_secs(30), smsc).await.expect("in time").expect("no panic");
}

#[test]
fn what_carriers_send_and_the_other_codec_refuses() {
    let header = |command: u32, body: &[u8]| {
        let mut octets = Vec::new();
        octets.extend((16 + body.len() as u32).to_be_bytes());
        octets.extend(command.to_be_bytes());
        octets.extend([0, 0, 0, 0, 0, 0, 0, 9]);
        octets.extend(body);
        octets
    };
    let long_id = header(0x8000_0004, format!("{}\0", "7".repeat(80)).as_bytes());
    let no_zero = header(0x8000_0004, b"abc");
    let mut wide = ShortMessage { short_message: b"id:7 stat:DELIVRD".to_vec(), ..ShortMessage::default() };
    wide.tlvs.push(Tag::MESSAGE_STATE, [0, 2]);
    let wide_state = Pdu::request(9, Body::DeliverSm(Box::new(wide))).to_octets();
    let accent = header(0x8000_0004, b"Z\xFCrich-1\0");
    for (what, octets) in
        [("long id", long_id), ("no zero", no_zero), ("wide state", wide_state), ("Latin-1 id", accent)]
    {
        let ours = Pdu::decode(&octets).expect(what);
        assert_eq!((ours.sequence, ours.status), (9, Status::OK), "{what}");
        let theirs = CommandCodec::new().decode(&mut BytesMut::from(octets.as_slice()));
        assert!(theirs.is_err(), "{what}: {theirs:?}");
    }
}
