//! Failures, and the one body all of them have: `code`, `message`, `errors`, always all three.

use http::header::{ALLOW, RETRY_AFTER};
use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value};
use service::LedgerError;

use super::fields::Wrong;
use crate::kit::{Response, endpoint, reply};

/// Content type of every body of this API.
pub(super) const JSON: &str = "application/json";

/// Why a request gets no answer of its own.
#[derive(Debug, PartialEq)]
pub(super) enum Failure {
    /// 401: nobody was recognised, in these words.
    Unauthorized(&'static str),
    /// 404: no such resource or path.
    NotFound,
    /// 405: the path is known under these methods only.
    MethodNotAllowed(Vec<Method>),
    /// 400: the request makes no sense as a whole, in these words.
    BadRequest(String),
    /// 400 `Validation Failed`: parameters of a write are missing or wrong.
    Invalid(Problems),
    /// 409: the request stands against an earlier one, in these words.
    Conflict(&'static str),
    /// 429: too many requests; try again after so many seconds.
    TooMany(u32),
    /// 503: no write is taken just now.
    Busy,
    /// 500: the server's fault, which is in its log.
    Server,
}

/// What is wrong with a write: `errors` of the body.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(super) struct Problems {
    /// About the request as a whole.
    common: Vec<String>,
    /// About one parameter: its name → sentences.
    fields: Map<String, Value>,
}

impl Problems {
    /// Notes something about the request as a whole.
    pub(super) fn common(&mut self, sentence: &str) {
        self.common.push(sentence.to_owned());
    }

    /// Notes something about one parameter.
    pub(super) fn field(&mut self, name: &str, sentence: &str) {
        let entry = self.fields.entry(name).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(sentences) = entry {
            sentences.push(Value::String(sentence.to_owned()));
        }
    }

    /// The value that was read, or `None` with its refusal noted.
    pub(super) fn noted<T>(&mut self, result: Result<Option<T>, Wrong>) -> Option<T> {
        result.unwrap_or_else(|wrong| {
            self.field(wrong.name, wrong.sentence);
            None
        })
    }

    /// Whether nothing was noted.
    pub(super) fn is_empty(&self) -> bool {
        self.common.is_empty() && self.fields.is_empty()
    }

    /// Everything in one line, for answers that have no place for more.
    pub(super) fn line(&self) -> String {
        let of_field = |(name, sentences): (&String, &Value)| {
            let sentences = sentences.as_array().into_iter().flatten().filter_map(Value::as_str);
            let sentences: Vec<_> = sentences.collect();
            format!("Parameter \"{name}\": {}", sentences.join(" "))
        };
        let common = self.common.iter().cloned();
        common.chain(self.fields.iter().map(of_field)).collect::<Vec<_>>().join(" ")
    }

    /// A failure of exactly this one parameter.
    pub(super) fn of(name: &str, sentence: &str) -> Failure {
        let mut problems = Self::default();
        problems.field(name, sentence);
        Failure::Invalid(problems)
    }

