//! Carrying webhook calls over HTTP: hyper's client, TLS by rustls with the system's certificates, no redirect
//! followed, nothing unbounded.
//!
//! Where a call may go is decided on the *resolved* address, and the connection is made to that very address
//! ([`connect`]), so that a name which points elsewhere a moment later changes nothing. Addresses of our own
//! network are refused unless the configuration allows them ([`addresses`]).

mod addresses;
mod connect;
#[cfg(test)]
mod tests;

use std::time::Duration;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use http::{Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use service::webhooks::{Call, Courier, CourierError, Reply};

pub(crate) use addresses::Allowed;
use connect::{Connector, Obstacle};

/// What is read of an answer's body, in octets.
const MOST_READ: usize = 64 << 10;
/// How long an idle connection is kept for the next call.
const IDLE: Duration = Duration::from_secs(30);
/// Idle connections kept to one host.
const IDLE_A_HOST: usize = 4;
/// Who calls.
const AGENT: &str = concat!("answerback/", env!("CARGO_PKG_VERSION"));

/// The courier of a process.
pub(crate) struct HttpCourier {
    client: Client<Connector, Full<Bytes>>,
}

impl HttpCourier {
    /// A courier that calls public addresses, and those of our own network that are allowed.
    pub(crate) fn new(allowed: Allowed) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_A_HOST)
            .http1_max_buf_size(64 << 10)
            .build(Connector::new(allowed));
        Self { client }
    }

    async fn carry(&self, call: Call) -> Result<Reply, CourierError> {
        let request = request(call)?;
        let answer = self.client.request(request).await.map_err(|error| trouble(&error))?;
        let status = answer.status().as_u16();
        let body = beginning(answer.into_body()).await;
        Ok(Reply { status, body })
    }
}

#[async_trait]
impl Courier for HttpCourier {
    async fn deliver(&self, call: Call) -> Result<Reply, CourierError> {
        let time = call.timeout;
        tokio::time::timeout(time, self.carry(call)).await.unwrap_or(Err(CourierError::Timeout))
    }
}

/// The call as hyper sends it. A user and password in the URL become HTTP Basic.
fn request(call: Call) -> Result<Request<Full<Bytes>>, CourierError> {
    let bad = |what: &dyn std::fmt::Display| CourierError::Url(what.to_string());
    // A fragment is the caller's own affair; hyper would send it.
    let url = call.url.split('#').next().unwrap_or_default();
    let (uri, login) = without_login(url.parse::<Uri>().map_err(|error| bad(&error))?)?;
    let mut request = Request::builder()
        .method(call.method)
        .uri(uri)
        .header(USER_AGENT, AGENT)
        .header(CONTENT_TYPE, &call.content_type);
    if let Some(login) = login {
        request = request.header(AUTHORIZATION, login);
    }
    for (name, value) in &call.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| bad(&error))?;
        request = request.header(name, HeaderValue::from_str(value).map_err(|error| bad(&error))?);
    }
    request.body(Full::new(call.body.into())).map_err(|error| bad(&error))
}

/// Takes user and password out of an address.
fn without_login(uri: Uri) -> Result<(Uri, Option<HeaderValue>), CourierError> {
    let Some((login, host)) = uri.authority().and_then(|authority| authority.as_str().rsplit_once('@'))
    else {
        return Ok((uri, None));
    };
    let bad = |what: &dyn std::fmt::Display| CourierError::Url(what.to_string());
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).collect::<Vec<u8>>();
    let pair = [decoded(user), b":".to_vec(), decoded(password)].concat();
    let basic = format!("Basic {}", STANDARD.encode(pair));
    let mut header = HeaderValue::from_str(&basic).map_err(|error| bad(&error))?;
    header.set_sensitive(true);
    let host = host.to_owned();
    let mut parts = uri.into_parts();
    parts.authority = Some(host.parse().map_err(|error| bad(&error))?);
    Ok((Uri::from_parts(parts).map_err(|error| bad(&error))?, Some(header)))
}

/// The first octets of a body. What is more is left unread, and the connection with it; a body that breaks off
/// does not change what the status said.
async fn beginning(mut body: hyper::body::Incoming) -> Vec<u8> {
    let mut read = Vec::new();
    while let Some(Ok(frame)) = body.frame().await {
        let Ok(data) = frame.into_data() else { continue };
        let room = MOST_READ.saturating_sub(read.len());
        read.extend_from_slice(&data[..data.len().min(room)]);
        if read.len() >= MOST_READ {
            break;
        }
    }
    read
}

/// What went wrong, from the innermost that is ours to the outermost that is hyper's.
fn trouble(error: &hyper_util::client::legacy::Error) -> CourierError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    let mut words = error.to_string();
    while let Some(inner) = cause {
        if let Some(obstacle) = inner.downcast_ref::<Obstacle>() {
            return obstacle.0.clone();
        }
        words = inner.to_string();
        cause = inner.source();
    }
    if error.is_connect() { CourierError::Connect(words) } else { CourierError::Protocol(words) }
}
