//! A submission, taken apart: who, to whom, which part of what.

use std::borrow::Cow;

use sms::coding;
use sms::segment::Concatenation;

use super::delivery::CODING_UCS2;
use crate::smpp::pdu::{ShortMessage, Tag};

/// What a submission says, whichever way it says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// `source_addr`.
    pub sender: &'a str,
    /// `destination_addr`.
    pub recipient: &'a str,
    /// `data_coding`.
    pub data_coding: u8,
    /// Its place among several: from the user data header, or else from the sar parameters.
    pub place: Option<Concatenation>,
    /// The text, the user data header taken off.
    pub body: &'a [u8],
}

impl<'a> Segment<'a> {
    /// Takes a submission apart. Whatever comes is read as far as it goes.
    pub fn of(message: &'a ShortMessage) -> Self {
        let payload = message.payload();
        let (header, body) = if message.has_header() {
            let length = payload.first().map_or(0, |length| usize::from(*length) + 1);
            payload.split_at(length.min(payload.len()))
        } else {
            payload.split_at(0)
        };
        Self {
            sender: &message.source.text,
            recipient: &message.destination.text,
            data_coding: message.data_coding,
            place: Concatenation::decode(header).or_else(|| sar(message)),
            body,
        }
    }

    /// The text of this segment: UCS-2 where the coding says so, Latin-1 for coding 3, the GSM alphabet for
    /// the others that are text, and nothing for binary.
    pub fn text(&self) -> Cow<'static, str> {
        match self.data_coding {
            CODING_UCS2 | 0x18..=0x1B => coding::decode_ucs2(self.body).into(),
            3 => self.body.iter().copied().map(char::from).collect(),
            2 | 4 | 0xF4..=0xF7 => "".into(),
            _ => coding::decode_gsm(self.body).into(),
        }
    }

    /// Whether it is the first, or the only, segment of its message.
    pub fn is_first(&self) -> bool {
        self.place.is_none_or(|place| place.index == 1)
    }
}

/// The place that the three sar parameters tell; `None` unless all are there and make sense.
fn sar(message: &ShortMessage) -> Option<Concatenation> {
    let number = |tag| message.tlvs.number(tag);
    let reference = u16::try_from(number(Tag::SAR_MSG_REF_NUM)?).ok()?;
    let total = u8::try_from(number(Tag::SAR_TOTAL_SEGMENTS)?).ok()?;
    let index = u8::try_from(number(Tag::SAR_SEGMENT_SEQNUM)?).ok()?;
    (1..=total).contains(&index).then_some(Concatenation { reference, total, index })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::delivery::address;
    use proptest::prelude::*;

    fn message(data_coding: u8, short_message: &[u8]) -> ShortMessage {
        ShortMessage {
            source: address("Bank"),
            destination: address("46701234567"),
            data_coding,
            short_message: short_message.to_vec(),
            ..ShortMessage::default()
        }
    }

    #[test]
    fn places_by_header_and_by_parameters() {
        let place = Concatenation { reference: 7, total: 3, index: 2 };
        let mut by_header = message(0, b"\x05\x00\x03\x07\x03\x02hello");
        by_header.set_header();
        let mut by_sar = message(0, b"hello");
        by_sar.tlvs.push(Tag::SAR_MSG_REF_NUM, [0, 7]);
        by_sar.tlvs.push(Tag::SAR_TOTAL_SEGMENTS, [3]);
        by_sar.tlvs.push(Tag::SAR_SEGMENT_SEQNUM, [2]);
        for message in [&by_header, &by_sar] {
            let segment = Segment::of(message);
            assert_eq!((segment.place, segment.body), (Some(place), b"hello".as_slice()));
            assert!(!segment.is_first());
        }
        assert!(Segment::of(&message(0, b"hello")).is_first());
    }

    #[test]
    fn texts_by_coding() {
        let text = |coding, octets: &[u8]| Segment::of(&message(coding, octets)).text().into_owned();
        assert_eq!(text(0, b"\x00\x1B\x65"), "@€");
        assert_eq!(text(8, &[0x04, 0x36]), "ж");
        assert_eq!(text(3, &[0xE9]), "é");
        assert_eq!(text(4, b"abc"), "");
    }

    proptest! {
        #[test]
        fn anything_is_taken_apart(coding: u8, header: bool, octets: Vec<u8>) {
            let mut message = message(coding, &octets);
            if header {
                message.set_header();
            }
            let segment = Segment::of(&message);
            prop_assert!(segment.body.len() <= octets.len());
            segment.text();
        }
    }
}
