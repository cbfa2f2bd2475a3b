//! The endpoints served, and the way of a request through them.

use http::Method;
use service::Service;

use super::auth::authenticate;
use super::body::Body;
use super::call::{Call, Done};
use super::error::Failure;
use super::format::Format;
use super::send::Really;
use super::submission::To;
use super::{account, campaigns, credits, lists, messages, replies, send, tokens, unwanted, webhooks};
use crate::kit::{Endpoint, Found, Params, Request, find};

/// What an endpoint does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    /// Messages either way of a period.
    ListMessages,
    /// Received messages of a period.
    ListReplies,
    /// The account's credits.
    ShowCredits,
    /// The account.
    ShowAccount,
    /// Its children, of which there are none.
    ListChildren,
    /// One of them, or a token for it.
    ShowChild,
    /// Its invoices, of which there are none.
    ListInvoices,
    /// One of them.
    ShowInvoice,
    /// Sends one message.
    SendOne(Really),
    /// Sends a campaign.
    SendCampaign(To, Really),
    /// Withdraws a campaign.
    Cancel,
    /// Campaigns.
    ListCampaigns,
    /// One campaign.
    ShowCampaign,
    /// Who opted out by answering a campaign.
    CampaignStops,
    /// A campaign's unassigned numbers.
    CampaignUnassigned,
    /// Puts them onto the blacklist.
    BlacklistUnassigned,
    /// What was answered to a campaign.
    CampaignReplies,
    /// Contact lists.
    ListLists,
    /// Makes a list, or adds to one.
    CreateList,
    /// One list with the people in it.
    ShowList,
    /// Removes a list.
    RemoveList,
    /// Takes repeated numbers out of a list.
    Deduplicate,
    /// Takes unassigned numbers out of a list.
    ClearUnassigned,
    /// Takes somebody out of a list.
    RemoveMember,
    /// Changes somebody in a list.
    ChangeMember,
    /// The blacklist.
    ListBlacklist,
    /// Adds to it.
    AddToBlacklist,
    /// Takes somebody off it.
    RemoveFromBlacklist,
    /// Unassigned numbers.
    ListUnassigned,
    /// Adds to them.
    AddUnassigned,
    /// Tokens.
    ListTokens,
    /// Makes a token.
    CreateToken,
    /// One token.
    ShowToken,
    /// Revokes a token.
    RemoveToken,
    /// Webhooks.
    ListWebhooks,
    /// Sets one up.
    CreateWebhook,
    /// Sets one up anew.
    UpdateWebhook,
    /// Removes one.
    RemoveWebhook,
}

const fn on(
    name: &'static str,
    method: Method,
    paths: &'static [&'static str],
    handler: Action,
) -> Endpoint<Action> {
    Endpoint { name, method, paths, handler }
}

use Action as A;

/// Every endpoint.
pub(super) static ENDPOINTS: &[Endpoint<Action>] = &[
    on("list_messages", Method::GET, &["/messages"], A::ListMessages),
    on("list_replies", Method::GET, &["/messages/mo"], A::ListReplies),
    on("show_credits", Method::GET, &["/credits"], A::ShowCredits),
    on("show_account", Method::GET, &["/account"], A::ShowAccount),
    on("list_children", Method::GET, &["/sub-accounts"], A::ListChildren),
    on("show_child", Method::GET, &["/sub-accounts/{id}"], A::ShowChild),
    on("create_child_token", Method::POST, &["/token/account/{id}"], A::ShowChild),
    on("list_invoices", Method::GET, &["/account/invoice"], A::ListInvoices),
    on(
        "show_invoice",
        Method::GET,
        &["/account/invoice/{id}", "/account/invoice/{id}/download"],
        A::ShowInvoice,
    ),
    on("send", Method::GET, &["/send"], A::SendOne(Really::Yes)),
    on("simulate", Method::GET, &["/send/simulate"], A::SendOne(Really::No)),
    on("send_campaign", Method::POST, &["/send", "/"], A::SendCampaign(To::Numbers, Really::Yes)),
    on("simulate_campaign", Method::POST, &["/send/simulate"], A::SendCampaign(To::Numbers, Really::No)),
    on("send_to_lists", Method::POST, &["/send/lists"], A::SendCampaign(To::Lists, Really::Yes)),
    on("simulate_to_lists", Method::POST, &["/send/lists/simulate"], A::SendCampaign(To::Lists, Really::No)),
    on("cancel", Method::DELETE, &["/send/{ticket}"], A::Cancel),
    on("list_campaigns", Method::GET, &["/campaigns"], A::ListCampaigns),
    on("show_campaign", Method::GET, &["/campaign/{id}"], A::ShowCampaign),
    on("campaign_stops", Method::GET, &["/campaign/{id}/blacklist"], A::CampaignStops),
    on("campaign_unassigned", Method::GET, &["/campaign/{id}/npai"], A::CampaignUnassigned),
    on("blacklist_unassigned", Method::PUT, &["/campaign/{id}/npai"], A::BlacklistUnassigned),
    on("campaign_replies", Method::GET, &["/campaign/{id}/mo"], A::CampaignReplies),
    on("list_lists", Method::GET, &["/lists"], A::ListLists),
    on("create_list", Method::POST, &["/list"], A::CreateList),
    on("show_list", Method::GET, &["/list/{id}"], A::ShowList),
    on("remove_list", Method::DELETE, &["/list/{id}"], A::RemoveList),
    on("deduplicate", Method::PUT, &["/list/deduplicate/{id}", "/deduplicate/{id}"], A::Deduplicate),
    on("clear_unassigned", Method::PUT, &["/list/{id}/npai/clear"], A::ClearUnassigned),
    on("remove_member", Method::DELETE, &["/list/contact/{id}"], A::RemoveMember),
    on("change_member", Method::PUT, &["/list/contact/{id}"], A::ChangeMember),
    on("list_blacklist", Method::GET, &["/blacklist"], A::ListBlacklist),
    on("add_to_blacklist", Method::POST, &["/blacklist"], A::AddToBlacklist),
    on("remove_from_blacklist", Method::DELETE, &["/blacklist/contact/{id}"], A::RemoveFromBlacklist),
    on("list_unassigned", Method::GET, &["/npai"], A::ListUnassigned),
    on("add_unassigned", Method::POST, &["/npai"], A::AddUnassigned),
    on("list_tokens", Method::GET, &["/token"], A::ListTokens),
    on("create_token", Method::POST, &["/token"], A::CreateToken),
    on("show_token", Method::GET, &["/token/{id}"], A::ShowToken),
    on("remove_token", Method::DELETE, &["/token/{id}"], A::RemoveToken),
    on("list_webhooks", Method::GET, &["/webhook"], A::ListWebhooks),
    on("create_webhook", Method::POST, &["/webhook"], A::CreateWebhook),
    on("update_webhook", Method::PUT, &["/webhook/{id}"], A::UpdateWebhook),
    on("remove_webhook", Method::DELETE, &["/webhook/{id}"], A::RemoveWebhook),
];

