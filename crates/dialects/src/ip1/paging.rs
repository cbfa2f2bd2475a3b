//! Pages of a collection: what a caller asks for, and the `Link` header that leads on.

use std::borrow::Cow;

use http::header::LINK;
use service::query::Cursor;
use sms::id::MAX_NUMBER;
use sms::{BatchKey, Number};

use super::error::Failure;
use crate::kit::{ParamError, Params, Request, Response, reply};

/// Documents on a page unless the caller says otherwise.
const DEFAULT_LIMIT: u32 = 50;
/// The most documents on a page; who asks for more silently gets so many.
const LARGEST_LIMIT: u32 = 1000;
/// Documents on a page of v1, which knows no pages, unless the caller says otherwise; and the most.
const V1_LIMIT: u32 = 10_000;

/// In which direction of time a collection is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sorting {
    /// Oldest first.
    Ascending,
    /// Newest first: the exact reverse.
    Descending,
}

/// A place in a collection: the last document of a page, after which the next page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The document's second, as the collection is ordered by.
    seconds: u32,
    /// Its number, or the packed key of a batch.
    word: u32,
}

impl Place {
    /// The place of a batch.
    pub(super) fn of_batch(created: u32, key: BatchKey) -> Self {
        Self { seconds: created, word: key.pack() }
    }

    /// The place of a message.
    pub(super) fn of_message(date: u32, number: Number) -> Self {
        Self { seconds: date, word: number }
    }

    /// The place in a list of batches.
    pub(super) fn batch(self) -> (u32, BatchKey) {
        (self.seconds, BatchKey::unpack(self.word))
    }

    /// The place in a list of messages.
    pub(super) fn message(self) -> Cursor {
        Cursor { date: self.seconds, number: self.word }
    }
}

/// What a caller asks for. Parameters that are empty count as absent, unknown ones are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Paging {
    /// Documents passed over; with a cursor it only counts.
    pub(super) start: u64,
    /// Documents wanted, 1 to 1000.
    pub(super) limit: u32,
    /// The order, if the caller named one.
    order: Option<Sorting>,
    /// Of our own links: the place after which the page begins.
    pub(super) cursor: Option<Place>,
    /// Of our own links: the highest message number when the walk began.
    pub(super) bound: Option<Number>,
}

impl Paging {
    /// Reads a query of v1: pages are very large, and the newest come first.
    pub(super) fn read_v1(request: &Request) -> Result<Self, Failure> {
        let paging = Self::read_with(request, V1_LIMIT, V1_LIMIT)?;
        Ok(Self { order: paging.order.or(Some(Sorting::Descending)), ..paging })
    }

    /// Reads a query. Every wrong parameter is named in [`Failure::Values`].
    pub(super) fn read(request: &Request) -> Result<Self, Failure> {
        Self::read_with(request, DEFAULT_LIMIT, LARGEST_LIMIT)
    }

    fn read_with(request: &Request, default: u32, largest: u32) -> Result<Self, Failure> {
        let params = Params::parse(request.query.as_bytes());
        let mut reader = Reader { params: &params, errors: Vec::new() };
        let link = "must be as it was given in a Link header";
        let start = reader.read("start", "must be a whole number from 0", whole);
        let limit = reader.read("limit", "must be a whole number from 1", limit);
        let order = reader.read("order", "must be ASC or DESC", order);
        let cursor = reader.read("cursor", link, place);
        let bound = reader.read("bound", link, number);
        if !reader.errors.is_empty() {
            return Err(Failure::Values(reader.errors));
        }
        let limit = limit.unwrap_or(default).min(largest);
        Ok(Self { start: start.unwrap_or(0), limit, order, cursor, bound })
    }

    /// Whether the newest come first.
    pub(super) fn descending(&self) -> bool {
        self.order == Some(Sorting::Descending)
    }

    /// Documents to pass over: none where a cursor says where to go on.
    pub(super) fn offset(&self) -> u64 {
        if self.cursor.is_some() { 0 } else { self.start }
    }

    fn url(&self, address: &str, start: u64, cursor: Option<Place>, bound: Option<Number>) -> String {
        let mut url = format!("{address}?start={start}&limit={}", self.limit);
        match self.order {
            Some(Sorting::Ascending) => url.push_str("&order=ASC"),
            Some(Sorting::Descending) => url.push_str("&order=DESC"),
            None => {}
        }
        if let Some(Place { seconds, word }) = cursor {
            url.push_str(&format!("&cursor={seconds}-{word}"));
        }
        if let Some(bound) = bound {
            url.push_str(&format!("&bound={bound}"));
        }
        url
    }
}

