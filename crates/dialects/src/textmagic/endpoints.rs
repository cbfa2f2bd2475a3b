//! The served endpoints: one line each.

use http::Method;

use super::call::Handler;
use super::callbacks;
use super::{chats, contacts, messages, replies, sessions, user};
use crate::kit::Endpoint;

/// A line of the table: name, method, handler, paths below the prefix.
macro_rules! table {
    ($($name:literal $method:ident $handler:path => $($path:literal),+;)*) => {
        &[$(Endpoint {
            name: $name,
            method: Method::$method,
            paths: &[$(concat!("/api/v2", $path)),+],
            handler: |call| Box::pin($handler(call)),
        }),*]
    };
}

/// Every endpoint. No path has more than one `{…}`.
pub(super) static ENDPOINTS: &[Endpoint<Handler>] = table! {
    "ping" GET user::ping => "/ping";
    "get_user" GET user::get => "/user";

    "get_callback_settings" GET callbacks::get => "/callback/settings";
    "put_callback_settings" PUT callbacks::put => "/callback/settings";

    "list_sessions" GET sessions::list => "/sessions";
    "get_session" GET sessions::get => "/sessions/{id}", "/session/{id}";
    "delete_session" DELETE sessions::delete => "/sessions/{id}";
    "list_session_messages" GET sessions::messages => "/sessions/{id}/messages";
    "count_session" GET sessions::stat => "/sessions/{id}/stat";
    "delete_sessions" POST sessions::delete_many => "/sessions/delete";

    "list_messages" GET messages::list => "/messages";
    "search_messages" GET messages::search => "/messages/search";
    "get_message" GET messages::get => "/messages/{id}";
    "delete_message" DELETE messages::delete => "/messages/{id}";
    "delete_messages" POST messages::delete_many => "/messages/delete";
    "delete_all_messages" DELETE messages::delete_all => "/message/all";
    "walk_history" GET messages::history => "/history";

    "list_replies" GET replies::list => "/replies";
    "search_replies" GET replies::search => "/replies/search";
    "get_reply" GET replies::get => "/replies/{id}";
    "delete_reply" DELETE replies::delete => "/replies/{id}";
    "delete_replies" POST replies::delete_many => "/replies/delete";

    "list_chats" GET chats::list => "/chats";
    "search_chats" GET chats::search => "/chats/search";
    "search_chats_by_id" GET chats::search_ids => "/chats/search/ids";
    "search_chats_by_recipient" GET chats::search_recipients => "/chats/search/recipients";
    "count_unread" GET chats::unread_count => "/chats/unread/count";
    "get_chat" GET chats::get => "/chats/{phone}";
    "get_chat_by_phone" GET chats::by_phone => "/chats/{phone}/by/phone";
    "list_chat_messages" GET chats::messages => "/chats/{id}/message";
    "delete_chat_messages" POST chats::delete_messages => "/chats/{id}/messages/delete";
    "set_chat_status" POST chats::set_status => "/chats/status";
    "mute_chat" POST chats::mute => "/chats/mute";
    "mute_chats" POST chats::mute_many => "/chats/mute/bulk";
    "unmute_chats" POST chats::unmute_many => "/chats/unmute/bulk";
    "read_chats" POST chats::read_many => "/chats/read/bulk";
    "unread_chats" POST chats::unread_many => "/chats/unread/bulk";
    "close_chats" POST chats::close_many => "/chats/close/bulk";
    "reopen_chats" POST chats::reopen_many => "/chats/reopen/bulk";
    "close_read_chats" POST chats::close_read => "/chats/close/read";
    "delete_chats" POST chats::delete_many => "/chats/delete";

    "list_contacts" GET contacts::list => "/contacts";
    "search_contacts" GET contacts::search => "/contacts/search";
    "get_contact" GET contacts::get => "/contacts/{id}";
    "get_contact_by_phone" GET contacts::by_phone => "/contacts/phone/{phone}";
    "create_contact" POST contacts::create => "/contacts", "/contacts/normalized";
    "update_contact" PUT contacts::update => "/contacts/{id}", "/contacts/{id}/normalized";
    "delete_contact" DELETE contacts::delete => "/contacts/{id}";
};
