//! From a `deliver_sm` to a receipt or an MO.

use sms::segment::Concatenation;
use sms::{Coding, Micros, coding};

use super::options::Options;
use super::values::{IncomingAlphabet, ZoneOffset};
use crate::carrier::MessageIn;
use crate::receipt::{Parts, ReceiptIn, ReceiptText, parse_date};
use crate::smpp::pdu::{Pdu, QueryResp, ShortMessage, Tag};

/// The kind of message in `esm_class` (spec 5.2.12).
const KIND: u8 = 0x3C;
const SMSC_RECEIPT: u8 = 0x04;
const SME_ACKNOWLEDGEMENT: u8 = 0x08;
const INTERMEDIATE: u8 = 0x20;

/// What came in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    Receipt(ReceiptIn),
    Message(MessageIn),
}

/// Understands a delivery; `pdu` is it whole, for the record.
pub(super) fn understand(message: &ShortMessage, pdu: &Pdu, options: &Options, now: Micros) -> Incoming {
    if is_receipt(message, options) {
        let mut receipt = receipt(message, options, now);
        // Without its number in the session: the same receipt has the same octets whenever it comes.
        receipt.raw = Pdu { sequence: 0, ..pdu.clone() }.to_octets();
        Incoming::Receipt(receipt)
    } else {
        Incoming::Message(mobile_originated(message, options, now))
    }
}

/// Whether a delivery is a receipt: by `esm_class`, by a parameter that only receipts have, or by its text
/// where the link's options say so.
fn is_receipt(message: &ShortMessage, options: &Options) -> bool {
    match message.esm_class & KIND {
        SMSC_RECEIPT | INTERMEDIATE => true,
        // Sent by handsets too, then without the words of a receipt.
        SME_ACKNOWLEDGEMENT => ReceiptText::parse(&text_of(message, options)).is_convincing(),
        _ if message.tlvs.get(Tag::RECEIPTED_MESSAGE_ID).is_some() => true,
        _ => options.receipts_by_text && ReceiptText::parse(&text_of(message, options)).is_convincing(),
    }
}

fn receipt(message: &ShortMessage, options: &Options, now: Micros) -> ReceiptIn {
    let id = message.tlvs.text(Tag::RECEIPTED_MESSAGE_ID);
    let text = text_of(message, options);
    let parts = Parts {
        id: id.as_deref(),
        state: message.tlvs.number(Tag::MESSAGE_STATE),
        error: message.tlvs.get(Tag::NETWORK_ERROR_CODE),
        text: &text,
        zone: options.receipt_zone.0,
    };
    let mut receipt = ReceiptIn::understand(parts, now);
    // A receipt goes the way back: its source is the recipient of the segment.
    receipt.recipient = number(&message.source.text);
    receipt.sender = number(&message.destination.text);
    receipt
}

/// The answer to a query, as a receipt.
pub(super) fn queried(resp: QueryResp, zone: ZoneOffset, now: Micros) -> ReceiptIn {
    let state = u32::from(resp.message_state);
    let parts = Parts { id: Some(&resp.message_id), state: Some(state), ..Parts::default() };
    let mut receipt = ReceiptIn::understand(parts, now);
    receipt.code = (resp.error_code != 0).then(|| resp.error_code.to_string());
    receipt.at = parse_date(&resp.final_date, zone.0);
    receipt
}

fn mobile_originated(message: &ShortMessage, options: &Options, now: Micros) -> MessageIn {
    let (header, octets) = split_header(message);
    let place = Concatenation::decode(header).or_else(|| sar(message));
    let (coding, octets) = read(octets, header.len(), message.data_coding, options.incoming);
    MessageIn {
        sender: number(&message.source.text),
        recipient: number(&message.destination.text),
        place,
        coding,
        octets,
        data_coding: message.data_coding,
        header: header.to_vec(),
        at: now,
    }
}

/// The user data header with its length octet, and what follows it.
fn split_header(message: &ShortMessage) -> (&[u8], &[u8]) {
    let payload = message.payload();
    match payload.first() {
        Some(length) if message.has_header() => {
            payload.split_at((usize::from(*length) + 1).min(payload.len()))
        }
        _ => (&[], payload),
    }
}

