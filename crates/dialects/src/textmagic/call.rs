//! One recognised request on its way through a handler, and the shapes of its answers.

use std::pin::Pin;

use http::StatusCode;
use serde::Serialize;
use service::{Access, Service};
use sms::id::MAX_NUMBER;
use sms::{AccountId, Number};

use super::error::{Failure, JSON};
use super::fields::Fields;
use crate::kit::{Request, Response, reply};

/// What a handler comes to.
pub(super) type Answer = Result<Response, Failure>;

/// What answers an endpoint.
pub(super) type Handler = for<'a> fn(&'a Call<'a>) -> Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// A request whose sender is known and whose endpoint is found.
pub(super) struct Call<'a> {
    /// The use cases.
    pub(super) service: &'a Service,
    /// Who asks.
    pub(super) access: Access,
    /// The request as it came.
    pub(super) request: &'a Request,
    /// The text of the path's one `{…}` segment; empty where the path has none.
    pub(super) segment: String,
}

impl Call<'_> {
    /// The account that everything is read from and written to.
    pub(super) fn account(&self) -> AccountId {
        self.access.id()
    }

    /// The path's id. A text that can be no id names nothing.
    pub(super) fn id(&self) -> Result<Number, Failure> {
        path_id(&self.segment).ok_or(Failure::NotFound)
    }

    /// The parameters of the query.
    pub(super) fn query(&self) -> Fields {
        Fields::of_query(self.request)
    }

    /// The parameters of the body.
    pub(super) fn body(&self) -> Result<Fields, Failure> {
        Fields::of_body(self.request)
    }
}

/// An id in a path: decimal digits, from 1 to the largest the ledger gives.
pub(super) fn path_id(text: &str) -> Option<Number> {
    let digits = text.bytes().all(|octet| octet.is_ascii_digit());
    text.parse().ok().filter(|id| digits && (1..=MAX_NUMBER).contains(id))
}

/// 200 with a body.
pub(super) fn ok(value: &impl Serialize) -> Response {
    reply::with_body(StatusCode::OK, JSON, reply::json(value))
}

/// 201 with what was made or changed, which is a [`Link`](super::values::Link) to it nearly everywhere.
pub(super) fn created(value: &impl Serialize) -> Response {
    reply::with_body(StatusCode::CREATED, JSON, reply::json(value))
}

/// 204, as every deletion and every action on many answers.
pub(super) fn no_content() -> Response {
    reply::empty(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_paths() {
        assert_eq!(path_id("7"), Some(7));
        assert_eq!(path_id("2147483647"), Some(MAX_NUMBER));
        for bad in ["", "0", "-1", "+7", "7 ", "2147483648", "99999999999999999999", "abc", "' OR 1=1 --"] {
            assert_eq!(path_id(bad), None, "{bad}");
        }
    }
}
