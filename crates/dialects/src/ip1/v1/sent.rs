//! `GET /api/sms/sent`: what was sent, through whatever API.

use std::collections::HashMap;

use http::StatusCode;
use service::model::{Batch, Message};
use service::query::{MessageQuery, Order};
use service::{Access, Service};
use sms::{BatchKey, Direction};

use super::super::error::{Failure, JSON, Missing};
use super::super::paging::{Paging, Place, add_links};
use super::super::{messages, paging};
use super::sms_object::{Sms, bundle};
use crate::kit::{Request, Response, reply};

/// `GET /api/sms/sent`: by id, the highest first. The vendor knows no pages here; an account of more messages than one
/// answer holds is led on by a `Link` header.
pub(in super::super) async fn list(
    service: &Service,
    access: &Access,
    request: &Request,
) -> Result<Response, Failure> {
    let paging = Paging::read_v1(request)?;
    let query = MessageQuery {
        direction: Some(Direction::Mt),
        after: paging.cursor.map(Place::message),
        bound: paging.bound,
        order: Order::Number,
        descending: paging.descending(),
        offset: paging.offset(),
        limit: paging.limit,
        ..MessageQuery::default()
    };
    let page = service.messages(access.id(), query).await?;
    let body = documents(service, access, &page.messages).await?;
    let mut response = reply::with_body(StatusCode::OK, JSON, body);
    add_links(&mut response, &format!("{}/api/sms/sent", request.origin), &paging, messages::shown(&page));
    Ok(response)
}

async fn documents(service: &Service, access: &Access, messages: &[Message]) -> Result<Vec<u8>, Failure> {
    let mut keys: Vec<BatchKey> = messages.iter().map(|message| message.batch).collect();
    keys.sort_unstable();
    keys.dedup();
    let batches: HashMap<BatchKey, Batch> = service.batches_by_key(access.id(), keys).await?;
    let all: Vec<Sms<'_>> = messages
        .iter()
        .filter_map(|message| {
            let bundle = batches.get(&message.batch).and_then(bundle);
            Some(Sms::new(access, bundle, message)?.looked_at(message))
        })
        .collect();
    Ok(reply::json(&all))
}

/// `GET /api/sms/sent/{id}`.
pub(in super::super) async fn get(service: &Service, access: &Access, id: &str) -> Result<Response, Failure> {
    let missing = || Failure::NotFound(Missing::Sent);
    let number = paging::number(id).ok_or_else(missing)?;
    let message = service.message(access.id(), number).await?.ok_or_else(missing)?;
    let batch = service.batch(access.id(), message.batch).await?;
    let document = Sms::new(access, batch.as_ref().and_then(bundle), &message).ok_or_else(missing)?;
    Ok(reply::with_body(StatusCode::OK, JSON, reply::json(&document.looked_at(&message))))
}
