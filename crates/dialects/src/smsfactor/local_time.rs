//! Dates without a zone, `2025-02-03 04:05:06`, which are Europe/Paris time in and out (reference 1.8, 5.19).

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan};
use sms::Micros;

static PARIS: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZoneDatabase::bundled().get(ZONE).expect("the bundled database has Europe/Paris"));

/// The zone's id.
pub(super) const ZONE: &str = "Europe/Paris";

/// Seconds since 1970 of a moment: a local date, or the form `YYYY-MM-DDThh:mm:ssZ` that one client sends,
/// which is UTC. Of a date that occurs twice the first is meant.
pub(super) fn moment(text: &str) -> Option<i64> {
    match text.strip_suffix('Z') {
        Some(utc) if text.len() == 20 && text.get(10..11) == Some("T") => {
            let local = civil(&utc.replacen('T', " ", 1))?;
            Some(Offset::UTC.to_timestamp(local).ok()?.as_second())
        }
        _ => read(text, Bound::Start),
    }
}

/// Which end of a period a date is. It decides how a date is read that occurs twice (the hour repeated in
/// autumn) or never (the hour left out in spring), such that a record is inside exactly when its own text
/// can be compared and is not outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// The first moment inside.
    Start,
    /// The last second inside.
    End,
}

/// Seconds since 1970 of a bound in the form `Y-m-d H:i:s`; `None` for anything else. A day of 29 to 31
/// beyond the month's end rolls over, as PHP's dates do (5.2). Years far outside of the ledger's range are
/// the extreme values.
pub(super) fn read(text: &str, bound: Bound) -> Option<i64> {
    let local = civil(text)?;
    match local.year() {
        ..1960 => return Some(i64::MIN),
        2200.. => return Some(i64::MAX),
        _ => {}
    }
    let at = |offset: Offset| offset.to_timestamp(local).ok();
    let moment = match (PARIS.to_ambiguous_timestamp(local).offset(), bound) {
        (AmbiguousOffset::Unambiguous { offset }, _) => at(offset)?,
        (AmbiguousOffset::Fold { before, .. }, Bound::Start) => at(before)?,
        (AmbiguousOffset::Fold { after, .. }, Bound::End) => at(after)?,
        (AmbiguousOffset::Gap { after, .. }, _) => {
            // With the later offset the moment lies before the leap, which is then the next one.
            let leap = PARIS.following(at(after)?).next()?.timestamp();
            return Some(leap.as_second() - i64::from(bound == Bound::End));
        }
    };
    Some(moment.as_second())
}

/// The date and time of day that a text of exactly that form says, rolled over.
fn civil(text: &str) -> Option<DateTime> {
    let octets: &[u8; 19] = text.as_bytes().try_into().ok()?;
    let shape = b"dddd-dd-dd dd:dd:dd";
    let fits = |(octet, wanted): (&u8, &u8)| match wanted {
        b'd' => octet.is_ascii_digit(),
        literal => octet == literal,
    };
    if !octets.iter().zip(shape).all(fits) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let small = |from: usize| i8::try_from(number(from, from + 2)?).ok();
    let (month, day) = (small(5)?, small(8)?);
    if !(1..=31).contains(&day) {
        return None;
    }
    let first = Date::new(number(0, 4)?, month, 1).ok()?;
    let time = jiff::civil::Time::new(small(11)?, small(14)?, small(17)?, 0).ok()?;
    Some(first.checked_add((i64::from(day) - 1).days()).ok()?.to_datetime(time))
}

/// Prints moments as local dates. Remembers the stretch between two changes of the offset in which the last
/// one fell, since the dates of a page lie close together.
#[derive(Debug, Default)]
pub(super) struct LocalTime {
    /// First second of the stretch.
    from: i64,
    /// First second behind it.
    until: i64,
    /// Seconds east of Greenwich in it.
    offset: i64,
}

impl LocalTime {
    /// The local date of a moment, in seconds since 1970.
    pub(super) fn text(&mut self, seconds: u32) -> String {
        let moment = i64::from(seconds);
        if !(self.from..self.until).contains(&moment) {
            self.look_up(moment);
        }
        let mut text = String::with_capacity(19);
        Micros::new((moment + self.offset) * 1_000_000).write_seconds(&mut text);
        text.replace_range(10..11, " ");
        text
    }

