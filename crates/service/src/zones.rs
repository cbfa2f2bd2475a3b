//! Local times: a zone is named by its id of the IANA database, which is part of the program.

use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// The zone of an id such as `Europe/Paris` or `UTC`, in any case; `None` where the database has none.
pub fn zone(id: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(id).ok()
}

/// The second, since 1970, at which clocks of a zone show a time. A time that the clocks show twice is the
/// first, one that they leap over is as long after the leap as it would have been after its beginning.
/// `None` before 1970 and after February 2106.
pub fn second_of(local: DateTime, zone: &TimeZone) -> Option<u32> {
    let instant = zone.to_ambiguous_timestamp(local).compatible().ok()?;
    u32::try_from(instant.as_second()).ok()
}

/// The time that clocks of a zone show at a second.
pub fn local_of(second: u32, zone: &TimeZone) -> DateTime {
    // Every unsigned 32-bit count of seconds is within the library's range.
    jiff::Timestamp::from_second(i64::from(second))
        .map(|instant| zone.to_datetime(instant))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, id: &str) -> Option<u32> {
        second_of(text.parse().expect("a date"), &zone(id).expect("a zone"))
    }

    #[test]
    fn zones_by_id() {
        assert!(zone("America/Buenos_Aires").is_some() && zone("europe/paris").is_some());
        assert!(zone("Europe/Atlantis").is_none() && zone("").is_none());
        assert_eq!(at("2024-07-01T12:00:00", "Europe/Paris"), Some(1_719_828_000));
        assert_eq!(at("2024-01-01T12:00:00", "UTC"), Some(1_704_110_400));
        assert_eq!(at("1969-12-31T23:59:59", "UTC"), None);
        assert_eq!(at("2200-01-01T00:00:00", "UTC"), None);
    }

    #[test]
    fn clocks_that_change() {
        // 02:30 does not exist on the last Sunday of March, and exists twice on that of October.
        assert_eq!(at("2024-03-31T02:30:00", "Europe/Paris"), at("2024-03-31T03:30:00", "Europe/Paris"));
        let first = at("2024-10-27T02:30:00", "Europe/Paris").expect("in range");
        assert_eq!(at("2024-10-27T03:30:00", "Europe/Paris"), Some(first + 7200));
        let paris = zone("Europe/Paris").expect("a zone");
        assert_eq!(local_of(first + 3600, &paris), local_of(first, &paris));
    }
}
