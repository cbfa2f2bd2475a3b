//! What can go wrong, and how this vendor says so: HTTP 200 with a negative `status` for all that an
//! application decides, another code only where no source shows the vendor's own answer (reference 1.4, 1.5).

use http::header::{ALLOW, RETRY_AFTER};
use http::{Method, StatusCode};
use service::LedgerError;

use super::answer::Answer;
use super::format::Format;
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
    Ledger(#[from] LedgerError),
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
        let (code, status, details) = self.words();
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
    fn words(&self) -> (StatusCode, i32, String) {
        let status = match self {
            Self::Credentials(given) => {
                let details = match given {
                    Given::Token => "Token invalide",
                    Given::Login => "Utilisateur ou mot de passe incorrect",
                };
                return (StatusCode::OK, -1, details.to_owned());
            }
            Self::Data { .. } => (StatusCode::OK, -7),
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

fn early_status(early: Early) -> i32 {
    match early {
        Early::BodyTooLarge | Early::Malformed => -7,
        Early::NotServed => -5,
        Early::Slow | Early::Overloaded | Early::Internal => -99,
    }
}

/// The `message` of an error's `status`. Only that of -1 was ever recorded; no client compares the others.
fn message(status: i32) -> &'static str {
    match status {
        -1 => "Le login et le mot de passe ne correspondent pas",
        -5 => "Resource not found",
        -7 => "Data error",
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
