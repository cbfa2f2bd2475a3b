//! Refusals as problem documents.

use std::borrow::Cow;

use http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value};
use service::plan::{SubmitError, SubmitRefusal};
use service::{AuthFailure, LedgerError};

use super::version::Version;
use crate::kit::idempotency::{self, BadKey};
use crate::kit::{Early, Response, endpoint, reply};

/// The content type of documents.
pub(super) const JSON: &str = "application/json; charset=utf-8";
/// The content type of problems (RFC 9457).
const PROBLEM: &str = "application/problem+json; charset=utf-8";

/// What was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// No such path.
    Path,
    /// No such batch, or another account's.
    Batch,
    /// No such message in that batch.
    Message,
    /// No such message sent.
    Sent,
    /// No such sender is registered.
    Sender,
    /// No such entry in the blacklist.
    Entry,
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
    /// The body is no JSON, or not the JSON that is wanted here.
    Body,
    /// The body is no JSON and does not say that it is.
    ContentType,
    /// Parameters or members with wrong values: name and sentence each, never empty.
    Values(Vec<(Cow<'static, str>, String)>),
    /// A submission was refused.
    Refused(SubmitRefusal),
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

impl From<SubmitError> for Failure {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Refused(refusal) => Self::Refused(refusal),
            SubmitError::Ledger(error) => Self::Ledger(error),
        }
    }
}

