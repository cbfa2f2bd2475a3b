//! Dates as receipts write them.

use jiff::civil::DateTime;
use sms::Micros;

/// Reads the date of a receipt: `YYMMDDhhmm`, with seconds, with a year of four digits, with any separators,
/// with a zone behind (`Z`, `+0200`, `+02:00`, `-05`), in SMPP's own form (`YYMMDDhhmmsstnnp`), or as
/// seconds or milliseconds since 1970. `zone` is in minutes east of UTC, for dates that name none. `None`
/// where it is no date.
pub fn parse_date(text: &str, zone: i32) -> Option<Micros> {
    Some(parse(text, zone)?.0)
}

/// When what a receipt tells of happened, of which it came at `received`. The form of the specification says the
/// minute alone: of that minute the end that we know of, the arrival, is nearer to the truth than its beginning,
/// which often lies before the submission.
pub(super) fn parse_moment(text: &str, zone: i32, received: Micros) -> Option<Micros> {
    let (date, has_seconds) = parse(text, zone)?;
    let within = (0..60_000_000).contains(&received.get().saturating_sub(date.get()));
    Some(if within && !has_seconds { received } else { date })
}

/// A date, and whether it says the second.
fn parse(text: &str, zone: i32) -> Option<(Micros, bool)> {
    let text = text.trim();
    let (digits, zone) = match smpp_zone(text) {
        Some(found) => found,
        None => split_zone(text, zone)?,
    };
    let civil = if digits.len() >= 10 { civil(&digits) } else { None };
    match civil {
        Some((civil, has_seconds)) => {
            let micros = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_microsecond();
            Some((Micros::new(micros - i64::from(zone) * 60_000_000), has_seconds))
        }
        None => epoch(&digits).map(|date| (date, true)),
    }
    .filter(|(date, _)| date.in_range())
}

/// The form of the example in the specification: `YYMMDDhhmm`, in UTC.
pub fn write_date(date: Micros) -> String {
    let civil = date.civil();
    let year = civil.year.rem_euclid(100);
    format!("{year:02}{:02}{:02}{:02}{:02}", civil.month, civil.day, civil.hour, civil.minute)
}

/// `YYMMDDhhmmsstnnp`: tenths of a second, quarters of an hour from UTC, and the direction.
fn smpp_zone(text: &str) -> Option<(String, i32)> {
    let (head, sign) = text.split_at_checked(15)?;
    if !head.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    let quarters: i32 = head.get(13..)?.parse().ok().filter(|quarters| *quarters <= 56)?;
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    Some((head.get(..12)?.to_owned(), sign * quarters * 15))
}

/// The digits of the date, and the zone behind it in minutes.
fn split_zone(text: &str, default: i32) -> Option<(String, i32)> {
    let tail = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    // A sign is a zone's only behind a whole date; before that a dash is a separator.
    let mut seen = 0;
    let mut date = String::new();
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        match c {
            '0'..='9' => {
                seen += 1;
                date.push(c);
            }
            '+' | '-' if seen >= 10 => {
                let minutes = zone_minutes(&tail(rest))?;
                return Some((date, if c == '-' { -minutes } else { minutes }));
            }
            'Z' | 'z' if seen >= 10 => return Some((date, 0)),
            // A fraction of a second.
            '.' | ',' if seen == 14 || (seen == 12 && text.len() > at + 1) => {
                let zone = rest.find(['+', '-', 'Z', 'z']);
                let Some(zone) = zone else { return Some((date, default)) };
                let (_, zone) = rest.split_at(zone);
                return split_zone(&format!("{date}{zone}"), default);
            }
            ' ' | '-' | ':' | '/' | '.' | 'T' | 't' => {}
            _ => return None,
        }
    }
    Some((date, default))
}

fn zone_minutes(digits: &str) -> Option<i32> {
    let (hours, minutes) = match digits.len() {
        2 => (digits, "0"),
        4 => digits.split_at_checked(2)?,
        _ => return None,
    };
    let hours: i32 = hours.parse().ok().filter(|hours| *hours <= 14)?;
    let minutes: i32 = minutes.parse().ok().filter(|minutes| *minutes < 60)?;
    Some(hours * 60 + minutes)
}

