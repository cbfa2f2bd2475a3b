//! Messages from handsets: what is written, and into which deliveries it is cut.

use std::time::Duration;

use serde::Deserialize;
use sms::Coding;
use sms::coding::{self, measure};
use sms::segment::{Concatenation, ReferenceSize, TooManySegments, split_with};

use super::delivery::{CODING_DEFAULT, CODING_UCS2, address};
use super::dice::Dice;
use super::span::Span;
use crate::smpp::pdu::{ShortMessage, Tag};

/// How the parts of a long MO are marked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    /// A user data header with an 8-bit reference.
    #[default]
    Udh8,
    /// A user data header with a 16-bit reference.
    Udh16,
    /// The three sar parameters.
    Sar,
    /// Not cut at all: the whole text in `message_payload`.
    Payload,
}

/// In which order the parts of a long MO come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As they were written.
    #[default]
    Written,
    /// The last one first.
    Reversed,
    /// In an order drawn from the seed.
    Shuffled,
}

/// In which alphabet an MO comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alphabet {
    /// GSM 03.38 where it has all characters, else UCS-2.
    #[default]
    Auto,
    /// UCS-2, whatever the text is.
    Ucs2,
}

/// How an MO is brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Manner {
    /// In which alphabet.
    pub alphabet: Alphabet,
    /// How parts are marked.
    pub join: Join,
    /// In which order they come.
    pub order: Order,
    /// A part that never comes, from 1; 0 for none.
    pub missing: u8,
    /// A part that comes twice, from 1; 0 for none.
    pub twice: u8,
    /// The time between two parts.
    pub gap: Span,
}

/// An MO that somebody writes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mo {
    /// The handset's number.
    pub from: String,
    /// The number written to.
    pub to: String,
    /// What it says.
    pub text: String,
    /// Whose MO it is. Without a name it goes to whoever last sent from the number written to, or else to
    /// the one that has been bound for the longest time.
    #[serde(default)]
    pub system_id: Option<String>,
    /// How it is brought.
    #[serde(default)]
    pub manner: Manner,
}

/// An MO that comes by itself, at its time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptEntry {
    /// When, from the start of the carrier.
    pub after: Span,
    /// From each time to the next; comes once where absent. At least a millisecond.
    #[serde(default)]
    pub every: Option<Span>,
    /// What comes.
    pub mo: Mo,
}

/// The deliveries of an MO in the order they come, each with its delay behind the first. `reference` marks
/// the parts; the 8-bit header has its low octet.
pub fn compose(
    mo: &Mo,
    reference: u16,
    dice: &mut Dice,
) -> Result<Vec<(Duration, ShortMessage)>, TooManySegments> {
    let manner = mo.manner;
    let coding = match manner.alphabet {
        Alphabet::Auto => measure(&mo.text).coding,
        Alphabet::Ucs2 => Coding::Ucs2,
    };
    let mut parts = match manner.join {
        Join::Payload => vec![payload(mo, coding)],
        join => parts(mo, coding, join, reference)?,
    };
    if let Some(twice) = usize::from(manner.twice).checked_sub(1).and_then(|index| parts.get(index).cloned())
    {
        parts.push(twice);
    }
    if let Some(missing) = usize::from(manner.missing).checked_sub(1).filter(|index| *index < parts.len()) {
        parts.remove(missing);
    }
    match manner.order {
        Order::Written => {}
        Order::Reversed => parts.reverse(),
        Order::Shuffled => shuffle(&mut parts, dice),
    }
    let mut at = Duration::ZERO;
    let timed = parts.into_iter().map(|part| {
        let this = at;
        at += dice.within(manner.gap);
        (this, part)
    });
    Ok(timed.collect())
}

fn parts(mo: &Mo, coding: Coding, join: Join, reference: u16) -> Result<Vec<ShortMessage>, TooManySegments> {
    let size = if join == Join::Udh16 { ReferenceSize::Sixteen } else { ReferenceSize::Eight };
    let texts = split_with(&mo.text, coding, size)?;
    let total = u8::try_from(texts.len()).map_err(|_| TooManySegments { segments: texts.len() })?;
    let places = (1..=total).map(|index| Concatenation { reference, total, index });
    let parts = texts.into_iter().zip(places).map(|(text, place)| {
        let mut part = empty(mo, coding);
        if total > 1 {
            mark(&mut part, place, join, size);
        }
        part.short_message.extend(octets(text, coding));
        part
    });
    Ok(parts.collect())
}

fn mark(part: &mut ShortMessage, place: Concatenation, join: Join, size: ReferenceSize) {
    if join == Join::Sar {
        part.tlvs.push(Tag::SAR_MSG_REF_NUM, place.reference.to_be_bytes());
        part.tlvs.push(Tag::SAR_TOTAL_SEGMENTS, [place.total]);
        part.tlvs.push(Tag::SAR_SEGMENT_SEQNUM, [place.index]);
    } else {
        part.set_header();
        part.short_message = place.encode(size);
    }
}

