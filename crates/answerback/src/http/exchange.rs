//! One request and its answer.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use bytes::Bytes;
use dialects::kit::{Early, Request, Response};
use http::header::{CONNECTION, CONTENT_LENGTH, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, StatusCode, Version};
use http_body_util::Full;
use hyper::body::Incoming;
use tracing::Instrument;
use tracing::field::Empty;

use super::endpoint_names::Named;
use super::metrics::Under;
use super::origin::{Arrival, Misleading};
use super::own::Own;
use super::request_id::{self, request_id};
use super::{Front, body, unwind};

/// The two ends of a connection, and whether it has a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    pub(super) peer: SocketAddr,
    pub(super) local: SocketAddr,
    /// Whether every place was taken when it came: its one request is refused.
    pub(super) surplus: bool,
}

/// Who answers a request, as log and figures name it.
struct Label {
    dialect: &'static str,
    named: Named,
}

/// Answers a request. Every way out passes through here, so every answer has its id, its line in the log
/// and its place in the figures.
pub(super) async fn answer(
    front: Arc<Front>,
    ends: Ends,
    incoming: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let started = Instant::now();
    let (head, body) = incoming.into_parts();
    let (request, id, sound) = head_of(&front, ends, head);
    let is_head = request.method == Method::HEAD;
    let own = Own::of(&request).filter(|_| sound);
    let Label { dialect, named: Named { endpoint, path } } = label(&front, own, &request);
    // No query, which may carry a credential. The account is known once its key is, the batch once there is one.
    let span = tracing::info_span!(
        "request", id = %id, method = %request.method, dialect, path,
        account = Empty, batch = Empty
    );
    let response = async {
        let response = match own {
            Some(own) => own.serve(&front, &request).await,
            None if !sound => front.router.refuse(&Early::Malformed, &request),
            None if ends.surplus => front.router.refuse(&Early::Overloaded, &request),
            None => within_limits(&front, request, body).await,
        };
        let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        tracing::info!(status = response.status().as_u16(), micros, endpoint, "answered");
        response
    }
    .instrument(span)
    .await;
    front.metrics.answered(dialect, endpoint, response.status().as_u16(), started.elapsed());
    Ok(finish(response, &id, is_head, ends.surplus))
}

fn label(front: &Front, own: Option<Own>, request: &Request) -> Label {
    if let Some(own) = own {
        return Label { dialect: "own", named: Named { endpoint: own.name(), path: request.path.clone() } };
    }
    let dialect = front.router.owner(request).map_or("none", dialects::kit::Dialect::id);
    Label { dialect, named: front.names.name(dialect, request) }
}

/// The request without its body, its id, and whether it can be relied on.
fn head_of(front: &Front, ends: Ends, head: Parts) -> (Request, String, bool) {
    let arrival = Arrival {
        uri: &head.uri,
        headers: &head.headers,
        peer: ends.peer.ip().to_canonical(),
        local: ends.local,
        host_needed: head.version >= Version::HTTP_11,
    };
    let located = front.origins.locate(arrival);
    let sound = located.is_ok();
    let (remote, origin, path, trusted) = match located {
        Ok(located) => (located.remote, located.origin, located.path, located.trusted),
        Err(Misleading) => {
            (arrival.peer, front.origins.fallback(ends.local), head.uri.path().to_owned(), false)
        }
    };
    let id = request_id(&head.headers, trusted);
    let query = head.uri.query().unwrap_or_default().to_owned();
    let request = Request {
        method: head.method,
        path,
        query,
        headers: head.headers,
        body: Bytes::new(),
        remote,
        origin,
    };
    (request, id, sound)
}

/// Reads the body and asks the dialect, if there is room and while there is time.
async fn within_limits(front: &Front, mut request: Request, incoming: Incoming) -> Response {
    let Ok(_place) = front.requests.try_acquire() else {
        return front.router.refuse(&Early::Overloaded, &request);
    };
    let _under_way = Under::way(&front.metrics.requests);
    let time = front.limits.request_timeout;
    match body::read(incoming, &request.headers, front.limits.body, time).await {
        Ok(body) => request.body = body,
        Err(early) => return front.router.refuse(&early, &request),
    }
    let again = request.clone();
    let served = unwind::catch(front.router.serve(&front.service, request));
    match tokio::time::timeout(time, served).await {
        Ok(Ok(response)) => response,
        Ok(Err(unwind::Panicked)) => {
            front.metrics.panics.fetch_add(1, Ordering::Relaxed);
            front.router.refuse(&Early::Internal, &again)
        }
        Err(_) => {
            tracing::error!("the answer took too long");
            front.router.refuse(&Early::Internal, &again)
        }
    }
}

/// Adds what every answer has. The answer to `HEAD` keeps the length of the body it leaves out.
fn finish(response: Response, id: &str, is_head: bool, close: bool) -> hyper::Response<Full<Bytes>> {
    let (mut parts, mut body) = response.into_parts();
    if let Ok(value) = HeaderValue::from_str(id) {
        parts.headers.insert(HeaderName::from_static(request_id::HEADER), value);
    }
    let bodiless = parts.status == StatusCode::NO_CONTENT || parts.status == StatusCode::NOT_MODIFIED;
    if is_head && !bodiless {
        parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    if is_head || bodiless {
        body = Bytes::new();
    }
    if close || parts.status == StatusCode::PAYLOAD_TOO_LARGE || parts.status == StatusCode::REQUEST_TIMEOUT {
        parts.headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    hyper::Response::from_parts(parts, Full::new(body))
}
