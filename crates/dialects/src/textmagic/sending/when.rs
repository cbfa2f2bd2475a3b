//! When a submission is to be sent: a UNIX time, or a local one with its zone, and how it recurs.

use std::borrow::Cow;

use jiff::civil::DateTime;
use service::account_settings::AccountSettings;
use service::plan::{Recurrence, When};
use service::zones;

use super::super::fields::{Fields, Wrong, integer};
use super::super::user::zone_of_number;

const NO_ZONE: &str = "This value is not a valid time zone.";
const NO_TIME: &str = "This value is not a valid time.";

/// How a local time is written.
const LOCAL: &str = "%Y-%m-%d %H:%M:%S";

/// Reads the time. A local one wins over a UNIX one, which the vendor calls deprecated; one that is past is
/// now. `settings` are there when a zone is left to them.
pub(super) fn read(fields: &Fields, settings: Option<&AccountSettings>) -> Result<When, Wrong> {
    let zone = zone(fields)?;
    let second = match local(fields, zone.as_deref(), settings)? {
        Some(second) => Some(second),
        None => unix(fields)?,
    };
    // The price and preview calls of generated clients spell it otherwise.
    let rule = match fields.text("rrule")? {
        Some(rule) => Some(rule),
        None => fields.text("rule")?,
    };
    match (rule, second) {
        (None, None) => Ok(When::Now),
        (None, Some(second)) => Ok(When::At { second, zone }),
        (Some(rule), Some(start)) => {
            Ok(When::Recurring(Recurrence { rule: rule.trim().to_owned(), start, zone }))
        }
        (Some(_), None) => Err(fields.wrong("rrule", "A rule needs a sending time, from which it counts.")),
    }
}

/// The zone that is named, by its IANA id or by the number that `/timezones` gives it.
fn zone(fields: &Fields) -> Result<Option<String>, Wrong> {
    let Some(text) = fields.text("sendingTimezone")? else { return Ok(None) };
    let id = match integer(&text) {
        Some(number) => zone_of_number(number),
        None => Some(text.trim().to_owned()),
    };
    let id = id.filter(|id| zones::zone(id).is_some());
    id.map(Some).ok_or_else(|| fields.wrong("sendingTimezone", NO_ZONE))
}

fn unix(fields: &Fields) -> Result<Option<u32>, Wrong> {
    let Some(second) = fields.integer("sendingTime")? else { return Ok(None) };
    let second = u32::try_from(second).map_err(|_| fields.wrong("sendingTime", NO_TIME))?;
    Ok(Some(second))
}

fn local(
    fields: &Fields,
    zone: Option<&str>,
    settings: Option<&AccountSettings>,
) -> Result<Option<u32>, Wrong> {
    const NAME: &str = "sendingDateTime";
    let Some(text) = fields.text(NAME)? else { return Ok(None) };
    let local = DateTime::strptime(LOCAL, text.trim()).map_err(|_| fields.wrong(NAME, NO_TIME))?;
    let zone = zone.map(Cow::Borrowed).or(settings.map(|settings| settings.timezone.as_str().into()));
    let zone = zones::zone(zone.as_deref().unwrap_or("UTC"));
    let zone = zone.ok_or_else(|| fields.wrong("sendingTimezone", NO_ZONE))?;
    let second = zones::second_of(local, &zone).ok_or_else(|| fields.wrong(NAME, NO_TIME))?;
    Ok(Some(second))
}
