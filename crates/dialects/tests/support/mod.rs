//! What the dialects' tests share: a store in a temporary directory, two accounts, and calls in process.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod far_end;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use dialects::kit::{Request, Response, Router};
use http::Method;
use ledger::sqlite::{Options, Sqlite};
use service::{Clock, ServerKey, Service};
use sms::{AccountId, Micros};

/// The moment at which every test's clock begins: 2024-06-15T12:00:00Z.
pub const NOW: u32 = 1_718_452_800;

/// A clock that stands until it is moved.
#[derive(Clone)]
pub struct StillClock(Arc<AtomicI64>);

impl Clock for StillClock {
    fn now(&self) -> Micros {
        Micros::new(self.0.load(Ordering::SeqCst))
    }
}

/// A store with two accounts, and the router over it.
pub struct World {
    /// The use cases, for setting the scene.
    pub service: Service,
    /// The engine, for what no dialect writes yet.
    pub ledger: Arc<Sqlite>,
    /// The router of all dialects.
    pub router: Router,
    /// The account under test: user name `tester`.
    pub account: AccountId,
    /// Its secret.
    pub key: String,
    /// Another account: user name `other`.
    pub other: AccountId,
    /// Its secret.
    pub other_key: String,
    clock: StillClock,
    _directory: tempfile::TempDir,
}

impl World {
    /// Two empty accounts.
    pub async fn new() -> Self {
        Self::with_rate_limit(None).await
    }

    /// The same with a limit of requests a second and key.
    pub async fn with_rate_limit(limit: Option<u32>) -> Self {
        let directory = tempfile::tempdir().expect("temporary directory");
        let clock = StillClock(Arc::new(AtomicI64::new(i64::from(NOW) * 1_000_000)));
        let present = clock.clone();
        let options = Options { clock: Arc::new(move || present.now()), ..Options::default() };
        let ledger = Arc::new(Sqlite::open(directory.path(), options).expect("open"));
        let key = ServerKey::from_octets([7; 32]);
        let service =
            Service::with_clock(ledger.clone(), key, Arc::new(clock.clone())).with_rate_limit(limit);
        let euro = "EUR".parse().expect("currency");
        let (account, key) =
            service.create_account("Test", Some("tester"), euro, false).await.expect("account");
        let (other, other_key) =
            service.create_account("Other", Some("other"), euro, false).await.expect("account");
        Self {
            service,
            ledger,
            router: Router::new(dialects::all()),
            account: account.id,
            key,
            other: other.id,
            other_key,
            clock,
            _directory: directory,
        }
    }

    /// Moves the clock on.
    pub fn pass(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// The present.
    pub fn now(&self) -> Micros {
        self.clock.now()
    }

    /// Calls with these headers and body.
    pub async fn call(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        self.router.serve(&self.service, request(method, target, headers, body)).await
    }
}

/// A request as the listener hands it over; `target` is path and query.
pub fn request(method: Method, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Request {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut map = http::HeaderMap::new();
    for (name, value) in headers {
        let name: http::HeaderName = name.parse().expect("header name");
        map.append(name, http::HeaderValue::from_bytes(value.as_bytes()).expect("header value"));
    }
    Request {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        headers: map,
        body: Bytes::copy_from_slice(body),
        remote: IpAddr::V4(Ipv4Addr::LOCALHOST),
        origin: "http://sms.example:8080".to_owned(),
    }
}

/// The body as JSON.
pub fn json(response: &Response) -> serde_json::Value {
    serde_json::from_slice(response.body())
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(response.body())))
}
