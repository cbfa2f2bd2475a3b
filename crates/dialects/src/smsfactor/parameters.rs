//! Parameters of lists: period, page, sort and words, each refused by name when it makes no sense
//! (reference 2.1, 5.2 to 5.8). Absent and empty are the same; of a doubled one the last counts.

use super::error::Failure;
use super::local_time::{self, Bound};
use crate::kit::{ParamError, Params};

/// The most records of a page; a larger `length` is this (5.7).
const MOST: u32 = 1000;

/// The records of a page when `length` is not given.
const USUAL: u32 = 100;

/// A refusal that names the parameter.
fn refused(parameter: &'static str, problem: &'static str) -> Failure {
    Failure::Data { parameter, problem }
}

/// The text of a parameter, if it has one.
pub(super) fn text<'p>(params: &'p Params, name: &'static str) -> Result<Option<&'p str>, Failure> {
    params.last(name).map_err(|error| match error {
        ParamError::NotText => refused(name, "is not valid UTF-8"),
        ParamError::Doubled => refused(name, "is given more than once"),
    })
}

/// A parameter whose value is one of a closed set, as `read` knows it.
pub(super) fn word<T>(
    params: &Params,
    name: &'static str,
    problem: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Failure> {
    text(params, name)?.map(|value| read(value).ok_or_else(|| refused(name, problem))).transpose()
}

/// A period, both ends inside, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    /// The first second.
    pub(super) from: u32,
    /// The last second.
    pub(super) to: u32,
}

/// The period between `date_start` and `date_end`, which both must be given; `None` when nothing can lie in
/// it, since it ends before it starts or lies outside of all time that is kept.
pub(super) fn period(params: &Params) -> Result<Option<Period>, Failure> {
    let bound = |name, bound| {
        let text = text(params, name)?.ok_or_else(|| refused(name, "is missing"))?;
        let problem = "is not a date of the form YYYY-MM-DD hh:mm:ss";
        local_time::read(text, bound).ok_or_else(|| refused(name, problem))
    };
    let (start, end) = (bound("date_start", Bound::Start)?, bound("date_end", Bound::End)?);
    let kept = 0..=i64::from(u32::MAX);
    if start > end || start > *kept.end() || end < *kept.start() {
        return Ok(None);
    }
    let clamp = |moment: i64| u32::try_from(moment.max(0)).unwrap_or(u32::MAX);
    Ok(Some(Period { from: clamp(start), to: clamp(end) }))
}

/// Which stretch of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Records passed over.
    pub(super) start: u64,
    /// Records wanted at most: 1 to 1000.
    pub(super) length: u32,
}

/// `start` and `length`.
pub(super) fn stretch(params: &Params) -> Result<Stretch, Failure> {
    let start = text(params, "start")?.map_or(Some(0), whole);
    let start = start.ok_or_else(|| refused("start", "is not a whole number of 0 or more"))?;
    let length = text(params, "length")?.map_or(Some(USUAL), |text| whole(text).filter(|length| *length > 0));
    let length = length.ok_or_else(|| refused("length", "is not a whole number of 1 or more"))?;
    Ok(Stretch { start: start.into(), length: length.min(MOST) })
}

/// Digits as a number; one too large is the largest, past every record.
fn whole(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u32::MAX))
}

/// `sort`: a key of `keys` in either case, and whether a `-` before it turns the order round.
pub(super) fn sort<T: Copy>(
    params: &Params,
    keys: &[(&str, T)],
    problem: &'static str,
) -> Result<Option<(T, bool)>, Failure> {
    word(params, "sort", problem, |value| {
        let (key, descending) = value.strip_prefix('-').map_or((value, false), |key| (key, true));
        let found = keys.iter().find(|(known, _)| known.eq_ignore_ascii_case(key));
        found.map(|(_, sort)| (*sort, descending))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(query: &str) -> Params {
        Params::parse(query.as_bytes())
    }

    fn problem<T>(result: Result<T, Failure>) -> Option<String> {
        result.err().map(|failure| failure.to_string())
    }

    #[test]
    fn stretches() {
        let read = |query: &str| stretch(&params(query)).map(|stretch| (stretch.start, stretch.length)).ok();
        for (query, expected) in [
            ("", Some((0, 100))),
            ("start=&length=", Some((0, 100))),
            ("start=7&length=1", Some((7, 1))),
            ("start=007&length=0099", Some((7, 99))),
            ("length=1000", Some((0, 1000))),
            ("length=1001", Some((0, 1000))),
            ("length=99999999999999999999", Some((0, 1000))),
            ("start=99999999999999999999", Some((u32::MAX.into(), 100))),
            ("start=1&start=2", Some((2, 100))),
        ] {
            assert_eq!(read(query), expected, "{query}");
        }
        let bad = ["-1", "x", "1.5", "%2B1", "+1", "1e3", "0x1", "%D9%A1", "%00", "%ff", "'%20OR%201=1%20--"];
        for value in bad {
            assert_eq!(read(&format!("start={value}")), None, "{value}");
            assert_eq!(read(&format!("length={value}")), None, "{value}");
        }
        assert_eq!(
            problem(stretch(&params("length=0"))).as_deref(),
            Some("length is not a whole number of 1 or more")
        );
        assert_eq!(problem(stretch(&params("start=%ff"))).as_deref(), Some("start is not valid UTF-8"));
    }

    #[test]
    fn periods() {
        let between = |start: &str, end: &str| period(&params(&format!("date_start={start}&date_end={end}")));
        let seconds = |from, to| Some(Period { from, to });
        let known = between("1970-01-01+01:00:01", "1970-01-01%2001:00:05").expect("both are dates");
        assert_eq!(known, seconds(1, 5));
        for (start, end, expected) in [
            ("1900-01-01+00:00:00", "9999-12-31+23:59:59", seconds(0, u32::MAX)),
            ("1900-01-01+00:00:00", "1901-01-01+00:00:00", None),
            ("1965-01-01+00:00:00", "1966-01-01+00:00:00", None),
            ("2107-01-01+00:00:00", "2108-01-01+00:00:00", None),
            ("2300-01-01+00:00:00", "9999-12-31+23:59:59", None),
            ("1970-01-01+02:00:00", "1970-01-01+01:00:00", None),
            ("9999-12-31+23:59:59", "1900-01-01+00:00:00", None),
        ] {
            assert_eq!(between(start, end).expect("both are dates"), expected, "{start} {end}");
        }
        for (query, expected) in [
            ("", "date_start is missing"),
            ("date_start=&date_end=", "date_start is missing"),
            ("date_start=1970-01-01+01:00:00", "date_end is missing"),
            ("date_end=1970-01-01+01:00:00", "date_start is missing"),
            (
                "date_start=yesterday&date_end=1970-01-01+01:00:00",
                "date_start is not a date of the form YYYY-MM-DD hh:mm:ss",
            ),
        ] {
            assert_eq!(problem(period(&params(query))).as_deref(), Some(expected), "{query}");
        }
    }

    #[test]
    fn sorts() {
        let read = |value: &str| sort(&params(&format!("sort={value}")), &[("date", 1), ("id", 2)], "is odd");
        assert!(matches!(read(""), Ok(None)));
        assert!(matches!(read("date"), Ok(Some((1, false)))));
        assert!(matches!(read("-ID"), Ok(Some((2, true)))));
        for value in ["--date", "-", "text", "date-", "%ff", "date,id"] {
            assert!(read(value).is_err(), "{value}");
        }
    }
}