fn payload(mo: &Mo, coding: Coding) -> ShortMessage {
    let mut whole = empty(mo, coding);
    whole.tlvs.push(Tag::MESSAGE_PAYLOAD, octets(&mo.text, coding));
    whole
}

fn empty(mo: &Mo, coding: Coding) -> ShortMessage {
    let data_coding = if coding == Coding::Gsm7 { CODING_DEFAULT } else { CODING_UCS2 };
    ShortMessage {
        source: address(&mo.from),
        destination: address(&mo.to),
        data_coding,
        ..ShortMessage::default()
    }
}

fn octets(text: &str, coding: Coding) -> Vec<u8> {
    match coding {
        Coding::Ucs2 => coding::encode_ucs2(text),
        // The alphabet was measured to have every character.
        Coding::Gsm7 => coding::encode_gsm(text).unwrap_or_default(),
    }
}

/// Every order is equally likely (Fisher and Yates).
fn shuffle<T>(items: &mut [T], dice: &mut Dice) {
    for last in (1..items.len()).rev() {
        let other = usize::try_from(dice.below(last as u64 + 1)).unwrap_or(last);
        items.swap(last, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::segment::Segment;
    use proptest::prelude::*;
    use sms::segment::{Piece, rejoin};

    fn mo(text: &str, manner: Manner) -> Mo {
        Mo {
            from: "46701".to_owned(),
            to: "71717".to_owned(),
            text: text.to_owned(),
            system_id: None,
            manner,
        }
    }

    fn composed(text: &str, manner: Manner) -> Vec<ShortMessage> {
        let parts = compose(&mo(text, manner), 0x1234, &mut Dice::keyed(1, &[])).expect("fits");
        parts.into_iter().map(|(_, part)| part).collect()
    }

    /// The text, put together again.
    fn joined(parts: &[ShortMessage]) -> String {
        let segments: Vec<Segment<'_>> = parts.iter().map(Segment::of).collect();
        if let [segment] = segments.as_slice() {
            return segment.text().into_owned();
        }
        let piece = |segment: &Segment<'_>| Piece {
            place: segment.place.expect("a part"),
            coding: if segment.data_coding == 8 { Coding::Ucs2 } else { Coding::Gsm7 },
            octets: parts
                .iter()
                .map(|part| Segment::of(part).body)
                .find(|body| std::ptr::eq(*body, segment.body))
                .expect("its own part"),
        };
        rejoin(&segments.iter().map(piece).collect::<Vec<_>>()).expect("whole")
    }

    fn manners() -> impl Strategy<Value = Manner> {
        let joins = proptest::sample::select(vec![Join::Udh8, Join::Udh16, Join::Sar, Join::Payload]);
        let orders = proptest::sample::select(vec![Order::Written, Order::Reversed, Order::Shuffled]);
        let alphabets = proptest::sample::select(vec![Alphabet::Auto, Alphabet::Ucs2]);
        (joins, orders, alphabets, 0u8..4).prop_map(|(join, order, alphabet, twice)| Manner {
            join,
            order,
            alphabet,
            twice,
            ..Manner::default()
        })
    }

    proptest! {
        #[test]
        fn every_manner_brings_the_whole_text(text in "\\PC{0,600}", manner in manners()) {
            let mut parts = composed(&text, manner);
            if manner.twice > 0 && parts.len() == 2 && parts[0] == parts[1] {
                parts.pop();
            }
            prop_assert!(parts.iter().all(|part| part.short_message.len() <= 254));
            prop_assert_eq!(joined(&parts), text);
        }
    }

    #[test]
    fn a_missing_part_is_missing() {
        let text = "a".repeat(400);
        let parts = composed(&text, Manner { missing: 2, ..Manner::default() });
        let indexes: Vec<u8> =
            parts.iter().filter_map(|part| Segment::of(part).place).map(|place| place.index).collect();
        assert_eq!(indexes, [1, 3]);
        assert_eq!(composed("short", Manner { missing: 9, ..Manner::default() }).len(), 1);
    }

    #[test]
    fn parts_come_apart_in_time() {
        let gap = "2s".parse().expect("a span");
        let mo = mo(&"a".repeat(400), Manner { gap, order: Order::Reversed, ..Manner::default() });
        let parts = compose(&mo, 1, &mut Dice::keyed(1, &[])).expect("fits");
        let seconds: Vec<u64> = parts.iter().map(|(at, _)| at.as_secs()).collect();
        assert_eq!(seconds, [0, 2, 4]);
        let first = Segment::of(&parts[0].1).place.expect("a part");
        assert_eq!((first.index, first.total), (3, 3));
    }

    #[test]
    fn what_no_message_holds_is_refused() {
        let mo = mo(&"a".repeat(153 * 255 + 1), Manner::default());
        assert!(compose(&mo, 1, &mut Dice::keyed(1, &[])).is_err());
    }
}
