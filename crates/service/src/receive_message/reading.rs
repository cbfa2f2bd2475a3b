//! What an MO says, from its octets.

use ledger::inbound::MoPart;
use sms::coding::{measure, measure_as};
use sms::segment::{Concatenation, MAX_SEGMENTS, Piece, rejoin};
use sms::{Coding, Country, Direction, Micros, Money, Outcome};

use crate::model::{Entry, Message, Network};

/// Octets of user data in one message.
const OCTETS: usize = 140;

/// An MO as it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// The text; what is missing, or is no text, is said in brackets.
    pub(super) body: String,
    pub(super) coding: Coding,
    /// Segments on the air.
    pub(super) segments: u16,
    /// Whether no segment is missing.
    pub(super) complete: bool,
    /// Whether all of it is text.
    pub(super) text: bool,
}

/// Octets that came together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Octets<'a> {
    pub(super) coding: Option<Coding>,
    pub(super) data_coding: u8,
    pub(super) header: &'a [u8],
    pub(super) octets: &'a [u8],
}

/// Reads an MO that came in one piece.
pub(super) fn whole(piece: Octets<'_>) -> Reading {
    let place = Concatenation { reference: 0, total: 1, index: 1 };
    let Some(coding) = piece.coding else {
        let body = no_text(piece);
        let segments = u16::try_from(piece.octets.len().div_ceil(OCTETS)).unwrap_or(u16::MAX);
        let segments = segments.clamp(1, MAX_SEGMENTS);
        return Reading { coding: measure(&body).coding, body, segments, complete: true, text: false };
    };
    let body = joined(&[Piece { place, coding, octets: piece.octets }]);
    let measured = measure_as(&body, coding).unwrap_or_else(|| measure(&body));
    let segments = measured.segments.clamp(1, MAX_SEGMENTS);
    Reading { body, coding, segments, complete: true, text: true }
}

/// An MO whose text is known as it is.
pub(super) fn told(body: String) -> Reading {
    let measured = measure(&body);
    let segments = measured.segments.clamp(1, MAX_SEGMENTS);
    Reading { body, coding: measured.coding, segments, complete: true, text: true }
}

/// Reads an MO from what is there of its segments, by rising index. Neighbours of text are read together, so
/// that a character which the sender's telephone cut in two is whole again.
pub(super) fn parts(parts: &[MoPart]) -> Reading {
    let total = parts.first().map_or(1, |part| part.total.max(1));
    let mut body = String::new();
    let mut run: Vec<&MoPart> = Vec::new();
    let (mut missing, mut all_text, mut next) = (0, true, 1);
    for part in parts {
        if part.index > next {
            body.push_str(&text_of(&std::mem::take(&mut run)));
            body.push_str(&gap(next, part.index - 1, total));
            missing += part.index - next;
        }
        next = part.index.saturating_add(1);
        if part.coding.is_some() {
            run.push(part);
        } else {
            all_text = false;
            body.push_str(&text_of(&std::mem::take(&mut run)));
            let Some(octets) = octets_of(part) else { continue };
            body.push_str(&octets);
        }
    }
    body.push_str(&text_of(&run));
    if let Some(last) = parts.last().filter(|last| last.index < total) {
        body.push_str(&gap(last.index + 1, total, total));
        missing += total - last.index;
    }
    let coding = match parts.iter().find_map(|part| part.coding.filter(|coding| *coding == Coding::Ucs2)) {
        Some(coding) => coding,
        None if all_text => Coding::Gsm7,
        None => measure(&body).coding,
    };
    Reading { body, coding, segments: u16::from(total), complete: missing == 0, text: all_text }
}

fn octets_of(part: &MoPart) -> Option<String> {
    let MoPart { coding, data_coding, header, octets, .. } = part;
    let piece = Octets { coding: *coding, data_coding: *data_coding, header, octets };
    coding.is_none().then(|| no_text(piece))
}

/// The text of neighbours.
fn text_of(run: &[&MoPart]) -> String {
    let total = u8::try_from(run.len()).unwrap_or(u8::MAX);
    let pieces = run.iter().zip(1..=u8::MAX).filter_map(|(part, index)| {
        let place = Concatenation { reference: part.reference, total, index };
        Some(Piece { place, coding: part.coding?, octets: &part.octets })
    });
    joined(&pieces.collect::<Vec<_>>())
}

