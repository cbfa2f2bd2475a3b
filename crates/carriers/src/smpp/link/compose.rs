//! From a segment to a `submit_sm`.

use sms::segment::{Concatenation, ReferenceSize};
use sms::sender::{Sender, SenderKind};
use sms::{Coding, Micros, coding};

use super::options::Options;
use super::values::{Flash, GsmCoding, LongMessages, ValidityForm};
use crate::carrier::{OutgoingSegment, SubmitError};
use crate::smpp::pdu::{Address, ShortMessage, Tag};

/// Octets of user data in one segment on the air (3GPP TS 23.040 §9.2.3.24).
const USER_DATA: usize = 140;
/// The most octets of `short_message`.
const SHORT_MESSAGE: usize = 254;
/// Data codings of SMPP (spec 5.2.19).
const ASCII: u8 = 1;
const LATIN1: u8 = 3;
/// Message class 0, of the general group of 3GPP TS 23.038 §4.
const FLASH_GSM: u8 = 0x10;
const FLASH_UCS2: u8 = 0x18;

/// The `submit_sm` of a segment; `now` is for its validity.
pub(super) fn submission(
    segment: &OutgoingSegment,
    options: &Options,
    now: Micros,
) -> Result<ShortMessage, SubmitError> {
    let mut message = ShortMessage {
        service_type: options.service_type.clone(),
        source: source(segment.sender.as_ref(), options),
        destination: Address {
            ton: options.recipient_ton,
            npi: options.recipient_npi,
            text: options.recipient_form.apply(segment.recipient.as_str()),
        },
        protocol_id: options.protocol_id,
        priority: segment.priority.min(3),
        validity: validity(segment.valid_until, options.validity, now)?,
        registered_delivery: if segment.receipt { options.registered_delivery } else { 0 },
        ..ShortMessage::default()
    };
    let header = place(&mut message, segment.place, options.long);
    let text = write(segment, options, header.len())?;
    message.data_coding = text.data_coding;
    if segment.flash {
        flash(&mut message, &text, options.flash);
    }
    fill(&mut message, header, text.octets);
    Ok(message)
}

/// The source address of a sender, by the link's rules.
pub(super) fn source(sender: Option<&Sender>, options: &Options) -> Address {
    let parsed;
    let sender = match sender {
        Some(sender) => sender,
        None => match Sender::parse(&options.source) {
            Ok(own) => {
                parsed = own;
                &parsed
            }
            // Empty, or what only this SMSC understands.
            Err(_) => return Address { ton: 0, npi: 0, text: options.source.clone() },
        },
    };
    let text = sender.as_str();
    let (ton, npi, text) = match sender.kind() {
        SenderKind::Number => (options.number_ton, options.number_npi, options.sender_form.apply(text)),
        SenderKind::ShortCode => (options.short_ton, options.short_npi, text.to_owned()),
        SenderKind::Alphanumeric => (options.name_ton, options.name_npi, text.to_owned()),
    };
    Address { ton, npi, text }
}

/// Says which of several segments it is; gives the header to lead the text, if that is how.
fn place(message: &mut ShortMessage, place: Option<Concatenation>, long: LongMessages) -> Vec<u8> {
    let Some(place) = place else { return Vec::new() };
    match long {
        LongMessages::Sar => {
            message.tlvs.push(Tag::SAR_MSG_REF_NUM, place.reference.to_be_bytes());
            message.tlvs.push(Tag::SAR_TOTAL_SEGMENTS, [place.total]);
            message.tlvs.push(Tag::SAR_SEGMENT_SEQNUM, [place.index]);
            Vec::new()
        }
        LongMessages::Udh16 => {
            message.set_header();
            place.encode(ReferenceSize::Sixteen)
        }
        // Cut before the option was changed to the payload.
        LongMessages::Udh8 | LongMessages::Payload => {
            message.set_header();
            place.encode(ReferenceSize::Eight)
        }
    }
}

/// A text in octets.
struct Written {
    octets: Vec<u8>,
    data_coding: u8,
    coding: Coding,
}

