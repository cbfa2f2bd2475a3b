//! What is served, and the way of a request: credential, path, ids, then parameters.

use http::Method;
use service::Service;
use sms::Direction;

use super::error::{Failure, Missing};
use super::{auth, batches, conversations, messages};
use crate::kit::{Endpoint, Found, Request, Response, find};

/// What answers a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handler {
    ListBatches,
    GetBatch,
    CancelBatch,
    ListMessages,
    GetMessage,
    ListConversation(Option<Direction>),
    Summarise,
}

const fn get(name: &'static str, paths: &'static [&'static str], handler: Handler) -> Endpoint<Handler> {
    Endpoint { name, method: Method::GET, paths, handler }
}

/// Every endpoint.
pub(super) const ENDPOINTS: &[Endpoint<Handler>] = &[
    get("list_batches", &["/v2/batches"], Handler::ListBatches),
    get("get_batch", &["/v2/batches/{batch}"], Handler::GetBatch),
    Endpoint {
        name: "cancel_batch",
        method: Method::DELETE,
        paths: &["/v2/batches/{batch}"],
        handler: Handler::CancelBatch,
    },
    get("list_messages", &["/v2/batches/{batch}/messages"], Handler::ListMessages),
    get("get_message", &["/v2/batches/{batch}/messages/{message}"], Handler::GetMessage),
    get("list_conversation", &["/v2/conversations/{participant}"], Handler::ListConversation(None)),
    get(
        "list_conversation_mt",
        &["/v2/conversations/{participant}/mt"],
        Handler::ListConversation(Some(Direction::Mt)),
    ),
    get(
        "list_conversation_mo",
        &["/v2/conversations/{participant}/mo"],
        Handler::ListConversation(Some(Direction::Mo)),
    ),
    get("get_conversation_summary", &["/v2/conversations/{participant}/summary"], Handler::Summarise),
];

/// Answers a request. The credential is looked at before anything else, so that nobody learns without one
/// which batches exist.
pub(super) async fn answer(service: &Service, request: &Request) -> Result<Response, Failure> {
    let access = auth::access(service, request).await?;
    let mut segments = request.segments();
    if segments.last().is_some_and(String::is_empty) {
        segments.pop();
    }
    let (handler, path) = match find(ENDPOINTS, &request.method, &segments) {
        Found::Endpoint(endpoint, path) => (endpoint.handler, path),
        Found::OtherMethods(methods) => return Err(Failure::Method(methods)),
        Found::Nothing => return Err(Failure::NotFound(Missing::Path)),
    };
    let part = |index: usize| path.get(index).map(String::as_str).unwrap_or_default();
    match handler {
        Handler::ListBatches => batches::list(service, &access, request).await,
        Handler::GetBatch => batches::get(service, &access, part(0)).await,
        Handler::CancelBatch => batches::cancel(service, &access, part(0)).await,
        Handler::ListMessages => messages::list(service, &access, request, part(0)).await,
        Handler::GetMessage => messages::get(service, &access, part(0), part(1)).await,
        Handler::ListConversation(direction) => {
            conversations::list(service, &access, request, part(0), direction).await
        }
        Handler::Summarise => conversations::summarise(service, &access, part(0)).await,
    }
}
