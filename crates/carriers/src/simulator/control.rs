//! An HTTP listener beside a stand-alone SMSC, for scripts and tests.
//!
//! | request | what it does |
//! | --- | --- |
//! | `POST /mo` | a handset writes: `from`, `to`, `text`, and optionally `system_id`, `alphabet`, `join`, `order`, `missing`, `twice`, `gap` (see [`Manner`]), as a form or as JSON; answers `{"parts":2}` |
//! | `GET /stats` | the [`Counters`](super::Counters) as JSON |
//! | `GET /duplicates` | messages that were taken more than once: [`Duplicate`](super::centre::Duplicate), at most 10,000 |
//! | `POST /disconnect` | cuts every connection; answers `{"cut":3}` |
//!
//! It asks for no password: bind it to a loopback address. A request that a web page of another origin makes
//! is refused.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, ORIGIN};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::centre::WriteError;
use super::mo::{Alphabet, Join, Manner, Mo, Order};
use super::smsc::Smsc;
use super::span::Span;

/// The most octets of a body.
const BODY: usize = 256 << 10;
/// How long headers, and then a body, may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections at once.
const CONNECTIONS: usize = 64;

/// What can be asked for.
const THERE_ARE: &str = "there are GET /stats, GET /duplicates, POST /mo, POST /disconnect";

/// An MO as a request has it: everything on one level, so that a form can say it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Posted {
    from: String,
    to: String,
    text: String,
    system_id: Option<String>,
    #[serde(default)]
    alphabet: Alphabet,
    #[serde(default)]
    join: Join,
    #[serde(default)]
    order: Order,
    #[serde(default)]
    missing: u8,
    #[serde(default)]
    twice: u8,
    #[serde(default)]
    gap: Span,
}

impl From<Posted> for Mo {
    fn from(posted: Posted) -> Self {
        let Posted { from, to, text, system_id, alphabet, join, order, missing, twice, gap } = posted;
        Self { from, to, text, system_id, manner: Manner { alphabet, join, order, missing, twice, gap } }
    }
}

/// A refusal: its status and its words.
type Refused = (StatusCode, String);

/// Serves `listener` for `smsc` until `shutdown` is done.
pub async fn serve(listener: TcpListener, smsc: Smsc, shutdown: impl Future<Output = ()>) {
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => return,
            accepted = listener.accept(), if connections.len() < CONNECTIONS => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(speak(stream, smsc.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "a control connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
            Some(ended) = connections.join_next() => {
                if let Err(error) = ended {
                    tracing::error!(%error, "a control connection ended badly");
                }
            }
        }
    }
}

async fn speak(stream: TcpStream, smsc: Smsc) {
    let service = service_fn(move |request| answer(smsc.clone(), request));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a control connection ended");
    }
}

async fn answer(smsc: Smsc, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (status, body) = match route(&smsc, request).await {
        Ok(body) => (StatusCode::OK, body),
        Err((status, words)) => (status, json!({ "error": words })),
    };
    let mut response = Response::new(Full::new(Bytes::from(format!("{body}\n"))));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static("application/json"));
    Ok(response)
}

async fn route(smsc: &Smsc, request: Request<Incoming>) -> Result<Value, Refused> {
    if request.headers().contains_key(ORIGIN) {
        return Err((StatusCode::FORBIDDEN, "web pages may not control the simulator".to_owned()));
    }
    match (request.method(), request.uri().path()) {
        (&Method::GET, "/stats") => json_of(&smsc.counters()),
        (&Method::GET, "/duplicates") => json_of(&smsc.duplicates()),
        (&Method::POST, "/disconnect") => Ok(json!({ "cut": smsc.disconnect() })),
        (&Method::POST, "/mo") => write(smsc, request).await,
        (_, "/stats" | "/duplicates" | "/disconnect" | "/mo") => {
            Err((StatusCode::METHOD_NOT_ALLOWED, THERE_ARE.to_owned()))
        }
        _ => Err((StatusCode::NOT_FOUND, THERE_ARE.to_owned())),
    }
}

fn json_of(value: &impl serde::Serialize) -> Result<Value, Refused> {
    serde_json::to_value(value).map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

async fn write(smsc: &Smsc, request: Request<Incoming>) -> Result<Value, Refused> {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_json = content_type.is_some_and(|kind| kind.starts_with("application/json"));
    let body = tokio::time::timeout(PATIENCE, Limited::new(request.into_body(), BODY).collect()).await;
    let body = body.map_err(|_| (StatusCode::REQUEST_TIMEOUT, "the body takes too long".to_owned()))?;
    let body = body.map_err(|error| (StatusCode::PAYLOAD_TOO_LARGE, error.to_string()))?.to_bytes();
    let mo = read(&body, is_json).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    match smsc.write(&mo.into()) {
        Ok(parts) => Ok(json!({ "parts": parts })),
        Err(error @ WriteError::Long(_)) => Err((StatusCode::BAD_REQUEST, error.to_string())),
        Err(error @ WriteError::Full) => Err((StatusCode::SERVICE_UNAVAILABLE, error.to_string())),
    }
}

/// Reads a body; in a form `missing` and `twice` are numbers written as texts.
fn read(body: &[u8], is_json: bool) -> Result<Posted, serde_json::Error> {
    if is_json {
        return serde_json::from_slice(body);
    }
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(body) {
        let number = || value.parse::<u8>().ok().map(Value::from);
        let value = match &*name {
            "missing" | "twice" => number().unwrap_or_else(|| Value::from(&*value)),
            _ => Value::from(&*value),
        };
        fields.insert(name.into_owned(), value);
    }
    serde_json::from_value(Value::Object(fields))
}

#[cfg(test)]
mod tests;
