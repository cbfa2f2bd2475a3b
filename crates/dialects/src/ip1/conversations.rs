//! Everything exchanged with one other party.

use std::collections::{BTreeMap, HashMap};

use http::StatusCode;
use serde::Serialize;
use service::model::{Batch, Message};
use service::query::MessageQuery;
use service::{Access, Service};
use sms::{BatchKey, Direction};

use super::batches::{Count, count_by_code};
use super::error::{Failure, JSON};
use super::messages::{Document, page, shown};
use super::paging::{Paging, add_links};
use super::{ids, outcomes};
use crate::kit::params::encode;
use crate::kit::{Request, Response, reply};

/// How much was exchanged with a party, and what became of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'p> {
    participant: &'p str,
    total_message_count: u64,
    total_sms_count: u64,
    mobile_terminated_messages: BTreeMap<u16, Count>,
    mobile_originated_messages: BTreeMap<u16, Count>,
}

/// The other party of a path: a number may be written with a plus.
fn participant(text: &str) -> &str {
    match text.strip_prefix('+') {
        Some(digits) if digits.bytes().all(|octet| octet.is_ascii_digit()) => digits,
        _ => text,
    }
}

/// `GET /v2/conversations/{participant}` and its `/mt` and `/mo`: the messages, oldest first. With somebody
/// unknown nothing was exchanged.
pub(super) async fn list(
    service: &Service,
    access: &Access,
    request: &Request,
    text: &str,
    direction: Option<Direction>,
) -> Result<Response, Failure> {
    let peer = participant(text);
    let paging = Paging::read(request)?;
    let query = MessageQuery { peer: Some(peer.to_owned()), direction, ..MessageQuery::default() };
    let page = page(service, access, &paging, query).await?;
    let mut keys: Vec<BatchKey> =
        page.messages.iter().filter(|m| m.direction == Direction::Mt).map(|m| m.batch).collect();
    keys.sort_unstable();
    keys.dedup();
    let batches = service.batches_by_key(access.id(), keys).await?;
    let documents: Vec<Document<'_>> = page
        .messages
        .iter()
        .filter_map(|message| {
            // A batch that is gone was deleted, with this message, since the page was read.
            let batch = batch_id(access, &batches, message)?;
            Some(Document::listed(access, batch, message))
        })
        .collect();
    let mut response = reply::with_body(StatusCode::OK, JSON, reply::json(&documents));
    let part = direction.map(|direction| format!("/{}", direction.word())).unwrap_or_default();
    let address = format!("{}/v2/conversations/{}{part}", request.origin, encode(peer));
    add_links(&mut response, &address, &paging, shown(&page));
    Ok(response)
}

fn batch_id(access: &Access, batches: &HashMap<BatchKey, Batch>, message: &Message) -> Option<String> {
    match message.direction {
        Direction::Mo => Some(ids::mo_batch_id(access.id(), message)),
        Direction::Mt => batches.get(&message.batch).map(|batch| ids::batch_id(access.id(), batch)),
    }
}

/// `GET /v2/conversations/{participant}/summary`.
pub(super) async fn summarise(service: &Service, access: &Access, text: &str) -> Result<Response, Failure> {
    let peer = participant(text);
    let query = MessageQuery {
        peer: Some(peer.to_owned()),
        outcomes: Some(outcomes::shown()),
        ..MessageQuery::default()
    };
    let sums = service.sums(access.id(), query).await?;
    let counts = |wanted: Direction| {
        let of_direction = sums.iter().filter(|(direction, ..)| *direction == wanted);
        count_by_code(of_direction.map(|(_, outcome, sum)| (*outcome, *sum)))
    };
    let (terminated, originated) = (counts(Direction::Mt), counts(Direction::Mo));
    let total = |of: fn(&Count) -> u64| terminated.values().chain(originated.values()).map(of).sum();
    let summary = Summary {
        participant: peer,
        total_message_count: total(|count| count.messages),
        total_sms_count: total(|count| count.sms),
        mobile_terminated_messages: terminated,
        mobile_originated_messages: originated,
    };
    Ok(reply::with_body(StatusCode::OK, JSON, reply::json(&summary)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn participants() {
        assert_eq!(participant("+46701740605"), "46701740605");
        assert_eq!(participant("46701740605"), "46701740605");
        assert_eq!(participant("iP1sms"), "iP1sms");
        assert_eq!(participant("+iP1"), "+iP1");
    }
}
