//! Replies: messages received.

use serde::Serialize;
use service::model::Message;
use service::query::{MessageQuery, Order};
use sms::{Direction, Number, Outcome};

use super::bulk::{Which, hide_messages};
use super::call::{Answer, Call, no_content, ok};
use super::error::Failure;
use super::fields::{Fields, Wrong};
use super::messages::delete_one;
use super::names::Names;
use super::paging::Paging;
use super::values::{Stamp, some};

/// A received message. The classic keys first, in their order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reply<'a> {
    id: Number,
    sender: &'a str,
    message_time: Stamp,
    text: &'a str,
    receiver: Option<&'a str>,
    avatar: Option<()>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    person: Option<Person<'a>>,
}

/// What `expand=1` adds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Person<'a> {
    contact_id: Option<Number>,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
}

impl<'a> Reply<'a> {
    fn of(message: &'a Message) -> Self {
        Self {
            id: message.number,
            sender: message.peer(),
            message_time: Stamp::of_seconds(message.date),
            text: &message.body,
            receiver: some(&message.recipient),
            avatar: None,
            person: None,
        }
    }

    fn with(mut self, names: &'a Names) -> Self {
        let phone = self.sender;
        self.person = Some(Person {
            contact_id: names.id(phone),
            first_name: names.first(phone),
            last_name: names.last(phone),
        });
        self
    }
}

/// Every reply. One whose parts have not all come is none yet.
fn received() -> MessageQuery {
    let outcomes = Some(Outcome::Received.only());
    MessageQuery { direction: Some(Direction::Mo), outcomes, ..MessageQuery::default() }
}

fn is_received(message: &Message) -> bool {
    message.outcome == Outcome::Received
}

/// `GET /replies`.
pub(super) async fn list(call: &Call<'_>) -> Answer {
    let query = call.query();
    page(call, &query, received(), false).await
}

/// `GET /replies/search`.
pub(super) async fn search(call: &Call<'_>) -> Answer {
    let query = call.query();
    let filter =
        MessageQuery { numbers: query.ids("ids")?, text: query.text("query")?.map(Into::into), ..received() };
    let expand = query.flag("expand")?.unwrap_or(false);
    page(call, &query, filter, expand).await
}

/// `GET /replies/{id}`.
pub(super) async fn get(call: &Call<'_>) -> Answer {
    let message = call.service.message(call.account(), call.id()?).await?;
    let message = message.filter(is_received).ok_or(Failure::NotFound)?;
    Ok(ok(&Reply::of(&message)))
}

/// `DELETE /replies/{id}`: it leaves its chat too.
pub(super) async fn delete(call: &Call<'_>) -> Answer {
    delete_one(call, is_received).await
}

/// `POST /replies/delete`.
pub(super) async fn delete_many(call: &Call<'_>) -> Answer {
    let numbers = Which::of(&call.body()?)?.ids();
    hide_messages(call, MessageQuery { numbers, ..received() }).await?;
    Ok(no_content())
}

async fn page(call: &Call<'_>, query: &Fields, filter: MessageQuery, expand: bool) -> Answer {
    let paging = Paging::of(query);
    let filter = MessageQuery {
        order: order(query)?,
        descending: !query.ascending()?,
        offset: paging.offset(),
        limit: paging.limit,
        ..filter
    };
    let page = call.service.messages(call.account(), filter).await?;
    let replies = page.messages.iter().map(Reply::of);
    if !expand {
        return Ok(ok(&paging.envelope(page.total, replies.collect())));
    }
    let names = Names::of(call, page.messages.iter().map(Message::peer)).await?;
    let replies = replies.map(|reply| reply.with(&names)).collect();
    Ok(ok(&paging.envelope(page.total, replies)))
}

/// The order asked for; newest first unless told otherwise. Names of people are not kept with messages, so
/// an order by them is the usual one.
fn order(query: &Fields) -> Result<Order, Wrong> {
    const WORDS: &[&str] = &["id", "sender", "receiver", "messageTime", "firstName", "lastName"];
    Ok(match query.word("orderBy", WORDS)? {
        Some("id") => Order::Number,
        Some("sender") => Order::Sender,
        Some("receiver") => Order::Destination,
        _ => Order::Time,
    })
}
