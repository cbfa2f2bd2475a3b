//! The query of an export.

use service::query::Cursor;
use sms::{Direction, Number};

use super::error::Failure;
use super::stamp::Stamp;
use super::window::Bound;
use crate::kit::{ParamError, Params};

/// Messages on a page unless the caller says otherwise.
const DEFAULT_PAGE_SIZE: u32 = 50;
/// The most that a page may hold.
const LARGEST_PAGE_SIZE: u32 = 500;

/// What a caller asks for. Parameters that are empty count as absent, unknown ones are passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parameters {
    /// `messageType`: only MO or only MT.
    pub(super) direction: Option<Direction>,
    /// `startDate`.
    pub(super) start: Option<Stamp>,
    /// `endDate`.
    pub(super) end: Option<Stamp>,
    /// `pageSize`.
    pub(super) page_size: u32,
    /// `page`, from 1.
    pub(super) page: u64,
    /// `cursor`, of our own links: the place after which the page begins. Then `page` only counts.
    pub(super) cursor: Option<Cursor>,
    /// `bound`, of our own links: what the walk may see, fixed when it began.
    pub(super) bound: Option<Bound>,
}

impl Parameters {
    /// Reads a query. Every wrong parameter gets its own sentence in [`Failure::Values`].
    pub(super) fn read(query: &str) -> Result<Self, Failure> {
        let params = Params::parse(query.as_bytes());
        let mut reader = Reader { params: &params, errors: Vec::new() };
        let date = "a date and time such as 2014-12-05T10:00:00";
        let direction = reader.read("messageType", "MO or MT", direction);
        let start = reader.read("startDate", date, Stamp::parse);
        let end = reader.read("endDate", date, Stamp::parse);
        let page_size = reader.read("pageSize", "a number between 1 and 500", page_size);
        let page = reader.read("page", "a number from 1", page);
        let cursor = reader.read("cursor", "as it was given in nextPageUrl", cursor);
        let bound = reader.read("bound", "as it was given in nextPageUrl", Bound::parse);
        if let (Some(start), Some(end)) = (&start, &end)
            && start.is_later_than(end)
        {
            reader.errors.push("startDate must not be later than endDate".to_owned());
        }
        if !reader.errors.is_empty() {
            return Err(Failure::Values(reader.errors));
        }
        let page_size = page_size.unwrap_or(DEFAULT_PAGE_SIZE);
        Ok(Self { direction, start, end, page_size, page: page.unwrap_or(1), cursor, bound })
    }

    /// Messages before a page that is asked for by its number alone.
    pub(super) fn offset(&self) -> u64 {
        match self.cursor {
            Some(_) => 0,
            None => (self.page - 1).saturating_mul(u64::from(self.page_size)),
        }
    }
}

struct Reader<'p> {
    params: &'p Params,
    errors: Vec<String>,
}

impl Reader<'_> {
    fn read<T>(&mut self, name: &str, rule: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let problem = match self.params.one(name) {
            Ok(None) => return None,
            Ok(Some(text)) => match read(text) {
                Some(value) => return Some(value),
                None => format!("{name} must be {rule}"),
            },
            Err(error @ (ParamError::Doubled | ParamError::NotText)) => format!("{name} is {error}"),
        };
        self.errors.push(problem);
        None
    }
}

fn direction(text: &str) -> Option<Direction> {
    [Direction::Mo, Direction::Mt].into_iter().find(|direction| direction.word().eq_ignore_ascii_case(text))
}

