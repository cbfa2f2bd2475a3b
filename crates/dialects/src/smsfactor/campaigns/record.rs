//! A campaign as it is shown.

use std::collections::{HashMap, HashSet};

use service::model::Batch;
use service::people::Slice;
use service::query::MessageQuery;
use sms::{BatchKey, Number, Outcome, OutcomeSet};

use super::super::answer::Answer;
use super::super::call::Call;
use super::super::error::Failure;
use super::super::local_time::LocalTime;
use super::super::unwanted::campaigns;
use super::people::{stops_of, unassigned_of};

/// Opt-outs, or messages, read at once.
const AT_ONCE: u32 = 1000;

/// A campaign with everything that is told of it.
pub(super) struct Record {
    batch: Batch,
    /// Its credits.
    cost: u64,
    /// When it was made, and when it was or will be sent.
    created: String,
    date: String,
    /// People who opted out by answering it.
    stops: u64,
    /// Its recipients that are known to be unassigned.
    unassigned: u64,
}

/// Looks up what is told of these campaigns.
pub(super) async fn records(call: &Call<'_>, batches: Vec<Batch>) -> Result<Vec<Record>, Failure> {
    let (service, account) = (call.service, call.account());
    let dates = dates(call, &batches).await?;
    let stops = match batches.as_slice() {
        [] => HashMap::new(),
        [one] => HashMap::from([(one.key, stops_of(call, one).await?.len() as u64)]),
        _ => stops(call).await?,
    };
    let knows = service.unassigned(account, Slice { limit: 1, ..Slice::default() }).await?.total > 0;
    let mut local = LocalTime::default();
    let mut records = Vec::with_capacity(batches.len());
    for batch in batches {
        let unassigned = if knows { unassigned_of(call, &batch).await?.len() as u64 } else { 0 };
        let created = batch.created.seconds();
        records.push(Record {
            created: local.text(created),
            date: local.text(date(&batch, &dates)),
            stops: stops.get(&batch.key).copied().unwrap_or(0),
            unassigned,
            cost: cost(&batch, call.access.account.prepaid),
            batch,
        });
    }
    Ok(records)
}

/// When campaigns were or will be sent, by the number of the campaign's first message: as the first one that was
/// not refused. Campaigns of which nothing is left to see are missing.
pub(super) async fn dates(call: &Call<'_>, batches: &[Batch]) -> Result<HashMap<Number, u32>, Failure> {
    let (service, account) = (call.service, call.account());
    let mut dates = HashMap::with_capacity(batches.len());
    let mut going = HashSet::new();
    for batches in batches.chunks(AT_ONCE as usize) {
        let firsts = batches.iter().map(|batch| batch.first).collect();
        let query = MessageQuery { numbers: Some(firsts), limit: AT_ONCE, ..MessageQuery::default() };
        for first in service.messages(account, query).await?.messages {
            dates.insert(first.number, first.date);
            going.extend(Some(first.number).filter(|_| !is_refused(first.outcome)));
        }
    }
    let goes = OutcomeSet::matching(|outcome| !is_refused(outcome));
    for batch in batches {
        // Only where the first one was refused, or is hidden, the others are asked.
        let others = batch.sums.iter().any(|(outcome, sum)| sum.messages > 0 && goes.contains(*outcome));
        if others && !going.contains(&batch.first) {
            let query = MessageQuery {
                batch: Some(batch.key),
                outcomes: Some(goes),
                limit: 1,
                ..MessageQuery::default()
            };
            let found = service.messages(account, query).await?.messages;
            dates.extend(found.first().map(|message| (batch.first, message.date)));
        }
    }
    Ok(dates)
}

/// When a campaign was or will be sent; when it was made, where nothing of it is left to see.
pub(super) fn date(batch: &Batch, dates: &HashMap<Number, u32>) -> u32 {
    dates.get(&batch.first).copied().unwrap_or(batch.created.seconds())
}

/// How many people opted out by answering each campaign: of all, because opt-outs know no campaign.
async fn stops(call: &Call<'_>) -> Result<HashMap<BatchKey, u64>, Failure> {
    let mut stops = HashMap::new();
    let mut offset = 0;
    loop {
        let slice = Slice { offset, limit: AT_ONCE, descending: false };
        let page = call.service.opt_outs(call.account(), slice).await?.items;
        for campaign in campaigns(call, &page).await?.into_values() {
            *stops.entry(BatchKey::Mt(campaign)).or_insert(0) += 1;
        }
        if page.len() < AT_ONCE as usize {
            return Ok(stops);
        }
        offset += u64::from(AT_ONCE);
    }
}

