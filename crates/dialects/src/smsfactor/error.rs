//! What can go wrong, and how this vendor says so: HTTP 200 with a negative `status` for all that an
//! application decides, another code only where no source shows the vendor's own answer (reference 1.4, 1.5).

use http::header::{ALLOW, RETRY_AFTER};
use http::{Method, StatusCode};
use service::plan::{SubmitError, SubmitRefusal};
use service::{LedgerError, Refusal};

use super::answer::Answer;
use super::body::Form;
use super::format::Format;
use crate::kit::idempotency::BadKey;
use crate::kit::{Early, Response, endpoint, reply};

/// Why a request is not answered with a success.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// No credential, or one that is not right.
    #[error("not authenticated")]
    Credentials(Given),
    /// The key made too many requests; to be tried again after so many seconds.
    #[error("too many requests")]
    TooMany(u32),
    /// A parameter is missing or makes no sense.
    #[error("{parameter} {problem}")]
    Data {
        /// Its name.
        parameter: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The body cannot be read, or is missing where there must be one.
    #[error("the body cannot be read")]
    Body(Form),
    /// The date at which to send makes no sense, or is past.
    #[error("delay {0}")]
    Delay(&'static str),
    /// The balance does not cover it.
    #[error("the balance does not cover the cost")]
    Funds,
    /// What the path or a parameter names does not exist.
    #[error("{0}")]
    Resource(&'static str),
    /// Refused for what was asked, in words made for it.
    #[error("{0}")]
    Refused(String),
    /// The account's numbers are used up.
    #[error("the account has no message numbers left")]
    Exhausted,
    /// No endpoint has this path.
    #[error("nothing is served here")]
    NotFound,
    /// The path is known, under these methods.
    #[error("the method is not served here")]
    Method(Vec<Method>),
    /// Refused before it was read.
    #[error("{}", .0.sentence())]
    Early(Early),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(LedgerError),
}

impl From<LedgerError> for Failure {
    /// What a caller named and is not there, and values that the ledger does not take, are the caller's.
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::NotFound => Self::Resource("what is named does not exist"),
            LedgerError::Refused(Refusal::NumbersExhausted) => Self::Exhausted,
            LedgerError::Refused(refusal) => Self::Refused(refusal.to_string()),
            error => Self::Ledger(error),
        }
    }
}

impl From<SubmitError> for Failure {
    fn from(error: SubmitError) -> Self {
        use SubmitRefusal as R;
        let refusal = match error {
            SubmitError::Ledger(error) => return error.into(),
            SubmitError::Refused(refusal) => refusal,
        };
        match refusal {
            R::Past => Self::Delay("is past by more than five minutes"),
            R::Funds { .. } => Self::Funds,
            R::List(_) => Self::Resource("there is no such list"),
            R::EmptyText => Self::Data { parameter: "text", problem: "is missing" },
            R::NoRecipients => Self::Data { parameter: "recipients", problem: "are missing" },
            R::NumbersExhausted => Self::Exhausted,
            other @ (R::TooManyRecipients { .. }
            | R::Recipient { .. }
            | R::Sender(_)
            | R::TooLong { .. }
            | R::Window
            | R::Rule(_)
            | R::Template(_)
            | R::Contact(_)
            | R::Program(_)
            | R::KeyReused) => Self::Refused(other.to_string()),
        }
    }
}

impl From<BadKey> for Failure {
    fn from(error: BadKey) -> Self {
        Self::Refused(error.to_string())
    }
}

/// By what a caller tried to make himself known; the refusal's reason depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// A token, or nothing.
    Token,
    /// A login with its password.
    Login,
}

impl Failure {
    /// The answer.
    pub(super) fn render(self, format: Format) -> Response {
        let (code, status, details) = self.words(format);
        let mut answer = Answer::new(format, status, message(status));
        answer.text("details", &details);
        let mut response = answer.finish(code);
        match self {
            Self::Method(methods) => reply::add_header(&mut response, ALLOW, &endpoint::allow(&methods)),
            Self::TooMany(seconds) => {
                reply::add_header(&mut response, RETRY_AFTER, &seconds.to_string());
            }
            _ => {}
        }
        response
    }