fn write(segment: &OutgoingSegment, options: &Options, header: usize) -> Result<Written, SubmitError> {
    let refused = |words: &str| SubmitError::Rejected { code: None, words: words.to_owned() };
    let ucs2 = || Written {
        octets: coding::encode_ucs2(&segment.text),
        data_coding: options.ucs2_data_coding,
        coding: Coding::Ucs2,
    };
    let gsm = |octets, data_coding| Written { octets, data_coding, coding: Coding::Gsm7 };
    if segment.coding == Coding::Ucs2 {
        return Ok(ucs2());
    }
    let septets = coding::encode_gsm(&segment.text);
    let septets = septets.ok_or_else(|| refused("the text has a character that the GSM alphabet lacks"))?;
    let limit = match options.gsm {
        GsmCoding::Unpacked => return Ok(gsm(septets, options.gsm_data_coding)),
        GsmCoding::Packed => {
            return Ok(gsm(coding::pack_septets(&septets, header), options.gsm_data_coding));
        }
        GsmCoding::Latin1 => '\u{FF}',
        GsmCoding::Ascii => '\u{7F}',
    };
    let octets: Option<Vec<u8>> =
        segment.text.chars().map(|c| u8::try_from(c).ok().filter(|_| c <= limit)).collect();
    if let Some(octets) = octets {
        return Ok(gsm(octets, if limit == '\u{7F}' { ASCII } else { LATIN1 }));
    }
    // The segments were cut and priced as septets: a text that would need more of them is not sent wrong.
    Some(ucs2())
        .filter(|text| text.octets.len() + header <= USER_DATA)
        .ok_or_else(|| refused("the text has a character that the link's coding lacks"))
}

fn flash(message: &mut ShortMessage, text: &Written, how: Flash) {
    match (how, text.coding, text.data_coding) {
        (Flash::Off, ..) => {}
        // Latin-1 and ASCII have no data coding with a class.
        (Flash::Subunit, ..) | (Flash::DataCoding, Coding::Gsm7, ASCII | LATIN1) => {
            message.tlvs.push(Tag::DEST_ADDR_SUBUNIT, [1]);
        }
        (Flash::DataCoding, Coding::Gsm7, _) => message.data_coding = FLASH_GSM,
        (Flash::DataCoding, Coding::Ucs2, _) => message.data_coding = FLASH_UCS2,
    }
}

fn fill(message: &mut ShortMessage, header: Vec<u8>, text: Vec<u8>) {
    let mut octets = header;
    octets.extend(text);
    if octets.len() > SHORT_MESSAGE {
        message.tlvs.push(Tag::MESSAGE_PAYLOAD, octets);
    } else {
        message.short_message = octets;
    }
}

/// The validity period in the specification's form (spec 7.1.1).
fn validity(until: Option<Micros>, form: ValidityForm, now: Micros) -> Result<String, SubmitError> {
    let Some(until) = until else { return Ok(String::new()) };
    let left = (until.get() - now.get()) / 1_000_000;
    if left <= 0 {
        let words = "its validity has passed".to_owned();
        return Err(SubmitError::Rejected { code: None, words });
    }
    Ok(match form {
        ValidityForm::Off => String::new(),
        ValidityForm::Absolute => {
            let civil = until.civil();
            format!(
                "{:02}{:02}{:02}{:02}{:02}{:02}000+",
                civil.year.rem_euclid(100),
                civil.month,
                civil.day,
                civil.hour,
                civil.minute,
                civil.second
            )
        }
        // Days up to 99: longer than any SMSC keeps a message.
        ValidityForm::Relative => {
            let left = left.min(99 * 86_400);
            let (days, hours, minutes, seconds) =
                (left / 86_400, left / 3_600 % 24, left / 60 % 60, left % 60);
            format!("0000{days:02}{hours:02}{minutes:02}{seconds:02}000R")
        }
    })
}

#[cfg(test)]
mod tests {
    use sms::phone::Phone;

    use super::*;

    fn segment(text: &str) -> OutgoingSegment {
        OutgoingSegment {
            key: 1,
            sender: Some(Sender::parse("Info").expect("a sender")),
            recipient: Phone::parse("46701740605").expect("a number"),
            text: text.to_owned(),
            coding: coding::measure(text).coding,
            place: None,
            flash: false,
            priority: 0,
            valid_until: None,
            receipt: true,
        }
    }

    fn options(set: &[(&str, &str)]) -> Options {
        let mut options = Options::default();
        for (name, value) in set {
            options.set(name, value).expect("a value");
        }
        options
    }

    fn compose(segment: &OutgoingSegment, set: &[(&str, &str)]) -> ShortMessage {
        submission(segment, &options(set), Micros::from_seconds(1_000)).expect("composed")
    }

    #[test]
    fn the_usual_submission() {
        let message = compose(&segment("Hi @ €"), &[]);
        assert_eq!(message.source, Address { ton: 5, npi: 0, text: "Info".to_owned() });
        assert_eq!(message.destination, Address { ton: 1, npi: 1, text: "46701740605".to_owned() });
        assert_eq!(message.short_message, b"Hi \0 \x1Be");
        assert_eq!((message.data_coding, message.esm_class, message.registered_delivery), (0, 0, 1));
        assert!(message.tlvs.is_empty());
    }