impl From<BadKey> for Failure {
    fn from(error: BadKey) -> Self {
        Self::Values(vec![(idempotency::HEADER.into(), format!("{error}."))])
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

/// The body of every refusal, of v1 too, whose clients take any object.
#[derive(Serialize)]
struct Problem {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Map<String, Value>>,
}

/// The title of every problem with `errors`.
const WRONG_VALUES: &str = "One or more values are not valid.";

impl Failure {
    /// One wrong value; the rule goes on after its name.
    pub(super) fn value(name: &'static str, rule: &str) -> Self {
        Self::Values(vec![(name.into(), format!("{name} {rule}."))])
    }

    /// The answer that says so.
    pub(super) fn into_response(self, version: Version) -> Response {
        let (status, title) = self.describe();
        let errors = match &self {
            Self::Values(values) => Some(by_field(values)),
            Self::Refused(refusal) => {
                let sentence = format!("{refusal}.");
                refused_field(refusal, version).map(|field| by_field(&[(field.into(), sentence)]))
            }
            _ => None,
        };
        let problem = Problem { r#type: "about:blank", title, status: status.as_u16(), errors };
        let (content_type, challenge) = match version {
            Version::V1 => (JSON, "Basic realm=\"iP1\""),
            Version::V2 => (PROBLEM, "Bearer"),
        };
        let mut response = reply::with_body(status, content_type, reply::json(&problem));
        match self {
            Self::Credential => reply::add_header(&mut response, WWW_AUTHENTICATE, challenge),
            Self::TooMany(seconds) => {
                reply::add_header(&mut response, RETRY_AFTER, &seconds.to_string());
            }
            Self::Method(methods) => {
                reply::add_header(&mut response, ALLOW, &endpoint::allow(&methods));
            }
            Self::Ledger(LedgerError::Busy) => reply::add_header(&mut response, RETRY_AFTER, "1"),
            Self::Address
            | Self::NotFound(_)
            | Self::Body
            | Self::ContentType
            | Self::Values(_)
            | Self::Refused(_)
            | Self::Ledger(_)
            | Self::Early(_) => {}
        }
        response
    }

    fn describe(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Credential => (StatusCode::UNAUTHORIZED, "A valid API key is required."),
            Self::Address => (StatusCode::FORBIDDEN, "The API key may not be used from this address."),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "Too many requests; try again later."),
            Self::NotFound(Missing::Path) => (StatusCode::NOT_FOUND, "There is no such resource."),
            Self::NotFound(Missing::Batch) => (StatusCode::NOT_FOUND, "There is no such batch."),
            Self::NotFound(Missing::Message) => {
                (StatusCode::NOT_FOUND, "There is no such message in this batch.")
            }
            Self::NotFound(Missing::Sent) => (StatusCode::NOT_FOUND, "There is no such message."),
            Self::NotFound(Missing::Sender) => (StatusCode::NOT_FOUND, "There is no such sender."),
            Self::NotFound(Missing::Entry) => {
                (StatusCode::NOT_FOUND, "There is no such entry in the blacklist.")
            }
            Self::Method(_) => {
                (StatusCode::METHOD_NOT_ALLOWED, "The resource does not support the method of the request.")
            }
            Self::Body => (StatusCode::BAD_REQUEST, "The body is not the JSON that belongs here."),
            Self::ContentType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body must be JSON."),
            Self::Values(_) => (StatusCode::BAD_REQUEST, WRONG_VALUES),
            Self::Refused(refusal) => refused(refusal),
            Self::Ledger(error) => ledger(error),
            Self::Early(early) => (early.status(), early.sentence()),
        }
    }
}

/// Status and title of a refused submission.
fn refused(refusal: &SubmitRefusal) -> (StatusCode, &'static str) {
    match refusal {
        SubmitRefusal::Funds { .. } => (StatusCode::FORBIDDEN, "The balance does not cover the messages."),
        SubmitRefusal::KeyReused => {
            (StatusCode::CONFLICT, "The Idempotency-Key was used with another request.")
        }
        SubmitRefusal::NumbersExhausted => (StatusCode::FORBIDDEN, "The account can take no more messages."),
        SubmitRefusal::EmptyText
        | SubmitRefusal::NoRecipients
        | SubmitRefusal::TooManyRecipients { .. }
        | SubmitRefusal::Recipient { .. }
        | SubmitRefusal::Sender(_)
        | SubmitRefusal::TooLong { .. }
        | SubmitRefusal::Past
        | SubmitRefusal::Window
        | SubmitRefusal::Rule(_)
        | SubmitRefusal::Template(_)
        | SubmitRefusal::Contact(_)
        | SubmitRefusal::List(_)
        | SubmitRefusal::Program(_) => (StatusCode::BAD_REQUEST, WRONG_VALUES),
    }
}

/// The member that a submission was refused for. Neither API lets a caller name a template, a rule of
/// recurrence, a due time or a program.
fn refused_field(refusal: &SubmitRefusal, version: Version) -> Option<&'static str> {
    let (v1, v2) = match refusal {
        SubmitRefusal::EmptyText | SubmitRefusal::TooLong { .. } => ("Message", "body"),
        SubmitRefusal::NoRecipients
        | SubmitRefusal::TooManyRecipients { .. }
        | SubmitRefusal::Recipient { .. } => ("Numbers", "recipients"),
        SubmitRefusal::Sender(_) => ("From", "sender"),
        SubmitRefusal::Window => ("deliveryWindows", "deliveryWindows"),
        SubmitRefusal::Contact(_) => ("Contacts", "recipients"),
        SubmitRefusal::List(_) => ("Groups", "recipients"),
        SubmitRefusal::Past
        | SubmitRefusal::Rule(_)
        | SubmitRefusal::Template(_)
        | SubmitRefusal::Program(_)
        | SubmitRefusal::Funds { .. }
        | SubmitRefusal::KeyReused
        | SubmitRefusal::NumbersExhausted => return None,
    };
    Some(match version {
        Version::V1 => v1,
        Version::V2 => v2,
    })
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

/// Sentences by field, in the order found.
fn by_field(values: &[(Cow<'static, str>, String)]) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, sentence) in values {
        let entry = fields.entry(name.as_ref()).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(sentences) = entry {
            sentences.push(Value::String(sentence.clone()));
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(failure: Failure, version: Version, status: u16, header: (&str, &str), body: &str) {
        let response = failure.into_response(version);
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()[header.0], header.1);
        assert_eq!(response.body(), body.as_bytes());
    }

    #[test]
    fn problems() {
        let key = r#"{"type":"about:blank","title":"A valid API key is required.","status":401}"#;
        is(AuthFailure::Wrong.into(), Version::V2, 401, ("www-authenticate", "Bearer"), key);
        let basic = ("www-authenticate", "Basic realm=\"iP1\"");
        is(AuthFailure::Missing.into(), Version::V1, 401, basic, key);
        let path = r#"{"type":"about:blank","title":"There is no such resource.","status":404}"#;
        is(Failure::NotFound(Missing::Path), Version::V2, 404, ("content-type", PROBLEM), path);
        is(Failure::NotFound(Missing::Path), Version::V1, 404, ("content-type", JSON), path);
        let value = |name: &'static str, said: &str| (name.into(), said.to_owned());
        let values = vec![value("limit", "a"), value("start", "b"), value("limit", "c")];
        let body = concat!(
            r#"{"type":"about:blank","title":"One or more values are not valid.","status":400,"#,
            r#""errors":{"limit":["a","c"],"start":["b"]}}"#
        );
        is(Failure::Values(values), Version::V2, 400, ("content-type", PROBLEM), body);
        let many = r#"{"type":"about:blank","title":"Too many requests; try again later.","status":429}"#;
        is(AuthFailure::TooMany(3).into(), Version::V2, 429, ("retry-after", "3"), many);
        let key = r#"{"type":"about:blank","title":"The Idempotency-Key was used with another request.","status":409}"#;
        let reused = SubmitError::Refused(SubmitRefusal::KeyReused);
        is(reused.into(), Version::V2, 409, ("content-type", PROBLEM), key);
        let nobody = concat!(
            r#"{"type":"about:blank","title":"One or more values are not valid.","status":400,"#,
            r#""errors":{"Numbers":["there are no recipients."]}}"#
        );
        is(Failure::Refused(SubmitRefusal::NoRecipients), Version::V1, 400, ("content-type", JSON), nobody);
        let busy = r#"{"type":"about:blank","title":"The server is busy; try again.","status":503}"#;
        is(LedgerError::Busy.into(), Version::V2, 503, ("retry-after", "1"), busy);
    }
}
