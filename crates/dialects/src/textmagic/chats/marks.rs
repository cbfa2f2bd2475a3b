//! What people do to chats: status, mute, read marks, deletion.

use service::change::{ChatMark, ChatTurn};
use service::model::ChatStatus::{Active, Closed, Deleted};
use service::query::{ChatOrder, ChatQuery, MessageQuery};
use sms::{Direction, Micros, Number};

use super::super::bulk::{GROUP, Which, hide_messages, needed};
use super::super::call::{Answer, Call, created, no_content};
use super::super::error::{Failure, Problems};
use super::super::fields::Fields;
use super::super::values::Link;
use super::conversation::with;
use super::object::FOR_EVER;
use super::{find, status};

/// The longest mute in hours: what is left of it in seconds must fit a signed 32-bit integer.
const LONGEST_MUTE: i64 = i32::MAX as i64 / 3600;

/// `POST /chats/status`: `id` and `status`.
pub(in super::super) async fn set_status(call: &Call<'_>) -> Answer {
    let body = call.body()?;
    let id = required(&body)?;
    let status = status(&body)?.ok_or_else(|| Problems::of("status", "This value should not be blank."))?;
    mark_one(call, id, ChatMark::Status(status)).await
}

/// `POST /chats/mute`: `id`, `mute` (yes unless told otherwise), `for` so many hours or without end.
pub(in super::super) async fn mute(call: &Call<'_>) -> Answer {
    let body = call.body()?;
    let id = required(&body)?;
    let until = until(call, &body)?;
    let mute = body.flag("mute")?.unwrap_or(true);
    mark_one(call, id, ChatMark::Mute(mute.then_some(until))).await
}

fn required(body: &Fields) -> Result<Number, Failure> {
    body.id("id")?.ok_or_else(|| Problems::of("id", "This value should not be blank."))
}

/// When a mute that begins now ends.
fn until(call: &Call<'_>, body: &Fields) -> Result<Micros, Failure> {
    let Some(hours) = body.integer("for")? else { return Ok(FOR_EVER) };
    if !(1..=LONGEST_MUTE).contains(&hours) {
        return Err(body.wrong("for", "This value should be a number of hours from 1 to 596523.").into());
    }
    Ok(Micros::new(call.service.now().get() + hours * 3_600_000_000).min(FOR_EVER))
}

async fn mark_one(call: &Call<'_>, id: Number, mark: ChatMark) -> Answer {
    match call.service.mark_chats(call.account(), Some(vec![id]), mark).await? {
        0 => Err(Failure::NotFound),
        _ => Ok(created(&Link::to("chats", id))),
    }
}

/// Sets a mark on `ids`, or on every chat.
async fn mark_many(call: &Call<'_>, mark: ChatMark) -> Answer {
    let which = Which::of(&call.body()?)?;
    call.service.mark_chats(call.account(), which.ids(), mark).await?;
    Ok(no_content())
}

/// `POST /chats/mute/bulk`.
pub(in super::super) async fn mute_many(call: &Call<'_>) -> Answer {
    let until = until(call, &call.body()?)?;
    mark_many(call, ChatMark::Mute(Some(until))).await
}

/// `POST /chats/unmute/bulk`.
pub(in super::super) async fn unmute_many(call: &Call<'_>) -> Answer {
    mark_many(call, ChatMark::Mute(None)).await
}

/// `POST /chats/read/bulk`.
pub(in super::super) async fn read_many(call: &Call<'_>) -> Answer {
    mark_many(call, ChatMark::Read).await
}

/// `POST /chats/unread/bulk`.
pub(in super::super) async fn unread_many(call: &Call<'_>) -> Answer {
    mark_many(call, ChatMark::Unread).await
}

/// `POST /chats/close/bulk`: those that are open.
pub(in super::super) async fn close_many(call: &Call<'_>) -> Answer {
    let which = Which::of(&call.body()?)?;
    turn(call, which.ids(), ChatTurn { from: Some(Active), to: Closed, seen: None }).await
}

/// `POST /chats/reopen/bulk`: those that were closed.
pub(in super::super) async fn reopen_many(call: &Call<'_>) -> Answer {
    let which = Which::of(&call.body()?)?;
    turn(call, which.ids(), ChatTurn { from: Some(Closed), to: Active, seen: None }).await
}

/// `POST /chats/delete`: only those of `status`, where that is given.
pub(in super::super) async fn delete_many(call: &Call<'_>) -> Answer {
    let body = call.body()?;
    let which = Which::of(&body)?;
    turn(call, which.ids(), ChatTurn { from: status(&body)?, to: Deleted, seen: None }).await
}

/// Turns the chats of these numbers, or all of them.
async fn turn(call: &Call<'_>, chats: Option<Vec<Number>>, turn: ChatTurn) -> Answer {
    call.service.mark_chats(call.account(), chats, ChatMark::Turn(turn)).await?;
    Ok(no_content())
}

/// `POST /chats/close/read`: closes every chat without unread messages. One into which something comes while
/// they are looked for stays open.
pub(in super::super) async fn close_read(call: &Call<'_>) -> Answer {
    // Those without unread messages come first.
    let query = ChatQuery { status: Some(Active), order: ChatOrder::Unread, ..ChatQuery::default() };
    let mut numbers = Vec::new();
    let mut seen = None;
    loop {
        let query = ChatQuery { offset: numbers.len() as u64, limit: GROUP, ..query.clone() };
        let page = call.service.chats(call.account(), query).await?;
        seen = seen.or(Some(page.bound));
        let read = page.items.iter().take_while(|chat| chat.unread == 0).map(|chat| chat.number);
        let before = numbers.len();
        numbers.extend(read);
        if numbers.len() - before < page.items.len() || page.items.is_empty() {
            break;
        }
    }
    for group in numbers.chunks(GROUP as usize) {
        turn(call, Some(group.to_vec()), ChatTurn { from: Some(Active), to: Closed, seen }).await?;
    }
    Ok(no_content())
}

/// `POST /chats/{id}/messages/delete`: received and sent ones by their ids, or all. There are no calls.
pub(in super::super) async fn delete_messages(call: &Call<'_>) -> Answer {
    let chat = find(call, call.id()?).await?;
    let body = call.body()?;
    if body.flag("all")? == Some(true) {
        hide_messages(call, with(&chat)).await?;
        return Ok(no_content());
    }
    let (inbound, sent) = (body.ids("inbound_ids")?, body.ids("sent_ids")?);
    if inbound.is_none() && sent.is_none() && body.ids("calls_ids")?.is_none() {
        return Err(needed("inbound_ids"));
    }
    for (direction, numbers) in [(Direction::Mo, inbound), (Direction::Mt, sent)] {
        if numbers.is_some() {
            let query = MessageQuery { direction: Some(direction), numbers, ..with(&chat) };
            hide_messages(call, query).await?;
        }
    }
    Ok(no_content())
}
