//! `POST /api/phonenumber/lookup`: which texts are phone numbers. It tells nothing of any account, and the
//! vendor's plugin asks without a credential.

use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use sms::Country;
use sms::phone::Phone;

use super::super::error::{Failure, JSON};
use super::super::members::{Members, string};
use crate::kit::{Request, Response, reply};

/// The most numbers of one request.
const MOST_NUMBERS: usize = 1000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    phone_numbers: Vec<Found>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    is_valid: bool,
    e164_format: Option<String>,
}

/// Looks at each number, in the order given.
pub(in super::super) fn lookup(request: &Request) -> Result<Response, Failure> {
    let mut members = Members::of_body(request)?;
    let region = members.optional("DefaultRegion", region);
    let numbers = members.required("PhoneNumbers", numbers);
    members.finish()?;
    let numbers = numbers.unwrap_or_default();
    let phone_numbers = numbers.iter().map(|number| find(number, region.flatten())).collect();
    Ok(reply::with_body(StatusCode::OK, JSON, reply::json(&Document { phone_numbers })))
}

/// A country by its two letters; none at all is as good as an empty one.
fn region(value: Value) -> Result<Option<Country>, String> {
    let text = string(value)?;
    if text.is_empty() {
        return Ok(None);
    }
    let country = Country::parse(&text.to_ascii_uppercase()).filter(|country| !country.is_unknown());
    country.map(Some).ok_or_else(|| "must be a country's two letters".to_owned())
}

fn numbers(value: Value) -> Result<Vec<String>, String> {
    let fault = || format!("must be an array of at most {MOST_NUMBERS} strings");
    match value {
        Value::Array(items) if items.len() <= MOST_NUMBERS => {
            items.into_iter().map(|item| string(item).map_err(|_| fault())).collect()
        }
        _ => Err(fault()),
    }
}

fn find(text: &str, region: Option<Country>) -> Found {
    let phone = match region {
        Some(region) => Phone::parse_in(text, region),
        None => Phone::parse(text),
    };
    let phone = phone.ok().filter(Phone::is_possible);
    Found { is_valid: phone.is_some(), e164_format: phone.map(|phone| format!("+{phone}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found() {
        let sweden = Country::parse("SE");
        let found = |text, region| find(text, region).e164_format;
        assert_eq!(found("+46 70-174 06 05", None).as_deref(), Some("+46701740605"));
        assert_eq!(found("070-174 06 05", sweden).as_deref(), Some("+46701740605"));
        assert_eq!(found("070-174 06 05", None), None);
        assert_eq!(found("x", sweden), None);
        assert!(!find("12", sweden).is_valid);
    }
}
