//! Textmagic's REST API v2 (`/api/v2/…`).
//!
//! A request goes through [`auth`](self) (header pair or HTTP Basic), the table of endpoints, then one handler
//! of the noun it is about, which reads its parameters leniently where the vendor does (pages) and strictly
//! elsewhere. Sessions are submissions' batches; messages are MT, replies are MO; chats are both with one peer.
//! Every failure has the vendor's body of three keys. What is served, what is not yet and where we differ on
//! purpose stands in this folder's README.

mod auth;
mod billing;
mod bulk;
mod bulks;
mod call;
mod callbacks;
mod chats;
mod contacts;
mod countries;
mod custom_fields;
mod endpoints;
mod error;
mod examples;
mod fields;
mod forms;
mod lists;
mod messages;
mod names;
mod notes;
pub mod outcomes;
mod paging;
mod prices;
mod replies;
mod schedules;
mod senders;
mod sending;
mod sessions;
mod statistics;
mod story;
mod subaccounts;
mod templates;
mod tokens;
mod unsubscribers;
mod user;
mod values;
mod webhook;

use std::sync::Arc;

use async_trait::async_trait;
use service::Service;
use service::webhooks::Shape;

use crate::kit::{Dialect, Early, Example, Found, Holdings, Request, Response, Teller, find};
use call::{Answer, Call};
use endpoints::ENDPOINTS;
use error::Failure;
use values::PREFIX;

/// The dialect.
pub struct Textmagic;

#[async_trait]
impl Dialect for Textmagic {
    fn id(&self) -> &'static str {
        "textmagic"
    }

    fn endpoints(&self) -> Vec<(&'static str, http::Method, &'static [&'static str])> {
        ENDPOINTS.iter().map(|endpoint| (endpoint.name, endpoint.method.clone(), endpoint.paths)).collect()
    }

    fn owns(&self, path: &str) -> bool {
        path.strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    async fn serve(&self, service: &Service, request: Request) -> Response {
        answer(service, &request).await.unwrap_or_else(Failure::into_response)
    }

    fn refuse(&self, early: &Early, _request: &Request) -> Response {
        match early {
            Early::NotServed => Failure::NotFound.into_response(),
            Early::BodyTooLarge | Early::Slow | Early::Malformed | Early::Overloaded | Early::Internal => {
                error::answer(early.status(), early.sentence(), None)
            }
        }
    }

    fn shape(&self) -> Option<Arc<dyn Shape>> {
        Some(Arc::new(webhook::Callbacks))
    }

    fn examples(&self, holdings: &Holdings) -> Vec<Example> {
        examples::examples(holdings)
    }

    fn teller(&self) -> Option<Box<dyn Teller>> {
        Some(Box::new(story::ShowsConversation))
    }
}

/// Who asks is settled before what is asked, so that a stranger learns nothing of the paths either.
async fn answer(service: &Service, request: &Request) -> Answer {
    let access = auth::authenticate(service, request).await?;
    match find(ENDPOINTS, &request.method, &request.segments()) {
        Found::Endpoint(endpoint, mut params) => {
            let segment = params.pop().unwrap_or_default();
            (endpoint.handler)(&Call { service, access, request, segment }).await
        }
        Found::OtherMethods(methods) => Err(Failure::MethodNotAllowed(methods)),
        Found::Nothing => Err(Failure::NotFound),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_paths() {
        for path in ["/api/v2", "/api/v2/", "/api/v2/ping", "/api/v2/no/such"] {
            assert!(Textmagic.owns(path), "{path}");
        }
        for path in ["/", "/api", "/api/v22", "/api/v1/ping", "/v2/batches", "/API/V2/ping"] {
            assert!(!Textmagic.owns(path), "{path}");
        }
    }

    #[test]
    fn the_table_is_sound() {
        for (index, endpoint) in ENDPOINTS.iter().enumerate() {
            assert!(ENDPOINTS[..index].iter().all(|other| other.name != endpoint.name), "{}", endpoint.name);
            for path in endpoint.paths {
                assert!(path.matches('{').count() <= 1 && Textmagic.owns(path), "{path}");
            }
        }
    }
}
