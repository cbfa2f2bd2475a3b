//! Numbered pages: `page` and `limit` as asked, and the envelope of four keys.

use serde::Serialize;

use super::fields::{Fields, integer};

/// Items on a page when the request names no usable number.
const USUAL_LIMIT: u32 = 10;

/// The most items on a page; a larger wish is answered with [`USUAL_LIMIT`], as the vendor does.
const MOST: i64 = 100;

/// Which page is wanted. Nothing in it is ever refused: what makes no sense is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Paging {
    /// From 1; at most what a signed 32-bit integer holds, for the clients that read it back.
    pub(super) page: u32,
    /// From 1 to 100.
    pub(super) limit: u32,
}

impl Paging {
    /// Reads `page` and `limit`.
    pub(super) fn of(query: &Fields) -> Self {
        let number = |name| query.text(name).ok().flatten().as_deref().and_then(integer);
        let page = number("page").filter(|page| *page > 0).unwrap_or(1).min(i64::from(i32::MAX));
        let limit = number("limit").filter(|limit| (1..=MOST).contains(limit));
        Self {
            page: u32::try_from(page).unwrap_or(1),
            limit: limit.and_then(|limit| u32::try_from(limit).ok()).unwrap_or(USUAL_LIMIT),
        }
    }

    /// The same page size at the beginning, for walks that pass over what they have seen by other means.
    pub(super) fn first(self) -> Self {
        Self { page: 1, ..self }
    }

    /// Items before the page.
    pub(super) fn offset(self) -> u64 {
        u64::from(self.page - 1) * u64::from(self.limit)
    }

    /// The page's envelope.
    pub(super) fn envelope<T>(self, total: u64, resources: Vec<T>) -> Envelope<T> {
        let pages = total.div_ceil(u64::from(self.limit)).max(1);
        let page_count = u32::try_from(pages).unwrap_or(u32::MAX);
        Envelope { page: self.page, limit: self.limit, page_count, resources }
    }
}

/// A page of a list. Exactly these keys: generated clients refuse a fifth.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Envelope<T> {
    page: u32,
    limit: u32,
    /// At least 1, also of an empty list.
    page_count: u32,
    resources: Vec<T>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::{Request, reply};

    fn paging(query: &str) -> (u32, u32) {
        let request = Request {
            method: http::Method::GET,
            path: String::new(),
            query: query.to_owned(),
            headers: http::HeaderMap::new(),
            body: bytes::Bytes::new(),
            remote: std::net::IpAddr::from([127, 0, 0, 1]),
            origin: String::new(),
        };
        let Paging { page, limit } = Paging::of(&Fields::of_query(&request));
        (page, limit)
    }

    #[test]
    fn what_makes_no_sense_is_replaced() {
        assert_eq!(paging(""), (1, 10));
        assert_eq!(paging("page=2&limit=1"), (2, 1));
        assert_eq!(paging("limit=100&page=3"), (3, 100));
        for bad in ["101", "0", "-1", "abc", "", "1.5", "99999999999999999999", "%ff", "%27%20OR%201=1--"] {
            assert_eq!(paging(&format!("limit={bad}")), (1, 10), "{bad}");
        }
        for bad in ["0", "-7", "x", "", "%ff", "1e3"] {
            assert_eq!(paging(&format!("page={bad}")), (1, 10), "{bad}");
        }
        assert_eq!(paging("page=99999999999999999999"), (i32::MAX as u32, 10));
        assert_eq!(paging("page=1&page=4"), (4, 10));
    }

    #[test]
    fn envelopes() {
        let text = |page, limit, total| {
            let envelope = Paging { page, limit }.envelope(total, Vec::<u8>::new());
            String::from_utf8(reply::json(&envelope)).expect("text")
        };
        assert_eq!(text(1, 10, 0), r#"{"page":1,"limit":10,"pageCount":1,"resources":[]}"#);
        assert_eq!(text(7, 10, 10), r#"{"page":7,"limit":10,"pageCount":1,"resources":[]}"#);
        assert_eq!(text(1, 10, 11), r#"{"page":1,"limit":10,"pageCount":2,"resources":[]}"#);
        assert_eq!(Paging { page: i32::MAX as u32, limit: 100 }.offset(), 214_748_364_600);
    }
}
