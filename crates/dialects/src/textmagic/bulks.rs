//! Bulk sessions: submissions of more recipients than an ordinary session has. They are taken in at once like
//! any other, so a bulk that can be read is completed.

use std::collections::HashMap;

use serde::Serialize;
use service::large::Large;
use service::model::{Account, Batch};
use service::people::Slice;
use sms::{BatchKey, Number};

use super::call::{Answer, Call, ok};
use super::error::Failure;
use super::paging::Paging;
use super::sessions::SessionObject;
use super::values::Stamp;

/// `GET /bulks`: newest first.
pub(super) async fn list(call: &Call<'_>) -> Answer {
    let paging = Paging::of(&call.query());
    let slice = Slice { descending: true, offset: paging.offset(), limit: paging.limit };
    let page = call.service.large_submissions(call.account(), slice).await?;
    let batches = batches(call, &page.items).await?;
    let account = &call.access.account;
    let resources: Vec<_> = page.items.iter().map(|large| Bulk::of(large, &batches, account)).collect();
    Ok(ok(&paging.envelope(page.total, resources)))
}

/// `GET /bulks/{id}`.
pub(super) async fn get(call: &Call<'_>) -> Answer {
    let large = call.service.large_submission(call.account(), call.id()?).await?;
    let large = large.ok_or(Failure::NotFound)?;
    let batches = batches(call, std::slice::from_ref(&large)).await?;
    Ok(ok(&Bulk::of(&large, &batches, &call.access.account)))
}

async fn batches(call: &Call<'_>, all: &[Large]) -> Result<HashMap<BatchKey, Batch>, Failure> {
    let keys = all.iter().map(|large| BatchKey::Mt(large.batch)).collect();
    Ok(call.service.batches_by_key(call.account(), keys).await?)
}

/// A bulk. The same keys in both generations.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bulk<'a> {
    id: Number,
    status: &'static str,
    items_processed: u64,
    items_total: u64,
    created_at: Stamp,
    /// `null` when it was deleted since.
    session: Option<SessionObject<'a>>,
    text: &'a str,
}

impl<'a> Bulk<'a> {
    fn of(large: &Large, batches: &'a HashMap<BatchKey, Batch>, account: &Account) -> Self {
        let batch = batches.get(&BatchKey::Mt(large.batch));
        Self {
            id: large.number,
            status: "c",
            items_processed: large.messages,
            items_total: large.messages,
            created_at: Stamp(large.created),
            session: batch.and_then(|batch| SessionObject::of(batch, account)),
            text: batch.map_or("", |batch| batch.text.as_str()),
        }
    }
}
