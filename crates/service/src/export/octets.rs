//! Writing octets by hand: what a row is made of, without a `String` in between.

use sms::{Micros, Money};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Appends the decimal digits of `value`.
pub(super) fn number(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// Appends an amount as its shortest exact decimal; what [`Money`]'s `Display` gives.
pub(super) fn money(out: &mut Vec<u8>, money: Money) {
    let value = money.millionths();
    if value < 0 {
        out.push(b'-');
    }
    let value = value.unsigned_abs();
    out.extend_from_slice(itoa::Buffer::new().format(value / 1_000_000).as_bytes());
    let mut rest = (value % 1_000_000) as u32;
    if rest == 0 {
        return;
    }
    let mut digits = [b'.', 0, 0, 0, 0, 0, 0];
    for digit in digits[1..].iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let length = digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
    out.extend_from_slice(&digits[..length]);
}

/// Appends `value` as eight lower-case hex digits.
pub(super) fn hex(out: &mut Vec<u8>, value: u32) {
    let mut text = [0; 8];
    for (pair, octet) in text.chunks_exact_mut(2).zip(value.to_be_bytes()) {
        pair[0] = HEX[usize::from(octet >> 4)];
        pair[1] = HEX[usize::from(octet & 15)];
    }
    out.extend_from_slice(&text);
}

/// Writes instants as RFC 3339 in UTC. Instants of a row are mostly of one day, so the day is worked out once.
pub(super) struct Instants {
    day: i64,
    text: [u8; 20],
}

impl Instants {
    /// A writer that knows no day yet.
    pub(super) fn new() -> Self {
        Self { day: i64::MIN, text: *b"0000-00-00T00:00:00Z" }
    }

    /// Appends `at`: whole seconds, and six digits of a fraction only where there is one; what
    /// [`Micros`]'s `Display` gives.
    pub(super) fn write(&mut self, out: &mut Vec<u8>, at: Micros) {
        let seconds = at.get().div_euclid(1_000_000);
        let micros = at.get().rem_euclid(1_000_000) as u32;
        let day = seconds.div_euclid(86_400);
        if day != self.day {
            self.turn_to(day, at);
        }
        let second = seconds.rem_euclid(86_400) as u32;
        for (place, value) in [(11, second / 3600), (14, second / 60 % 60), (17, second % 60)] {
            self.put(place, value);
        }
        if micros == 0 {
            out.extend_from_slice(&self.text);
            return;
        }
        out.extend_from_slice(&self.text[..19]);
        let mut fraction = *b".000000Z";
        let mut rest = micros;
        for digit in fraction[1..7].iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        out.extend_from_slice(&fraction);
    }

    fn turn_to(&mut self, day: i64, at: Micros) {
        let civil = at.civil();
        let year = civil.year.clamp(0, 9999) as u32;
        for (place, value) in [(0, year / 100), (2, year % 100), (5, civil.month), (8, civil.day)] {
            self.put(place, value);
        }
        self.day = day;
    }

    fn put(&mut self, place: usize, value: u32) {
        self.text[place] = b'0' + (value / 10 % 10) as u8;
        self.text[place + 1] = b'0' + (value % 10) as u8;
    }
}

/// Appends `text` as the inside of a JSON string: `"`, `\` and control characters escaped, all else as it is.
pub(super) fn escaped(out: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    while let Some(place) = first_escaped(rest) {
        let (plain, from) = rest.split_at(place);
        out.extend_from_slice(plain);
        let Some((&octet, behind)) = from.split_first() else { return };
        escape(out, octet);
        rest = behind;
    }
    out.extend_from_slice(rest);
}

#[cold]
fn escape(out: &mut Vec<u8>, octet: u8) {
    let short = match octet {
        b'"' | b'\\' => octet,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0C => b'f',
        _ => {
            out.extend_from_slice(&[
                b'\\',
                b'u',
                b'0',
                b'0',
                HEX[usize::from(octet >> 4)],
                HEX[usize::from(octet & 15)],
            ]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

/// Where the first octet stands that a JSON string escapes.
fn first_escaped(octets: &[u8]) -> Option<usize> {
    let words = octets.chunks_exact(8);
    let tail = octets.len() - words.remainder().len();
    let is_escaped = |octet: &u8| *octet < 0x20 || *octet == b'"' || *octet == b'\\';
    for (index, word) in words.enumerate() {
        let Ok(word) = <[u8; 8]>::try_from(word) else { continue };
        if has_escaped(u64::from_le_bytes(word))
            && let Some(place) = word.iter().position(is_escaped)
        {
            return Some(index * 8 + place);
        }
    }
    octets[tail..].iter().position(is_escaped).map(|place| tail + place)
}

/// Whether any of eight octets is to be escaped, found by subtraction that borrows from an octet's top bit
/// only where the octet is small.
fn has_escaped(word: u64) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const TOPS: u64 = ONES << 7;
    let zero_in = |word: u64| word.wrapping_sub(ONES) & !word;
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    (control | zero_in(word ^ (ONES * u64::from(b'"'))) | zero_in(word ^ (ONES * u64::from(b'\\')))) & TOPS
        != 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    proptest! {
        #[test]
        fn strings_read_back(text in "([ -~]|\\PC|[\\x00-\\x1f\"\\\\]){0,60}") {
            let json = format!("\"{}\"", written(|out| escaped(out, &text)));
            prop_assert_eq!(serde_json::from_str::<String>(&json).expect("a string"), text);
        }

        #[test]
        fn the_first_escaped_octet_is_found(octets: Vec<u8>) {
            let expected = octets.iter().position(|octet| *octet < 0x20 || b"\"\\".contains(octet));
            prop_assert_eq!(first_escaped(&octets), expected);
        }

        #[test]
        fn amounts_and_instants_are_as_displayed(value: i64, micros in proptest::collection::vec(0..=Micros::MAX.get(), 1..4)) {
            let amount = Money::from_millionths(value);
            prop_assert_eq!(written(|out| money(out, amount)), amount.to_string());
            let mut instants = Instants::new();
            for micros in micros {
                for at in [Micros::new(micros), Micros::new(micros - micros % 1_000_000)] {
                    prop_assert_eq!(written(|out| instants.write(out, at)), at.to_string());
                }
            }
        }

        #[test]
        fn numbers_are_as_displayed(value: u32) {
            prop_assert_eq!(written(|out| number(out, value)), value.to_string());
            prop_assert_eq!(written(|out| hex(out, value)), format!("{value:08x}"));
        }
    }
}
