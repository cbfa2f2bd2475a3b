use bytes::BytesMut;
use proptest::prelude::*;

use super::*;

fn text(most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(1u8..=255, 0..=most)
        .prop_map(|octets| octets.into_iter().map(char::from).collect())
}

fn address(most: usize) -> impl Strategy<Value = Address> {
    (any::<u8>(), any::<u8>(), text(most)).prop_map(|(ton, npi, text)| Address { ton, npi, text })
}

fn tlvs() -> impl Strategy<Value = Tlvs> {
    proptest::collection::vec((any::<u16>(), proptest::collection::vec(any::<u8>(), 0..40)), 0..4).prop_map(
        |pairs| {
            let mut tlvs = Tlvs::new();
            pairs.into_iter().for_each(|(tag, value)| tlvs.push(Tag(tag), value));
            tlvs
        },
    )
}

fn message() -> impl Strategy<Value = ShortMessage> {
    let octets = any::<[u8; 7]>();
    let content = proptest::collection::vec(any::<u8>(), 0..=254);
    (octets, address(20), address(20), text(16), text(16), content, tlvs()).prop_map(
        |(octets, source, destination, schedule, validity, short_message, tlvs)| ShortMessage {
            service_type: "CMT".to_owned(),
            source,
            destination,
            esm_class: octets[0],
            protocol_id: octets[1],
            priority: octets[2],
            schedule,
            validity,
            registered_delivery: octets[3],
            replace_if_present: octets[4],
            data_coding: octets[5],
            predefined: octets[6],
            short_message,
            tlvs,
        },
    )
}

fn kind() -> impl Strategy<Value = BindKind> {
    proptest::sample::select(vec![BindKind::Transmitter, BindKind::Receiver, BindKind::Transceiver])
}

fn body() -> impl Strategy<Value = Body> {
    let bind = (kind(), text(15), text(8), text(12), any::<u8>(), address(40));
    prop_oneof![
        proptest::sample::select(vec![
            Body::GenericNack,
            Body::Unbind,
            Body::UnbindResp,
            Body::EnquireLink,
            Body::EnquireLinkResp,
        ]),
        bind.prop_map(|(kind, system_id, password, system_type, interface_version, range)| {
            Body::Bind(kind, Bind { system_id, password, system_type, interface_version, range })
        }),
        (kind(), text(15), tlvs())
            .prop_map(|(kind, system_id, tlvs)| Body::BindResp(kind, BindResp { system_id, tlvs })),
        (text(15), text(8)).prop_map(|(system_id, password)| Body::Outbind(Outbind { system_id, password })),
        message().prop_map(|message| Body::SubmitSm(Box::new(message))),
        message().prop_map(|message| Body::DeliverSm(Box::new(message))),
        text(64).prop_map(Body::SubmitSmResp),
        text(64).prop_map(Body::DeliverSmResp),
        text(64).prop_map(Body::DataSmResp),
        (text(64), address(20)).prop_map(|(message_id, source)| Body::QuerySm(Query { message_id, source })),
        (text(64), text(16), any::<u8>(), any::<u8>(), tlvs()).prop_map(
            |(message_id, final_date, message_state, error_code, tlvs)| {
                Body::QuerySmResp(QueryResp { message_id, final_date, message_state, error_code, tlvs })
            }
        ),
        proptest::collection::vec(any::<u8>(), 0..30)
            .prop_map(|octets| Body::Other(Command::CANCEL_SM, octets)),
    ]
}

proptest! {
    #[test]
    fn what_is_written_reads_as_itself(sequence: u32, status: u32, body in body()) {
        let pdu = Pdu { status: Status(status), sequence, body };
        let octets = pdu.to_octets();
        prop_assert_eq!(octets.len(), u32::from_be_bytes([octets[0], octets[1], octets[2], octets[3]]) as usize);
        prop_assert_eq!(Pdu::decode(&octets), Ok(pdu));
    }

    #[test]
    fn any_octets_are_read_or_refused(octets: Vec<u8>) {
        let _ = Pdu::decode(&octets);
    }

    #[test]
    fn any_octets_behind_a_known_command_are_read_or_refused(
        id in proptest::sample::select(vec![1u32, 2, 3, 4, 5, 6, 9, 0xB, 0x15, 0x103]),
        response: bool,
        octets: Vec<u8>,
    ) {
        let command = if response { Command(id).response() } else { Command(id) };
        let mut frame = vec![0, 0, 0, 0];
        frame.extend(command.0.to_be_bytes());
        frame.extend([0, 0, 0, 0, 0, 0, 0, 7]);
        frame.extend(octets);
        match Pdu::decode(&frame) {
            Ok(pdu) => {
                prop_assert_eq!(pdu.body.command(), command);
                prop_assert!(pdu.to_octets().len() <= frame.len() + 64);
            }
            Err(error) => prop_assert!(!response && error.command == command && error.sequence == 7),
        }
    }

    #[test]
    fn any_cut_of_a_pdu_is_read_or_refused(body in body(), cut: usize) {
        let octets = Pdu::request(1, body).to_octets();
        let _ = Pdu::decode(&octets[..cut % (octets.len() + 1)]);
    }

    #[test]
    fn frames_come_out_however_the_stream_is_cut(bodies in proptest::collection::vec(body(), 0..6), step in 1usize..90) {
        let pdus: Vec<Pdu> = (1..).zip(bodies).map(|(sequence, body)| Pdu::request(sequence, body)).collect();
        let stream: Vec<u8> = pdus.iter().flat_map(Pdu::to_octets).collect();
        let mut received = BytesMut::new();
        let mut read = Vec::new();
        for chunk in stream.chunks(step) {
            received.extend_from_slice(chunk);
            while let Some(frame) = take(&mut received).expect("good lengths") {
                read.push(Pdu::decode(&frame).expect("whole"));
            }
        }
        prop_assert_eq!(read, pdus);
        prop_assert!(received.is_empty());
    }
}

