//! A schedule as this API writes it.

use std::collections::HashMap;

use serde::Serialize;
use service::model::{Account, Batch, Contact};
use service::query::ContactQuery;
use service::schedules::Schedule;
use service::zones;
use sms::{BatchKey, Country, Number};

use super::super::call::Call;
use super::super::error::Failure;
use super::super::names::Names;
use super::super::sessions::SessionObject;
use super::super::values::{Amount, Stamp, charset};

/// What a page of schedules shows besides them: sessions, names, the account and its zone.
pub(super) struct Details {
    batches: HashMap<BatchKey, Batch>,
    names: Names,
    contacts: HashMap<Number, Contact>,
    account: Account,
    zone: String,
}

impl Details {
    /// Looks up the details of these schedules, each kind once.
    pub(super) async fn of(call: &Call<'_>, schedules: &[Schedule]) -> Result<Self, Failure> {
        let keys = schedules.iter().map(|schedule| BatchKey::Mt(schedule.batch)).collect();
        let alone = || schedules.iter().filter(|schedule| schedule.recipients == 1);
        let phones = alone().filter_map(|schedule| schedule.numbers.first());
        let numbers: Vec<_> = alone().filter_map(|schedule| schedule.contacts.first().copied()).collect();
        let mut contacts = HashMap::new();
        if !numbers.is_empty() {
            let limit = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            let query = ContactQuery { numbers: Some(numbers), limit, ..ContactQuery::default() };
            let page = call.service.contacts(call.account(), query).await?;
            contacts.extend(page.items.into_iter().map(|contact| (contact.number, contact)));
        }
        Ok(Self {
            batches: call.service.batches_by_key(call.account(), keys).await?,
            names: Names::of(call, phones.map(String::as_str)).await?,
            contacts,
            account: call.access.account.clone(),
            zone: call.service.settings(call.account()).await?.timezone,
        })
    }

    /// The one recipient's full name, else its phone; else how many there are.
    fn recipients(&self, schedule: &Schedule) -> String {
        let phone = schedule.numbers.first();
        let contact = match phone {
            Some(phone) => self.names.contact(phone),
            None => schedule.contacts.first().and_then(|number| self.contacts.get(number)),
        };
        match (schedule.recipients, contact, phone) {
            (1, Some(contact), _) => full_name(contact),
            (1, None, Some(phone)) => phone.clone(),
            (1, None, None) => "1 recipient".to_owned(),
            (count, _, _) => format!("{count} recipients"),
        }
    }
}

fn full_name(contact: &Contact) -> String {
    let names = [contact.first_name.as_deref(), contact.last_name.as_deref()];
    let names: Vec<_> = names.into_iter().flatten().filter(|name| !name.is_empty()).collect();
    if names.is_empty() { contact.phone.clone() } else { names.join(" ") }
}

/// A schedule. The classic keys first, in their order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ScheduleObject<'a> {
    id: Number,
    next_send: Stamp,
    session: Option<SessionObject<'a>>,
    rrule: Option<&'a str>,
    last_sent: Option<Stamp>,
    contact_name: String,
    parameters: Parameters<'a>,
    #[serde(rename = "type")]
    kind: &'static str,
    summary: String,
    text_parameters: TextParameters<'a>,
    first_occurrence: Stamp,
    last_occurrence: Option<Stamp>,
    recipients_count: u64,
    timezone: &'a str,
    completed: bool,
    avatar: Option<()>,
    created_at: Stamp,
}

#[derive(Serialize)]
struct Parameters<'a> {
    text: &'a str,
    recipients: Recipients<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Recipients<'a> {
    contacts: &'a [Number],
    /// The lists.
    groups: &'a [Number],
    numbers: &'a [String],
    filtered_views: [Number; 0],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TextParameters<'a> {
    cost: Amount,
    parts: u16,
    chars: usize,
    encoding: &'static str,
    countries: &'a [Country],
    charset_label: &'static str,
}

impl<'a> ScheduleObject<'a> {
    /// Writes a schedule. What is completed is never sent again; it says when it was sent, since the field
    /// allows no `null`.
    pub(super) fn of(schedule: &'a Schedule, details: &'a Details) -> Self {
        let batch = details.batches.get(&BatchKey::Mt(schedule.batch));
        let encoding = charset(sms::coding::measure(&schedule.text).coding);
        let kind = kind(schedule.rule.as_deref());
        let zone = schedule.zone.as_deref().unwrap_or(&details.zone);
        Self {
            id: schedule.number,
            next_send: Stamp::of_seconds(schedule.next.or(schedule.last).unwrap_or(schedule.first)),
            session: batch.and_then(|batch| SessionObject::of(batch, &details.account)),
            rrule: schedule.rule.as_deref(),
            last_sent: schedule.last.map(Stamp::of_seconds),
            contact_name: details.recipients(schedule),
            parameters: Parameters {
                text: &schedule.text,
                recipients: Recipients {
                    contacts: &schedule.contacts,
                    groups: &schedule.lists,
                    numbers: &schedule.numbers,
                    filtered_views: [],
                },
            },
            kind,
            summary: summary(kind, schedule.first, zone),
            text_parameters: TextParameters {
                cost: Amount(schedule.price),
                parts: schedule.segments,
                chars: schedule.text.chars().count(),
                encoding,
                countries: &schedule.countries,
                charset_label: encoding,
            },
            first_occurrence: Stamp::of_seconds(schedule.first),
            last_occurrence: schedule.ends.map(Stamp::of_seconds),
            recipients_count: schedule.recipients,
            timezone: zone,
            completed: schedule.is_completed(),
            avatar: None,
            created_at: Stamp(schedule.created),
        }
    }
}

/// What is sent once.
const ONCE: &str = "Once";

/// How often something recurs, in the vendor's words.
fn kind(rule: Option<&str>) -> &'static str {
    let Some(rule) = rule else { return ONCE };
    let rule = rule.to_ascii_uppercase();
    let words = [
        ("FREQ=HOURLY", "Hourly"),
        ("FREQ=DAILY", "Daily"),
        ("FREQ=WEEKLY", "Weekly"),
        ("FREQ=MONTHLY", "Monthly"),
        ("FREQ=YEARLY", "Yearly"),
    ];
    // The service follows no other rules.
    words.iter().find(|(part, _)| rule.contains(part)).map_or(ONCE, |(_, word)| word)
}

/// `1 January 2016 at 00:00 (UTC)`, as clocks of the zone show it.
fn summary(kind: &str, first: u32, zone: &str) -> String {
    let clocks = zones::zone(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let time = zones::local_of(first, &clocks).strftime("%-d %B %Y at %H:%M");
    if kind == ONCE { format!("{time} ({zone})") } else { format!("{kind} from {time} ({zone})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_summaries() {
        assert_eq!(kind(None), "Once");
        assert_eq!(kind(Some("RRULE:freq=weekly;byday=mo")), "Weekly");
        assert_eq!(kind(Some("INTERVAL=2;FREQ=YEARLY")), "Yearly");
        assert_eq!(summary("Once", 1_451_606_400, "UTC"), "1 January 2016 at 00:00 (UTC)");
        let daily = summary("Daily", 1_451_606_400, "Europe/Tallinn");
        assert_eq!(daily, "Daily from 1 January 2016 at 02:00 (Europe/Tallinn)");
    }
}