/// Answers a request: path and method, then the credential, then body and parameters are judged.
pub(super) async fn serve(service: &Service, request: &Request, format: Format) -> Done {
    // Clients double slashes and end paths with one.
    let mut segments: Vec<String> = request.segments().into_iter().filter(|part| !part.is_empty()).collect();
    if segments.is_empty() {
        // The root's own segment.
        segments.push(String::new());
    }
    let (action, path) = match find(ENDPOINTS, &request.method, &segments) {
        Found::Endpoint(endpoint, path) => (endpoint.handler, path),
        Found::OtherMethods(methods) => return Err(Failure::Method(methods)),
        Found::Nothing => return Err(Failure::NotFound),
    };
    let query = Params::parse(request.query.as_bytes());
    let body = Body::read(&request.body);
    let access = authenticate(service, request, &query, &body).await?;
    act(action, &Call { service, request, access, query, body, format, path }).await
}

async fn act(action: Action, call: &Call<'_>) -> Done {
    match action {
        A::ListMessages => messages::list(call.service, &call.access, &call.query, call.format).await,
        A::ListReplies => replies::list(call.service, &call.access, &call.query, call.format).await,
        A::ShowCredits => Ok(credits::show(&call.access, call.format)),
        A::ShowAccount => account::show(call).await,
        A::ListChildren => account::children(call),
        A::ShowChild => account::child(),
        A::ListInvoices => account::invoices(call),
        A::ShowInvoice => account::invoice(),
        A::SendOne(really) => send::single(call, really).await,
        A::SendCampaign(to, really) => send::campaign(call, to, really).await,
        A::Cancel => send::cancel(call).await,
        A::ListCampaigns => campaigns::list(call).await,
        A::ShowCampaign => campaigns::show(call).await,
        A::CampaignStops => campaigns::stops(call).await,
        A::CampaignUnassigned => campaigns::unassigned(call).await,
        A::BlacklistUnassigned => campaigns::unassigned_to_blacklist(call).await,
        A::CampaignReplies => campaigns::replies(call).await,
        A::ListLists => lists::all(call).await,
        A::CreateList => lists::create(call).await,
        A::ShowList => lists::show(call).await,
        A::RemoveList => lists::remove(call).await,
        A::Deduplicate => lists::deduplicate(call).await,
        A::ClearUnassigned => lists::clear_unassigned(call).await,
        A::RemoveMember => lists::remove_member(call).await,
        A::ChangeMember => lists::change_member(call).await,
        A::ListBlacklist => unwanted::blacklist(call).await,
        A::AddToBlacklist => unwanted::add_to_blacklist(call).await,
        A::RemoveFromBlacklist => unwanted::remove_from_blacklist(call).await,
        A::ListUnassigned => unwanted::unassigned(call).await,
        A::AddUnassigned => unwanted::add_unassigned(call).await,
        A::ListTokens => tokens::list(call).await,
        A::CreateToken => tokens::create(call).await,
        A::ShowToken => tokens::show(call).await,
        A::RemoveToken => tokens::remove(call).await,
        A::ListWebhooks => webhooks::list(call).await,
        A::CreateWebhook => webhooks::create(call).await,
        A::UpdateWebhook => webhooks::update(call).await,
        A::RemoveWebhook => webhooks::remove(call).await,
    }
}
