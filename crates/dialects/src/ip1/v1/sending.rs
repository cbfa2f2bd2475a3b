//! `POST /api/sms/send`.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::Value;
use service::contact_values::Values;
use service::plan::{Recipient, SubmitRequest, Text};
use service::{Access, Service};
use sms::Number;

use super::super::error::{Failure, JSON};
use super::super::form::LONGEST_NAME;
use super::super::members::{Members, string, text};
use super::super::sending::{accepted, policy};
use super::super::submission::{LONGEST_TEXT, MOST_RECIPIENTS, values};
use super::super::version::Version;
use super::sms_object::Sms;
use crate::kit::idempotency::request_key;
use crate::kit::{Request, Response, reply};

/// Takes the messages in, and shows each of them, in the order of their recipients.
pub(in super::super) async fn send(
    service: &Service,
    access: &Access,
    request: &Request,
) -> Result<Response, Failure> {
    let key = request_key(request, &[])?;
    let submission = read(request)?;
    let answer = service.submit(access.id(), submission, &policy(Version::V1), key).await?;
    let messages = accepted(service, access, &answer).await?;
    let bundle = Some(answer.batch).filter(|_| answer.count > 1);
    let all: Vec<Sms<'_>> = messages.iter().filter_map(|message| Sms::new(access, bundle, message)).collect();
    Ok(reply::with_body(StatusCode::OK, JSON, reply::json(&all)))
}

fn read(request: &Request) -> Result<SubmitRequest, Failure> {
    let mut members = Members::of_body(request)?;
    let sender = members.required("From", |value| from(&string(value)?));
    let message = members.required("Message", |value| text(value, LONGEST_TEXT));
    let parameters = members.optional("Parameters", parameters);
    let numbers = members.optional("Numbers", numbers);
    let contacts = members.optional("Contacts", ids);
    let groups = members.optional("Groups", ids);
    members.finish()?;
    let (values_by_phone, defaults) = parameters.unwrap_or_default();
    Ok(SubmitRequest {
        text: Text::Plain(message.unwrap_or_default()),
        sender,
        recipients: numbers.unwrap_or_default().iter().map(|number| recipient(number)).collect(),
        contacts: contacts.unwrap_or_default(),
        lists: groups.unwrap_or_default(),
        values_by_phone,
        defaults,
        ..SubmitRequest::default()
    })
}

/// The sender; a longer one is cut rather than refused.
fn from(text: &str) -> Result<String, String> {
    let sender = text.trim();
    let digits = sender.strip_prefix('+').unwrap_or(sender);
    let is_number = !digits.is_empty() && digits.bytes().all(|octet| octet.is_ascii_digit());
    let (sender, most) = if is_number { (digits, sms::phone::MAX_DIGITS) } else { (sender, LONGEST_NAME) };
    if sender.is_empty() {
        return Err("must not be empty".to_owned());
    }
    let cut: String = sender.chars().take(most).collect();
    Ok(cut.trim_end().to_owned())
}

/// Values of placeholders by the digits of the number, and those of whoever has none.
fn parameters(value: Value) -> Result<(BTreeMap<String, Values>, Values), String> {
    let Value::Object(map) = value else { return Err("must be an object".to_owned()) };
    let mut by_phone = BTreeMap::new();
    let mut defaults = Values::new();
    for (number, given) in map {
        let given = values(given)?;
        if number.eq_ignore_ascii_case("default") {
            defaults = given;
        } else {
            by_phone.insert(number.chars().filter(char::is_ascii_digit).collect(), given);
        }
    }
    Ok((by_phone, defaults))
}

fn numbers(value: Value) -> Result<Vec<String>, String> {
    let fault = || format!("must be an array of at most {MOST_RECIPIENTS} numbers as strings");
    let Value::Array(items) = value else { return Err(fault()) };
    if items.len() > MOST_RECIPIENTS {
        return Err(fault());
    }
    let number = |item| string(item).ok().filter(|number| !number.trim().is_empty()).ok_or_else(fault);
    items.into_iter().map(number).collect()
}

/// A recipient. Digits alone begin with the country code; whatever is no number becomes a message that says so.
fn recipient(number: &str) -> Recipient {
    let number = number.trim();
    let plain = number.len() <= sms::phone::MAX_DIGITS && number.bytes().all(|octet| octet.is_ascii_digit());
    Recipient::of(if plain { format!("+{number}") } else { number.to_owned() })
}

fn ids(value: Value) -> Result<Vec<Number>, String> {
    let fault = || "must be an array of ids".to_owned();
    let Value::Array(items) = value else { return Err(fault()) };
    let id = |item: Value| item.as_u64().and_then(|id| Number::try_from(id).ok()).ok_or_else(fault);
    items.into_iter().map(id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_are_cut() {
        for (given, taken) in [
            ("iP1sms", "iP1sms"),
            ("TwelveLetters", "TwelveLette"),
            ("+46101606060", "46101606060"),
            ("1234567890123456789", "123456789012345"),
            (" My Shop ", "My Shop"),
            ("A much too long name", "A much too"),
        ] {
            assert_eq!(from(given).as_deref(), Ok(taken));
        }
        assert!(from(" ").is_err());
    }

    #[test]
    fn numbers_begin_with_the_country() {
        for (given, to) in [
            (" 46701740605", "+46701740605"),
            ("+46 70 174 06 05", "+46 70 174 06 05"),
            ("abc", "abc"),
            ("1234567890123456", "1234567890123456"),
        ] {
            assert_eq!(recipient(given).to, to);
        }
    }
}