/// A page as its links need it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// Documents in the whole collection.
    pub(super) total: u64,
    /// Where the next page begins.
    pub(super) next: Next,
    /// The highest message number when the page was made.
    pub(super) bound: Number,
}

impl Shown {
    /// A page of a collection that is counted off from its start.
    pub(super) fn numbered(total: u64, paging: &Paging) -> Self {
        let more = paging.start.saturating_add(u64::from(paging.limit)) < total;
        Self { total, next: if more { Next::Numbered } else { Next::Nothing }, bound: 0 }
    }
}

/// Where the page after a page begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Next {
    /// There is none.
    #[default]
    Nothing,
    /// So many documents behind the start as there are on a page.
    Numbered,
    /// After this place.
    After(Place),
}

impl Next {
    /// After this place, if there is one.
    pub(super) fn after(place: Option<Place>) -> Self {
        place.map_or(Self::Nothing, Self::After)
    }
}

/// Adds the `Link` header (RFC 8288) of a page of the collection at `address`.
///
/// `next` carries, besides `start`, the place after which to go on and the bound at which the walk began,
/// so that along it every document comes exactly once while others arrive; the other links keep that bound.
pub(super) fn add_links(response: &mut Response, address: &str, paging: &Paging, shown: Shown) {
    let step = u64::from(paging.limit);
    let bound = paging.bound;
    let last = shown.total.saturating_sub(1) / step * step;
    let mut links = vec![
        ("self", paging.url(address, paging.start, paging.cursor, bound)),
        ("first", paging.url(address, 0, None, bound)),
    ];
    if paging.start > 0 {
        links.push(("prev", paging.url(address, paging.start.saturating_sub(step), None, bound)));
    }
    let start = paging.start.saturating_add(step);
    match shown.next {
        Next::Nothing => {}
        Next::Numbered => links.push(("next", paging.url(address, start, None, None))),
        Next::After(place) => {
            let bound = bound.unwrap_or(shown.bound);
            links.push(("next", paging.url(address, start, Some(place), Some(bound))));
        }
    }
    links.push(("last", paging.url(address, last, None, bound)));
    let value: Vec<String> = links.iter().map(|(rel, url)| format!("<{url}>; rel=\"{rel}\"")).collect();
    reply::add_header(response, LINK, &value.join(", "));
}

struct Reader<'p> {
    params: &'p Params,
    errors: Vec<(Cow<'static, str>, String)>,
}

impl Reader<'_> {
    fn read<T>(&mut self, name: &'static str, rule: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let problem = match self.params.one(name) {
            Ok(None) => return None,
            Ok(Some(text)) => match read(text) {
                Some(value) => return Some(value),
                None => format!("{name} {rule}"),
            },
            Err(error @ (ParamError::Doubled | ParamError::NotText)) => format!("{name} is {error}"),
        };
        self.errors.push((name.into(), problem));
        None
    }
}