/// A whole number in digits; beyond the range it is the largest.
fn whole(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

fn page(text: &str) -> Option<u64> {
    whole(text).filter(|page| *page >= 1)
}

fn page_size(text: &str) -> Option<u32> {
    let size = u32::try_from(whole(text)?).ok()?;
    (1..=LARGEST_PAGE_SIZE).contains(&size).then_some(size)
}

fn cursor(text: &str) -> Option<Cursor> {
    let (date, number) = text.split_once('-')?;
    Some(Cursor { date: count(date)?, number: count(number)? })
}

/// A count of 32 bits in digits.
pub(super) fn count(text: &str) -> Option<Number> {
    whole(text).and_then(|value| Number::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_query_is_read_or_refused(query in "([a-zA-Z]{0,12}=?[\\PC%+&=]{0,24}&?){0,6}") {
            if let Err(Failure::Values(sentences)) = Parameters::read(&query) {
                prop_assert!(!sentences.is_empty());
            }
        }

        #[test]
        fn any_value_is_read_or_refused(name in 0usize..7, value in "[0-9TZ:.\\-+% a-z]{0,32}") {
            let names = ["messageType", "startDate", "endDate", "pageSize", "page", "cursor", "bound"];
            let query = format!("{}={value}", names[name]);
            match Parameters::read(&query) {
                Ok(read) => prop_assert!(read.page >= 1 && (1..=LARGEST_PAGE_SIZE).contains(&read.page_size)),
                Err(Failure::Values(sentences)) => prop_assert_eq!(sentences.len(), 1),
                Err(other) => prop_assert!(false, "{:?}", other),
            }
        }
    }

    fn errors(query: &str) -> Vec<String> {
        match Parameters::read(query) {
            Err(Failure::Values(sentences)) => sentences,
            other => panic!("{query}: {other:?}"),
        }
    }

    #[test]
    fn defaults() {
        for query in ["", "pageSize=&page=&messageType=&startDate=&endDate=&cursor=&bound=", "x=1&x=2"] {
            let read = Parameters::read(query).expect("valid");
            assert_eq!((read.page_size, read.page, read.offset()), (50, 1, 0), "{query}");
            assert!(read.direction.is_none() && read.start.is_none() && read.end.is_none());
        }
    }

    #[test]
    fn values() {
        let read = Parameters::read("messageType=mo&pageSize=500&page=3&startDate=2014-12-05T10%3A00%3A00");
        let read = read.expect("valid");
        assert_eq!(read.direction, Some(Direction::Mo));
        assert_eq!(read.offset(), 1000);
        assert_eq!(read.start.map(|stamp| stamp.text), Some("2014-12-05T10:00:00".to_owned()));
        let far = Parameters::read("page=99999999999999999999999").expect("valid");
        assert_eq!(far.offset(), u64::MAX);
        let walk = Parameters::read("page=7&cursor=12-34&bound=99-1-2").expect("valid");
        assert_eq!((walk.offset(), walk.cursor), (0, Some(Cursor { date: 12, number: 34 })));
        assert_eq!(walk.bound, Some(Bound { number: 99, from: 1, to: 2 }));
    }

    #[test]
    fn refusals() {
        let size = "pageSize must be a number between 1 and 500";
        for value in ["0", "-1", "501", "abc", "1.5", "99999999999999999999", "%2B5", "+5", "5%20", "%D9%A3"]
        {
            assert_eq!(errors(&format!("pageSize={value}")), [size], "{value}");
        }
        for value in ["0", "-1", "abc", "1e3", "%27%20OR%201=1%20--"] {
            assert_eq!(errors(&format!("page={value}")), ["page must be a number from 1"], "{value}");
        }
        assert_eq!(errors("messageType=XX"), ["messageType must be MO or MT"]);
        assert_eq!(errors("endDate=notadate").len(), 1);
        assert_eq!(errors("pageSize=1&pageSize=1"), ["pageSize is given more than once"]);
        assert_eq!(errors("page=%ff"), ["page is not valid UTF-8"]);
        for value in ["1", "1-", "-1", "1-2-3", "a-b", "4294967296-1"] {
            assert_eq!(errors(&format!("cursor={value}")).len(), 1, "{value}");
        }
        for value in ["1", "1-2", "1-2-3-4", "1--2", "x-1-2", "2147483648-1-2"] {
            assert_eq!(errors(&format!("bound={value}")).len(), 1, "{value}");
        }
        let order = "startDate=2020-01-02T00:00:00&endDate=2020-01-01T00:00:00";
        assert_eq!(errors(order), ["startDate must not be later than endDate"]);
        assert_eq!(errors("page=0&pageSize=0&messageType=%3C").len(), 3);
    }
}
