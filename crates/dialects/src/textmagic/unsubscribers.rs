//! Unsubscribers: people who do not want to be written to. They are added and read; the vendor knows no way
//! back, and here only the operator has one.

use serde::Serialize;
use service::opt_outs::OptOutSource;
use service::people::{OptOut, Slice};
use sms::Number;

use super::call::{Answer, Call, created, ok};
use super::contacts::block_phone;
use super::error::{Failure, Problems};
use super::forms::phone;
use super::names::Names;
use super::paging::Paging;
use super::values::{Link, Stamp};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Unsubscriber<'a> {
    id: Number,
    phone: &'a str,
    unsubscribe_time: Stamp,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
}

impl<'a> Unsubscriber<'a> {
    fn of(opt_out: &'a OptOut, names: &'a Names) -> Self {
        Self {
            id: opt_out.number,
            phone: &opt_out.phone,
            unsubscribe_time: Stamp(opt_out.since),
            first_name: names.first(&opt_out.phone),
            last_name: names.last(&opt_out.phone),
        }
    }
}

/// `GET /unsubscribers`, the newest first.
pub(super) async fn list(call: &Call<'_>) -> Answer {
    let paging = Paging::of(&call.query());
    let slice = Slice { descending: true, offset: paging.offset(), limit: paging.limit };
    let opt_outs = call.service.opt_outs(call.account(), slice).await?;
    let names = Names::of(call, opt_outs.items.iter().map(|opt_out| opt_out.phone.as_str())).await?;
    let resources: Vec<_> = opt_outs.items.iter().map(|it| Unsubscriber::of(it, &names)).collect();
    Ok(ok(&paging.envelope(opt_outs.total, resources)))
}

/// `GET /unsubscribers/{id}`.
pub(super) async fn get(call: &Call<'_>) -> Answer {
    let opt_out = call.service.opt_out_of_number(call.account(), call.id()?).await?;
    let opt_out = opt_out.ok_or(Failure::NotFound)?;
    let names = Names::of(call, std::iter::once(opt_out.phone.as_str())).await?;
    Ok(ok(&Unsubscriber::of(&opt_out, &names)))
}

/// `POST /unsubscribers`: `phone`; with `blockIncoming` its contact is blocked too. A phone that is there
/// already stays as it is.
pub(super) async fn create(call: &Call<'_>) -> Answer {
    let body = call.body()?;
    let mut problems = Problems::default();
    let phone = problems.noted(phone(&body, None)).unwrap_or_default();
    let block = problems.noted(body.flag("blockIncoming"));
    problems.check()?;
    let opt_out = call.service.opt_out(call.account(), &format!("+{phone}"), OptOutSource::Api).await?;
    if block == Some(true) {
        block_phone(call, phone).await?;
    }
    Ok(created(&Link::to("unsubscribers", opt_out.number)))
}
