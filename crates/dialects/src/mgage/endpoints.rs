//! What is served, and the way of a request: credential, path, then parameters.

use http::Method;
use service::Service;

use super::error::{Failure, Missing};
use super::{auth, export, external_mo};
use crate::kit::{Endpoint, Found, Request, Response, find};

/// What answers a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handler {
    /// The messages of a program.
    Export,
    /// A message that did not come from a carrier.
    ExternalMo,
}

/// Every endpoint.
pub(super) const ENDPOINTS: &[Endpoint<Handler>] = &[
    Endpoint {
        name: "export_messages",
        method: Method::GET,
        paths: &["/api/messages/program/{programId}"],
        handler: Handler::Export,
    },
    Endpoint {
        name: "external_mo",
        method: Method::POST,
        paths: &["/api/externalMO"],
        handler: Handler::ExternalMo,
    },
];

/// Answers a request. The credential is looked at before anything else, so that nobody learns without one
/// which programs or paths exist.
pub(super) async fn answer(service: &Service, request: &Request) -> Result<Response, Failure> {
    let access = auth::access(service, request).await?;
    let mut segments = request.segments();
    if segments.last().is_some_and(String::is_empty) {
        segments.pop();
    }
    match find(ENDPOINTS, &request.method, &segments) {
        Found::Endpoint(endpoint, path) => {
            let id = path.first().map(String::as_str).unwrap_or_default();
            match endpoint.handler {
                Handler::Export => export::export(service, &access, request, id).await,
                Handler::ExternalMo => external_mo::receive(service, &access, request).await,
            }
        }
        Found::OtherMethods(methods) => Err(Failure::Method(methods)),
        Found::Nothing => Err(Failure::NotFound(Missing::Path)),
    }
}