    /// `Ok` when nothing was noted.
    pub(super) fn check(self) -> Result<(), Failure> {
        if self.is_empty() { Ok(()) } else { Err(Failure::Invalid(self)) }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::NotFound => Self::NotFound,
            LedgerError::Refused(refusal) => {
                let mut problems = Problems::default();
                problems.common(&refusal.to_string());
                Self::Invalid(problems)
            }
            LedgerError::Busy => Self::Busy,
            fault => {
                tracing::error!(%fault, "the ledger failed a request");
                Self::Server
            }
        }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    code: u16,
    message: &'a str,
    errors: Option<Problems>,
}

/// An error answer.
pub(super) fn answer(status: StatusCode, message: &str, errors: Option<Problems>) -> Response {
    let body = Body { code: status.as_u16(), message, errors };
    reply::with_body(status, JSON, reply::json(&body))
}

impl Failure {
    /// The failure as an answer.
    pub(super) fn into_response(self) -> Response {
        match self {
            Self::Unauthorized(message) => answer(StatusCode::UNAUTHORIZED, message, None),
            Self::NotFound => answer(StatusCode::NOT_FOUND, "Resource does not exist", None),
            Self::MethodNotAllowed(methods) => {
                let mut response =
                    answer(StatusCode::METHOD_NOT_ALLOWED, "This method is not allowed here", None);
                reply::add_header(&mut response, ALLOW, &endpoint::allow(&methods));
                response
            }
            Self::BadRequest(message) => answer(StatusCode::BAD_REQUEST, &message, None),
            Self::Invalid(problems) => answer(StatusCode::BAD_REQUEST, "Validation Failed", Some(problems)),
            Self::Conflict(message) => answer(StatusCode::CONFLICT, message, None),
            Self::TooMany(seconds) => {
                let mut response = answer(StatusCode::TOO_MANY_REQUESTS, "The rate limit is exceeded", None);
                reply::add_header(&mut response, RETRY_AFTER, &seconds.to_string());
                response
            }
            Self::Busy => {
                answer(StatusCode::SERVICE_UNAVAILABLE, "The server is busy; try again in a moment", None)
            }
            Self::Server => answer(StatusCode::INTERNAL_SERVER_ERROR, "The server failed", None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(failure: Failure) -> (u16, String) {
        let response = failure.into_response();
        assert_eq!(response.headers()["content-type"], JSON);
        (response.status().as_u16(), String::from_utf8(response.body().to_vec()).expect("text"))
    }

    #[test]
    fn all_three_keys_always() {
        let is = |failure, status, body: &str| assert_eq!(text(failure), (status, body.to_owned()));
        is(Failure::NotFound, 404, r#"{"code":404,"message":"Resource does not exist","errors":null}"#);
        is(Failure::Unauthorized("no"), 401, r#"{"code":401,"message":"no","errors":null}"#);
        is(Failure::BadRequest("\"".to_owned()), 400, r#"{"code":400,"message":"\"","errors":null}"#);
        is(
            Problems::of("phone", "Needed."),
            400,
            r#"{"code":400,"message":"Validation Failed","errors":{"common":[],"fields":{"phone":["Needed."]}}}"#,
        );
        for failure in [
            Failure::Busy,
            Failure::Server,
            Failure::TooMany(3),
            Failure::MethodNotAllowed(vec![Method::GET]),
        ] {
            let (status, body) = text(failure);
            let body: Value = serde_json::from_str(&body).expect("JSON");
            assert_eq!(body["code"], status);
            assert!(body["message"].is_string() && body["errors"].is_null());
        }
    }

    #[test]
    fn headers_of_refusals() {
        let response = Failure::TooMany(3).into_response();
        assert_eq!(response.headers()[RETRY_AFTER], "3");
        let response = Failure::MethodNotAllowed(vec![Method::GET, Method::HEAD]).into_response();
        assert_eq!(response.headers()[ALLOW], "GET, HEAD");
    }

    #[test]
    fn problems_gather() {
        let mut problems = Problems::default();
        problems.field("lists", "Needed.");
        problems.field("phone", "Needed.");
        problems.field("phone", "Bad.");
        problems.common("Odd.");
        let Err(failure) = problems.check() else { panic!("noted") };
        let (_, body) = text(failure);
        assert!(body.contains(
            r#""errors":{"common":["Odd."],"fields":{"lists":["Needed."],"phone":["Needed.","Bad."]}}"#
        ));
        assert_eq!(Problems::default().check(), Ok(()));
    }

    #[test]
    fn faults_of_the_store_say_nothing_of_it() {
        let (status, body) = text(LedgerError::Store("/secret/path".to_owned()).into());
        assert_eq!(status, 500);
        assert!(!body.contains("secret"));
        assert_eq!(Failure::from(LedgerError::NotFound), Failure::NotFound);
        assert_eq!(Failure::from(LedgerError::Busy), Failure::Busy);
    }
}
