//! Instants as UTC microseconds, and the fixed layouts that lists print by the million.

use std::fmt;

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(i64);

impl Micros {
    /// The earliest date the ledger keeps: 1970-01-01T00:00:00Z.
    pub const MIN: Self = Self(0);
    /// The latest: the last second of an unsigned 32-bit count, in February 2106.
    pub const MAX: Self = Self(u32::MAX as i64 * 1_000_000 + 999_999);

    /// From microseconds.
    pub fn new(micros: i64) -> Self {
        Self(micros)
    }

    /// From whole seconds.
    pub fn from_seconds(seconds: u32) -> Self {
        Self(i64::from(seconds) * 1_000_000)
    }

    /// In microseconds.
    pub fn get(self) -> i64 {
        self.0
    }

    /// Whole seconds, rounded down; clamped to the ledger's range.
    pub fn seconds(self) -> u32 {
        u32::try_from(self.0.div_euclid(1_000_000).max(0)).unwrap_or(u32::MAX)
    }

    /// Whether the ledger can keep this instant.
    pub fn in_range(self) -> bool {
        (Self::MIN..=Self::MAX).contains(&self)
    }

    /// The present, from the system's clock.
    pub fn now() -> Self {
        Self(jiff::Timestamp::now().as_microsecond())
    }

    /// Reads RFC 3339 (`2018-10-23T17:43:19Z`, with fraction or offset).
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let stamp: jiff::Timestamp = text.parse().ok()?;
        Some(Self(stamp.as_microsecond()))
    }

    /// Year, month, day, hour, minute, second (UTC) and microsecond.
    pub fn civil(self) -> Civil {
        let seconds = self.0.div_euclid(1_000_000);
        let days = seconds.div_euclid(86_400);
        let second = seconds.rem_euclid(86_400) as u32;
        // Days to civil date, by counting from 0000-03-01 in eras of 400 years.
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_shifted = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * month_shifted + 2) / 5 + 1) as u32;
        let month = if month_shifted < 10 { month_shifted + 3 } else { month_shifted - 9 } as u32;
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Civil {
            year: year as i32,
            month,
            day,
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
            micro: self.0.rem_euclid(1_000_000) as u32,
        }
    }

    /// Appends `YYYY-MM-DDThh:mm:ss` (UTC, no zone): the common head of the vendors' forms.
    pub fn write_seconds(self, out: &mut String) {
        let civil = self.civil();
        let mut text = *b"0000-00-00T00:00:00";
        let mut put = |at: usize, value: u32| {
            text[at] = b'0' + (value / 10 % 10) as u8;
            text[at + 1] = b'0' + (value % 10) as u8;
        };
        let year = civil.year.clamp(0, 9999) as u32;
        put(0, year / 100);
        put(2, year % 100);
        put(5, civil.month);
        put(8, civil.day);
        put(11, civil.hour);
        put(14, civil.minute);
        put(17, civil.second);
        out.push_str(std::str::from_utf8(&text).unwrap_or_default());
    }
}

impl fmt::Display for Micros {
    /// RFC 3339 in UTC with `Z`; a fraction of six digits only when there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(28);
        self.write_seconds(&mut text);
        match self.0.rem_euclid(1_000_000) {
            0 => write!(f, "{text}Z"),
            micro => write!(f, "{text}.{micro:06}Z"),
        }
    }
}

/// A civil date and time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the field names say it")]
pub struct Civil {
    pub year: i32,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
    pub micro: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_the_calendar_library(micros in 0i64..=Micros::MAX.get()) {
            let ours = Micros::new(micros);
            let theirs = jiff::Timestamp::from_microsecond(micros).expect("in range");
            let mut text = String::new();
            ours.write_seconds(&mut text);
            prop_assert_eq!(text, theirs.strftime("%Y-%m-%dT%H:%M:%S").to_string());
            prop_assert_eq!(Micros::parse_rfc3339(&ours.to_string()), Some(ours));
        }
    }

    #[test]
    fn reads_offsets() {
        let instant = Micros::parse_rfc3339("2018-10-23T19:43:19+02:00").expect("valid");
        assert_eq!(instant.to_string(), "2018-10-23T17:43:19Z");
        assert_eq!(Micros::parse_rfc3339("2018-10-23"), None);
    }
}
