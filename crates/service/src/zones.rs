//! Local times: a zone is named by its id of the IANA database, which is part of the program.

use std::sync::LazyLock;

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

/// The ids of all zones: `UTC`, then the others by the alphabet.
pub fn names() -> &'static [String] {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let database = TimeZoneDatabase::bundled();
        let known = database.available().map(|name| name.to_string());
        let mut names: Vec<String> = known.filter(|name| name != "UTC" && zone(name).is_some()).collect();
        names.sort_unstable();
        names.dedup();
        names.insert(0, "UTC".to_owned());
        names
    });
    &NAMES
}

/// What the clocks of a zone show at a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    /// Seconds ahead of UTC.
    pub offset: i32,
    /// Whether they show summer time.
    pub summer: bool,
}

/// What the clocks of a zone show at a second; `None` where there is no such zone.
pub fn clocks(id: &str, second: u32) -> Option<Clocks> {
    let zone = zone(id)?;
    let instant = jiff::Timestamp::from_second(i64::from(second)).ok()?;
    let info = zone.to_offset_info(instant);
    Some(Clocks { offset: info.offset().seconds(), summer: info.dst().is_dst() })
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
    fn names_and_clocks() {
        assert_eq!(names()[0], "UTC");
        assert!(
            names().len() > 300 && names()[1..].is_sorted() && names().iter().all(|id| zone(id).is_some())
        );
        let summer = at("2024-07-01T12:00:00", "UTC").expect("in range");
        assert_eq!(clocks("Europe/Paris", summer), Some(Clocks { offset: 7200, summer: true }));
        assert_eq!(clocks("UTC", summer), Some(Clocks::default()));
        assert_eq!(clocks("Mars/Base", summer), None);
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
