//! What every dialect is written in: requests, endpoints, credentials, parameters, answers.

pub mod auth;
pub mod endpoint;
pub mod example;
pub mod idempotency;
pub mod multipart;
pub mod params;
pub mod reply;
pub mod request;
pub mod router;
pub mod story;

use std::sync::Arc;

use async_trait::async_trait;
use service::Service;
use service::webhooks::Shape;

pub use endpoint::{Endpoint, Found, find};
pub use example::{Content, Example, Holdings, Login};
pub use params::{ParamError, Params};
pub use request::{Early, Request};
pub use router::Router;
pub use story::Teller;

/// An answer; bodies are whole, since no page holds more than a thousand items.
pub type Response = http::Response<bytes::Bytes>;

/// One vendor's API.
#[async_trait]
pub trait Dialect: Send + Sync {
    /// Its short name in configuration, logs and documentation.
    fn id(&self) -> &'static str;

    /// The served endpoints as (name, method, paths), for documentation and for tests that go over all.
    fn endpoints(&self) -> Vec<(&'static str, http::Method, &'static [&'static str])>;

    /// Whether a path is this vendor's to answer, known or not, so that the right vendor's error is given.
    fn owns(&self, path: &str) -> bool;

    /// Answers a request whose path it owns.
    async fn serve(&self, service: &Service, request: Request) -> Response;

    /// Answers a request that was refused before it was read, in this vendor's shape.
    fn refuse(&self, early: &Early, request: &Request) -> Response;

    /// How this vendor tells customers' servers what happened, where it does.
    fn shape(&self) -> Option<Arc<dyn Shape>> {
        None
    }

    /// Requests to try it with, for somebody who has it before him the first time; every one answers 200.
    fn examples(&self, _holdings: &Holdings) -> Vec<Example> {
        Vec::new()
    }

    /// Its part in the story that the dialects tell together, where it has one.
    fn teller(&self) -> Option<Box<dyn Teller>> {
        None
    }
}