/// The credits of a campaign: what it was accepted for, without what was withdrawn since, and in a prepaid account
/// without whatever ended before a carrier took it, which was given back. Where that was not kept, a segment is a
/// credit.
pub(super) fn cost(batch: &Batch, prepaid: bool) -> u64 {
    let segments = |counts: fn(Outcome) -> bool| -> u64 {
        let sums = batch.sums.iter().filter(|(outcome, _)| counts(*outcome));
        sums.map(|(_, sum)| sum.segments).sum()
    };
    let standing = if prepaid {
        segments(|outcome| !outcome.is_final() || outcome.was_submitted())
    } else {
        segments(|outcome| !is_refused(outcome) && outcome != Outcome::Canceled)
    };
    match (batch.extra.credits, segments(|outcome| !is_refused(outcome))) {
        (Some(credits), accepted) if accepted > 0 => {
            // Exact where all or nothing was withdrawn.
            let share = u128::from(credits) * u128::from(standing) / u128::from(accepted);
            u64::try_from(share).unwrap_or(u64::MAX)
        }
        _ => standing,
    }
}

/// Whether a message of this outcome never cost anything.
fn is_refused(outcome: Outcome) -> bool {
    use Outcome as O;
    matches!(
        outcome,
        O::DeniedSender
            | O::DeniedRecipient
            | O::DeniedBody
            | O::DeniedFunds
            | O::DeniedOptOut
            | O::DeniedCountry
            | O::DeniedFlood
    )
}

/// How a campaign stands. `Sent` is the vendor's one known word; the others are what its messages are called.
pub(super) fn state(batch: &Batch) -> &'static str {
    let any = |outcomes: &[Outcome]| {
        batch.sums.iter().any(|(outcome, sum)| sum.messages > 0 && outcomes.contains(outcome))
    };
    // Of those that were not refused at once.
    let all = |wanted: Outcome| {
        let mut going = batch.sums.iter().filter(|(outcome, sum)| sum.messages > 0 && !is_refused(*outcome));
        any(&[wanted]) && going.all(|(outcome, _)| *outcome == wanted)
    };
    if any(&[Outcome::Held]) {
        "Moderation"
    } else if any(&[Outcome::Scheduled]) {
        "Waiting"
    } else if all(Outcome::Canceled) {
        "Canceled"
    } else if all(Outcome::DeniedModerator) {
        "Denied"
    } else {
        "Sent"
    }
}

impl Record {
    /// Writes the fields; numbers are digits in a text.
    pub(super) fn write(&self, answer: &mut Answer) {
        use Outcome as O;
        let batch = &self.batch;
        let id = match batch.key {
            BatchKey::Mt(number) | BatchKey::Mo(number) => number,
        };
        let count = |outcomes: &[Outcome]| -> u64 {
            let sums = batch.sums.iter().filter(|(outcome, _)| outcomes.contains(outcome));
            sums.map(|(_, sum)| sum.messages).sum()
        };
        let sent: u64 =
            batch.sums.iter().filter(|(outcome, _)| outcome.was_submitted()).map(|(_, s)| s.messages).sum();
        let delivered = count(&[O::Delivered]);
        answer.digits("id", id);
        answer.text("sender", batch.sender.as_deref().unwrap_or_default());
        answer.text("text", &batch.text);
        answer.text("creation_date", &self.created);
        answer.text("date", &self.date);
        answer.digits("cost", self.cost);
        let lists =
            batch.extra.list.as_deref().unwrap_or_default().split(',').filter(|list| !list.is_empty());
        answer.list("lists", lists, |answer, list| answer.text("id", list));
        answer.text("status", state(batch));
        answer.digits("delivery_rate", (delivered * 100).checked_div(sent).unwrap_or(0));
        answer.digits("delivered", delivered);
        answer.digits("error", count(&[O::Undelivered, O::Rejected, O::RefusedByCarrier, O::Failed]));
        answer.digits("expired", count(&[O::Expired, O::ExpiredUnsent]));
        // Operators' codes are not told apart.
        answer.digits("network_error", 0);
        answer.digits("stop", self.stops);
        answer.digits("npai", self.unassigned);
    }
}