#[test]
fn a_known_submission() {
    let message = ShortMessage {
        source: Address { ton: 5, npi: 0, text: "Info".to_owned() },
        destination: Address { ton: 1, npi: 1, text: "46701740605".to_owned() },
        registered_delivery: 1,
        short_message: b"Hi".to_vec(),
        ..ShortMessage::default()
    };
    let octets = Pdu::request(2, Body::SubmitSm(Box::new(message))).to_octets();
    let expected = b"\0\0\0\x32\0\0\0\x04\0\0\0\0\0\0\0\x02\
        \0\x05\0Info\0\x01\x0146701740605\0\0\0\0\0\0\x01\0\0\0\x02Hi";
    assert_eq!(octets, expected);
}

#[test]
fn a_refused_response_may_lack_its_body() {
    let octets = [0, 0, 0, 16, 0x80, 0, 0, 4, 0, 0, 0, 0x58, 0, 0, 0, 9];
    let pdu = Pdu::decode(&octets).expect("read");
    assert_eq!((pdu.status, pdu.sequence), (Status::THROTTLED, 9));
    assert_eq!(pdu.body, Body::SubmitSmResp(String::new()));
    assert_eq!(pdu.to_octets(), octets);
}

#[test]
fn a_response_may_lack_its_last_zero_and_exceed_its_length() {
    let id = "9".repeat(200);
    let mut octets = vec![0, 0, 0, 216, 0x80, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 9];
    octets.extend(id.as_bytes());
    assert_eq!(Pdu::decode(&octets).expect("read").body, Body::SubmitSmResp(id));
}

#[test]
fn a_short_message_cut_by_its_sender_is_read_as_far_as_it_goes() {
    let message = ShortMessage { short_message: b"id:1 stat:DELIVRD".to_vec(), ..ShortMessage::default() };
    let mut octets = Pdu::request(1, Body::DeliverSm(Box::new(message))).to_octets();
    octets.truncate(octets.len() - 3);
    let Ok(Pdu { body: Body::DeliverSm(read), .. }) = Pdu::decode(&octets) else { panic!("no delivery") };
    assert_eq!(read.payload(), b"id:1 stat:DELI");
}

#[test]
fn a_request_without_its_mandatory_part_is_named() {
    let octets = [0, 0, 0, 18, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1];
    let error = DecodeError { command: Command::DELIVER_SM, sequence: 9 };
    assert_eq!(Pdu::decode(&octets), Err(error));
}

#[test]
fn a_long_text_goes_into_its_parameter() {
    let message = ShortMessage { short_message: vec![b'x'; 300], ..ShortMessage::default() };
    let octets = Pdu::request(1, Body::SubmitSm(Box::new(message))).to_octets();
    let Ok(Pdu { body: Body::SubmitSm(read), .. }) = Pdu::decode(&octets) else { panic!("no submission") };
    assert!(read.short_message.is_empty());
    assert_eq!(read.payload(), [b'x'; 300]);
}

#[test]
fn parameters_of_odd_widths() {
    let mut tlvs = Tlvs::new();
    tlvs.push(Tag::MESSAGE_STATE, [0, 2]);
    tlvs.push(Tag::MESSAGE_STATE, [5]);
    tlvs.push(Tag::RECEIPTED_MESSAGE_ID, *b"abc");
    tlvs.push(Tag::SAR_MSG_REF_NUM, [0; 5]);
    assert_eq!(tlvs.number(Tag::MESSAGE_STATE), Some(2));
    assert_eq!(tlvs.text(Tag::RECEIPTED_MESSAGE_ID), Some("abc".to_owned()));
    assert_eq!(tlvs.number(Tag::SAR_MSG_REF_NUM), None);
    assert_eq!(tlvs.number(Tag::SC_INTERFACE_VERSION), None);
}

#[test]
fn lengths_that_no_pdu_has() {
    for length in [0u32, 15, 65_537, u32::MAX] {
        let mut received = BytesMut::from(&length.to_be_bytes()[..]);
        assert_eq!(take(&mut received), Err(FrameError { length }));
    }
    assert_eq!(take(&mut BytesMut::from(&[0, 0][..])), Ok(None));
}

#[test]
fn a_password_reaches_no_log() {
    let bind = Bind { password: "hunter2".to_owned(), ..Bind::default() };
    assert!(!format!("{:?}", Body::Bind(BindKind::Transceiver, bind)).contains("hunter2"));
}
