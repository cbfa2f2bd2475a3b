//! `/api/blacklist`: the entries of `/v2/blacklist`, by number.

use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use service::people::OptOut;
use service::{Access, Service};

use super::super::blacklist::{add, lift, slice};
use super::super::error::{Failure, JSON, Missing};
use super::super::form::stamp_in_milliseconds;
use super::super::members::{Members, body, string};
use super::super::paging::{self, Paging, Shown, add_links};
use crate::kit::{Params, Request, Response, reply};

/// The most entries added by one request: each is a commit of its own.
const MOST_AT_ONCE: usize = 1000;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'o> {
    #[serde(rename = "ID")]
    id: u32,
    phone: &'o str,
    created: String,
}

impl<'o> Document<'o> {
    fn of(entry: &'o OptOut) -> Self {
        Self { id: entry.number, phone: &entry.phone, created: stamp_in_milliseconds(entry.since) }
    }
}

fn document(entry: &OptOut) -> Response {
    reply::with_body(StatusCode::OK, JSON, reply::json(&Document::of(entry)))
}

fn documents(entries: &[OptOut]) -> Response {
    let documents: Vec<Document<'_>> = entries.iter().map(Document::of).collect();
    reply::with_body(StatusCode::OK, JSON, reply::json(&documents))
}

/// `GET /api/blacklist`: newest first.
pub(in super::super) async fn list(
    service: &Service,
    access: &Access,
    request: &Request,
) -> Result<Response, Failure> {
    let paging = Paging::read_v1(request)?;
    let page = service.opt_outs(access.id(), slice(&paging)).await?;
    let mut response = documents(&page.items);
    let shown = Shown::numbered(page.total, &paging);
    add_links(&mut response, &format!("{}/api/blacklist", request.origin), &paging, shown);
    Ok(response)
}

/// `GET /api/blacklist/{id}`.
pub(in super::super) async fn get(service: &Service, access: &Access, id: &str) -> Result<Response, Failure> {
    Ok(document(&find(service, access, id).await?))
}

/// `POST /api/blacklist`: adds one; with `multiple` in the query, each of an array. All are looked at before
/// any is added.
pub(in super::super) async fn post(
    service: &Service,
    access: &Access,
    request: &Request,
) -> Result<Response, Failure> {
    if !Params::parse(request.query.as_bytes()).has("multiple") {
        let phone = phone(Members::of_body(request)?)?;
        return Ok(document(&add(service, access, "Phone", &phone).await?));
    }
    let Value::Array(items) = body(request)? else { return Err(Failure::Body) };
    if items.len() > MOST_AT_ONCE {
        return Err(Failure::value("Phone", &format!("must not be given more than {MOST_AT_ONCE} times")));
    }
    let phones = items.into_iter().map(|item| match item {
        Value::Object(map) => phone(Members::of(map)),
        _ => Err(Failure::Body),
    });
    let phones = phones.collect::<Result<Vec<_>, _>>()?;
    let mut entries = Vec::with_capacity(phones.len());
    for phone in phones {
        entries.push(add(service, access, "Phone", &phone).await?);
    }
    Ok(documents(&entries))
}

fn phone(mut members: Members) -> Result<String, Failure> {
    let phone = members.required("Phone", |value| {
        let text = string(value)?;
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let is_number = text.parse::<sms::phone::Phone>().is_ok();
        // With a plus it is never taken for a national number.
        if is_number { Ok(format!("+{digits}")) } else { Err("must be a phone number".to_owned()) }
    });
    members.finish()?;
    Ok(phone.unwrap_or_default())
}

/// `DELETE /api/blacklist/{id}`: lifts it, and shows the entry a last time.
pub(in super::super) async fn remove(
    service: &Service,
    access: &Access,
    id: &str,
) -> Result<Response, Failure> {
    let entry = find(service, access, id).await?;
    lift(service, access, &entry).await?;
    Ok(document(&entry))
}

async fn find(service: &Service, access: &Access, id: &str) -> Result<OptOut, Failure> {
    let missing = || Failure::NotFound(Missing::Entry);
    let number = paging::number(id).ok_or_else(missing)?;
    service.opt_out_of_number(access.id(), number).await?.ok_or_else(missing)
}