    /// HTTP code, `status` and `details`.
    fn words(&self, format: Format) -> (StatusCode, i32, String) {
        let status = match self {
            Self::Credentials(given) => {
                let details = match given {
                    Given::Token => "Token invalide",
                    Given::Login => "Utilisateur ou mot de passe incorrect",
                };
                return (StatusCode::OK, -1, details.to_owned());
            }
            Self::Data { .. } | Self::Refused(_) => (StatusCode::OK, -7),
            Self::Body(form) => (StatusCode::OK, unreadable(*form, format)),
            Self::Delay(_) => (StatusCode::OK, -4),
            Self::Funds => (StatusCode::OK, -3),
            Self::Resource(_) => (StatusCode::OK, -5),
            Self::Exhausted => (StatusCode::OK, -99),
            Self::NotFound => (StatusCode::NOT_FOUND, -5),
            Self::Method(_) => (StatusCode::METHOD_NOT_ALLOWED, -5),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, -99),
            Self::Early(early) => (early.status(), early_status(*early)),
            Self::Ledger(error) => {
                tracing::error!(%error, "the ledger failed");
                return (StatusCode::INTERNAL_SERVER_ERROR, -99, Early::Internal.sentence().to_owned());
            }
        };
        (status.0, status.1, self.to_string())
    }
}

/// The status of a body that cannot be read: that of what it was meant to be, or else of what was asked for.
fn unreadable(form: Form, format: Format) -> i32 {
    match (form, format) {
        (Form::Json, _) | (Form::Neither, Format::Json) => -6,
        (Form::Xml, _) | (Form::Neither, Format::Xml) => -2,
    }
}

fn early_status(early: Early) -> i32 {
    match early {
        Early::BodyTooLarge | Early::Malformed => -7,
        Early::NotServed => -5,
        Early::Slow | Early::Overloaded | Early::Internal => -99,
    }
}

/// The `message` of an error's `status`. Only that of -1 was ever recorded; no client compares the others.
pub(super) fn message(status: i32) -> &'static str {
    match status {
        -1 => "Le login et le mot de passe ne correspondent pas",
        -2 => "XML error",
        -3 => "Not enough credits",
        -4 => "Incorrect date delay",
        -5 => "Resource not found",
        -6 => "JSON error",
        -7 => "Data error",
        -8 => "Campaign under moderation",
        _ => "Unknown error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(failure: Failure) -> (u16, String) {
        let response = failure.render(Format::Json);
        let body = String::from_utf8(response.body().to_vec()).expect("text");
        (response.status().as_u16(), body)
    }

    #[test]
    fn bodies() {
        let login = "Le login et le mot de passe ne correspondent pas";
        let body = |status: i32, message: &str, details: &str| {
            format!(r#"{{"status":{status},"message":"{message}","details":"{details}"}}"#)
        };
        let cases = [
            (Failure::Credentials(Given::Token), 200, body(-1, login, "Token invalide")),
            (
                Failure::Credentials(Given::Login),
                200,
                body(-1, login, "Utilisateur ou mot de passe incorrect"),
            ),
            (
                Failure::Data { parameter: "sort", problem: "is odd" },
                200,
                body(-7, "Data error", "sort is odd"),
            ),
            (Failure::Body(Form::Xml), 200, body(-2, "XML error", "the body cannot be read")),
            (Failure::Body(Form::Neither), 200, body(-6, "JSON error", "the body cannot be read")),
            (Failure::Funds, 200, body(-3, "Not enough credits", "the balance does not cover the cost")),
            (Failure::Delay("is odd"), 200, body(-4, "Incorrect date delay", "delay is odd")),
            (Failure::Resource("no list"), 200, body(-5, "Resource not found", "no list")),
            (
                LedgerError::Refused(Refusal::KeyReused).into(),
                200,
                body(-7, "Data error", "the idempotency key was used with another request"),
            ),
            (
                LedgerError::Refused(Refusal::NumbersExhausted).into(),
                200,
                body(-99, "Unknown error", "the account has no message numbers left"),
            ),
            (Failure::NotFound, 404, body(-5, "Resource not found", "nothing is served here")),
            (
                Failure::Ledger(LedgerError::Store("secret path".to_owned())),
                500,
                body(-99, "Unknown error", "The server failed."),
            ),
            (
                Failure::Early(Early::BodyTooLarge),
                413,
                body(-7, "Data error", "The request body is too large."),
            ),
            (Failure::Early(Early::Slow), 408, body(-99, "Unknown error", Early::Slow.sentence())),
            (Failure::Early(Early::Malformed), 400, body(-7, "Data error", Early::Malformed.sentence())),
            (
                Failure::Early(Early::Overloaded),
                503,
                body(-99, "Unknown error", Early::Overloaded.sentence()),
            ),
            (
                Failure::Early(Early::NotServed),
                404,
                body(-5, "Resource not found", Early::NotServed.sentence()),
            ),
        ];
        for (failure, code, body) in cases {
            assert_eq!(rendered(failure), (code, body));
        }
    }

    #[test]
    fn headers_that_go_with_codes() {
        let response = Failure::Method(vec![Method::GET, Method::HEAD]).render(Format::Xml);
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.headers()[ALLOW], "GET, HEAD");
        let response = Failure::TooMany(3).render(Format::Xml);
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[RETRY_AFTER], "3");
    }
}
