//! The endpoints served, and the way of a request through them.

use http::Method;
use service::Service;

use super::auth::authenticate;
use super::error::Failure;
use super::format::Format;
use super::{credits, messages, replies};
use crate::kit::{Endpoint, Found, Params, Request, Response, find};

/// What an endpoint does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    /// Messages either way of a period.
    ListMessages,
    /// Received messages of a period.
    ListReplies,
    /// The account's credits.
    ShowCredits,
}

/// Every endpoint.
pub(super) static ENDPOINTS: [Endpoint<Action>; 3] = [
    Endpoint {
        name: "list_messages",
        method: Method::GET,
        paths: &["/messages"],
        handler: Action::ListMessages,
    },
    Endpoint {
        name: "list_replies",
        method: Method::GET,
        paths: &["/messages/mo"],
        handler: Action::ListReplies,
    },
    Endpoint {
        name: "show_credits",
        method: Method::GET,
        paths: &["/credits"],
        handler: Action::ShowCredits,
    },
];

/// Answers a request: path and method, then the credential, then the parameters are judged.
pub(super) async fn serve(service: &Service, request: &Request, format: Format) -> Result<Response, Failure> {
    // Clients double slashes and end paths with one.
    let segments: Vec<String> = request.segments().into_iter().filter(|part| !part.is_empty()).collect();
    let endpoint = match find(&ENDPOINTS, &request.method, &segments) {
        Found::Endpoint(endpoint, _) => endpoint,
        Found::OtherMethods(methods) => return Err(Failure::Method(methods)),
        Found::Nothing => return Err(Failure::NotFound),
    };
    let query = Params::parse(request.query.as_bytes());
    let access = authenticate(service, request, &query).await?;
    match endpoint.handler {
        Action::ListMessages => messages::list(service, &access, &query, format).await,
        Action::ListReplies => replies::list(service, &access, &query, format).await,
        Action::ShowCredits => Ok(credits::show(&access, format)),
    }
}
