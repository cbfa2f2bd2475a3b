//! How dates, amounts, numbers and senders are written.

use serde::{Serialize, Serializer};
use sms::sender::MIN_DIGITS;
use sms::{Micros, Money};

/// The most digits of a number, of a sender too.
const MOST_DIGITS: usize = sms::phone::MAX_DIGITS;
/// The most characters of a sender that is a name.
pub(super) const LONGEST_NAME: usize = 11;
/// The fewest.
const SHORTEST_NAME: usize = 3;

/// An instant as `2018-10-23T17:43:21Z`: UTC, whole seconds.
pub(super) fn stamp(at: Micros) -> String {
    Micros::from_seconds(at.seconds()).to_string()
}

/// An instant as `2019-11-01T16:32:18.253`: UTC without saying so, milliseconds.
pub(super) fn stamp_in_milliseconds(at: Micros) -> String {
    fraction(at, 1000, 3)
}

/// An instant as `2019-11-01T16:32:18.2530000+00:00`: UTC, seven digits of a second.
pub(super) fn stamp_in_ticks(at: Micros) -> String {
    fraction(at, 1, 6) + "0+00:00"
}

/// An instant with a fraction of a second of so many digits, each unit of it so many microseconds.
fn fraction(at: Micros, unit: u32, digits: usize) -> String {
    let mut text = String::with_capacity(34);
    at.write_seconds(&mut text);
    let fraction = at.civil().micro / unit;
    text.push_str(&format!(".{fraction:0digits$}"));
    text
}

/// Whether a text is digits alone, and not too many: how v2 writes numbers.
pub(super) fn is_msisdn(text: &str) -> bool {
    (1..=MOST_DIGITS).contains(&text.len()) && text.bytes().all(|octet| octet.is_ascii_digit())
}

/// A sender as v2 takes it: digits, before which a plus is passed over, or a name of letters and digits. What
/// is wrong with any other, to go on after its name.
pub(super) fn sender(text: &str) -> Result<String, String> {
    let sender = match text.strip_prefix('+') {
        Some(digits) if digits.bytes().all(|octet| octet.is_ascii_digit()) => digits,
        _ => text,
    };
    if sender.is_empty() {
        return Err("must not be empty".to_owned());
    }
    if !sender.bytes().all(|octet| octet.is_ascii_alphanumeric()) {
        return Err("must have no other characters than 0-9, A-Z and a-z".to_owned());
    }
    let is_number = sender.bytes().all(|octet| octet.is_ascii_digit());
    let allowed = if is_number { MIN_DIGITS..=MOST_DIGITS } else { SHORTEST_NAME..=LONGEST_NAME };
    if allowed.contains(&sender.len()) {
        return Ok(sender.to_owned());
    }
    let what = if is_number { "digits" } else { "characters" };
    Err(format!("must have {} to {} {what}", allowed.start(), allowed.end()))
}

/// An amount as a JSON number: exact to the millionth, whole amounts without a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Amount(pub(super) Money);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const UNIT: i64 = 1_000_000;
        let millionths = self.0.millionths();
        if millionths % UNIT == 0 {
            serializer.serialize_i64(millionths / UNIT)
        } else {
            serializer.serialize_f64(self.0.as_f64())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        let text =
            |millionths| serde_json::to_string(&Amount(Money::from_millionths(millionths))).expect("ok");
        assert_eq!(text(41_600), "0.0416");
        assert_eq!(text(0), "0");
        assert_eq!(text(3_000_000), "3");
        assert_eq!(text(123_456_789_012_345), "123456789.012345");
    }

    #[test]
    fn senders() {
        for (given, taken) in [
            ("iP1", "iP1"),
            ("TwelveMinus", "TwelveMinus"),
            ("46101606060", "46101606060"),
            ("+46101606060", "46101606060"),
            ("123456789012345", "123456789012345"),
            ("1a2", "1a2"),
        ] {
            assert_eq!(sender(given).as_deref(), Ok(taken));
        }
        let long = "1".repeat(16);
        for bad in ["", "+", "ab", "TwelveLetter", &long, "a b", " abc", "Å12", "+iP1", "12", "a\n12"] {
            assert!(sender(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn stamps() {
        let at = Micros::new(1_540_316_601_999_999);
        assert_eq!(stamp(at), "2018-10-23T17:43:21Z");
        assert_eq!(stamp_in_milliseconds(at), "2018-10-23T17:43:21.999");
        assert_eq!(stamp_in_ticks(at), "2018-10-23T17:43:21.9999990+00:00");
        assert_eq!(stamp_in_ticks(Micros::new(1_000_042)), "1970-01-01T00:00:01.0000420+00:00");
    }
}
