use proptest::prelude::*;
use sms::Outcome;

use super::*;
use crate::smpp::pdu::{Address, Body};

const RECEIPT: &str =
    "id:7 sub:001 dlvrd:001 submit date:1810231742 done date:1810231743 stat:DELIVRD err:000 text:";

fn delivery(text: &[u8], data_coding: u8, esm_class: u8) -> ShortMessage {
    ShortMessage {
        source: Address { ton: 1, npi: 1, text: "+46701740605".to_owned() },
        destination: Address { ton: 3, npi: 0, text: "72250".to_owned() },
        esm_class,
        data_coding,
        short_message: text.to_vec(),
        ..ShortMessage::default()
    }
}

fn options(set: &[(&str, &str)]) -> Options {
    let mut options = Options::default();
    for (name, value) in set {
        options.set(name, value).expect("a value");
    }
    options
}

fn incoming(message: &ShortMessage, options: &Options) -> Incoming {
    let pdu = Pdu::request(1, Body::DeliverSm(Box::new(message.clone())));
    understand(message, &pdu, options, Micros::MIN)
}

fn message(message: &ShortMessage, set: &[(&str, &str)]) -> MessageIn {
    match incoming(message, &options(set)) {
        Incoming::Message(message) => message,
        Incoming::Receipt(receipt) => panic!("{receipt:?}"),
    }
}

fn receipt(message: &ShortMessage) -> ReceiptIn {
    match incoming(message, &Options::default()) {
        Incoming::Receipt(receipt) => receipt,
        Incoming::Message(message) => panic!("{message:?}"),
    }
}

proptest! {
    #[test]
    fn anything_is_a_receipt_or_an_mo(text: Vec<u8>, data_coding: u8, esm_class: u8, alphabet in 0usize..4) {
        let alphabet = ["gsm", "packed", "latin1", "utf8"][alphabet];
        let message = delivery(&text, data_coding, esm_class);
        if let Incoming::Message(message) = incoming(&message, &options(&[("incoming", alphabet)])) {
            prop_assert_eq!(message.text().is_some(), message.coding.is_some());
        }
    }
}

#[test]
fn a_receipt_by_its_class() {
    let receipt = receipt(&delivery(RECEIPT.as_bytes(), 0, 0x04));
    assert_eq!((receipt.id.as_str(), receipt.outcome), ("7", Outcome::Delivered));
    assert_eq!((receipt.recipient.as_str(), receipt.sender.as_str()), ("46701740605", "72250"));
    assert!(!receipt.raw.is_empty());
}

#[test]
fn a_receipt_in_other_codings() {
    let ucs2 = coding::encode_ucs2(RECEIPT);
    assert_eq!(receipt(&delivery(&ucs2, 8, 0x04)).id, "7");
    let mut latin = RECEIPT.as_bytes().to_vec();
    latin.push(0xE9);
    assert_eq!(receipt(&delivery(&latin, 3, 0x04)).words, "é");
    assert_eq!(receipt(&delivery(RECEIPT.as_bytes(), 0xF4, 0x04)).id, "7");
}

#[test]
fn a_receipt_by_its_parameters_alone() {
    let mut message = delivery(b"", 0, 0);
    message.tlvs.push_text(Tag::RECEIPTED_MESSAGE_ID, "abc");
    message.tlvs.push(Tag::MESSAGE_STATE, [5]);
    message.tlvs.push(Tag::NETWORK_ERROR_CODE, [3, 0, 27]);
    let receipt = receipt(&message);
    assert_eq!((receipt.id.as_str(), receipt.outcome), ("abc", Outcome::Undelivered));
    assert_eq!(receipt.code.as_deref(), Some("27"));
}

#[test]
fn a_receipt_by_its_text_where_the_link_says_so() {
    let delivery = delivery(RECEIPT.as_bytes(), 0, 0);
    assert_eq!(receipt(&delivery).id, "7");
    assert_eq!(message(&delivery, &[("receipts_by_text", "off")]).octets, RECEIPT.as_bytes());
}

