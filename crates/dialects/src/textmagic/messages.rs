//! Messages sent: lists, search, one, deletion.

mod history;
mod object;

use service::change::Hide;
use service::model::Message;
use service::query::{MessageQuery, Order};
use sms::{BatchKey, Direction, Number, OutcomeSet};

use super::bulk::{Which, hide_messages};
use super::call::{Answer, Call, no_content, ok};
use super::error::Failure;
use super::fields::{Fields, Wrong};
use super::names::Names;
use super::outcomes;
use super::paging::Paging;

pub(super) use history::history;
pub(super) use object::{MessageObject, session_id, status};

/// `GET /messages`.
pub(super) async fn list(call: &Call<'_>) -> Answer {
    let query = call.query();
    page(call, sent(), Paging::of(&query), query.last_id()?).await
}

/// `GET /messages/search`: filters that all must hold.
pub(super) async fn search(call: &Call<'_>) -> Answer {
    let query = call.query();
    let filter = MessageQuery {
        numbers: query.ids("ids")?,
        batch: query.id("sessionId")?.map(BatchKey::Mt),
        text: query.text("query")?.map(Into::into),
        outcomes: statuses(&query)?,
        ..sent()
    };
    page(call, filter, Paging::of(&query), query.last_id()?).await
}

/// `GET /messages/{id}`.
pub(super) async fn get(call: &Call<'_>) -> Answer {
    let message = call.service.message(call.account(), call.id()?).await?;
    let message = message.filter(is_sent).ok_or(Failure::NotFound)?;
    let names = Names::of(call, std::iter::once(message.peer())).await?;
    Ok(ok(&MessageObject::of(&message, &names)))
}

/// `DELETE /messages/{id}`.
pub(super) async fn delete(call: &Call<'_>) -> Answer {
    delete_one(call, is_sent).await
}

fn is_sent(message: &Message) -> bool {
    message.direction == Direction::Mt
}

/// Hides the one message that the path names, if it is one of these.
pub(super) async fn delete_one(call: &Call<'_>, is_one: fn(&Message) -> bool) -> Answer {
    let number = call.id()?;
    let message = call.service.message(call.account(), number).await?;
    if !message.is_some_and(|message| is_one(&message)) {
        return Err(Failure::NotFound);
    }
    // None hidden: another request was faster.
    match call.service.hide(call.account(), Hide::Messages(vec![number])).await? {
        0 => Err(Failure::NotFound),
        _ => Ok(no_content()),
    }
}

/// `POST /messages/delete`.
pub(super) async fn delete_many(call: &Call<'_>) -> Answer {
    let numbers = Which::of(&call.body()?)?.ids();
    hide_messages(call, MessageQuery { numbers, ..sent() }).await?;
    Ok(no_content())
}

/// `DELETE /message/all`.
pub(super) async fn delete_all(call: &Call<'_>) -> Answer {
    hide_messages(call, sent()).await?;
    Ok(no_content())
}

/// Every message sent.
pub(super) fn sent() -> MessageQuery {
    MessageQuery { direction: Some(Direction::Mt), ..MessageQuery::default() }
}

/// The filter `statuses`. `includeDeleted` beside it is only read: what was deleted is gone from every
/// reading.
pub(super) fn statuses(query: &Fields) -> Result<Option<OutcomeSet>, Wrong> {
    query.flag("includeDeleted")?;
    let Some(letters) = query.text("statuses")? else { return Ok(None) };
    let set = outcomes::filter(&letters);
    set.map(Some).ok_or_else(|| query.wrong("statuses", "This value is not a valid choice."))
}

/// A page of messages, newest first; one that waits for its time stands where it was made. With `last_id` it is a step of a walk by falling id: only smaller ids,
/// and always the first page of them.
pub(super) async fn page(
    call: &Call<'_>,
    filter: MessageQuery,
    paging: Paging,
    last_id: Option<Number>,
) -> Answer {
    let (paging, order) = match last_id {
        Some(_) => (paging.first(), Order::Number),
        None => (paging, Order::Made),
    };
    let query = MessageQuery {
        below: last_id,
        order,
        descending: true,
        offset: paging.offset(),
        limit: paging.limit,
        ..filter
    };
    let page = call.service.messages(call.account(), query).await?;
    let names = Names::of(call, page.messages.iter().map(Message::peer)).await?;
    let resources: Vec<_> = page.messages.iter().map(|message| MessageObject::of(message, &names)).collect();
    Ok(ok(&paging.envelope(page.total, resources)))
}
