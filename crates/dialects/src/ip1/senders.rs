//! `/v2/me/senders`: the senders that an account has registered.

use http::StatusCode;
use serde::Serialize;
use service::senders::{RegisteredSender, SenderRefused};
use service::{Access, Service};

use super::error::{Failure, JSON, Missing};
use super::form::{self, stamp};
use super::paging::{Paging, Shown, add_links};
use crate::kit::{Request, Response, reply};

#[derive(Serialize)]
struct Document<'s> {
    sender: &'s str,
    created: String,
}

impl<'s> Document<'s> {
    fn of(sender: &'s RegisteredSender) -> Self {
        Self { sender: &sender.sender, created: stamp(sender.created) }
    }
}

fn document(sender: &RegisteredSender) -> Response {
    reply::with_body(StatusCode::OK, JSON, reply::json(&Document::of(sender)))
}

/// `GET /v2/me/senders`: all of them, by the alphabet.
pub(super) async fn list(service: &Service, access: &Access, request: &Request) -> Result<Response, Failure> {
    let paging = Paging::read(request)?;
    let mut senders = service.senders(access.id()).await?;
    if paging.descending() {
        senders.reverse();
    }
    let passed = usize::try_from(paging.start).unwrap_or(usize::MAX);
    let page = senders.iter().skip(passed).take(paging.limit as usize);
    let documents: Vec<Document<'_>> = page.map(Document::of).collect();
    let mut response = reply::with_body(StatusCode::OK, JSON, reply::json(&documents));
    let shown = Shown::numbered(senders.len() as u64, &paging);
    add_links(&mut response, &format!("{}/v2/me/senders", request.origin), &paging, shown);
    Ok(response)
}

/// `GET /v2/me/senders/{sender}`.
pub(super) async fn get(service: &Service, access: &Access, text: &str) -> Result<Response, Failure> {
    Ok(document(&find(service, access, text).await?))
}

/// `PUT /v2/me/senders/{sender}`: registers it; one that is registered stays as it is.
pub(super) async fn put(service: &Service, access: &Access, text: &str) -> Result<Response, Failure> {
    let wrong = |rule: String| Failure::value("sender", &rule);
    let sender = form::sender(text).map_err(wrong)?;
    match service.register_sender(access.id(), &sender, "").await {
        Ok(sender) => Ok(document(&sender)),
        Err(SenderRefused::Sender(error)) => Err(wrong(format!("cannot be used: {error}"))),
        Err(SenderRefused::Ledger(error)) => Err(error.into()),
    }
}

/// `DELETE /v2/me/senders/{sender}`: removes it, and shows it a last time.
pub(super) async fn remove(service: &Service, access: &Access, text: &str) -> Result<Response, Failure> {
    let known = find(service, access, text).await?;
    match service.remove_sender(access.id(), known.number).await {
        Ok(sender) => Ok(document(&sender)),
        // Somebody was faster.
        Err(service::LedgerError::NotFound) => Err(Failure::NotFound(Missing::Sender)),
        Err(error) => Err(error.into()),
    }
}

async fn find(service: &Service, access: &Access, text: &str) -> Result<RegisteredSender, Failure> {
    service.sender(access.id(), text).await?.ok_or(Failure::NotFound(Missing::Sender))
}