/// The date of 10, 12 or 14 digits, and whether it has seconds. Twelve are read with seconds first, because a year of four digits then
/// makes no month.
fn civil(digits: &str) -> Option<(DateTime, bool)> {
    let part = |from: usize| digits.get(from..from + 2).and_then(|part| part.parse::<i8>().ok());
    let read = |year: i16, month: usize, seconds: bool| {
        let second = if seconds { part(month + 8)? } else { 0 };
        let (hour, minute) = (part(month + 4)?, part(month + 6)?);
        // A leap second, or a day's end written as 24:00, is not worth losing the date for.
        let date =
            DateTime::new(year, part(month)?, part(month + 2)?, hour, minute, second.min(59), 0).ok()?;
        Some((date, seconds))
    };
    let short = || part(0).map(|year| 2_000 + i16::from(year));
    let long = || digits.get(..4)?.parse::<i16>().ok().filter(|year| (1970..2106).contains(year));
    match digits.len() {
        10 => read(short()?, 2, false),
        12 => read(short()?, 2, true).or_else(|| read(long()?, 4, false)),
        14 => read(long()?, 4, true),
        _ => None,
    }
}

fn epoch(digits: &str) -> Option<Micros> {
    let value: i64 = digits.parse().ok()?;
    match digits.len() {
        10 => Some(Micros::new(value * 1_000_000)),
        13 => Some(Micros::new(value * 1_000)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(minutes in 15_778_080u32..67_000_000) {
            // From 2000 on: the form has two digits of the year.
            let date = Micros::from_seconds(minutes * 60);
            prop_assert_eq!(parse_date(&write_date(date), 0), Some(date));
        }

        #[test]
        fn any_text_is_read_or_not(text in "[0-9 :+TZ.-]{0,30}|\\PC{0,30}", zone in -900i32..900) {
            parse_date(&text, zone);
        }
    }

    #[test]
    fn writings_of_one_moment() {
        for text in [
            "1810231743",
            "181023174300",
            "20181023174300",
            "201810231743",
            "2018-10-23 17:43:00",
            "2018-10-23T17:43:00Z",
            "2018-10-23T17:43:00.000Z",
            "2018/10/23 17:43",
            "18-10-23 17:43",
            "1810231943+0200",
            "181023194300+02:00",
            "2018-10-23T12:43:00-05",
            "181023194300008+",
            "181023124300020-",
            "1540316580",
            "1540316580000",
            " 1810231743 ",
        ] {
            let date = parse_date(text, 0).map(|date| date.to_string());
            assert_eq!(date.as_deref(), Some("2018-10-23T17:43:00Z"), "{text}");
        }
        assert_eq!(parse_date("1810231943", 120), parse_date("1810231743", 0));
        assert_eq!(parse_date("1810231743Z", 120), parse_date("1810231743", 0));
    }

    #[test]
    fn a_minute_is_as_late_as_it_can_have_been() {
        let time = |text| Micros::parse_rfc3339(text).expect("a time");
        let arrived = "2018-10-23T17:43:21.500000Z";
        for (text, at) in [
            ("1810231743", arrived),
            ("201810231743", arrived),
            ("1810231943+0200", arrived),
            // It says the second.
            ("181023174300", "2018-10-23T17:43:00Z"),
            ("2018-10-23 17:43:19", "2018-10-23T17:43:19Z"),
            ("1540316580", "2018-10-23T17:43:00Z"),
            // It came later, or the clocks differ.
            ("1810231742", "2018-10-23T17:42:00Z"),
            ("1810231744", "2018-10-23T17:44:00Z"),
        ] {
            assert_eq!(parse_moment(text, 0, time(arrived)), Some(time(at)), "{text}");
        }
        assert_eq!(parse_moment("never", 0, time(arrived)), None);
    }

    #[test]
    fn what_is_no_date() {
        for text in
            ["", "0", "0000000000", "181023", "1813231743x", "never", "1810231743+99", "999999999999999"]
        {
            let date = parse_date(text, 0);
            assert!(date.is_none_or(|date| date == Micros::MIN), "{text}: {date:?}");
        }
    }
}