#[test]
fn a_receipt_without_sense_is_still_a_receipt() {
    let receipt = receipt(&delivery(b"\xFF\x00?", 0, 0x04));
    assert_eq!((receipt.id.as_str(), receipt.outcome), ("", Outcome::Acknowledged));
}

#[test]
fn texts_in_each_alphabet() {
    let text = |octets: &[u8], data_coding, set: &[(&str, &str)]| {
        message(&delivery(octets, data_coding, 0), set).text()
    };
    assert_eq!(text(b"\x00 \x1Be", 0, &[]).as_deref(), Some("@ €"));
    assert_eq!(text(b"\xE9@", 0, &[("incoming", "latin1")]).as_deref(), Some("é@"));
    assert_eq!(text("жé".as_bytes(), 0, &[("incoming", "utf8")]).as_deref(), Some("жé"));
    assert_eq!(text(b"\xE9", 0, &[("incoming", "utf8")]).as_deref(), Some("é"));
    assert_eq!(text(&[0xE8, 0x32, 0x9B, 0xFD, 0x06], 0, &[("incoming", "packed")]).as_deref(), Some("hello"));
    assert_eq!(text(b"a_b", 1, &[]).as_deref(), Some("a_b"));
    assert_eq!(text(&[0x04, 0x36], 8, &[]).as_deref(), Some("ж"));
    assert_eq!(text(&[0x04, 0x36], 0x18, &[]).as_deref(), Some("ж"));
    assert_eq!(text(b"hi", 0xF1, &[]).as_deref(), Some("hi"));
    assert_eq!(text(&[1, 2], 4, &[]), None);
    assert_eq!(text(&[1, 2], 0xF5, &[]), None);
}

#[test]
fn packed_texts_lose_their_padding_only() {
    for text in ["1234567", "12345678", "123456@"] {
        let packed = coding::pack_septets(&coding::encode_gsm(text).expect("gsm"), 0);
        let read = message(&delivery(&packed, 0, 0), &[("incoming", "packed")]).text();
        let expected = text.strip_suffix('@').filter(|rest| rest.len() == 7).unwrap_or(text);
        assert_eq!(read.as_deref(), Some(expected));
    }
}

#[test]
fn places_of_segments() {
    let segment = message(&delivery(b"\x05\x00\x03\x34\x03\x02hello", 0, 0x40), &[]);
    let place = Some(Concatenation { reference: 0x34, total: 3, index: 2 });
    assert_eq!((segment.place, segment.octets.as_slice()), (place, &b"hello"[..]));
    assert_eq!(segment.header.len(), 6);
    let mut sar = delivery(b"hello", 0, 0);
    sar.tlvs.push(Tag::SAR_MSG_REF_NUM, [0, 0x34]);
    sar.tlvs.push(Tag::SAR_TOTAL_SEGMENTS, [3]);
    sar.tlvs.push(Tag::SAR_SEGMENT_SEQNUM, [2]);
    assert_eq!(message(&sar, &[]).place, place);
    // A header that claims more than there is.
    assert_eq!(message(&delivery(b"\xFFabc", 0, 0x40), &[]).octets, b"");
}

#[test]
fn a_queried_state() {
    let resp = QueryResp {
        message_id: "7".to_owned(),
        final_date: "181023174319000+".to_owned(),
        message_state: 5,
        error_code: 27,
        ..QueryResp::default()
    };
    let receipt = queried(resp, ZoneOffset(0), Micros::MIN);
    assert_eq!((receipt.outcome, receipt.state.as_str()), (Outcome::Undelivered, "UNDELIV"));
    assert_eq!(receipt.code.as_deref(), Some("27"));
    assert_eq!(receipt.at.map(|at| at.to_string()).as_deref(), Some("2018-10-23T17:43:19Z"));
}
