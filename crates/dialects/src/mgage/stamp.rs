//! Dates as a caller writes them: `2014-12-05T10:00:00`, GMT, without a zone.

use jiff::civil::DateTime;

/// Parts of a second that the longest fraction tells apart.
const TICKS: i64 = 10_000_000;

/// A date of the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// As it was written, to be repeated in a link.
    pub(super) text: String,
    /// Ten-millionths of a second since 1970.
    ticks: i64,
    /// Whether it was written with a fraction, and so means a point instead of a whole second.
    exact: bool,
}

impl Stamp {
    /// Reads `YYYY-MM-DDTHH:MM:SS`, with at most seven digits of fraction and `Z` or `+00:00` behind it.
    /// (A query's decoder makes a blank of a `+` that the caller did not encode, so a blank is read as one.)
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (plain, rest) = text.split_at_checked(19)?;
        let numbers = read_numbers(plain.as_bytes())?;
        let zoneless = ["Z", "+00:00", " 00:00"].iter().find_map(|zone| rest.strip_suffix(zone));
        let rest = zoneless.unwrap_or(rest);
        let exact = !rest.is_empty();
        let fraction = if exact { read_fraction(rest.strip_prefix('.')?)? } else { 0 };
        let [year, month, day, hour, minute, second] = numbers;
        let small = |number: i16| i8::try_from(number).ok();
        let date =
            DateTime::new(year, small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?, 0)
                .ok()?;
        let seconds = date.duration_since(DateTime::new(1970, 1, 1, 0, 0, 0, 0).ok()?).as_secs();
        Some(Self { text: text.to_owned(), ticks: seconds * TICKS + fraction, exact })
    }

    /// The first whole second, since 1970, that is not before it.
    pub(super) fn first_second(&self) -> i64 {
        -(-self.ticks).div_euclid(TICKS)
    }

    /// The last whole second, since 1970, that it still covers as an end.
    pub(super) fn last_second(&self) -> i64 {
        self.ticks.div_euclid(TICKS)
    }

    /// Whether, as a start, it lies behind `end`; an end without a fraction covers its whole second.
    pub(super) fn is_later_than(&self, end: &Self) -> bool {
        self.ticks > if end.exact { end.ticks } else { end.ticks + TICKS - 1 }
    }
}

/// Year, month, day, hour, minute and second of `0000-00-00T00:00:00`.
fn read_numbers(text: &[u8]) -> Option<[i16; 6]> {
    const LAYOUT: &[u8; 19] = b"0000-00-00T00:00:00";
    let mut numbers = [0i16; 6];
    let mut at = 0;
    for (octet, wanted) in text.iter().zip(LAYOUT) {
        match wanted {
            b'0' if octet.is_ascii_digit() => {
                let number = numbers.get_mut(at)?;
                *number = *number * 10 + i16::from(octet - b'0');
            }
            b'0' => return None,
            _ if octet == wanted => at += 1,
            _ => return None,
        }
    }
    Some(numbers)
}

/// One to seven digits as ten-millionths.
fn read_fraction(digits: &str) -> Option<i64> {
    if !(1..=7).contains(&digits.len()) || !digits.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    format!("{digits:0<7}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<(i64, i64)> {
        Stamp::parse(text).map(|stamp| (stamp.first_second(), stamp.last_second()))
    }

    #[test]
    fn forms() {
        let at = 1_417_773_600;
        for text in ["2014-12-05T10:00:00", "2014-12-05T10:00:00Z", "2014-12-05T10:00:00+00:00"] {
            assert_eq!(seconds(text), Some((at, at)), "{text}");
        }
        for text in ["2014-12-05T10:00:00.5", "2014-12-05T10:00:00.0000001Z", "2014-12-05T10:00:00.99 00:00"]
        {
            assert_eq!(seconds(text), Some((at + 1, at)), "{text}");
        }
        assert_eq!(seconds("2014-12-05T10:00:00.00"), Some((at, at)));
        assert_eq!(seconds("1969-12-31T23:59:59.5"), Some((0, -1)));
        assert_eq!(seconds("9999-12-31T23:59:59"), Some((253_402_300_799, 253_402_300_799)));
        assert!(seconds("0000-01-01T00:00:00").is_some() && seconds("2024-02-29T00:00:00").is_some());
    }

    #[test]
    fn refusals() {
        for text in [
            "2020-13-45T99:00:00",
            "2023-02-29T00:00:00",
            "2020-01-01T24:00:00",
            "2020-01-01T00:00:60",
            "2020-01-01",
            "2020-01-01 00:00:00",
            "2020-01-01T00:00:00.",
            "2020-01-01T00:00:00.12345678",
            "2020-01-01T00:00:00+01:00",
            "2020-01-01T00:00:00ZZ",
            "2020-01-01T00:00:00z",
            "-020-01-01T00:00:00",
            "yesterday",
            "05/12/2014",
            "2020-01-01T00:00:0٣",
            "' OR 1=1 --",
            "",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn an_end_covers_its_second() {
        let stamp = |text| Stamp::parse(text).expect("valid");
        let later = |start, end| stamp(start).is_later_than(&stamp(end));
        assert!(!later("2020-01-01T00:00:05.99", "2020-01-01T00:00:05"));
        assert!(later("2020-01-01T00:00:05.99", "2020-01-01T00:00:05.98"));
        assert!(later("2020-01-01T00:00:06", "2020-01-01T00:00:05"));
        assert!(!later("2020-01-01T00:00:05", "2020-01-01T00:00:05"));
    }
}
