//! Campaigns: the submissions of an account (reference 2.5).

mod choose;
mod people;
mod record;

use http::StatusCode;
use service::model::Batch;
use sms::BatchKey;

use super::call::{Call, Done};
use super::error::Failure;

pub(super) use people::{replies, stops, unassigned, unassigned_to_blacklist};

/// `GET /campaigns`.
pub(super) async fn list(call: &Call<'_>) -> Done {
    let chosen = choose::choose(call).await?;
    let records = record::records(call, chosen.page).await?;
    let mut answer = call.success();
    answer.list("campaigns", &records, |answer, record| record.write(answer));
    answer.integer("totalRecords", chosen.all);
    answer.integer("totalDisplayRecords", chosen.matching);
    Ok(answer.finish(StatusCode::OK))
}

/// `GET /campaign/{id}`: a list of one.
pub(super) async fn show(call: &Call<'_>) -> Done {
    let batch = find(call).await?;
    let total = batch.total().messages + u64::from(batch.extra.repeated);
    let records = record::records(call, vec![batch]).await?;
    let mut answer = call.success();
    answer.list("campaign", &records, |answer, record| {
        record.write(answer);
        answer.digits("total", total);
    });
    Ok(answer.finish(StatusCode::OK))
}

/// The campaign of the path.
async fn find(call: &Call<'_>) -> Result<Batch, Failure> {
    let key = BatchKey::Mt(call.number()?);
    let batch = call.service.batch(call.account(), key).await?;
    batch.ok_or(Failure::Resource("there is no such campaign"))
}
