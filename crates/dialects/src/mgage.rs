//! mGage Communicate Pro: the export of a program's messages, page after page, and messages brought in by HTTP.
//!
//! * [`endpoints`]: what is served, and the way of a request through it;
//! * [`auth`], [`error`]: who asks, and how a refusal looks;
//! * [`parameters`]: the query of an export; [`stamp`]: its dates; [`window`]: what they come to;
//! * [`export`]: its handler; [`link`]: the address of the next page; [`page`]: the page as JSON;
//! * [`external_mo`]: the other handler, in plain text;
//! * [`outcomes`]: the table between the ledger's outcomes and this vendor's words.
//!
//! `README.md` beside these files says what is served and what is not.

mod auth;
mod endpoints;
mod error;
mod examples;
mod export;
mod external_mo;
mod link;
mod outcomes;
mod page;
mod parameters;
mod stamp;
mod story;
mod window;

use async_trait::async_trait;
use service::Service;

use crate::kit::{Dialect, Early, Example, Holdings, Request, Response, Teller};
use error::Failure;

pub use outcomes::{outcome, word};

/// The dialect.
pub struct Mgage;

/// Paths, with all that lies below them, that are this vendor's.
const OWNED: [&str; 3] = ["/api/messages/program", "/api/externalMO", "/api/optIn"];

#[async_trait]
impl Dialect for Mgage {
    fn id(&self) -> &'static str {
        "mgage"
    }

    fn endpoints(&self) -> Vec<(&'static str, http::Method, &'static [&'static str])> {
        endpoints::ENDPOINTS.iter().map(|e| (e.name, e.method.clone(), e.paths)).collect()
    }

    fn owns(&self, path: &str) -> bool {
        OWNED.iter().any(|owned| {
            path.strip_prefix(owned).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    async fn serve(&self, service: &Service, request: Request) -> Response {
        endpoints::answer(service, &request).await.unwrap_or_else(Failure::into_response)
    }

    fn refuse(&self, early: &Early, _request: &Request) -> Response {
        Failure::Early(*early).into_response()
    }

    fn examples(&self, holdings: &Holdings) -> Vec<Example> {
        examples::examples(holdings)
    }

    fn teller(&self) -> Option<Box<dyn Teller>> {
        Some(Box::new(story::Exports))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_owned_by_segment() {
        for path in ["/api/messages/program", "/api/messages/program/1", "/api/externalMO", "/api/optIn/1/2"]
        {
            assert!(Mgage.owns(path), "{path}");
        }
        for path in ["/api/messages", "/api/messages/programs", "/api/externalMOs", "/api/optin", "/"] {
            assert!(!Mgage.owns(path), "{path}");
        }
    }
}
