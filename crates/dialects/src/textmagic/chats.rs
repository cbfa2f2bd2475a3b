//! Chats: conversations with one number each.

mod conversation;
mod marks;
mod object;

use serde::Serialize;
use service::model::{Chat, ChatStatus};
use service::query::{ChatOrder, ChatQuery, ContactQuery};
use sms::Number;
use sms::phone::Phone;

use super::bulk::GROUP;
use super::call::{Answer, Call, ok, path_id};
use super::error::Failure;
use super::fields::{Fields, Wrong};
use super::lists;
use super::paging::Paging;
use super::values::phone_of;

pub(super) use conversation::messages;
pub(super) use marks::{
    close_many, close_read, delete_many, delete_messages, mute, mute_many, read_many, reopen_many,
    set_status, unmute_many, unread_many,
};

use object::{ChatObject, Details};

/// The letters of a chat's status.
const STATUSES: &[&str] = &["a", "c", "d"];

/// The letter of a status.
fn letter(status: ChatStatus) -> &'static str {
    match status {
        ChatStatus::Active => "a",
        ChatStatus::Closed => "c",
        ChatStatus::Deleted => "d",
    }
}

/// The parameter `status` as a status.
fn status(fields: &Fields) -> Result<Option<ChatStatus>, Wrong> {
    let word = fields.word("status", STATUSES)?;
    let all = [ChatStatus::Active, ChatStatus::Closed, ChatStatus::Deleted];
    Ok(word.and_then(|word| all.into_iter().find(|status| letter(*status) == word)))
}

/// The order asked for; always falling.
fn order(query: &Fields) -> Result<ChatOrder, Wrong> {
    Ok(match query.word("orderBy", &["id", "unread", "messageTime"])? {
        Some("unread") => ChatOrder::Unread,
        Some("messageTime") => ChatOrder::LastInbound,
        _ => ChatOrder::Number,
    })
}

/// `GET /chats`.
pub(super) async fn list(call: &Call<'_>) -> Answer {
    let query = call.query();
    let filter = ChatQuery { status: status(&query)?, order: order(&query)?, ..ChatQuery::default() };
    page(call, filter, Paging::of(&query)).await
}

/// `GET /chats/search`: by the text of their messages.
pub(super) async fn search(call: &Call<'_>) -> Answer {
    let query = call.query();
    let text = query.text("query")?.map(Into::into);
    page(call, ChatQuery { text, ..ChatQuery::default() }, Paging::of(&query)).await
}

/// `GET /chats/search/ids`.
pub(super) async fn search_ids(call: &Call<'_>) -> Answer {
    let query = call.query();
    let numbers = query.ids("ids")?;
    page(call, ChatQuery { numbers, ..ChatQuery::default() }, Paging::of(&query)).await
}

/// `GET /chats/search/recipients`: by the partner's number, by what a contact says of them, or by
/// the name of a list they are in.
pub(super) async fn search_recipients(call: &Call<'_>) -> Answer {
    let query = call.query();
    let mut filter = ChatQuery { order: order(&query)?, ..ChatQuery::default() };
    if let Some(text) = query.text("query")? {
        filter.peers = phones_of_contacts(call, &text).await?;
        // Digits however they are grouped; else a partner that is no number but a name.
        filter.peer_contains = Some(phone_of(&text));
    }
    page(call, filter, Paging::of(&query)).await
}

/// The phones of all contacts that say this, and of those in lists that are called so.
async fn phones_of_contacts(call: &Call<'_>, text: &str) -> Result<Vec<String>, Failure> {
    let mut phones = Vec::new();
    let query = ContactQuery { text: Some(text.to_owned()), ..ContactQuery::default() };
    add_phones(call, query, &mut phones).await?;
    for list in lists::called(call, text).await? {
        let query = ContactQuery { list: Some(list), ..ContactQuery::default() };
        add_phones(call, query, &mut phones).await?;
    }
    Ok(phones)
}

async fn add_phones(call: &Call<'_>, query: ContactQuery, phones: &mut Vec<String>) -> Result<(), Failure> {
    let mut offset = 0;
    loop {
        let query = ContactQuery { offset, limit: GROUP, ..query.clone() };
        let found = call.service.contacts(call.account(), query).await?.items;
        if found.is_empty() {
            return Ok(());
        }
        offset += found.len() as u64;
        phones.extend(found.into_iter().map(|contact| contact.phone));
    }
}

/// A page of chats; by falling order.
async fn page(call: &Call<'_>, filter: ChatQuery, paging: Paging) -> Answer {
    let query = ChatQuery { descending: true, offset: paging.offset(), limit: paging.limit, ..filter };
    let chats = call.service.chats(call.account(), query).await?;
    let details = Details::of(call, &chats.items).await?;
    let resources: Vec<_> = chats.items.iter().map(|chat| ChatObject::of(chat, &details)).collect();
    Ok(ok(&paging.envelope(chats.total, resources)))
}

/// `GET /chats/{phone}`: a page of the conversation with this number. Where no chat has it and the text is
/// the id of a chat, as the generated clients mean it, that chat.
pub(super) async fn get(call: &Call<'_>) -> Answer {
    if let Some(chat) = call.service.chat_with(call.account(), &phone_of(&call.segment)).await? {
        return conversation::of_phone(call, &chat).await;
    }
    let number = path_id(&call.segment).ok_or(Failure::NotFound)?;
    one(call, find(call, number).await?).await
}

/// `GET /chats/{phone}/by/phone`. A chat that is there is reopened only if asked; one that is not is made only
/// if asked.
pub(super) async fn by_phone(call: &Call<'_>) -> Answer {
    let query = call.query();
    let upsert = query.flag("upsert")?.unwrap_or(false);
    let reopen = query.flag("reopen")?.unwrap_or(false);
    let phone = phone_of(&call.segment);
    let chat = call.service.chat_with(call.account(), &phone).await?;
    let open = match &chat {
        Some(chat) => reopen && chat.status != ChatStatus::Active,
        None => upsert,
    };
    if !open {
        return one(call, chat.ok_or(Failure::NotFound)?).await;
    }
    if chat.is_none() && Phone::parse(&phone).is_err() {
        return Err(Failure::BadRequest("This is not a phone number".to_owned()));
    }
    let number = call.service.open_chat(call.account(), &phone).await?;
    one(call, find(call, number).await?).await
}

/// Answers one chat.
async fn one(call: &Call<'_>, chat: Chat) -> Answer {
    let details = Details::of(call, std::slice::from_ref(&chat)).await?;
    Ok(ok(&ChatObject::of(&chat, &details)))
}

/// The chat of this number, whatever its status.
async fn find(call: &Call<'_>, number: Number) -> Result<Chat, Failure> {
    call.service.chat(call.account(), number).await?.ok_or(Failure::NotFound)
}

#[derive(Serialize)]
struct Unread {
    total: u64,
}

/// `GET /chats/unread/count`: unread messages of all chats together.
pub(super) async fn unread_count(call: &Call<'_>) -> Answer {
    let total = call.service.unread(call.account()).await?;
    Ok(ok(&Unread { total }))
}
