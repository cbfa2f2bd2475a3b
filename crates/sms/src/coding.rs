//! How a text travels: GSM 03.38 (3GPP TS 23.038 §6.2.1: the default alphabet with its extension table, in
//! septets) or UCS-2 (§6.2.3, as UTF-16BE), and what it measures.
//!
//! The coding is decided once, by [`measure`]; the same tables preview, price and send.

mod alphabet;
mod septets;

use crate::segment;
use alphabet::{ASCII_COST, BASIC, ESCAPE, EXTENSION, FORBIDDEN, Place, SPACE};

pub use septets::{fill_bits, pack_septets, unpack_septets};

/// The two codings of a text message. The discriminant is what rows store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Coding {
    /// The GSM 7-bit default alphabet with its extension table.
    Gsm7 = 0,
    /// UCS-2, in practice UTF-16 big endian with surrogate pairs.
    Ucs2 = 1,
}

impl Coding {
    /// The number stored for it.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The coding of a stored code.
    pub fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Gsm7),
            1 => Some(Self::Ucs2),
            _ => None,
        }
    }

    /// `gsm` or `ucs2`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gsm7 => "gsm",
            Self::Ucs2 => "ucs2",
        }
    }

    /// Units `c` takes: septets of the alphabet, or UTF-16 units. A character that the alphabet lacks counts
    /// one septet, the size of whatever would stand for it.
    pub(crate) fn cost(self, c: char) -> u32 {
        match self {
            Self::Gsm7 => u32::from(gsm_septets(c).unwrap_or(1)),
            Self::Ucs2 => c.len_utf16() as u32,
        }
    }
}

/// What a text measures in a coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// The coding measured in.
    pub coding: Coding,
    /// The first character that the GSM alphabet lacks: why the text goes as UCS-2. `None` where nothing
    /// forced it.
    pub forced_by: Option<char>,
    /// Septets or UTF-16 units of the whole text, without headers; saturates.
    pub units: u32,
    /// Segments it takes, exactly as [`segment::split`] cuts: at least 1, saturating at 65,535. (A carrier
    /// takes at most [`segment::MAX_SEGMENTS`].)
    pub segments: u16,
}

/// Measures `text` in the smallest coding that carries it. Allocates nothing.
pub fn measure(text: &str) -> Measure {
    match gsm_units(text) {
        Ok(units) => finish(text, Coding::Gsm7, None, units),
        Err(forced_by) => finish(text, Coding::Ucs2, Some(forced_by), utf16_units(text)),
    }
}

/// Measures `text` in `coding`; `None` when the GSM alphabet is asked for and lacks a character of it.
pub fn measure_as(text: &str, coding: Coding) -> Option<Measure> {
    match (coding, gsm_units(text)) {
        (Coding::Gsm7, Ok(units)) => Some(finish(text, coding, None, units)),
        (Coding::Gsm7, Err(_)) => None,
        (Coding::Ucs2, gsm) => Some(finish(text, coding, gsm.err(), utf16_units(text))),
    }
}

fn finish(text: &str, coding: Coding, forced_by: Option<char>, units: usize) -> Measure {
    Measure {
        coding,
        forced_by,
        units: u32::try_from(units).unwrap_or(u32::MAX),
        segments: segment::count(text, coding, units),
    }
}

/// Septets of `text`, or the first character that the alphabet lacks.
fn gsm_units(text: &str) -> Result<usize, char> {
    let sum: u64 = text.bytes().map(|octet| ASCII_COST[usize::from(octet)]).sum();
    if sum < FORBIDDEN {
        return Ok(sum as usize);
    }
    text.chars().try_fold(0, |units, c| gsm_septets(c).map(|septets| units + usize::from(septets)).ok_or(c))
}

/// UTF-16 units of `text`: one for each octet that begins a character, one more for each that begins four.
fn utf16_units(text: &str) -> usize {
    text.bytes().map(|octet| usize::from(octet & 0xC0 != 0x80) + usize::from(octet >= 0xF0)).sum()
}

/// Septets that `c` takes: 1 in the default alphabet, 2 in the extension table (form feed, `^{}\[~]|€`), or
/// `None` when neither has it.
pub fn gsm_septets(c: char) -> Option<u8> {
    alphabet::place(c).map(|place| match place {
        Place::Basic(_) => 1,
        Place::Extended(_) => 2,
    })
}

/// The septets of `text`, unpacked (one per octet), extended characters behind their escape; `None` when the
/// alphabet lacks a character.
pub fn encode_gsm(text: &str) -> Option<Vec<u8>> {
    let mut septets = Vec::with_capacity(text.len());
    for c in text.chars() {
        match alphabet::place(c)? {
            Place::Basic(septet) => septets.push(septet),
            Place::Extended(septet) => septets.extend([ESCAPE, septet]),
        }
    }
    Some(septets)
}

/// Reads unpacked septets. Whatever comes is read: an escape before a septet that the extension table lacks
/// shows the default alphabet's character (TS 23.038 §6.2.1.1), an escape before an escape (another table,
/// none of which is defined) or at the end a space, and an octet that is no septet `U+FFFD`.
pub fn decode_gsm(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len());
    let mut rest = octets.iter().copied();
    while let Some(octet) = rest.next() {
        if octet != ESCAPE {
            text.push(basic(octet));
            continue;
        }
        text.push(match rest.next() {
            None | Some(ESCAPE) => SPACE,
            Some(octet) => extended(octet).unwrap_or_else(|| basic(octet)),
        });
    }
    text
}

fn basic(octet: u8) -> char {
    BASIC.get(usize::from(octet)).copied().unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn extended(octet: u8) -> Option<char> {
    EXTENSION.iter().find(|(septet, _)| *septet == octet).map(|(_, c)| *c)
}

/// `text` as UTF-16 big endian, without a byte order mark.
pub fn encode_ucs2(text: &str) -> Vec<u8> {
    let mut octets = Vec::with_capacity(text.len() * 2);
    for unit in text.encode_utf16() {
        octets.extend(unit.to_be_bytes());
    }
    octets
}

/// Reads UTF-16 big endian. A lone surrogate and an odd last octet read as `U+FFFD`.
pub fn decode_ucs2(octets: &[u8]) -> String {
    let pairs = octets.chunks_exact(2);
    let odd = pairs.remainder().first().map(|_| char::REPLACEMENT_CHARACTER);
    let units = pairs.filter_map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?)));
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).chain(odd).collect()
}
