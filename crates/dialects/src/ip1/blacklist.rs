//! `/v2/blacklist`: people who are not to be written to.

use http::StatusCode;
use serde::Serialize;
use service::opt_outs::OptOutSource;
use service::people::{OptOut, Slice};
use service::{Access, LedgerError, Refusal, Service};

use super::error::{Failure, JSON, Missing};
use super::form::{is_msisdn, stamp_in_milliseconds};
use super::members::{Members, string};
use super::paging::{Paging, Shown, add_links};
use crate::kit::{Request, Response, reply};

#[derive(Serialize)]
struct Document<'o> {
    msisdn: &'o str,
    created: String,
}

impl<'o> Document<'o> {
    fn of(entry: &'o OptOut) -> Self {
        Self { msisdn: &entry.phone, created: stamp_in_milliseconds(entry.since) }
    }
}

fn document(status: StatusCode, entry: &OptOut) -> Response {
    reply::with_body(status, JSON, reply::json(&Document::of(entry)))
}

/// A number of a path or a body, behind a plus: it is never a national one. `None` for anything else.
pub(super) fn international(text: &str) -> Option<String> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    is_msisdn(digits).then(|| format!("+{digits}"))
}

const RULE: &str = "must be a number of 1 to 15 digits, country code first";

/// `GET /v2/blacklist`: all of them, oldest first.
pub(super) async fn list(service: &Service, access: &Access, request: &Request) -> Result<Response, Failure> {
    let paging = Paging::read(request)?;
    let page = service.opt_outs(access.id(), slice(&paging)).await?;
    let documents: Vec<Document<'_>> = page.items.iter().map(Document::of).collect();
    let mut response = reply::with_body(StatusCode::OK, JSON, reply::json(&documents));
    let shown = Shown::numbered(page.total, &paging);
    add_links(&mut response, &format!("{}/v2/blacklist", request.origin), &paging, shown);
    Ok(response)
}

/// The page of opt-outs that is asked for.
pub(super) fn slice(paging: &Paging) -> Slice {
    Slice { descending: paging.descending(), offset: paging.start, limit: paging.limit }
}

/// `POST /v2/blacklist`: adds the number in the body.
pub(super) async fn post(service: &Service, access: &Access, request: &Request) -> Result<Response, Failure> {
    let mut members = Members::of_body(request)?;
    let phone =
        members.required("msisdn", |value| international(&string(value)?).ok_or_else(|| RULE.to_owned()));
    members.finish()?;
    let entry = add(service, access, "msisdn", &phone.unwrap_or_default()).await?;
    Ok(document(StatusCode::CREATED, &entry))
}

/// `GET /v2/blacklist/{msisdn}`.
pub(super) async fn get(service: &Service, access: &Access, text: &str) -> Result<Response, Failure> {
    Ok(document(StatusCode::OK, &find(service, access, text).await?))
}

/// `PUT /v2/blacklist/{msisdn}`: adds it. An entry that is there stays, with its date and its proof.
pub(super) async fn put(service: &Service, access: &Access, text: &str) -> Result<Response, Failure> {
    let phone = international(text).ok_or_else(|| Failure::value("msisdn", RULE))?;
    Ok(document(StatusCode::OK, &add(service, access, "msisdn", &phone).await?))
}

/// `DELETE /v2/blacklist/{msisdn}`: lifts it, and shows the entry a last time.
pub(super) async fn remove(service: &Service, access: &Access, text: &str) -> Result<Response, Failure> {
    let entry = find(service, access, text).await?;
    lift(service, access, &entry).await?;
    Ok(document(StatusCode::OK, &entry))
}

/// Adds a number; `member` is where the caller wrote it.
pub(super) async fn add(
    service: &Service,
    access: &Access,
    member: &'static str,
    phone: &str,
) -> Result<OptOut, Failure> {
    match service.opt_out(access.id(), phone, OptOutSource::Api).await {
        Err(LedgerError::Refused(Refusal::Value(fault))) => {
            Err(Failure::value(member, &format!("cannot be used: {fault}")))
        }
        result => Ok(result?),
    }
}

/// Lifts an entry.
pub(super) async fn lift(service: &Service, access: &Access, entry: &OptOut) -> Result<(), Failure> {
    match service.lift_opt_out(access.id(), &format!("+{}", entry.phone)).await {
        Err(LedgerError::NotFound) => Err(Failure::NotFound(Missing::Entry)),
        result => Ok(result?),
    }
}

async fn find(service: &Service, access: &Access, text: &str) -> Result<OptOut, Failure> {
    let missing = || Failure::NotFound(Missing::Entry);
    let phone = international(text).ok_or_else(missing)?;
    service.opt_out_of(access.id(), &phone).await?.ok_or_else(missing)
}
