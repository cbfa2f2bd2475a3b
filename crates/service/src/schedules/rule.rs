//! Rules of recurrence: the one place that knows the library which follows them.
//!
//! A rule is followed on the clock's face (as if it were UTC), and each time it names is then looked up in
//! its zone: 09:00 stays 09:00 when clocks change. A time that clocks leap over comes after the leap.

use std::str::FromStr;

use jiff::tz::TimeZone;
use rrule::RRuleSet;

use crate::plan::Recurrence;
use crate::zones;

/// The longest rule, in octets.
const LONGEST: usize = 500;

/// Times looked at for the last one of a rule.
const MOST_TIMES: usize = 4000;

/// A rule of recurrence.
#[derive(Clone, Debug)]
pub struct Rule {
    set: RRuleSet,
    /// Whether the rule names its end.
    ends: bool,
    zone: TimeZone,
}

/// Why a rule cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// There is no zone of this id.
    #[error("there is no time zone \"{0}\"")]
    Zone(String),
    /// It is no rule, in the library's words.
    #[error("{0}")]
    Syntax(String),
    /// It recurs more than once an hour.
    #[error("nothing recurs more than once an hour")]
    TooOften,
    /// It names no time to come.
    #[error("it names no time to come")]
    Never,
}

impl Rule {
    /// Reads a rule; `zone` is that of one which names none.
    pub fn read(recurrence: &Recurrence, zone: &TimeZone) -> Result<Self, RuleError> {
        let zone = match &recurrence.zone {
            Some(id) => zones::zone(id).ok_or_else(|| RuleError::Zone(id.clone()))?,
            None => zone.clone(),
        };
        let rule = on_the_clocks_face(&recurrence.rule, &zone)?;
        let start = stamp(zones::local_of(recurrence.start, &zone));
        let set = RRuleSet::from_str(&format!("DTSTART:{start}\nRRULE:{rule}"))
            .map_err(|error| RuleError::Syntax(error.to_string()))?;
        let ends = rule.split(';').any(|part| part.starts_with("COUNT=") || part.starts_with("UNTIL="));
        Ok(Self { set: set.limit(), ends, zone })
    }

    /// The first time that the rule names after `second`, both in seconds since 1970.
    pub fn after(&self, second: u32) -> Option<u32> {
        // Rising, save where clocks go back.
        self.times().find(|time| *time > second)
    }

    /// The last time that the rule names, in seconds since 1970; `None` where it has no end, or more than
    /// some thousand times before it.
    pub fn last(&self) -> Option<u32> {
        if !self.ends {
            return None;
        }
        let mut times = self.times();
        let last = times.by_ref().take(MOST_TIMES).last();
        last.filter(|_| times.next().is_none())
    }

    fn times(&self) -> impl Iterator<Item = u32> {
        (&self.set).into_iter().map_while(|time| {
            let shown = u32::try_from(time.timestamp()).ok()?;
            zones::second_of(zones::local_of(shown, &TimeZone::UTC), &self.zone)
        })
    }
}

/// The rule in the library's way of writing, its end as the zone's clocks show it.
fn on_the_clocks_face(rule: &str, zone: &TimeZone) -> Result<String, RuleError> {
    let rule = rule.trim().to_ascii_uppercase();
    let rule = rule.strip_prefix("RRULE:").unwrap_or(&rule).trim_end_matches(';');
    if rule.len() > LONGEST || rule.contains(char::is_whitespace) {
        return Err(RuleError::Syntax("a rule is one word of at most 500 characters".to_owned()));
    }
    let mut parts = Vec::new();
    for part in rule.split(';') {
        let (name, value) = part
            .split_once('=')
            .ok_or_else(|| RuleError::Syntax(format!("\"{part}\" is no part of a rule")))?;
        match name {
            "FREQ" if matches!(value, "SECONDLY" | "MINUTELY") => return Err(RuleError::TooOften),
            "BYMINUTE" | "BYSECOND" if value.contains(',') => return Err(RuleError::TooOften),
            "UNTIL" => parts.push(format!("UNTIL={}", until(value, zone)?)),
            _ => parts.push(part.to_owned()),
        }
    }
    Ok(parts.join(";"))
}

/// The end of a rule: a date is its whole day, a time ending in `Z` is UTC, another the zone's own.
fn until(value: &str, zone: &TimeZone) -> Result<String, RuleError> {
    let wrong = || RuleError::Syntax(format!("UNTIL={value} is no date"));
    if value.len() == 8 && value.bytes().all(|octet| octet.is_ascii_digit()) {
        return Ok(format!("{value}T235959Z"));
    }
    let (local, utc) = value.strip_suffix('Z').map_or((value, false), |local| (local, true));
    let local = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%S", local).map_err(|_| wrong())?;
    if !utc {
        return Ok(stamp(local));
    }
    let second = zones::second_of(local, &TimeZone::UTC).ok_or_else(wrong)?;
    Ok(stamp(zones::local_of(second, zone)))
}