fn joined(pieces: &[Piece<'_>]) -> String {
    // Only nothing at all does not make a text: the pieces are numbered here.
    rejoin(pieces).unwrap_or_default()
}

/// The mark of segments that never came.
fn gap(first: u8, last: u8, total: u8) -> String {
    if first == last {
        format!("[segment {first} of {total} is missing]")
    } else {
        format!("[segments {first} to {last} of {total} are missing]")
    }
}

/// What is shown of octets that are no text: what they are, then all of them, so that somebody who knows the
/// device can read them, and nothing is lost.
fn no_text(piece: Octets<'_>) -> String {
    let Octets { data_coding, header, octets, .. } = piece;
    let header = if header.is_empty() { String::new() } else { format!(", header {}", hex(header)) };
    format!("[no text, length {}, data coding 0x{data_coding:02X}{header}] {}", octets.len(), hex(octets))
}

fn hex(octets: &[u8]) -> String {
    const DIGITS: [u8; 16] = *b"0123456789ABCDEF";
    let digits = octets.iter().flat_map(|octet| [octet >> 4, octet & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// The message that a reading makes, which came in at `created` and is listed under `date`.
pub(super) fn message(
    reading: Reading,
    ends: (String, String),
    program: sms::Number,
    created: Micros,
    now: Micros,
) -> Message {
    let Reading { body, coding, segments, complete, .. } = reading;
    let (sender, recipient) = ends;
    let country = sms::phone::Phone::parse(&sender).map_or(Country::UNKNOWN, |phone| phone.country());
    let mut history = vec![Entry::new(now, Outcome::Received)];
    if !complete {
        history.insert(0, Entry::new(created, Outcome::Incomplete));
    }
    Message {
        number: 0,
        direction: Direction::Mo,
        outcome: Outcome::Received,
        created,
        date: now.seconds(),
        sender: Some(sender),
        sender_used: None,
        recipient,
        forced_by: if coding == Coding::Ucs2 { measure(&body).forced_by } else { None },
        body,
        coding,
        segments,
        flash: false,
        priority: 1,
        batch: sms::BatchKey::Mo(0),
        program,
        list: None,
        reference: None,
        answers: None,
        price: Money::ZERO,
        credits: 0,
        country,
        network: Network::default(),
        hidden: false,
        history,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(index: u8, total: u8, coding: Option<Coding>, octets: &[u8]) -> MoPart {
        MoPart {
            carrier: String::new(),
            sender: String::new(),
            recipient: String::new(),
            reference: 1,
            total,
            index,
            coding,
            data_coding: 4,
            header: Vec::new(),
            octets: octets.to_vec(),
            fingerprint: [0; 32],
            received: Micros::MIN,
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        let gsm = Some(Coding::Gsm7);
        let reading = parts(&[part(2, 5, gsm, b"b"), part(5, 5, gsm, b"e")]);
        let body = "[segment 1 of 5 is missing]b[segments 3 to 4 of 5 are missing]e";
        assert_eq!((reading.body.as_str(), reading.segments, reading.complete), (body, 5, false));
        let reading = parts(&[part(1, 3, gsm, b"a")]);
        assert_eq!(reading.body, "a[segments 2 to 3 of 3 are missing]");
        let all: Vec<MoPart> = (1..=255).map(|index| part(index, 255, gsm, b"x")).collect();
        let reading = parts(&all);
        assert!(reading.complete && reading.body == "x".repeat(255));
    }

    #[test]
    fn what_is_no_text_is_shown_as_octets() {
        let piece = Octets { coding: None, data_coding: 4, header: &[6, 5, 4], octets: &[0xAB, 0x01] };
        let reading = whole(piece);
        assert_eq!(reading.body, "[no text, length 2, data coding 0x04, header 060504] AB01");
        assert_eq!((reading.text, reading.segments), (false, 1));
        let mixed = [
            part(1, 3, Some(Coding::Gsm7), b"a"),
            part(2, 3, None, &[0xFF]),
            part(3, 3, Some(Coding::Ucs2), &[4, 0x36]),
        ];
        let reading = parts(&mixed);
        assert_eq!(reading.body, "a[no text, length 1, data coding 0x04] FFж");
        assert_eq!((reading.coding, reading.text, reading.complete), (Coding::Ucs2, false, true));
    }
}
