//! What a submission would cost and look like: prices in the two shapes of the vendor's generations, previews.

use serde::Serialize;
use serde::ser::SerializeMap;
use service::model::Message;
use service::plan::{CountryTotal, Plan, PlanSummary, SubmitRequest};

use super::call::{Answer, Call, ok};
use super::error::Failure;
use super::fields::Fields;
use super::messages::MessageObject;
use super::names::Names;
use super::sending::{failure, policy, read};
use super::values::Amount;

/// The most messages of a preview.
const PREVIEWED: usize = 100;

/// `GET /messages/price`: by country, as a map.
pub(super) async fn price(call: &Call<'_>) -> Answer {
    let fields = call.query();
    let request = read(call, &fields).await?;
    by_country(call, &fields, request).await
}

/// The price of a request that was read, which `POST /messages` with `dummy=1` answers too.
pub(super) async fn by_country(call: &Call<'_>, fields: &Fields, request: SubmitRequest) -> Answer {
    let summary = plan(call, fields, request).await?.summary;
    Ok(ok(&Price::of(&summary, ByCode(&summary.countries))))
}

/// `GET /messages/price/normalized`: by country, as an array. `includeBlocked` is only read: who opted out is
/// not written to, and costs nothing.
pub(super) async fn normalized(call: &Call<'_>) -> Answer {
    let fields = call.query();
    fields.flag("includeBlocked")?;
    let request = read(call, &fields).await?;
    let summary = plan(call, &fields, request).await?.summary;
    let countries: Vec<_> = summary.countries.iter().map(Normalized::of).collect();
    Ok(ok(&Price::of(&summary, countries)))
}

/// `GET /messages/preview`: the first messages as they would be.
pub(super) async fn preview(call: &Call<'_>) -> Answer {
    let fields = call.query();
    fields.flag("includeBlocked")?;
    let request = read(call, &fields).await?;
    let Plan { mut messages, .. } = plan(call, &fields, request).await?;
    messages.truncate(PREVIEWED);
    let names = Names::of(call, messages.iter().map(Message::peer)).await?;
    let messages = messages.iter().map(|message| MessageObject::of(message, &names)).collect();
    Ok(ok(&Preview { messages }))
}

async fn plan(call: &Call<'_>, fields: &Fields, request: SubmitRequest) -> Result<Plan, Failure> {
    let plan = call.service.preview(call.account(), request, &policy()).await;
    plan.map_err(|error| failure(error, fields))
}

#[derive(Serialize)]
struct Price<C> {
    total: Amount,
    /// Of the longest message.
    parts: u16,
    countries: C,
}

impl<C> Price<C> {
    fn of(summary: &PlanSummary, countries: C) -> Self {
        Self { total: Amount(summary.price), parts: summary.most_segments, countries }
    }
}

/// Countries as a map from their codes; an empty one is `{}`.
struct ByCode<'a>(&'a [CountryTotal]);

impl Serialize for ByCode<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for CountryTotal { country, count, max, .. } in self.0 {
            let value = InCountry { country: country.as_str(), count: *count, max: Amount(*max) };
            map.serialize_entry(country.as_str(), &value)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct InCountry<'a> {
    country: &'a str,
    count: u32,
    /// The price of the dearest message.
    max: Amount,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Normalized<'a> {
    country: &'a str,
    country_name: &'a str,
    /// Whether a number of one's own may be the sender: any sender may, see `sender` of a message.
    allow_dedicated: bool,
    count: u32,
    max: Amount,
    /// Exact, as text.
    sum: String,
    /// Phones known to be landlines; nothing is known of the kind of a line here.
    landline: u32,
}

impl<'a> Normalized<'a> {
    fn of(total: &'a CountryTotal) -> Self {
        let country = total.country.as_str();
        Self {
            country,
            country_name: total.country.name().unwrap_or(country),
            allow_dedicated: true,
            count: total.count,
            max: Amount(total.max),
            sum: total.sum.to_string(),
            landline: 0,
        }
    }
}

#[derive(Serialize)]
struct Preview<'a> {
    messages: Vec<MessageObject<'a>>,
}
