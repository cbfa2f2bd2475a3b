//! Sessions: one submission each, whatever interface it came through. A received message is in none.

mod object;

use serde::Serialize;
use service::model::Batch;
use service::query::{BatchQuery, MessageQuery};
use sms::{BatchKey, Number, Outcome};

use super::bulk::{GROUP, Which, hide_batch};
use super::call::{Answer, Call, no_content, ok};
use super::error::Failure;
use super::messages::{page, sent, statuses};
use super::outcomes;
use super::paging::Paging;

pub(super) use object::{SessionObject, reference};

/// `GET /sessions`: newest first.
pub(super) async fn list(call: &Call<'_>) -> Answer {
    let paging = Paging::of(&call.query());
    let query = BatchQuery {
        submissions_only: true,
        descending: true,
        offset: paging.offset(),
        limit: paging.limit,
        ..BatchQuery::default()
    };
    let batches = call.service.batches(call.account(), query).await?;
    let resources: Vec<_> =
        batches.items.iter().filter_map(|batch| SessionObject::of(batch, &call.access.account)).collect();
    Ok(ok(&paging.envelope(batches.total, resources)))
}

/// `GET /sessions/{id}`, also spelt `/session/{id}`.
pub(super) async fn get(call: &Call<'_>) -> Answer {
    let batch = find(call).await?;
    let session = SessionObject::of(&batch, &call.access.account).ok_or(Failure::NotFound)?;
    Ok(ok(&session))
}

/// The session that the path names.
async fn find(call: &Call<'_>) -> Result<Batch, Failure> {
    let batch = call.service.batch(call.account(), BatchKey::Mt(call.id()?)).await?;
    batch.ok_or(Failure::NotFound)
}

/// `DELETE /sessions/{id}`: its messages go too.
pub(super) async fn delete(call: &Call<'_>) -> Answer {
    find(call).await?;
    let hidden = hide_batch(call, call.id()?).await?;
    if hidden { Ok(no_content()) } else { Err(Failure::NotFound) }
}

/// `POST /sessions/delete`.
pub(super) async fn delete_many(call: &Call<'_>) -> Answer {
    match Which::of(&call.body()?)? {
        Which::Ids(ids) => {
            for group in ids.chunks(GROUP as usize) {
                // Only those that are there: each deletion is a write, whoever names a million of nothing.
                let keys = group.iter().copied().map(BatchKey::Mt).collect();
                for batch in call.service.batches_by_key(call.account(), keys).await?.values() {
                    hide_session(call, batch).await?;
                }
            }
        }
        Which::All => delete_all(call).await?,
    }
    Ok(no_content())
}

async fn hide_session(call: &Call<'_>, batch: &Batch) -> Result<(), Failure> {
    if let Some(number) = id(batch) {
        hide_batch(call, number).await?;
    }
    Ok(())
}

async fn delete_all(call: &Call<'_>) -> Result<(), Failure> {
    let bound = Some(call.service.highest(call.account()).await?);
    let query = BatchQuery { submissions_only: true, bound, limit: GROUP, ..BatchQuery::default() };
    let first = call.service.batches(call.account(), query.clone()).await?;
    let mut items = first.items;
    // What is hidden leaves the list, so each round reads its beginning, and so many rounds see all of it.
    for _ in 0..first.total.div_ceil(u64::from(GROUP)) {
        for batch in &items {
            hide_session(call, batch).await?;
        }
        items = call.service.batches(call.account(), query.clone()).await?.items;
    }
    Ok(())
}

/// `GET /sessions/{id}/messages`.
pub(super) async fn messages(call: &Call<'_>) -> Answer {
    let batch = find(call).await?;
    let query = call.query();
    let filter = MessageQuery { batch: Some(batch.key), outcomes: statuses(&query)?, ..sent() };
    page(call, filter, Paging::of(&query), None).await
}

/// Counts of a session's messages. Each is in exactly one of the first five; `sent` are those that a carrier
/// took, whatever became of them.
#[derive(Debug, Default, PartialEq, Serialize)]
struct Stat {
    failed: u64,
    delivered: u64,
    accepted: u64,
    rejected: u64,
    scheduled: u64,
    all: u64,
    sent: u64,
}

impl Stat {
    fn of(sums: impl Iterator<Item = (Outcome, u64)>) -> Self {
        let mut stat = Self::default();
        for (outcome, messages) in sums {
            let count = match outcomes::letter(outcome) {
                Some("s") => &mut stat.scheduled,
                Some("d") => &mut stat.delivered,
                Some("j") => &mut stat.rejected,
                Some("e" | "f") => &mut stat.failed,
                _ => &mut stat.accepted,
            };
            *count += messages;
            stat.all += messages;
            if outcome.was_submitted() {
                stat.sent += messages;
            }
        }
        stat
    }
}

/// `GET /sessions/{id}/stat`.
pub(super) async fn stat(call: &Call<'_>) -> Answer {
    let batch = find(call).await?;
    call.query().flag("includeDeleted")?;
    Ok(ok(&Stat::of(batch.sums.iter().map(|(outcome, sum)| (*outcome, sum.messages)))))
}

/// A session's id.
pub(super) fn id(batch: &Batch) -> Option<Number> {
    match batch.key {
        BatchKey::Mt(number) => Some(number),
        BatchKey::Mo(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sms::Direction;

    #[test]
    fn every_message_is_counted_once() {
        let sent = Outcome::ALL.iter().filter(|outcome| outcome.direction() == Direction::Mt);
        let stat = Stat::of(sent.clone().map(|outcome| (*outcome, 1)));
        let parts = stat.failed + stat.delivered + stat.accepted + stat.rejected + stat.scheduled;
        assert_eq!((stat.all, parts), (sent.count() as u64, stat.all));
        let is = |outcome, expected| assert_eq!(Stat::of(std::iter::once((outcome, 2))), expected);
        is(Outcome::Delivered, Stat { delivered: 2, all: 2, sent: 2, ..Stat::default() });
        is(Outcome::Queued, Stat { accepted: 2, all: 2, ..Stat::default() });
        is(Outcome::Scheduled, Stat { scheduled: 2, all: 2, ..Stat::default() });
        is(Outcome::Failed, Stat { failed: 2, all: 2, ..Stat::default() });
        is(Outcome::Rejected, Stat { rejected: 2, all: 2, sent: 2, ..Stat::default() });
    }
}
