//! What a caller of v2 asks to be sent, as the vendor's table of `POST /v2/batches` has it.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use service::contact_values::Values;
use service::plan::{CodingLimit, Recipient, SubmitRequest, Text, When, Window};

use super::error::Failure;
use super::form;
use super::members::{Members, at_most, string, text};
use crate::kit::Request;

/// The most recipients of one request.
pub(super) const MOST_RECIPIENTS: usize = 10_000;
/// The longest text, and the longest value of a placeholder, in characters.
pub(super) const LONGEST_TEXT: usize = 2000;
/// The longest reference and the longest tag, in characters; a reference is kept with every message.
const LONGEST_LABEL: usize = 1000;
/// The longest address of reports, in characters.
const LONGEST_URL: usize = 2000;
/// The most tags, and the most windows.
const MOST_ITEMS: usize = 100;
/// How long a window stays open that does not say, in seconds: seven days.
const OPEN_FOR: u32 = 7 * 86_400;

/// Reads a submission. `now`, in seconds since 1970, is when a window opens that does not say.
pub(super) fn read(request: &Request, now: u32) -> Result<SubmitRequest, Failure> {
    let mut members = Members::of_body(request)?;
    let sender = members.required("sender", |value| form::sender(&string(value)?));
    let addressed = members.required("recipients", recipients);
    let body = members.required("body", |value| text(value, LONGEST_TEXT));
    let flash = members.optional("type", |value| word(&value, &[("sms", false), ("flash", true)]));
    let coding = members.optional("datacoding", coding);
    let priority = members.optional("priority", priority);
    let windows = members.optional("deliveryWindows", |value| windows(value, now));
    let report_url = members.optional("deliveryReportUrl", |value| report_url(string(value)?));
    let reference = members.optional("reference", |value| at_most(string(value)?, LONGEST_LABEL));
    let tags = members.optional("tags", tags);
    members.finish()?;
    let (recipients, defaults) = addressed.unwrap_or_default();
    Ok(SubmitRequest {
        text: Text::Plain(body.unwrap_or_default()),
        recipients,
        defaults,
        sender,
        coding: coding.unwrap_or(CodingLimit::Ucs),
        flash: flash.unwrap_or(false),
        priority: priority.unwrap_or(1),
        when: windows.filter(|windows| !windows.is_empty()).map_or(When::Now, When::Windows),
        report_url,
        reference: reference.filter(|reference| !reference.is_empty()),
        tags: tags.unwrap_or_default(),
        ..SubmitRequest::default()
    })
}

/// A word out of a list, in any case.
fn word<T: Copy>(value: &Value, words: &[(&str, T)]) -> Result<T, String> {
    let known = |text: &str| words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
    let found = value.as_str().and_then(known).map(|(_, meaning)| *meaning);
    found.ok_or_else(|| {
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        format!("must be {}", words.join(" or "))
    })
}

/// The vendor's schema has numbers for the two codings as well.
fn coding(value: Value) -> Result<CodingLimit, String> {
    match value.as_u64() {
        Some(0) => Ok(CodingLimit::Gsm),
        Some(2) => Ok(CodingLimit::Ucs),
        _ => word(&value, &[("gsm", CodingLimit::Gsm), ("ucs", CodingLimit::Ucs)]),
    }
}

fn priority(value: Value) -> Result<u8, String> {
    match value.as_u64() {
        Some(1) => Ok(1),
        Some(2) => Ok(2),
        _ => Err("must be 1 or 2".to_owned()),
    }
}

/// Recipients, and what stands for placeholders where one of them has no value of its own.
fn recipients(value: Value) -> Result<(Vec<Recipient>, Values), String> {
    let (recipients, defaults) = match value {
        Value::Array(items) => {
            let recipients = items.into_iter().map(|item| match item {
                Value::String(number) => recipient(&number, Values::new()),
                _ => Err("must hold strings".to_owned()),
            });
            (recipients.collect::<Result<Vec<_>, _>>()?, Values::new())
        }
        Value::Object(map) => templated(map)?,
        _ => return Err("must be an array of numbers, or an object of them".to_owned()),
    };
    match recipients.len() {
        0 => Err("must hold at least one number".to_owned()),
        1..=MOST_RECIPIENTS => Ok((recipients, defaults)),
        _ => Err(format!("must hold at most {MOST_RECIPIENTS} numbers")),
    }
}

fn templated(map: Map<String, Value>) -> Result<(Vec<Recipient>, Values), String> {
    let mut recipients = Vec::with_capacity(map.len());
    let mut defaults = Values::new();
    for (key, value) in map {
        let values = values(value)?;
        if key.eq_ignore_ascii_case("default") {
            defaults = values;
        } else {
            recipients.push(recipient(&key, values)?);
        }
    }
    Ok((recipients, defaults))
}

/// A number as the vendor wants it: digits, country code first. Whether it is a possible one is for the plan.
fn recipient(number: &str, values: Values) -> Result<Recipient, String> {
    if !form::is_msisdn(number) {
        return Err("must hold numbers of 1 to 15 digits, country code first, without a plus".to_owned());
    }
    // With a plus it is never taken for a national number.
    Ok(Recipient { values, ..Recipient::of(format!("+{number}")) })
}

