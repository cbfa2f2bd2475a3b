//! How a target is spoken to, and who carries the words: the two things that are supplied from outside.

use std::time::Duration;

use async_trait::async_trait;
use sms::Micros;

use super::{Happening, Target};

/// How long a target may take to answer, unless its shape says otherwise.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// An HTTP request to a target.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    /// `POST`, save where a vendor differs.
    pub method: &'static str,
    /// Where to.
    pub url: String,
    /// Headers besides the content type.
    pub headers: Vec<(String, String)>,
    /// The content type of the body.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
    /// How long it may take altogether.
    pub timeout: Duration,
}

impl Call {
    /// A `POST` to the target's address.
    pub fn post(target: &Target, content_type: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self {
            method: "POST",
            url: target.url.clone(),
            headers: Vec::new(),
            content_type: content_type.into(),
            body: body.into(),
            timeout: TIMEOUT,
        }
    }

    /// The same with a header.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

impl std::fmt::Debug for Call {
    /// Neither body nor headers: they hold texts and secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, super::target::shown(&self.url))
    }
}

/// What a target answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The beginning of the body, at most 64 KiB.
    pub body: Vec<u8>,
}

/// Why a call had no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CourierError {
    /// The address makes no URL that can be called.
    #[error("the URL cannot be called: {0}")]
    Url(String),
    /// The host is known under no address.
    #[error("the host has no address")]
    Resolve,
    /// Every address of the host is one that must not be called.
    #[error("the host is at an address that is not allowed")]
    Forbidden,
    /// No connection came about.
    #[error("no connection: {0}")]
    Connect(String),
    /// No trust came about.
    #[error("TLS failed: {0}")]
    Tls(String),
    /// It took too long.
    #[error("no answer in time")]
    Timeout,
    /// What was answered is no HTTP.
    #[error("the answer makes no sense: {0}")]
    Protocol(String),
}

/// Carries calls.
#[async_trait]
pub trait Courier: Send + Sync {
    /// Makes a call and reads the answer. No redirect is followed. Whoever drops the future gives the call up.
    async fn deliver(&self, call: Call) -> Result<Reply, CourierError>;
}

/// How one kind of target is spoken to.
pub trait Shape: Send + Sync {
    /// Its short name in configuration, documents and logs.
    fn id(&self) -> &'static str;

    /// Whether this target is told of this.
    fn wants(&self, happening: &Happening, target: &Target) -> bool;

    /// The call that tells it, made at `now`. Asked again for every attempt.
    fn compose(&self, happening: &Happening, target: &Target, now: Micros) -> Call;

    /// Whether an answer means that it was taken.
    fn succeeded(&self, reply: &Reply) -> bool {
        (200..300).contains(&reply.status)
    }

    /// How long to wait after so many attempts (from 1) that failed; `None` gives the event up.
    fn next_try(&self, attempts: u16) -> Option<Duration>;

    /// After how long of nothing but failures a target is disabled; `None` never.
    fn patience(&self) -> Option<Duration> {
        None
    }

    /// Whether addresses that batches name for themselves are spoken to in this shape.
    fn reports_batches(&self) -> bool {
        false
    }

    /// What is wrong with a target of this shape, if anything is.
    fn fault(&self, _target: &Target) -> Option<String> {
        None
    }
}

/// The wait after so many attempts, from 1, of a list in seconds; past its end the event is given up. What most
/// shapes' [`Shape::next_try`] comes to.
pub fn wait_after(waits: &[u64], attempts: u16) -> Option<Duration> {
    let place = usize::from(attempts).checked_sub(1)?;
    waits.get(place).copied().map(Duration::from_secs)
}
