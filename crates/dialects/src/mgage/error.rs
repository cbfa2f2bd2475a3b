//! Refusals: the status decides, the sentences stand under `meta.generalErrors`.

use http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{Method, StatusCode};
use serde::Serialize;
use service::{AuthFailure, LedgerError};

use crate::kit::{Early, Response, endpoint, reply};

/// The content type of every answer.
pub(super) const JSON: &str = "application/json; charset=utf-8";

/// What was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// No such program, or another account's.
    Program,
    /// No such path.
    Path,
}

/// Why a request is not answered as wished.
#[derive(Debug)]
pub(super) enum Failure {
    /// No credential, or a wrong one.
    Credential,
    /// The key may not be used from where the caller is.
    Address,
    /// Too many requests; how many seconds to wait.
    TooMany(u32),
    /// Nothing there.
    NotFound(Missing),
    /// The path knows these methods only.
    Method(Vec<Method>),
    /// Parameters with wrong values: one sentence each, never empty.
    Values(Vec<String>),
    /// The ledger failed.
    Ledger(LedgerError),
    /// Refused before it was read.
    Early(Early),
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

impl From<AuthFailure> for Failure {
    fn from(failure: AuthFailure) -> Self {
        match failure {
            AuthFailure::Missing | AuthFailure::Wrong => Self::Credential,
            AuthFailure::Address => Self::Address,
            AuthFailure::TooMany(seconds) => Self::TooMany(seconds),
            AuthFailure::Ledger(error) => Self::Ledger(error),
        }
    }
}

/// The envelope of an error: `data` is null, and so is the link.
#[derive(Serialize)]
struct Envelope {
    meta: Meta,
    data: Option<()>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    general_errors: Vec<String>,
    next_page_url: Option<String>,
}

impl Failure {
    /// The answer that says so.
    pub(super) fn into_response(self) -> Response {
        let (status, sentences) = self.describe();
        let meta = Meta { general_errors: sentences, next_page_url: None };
        let mut response = reply::with_body(status, JSON, reply::json(&Envelope { meta, data: None }));
        match self {
            Self::Credential => {
                reply::add_header(&mut response, WWW_AUTHENTICATE, "Basic realm=\"Communicate Pro\"");
            }
            Self::TooMany(seconds) => {
                reply::add_header(&mut response, RETRY_AFTER, &seconds.to_string());
            }
            Self::Method(methods) => {
                reply::add_header(&mut response, ALLOW, &endpoint::allow(&methods));
            }
            Self::Ledger(LedgerError::Busy) => reply::add_header(&mut response, RETRY_AFTER, "1"),
            Self::Address | Self::NotFound(_) | Self::Values(_) | Self::Ledger(_) | Self::Early(_) => {}
        }
        response
    }

    fn describe(&self) -> (StatusCode, Vec<String>) {
        let (status, sentence) = match self {
            Self::Credential => (StatusCode::UNAUTHORIZED, "A valid user name and password are required."),
            Self::Address => (StatusCode::FORBIDDEN, "This credential may not be used from this address."),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "Too many requests; try again later."),
            Self::NotFound(Missing::Program) => (StatusCode::NOT_FOUND, "There is no such program."),
            Self::NotFound(Missing::Path) => (StatusCode::NOT_FOUND, "There is no such resource."),
            Self::Method(_) => {
                (StatusCode::METHOD_NOT_ALLOWED, "This resource does not support the method of the request.")
            }
            Self::Values(sentences) => return (StatusCode::BAD_REQUEST, sentences.clone()),
            Self::Ledger(error) => ledger(error),
            Self::Early(early) => (early.status(), early.sentence()),
        };
        (status, vec![sentence.to_owned()])
    }
}

fn ledger(error: &LedgerError) -> (StatusCode, &'static str) {
    match error {
        LedgerError::NotFound => (StatusCode::NOT_FOUND, "There is no such resource."),
        LedgerError::Busy => (StatusCode::SERVICE_UNAVAILABLE, "The server is busy; try again."),
        other => {
            tracing::error!(error = %other, "the ledger failed");
            (StatusCode::INTERNAL_SERVER_ERROR, "The server failed to process the request.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(failure: Failure, status: u16, header: Option<(&str, &str)>, sentence: &str) {
        let response = failure.into_response();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["content-type"], JSON);
        if let Some((name, value)) = header {
            assert_eq!(response.headers()[name], value);
        }
        let expected =
            format!(r#"{{"meta":{{"generalErrors":["{sentence}"],"nextPageUrl":null}},"data":null}}"#);
        assert_eq!(response.body(), expected.as_bytes());
    }

    #[test]
    fn envelopes() {
        let challenge = Some(("www-authenticate", "Basic realm=\"Communicate Pro\""));
        is(AuthFailure::Wrong.into(), 401, challenge, "A valid user name and password are required.");
        is(AuthFailure::Missing.into(), 401, challenge, "A valid user name and password are required.");
        is(AuthFailure::Address.into(), 403, None, "This credential may not be used from this address.");
        let wait = Some(("retry-after", "7"));
        is(AuthFailure::TooMany(7).into(), 429, wait, "Too many requests; try again later.");
        let methods = vec![Method::GET, Method::HEAD];
        let sentence = "This resource does not support the method of the request.";
        is(Failure::Method(methods), 405, Some(("allow", "GET, HEAD")), sentence);
        is(Failure::Values(vec!["One.".to_owned()]), 400, None, "One.");
        let store = LedgerError::Store("disk".to_owned());
        is(AuthFailure::Ledger(store).into(), 500, None, "The server failed to process the request.");
        is(Failure::Ledger(LedgerError::Busy), 503, None, "The server is busy; try again.");
        is(Failure::Early(Early::BodyTooLarge), 413, None, "The request body is too large.");
    }
}
