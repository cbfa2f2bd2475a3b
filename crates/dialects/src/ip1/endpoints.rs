//! What is served, and the way of a request: credential, path, ids, then parameters.

use http::Method;
use service::Service;
use sms::Direction;

use super::error::{Failure, Missing};
use super::{auth, batches, blacklist, conversations, messages, senders, sending, v1};
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
    SendBatch,
    ListSenders,
    GetSender,
    PutSender,
    DeleteSender,
    ListBlacklist,
    PostBlacklist,
    GetBlacklisted,
    PutBlacklisted,
    DeleteBlacklisted,
    V1Send,
    V1ListSent,
    V1GetSent,
    V1ListBlacklist,
    V1PostBlacklist,
    V1GetBlacklisted,
    V1DeleteBlacklisted,
    /// The only one that nobody has to show a key for.
    V1Lookup,
}

const SENDER: &[&str] = &["/v2/me/senders/{sender}"];
const BLACKLISTED: &[&str] = &["/v2/blacklist/{msisdn}"];
const V1_BLACKLISTED: &[&str] = &["/api/blacklist/{id}"];

const fn endpoint(
    name: &'static str,
    method: Method,
    paths: &'static [&'static str],
    handler: Handler,
) -> Endpoint<Handler> {
    Endpoint { name, method, paths, handler }
}

const fn get(name: &'static str, paths: &'static [&'static str], handler: Handler) -> Endpoint<Handler> {
    endpoint(name, Method::GET, paths, handler)
}

/// Every endpoint.
pub(super) const ENDPOINTS: &[Endpoint<Handler>] = &[
    get("list_batches", &["/v2/batches"], Handler::ListBatches),
    get("get_batch", &["/v2/batches/{batch}"], Handler::GetBatch),
    endpoint("send_batch", Method::POST, &["/v2/batches"], Handler::SendBatch),
    endpoint("cancel_batch", Method::DELETE, &["/v2/batches/{batch}"], Handler::CancelBatch),
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
    get("list_senders", &["/v2/me/senders"], Handler::ListSenders),
    get("get_sender", SENDER, Handler::GetSender),
    endpoint("put_sender", Method::PUT, SENDER, Handler::PutSender),
    endpoint("delete_sender", Method::DELETE, SENDER, Handler::DeleteSender),
    get("list_blacklist", &["/v2/blacklist"], Handler::ListBlacklist),
    endpoint("post_blacklist", Method::POST, &["/v2/blacklist"], Handler::PostBlacklist),
    get("get_blacklisted", BLACKLISTED, Handler::GetBlacklisted),
    endpoint("put_blacklisted", Method::PUT, BLACKLISTED, Handler::PutBlacklisted),
    endpoint("delete_blacklisted", Method::DELETE, BLACKLISTED, Handler::DeleteBlacklisted),
    endpoint("v1_send", Method::POST, &["/api/sms/send"], Handler::V1Send),
    get("v1_list_sent", &["/api/sms/sent"], Handler::V1ListSent),
    get("v1_get_sent", &["/api/sms/sent/{id}"], Handler::V1GetSent),
    get("v1_list_blacklist", &["/api/blacklist"], Handler::V1ListBlacklist),
    endpoint("v1_post_blacklist", Method::POST, &["/api/blacklist"], Handler::V1PostBlacklist),
    get("v1_get_blacklisted", V1_BLACKLISTED, Handler::V1GetBlacklisted),
    endpoint("v1_delete_blacklisted", Method::DELETE, V1_BLACKLISTED, Handler::V1DeleteBlacklisted),
    endpoint("v1_lookup", Method::POST, &["/api/phonenumber/lookup"], Handler::V1Lookup),
];

/// Answers a request. The credential is looked at before anything else, so that nobody learns without one
/// which batches exist.
pub(super) async fn answer(service: &Service, request: &Request) -> Result<Response, Failure> {
    let mut segments = request.segments();
    if segments.last().is_some_and(String::is_empty) {
        segments.pop();
    }
    let found = find(ENDPOINTS, &request.method, &segments);
    if let Found::Endpoint(Endpoint { handler: Handler::V1Lookup, .. }, _) = &found {
        return v1::lookup::lookup(request);
    }
    let access = auth::access(service, request).await?;
    let (handler, path) = match found {
        Found::Endpoint(endpoint, path) => (endpoint.handler, path),
        Found::OtherMethods(methods) => return Err(Failure::Method(methods)),
        Found::Nothing => return Err(Failure::NotFound(Missing::Path)),
    };
    let part = |index: usize| path.get(index).map(String::as_str).unwrap_or_default();
    match handler {
        Handler::ListBatches => batches::list(service, &access, request).await,
        Handler::GetBatch => batches::get(service, &access, part(0)).await,
        Handler::SendBatch => sending::send(service, &access, request).await,
        Handler::CancelBatch => batches::cancel(service, &access, part(0)).await,
        Handler::ListMessages => messages::list(service, &access, request, part(0)).await,
        Handler::GetMessage => messages::get(service, &access, part(0), part(1)).await,
        Handler::ListConversation(direction) => {
            conversations::list(service, &access, request, part(0), direction).await
        }
        Handler::Summarise => conversations::summarise(service, &access, part(0)).await,
        Handler::ListSenders => senders::list(service, &access, request).await,
        Handler::GetSender => senders::get(service, &access, part(0)).await,
        Handler::PutSender => senders::put(service, &access, part(0)).await,
        Handler::DeleteSender => senders::remove(service, &access, part(0)).await,
        Handler::ListBlacklist => blacklist::list(service, &access, request).await,
        Handler::PostBlacklist => blacklist::post(service, &access, request).await,
        Handler::GetBlacklisted => blacklist::get(service, &access, part(0)).await,
        Handler::PutBlacklisted => blacklist::put(service, &access, part(0)).await,
        Handler::DeleteBlacklisted => blacklist::remove(service, &access, part(0)).await,
        Handler::V1Send => v1::sending::send(service, &access, request).await,
        Handler::V1ListSent => v1::sent::list(service, &access, request).await,
        Handler::V1GetSent => v1::sent::get(service, &access, part(0)).await,
        Handler::V1ListBlacklist => v1::blacklist::list(service, &access, request).await,
        Handler::V1PostBlacklist => v1::blacklist::post(service, &access, request).await,
        Handler::V1GetBlacklisted => v1::blacklist::get(service, &access, part(0)).await,
        Handler::V1DeleteBlacklisted => v1::blacklist::remove(service, &access, part(0)).await,
        Handler::V1Lookup => v1::lookup::lookup(request),
    }
}