/// Values of placeholders by their words.
pub(super) fn values(value: Value) -> Result<Values, String> {
    let fault =
        || format!("must have strings of at most {LONGEST_TEXT} characters as values of placeholders");
    match value {
        Value::Null => Ok(Values::new()),
        Value::Object(map) => {
            let given = map.into_iter().filter(|(_, value)| !value.is_null());
            given
                .map(|(word, value)| {
                    let value = string(value).and_then(|value| at_most(value, LONGEST_TEXT));
                    value.map(|value| (word, value)).map_err(|_| fault())
                })
                .collect()
        }
        _ => Err(fault()),
    }
}

fn tags(value: Value) -> Result<Vec<String>, String> {
    let fault = || format!("must be an array of at most {MOST_ITEMS} strings of {LONGEST_LABEL} characters");
    let Value::Array(items) = value else { return Err(fault()) };
    if items.len() > MOST_ITEMS {
        return Err(fault());
    }
    let tag = |item| string(item).and_then(|tag| at_most(tag, LONGEST_LABEL)).map_err(|_| fault());
    items.into_iter().map(tag).collect()
}

/// An absolute address of the web.
fn report_url(text: String) -> Result<String, String> {
    let fault = || format!("must be an absolute http or https URL of at most {LONGEST_URL} characters");
    let uri: http::Uri = text.parse().map_err(|_| fault())?;
    let web = uri.scheme_str().is_some_and(|scheme| ["http", "https"].contains(&scheme));
    let host = uri.host().is_some_and(|host| !host.is_empty());
    if web && host && text.len() <= LONGEST_URL { Ok(text) } else { Err(fault()) }
}

fn windows(value: Value, now: u32) -> Result<Vec<Window>, String> {
    let fault = || format!("must be an array of at most {MOST_ITEMS} objects of \"opens\" and \"closes\"");
    let Value::Array(items) = value else { return Err(fault()) };
    if items.len() > MOST_ITEMS {
        return Err(fault());
    }
    let window = |item| match item {
        Value::Object(map) => window(&map, now),
        _ => Err(fault()),
    };
    items.into_iter().map(window).collect()
}

fn window(map: &Map<String, Value>, now: u32) -> Result<Window, String> {
    let member = |name: &str| {
        let found = map.iter().rev().find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_null());
        found.map(|(_, value)| second(value)).transpose()
    };
    let (opens, closes) = (member("opens")?, member("closes")?);
    let closes = closes.unwrap_or_else(|| opens.unwrap_or(now).saturating_add(OPEN_FOR));
    // A window that is over and does not say when it opened is over, not upside down.
    let opens = opens.unwrap_or_else(|| now.min(closes.saturating_sub(1)));
    if closes <= opens {
        return Err("must not hold a window that closes before it opens".to_owned());
    }
    Ok(Window { opens, closes })
}

/// A second of ISO 8601; without a zone it is UTC.
fn second(value: &Value) -> Result<u32, String> {
    let fault = || "must hold dates as ISO 8601 writes them, such as 2025-06-01T10:00:00Z".to_owned();
    let text = value.as_str().ok_or_else(fault)?.trim();
    let stamp: Option<Timestamp> = text.parse().ok();
    let civil = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let stamp = stamp.or_else(civil).ok_or_else(fault)?;
    u32::try_from(stamp.as_second()).map_err(|_| fault())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn dates_of_any_form() {
        for text in [
            "2025-06-01T10:00:00Z",
            "2025-06-01T12:00:00+02:00",
            "2025-06-01T10:00:00",
            "2025-06-01T10:00:00.0000000",
            "2025-06-01 10:00",
            "20250601T100000Z",
        ] {
            assert_eq!(second(&json!(text)), Ok(1_748_772_000), "{text}");
        }
        assert_eq!(second(&json!("2025-06-01")), Ok(1_748_736_000));
        for bad in ["tomorrow", "", "1901-01-01T00:00:00Z", "2200-01-01T00:00:00Z", "2025-13-01T00:00:00Z"] {
            assert!(second(&json!(bad)).is_err(), "{bad}");
        }
        assert!(second(&json!(1_748_772_000)).is_err());
    }

    #[test]
    fn windows_have_two_ends() {
        let read = |value| windows(json!([value]), 1_000_000);
        let at = |opens, closes| Ok(vec![Window { opens, closes }]);
        assert_eq!(read(json!({})), at(1_000_000, 1_000_000 + OPEN_FOR));
        let later = json!({"Opens": "1970-02-01T00:00:00Z", "closes": null});
        assert_eq!(read(later), at(2_678_400, 2_678_400 + OPEN_FOR));
        assert_eq!(read(json!({"closes": "1970-01-10T00:00:00"})), at(777_599, 777_600));
        let back = json!({"opens": "1970-01-10T00:00:00Z", "closes": "1970-01-10T00:00:00Z"});
        assert!(read(back).is_err());
        assert!(read(json!("1970-01-10T00:00:00Z")).is_err());
        assert!(windows(json!(vec![json!({}); 101]), 0).is_err());
    }

    #[test]
    fn report_addresses() {
        for good in ["https://a.example/x?y=1", "http://127.0.0.1:8080", "HTTPS://a.example/"] {
            assert!(report_url(good.to_owned()).is_ok(), "{good}");
        }
        let long = format!("https://a.example/{}", "a".repeat(2000));
        for bad in ["", "a.example/x", "/x", "ftp://a.example/", "https://", "https:///x", "x y", &long] {
            assert!(report_url(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
