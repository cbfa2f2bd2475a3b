//! Messages in their batch: in the collection with the newest status, alone with every one they had.

use http::StatusCode;
use serde::Serialize;
use service::model::{Entry, Message};
use service::query::{MessagePage, MessageQuery, Order};
use service::{Access, Service};
use sms::{Coding, Direction, Money};

use super::error::{Failure, JSON, Missing};
use super::form::{Amount, stamp};
use super::paging::{Next, Paging, Place, Shown, add_links};
use super::{batches, ids, outcomes};
use crate::kit::{Request, Response, reply};

/// A message document. Members in the order of the vendor's table.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'m> {
    id: String,
    batch_id: String,
    owner: String,
    sender: &'m str,
    recipient: &'m str,
    body: &'m str,
    direction: &'static str,
    segments: u16,
    r#type: &'static str,
    datacoding: &'static str,
    priority: u8,
    price: Amount,
    currency: String,
    statuses: Vec<Status>,
    modified: String,
    reference: Option<&'m str>,
    mcc: Option<&'m str>,
    mnc: Option<&'m str>,
}

/// One line of a message's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Status {
    created: String,
    code: u16,
    duration: u8,
}

/// Every status a message had, oldest first. Notes that this vendor has no code for are passed over; a
/// history that holds nothing else shows the message's present state.
fn history(message: &Message) -> Vec<Status> {
    let mut statuses: Vec<Status> = message.history.iter().filter_map(status).collect();
    for at in 1..statuses.len() {
        if ends_after(&statuses[at - 1], &statuses[at]) {
            statuses.swap(at - 1, at);
        }
    }
    if statuses.is_empty() {
        statuses.extend(present(message));
    }
    statuses
}

/// The last of [`history`].
fn newest(message: &Message) -> Vec<Status> {
    let mut backwards = message.history.iter().rev().filter_map(status);
    match (backwards.next(), backwards.next()) {
        (Some(last), Some(before)) if ends_after(&before, &last) => vec![before],
        (Some(last), _) => vec![last],
        (None, _) => present(message).into_iter().collect(),
    }
}

/// An entry of the history as a status; `None` for a word that this vendor has no code for.
fn status(entry: &Entry) -> Option<Status> {
    let (code, duration) = outcomes::status(entry.word)?;
    Some(Status { created: stamp(entry.at), code, duration })
}

/// Whether the first of two neighbours is told behind the second. Money goes back in the moment in which a
/// message ends, and is noted behind its end; but nothing may follow a status of duration 1.
fn ends_after(first: &Status, second: &Status) -> bool {
    first.duration == 1 && second.code == outcomes::REFUNDED && first.created == second.created
}

fn present(message: &Message) -> Option<Status> {
    let code = outcomes::code(message.outcome)?;
    let duration = u8::from(message.outcome.is_final());
    Some(Status { created: stamp(message.modified()), code, duration })
}

impl<'m> Document<'m> {
    /// The document as a collection shows it.
    pub(super) fn listed(access: &Access, batch: String, message: &'m Message) -> Self {
        Self::new(access, batch, message, newest(message))
    }

    fn new(access: &Access, batch_id: String, message: &'m Message, statuses: Vec<Status>) -> Self {
        let is_mt = message.direction == Direction::Mt;
        Self {
            id: ids::message_id(access.id(), message),
            batch_id,
            owner: ids::owner(access.id()),
            sender: message.shown_sender(),
            recipient: &message.recipient,
            body: &message.body,
            direction: message.direction.word(),
            segments: message.segments,
            r#type: if message.flash { "Flash" } else { "SMS" },
            datacoding: match message.coding {
                Coding::Gsm7 => "gsm",
                Coding::Ucs2 => "ucs",
            },
            priority: message.priority,
            price: Amount(if is_mt { message.price } else { Money::ZERO }),
            currency: access.account.currency.to_string(),
            statuses,
            modified: stamp(message.modified()),
            reference: message.reference.as_deref().filter(|text| is_mt && !text.is_empty()),
            mcc: message.network.mcc.as_deref(),
            mnc: message.network.mnc.as_deref(),
        }
    }
}

/// A page of the messages that `query` means, oldest first unless the caller turns it round. What this
/// vendor does not show is left out.
pub(super) async fn page(
    service: &Service,
    access: &Access,
    paging: &Paging,
    query: MessageQuery,
) -> Result<MessagePage, Failure> {
    let query = MessageQuery {
        outcomes: Some(outcomes::shown()),
        after: paging.cursor.map(Place::message),
        bound: paging.bound,
        order: Order::Time,
        descending: paging.descending(),
        offset: paging.offset(),
        limit: paging.limit,
        ..query
    };
    Ok(service.messages(access.id(), query).await?)
}

/// What the links of a page of messages need.
pub(super) fn shown(page: &MessagePage) -> Shown {
    let last = page.messages.last().filter(|_| page.more);
    let next = last.map(|message| Place::of_message(message.date, message.number));
    Shown { total: page.total, next: Next::after(next), bound: page.bound }
}

/// `GET /v2/batches/{batch}/messages`.
pub(super) async fn list(
    service: &Service,
    access: &Access,
    request: &Request,
    batch: &str,
) -> Result<Response, Failure> {
    let batch = batches::find(service, access, batch).await?;
    let paging = Paging::read(request)?;
    let query = MessageQuery { batch: Some(batch.key), ..MessageQuery::default() };
    let page = page(service, access, &paging, query).await?;
    let id = ids::batch_id(access.id(), &batch);
    let documents: Vec<Document<'_>> =
        page.messages.iter().map(|message| Document::listed(access, id.clone(), message)).collect();
    let mut response = reply::with_body(StatusCode::OK, JSON, reply::json(&documents));
    let address = format!("{}/v2/batches/{id}/messages", request.origin);
    add_links(&mut response, &address, &paging, shown(&page));
    Ok(response)
}

/// `GET /v2/batches/{batch}/messages/{message}`. A message exists only inside its batch.
pub(super) async fn get(
    service: &Service,
    access: &Access,
    batch: &str,
    message: &str,
) -> Result<Response, Failure> {
    let batch = batches::find(service, access, batch).await?;
    let missing = || Failure::NotFound(Missing::Message);
    let (number, seconds) = ids::parse_message(access, message).ok_or_else(missing)?;
    let message = service.message(access.id(), number).await?.ok_or_else(missing)?;
    let fits = message.batch == batch.key && message.created.seconds() == seconds;
    if !fits || outcomes::code(message.outcome).is_none() {
        return Err(missing());
    }
    let id = ids::batch_id(access.id(), &batch);
    let document = Document::new(access, id, &message, history(&message));
    Ok(reply::with_body(StatusCode::OK, JSON, reply::json(&document)))
}
