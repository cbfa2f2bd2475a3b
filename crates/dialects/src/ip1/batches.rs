//! Batches: what one request sent, or one MO.

use std::collections::BTreeMap;

use http::StatusCode;
use serde::Serialize;
use service::model::{Batch, Sum};
use service::query::BatchQuery;
use service::{Access, Service};
use sms::{BatchKey, Coding, Money, Outcome};

use super::error::{Failure, JSON, Missing};
use super::form::{Amount, stamp};
use super::paging::{Next, Paging, Place, Shown, add_links};
use super::{ids, outcomes};
use crate::kit::{Request, Response, reply};

/// A batch document. Members in the order of the vendor's table.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'b> {
    id: String,
    sender: &'b str,
    body: &'b str,
    owner: String,
    direction: &'static str,
    r#type: &'static str,
    datacoding: &'static str,
    priority: u8,
    templated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    price_summary: Option<PriceSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_summary: Option<BTreeMap<u16, Count>>,
    delivery_windows: Vec<DeliveryWindow>,
    status: u16,
    delivery_report_url: Option<&'b str>,
    reference: Option<&'b str>,
    tags: &'b [String],
}

#[derive(Serialize)]
struct PriceSummary {
    total: Amount,
    currency: String,
    average: Amount,
}

#[derive(Serialize)]
struct DeliveryWindow {
    opens: String,
    closes: String,
}

/// Messages under one status code, and the segments they take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Count {
    /// Messages.
    pub(super) messages: u64,
    /// Segments.
    pub(super) sms: u64,
}

/// Counts by status code; outcomes that are not shown are left out.
pub(super) fn count_by_code(sums: impl Iterator<Item = (Outcome, Sum)>) -> BTreeMap<u16, Count> {
    let mut counts = BTreeMap::new();
    for (outcome, sum) in sums {
        if let Some(code) = outcomes::code(outcome)
            && sum.messages > 0
        {
            let count: &mut Count = counts.entry(code).or_default();
            count.messages += sum.messages;
            count.sms += sum.segments;
        }
    }
    counts
}

impl<'b> Document<'b> {
    /// The document as a list shows it.
    fn listed(access: &Access, batch: &'b Batch) -> Self {
        let text = |text: &'b Option<String>| text.as_deref().filter(|text| !text.is_empty());
        let window = |&(opens, closes): &(i64, i64)| DeliveryWindow {
            opens: stamp(sms::Micros::new(opens)),
            closes: stamp(sms::Micros::new(closes)),
        };
        Self {
            id: ids::batch_id(access.id(), batch),
            sender: batch.sender.as_deref().unwrap_or_default(),
            body: &batch.text,
            owner: ids::owner(access.id()),
            direction: match batch.key {
                BatchKey::Mt(_) => "MT",
                BatchKey::Mo(_) => "MO",
            },
            r#type: if batch.flash { "flash" } else { "sms" },
            datacoding: match batch.coding {
                Coding::Gsm7 => "GSM",
                Coding::Ucs2 => "UCS",
            },
            priority: batch.priority,
            templated: batch.templated,
            price_summary: None,
            message_summary: None,
            delivery_windows: batch.extra.windows.iter().map(window).collect(),
            status: outcomes::batch_status(batch),
            delivery_report_url: text(&batch.extra.report_url),
            reference: text(&batch.reference),
            tags: &batch.extra.tags,
        }
    }

    /// The document with both summaries.
    fn whole(access: &Access, batch: &'b Batch) -> Self {
        let all = batch.total();
        // An MO costs nothing here, whatever an import said of it.
        let price = match batch.key {
            BatchKey::Mt(_) => all.price,
            BatchKey::Mo(_) => 0,
        };
        let prices = PriceSummary {
            total: Amount(Money::from_millionths(price)),
            currency: access.account.currency.to_string(),
            average: Amount(Money::from_millionths(average(price, all.messages))),
        };
        let counts = count_by_code(batch.sums.iter().copied());
        Self { price_summary: Some(prices), message_summary: Some(counts), ..Self::listed(access, batch) }
    }
}

/// The price of one message in millionths, rounded to the nearest; of no message, nothing.
fn average(total: i64, messages: u64) -> i64 {
    let total = i128::from(total);
    let messages = i128::from(messages.max(1));
    // A mean of values of 64 bits has 64 bits.
    i64::try_from((2 * total + messages).div_euclid(2 * messages)).unwrap_or(i64::MAX)
}

