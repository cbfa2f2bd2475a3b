//! `GET /history`: messages sent, walked by falling id instead of by page numbers.

use serde::Serialize;
use service::model::Message;
use service::query::{MessageQuery, Order};
use sms::Number;

use super::super::call::{Answer, Call, ok};
use super::super::fields::{Fields, Wrong};
use super::super::names::Names;
use super::super::paging::Paging;
use super::{MessageObject, sent};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct History<'a> {
    last_id: Option<Number>,
    /// What to ask as `lastId` next; 0 when nothing follows.
    next_last_id: Number,
    limit: u32,
    resources: Vec<MessageObject<'a>>,
}

/// `GET /history`. In its default order a walk along `nextLastId` sees every message that existed at its start
/// once.
pub(in super::super) async fn history(call: &Call<'_>) -> Answer {
    let query = call.query();
    let limit = Paging::of(&query).limit;
    let last_id = query.last_id()?;
    let filter = MessageQuery {
        below: last_id,
        text: query.text("query")?.map(Into::into),
        order: order(&query)?,
        descending: !query.ascending()?,
        limit,
        ..sent()
    };
    let page = call.service.messages(call.account(), filter).await?;
    let names = Names::of(call, page.messages.iter().map(Message::peer)).await?;
    let resources: Vec<_> = page.messages.iter().map(|message| MessageObject::of(message, &names)).collect();
    let next_last_id = page.messages.last().map_or(0, |message| message.number);
    // An id above the largest is echoed as the largest, which clients can hold.
    let last_id = last_id.map(|id| id.min(sms::id::MAX_NUMBER));
    Ok(ok(&History { last_id, next_last_id, limit, resources }))
}

/// The order asked for. Names of people are not kept with messages, so an order by them is the usual one.
fn order(query: &Fields) -> Result<Order, Wrong> {
    const WORDS: &[&str] = &["id", "phone", "sender", "firstName", "lastName", "messageTime"];
    Ok(match query.word("orderBy", WORDS)? {
        Some("phone") => Order::Destination,
        Some("sender") => Order::Sender,
        Some("messageTime") => Order::Time,
        _ => Order::Number,
    })
}
