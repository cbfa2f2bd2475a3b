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
    let (units, seen) = text.bytes().fold((0, 0), |(units, seen), octet| {
        let cost = ASCII_COST[usize::from(octet)];
        (units + usize::from(cost & !FORBIDDEN), seen | cost)
    });
    if seen & FORBIDDEN == 0 {
        return Ok(units);
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Texts of the GSM alphabet, rich in extended characters and line ends.
    fn gsm_text() -> impl Strategy<Value = String> {
        let known: Vec<char> = BASIC.into_iter().chain(EXTENSION.map(|(_, c)| c)).collect();
        let some = prop_oneof![
            4 => proptest::sample::select(known),
            1 => proptest::sample::select(EXTENSION.map(|(_, c)| c).to_vec()),
        ];
        proptest::collection::vec(some, 0..700).prop_map(|characters| characters.into_iter().collect())
    }

    proptest! {
        #[test]
        fn gsm_is_reversible(text in gsm_text()) {
            let septets = encode_gsm(&text).expect("every character is in the alphabet");
            prop_assert_eq!(decode_gsm(&septets), text.as_str());
            let measure = measure(&text);
            prop_assert_eq!((measure.coding, measure.forced_by), (Coding::Gsm7, None));
            prop_assert_eq!(measure.units as usize, septets.len());
            prop_assert_eq!(unpack_septets(&pack_septets(&septets, 6), 6, septets.len()), septets);
        }

        #[test]
        fn ucs2_is_reversible(text in any::<String>()) {
            let octets = encode_ucs2(&text);
            prop_assert_eq!(decode_ucs2(&octets), text.as_str());
            let measure = measure_as(&text, Coding::Ucs2).expect("UCS-2 carries every text");
            prop_assert_eq!(measure.units as usize * 2, octets.len());
        }

        #[test]
        fn the_smallest_coding_is_taken(text in any::<String>()) {
            let lacking = text.chars().find(|c| gsm_septets(*c).is_none());
            let measure = measure(&text);
            prop_assert_eq!(measure.forced_by, lacking);
            prop_assert_eq!(measure.coding == Coding::Gsm7, lacking.is_none());
            prop_assert_eq!(measure_as(&text, measure.coding), Some(measure));
            prop_assert_eq!(measure_as(&text, Coding::Gsm7).is_some(), lacking.is_none());
            prop_assert_eq!(encode_gsm(&text).is_some(), lacking.is_none());
        }

        #[test]
        fn any_octets_are_read(octets: Vec<u8>) {
            prop_assert!(decode_gsm(&octets).chars().count() <= octets.len());
            prop_assert!(decode_ucs2(&octets).chars().count() <= octets.len().div_ceil(2));
        }
    }

    fn gsm(units: usize) -> Measure {
        measure(&"a".repeat(units))
    }

    fn cyrillic(units: usize) -> Measure {
        measure(&"ж".repeat(units))
    }

    #[test]
    fn the_limits_of_gsm() {
        for (units, segments) in [(0, 1), (1, 1), (160, 1), (161, 2), (306, 2), (307, 3), (153 * 255, 255)] {
            let expected = Measure { coding: Coding::Gsm7, forced_by: None, units: units as u32, segments };
            assert_eq!(gsm(units), expected);
        }
        assert_eq!(measure(&format!("{}€", "a".repeat(159))).segments, 2);
        assert_eq!(measure(&format!("{}€", "a".repeat(158))).segments, 1);
        assert_eq!(measure(&"€".repeat(80)).segments, 1);
        assert_eq!(measure(&"€".repeat(81)).segments, 2);
        // A segment of 153 holds 76 pairs, so one septet of each is lost.
        assert_eq!(measure(&"€".repeat(152)).segments, 2);
        assert_eq!(measure(&"€".repeat(153)).segments, 3);
    }

    #[test]
    fn the_limits_of_ucs2() {
        for (units, segments) in [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)] {
            let expected =
                Measure { coding: Coding::Ucs2, forced_by: Some('ж'), units: units as u32, segments };
            assert_eq!(cyrillic(units), expected);
        }
        let emoji = measure("😀");
        assert_eq!((emoji.coding, emoji.forced_by, emoji.units), (Coding::Ucs2, Some('😀'), 2));
        assert_eq!(measure(&"😀".repeat(35)).segments, 1);
        assert_eq!(measure(&"😀".repeat(36)).segments, 2);
        // A segment of 67 holds 33 pairs.
        assert_eq!(measure(&"😀".repeat(66)).segments, 2);
        assert_eq!(measure(&"😀".repeat(67)).segments, 3);
    }

    #[test]
    fn the_first_character_to_force_is_named() {
        assert_eq!(measure("Smörgåsbord for £5, naïve?").forced_by, Some('ï'));
        assert_eq!(measure("tick ` and “quotes”").forced_by, Some('`'));
        assert_eq!(measure("cedilla: Ç, not ç").forced_by, Some('ç'));
        assert_eq!(measure("ΔΦΓΛΩΠΨΣΘΞ").coding, Coding::Gsm7);
    }

    #[test]
    fn long_texts_saturate() {
        let measure = measure(&"ж".repeat(67 * 70_000));
        assert_eq!((measure.units, measure.segments), (67 * 70_000, u16::MAX));
        assert_eq!(gsm(153 * 70_000).segments, u16::MAX);
    }

    #[test]
    fn septets_by_character() {
        for c in "\u{0C}^{}\\[~]|€".chars() {
            assert_eq!(gsm_septets(c), Some(2), "{c:?}");
        }
        for c in "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ ¤¡ÄÖÑÜ§¿äöñüà".chars()
        {
            assert_eq!(gsm_septets(c), Some(1), "{c:?}");
        }
        for c in ['`', 'ç', '\t', '\0', '\u{1B}', '\u{7F}', 'Α', '‚', '😀'] {
            assert_eq!(gsm_septets(c), None, "{c:?}");
        }
    }

    #[test]
    fn odd_septets_are_read() {
        assert_eq!(decode_gsm(&[0x1B, 0x65]), "€");
        assert_eq!(decode_gsm(&[0x1B, 0x41]), "A");
        assert_eq!(decode_gsm(&[0x1B]), " ");
        assert_eq!(decode_gsm(&[0x1B, 0x1B, 0x65]), " e");
        assert_eq!(decode_gsm(&[0x00, 0x80, 0xFF]), "@\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn odd_utf16_is_read() {
        assert_eq!(decode_ucs2(&[0x04, 0x36, 0xD8]), "ж\u{FFFD}");
        assert_eq!(decode_ucs2(&[0xD8, 0x3D, 0x00, 0x41]), "\u{FFFD}A");
        assert_eq!(encode_ucs2("€😀"), [0x20, 0xAC, 0xD8, 0x3D, 0xDE, 0x00]);
    }

    #[test]
    fn codes_are_reversible() {
        for coding in [Coding::Gsm7, Coding::Ucs2] {
            assert_eq!(Coding::from_code(coding.code()), Some(coding));
        }
        assert_eq!(Coding::from_code(2), None);
        assert_eq!((Coding::Gsm7.word(), Coding::Ucs2.word()), ("gsm", "ucs2"));
    }
}
