//! iP.1: batches that are sent and read, the messages in them with their statuses, conversations, senders and
//! the blacklist (API v2), and what is still used of the older API (v1).
//!
//! * [`endpoints`]: what is served, and the way of a request through it; [`version`]: v2 or v1;
//! * [`auth`], [`error`]: who asks, and how a refusal looks;
//! * [`ids`], [`paging`], [`form`]: 24-hex ids, pages with their `Link` header, dates, amounts, senders;
//! * [`members`]: JSON bodies; [`submission`], [`sending`]: what is to be sent, and the rules for it;
//! * [`batches`], [`messages`], [`conversations`]: the documents, and what is done with them;
//! * [`senders`], [`blacklist`]: what an account keeps; [`v1`]: the older API;
//! * [`outcomes`]: the table between the ledger's outcomes and this vendor's status codes.
//!
//! `README.md` beside these files says what is served and what is not.

mod auth;
mod batches;
mod blacklist;
mod conversations;
mod endpoints;
mod error;
mod examples;
mod form;
mod ids;
mod members;
mod messages;
mod outcomes;
mod paging;
mod senders;
mod sending;
mod story;
mod submission;
mod v1;
mod version;
mod webhook;

use std::sync::Arc;

use async_trait::async_trait;
use service::Service;
use service::webhooks::Shape;

use crate::kit::{Dialect, Early, Example, Holdings, Request, Response, Teller};
use error::Failure;
use version::Version;

pub use outcomes::{Group, code, group, note_code, outcome};

/// The dialect.
pub struct Ip1;

#[async_trait]
impl Dialect for Ip1 {
    fn id(&self) -> &'static str {
        "ip1"
    }

    fn endpoints(&self) -> Vec<(&'static str, http::Method, &'static [&'static str])> {
        endpoints::ENDPOINTS.iter().map(|e| (e.name, e.method.clone(), e.paths)).collect()
    }

    fn owns(&self, path: &str) -> bool {
        Version::of(path).is_some()
    }

    async fn serve(&self, service: &Service, request: Request) -> Response {
        let version = Version::of(&request.path).unwrap_or_default();
        let answer = endpoints::answer(service, &request).await;
        answer.unwrap_or_else(|failure: Failure| failure.into_response(version))
    }

    fn refuse(&self, early: &Early, request: &Request) -> Response {
        let version = Version::of(&request.path).unwrap_or_default();
        Failure::Early(*early).into_response(version)
    }

    fn shape(&self) -> Option<Arc<dyn Shape>> {
        Some(Arc::new(webhook::Pushes))
    }

    fn examples(&self, holdings: &Holdings) -> Vec<Example> {
        examples::examples(holdings)
    }

    fn teller(&self) -> Option<Box<dyn Teller>> {
        Some(Box::new(story::ReadsHistory))
    }
}
