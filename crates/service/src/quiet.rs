//! Quiet hours: when an account does not write to people.

use jiff::civil::{DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::zones;

/// Seconds of a step through an hour that clocks show twice.
const STEP: u32 = 600;
/// Minutes of a day.
const DAY: u16 = 24 * 60;
/// How often a moment is moved from one period into the next before it is taken as it is: periods that leave
/// no free minute in a fortnight are an operator's mistake, not a reason to keep messages for ever.
const MOST_MOVES: usize = 64;

/// A period of the day in which nothing is sent, by the clocks of the account's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// Its first minute of the day: 21:00 is 1260.
    pub from: u16,
    /// The first minute after it; not after `from` it is of the next day.
    pub to: u16,
    /// The days it begins on, 1 Monday to 7 Sunday; empty is every day.
    #[serde(default)]
    pub days: Vec<u8>,
    /// Whether it holds for promotional messages only.
    #[serde(default)]
    pub promotional_only: bool,
}

impl QuietHours {
    /// What is wrong with it, if anything is.
    pub fn fault(&self) -> Option<&'static str> {
        if self.from >= DAY || self.to >= DAY {
            return Some("quiet hours are minutes of a day, 0 to 1439");
        }
        if self.from == self.to {
            return Some("quiet hours begin and end at the same minute");
        }
        let days = self.days.iter().all(|day| (1..=7).contains(day));
        (!days).then_some("days are 1 (Monday) to 7 (Sunday)")
    }

    fn begins_on(&self, day: Weekday) -> bool {
        let day = day.to_monday_one_offset();
        self.days.is_empty() || self.days.iter().any(|known| i16::from(*known) == i16::from(day))
    }

    /// When it ends, by the same clocks, if `local` is in it.
    fn end(&self, local: DateTime) -> Option<DateTime> {
        let minute = local.hour() as u16 * 60 + local.minute() as u16;
        let today = local.date();
        let over_midnight = self.to < self.from;
        if minute >= self.from && (over_midnight || minute < self.to) && self.begins_on(today.weekday()) {
            let last = if over_midnight { today.tomorrow().ok()? } else { today };
            return Some(last.to_datetime(time_of(self.to)));
        }
        let yesterday = today.yesterday().ok()?;
        let still = over_midnight && minute < self.to && self.begins_on(yesterday.weekday());
        still.then(|| today.to_datetime(time_of(self.to)))
    }
}

fn time_of(minute: u16) -> Time {
    Time::new((minute / 60) as i8, (minute % 60) as i8, 0, 0).unwrap_or_default()
}

/// The first second at or after `second` that is in none of the quiet hours.
pub(crate) fn after_quiet(second: u32, quiet: &[QuietHours], promotional: bool, zone: &TimeZone) -> u32 {
    let mut second = second;
    for _ in 0..MOST_MOVES {
        if quiet.is_empty() {
            break;
        }
        let local = zones::local_of(second, zone);
        let applies = quiet.iter().filter(|hours| promotional || !hours.promotional_only);
        let Some(end) = applies.filter_map(|hours| hours.end(local)).max() else { break };
        let end = zones::second_of(end, zone).unwrap_or(u32::MAX);
        // Where clocks go back, the end may seem to lie before the moment itself: then in small steps.
        second = if end > second { end } else { second.saturating_add(STEP) };
    }
    second
}

#[cfg(test)]
mod tests {
    use super::*;

    fn night() -> QuietHours {
        QuietHours { from: 21 * 60, to: 8 * 60, days: Vec::new(), promotional_only: false }
    }

    fn moved(quiet: &[QuietHours], local: &str, promotional: bool) -> String {
        let paris = zones::zone("Europe/Paris").expect("a zone");
        let second = zones::second_of(local.parse().expect("a time"), &paris).expect("in range");
        zones::local_of(after_quiet(second, quiet, promotional, &paris), &paris).to_string()
    }

    #[test]
    fn nights_end_in_the_morning() {
        for (from, to) in [
            ("2024-06-03T20:59:59", "2024-06-03T20:59:59"),
            ("2024-06-03T21:00:00", "2024-06-04T08:00:00"),
            ("2024-06-04T07:59:59", "2024-06-04T08:00:00"),
            ("2024-06-04T08:00:00", "2024-06-04T08:00:00"),
            // The night in which clocks leap is an hour shorter, and ends by the clock all the same.
            ("2024-03-30T23:00:00", "2024-03-31T08:00:00"),
        ] {
            assert_eq!(moved(&[night()], from, false), to, "{from}");
        }
    }

    #[test]
    fn days_and_kinds() {
        let sunday = QuietHours { from: 0, to: 1439, days: vec![7], promotional_only: true };
        assert_eq!(moved(std::slice::from_ref(&sunday), "2024-06-02T12:00:00", true), "2024-06-02T23:59:00");
        assert_eq!(moved(std::slice::from_ref(&sunday), "2024-06-02T12:00:00", false), "2024-06-02T12:00:00");
        // One leads into the other.
        assert_eq!(moved(&[sunday, night()], "2024-06-02T12:00:00", true), "2024-06-03T08:00:00");
        let friday_night = QuietHours { days: vec![5], ..night() };
        assert_eq!(
            moved(std::slice::from_ref(&friday_night), "2024-06-08T02:00:00", false),
            "2024-06-08T08:00:00"
        );
        assert_eq!(moved(&[friday_night], "2024-06-07T02:00:00", false), "2024-06-07T02:00:00");
    }

    #[test]
    fn an_end_that_clocks_show_twice() {
        // From 01:00 to 02:30, on the night in which 02:00 to 03:00 comes twice.
        let hours = [QuietHours { from: 60, to: 150, ..night() }];
        let paris = zones::zone("Europe/Paris").expect("a zone");
        let first =
            zones::second_of("2024-10-27T02:10:00".parse().expect("a time"), &paris).expect("in range");
        assert_eq!(after_quiet(first, &hours, false, &paris), first + 1200);
        let again = after_quiet(first + 3600, &hours, false, &paris);
        assert!((first + 3600 + 1200..=first + 3600 + 1800).contains(&again));
    }

    #[test]
    fn faults() {
        assert_eq!(night().fault(), None);
        assert!(QuietHours { from: 1440, ..night() }.fault().is_some());
        assert!(QuietHours { to: 21 * 60, ..night() }.fault().is_some());
        assert!(QuietHours { days: vec![0], ..night() }.fault().is_some());
    }

    #[test]
    fn no_free_minute_ends_all_the_same() {
        let halves = [QuietHours { from: 0, to: 720, ..night() }, QuietHours { from: 720, to: 0, ..night() }];
        assert!(after_quiet(1_700_000_000, &halves, false, &TimeZone::UTC) > 1_700_000_000);
    }
}
