//! What forms of people and lists have in common: texts of a bounded length, phones, and refusals that name
//! everything that is wrong at once.

use sms::Country;
use sms::phone::Phone;

use super::call::Call;
use super::error::Failure;
use super::fields::{Fields, Wrong};

/// What is said of a parameter that is needed and not there.
pub(super) const BLANK: &str = "This value should not be blank.";

/// The longest name, company or address kept, in characters.
pub(super) const LONGEST: usize = 255;

/// The longest note or description kept, in characters.
const LONGEST_PROSE: usize = 10_000;

/// A name or the like: 255 characters at most.
pub(super) fn short(body: &Fields, name: &'static str) -> Result<Option<String>, Wrong> {
    bounded(body, name, LONGEST, "This value is too long: 255 characters at most.")
}

/// The same, needed, and with more than blanks in it.
pub(super) fn needed_short(body: &Fields, name: &'static str) -> Result<Option<String>, Wrong> {
    needed(short(body, name)?, body, name)
}

/// A text that people write: 10,000 characters at most.
pub(super) fn prose(body: &Fields, name: &'static str) -> Result<Option<String>, Wrong> {
    bounded(body, name, LONGEST_PROSE, "This value is too long: 10000 characters at most.")
}

/// The same, needed, and with more than blanks in it.
pub(super) fn needed_prose(body: &Fields, name: &'static str) -> Result<Option<String>, Wrong> {
    needed(prose(body, name)?, body, name)
}

fn needed(text: Option<String>, body: &Fields, name: &'static str) -> Result<Option<String>, Wrong> {
    match text {
        Some(text) if !text.trim().is_empty() => Ok(Some(text)),
        _ => Err(body.wrong(name, BLANK)),
    }
}

fn bounded(
    body: &Fields,
    name: &'static str,
    most: usize,
    sentence: &'static str,
) -> Result<Option<String>, Wrong> {
    let text = body.text(name)?;
    if text.as_ref().is_some_and(|text| text.chars().count() > most) {
        return Err(body.wrong(name, sentence));
    }
    Ok(text.map(Into::into))
}

/// The country that a form names, if it is one.
pub(super) fn country(fields: &Fields) -> Result<Option<Country>, Wrong> {
    let Some(text) = fields.text("country")? else { return Ok(None) };
    let country = Country::parse(&text);
    country.map(Some).ok_or_else(|| fields.wrong("country", "This value is not a valid country."))
}

/// Where phones in national form belong to: with `local`, the country named beside them, else the account's.
pub(super) async fn home(call: &Call<'_>, fields: &Fields) -> Result<Option<Country>, Failure> {
    if fields.flag("local")? != Some(true) {
        return Ok(None);
    }
    let country = match country(fields)? {
        Some(country) => Some(country),
        None => call.service.settings(call.account()).await?.default_country,
    };
    let unknown = || fields.wrong("local", "The country of local numbers is not known.");
    Ok(Some(country.ok_or_else(unknown)?))
}

/// The phone, needed: an international number of a length that exists, one in the national form of `home`, or
/// one of the vendor's test numbers.
pub(super) fn phone(body: &Fields, home: Option<Country>) -> Result<Option<String>, Wrong> {
    let text = body.text("phone")?.ok_or_else(|| body.wrong("phone", BLANK))?;
    let phone = match home {
        Some(country) => Phone::parse_in(&text, country),
        None => Phone::parse(&text),
    };
    let phone = phone.ok().filter(|phone| phone.is_possible() || phone.as_str().starts_with("999"));
    let phone = phone.ok_or_else(|| body.wrong("phone", "This value is not a valid phone number."))?;
    Ok(Some(phone.as_str().to_owned()))
}