fn stamp(local: jiff::civil::DateTime) -> String {
    local.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(local: &str, zone: &str) -> u32 {
        let zone = zones::zone(zone).expect("a zone");
        zones::second_of(local.parse().expect("a time"), &zone).expect("in range")
    }

    fn recurrence(rule: &str, start: &str) -> Recurrence {
        let zone = "Europe/Paris".to_owned();
        Recurrence { rule: rule.to_owned(), start: second(start, &zone), zone: Some(zone) }
    }

    /// The times that a rule names, as clocks in Paris show them.
    fn times(rule: &str, start: &str, count: usize) -> Vec<String> {
        let recurrence = recurrence(rule, start);
        let rule = Rule::read(&recurrence, &TimeZone::UTC).expect("a rule");
        let zone = zones::zone("Europe/Paris").expect("a zone");
        let next = |second: &u32| rule.after(*second);
        let times = std::iter::successors(rule.after(recurrence.start - 1), next).take(count);
        times.map(|second| zones::local_of(second, &zone).to_string()).collect()
    }

    #[test]
    fn rules_count_from_their_start() {
        assert_eq!(
            times("FREQ=DAILY;INTERVAL=2;COUNT=3;", "2024-01-30T09:00:00", 9),
            ["2024-01-30T09:00:00", "2024-02-01T09:00:00", "2024-02-03T09:00:00"]
        );
        assert_eq!(
            times("rrule:freq=weekly;byday=mo,th", "2024-01-30T09:00:00", 2),
            ["2024-02-01T09:00:00", "2024-02-05T09:00:00"]
        );
        assert_eq!(
            times("FREQ=MONTHLY;UNTIL=20240401T000000Z", "2024-01-31T09:00:00", 9),
            ["2024-01-31T09:00:00", "2024-03-31T09:00:00"]
        );
        assert_eq!(times("FREQ=DAILY;UNTIL=20240131", "2024-01-30T09:00:00", 9).len(), 2);
    }

    #[test]
    fn the_last_time_where_there_is_one() {
        let last = |rule: &str| {
            let recurrence = recurrence(rule, "2024-01-30T09:00:00");
            Rule::read(&recurrence, &TimeZone::UTC).expect("a rule").last()
        };
        let paris = |local| Some(second(local, "Europe/Paris"));
        assert_eq!(last("FREQ=DAILY;COUNT=3"), paris("2024-02-01T09:00:00"));
        assert_eq!(last("FREQ=WEEKLY;UNTIL=20240213"), paris("2024-02-13T09:00:00"));
        assert_eq!(last("FREQ=DAILY"), None);
        assert_eq!(last("FREQ=HOURLY;COUNT=60000"), None);
    }

    #[test]
    fn the_clock_stays_when_clocks_change() {
        assert_eq!(
            times("FREQ=DAILY", "2024-03-30T09:00:00", 3),
            ["2024-03-30T09:00:00", "2024-03-31T09:00:00", "2024-04-01T09:00:00"]
        );
        // 02:30 does not exist on the 31st.
        assert_eq!(
            times("FREQ=DAILY", "2024-03-30T02:30:00", 3),
            ["2024-03-30T02:30:00", "2024-03-31T03:30:00", "2024-04-01T02:30:00"]
        );
        let hours = times("FREQ=HOURLY", "2024-03-31T01:00:00", 3);
        assert_eq!(hours, ["2024-03-31T01:00:00", "2024-03-31T03:00:00", "2024-03-31T04:00:00"]);
    }

    #[test]
    fn refusals() {
        let read = |rule: &str| Rule::read(&recurrence(rule, "2024-01-30T09:00:00"), &TimeZone::UTC);
        for rule in ["FREQ=MINUTELY", "FREQ=SECONDLY;COUNT=2", "FREQ=DAILY;BYMINUTE=1,2"] {
            assert_eq!(read(rule).err(), Some(RuleError::TooOften), "{rule}");
        }
        for rule in ["", "DAILY", "FREQ=NEVER", "FREQ=DAILY\nDTSTART:x", "FREQ=DAILY;UNTIL=soon"] {
            assert!(matches!(read(rule), Err(RuleError::Syntax(_))), "{rule}");
        }
        let nowhere = Recurrence { rule: "FREQ=DAILY".to_owned(), start: 1, zone: Some("X/Y".to_owned()) };
        assert_eq!(Rule::read(&nowhere, &TimeZone::UTC).err(), Some(RuleError::Zone("X/Y".to_owned())));
        // The 30th of February never comes, and looking for it ends.
        let never = read("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30").map(|rule| rule.after(1));
        assert!(matches!(never, Ok(None) | Err(RuleError::Syntax(_))));
    }
}
