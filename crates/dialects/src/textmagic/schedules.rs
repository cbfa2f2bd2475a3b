//! Schedules: what is sent later, once or again and again.

mod object;

use service::LedgerError;
use service::people::Slice;
use service::schedules::{ScheduleOrder, ScheduleQuery};
use sms::Number;

use super::bulk::{GROUP, needed};
use super::call::{Answer, Call, no_content, ok};
use super::error::Failure;
use super::fields::{Fields, Wrong};
use super::paging::Paging;

use object::{Details, ScheduleObject};

/// `GET /schedules`.
pub(super) async fn list(call: &Call<'_>) -> Answer {
    page(call, &call.query(), ScheduleQuery::default()).await
}

/// `GET /schedules/search`: filters that all must hold.
pub(super) async fn search(call: &Call<'_>) -> Answer {
    let query = call.query();
    let filter = ScheduleQuery {
        numbers: query.ids("ids")?,
        text: query.text("query")?.map(Into::into),
        ..ScheduleQuery::default()
    };
    page(call, &query, filter).await
}

async fn page(call: &Call<'_>, query: &Fields, filter: ScheduleQuery) -> Answer {
    let paging = Paging::of(query);
    let order = match query.word("orderBy", &["id", "nextSend", "lastSend"])? {
        Some("nextSend") => ScheduleOrder::Next,
        Some("lastSend") => ScheduleOrder::Last,
        _ => ScheduleOrder::Number,
    };
    let descending = !query.ascending()?;
    let slice = Slice { descending, offset: paging.offset(), limit: paging.limit };
    let query = ScheduleQuery { completed: completed(query)?, order, slice, ..filter };
    let page = call.service.schedules(call.account(), query).await?;
    let details = Details::of(call, &page.items).await?;
    let resources: Vec<_> = page.items.iter().map(|one| ScheduleObject::of(one, &details)).collect();
    Ok(ok(&paging.envelope(page.total, resources)))
}

/// `status`: `a` those with something to come, `c` completed ones, `x` all.
fn completed(fields: &Fields) -> Result<Option<bool>, Wrong> {
    Ok(match fields.word("status", &["a", "c", "x"])? {
        Some("a") => Some(false),
        Some("c") => Some(true),
        _ => None,
    })
}

/// `GET /schedules/{id}`.
pub(super) async fn get(call: &Call<'_>) -> Answer {
    let schedule = call.service.schedule(call.account(), call.id()?).await?;
    let schedule = schedule.ok_or(Failure::NotFound)?;
    let details = Details::of(call, std::slice::from_ref(&schedule)).await?;
    Ok(ok(&ScheduleObject::of(&schedule, &details)))
}

/// `DELETE /schedules/{id}`: what waits of it is not sent.
pub(super) async fn delete(call: &Call<'_>) -> Answer {
    call.service.remove_schedule(call.account(), call.id()?).await?;
    Ok(no_content())
}

/// `POST /schedules/delete`. With `status` only those that stand so, and all of them when no ids are given.
pub(super) async fn delete_many(call: &Call<'_>) -> Answer {
    let body = call.body()?;
    let completed = completed(&body)?;
    let numbers = match (body.flag("all")?, body.ids("ids")?) {
        (Some(true), _) => None,
        (_, Some(ids)) => Some(ids),
        (_, None) if completed.is_some() => None,
        (_, None) => return Err(needed("ids")),
    };
    let filter = ScheduleQuery { numbers, completed, ..ScheduleQuery::default() };
    // Those that exist when it begins: what is removed would shift the pages.
    let mut found: Vec<Number> = Vec::new();
    loop {
        let slice = Slice { offset: found.len() as u64, limit: GROUP, descending: false };
        let page = call.service.schedules(call.account(), ScheduleQuery { slice, ..filter.clone() }).await?;
        let ended = page.items.len() < GROUP as usize;
        found.extend(page.items.iter().map(|schedule| schedule.number));
        if ended {
            break;
        }
    }
    for number in found {
        match call.service.remove_schedule(call.account(), number).await {
            Ok(_) | Err(LedgerError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(no_content())
}
