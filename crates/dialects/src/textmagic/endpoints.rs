//! The served endpoints: one line each.

use http::Method;

use super::call::Handler;
use super::{
    billing, bulks, callbacks, chats, contacts, countries, custom_fields, lists, messages, notes, prices,
    replies, schedules, senders, sending, sessions, statistics, subaccounts, templates, tokens,
    unsubscribers, user,
};
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
    "update_user" PUT user::update => "/user";
    "create_token" POST tokens::create => "/tokens";
    "log_in" POST tokens::log_in => "/auth";
    "refresh_token" GET tokens::refresh => "/tokens/refresh";
    "list_timezones" GET user::timezones => "/timezones";
    "list_countries" GET countries::list => "/countries";
    "list_subaccounts" GET subaccounts::list => "/subaccounts";

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

    "send" POST sending::send => "/messages";
    "price" GET prices::price => "/messages/price";
    "price_normalized" GET prices::normalized => "/messages/price/normalized";
    "preview" GET prices::preview => "/messages/preview";

    "list_bulks" GET bulks::list => "/bulks";
    "get_bulk" GET bulks::get => "/bulks/{id}";

    "list_schedules" GET schedules::list => "/schedules";
    "search_schedules" GET schedules::search => "/schedules/search";
    "get_schedule" GET schedules::get => "/schedules/{id}";
    "delete_schedule" DELETE schedules::delete => "/schedules/{id}";
    "delete_schedules" POST schedules::delete_many => "/schedules/delete";

    "list_templates" GET templates::list => "/templates";
    "search_templates" GET templates::search => "/templates/search";
    "get_template" GET templates::get => "/templates/{id}";
    "create_template" POST templates::create => "/templates";
    "update_template" PUT templates::update => "/templates/{id}";
    "delete_template" DELETE templates::delete => "/templates/{id}";
    "delete_templates" POST templates::delete_many => "/templates/delete";

    "get_sources" GET senders::sources => "/sources";
    "list_sender_ids" GET senders::list_ids => "/senderids";
    "get_sender_id" GET senders::get_id => "/senderids/{id}";
    "create_sender_id" POST senders::create_id => "/senderids";
    "delete_sender_id" DELETE senders::delete_id => "/senderids/{id}";
    "list_available_numbers" GET senders::available => "/numbers/available";
    "buy_number" POST senders::buy => "/numbers";
    "list_numbers" GET senders::list_numbers => "/numbers";
    "get_number" GET senders::get_number => "/numbers/{id}";
    "delete_number" DELETE senders::delete_number => "/numbers/{id}";

    "messaging_statistics" GET statistics::messaging => "/stats/messaging";
    "messaging_counts" GET statistics::counts => "/stats/messaging/data";
    "spending_statistics" GET billing::spending => "/stats/spending";
    "list_invoices" GET billing::invoices => "/invoices";

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
    "delete_contacts" POST contacts::delete_many => "/contacts/delete";
    "delete_all_contacts" DELETE contacts::delete_all => "/contact/all";
    "list_contact_lists" GET contacts::lists => "/contacts/{id}/lists";
    "complete_contact" GET contacts::autocomplete => "/contacts/autocomplete";
    "list_favorites" GET contacts::favorites => "/contacts/favorite";
    "list_blocked_contacts" GET contacts::blocked => "/contacts/block/list";
    "get_blocked_contact" GET contacts::blocked_phone => "/contacts/block/phone";
    "block_contact" POST contacts::block => "/contacts/block";
    "unblock_contact" POST contacts::unblock => "/contacts/unblock";
    "unblock_contacts" POST contacts::unblock_many => "/contacts/unblock/bulk";

    "import_contacts" POST contacts::import => "/contacts/import/normalized";
    "get_contact_import" GET contacts::progress => "/contacts/import/progress/{id}";

    "list_notes" GET notes::list => "/contacts/{id}/notes";
    "create_note" POST notes::create => "/contacts/{id}/notes";
    "delete_notes" POST notes::delete_many => "/contacts/{id}/notes/delete";
    "get_note" GET notes::get => "/notes/{id}";
    "update_note" PUT notes::update => "/notes/{id}";
    "delete_note" DELETE notes::delete => "/notes/{id}";

    "list_lists" GET lists::list => "/lists";
    "search_lists" GET lists::search => "/lists/search";
    "get_list" GET lists::get => "/lists/{id}";
    "create_list" POST lists::create => "/lists";
    "update_list" PUT lists::update => "/lists/{id}";
    "delete_list" DELETE lists::delete => "/lists/{id}";
    "delete_lists" POST lists::delete_many => "/lists/delete";
    "list_list_contacts" GET lists::contacts => "/lists/{id}/contacts";
    "list_list_contact_ids" GET lists::ids => "/lists/{id}/contacts/ids";
    "add_list_contacts" PUT lists::add => "/lists/{id}/contacts";
    "replace_list_contacts" POST lists::replace => "/lists/{id}/contacts";
    "remove_list_contacts" DELETE lists::remove => "/lists/{id}/contacts";
    "remove_many_list_contacts" POST lists::remove_many => "/lists/{id}/contacts/delete";

    "list_custom_fields" GET custom_fields::list => "/customfields";
    "get_custom_field" GET custom_fields::get => "/customfields/{id}";
    "create_custom_field" POST custom_fields::create => "/customfields";
    "update_custom_field" PUT custom_fields::update => "/customfields/{id}";
    "delete_custom_field" DELETE custom_fields::delete => "/customfields/{id}";
    "update_custom_field_value" PUT custom_fields::update_value => "/customfields/{id}/update";

    "list_unsubscribers" GET unsubscribers::list => "/unsubscribers";
    "get_unsubscriber" GET unsubscribers::get => "/unsubscribers/{id}";
    "create_unsubscriber" POST unsubscribers::create => "/unsubscribers";
};
