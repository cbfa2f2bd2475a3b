//! The messages of a chat, in its two forms: by phone (classic) and by chat id (generated).

use serde::Serialize;
use service::model::{Chat, Message};
use service::query::MessageQuery;
use sms::{Direction, Number, Outcome, OutcomeSet};

use super::super::call::{Answer, Call, ok};
use super::super::error::Failure;
use super::super::fields::Fields;
use super::super::messages::{session_id, status};
use super::super::names::Names;
use super::super::outcomes::TAKEN_IN;
use super::super::paging::Paging;
use super::super::values::{Stamp, some};
use super::find;

/// A chat message with the nine classic keys, in their order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    id: Number,
    direction: &'static str,
    sender: Option<&'a str>,
    message_time: Stamp,
    text: &'a str,
    receiver: &'a str,
    /// Of an inbound message `null`, never an empty text: one client reads it as a single character.
    status: Option<&'static str>,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn of(message: &'a Message, names: &'a Names) -> Self {
        let (direction, sender, status) = match message.direction {
            Direction::Mt => ("out", some(message.shown_sender()), Some(status(message))),
            Direction::Mo => ("in", some(message.peer()), None),
        };
        Self {
            id: message.number,
            direction,
            sender,
            message_time: Stamp::of_seconds(message.date),
            text: &message.body,
            receiver: &message.recipient,
            status,
            first_name: names.first(message.peer()),
            last_name: names.last(message.peer()),
        }
    }
}

/// The same for the generated clients, which take no `null` where they expect text.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FullLine<'a> {
    #[serde(flatten)]
    line: Line<'a>,
    session_id: Option<Number>,
}

impl<'a> FullLine<'a> {
    fn of(message: &'a Message, names: &'a Names) -> Self {
        let mut line = Line::of(message, names);
        line.status = line.status.or(Some(TAKEN_IN));
        line.first_name = line.first_name.or(Some(""));
        line.last_name = line.last_name.or(Some(""));
        Self { line, session_id: session_id(message.batch) }
    }
}

/// Every message with this partner, either way. A received one whose parts have not all come is not shown.
pub(super) fn with(chat: &Chat) -> MessageQuery {
    let shown = OutcomeSet::matching(|outcome| outcome != Outcome::Incomplete);
    MessageQuery { peer: Some(chat.peer.clone()), outcomes: Some(shown), ..MessageQuery::default() }
}

/// `GET /chats/{phone}`: oldest first.
pub(super) async fn of_phone(call: &Call<'_>, chat: &Chat) -> Answer {
    let paging = Paging::of(&call.query());
    let query = MessageQuery { offset: paging.offset(), limit: paging.limit, ..with(chat) };
    let page = call.service.messages(call.account(), query).await?;
    let names = Names::of(call, std::iter::once(chat.peer.as_str())).await?;
    let resources: Vec<_> = page.messages.iter().map(|message| Line::of(message, &names)).collect();
    Ok(ok(&paging.envelope(page.total, resources)))
}

/// `GET /chats/{id}/message`: newest first unless told otherwise. There are neither voice calls nor notes, so
/// `voice` and `includeNotes` change nothing.
pub(in super::super) async fn messages(call: &Call<'_>) -> Answer {
    let chat = find(call, call.id()?).await?;
    let query = call.query();
    let paging = Paging::of(&query);
    let (from, to) = period(&query)?;
    let filter = MessageQuery {
        text: query.text("query")?.map(Into::into),
        from,
        to,
        descending: !query.ascending()?,
        offset: paging.offset(),
        limit: paging.limit,
        ..with(&chat)
    };
    let page = call.service.messages(call.account(), filter).await?;
    let names = Names::of(call, std::iter::once(chat.peer.as_str())).await?;
    let resources: Vec<_> = page.messages.iter().map(|message| FullLine::of(message, &names)).collect();
    Ok(ok(&paging.envelope(page.total, resources)))
}

/// `start` and `end` in seconds since 1970: both or neither.
fn period(query: &Fields) -> Result<(Option<u32>, Option<u32>), Failure> {
    let (start, end) = (query.integer("start")?, query.integer("end")?);
    if start.is_some() != end.is_some() {
        return Err(Failure::BadRequest("Either both of start and end are given, or neither".to_owned()));
    }
    let seconds = |value: i64| u32::try_from(value.clamp(0, i64::from(u32::MAX))).unwrap_or(u32::MAX);
    Ok((start.map(seconds), end.map(seconds)))
}
