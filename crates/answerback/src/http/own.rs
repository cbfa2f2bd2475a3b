//! The few paths that belong to no vendor: health, readiness, figures, and a word to a browser.

use std::time::Duration;

use dialects::kit::{Request, Response, reply};
use http::{Method, StatusCode, header};
use service::LedgerError;

use super::Front;

const PLAIN: &str = "text/plain; charset=utf-8";
/// How long the store may take to answer before it counts as not ready.
const READY_TIME: Duration = Duration::from_secs(2);

/// Which of our own paths a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Own {
    Health,
    Ready,
    Metrics,
    Welcome,
}

impl Own {
    /// Exactly these paths; `/` only for a browser that looks at it.
    pub(super) fn of(request: &Request) -> Option<Self> {
        match request.path.as_str() {
            "/healthz" => Some(Self::Health),
            "/readyz" => Some(Self::Ready),
            "/metrics" => Some(Self::Metrics),
            "/" if is_reading(&request.method) && wants_html(request) => Some(Self::Welcome),
            _ => None,
        }
    }

    /// Its name in log and figures.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Health => "healthz",
            Self::Ready => "readyz",
            Self::Metrics => "metrics",
            Self::Welcome => "welcome",
        }
    }

    /// Answers it.
    pub(super) async fn serve(self, front: &Front, request: &Request) -> Response {
        if !is_reading(&request.method) {
            let mut response = reply::with_body(StatusCode::METHOD_NOT_ALLOWED, PLAIN, "use GET\n");
            reply::add_header(&mut response, header::ALLOW, "GET, HEAD");
            return response;
        }
        let mut response = match self {
            Self::Health => reply::with_body(StatusCode::OK, PLAIN, "ok\n"),
            Self::Ready => ready(front).await,
            Self::Metrics => {
                let text = front.metrics.render(front).await;
                reply::with_body(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", text)
            }
            Self::Welcome => reply::with_body(StatusCode::OK, PLAIN, welcome(front, request)),
        };
        reply::add_header(&mut response, header::CACHE_CONTROL, "no-store");
        response
    }
}

fn is_reading(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn wants_html(request: &Request) -> bool {
    request.header("accept").is_some_and(|accept| accept.contains("text/html"))
}

async fn ready(front: &Front) -> Response {
    match tokio::time::timeout(READY_TIME, answers(front)).await {
        Ok(Ok(())) => carriers_ready(front),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the store is not ready");
            reply::with_body(StatusCode::SERVICE_UNAVAILABLE, PLAIN, "the store failed\n")
        }
        Err(_) => {
            tracing::warn!("the store does not answer");
            reply::with_body(StatusCode::SERVICE_UNAVAILABLE, PLAIN, "the store does not answer\n")
        }
    }
}

/// How the carriers are, a line each. Without one that takes messages these wait on disk, so that by default
/// the server is ready all the same.
fn carriers_ready(front: &Front) -> Response {
    let reports = front.fleet.reports();
    let some_up = reports.iter().any(|report| report.state.takes_segments());
    let ready = some_up || !front.ready_needs_carrier;
    let mut text = if ready { "ready\n" } else { "no carrier takes messages\n" }.to_owned();
    for report in &reports {
        let state = if report.state.takes_segments() { "up" } else { "not up" };
        text.push_str(&format!("carrier {}: {state}\n", report.name));
    }
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    reply::with_body(status, PLAIN, text)
}

/// Whether the store answers at all: that there is no such account is an answer.
async fn answers(front: &Front) -> Result<(), LedgerError> {
    let Some(account) = sms::AccountId::new(1) else { return Ok(()) };
    match front.service.account(account).await {
        Ok(_) | Err(LedgerError::NotFound) => Ok(()),
        Err(error) => Err(error),
    }
}

fn welcome(front: &Front, request: &Request) -> String {
    let mut text = format!(
        "Answerback {}: one ledger for text messages, answered in several vendors' HTTP APIs.\n\n\
         Point a client at {} and use a key of this server. It answers in these dialects:\n",
        env!("CARGO_PKG_VERSION"),
        request.origin
    );
    for dialect in front.router.dialects() {
        text.push_str(&format!("  {:<12} {} endpoints\n", dialect.id(), dialect.endpoints().len()));
    }
    text.push_str("\n/healthz, /readyz and /metrics are for operators.\n");
    text
}
