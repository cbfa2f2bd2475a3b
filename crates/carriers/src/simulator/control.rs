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

mod request;

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::centre::WriteError;
use super::mo::{Alphabet, Join, Manner, Mo, Order};
use super::smsc::Smsc;
use super::span::Span;
use request::{
    BAD_REQUEST, FORBIDDEN, INTERNAL, METHOD_NOT_ALLOWED, NOT_FOUND, OK, Refused, Request, UNAVAILABLE,
};

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

async fn speak(mut stream: TcpStream, smsc: Smsc) {
    let request = match request::read(&mut stream).await {
        Ok(Some(request)) => Ok(request),
        Ok(None) => return,
        Err(refused) => Err(refused),
    };
    let (status, body) = match request.and_then(|request| route(&smsc, &request)) {
        Ok(body) => (OK, body),
        Err((status, words)) => (status, json!({ "error": words })),
    };
    if let Err(error) = request::write(&mut stream, status, &body).await {
        tracing::debug!(%error, "a control connection ended");
    }
}

fn route(smsc: &Smsc, request: &Request) -> Result<Value, Refused> {
    if request.from_page {
        return Err((FORBIDDEN, "web pages may not control the simulator".to_owned()));
    }
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/stats") => json_of(&smsc.counters()),
        ("GET", "/duplicates") => json_of(&smsc.duplicates()),
        ("POST", "/disconnect") => Ok(json!({ "cut": smsc.disconnect() })),
        ("POST", "/mo") => write(smsc, request),
        (_, "/stats" | "/duplicates" | "/disconnect" | "/mo") => {
            Err((METHOD_NOT_ALLOWED, THERE_ARE.to_owned()))
        }
        _ => Err((NOT_FOUND, THERE_ARE.to_owned())),
    }
}

fn json_of(value: &impl serde::Serialize) -> Result<Value, Refused> {
    serde_json::to_value(value).map_err(|error| (INTERNAL, error.to_string()))
}

fn write(smsc: &Smsc, request: &Request) -> Result<Value, Refused> {
    let is_json = request.content_type.starts_with("application/json");
    let mo = read(&request.body, is_json).map_err(|error| (BAD_REQUEST, error.to_string()))?;
    match smsc.write(&mo.into()) {
        Ok(parts) => Ok(json!({ "parts": parts })),
        Err(error @ WriteError::Long(_)) => Err((BAD_REQUEST, error.to_string())),
        Err(error @ WriteError::Full) => Err((UNAVAILABLE, error.to_string())),
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
