//! What sending cost. Invoices are the operator's business and none are kept here.

use serde::Serialize;
use service::model::{Account, Batch};
use service::query::BatchQuery;
use sms::{Money, Number};

use super::call::{Answer, Call, ok};
use super::paging::Paging;
use super::sessions;
use super::statistics::{Bounds, USUALLY};
use super::values::{Amount, Stamp};

/// What was spent on one session.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spent {
    id: Number,
    user_id: u32,
    date: Stamp,
    /// What the balance was then is not kept; without a limit it is what `/user` says at any time.
    balance: Option<Amount>,
    delta: Amount,
    #[serde(rename = "type")]
    kind: &'static str,
    /// How many messages, as text.
    value: String,
    comment: Option<()>,
}

impl Spent {
    fn of(batch: &Batch, account: &Account) -> Option<Self> {
        let total = batch.total();
        Some(Self {
            id: sessions::id(batch)?,
            user_id: account.id.get(),
            date: Stamp(batch.created),
            balance: if account.prepaid { None } else { Some(Amount::default()) },
            delta: Amount(Money::from_millionths(total.price.saturating_neg())),
            kind: "sms",
            value: total.messages.to_string(),
            comment: None,
        })
    }
}

/// `GET /stats/spending`: what each session of the last seven days, or of the time given, cost; newest first.
pub(super) async fn spending(call: &Call<'_>) -> Answer {
    let query = call.query();
    let paging = Paging::of(&query);
    let now = call.service.now().seconds();
    let Bounds { from, to } = Bounds::of(&query, (now.saturating_sub(USUALLY), now))?;
    let query = BatchQuery {
        submissions_only: true,
        from: Some(from),
        to: Some(to),
        descending: true,
        offset: paging.offset(),
        limit: paging.limit,
        ..BatchQuery::default()
    };
    let page = call.service.batches(call.account(), query).await?;
    let account = &call.access.account;
    let resources: Vec<_> = page.items.iter().filter_map(|batch| Spent::of(batch, account)).collect();
    Ok(ok(&paging.envelope(page.total, resources)))
}

/// `GET /invoices`: none, since nothing is invoiced here.
pub(super) async fn invoices(call: &Call<'_>) -> Answer {
    Ok(ok(&Paging::of(&call.query()).envelope(0, Vec::<()>::new())))
}
