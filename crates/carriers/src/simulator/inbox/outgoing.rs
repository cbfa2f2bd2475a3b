//! A segment as the centre takes it.

use sms::Coding;
use sms::coding::{encode_gsm, encode_ucs2};
use sms::segment::ReferenceSize;

use crate::carrier::{OutgoingSegment, SubmitError};
use crate::simulator::delivery::{CODING_DEFAULT, CODING_UCS2};
use crate::smpp::pdu::{Address, ShortMessage, Tag};

/// The most octets of a short message; a longer text goes into the `message_payload`.
const SHORT_MESSAGE: usize = 254;

/// The submission of a segment.
pub(super) fn message(segment: &OutgoingSegment) -> Result<ShortMessage, SubmitError> {
    let text = match segment.coding {
        Coding::Ucs2 => encode_ucs2(&segment.text),
        Coding::Gsm7 => encode_gsm(&segment.text).ok_or_else(|| SubmitError::Rejected {
            code: None,
            words: "the text has a character that the GSM alphabet lacks".to_owned(),
        })?,
    };
    let source = segment.sender.as_ref().map(|sender| {
        let kind = sender.address_type();
        Address { ton: kind.ton, npi: kind.npi, text: sender.as_str().to_owned() }
    });
    let mut message = ShortMessage {
        source: source.unwrap_or_default(),
        destination: Address { ton: 1, npi: 1, text: segment.recipient.as_str().to_owned() },
        priority: segment.priority.min(3),
        registered_delivery: u8::from(segment.receipt),
        data_coding: match (segment.coding, segment.flash) {
            (Coding::Gsm7, false) => CODING_DEFAULT,
            (Coding::Ucs2, false) => CODING_UCS2,
            // The message classes of 3GPP TS 23.038 §4: class 0, shown at once.
            (Coding::Gsm7, true) => 0x10,
            (Coding::Ucs2, true) => 0x18,
        },
        ..ShortMessage::default()
    };
    if let Some(place) = segment.place {
        message.set_header();
        message.short_message = place.encode(ReferenceSize::Eight);
    }
    message.short_message.extend(text);
    if message.short_message.len() > SHORT_MESSAGE {
        let payload = std::mem::take(&mut message.short_message);
        message.tlvs.push(Tag::MESSAGE_PAYLOAD, payload);
    }
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::segment::Segment;
    use sms::phone::Phone;
    use sms::segment::Concatenation;
    use sms::sender::Sender;

    fn segment(text: &str, coding: Coding) -> OutgoingSegment {
        OutgoingSegment {
            key: 1,
            sender: Some(Sender::parse("Bank").expect("a sender")),
            recipient: Phone::parse("+46701234567").expect("a number"),
            text: text.to_owned(),
            coding,
            place: None,
            flash: false,
            priority: 9,
            valid_until: None,
            receipt: true,
        }
    }

    #[test]
    fn what_goes_in_comes_out() {
        for (text, coding) in [("Hej € [x]", Coding::Gsm7), ("Привет 😀", Coding::Ucs2)] {
            for flash in [false, true] {
                let place = Some(Concatenation { reference: 7, total: 2, index: 1 });
                let segment = OutgoingSegment { place, flash, ..segment(text, coding) };
                let message = message(&segment).expect("can be written");
                let read = Segment::of(&message);
                assert_eq!((read.sender, read.recipient), ("Bank", "46701234567"));
                assert_eq!((&*read.text(), read.place), (text, place));
                assert_eq!((message.source.ton, message.priority, message.registered_delivery), (5, 3, 1));
            }
        }
        let long = message(&segment(&"ж".repeat(200), Coding::Ucs2)).expect("can be written");
        assert_eq!(Segment::of(&long).text(), "ж".repeat(200));
        assert!(message(&segment("ж", Coding::Gsm7)).is_err());
    }
}
