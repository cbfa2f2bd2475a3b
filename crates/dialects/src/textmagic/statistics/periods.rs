//! The periods of statistics: from when to when, and how that is cut.

use jiff::ToSpan;
use jiff::civil::Date;
use service::zones;

use super::super::fields::{Fields, Wrong};

/// The most periods of one answer: more than a year of days.
const MOST: usize = 400;

/// A stretch of time, in seconds since 1970, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Bounds {
    /// Its first second.
    pub(in super::super) from: u32,
    /// Its last.
    pub(in super::super) to: u32,
}

impl Bounds {
    /// `start` and `end` in UNIX seconds, and what they are when they are not given.
    pub(in super::super) fn of(query: &Fields, usual: (u32, u32)) -> Result<Self, Wrong> {
        let second = |name, usual: u32| {
            let second = query.integer(name)?.unwrap_or_else(|| i64::from(usual));
            u32::try_from(second).map_err(|_| query.wrong(name, "This value is not a valid time."))
        };
        let to = second("end", usual.1)?;
        // Without a start it is as long before the end as it usually is before now.
        let from = second("start", to.saturating_sub(usual.1 - usual.0))?;
        if from > to {
            return Err(query.wrong("end", "This value should not be before the start."));
        }
        Ok(Self { from, to })
    }
}

/// How a stretch of time is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum By {
    /// Not at all.
    Off,
    /// At midnight.
    Day,
    /// At the first of each month.
    Month,
    /// At the first of each year.
    Year,
}

impl By {
    /// `by`.
    pub(in super::super) fn of(query: &Fields) -> Result<Self, Wrong> {
        Ok(match query.word("by", &["off", "day", "month", "year"])? {
            Some("day") => Self::Day,
            Some("month") => Self::Month,
            Some("year") => Self::Year,
            _ => Self::Off,
        })
    }

    /// The periods, earliest first, each with the second of its name; those at the ends are cut to the bounds.
    /// `None` when there are more than an answer holds.
    pub(in super::super) fn periods(self, bounds: Bounds, zone: &str) -> Option<Vec<(Option<u32>, Bounds)>> {
        if self == Self::Off {
            return Some(vec![(None, bounds)]);
        }
        let zone = zones::zone(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        let midnight = |date: Date| zones::second_of(date.at(0, 0, 0, 0), &zone);
        let mut date = self.begin(zones::local_of(bounds.from, &zone).date());
        let mut periods = Vec::new();
        loop {
            let begin = midnight(date).unwrap_or(0);
            let next = self.next(date);
            let end = next.and_then(midnight).map_or(u32::MAX, |next| next.saturating_sub(1));
            let within = Bounds { from: begin.max(bounds.from), to: end.min(bounds.to) };
            periods.push((Some(begin), within));
            match next {
                Some(next) if end < bounds.to => date = next,
                _ => return Some(periods),
            }
            if periods.len() == MOST {
                return None;
            }
        }
    }

    fn begin(self, date: Date) -> Date {
        match self {
            Self::Off | Self::Day => date,
            Self::Month => date.first_of_month(),
            Self::Year => date.first_of_year(),
        }
    }

    fn next(self, date: Date) -> Option<Date> {
        let span = match self {
            Self::Off | Self::Day => 1.day(),
            Self::Month => 1.month(),
            Self::Year => 1.year(),
        };
        date.checked_add(span).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u32 = 86_400;
    /// 2024-06-15T00:00:00Z.
    const JUNE: u32 = 1_718_409_600;

    #[test]
    fn periods_cover_everything_once() {
        let bounds = Bounds { from: JUNE + 3600, to: JUNE + 40 * DAY };
        for by in [By::Off, By::Day, By::Month, By::Year] {
            for zone in ["UTC", "America/Los_Angeles", "Asia/Kathmandu"] {
                let periods = by.periods(bounds, zone).expect("few");
                assert_eq!(periods[0].1.from, bounds.from);
                assert_eq!(periods.last().expect("one").1.to, bounds.to);
                let gaps = periods.windows(2).filter(|pair| pair[0].1.to + 1 != pair[1].1.from);
                assert_eq!(gaps.count(), 0, "{by:?} {zone}");
            }
        }
        let days = By::Day.periods(bounds, "UTC").expect("few");
        assert_eq!((days.len(), days[0].0, days[1].0), (41, Some(JUNE), Some(JUNE + DAY)));
        assert_eq!(By::Month.periods(bounds, "UTC").expect("few").len(), 2);
        assert_eq!(By::Year.periods(bounds, "UTC").expect("few").len(), 1);
        assert_eq!(By::Off.periods(bounds, "UTC"), Some(vec![(None, bounds)]));
    }

    #[test]
    fn there_may_be_too_many() {
        let all = Bounds { from: 0, to: u32::MAX };
        assert_eq!(By::Day.periods(all, "UTC"), None);
        assert_eq!(By::Year.periods(all, "UTC").map(|years| years.len()), Some(137));
    }
}