    /// The same with its offset, in the form of ISO 8601: `2025-02-03T04:05:06+01:00`.
    pub(super) fn iso(&mut self, seconds: u32) -> String {
        let mut text = self.text(seconds);
        text.replace_range(10..11, "T");
        let minutes = self.offset.abs() / 60;
        let sign = if self.offset < 0 { '-' } else { '+' };
        text.push_str(&format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60));
        text
    }

    fn look_up(&mut self, moment: i64) {
        // Every 32-bit count of seconds is a moment the library knows.
        let at = Timestamp::from_second(moment).unwrap_or(Timestamp::UNIX_EPOCH);
        // What comes before a moment is asked strictly, so from one second later.
        let later = Timestamp::from_second(moment + 1).unwrap_or(at);
        self.offset = i64::from(PARIS.to_offset(at).seconds());
        self.from = PARIS.preceding(later).next().map_or(i64::MIN, |change| change.timestamp().as_second());
        self.until = PARIS.following(at).next().map_or(i64::MAX, |change| change.timestamp().as_second());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Option<i64> {
        Some(text.parse::<Timestamp>().expect("a moment").as_second())
    }

    fn both(text: &str) -> [Option<i64>; 2] {
        [Bound::Start, Bound::End].map(|bound| read(text, bound))
    }

    #[test]
    fn winter_and_summer() {
        assert_eq!(both("2025-02-03 04:05:06"), [utc("2025-02-03T03:05:06Z"); 2]);
        assert_eq!(both("2025-07-03 04:05:06"), [utc("2025-07-03T02:05:06Z"); 2]);
        assert_eq!(both("1970-01-01 01:00:00"), [Some(0); 2]);
    }

    #[test]
    fn days_beyond_the_month_roll_over() {
        for (text, moment) in [
            ("2023-09-31 23:59:59", "2023-10-01T21:59:59Z"),
            ("2023-02-29 00:00:00", "2023-02-28T23:00:00Z"),
            ("2023-02-30 00:00:00", "2023-03-01T23:00:00Z"),
            ("2023-02-31 00:00:00", "2023-03-02T23:00:00Z"),
            ("2024-02-29 00:00:00", "2024-02-28T23:00:00Z"),
            ("2024-02-30 00:00:00", "2024-02-29T23:00:00Z"),
        ] {
            assert_eq!(both(text), [utc(moment); 2], "{text}");
        }
    }

    #[test]
    fn the_hour_left_out() {
        let leap = utc("2025-03-30T01:00:00Z");
        for text in ["2025-03-30 02:00:00", "2025-03-30 02:30:00", "2025-03-30 02:59:59"] {
            assert_eq!(both(text), [leap, leap.map(|leap| leap - 1)], "{text}");
        }
        assert_eq!(both("2025-03-30 01:59:59"), [leap.map(|leap| leap - 1); 2]);
        assert_eq!(both("2025-03-30 03:00:00"), [leap; 2]);
    }

    #[test]
    fn the_hour_repeated() {
        let texts = ["2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z"];
        assert_eq!(both("2025-10-26 02:30:00"), texts.map(utc));
    }

    #[test]
    fn far_years() {
        assert_eq!(both("9999-12-31 23:59:59"), [Some(i64::MAX); 2]);
        assert_eq!(both("0000-01-01 00:00:00"), [Some(i64::MIN); 2]);
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "yesterday",
            "2023-09-01",
            "2023/09/01 00:00:00",
            "01-09-2023 00:00:00",
            "2023-09-01T00:00:00",
            "2023-09-01 00:00",
            "2023-09-01 00:00:00Z",
            " 2023-09-01 00:00:00",
            "2023-13-01 00:00:00",
            "2023-00-01 00:00:00",
            "2023-09-00 00:00:00",
            "2023-09-32 00:00:00",
            "2023-09-01 24:00:00",
            "2023-09-01 23:60:00",
            "2023-09-01 23:59:60",
            "+023-09-01 00:00:00",
            "2023-09-01 00:00:0é",
            "٢023-09-01 00:00:0",
            "' OR 1=1 --        ",
        ] {
            assert_eq!(both(text), [None; 2], "{text}");
        }
    }

    #[test]
    fn with_their_offset() {
        let mut local = LocalTime::default();
        assert_eq!(local.iso(1_700_000_000), "2023-11-14T23:13:20+01:00");
        assert_eq!(local.iso(1_690_000_000), "2023-07-22T06:26:40+02:00");
    }

    #[test]
    fn texts_agree_with_the_calendar_library() {
        let mut local = LocalTime::default();
        // Half an hour less eleven seconds, forwards over two years and back again.
        let forwards = (1_700_000_000u32..1_763_000_000).step_by(1789);
        let far = [0, 1, u32::MAX, 1_743_296_399, 1_743_296_400, 1_761_440_399, 1_761_440_400];
        for seconds in forwards.clone().chain(forwards.rev()).chain(far) {
            let zoned = Timestamp::from_second(seconds.into()).expect("in range").to_zoned(PARIS.clone());
            let text = local.text(seconds);
            assert_eq!(text, zoned.strftime("%Y-%m-%d %H:%M:%S").to_string());
            let [start, end] = both(&text).map(|bound| bound.expect("its own form is read"));
            assert!((start..=end).contains(&i64::from(seconds)), "{text}");
        }
    }
}