/// A whole number in digits; beyond the range it is the largest.
fn whole(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

/// A count of 32 bits in digits.
fn count(text: &str) -> Option<u32> {
    whole(text).and_then(|value| u32::try_from(value).ok())
}

/// A message number in digits, or 0 for the bound of a ledger without messages.
pub(super) fn number(text: &str) -> Option<Number> {
    count(text).filter(|number| *number <= MAX_NUMBER)
}

fn limit(text: &str) -> Option<u32> {
    let wanted = whole(text).filter(|wanted| *wanted >= 1)?;
    Some(u32::try_from(wanted).unwrap_or(u32::MAX))
}

fn order(text: &str) -> Option<Sorting> {
    let words = [("ASC", Sorting::Ascending), ("DESC", Sorting::Descending)];
    words.into_iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map(|(_, sorting)| sorting)
}

fn place(text: &str) -> Option<Place> {
    let (seconds, word) = text.split_once('-')?;
    Some(Place { seconds: count(seconds)?, word: count(word)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::reply;
    use proptest::prelude::*;

    fn read(query: &str) -> Result<Paging, Failure> {
        let request = Request {
            method: http::Method::GET,
            path: "/v2/batches".to_owned(),
            query: query.to_owned(),
            headers: http::HeaderMap::new(),
            body: bytes::Bytes::new(),
            remote: std::net::IpAddr::from([127, 0, 0, 1]),
            origin: "http://localhost".to_owned(),
        };
        Paging::read(&request)
    }

    proptest! {
        #[test]
        fn any_value_is_read_or_refused(name in 0usize..5, value in "[0-9ASCD\\-+% a-z]{0,24}") {
            let names = ["start", "limit", "order", "cursor", "bound"];
            match read(&format!("{}={value}", names[name])) {
                Ok(paging) => prop_assert!((1..=LARGEST_LIMIT).contains(&paging.limit)),
                Err(Failure::Values(values)) => {
                    prop_assert_eq!(values.iter().map(|(name, _)| name.as_ref()).collect::<Vec<_>>(), [names[name]]);
                }
                Err(other) => prop_assert!(false, "{:?}", other),
            }
        }
    }

    fn fields(query: &str) -> Vec<Cow<'static, str>> {
        match read(query) {
            Err(Failure::Values(values)) => values.into_iter().map(|(name, _)| name).collect(),
            other => panic!("{query}: {other:?}"),
        }
    }

    #[test]
    fn values() {
        for query in ["", "start=&limit=&order=&cursor=&bound=", "page=7&page=8"] {
            let paging = read(query).expect("valid");
            assert_eq!((paging.offset(), paging.limit, paging.descending()), (0, 50, false), "{query}");
        }
        let paging = read("start=10&limit=5&order=desc").expect("valid");
        assert_eq!((paging.offset(), paging.limit, paging.descending()), (10, 5, true));
        for limit in ["1001", "4294967296", "99999999999999999999999"] {
            assert_eq!(read(&format!("limit={limit}")).expect("valid").limit, 1000);
        }
        assert_eq!(read("start=99999999999999999999999").expect("valid").offset(), u64::MAX);
        let walk = read("start=10&cursor=7-8&bound=9").expect("valid");
        assert_eq!((walk.start, walk.offset(), walk.bound), (10, 0, Some(9)));
        assert_eq!(walk.cursor, Some(Place { seconds: 7, word: 8 }));
    }

    #[test]
    fn refusals() {
        for (query, expected) in [
            ("limit=abc", &["limit"][..]),
            ("limit=0", &["limit"]),
            ("limit=-1", &["limit"]),
            ("limit=1.5", &["limit"]),
            ("limit=5&limit=5", &["limit"]),
            ("start=-1", &["start"]),
            ("start=+1", &["start"]),
            ("start=%ff", &["start"]),
            ("start=%27%20OR%201=1%20--", &["start"]),
            ("order=up", &["order"]),
            ("order=%3CASC%3E", &["order"]),
            ("cursor=7", &["cursor"]),
            ("cursor=7-", &["cursor"]),
            ("cursor=7-4294967296", &["cursor"]),
            ("bound=x", &["bound"]),
            ("bound=2147483648", &["bound"]),
            ("order=x&start=x&limit=x", &["start", "limit", "order"]),
        ] {
            assert_eq!(fields(query), expected, "{query}");
        }
    }

    fn links(query: &str, shown: Shown) -> String {
        let mut response = reply::empty(http::StatusCode::OK);
        add_links(&mut response, "http://h:1/v2/batches", &read(query).expect("valid"), shown);
        let value = response.headers()[LINK].to_str().expect("text");
        value.replace("<http://h:1/v2/batches?", "<")
    }

    #[test]
    fn link_headers() {
        let at = |next| Shown { total: 60, next: Next::after(next), bound: 77 };
        assert_eq!(
            links("", at(Some(Place { seconds: 5, word: 6 }))),
            "<start=0&limit=50>; rel=\"self\", <start=0&limit=50>; rel=\"first\", \
             <start=50&limit=50&cursor=5-6&bound=77>; rel=\"next\", <start=50&limit=50>; rel=\"last\""
        );
        assert_eq!(
            links("start=50&limit=50&order=asc&cursor=5-6&bound=70", at(None)),
            "<start=50&limit=50&order=ASC&cursor=5-6&bound=70>; rel=\"self\", \
             <start=0&limit=50&order=ASC&bound=70>; rel=\"first\", \
             <start=0&limit=50&order=ASC&bound=70>; rel=\"prev\", \
             <start=50&limit=50&order=ASC&bound=70>; rel=\"last\""
        );
        let none = Shown::default();
        assert_eq!(
            links("start=3&limit=7", none),
            "<start=3&limit=7>; rel=\"self\", <start=0&limit=7>; rel=\"first\", \
             <start=0&limit=7>; rel=\"prev\", <start=0&limit=7>; rel=\"last\""
        );
        let numbered = |query| links(query, Shown::numbered(9, &read(query).expect("valid")));
        assert!(numbered("start=0&limit=5").contains("<start=5&limit=5>; rel=\"next\""));
        assert!(!numbered("start=4&limit=5").contains("next"));
    }
}
