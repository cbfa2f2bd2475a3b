//! `POST /api/externalMO`: an incoming message that did not come from a carrier ("WebMO"). It answers in plain
//! text: the word `SUCCESS`, or 500 with a sentence that says what is wrong.

use http::StatusCode;
use http::header::CONTENT_TYPE;
use service::take_in::TakenIn;
use service::{Access, LedgerError, Refusal, Service};
use sms::Number;
use sms::phone::Phone;

use super::error::Failure;
use crate::kit::idempotency::request_key;
use crate::kit::{ParamError, Params, Request, Response, multipart, reply};

/// The content type of both answers.
const PLAIN: &str = "text/plain; charset=utf-8";
/// The longest text taken in, in characters: 255 segments hold no more.
const LONGEST: usize = 255 * 153;

/// Answers the request.
pub(super) async fn receive(
    service: &Service,
    access: &Access,
    request: &Request,
) -> Result<Response, Failure> {
    let done = match read(request) {
        Ok(message) => take_in(service, access, request, message).await?,
        Err(sentence) => Err(sentence),
    };
    Ok(match done {
        Ok(()) => reply::with_body(StatusCode::OK, PLAIN, "SUCCESS"),
        Err(sentence) => reply::with_body(StatusCode::INTERNAL_SERVER_ERROR, PLAIN, sentence),
    })
}

async fn take_in(
    service: &Service,
    access: &Access,
    request: &Request,
    message: TakenIn,
) -> Result<Result<(), String>, Failure> {
    let key = match request_key(request, &[]) {
        Ok(key) => key,
        Err(error) => return Ok(Err(sentence(&error))),
    };
    match service.take_in_message(access.id(), message, key).await {
        Ok(_) => Ok(Ok(())),
        Err(LedgerError::Refused(Refusal::NoProgram(_))) => Ok(Err("There is no such campaign.".to_owned())),
        Err(LedgerError::Refused(refusal)) => Ok(Err(sentence(&refusal))),
        Err(error) => Err(error.into()),
    }
}

/// The sentence of a refusal.
fn sentence(refusal: &impl std::fmt::Display) -> String {
    let text = refusal.to_string();
    let mut letters = text.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}

/// Reads what is to be taken in, from the query and a form in the body together.
fn read(request: &Request) -> Result<TakenIn, String> {
    let params = Params::parse(request.query.as_bytes()).and(form(request)?);
    let value = |name: &str| match params.one(name) {
        Ok(Some(value)) if !value.trim().is_empty() => Ok(value.to_owned()),
        Ok(_) => Err(format!("The parameter {name} is missing.")),
        Err(error) => Err(format!("The parameter {name} is {error}.")),
    };
    let program: Option<Number> = value("campid")?.trim().parse().ok();
    let program = program.filter(|program| *program > 0).ok_or("The campaign is not a number.")?;
    let to = destination(&value("destination")?).ok_or("The destination is not a short code or number.")?;
    let from = Phone::parse(&value("originator")?).ok().filter(|from| !from.is_short());
    let from = from.ok_or("The originator is not a phone number with its country code.")?.to_string();
    let text = value("message")?;
    if text.chars().count() > LONGEST {
        return Err("The message is too long.".to_owned());
    }
    Ok(TakenIn { from, to, text, program })
}

/// The form in the body, in either of the ways in which forms are sent.
fn form(request: &Request) -> Result<Params, String> {
    let kind = request.header(CONTENT_TYPE.as_str()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("multipart/form-data") {
        return Ok(Params::parse(&request.body));
    }
    let parts = multipart::parts(kind, &request.body).ok_or("The form cannot be read.")?;
    let pairs = parts.into_iter().map(|part| {
        let text = std::str::from_utf8(part.content);
        let text = text.map_err(|_| format!("The parameter {} is {}.", part.name, ParamError::NotText))?;
        Ok((part.name.to_owned(), text.to_owned()))
    });
    Ok(Params::from_pairs(pairs.collect::<Result<Vec<_>, String>>()?))
}

/// The digits of a short code or number, which may have its country's two letters before it: `US-87767`.
fn destination(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = match text.split_once('-') {
        Some((country, rest)) if country.len() == 2 && country.bytes().all(|c| c.is_ascii_alphabetic()) => {
            rest
        }
        _ => text,
    };
    Phone::parse(digits).ok().map(|phone| phone.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations() {
        for (text, digits) in [
            ("37911", Some("37911")),
            ("US-87767", Some("87767")),
            (" us-87767 ", Some("87767")),
            ("+15556667777", Some("15556667777")),
            ("1-555-666-7777", Some("15556667777")),
            ("USA-87767", None),
            ("US-", None),
            ("", None),
            ("JOIN", None),
        ] {
            assert_eq!(destination(text).as_deref(), digits, "{text}");
        }
    }

    #[test]
    fn refusals_are_sentences() {
        assert_eq!(sentence(&Refusal::NoAccount), "No such account.");
    }
}
