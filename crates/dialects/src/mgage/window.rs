//! What an export may see: a year back from now, cut by the caller's dates.

use sms::id::MAX_NUMBER;
use sms::{Micros, Number};

use super::parameters::{Parameters, count};
use super::stamp::Stamp;

/// What a walk may see, fixed when it began and carried by its links: while it goes on, the year moves and
/// scheduled messages fall due, but every page is cut from the same whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    /// The highest message number.
    pub(super) number: Number,
    /// The earliest date, in seconds since 1970.
    pub(super) from: u32,
    /// The latest date.
    pub(super) to: u32,
}

impl Bound {
    /// Reads `number-from-to`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-').map(count);
        let bound = Self { number: parts.next()??, from: parts.next()??, to: parts.next()?? };
        (parts.next().is_none() && bound.number <= MAX_NUMBER).then_some(bound)
    }
}

/// Dates of an export, both inclusive, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// The earliest.
    pub(super) from: u32,
    /// The latest. Never past the present: what is scheduled is left out until it is due.
    pub(super) to: u32,
}

impl Window {
    /// The window of a request made at `now`; `None` when nothing can lie in it.
    pub(super) fn of(asked: &Parameters, now: Micros) -> Option<Self> {
        let (earliest, latest) = match asked.bound {
            Some(bound) => (bound.from, bound.to.min(now.seconds())),
            None => (a_year_before(now), now.seconds()),
        };
        let from = asked.start.as_ref().map_or(i64::from(earliest), Stamp::first_second);
        let to = asked.end.as_ref().map_or(i64::from(latest), Stamp::last_second);
        let from = u32::try_from(from.max(i64::from(earliest))).ok()?;
        let to = u32::try_from(to.min(i64::from(latest))).ok()?;
        (from <= to).then_some(Self { from, to })
    }
}

/// The same day and time of the year before, in seconds since 1970; the 28th for the 29th of February.
pub(super) fn a_year_before(now: Micros) -> u32 {
    let leap = |year: i32| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let civil = now.civil();
    let february_29_between = if civil.month > 2 { leap(civil.year) } else { leap(civil.year - 1) };
    // From the 29th of February it is 366 days to the 28th of the year before.
    let on_february_29 = civil.month == 2 && civil.day == 29;
    let days = 365 + u32::from(february_29_between || on_february_29);
    now.seconds().saturating_sub(days * 86_400)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_year_agrees_with_the_calendar_library(second in 40_000_000u32..) {
            let zoned = jiff::Timestamp::from_second(i64::from(second)).expect("in range");
            let civil = jiff::tz::TimeZone::UTC.to_datetime(zoned);
            let before = civil.checked_sub(jiff::Span::new().years(1)).expect("a year before");
            let expected = before.to_zoned(jiff::tz::TimeZone::UTC).expect("UTC").timestamp().as_second();
            prop_assert_eq!(i64::from(a_year_before(Micros::from_seconds(second))), expected);
        }
    }

    fn at(text: &str) -> Micros {
        Micros::parse_rfc3339(text).expect("valid")
    }

    #[test]
    fn a_year_is_a_calendar_year() {
        for (now, before) in [
            ("2025-06-01T10:00:00Z", "2024-06-01T10:00:00Z"),
            ("2024-06-01T10:00:00.9Z", "2023-06-01T10:00:00Z"),
            ("2025-01-31T00:00:00Z", "2024-01-31T00:00:00Z"),
            ("2025-03-01T00:00:00Z", "2024-03-01T00:00:00Z"),
            ("2024-02-28T00:00:00Z", "2023-02-28T00:00:00Z"),
            ("2024-02-29T12:00:00Z", "2023-02-28T12:00:00Z"),
            ("2024-03-01T00:00:00Z", "2023-03-01T00:00:00Z"),
            ("2025-02-28T23:59:59Z", "2024-02-28T23:59:59Z"),
            ("2101-01-05T00:00:00Z", "2100-01-05T00:00:00Z"),
            ("1970-06-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(a_year_before(at(now)), at(before).seconds(), "{now}");
        }
    }

    #[test]
    fn windows() {
        let now = at("2025-06-01T10:00:00Z");
        let window = |query: &str| {
            let asked = Parameters::read(query).expect("valid");
            Window::of(&asked, now).map(|window| {
                let text = |seconds| Micros::from_seconds(seconds).to_string();
                (text(window.from), text(window.to))
            })
        };
        let is = |query: &str, from: &str, to: &str| {
            assert_eq!(window(query), Some((from.to_owned(), to.to_owned())), "{query}");
        };
        is("", "2024-06-01T10:00:00Z", "2025-06-01T10:00:00Z");
        is("startDate=2020-01-01T00:00:00", "2024-06-01T10:00:00Z", "2025-06-01T10:00:00Z");
        is("startDate=2025-01-01T00:00:00.5", "2025-01-01T00:00:01Z", "2025-06-01T10:00:00Z");
        is("endDate=2025-01-01T00:00:00.5", "2024-06-01T10:00:00Z", "2025-01-01T00:00:00Z");
        is("endDate=9999-12-31T23:59:59", "2024-06-01T10:00:00Z", "2025-06-01T10:00:00Z");
        let second = "startDate=2025-01-01T00:00:05&endDate=2025-01-01T00:00:05";
        is(second, "2025-01-01T00:00:05Z", "2025-01-01T00:00:05Z");
        for empty in [
            "endDate=2020-01-01T00:00:00",
            "endDate=0000-01-01T00:00:00",
            "startDate=2025-06-01T10:00:01",
            "startDate=9999-01-01T00:00:00",
            "startDate=2025-01-01T00:00:05.5&endDate=2025-01-01T00:00:05.9",
        ] {
            assert_eq!(window(empty), None, "{empty}");
        }
        // A walk that began a minute ago still sees what was a year old then, and nothing that fell due since.
        let from = at("2024-06-01T09:59:00Z").seconds();
        let to = at("2025-06-01T09:59:00Z").seconds();
        is(&format!("bound=9-{from}-{to}"), "2024-06-01T09:59:00Z", "2025-06-01T09:59:00Z");
        is(&format!("bound=9-{from}-4294967295"), "2024-06-01T09:59:00Z", "2025-06-01T10:00:00Z");
    }
}