    #[test]
    fn codings_of_a_link() {
        let latin = |text, how| compose(&segment(text), &[("gsm", how)]);
        let message = latin("é@", "latin1");
        assert_eq!((message.short_message, message.data_coding), (vec![0xE9, b'@'], 3));
        let message = latin("é", "ascii");
        assert_eq!((message.short_message, message.data_coding), (vec![0, 0xE9], 8));
        let message = latin("hello", "packed");
        assert_eq!((message.short_message, message.data_coding), (vec![0xE8, 0x32, 0x9B, 0xFD, 0x06], 0));
        let message = compose(&segment("ж"), &[("ucs2_data_coding", "0x18")]);
        assert_eq!((message.short_message, message.data_coding), (vec![0x04, 0x36], 0x18));
    }

    #[test]
    fn what_cannot_be_written_is_refused_before_it_is_sent() {
        let long = segment(&"€".repeat(80));
        let error = submission(&long, &options(&[("gsm", "latin1")]), Micros::MIN).expect_err("refused");
        assert!(matches!(error, SubmitError::Rejected { code: None, .. }));
        let wrong = OutgoingSegment { coding: Coding::Gsm7, ..segment("ж") };
        assert!(submission(&wrong, &Options::default(), Micros::MIN).is_err());
        let past = OutgoingSegment { valid_until: Some(Micros::from_seconds(1)), ..segment("x") };
        assert!(submission(&past, &Options::default(), Micros::from_seconds(1)).is_err());
    }

    #[test]
    fn places_of_segments() {
        let place = Concatenation { reference: 0x1234, total: 3, index: 2 };
        let segment = OutgoingSegment { place: Some(place), ..segment("hello") };
        let message = compose(&segment, &[]);
        assert!(message.has_header());
        assert_eq!(message.short_message, b"\x05\x00\x03\x34\x03\x02hello");
        let message = compose(&segment, &[("long", "udh16")]);
        assert_eq!(message.short_message, b"\x06\x08\x04\x12\x34\x03\x02hello");
        let message = compose(&segment, &[("gsm", "packed")]);
        assert_eq!(message.short_message[6..], [0xD0, 0x65, 0x36, 0xFB, 0x0D]);
        let message = compose(&segment, &[("long", "sar")]);
        assert!(!message.has_header());
        let sar = |tag| message.tlvs.number(tag);
        assert_eq!(sar(Tag::SAR_MSG_REF_NUM), Some(0x1234));
        assert_eq!((sar(Tag::SAR_TOTAL_SEGMENTS), sar(Tag::SAR_SEGMENT_SEQNUM)), (Some(3), Some(2)));
    }

    #[test]
    fn a_whole_text_goes_into_the_payload() {
        let message = compose(&segment(&"x".repeat(500)), &[("long", "payload")]);
        assert!(message.short_message.is_empty());
        assert_eq!(message.payload().len(), 500);
    }

    #[test]
    fn flash_in_each_manner() {
        let flash = |text| OutgoingSegment { flash: true, ..segment(text) };
        assert_eq!(compose(&flash("x"), &[]).data_coding, 0x10);
        assert_eq!(compose(&flash("ж"), &[]).data_coding, 0x18);
        let subunit = compose(&flash("x"), &[("flash", "subunit")]);
        assert_eq!((subunit.data_coding, subunit.tlvs.number(Tag::DEST_ADDR_SUBUNIT)), (0, Some(1)));
        let latin = compose(&flash("x"), &[("gsm", "latin1")]);
        assert_eq!((latin.data_coding, latin.tlvs.number(Tag::DEST_ADDR_SUBUNIT)), (3, Some(1)));
        assert_eq!(compose(&flash("x"), &[("flash", "off")]), compose(&segment("x"), &[]));
    }

    #[test]
    fn validity_in_each_form() {
        let until = Micros::from_seconds(1_000 + 2 * 86_400 + 3 * 3_600 + 4 * 60 + 5);
        let segment = OutgoingSegment { valid_until: Some(until), ..segment("x") };
        assert_eq!(compose(&segment, &[]).validity, "000002030405000R");
        assert_eq!(compose(&segment, &[("validity", "absolute")]).validity, "700103032045000+");
        assert_eq!(compose(&segment, &[("validity", "off")]).validity, "");
    }

    #[test]
    fn senders_of_each_kind() {
        let with = |sender: Option<&str>, set: &[(&str, &str)]| {
            let sender = sender.map(|text| Sender::parse(text).expect("a sender"));
            let address = compose(&OutgoingSegment { sender, ..segment("x") }, set).source;
            (address.ton, address.npi, address.text)
        };
        assert_eq!(with(Some("+46701740605"), &[("sender_form", "plus")]), (1, 1, "+46701740605".to_owned()));
        assert_eq!(with(Some("72250"), &[("short_ton", "6")]), (6, 0, "72250".to_owned()));
        assert_eq!(with(None, &[]), (0, 0, String::new()));
        assert_eq!(with(None, &[("source", "Shop")]), (5, 0, "Shop".to_owned()));
    }
}
