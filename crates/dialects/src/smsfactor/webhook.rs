//! What is pushed to webhooks: delivery reports, received messages, opt-outs (reference 2.10).

use std::time::Duration;

use serde::Serialize;
use service::webhooks::{Call, Happening, Shape, Target, wait_after};
use sms::{BatchKey, Country, Direction, Micros, Outcome};

use super::local_time::LocalTime;
use super::outcomes;
use crate::kit::reply;

/// The shape's name.
pub(super) const ID: &str = "smsfactor";
/// The header that carries the secret, as it is.
const SIGNATURE: &str = "X-SMSFactor-Signature";
/// Waits after failed attempts, in seconds: the vendor documents none, see 5.31.
const WAITS: [u64; 5] = [60, 300, 1800, 2 * 3600, 12 * 3600];

/// The shape.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hooks;

impl Shape for Hooks {
    fn id(&self) -> &'static str {
        ID
    }

    fn wants(&self, happening: &Happening, target: &Target) -> bool {
        match happening.message.direction {
            Direction::Mt => target.wants.mt && code(happening.outcome).is_some(),
            Direction::Mo => {
                let whole = happening.outcome == Outcome::Received;
                whole && (target.wants.mo || target.wants.opt_out && happening.opt_out)
            }
        }
    }

    fn compose(&self, happening: &Happening, target: &Target, _now: Micros) -> Call {
        let body = match happening.message.direction {
            Direction::Mt => reply::json(&Report::of(happening)),
            Direction::Mo => reply::json(&Received::of(happening)),
        };
        let call = Call::post(target, "application/json", body);
        match target.secret.as_deref() {
            Some(secret) if !secret.is_empty() => call.with(SIGNATURE, secret),
            _ => call,
        }
    }

    fn next_try(&self, attempts: u16) -> Option<Duration> {
        wait_after(&WAITS, attempts)
    }

    fn fault(&self, target: &Target) -> Option<String> {
        let key = target.options.keys().next()?;
        Some(format!("{key} is no option of this shape; it has none"))
    }
}

/// The delivery report's code of an outcome after which nothing follows (reference 2.2); `None` for what is
/// still on its way, and for what is never shown.
fn code(outcome: Outcome) -> Option<u8> {
    if !outcome.is_final() {
        return None;
    }
    let code = match outcomes::shown(outcome)?.details {
        "NOT_SENT" => 0,
        "SENT" => 1,
        "NOT_DELIVERED" => 2,
        "DELIVERED" => 3,
        "NOT_ALLOWED" => 4,
        "INVALID_DESTINATION" => 5,
        "INVALID_SENDER" => 6,
        "ROUTE_NOT_AVAILABLE" => 7,
        "REJECTED" => 9,
        "EXPIRED" => 12,
        // A person refused it: nothing was sent.
        "" if outcome == Outcome::DeniedModerator => 0,
        _ => return None,
    };
    Some(code)
}

/// A delivery report.
#[derive(Serialize)]
struct Report<'a> {
    date: String,
    status: u8,
    destination: &'a str,
    message_id: &'a str,
    campaign_id: String,
    country_code: &'a str,
}

impl<'a> Report<'a> {
    fn of(happening: &'a Happening) -> Self {
        let message = &happening.message;
        let campaign = match message.batch {
            BatchKey::Mt(number) => number,
            BatchKey::Mo(_) => 0,
        };
        let country = Some(&message.country).filter(|country| !country.is_unknown());
        Self {
            date: LocalTime::default().iso(happening.at.seconds()),
            status: code(happening.outcome).unwrap_or_default(),
            destination: message.recipient.trim_start_matches('+'),
            message_id: message.reference.as_deref().unwrap_or_default(),
            campaign_id: campaign.to_string(),
            country_code: country.map(Country::as_str).unwrap_or_default(),
        }
    }
}

/// A received message, be it an opt-out or not.
#[derive(Serialize)]
struct Received<'a> {
    date: String,
    message: &'a str,
    from: &'a str,
    account_id: String,
    last_message_id: &'a str,
}

impl<'a> Received<'a> {
    fn of(happening: &'a Happening) -> Self {
        let message = &happening.message;
        let answered = happening.answers.as_ref().and_then(|sent| sent.reference.as_deref());
        Self {
            // The date that lists show, which may be a second behind the moment it came in at.
            date: LocalTime::default().iso(message.date),
            message: &message.body,
            from: message.peer().trim_start_matches('+'),
            account_id: happening.account.id.to_string(),
            last_message_id: answered.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_final_outcome_that_is_shown_has_a_code() {
        for &outcome in Outcome::ALL {
            let mt = outcome.direction() == Direction::Mt;
            let expected = mt && outcome.is_final() && outcomes::shown(outcome).is_some();
            assert_eq!(code(outcome).is_some(), expected, "{outcome}");
        }
        assert_eq!(code(Outcome::Delivered), Some(3));
        assert_eq!(code(Outcome::Undelivered), Some(2));
        assert_eq!(code(Outcome::Expired), Some(12));
        assert_eq!(code(Outcome::Canceled), None);
    }
}