fn sar(message: &ShortMessage) -> Option<Concatenation> {
    let number = |tag| message.tlvs.number(tag);
    let total = u8::try_from(number(Tag::SAR_TOTAL_SEGMENTS)?).ok()?;
    let index = u8::try_from(number(Tag::SAR_SEGMENT_SEQNUM)?).ok()?;
    let reference = u16::try_from(number(Tag::SAR_MSG_REF_NUM)? & 0xFFFF).ok()?;
    (1..=total).contains(&index).then_some(Concatenation { reference, total, index })
}

/// The alphabets that data codings name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alphabet {
    /// The SMSC's own: what the link's options say.
    Default,
    Ascii,
    Latin1,
    Ucs2,
    Octets,
}

/// The alphabet of a data coding, of SMPP's list (spec 5.2.19) or the groups of 3GPP TS 23.038 §4.
fn alphabet(data_coding: u8) -> Alphabet {
    match data_coding {
        0 => Alphabet::Default,
        1 => Alphabet::Ascii,
        3 => Alphabet::Latin1,
        8 => Alphabet::Ucs2,
        2 | 4..=7 | 9..=14 => Alphabet::Octets,
        // General groups, with or without a class.
        0x0F..=0x7F => match data_coding & 0x0C {
            0x00 | 0x0C => Alphabet::Default,
            0x04 => Alphabet::Octets,
            _ => Alphabet::Ucs2,
        },
        0xC0..=0xDF => Alphabet::Default,
        0xE0..=0xEF => Alphabet::Ucs2,
        0xF0..=0xFF if data_coding & 0x04 == 0 => Alphabet::Default,
        0x80..=0xBF | 0xF0..=0xFF => Alphabet::Octets,
    }
}

/// Octets as unpacked septets or UTF-16BE, whichever carries what they say.
fn read(octets: &[u8], header: usize, data_coding: u8, own: IncomingAlphabet) -> (Option<Coding>, Vec<u8>) {
    match (alphabet(data_coding), own) {
        (Alphabet::Octets, _) => (None, octets.to_vec()),
        (Alphabet::Ucs2, _) => (Some(Coding::Ucs2), octets.to_vec()),
        (Alphabet::Default, IncomingAlphabet::Gsm) => (Some(Coding::Gsm7), octets.to_vec()),
        (Alphabet::Default, IncomingAlphabet::Packed) => {
            let count = (octets.len() * 8) / 7;
            let mut septets = coding::unpack_septets(octets, header, count);
            // Seven bits of padding read as one more septet, of the code of `@`.
            if (octets.len() + header).is_multiple_of(7) && septets.last() == Some(&0) {
                septets.pop();
            }
            (Some(Coding::Gsm7), septets)
        }
        (Alphabet::Default, IncomingAlphabet::Utf8) => match std::str::from_utf8(octets) {
            Ok(text) => write(text),
            Err(_) => write(&latin1(octets)),
        },
        (Alphabet::Ascii | Alphabet::Latin1, _) | (Alphabet::Default, IncomingAlphabet::Latin1) => {
            write(&latin1(octets))
        }
    }
}

fn write(text: &str) -> (Option<Coding>, Vec<u8>) {
    match coding::encode_gsm(text) {
        Some(septets) => (Some(Coding::Gsm7), septets),
        None => (Some(Coding::Ucs2), coding::encode_ucs2(text)),
    }
}

fn latin1(octets: &[u8]) -> String {
    octets.iter().copied().map(char::from).collect()
}

/// The text of a receipt. Those in the SMSC's own alphabet are nearly always ASCII; the few characters in
/// which the GSM alphabet differs (`_`, `@`, `$`) are read as what ASCII makes of them.
fn text_of(message: &ShortMessage, options: &Options) -> String {
    let (header, octets) = split_header(message);
    match (alphabet(message.data_coding), options.incoming) {
        (Alphabet::Ucs2, _) => coding::decode_ucs2(octets),
        (Alphabet::Default, IncomingAlphabet::Packed) => {
            coding::decode_gsm(&coding::unpack_septets(octets, header.len(), octets.len() * 8 / 7))
        }
        (Alphabet::Default | Alphabet::Octets | Alphabet::Ascii | Alphabet::Latin1, _) => {
            String::from_utf8(octets.to_vec()).unwrap_or_else(|_| latin1(octets))
        }
    }
}

/// An address without what leads an international number.
fn number(address: &str) -> String {
    let address = address.trim();
    address.strip_prefix('+').unwrap_or(address).to_owned()
}

#[cfg(test)]
mod tests;