/// `GET /v2/batches`: every batch, MO among them, by creation.
pub(super) async fn list(service: &Service, access: &Access, request: &Request) -> Result<Response, Failure> {
    let paging = Paging::read(request)?;
    let (batches, shown) = page(service, access, &paging).await?;
    let documents: Vec<Document<'_>> = batches.iter().map(|batch| Document::listed(access, batch)).collect();
    let mut response = reply::with_body(StatusCode::OK, JSON, reply::json(&documents));
    add_links(&mut response, &format!("{}/v2/batches", request.origin), &paging, shown);
    Ok(response)
}

/// Batches read at least at once.
const AT_ONCE: u32 = 100;

/// A page of batches. MO with parts missing are left out, and the page is filled up from behind them.
async fn page(service: &Service, access: &Access, paging: &Paging) -> Result<(Vec<Batch>, Shown), Failure> {
    let limit = paging.limit as usize;
    let mut query = BatchQuery {
        after: paging.cursor.map(Place::batch),
        bound: paging.bound,
        descending: paging.descending(),
        offset: paging.offset(),
        // One more than wanted tells whether another page follows.
        limit: paging.limit + 1,
        ..BatchQuery::default()
    };
    let mut page = service.batches(access.id(), query.clone()).await?;
    let mut shown = Shown { total: page.total, next: Next::Nothing, bound: page.bound };
    let mut kept: Vec<Batch> = Vec::new();
    loop {
        let last = page.items.last().map(place).filter(|_| page.items.len() == query.limit as usize);
        kept.extend(page.items.into_iter().filter(outcomes::shows));
        if kept.len() > limit {
            kept.truncate(limit);
            shown.next = Next::after(kept.last().map(place));
            return Ok((kept, shown));
        }
        let Some(last) = last else { return Ok((kept, shown)) };
        (query.after, query.offset, query.limit) = (Some(last.batch()), 0, query.limit.max(AT_ONCE));
        page = service.batches(access.id(), query.clone()).await?;
    }
}

fn place(batch: &Batch) -> Place {
    Place::of_batch(batch.created.seconds(), batch.key)
}

/// `GET /v2/batches/{batch}`: one batch with its summaries.
pub(super) async fn get(service: &Service, access: &Access, id: &str) -> Result<Response, Failure> {
    let batch = find(service, access, id).await?;
    Ok(reply::with_body(StatusCode::OK, JSON, document(access, &batch)))
}

/// `DELETE /v2/batches/{batch}`: withdraws what was not sent yet; the batch stays to be read.
pub(super) async fn cancel(service: &Service, access: &Access, id: &str) -> Result<Response, Failure> {
    let batch = find(service, access, id).await?;
    if let BatchKey::Mt(number) = batch.key {
        service.cancel(access.id(), number).await?;
    }
    get(service, access, id).await
}

/// The document of one batch, with its summaries.
pub(super) fn document(access: &Access, batch: &Batch) -> Vec<u8> {
    reply::json(&Document::whole(access, batch))
}

/// The batch of an id. One that this vendor does not show, or whose id tells another time, kind or account,
/// is as unknown as one that never was.
pub(super) async fn find(service: &Service, access: &Access, id: &str) -> Result<Batch, Failure> {
    let missing = || Failure::NotFound(Missing::Batch);
    let (key, seconds) = ids::parse_batch(access, id).ok_or_else(missing)?;
    let batch = service.batch(access.id(), key).await?.ok_or_else(missing)?;
    let fits = batch.created.seconds() == seconds && outcomes::shows(&batch);
    if fits { Ok(batch) } else { Err(missing()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_rounded() {
        assert_eq!(average(0, 0), 0);
        assert_eq!(average(100, 3), 33);
        assert_eq!(average(200, 3), 67);
        assert_eq!(average(-100, 3), -33);
        assert_eq!(average(i64::MAX, 1), i64::MAX);
    }

    #[test]
    fn outcomes_of_one_code_are_counted_together() {
        let sum = |messages, segments| Sum { messages, segments, price: 0 };
        let sums = [
            (Outcome::Queued, sum(2, 3)),
            (Outcome::Held, sum(1, 1)),
            (Outcome::Delivered, sum(5, 9)),
            (Outcome::Failed, sum(0, 0)),
            (Outcome::Incomplete, sum(1, 1)),
        ];
        let counts = serde_json::to_string(&count_by_code(sums.into_iter())).expect("JSON");
        assert_eq!(counts, r#"{"102":{"messages":3,"sms":4},"201":{"messages":5,"sms":9}}"#);
    }
}
