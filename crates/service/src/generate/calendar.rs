//! When people write: by day more than by night, on working days more than at weekends, and more of it
//! month by month.

use sms::Micros;

/// How busy each hour of the day is (UTC).
const HOURS: [u64; 24] =
    [2, 1, 1, 1, 2, 5, 12, 24, 40, 52, 55, 50, 44, 46, 48, 46, 44, 40, 34, 28, 20, 14, 8, 4];

/// How busy each day of the week is, from Monday.
const DAYS: [u64; 7] = [100, 105, 104, 102, 98, 46, 32];

const HOUR: i64 = 3_600_000_000;

/// The hours of a span of time, with the share of traffic up to each.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    begin: Micros,
    /// Sums of weights: before the first hour, behind each hour.
    sums: Vec<u64>,
}

impl Calendar {
    /// The `hours` before `end`.
    pub(super) fn new(end: Micros, hours: u32) -> Self {
        let begin = Micros::new((end.get() - i64::from(hours) * HOUR).max(0));
        let hours = (end.get() - begin.get()).div_euclid(HOUR).max(1) as u64;
        let mut sums = Vec::with_capacity(hours as usize + 1);
        let mut sum = 0;
        sums.push(sum);
        for hour in 0..hours {
            let absolute = (begin.get() / HOUR) as u64 + hour;
            // 1970-01-01 was a Thursday.
            let day = DAYS[((absolute / 24 + 3) % 7) as usize];
            let growth = 1000 + 800 * hour / hours;
            sum += HOURS[(absolute % 24) as usize] * day * growth;
            sums.push(sum);
        }
        Self { begin, sums }
    }

    /// The instant up to which the share `part` of `whole` of the traffic has passed; rises with `part`.
    pub(super) fn at(&self, part: u64, whole: u64) -> Micros {
        let total = self.sums.last().copied().unwrap_or(0);
        let scaled = |value: u64, by: u64, over: u64| {
            (u128::from(value) * u128::from(by) / u128::from(over.max(1))) as u64
        };
        let passed = scaled(total, part.min(whole), whole);
        let hour = self.sums.partition_point(|sum| *sum <= passed).saturating_sub(1).min(self.sums.len() - 2);
        let (before, behind) = (self.sums[hour], self.sums[hour + 1]);
        let within = scaled(HOUR as u64, passed - before, behind - before) as i64;
        Micros::new(self.begin.get() + hour as i64 * HOUR + within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn time_rises_and_stays_within(end in 0i64..4_000_000_000, hours in 1u32..20_000, parts in proptest::collection::vec(0u64..=1000, 2..20)) {
            let end = Micros::new(end * 1_000_000);
            let calendar = Calendar::new(end, hours);
            let mut parts = parts;
            parts.sort_unstable();
            let instants: Vec<Micros> = parts.iter().map(|part| calendar.at(*part, 1000)).collect();
            prop_assert!(instants.is_sorted());
            prop_assert!(instants[0] >= Micros::MIN);
            prop_assert!(instants.iter().all(|at| at.get() <= end.get().max(HOUR)));
        }
    }

    #[test]
    fn days_are_busier_than_nights() {
        let end = Micros::parse_rfc3339("2026-03-01T00:00:00Z").expect("a date");
        let calendar = Calendar::new(end, 24 * 28);
        let by_day =
            (0..1000).filter(|part| (8..18).contains(&calendar.at(*part, 1000).civil().hour)).count();
        assert!((600..850).contains(&by_day), "{by_day}");
    }
}
