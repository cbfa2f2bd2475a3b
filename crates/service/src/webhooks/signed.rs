//! Our own form: a JSON body, signed.
//!
//! ```text
//! POST <url>
//! Content-Type: application/json
//! Answerback-Event: 7-42              account and sequence number: the same in every attempt
//! Answerback-Sequence: 42
//! Answerback-Signature: t=1700000000,v1=<hex of HMAC-SHA-256(secret, "1700000000." + body)>
//! ```

use std::time::Duration;

use hmac::{Hmac, Mac};
use serde::Serialize;
use sha2::Sha256;
use sms::{Direction, Micros, Outcome};

use super::{Call, Happening, Shape, Target, wait_after};

/// The shape's name.
pub const ID: &str = "answerback";
/// The option that says which outcomes of MT are told: [`FINAL`] or, by default, all.
pub const OUTCOMES: &str = "outcomes";
/// The value of [`OUTCOMES`] for final outcomes only.
pub const FINAL: &str = "final";
/// The value of [`OUTCOMES`] for every outcome.
pub const EVERY: &str = "all";

/// Waits after failed attempts, in seconds: about five days altogether.
const WAITS: [u64; 12] =
    [10, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 24 * 3600, 24 * 3600, 24 * 3600];
/// After so long of nothing but failures a target is disabled.
const PATIENCE: Duration = Duration::from_secs(10 * 86_400);

/// The shape.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signed;

impl Shape for Signed {
    fn id(&self) -> &'static str {
        ID
    }

    fn wants(&self, happening: &Happening, target: &Target) -> bool {
        match happening.message.direction {
            Direction::Mt => {
                let all = target.options.get(OUTCOMES).is_none_or(|word| word != FINAL);
                target.wants.mt && (all || happening.outcome.is_final())
            }
            Direction::Mo => {
                let whole = happening.outcome == Outcome::Received;
                whole && (target.wants.mo || target.wants.opt_out && happening.opt_out)
            }
        }
    }

    fn compose(&self, happening: &Happening, target: &Target, now: Micros) -> Call {
        // Text and numbers of our own types always make JSON.
        let body = serde_json::to_vec(&Document::of(happening)).unwrap_or_default();
        let event = format!("{}-{}", happening.account.id, happening.sequence);
        let call = Call::post(target, "application/json", Vec::new())
            .with("Answerback-Event", event)
            .with("Answerback-Sequence", happening.sequence.to_string());
        let call = match &target.secret {
            Some(secret) => call.with("Answerback-Signature", signature(secret, now.seconds(), &body)),
            None => call,
        };
        Call { body, ..call }
    }

    fn next_try(&self, attempts: u16) -> Option<Duration> {
        wait_after(&WAITS, attempts)
    }

    fn patience(&self) -> Option<Duration> {
        Some(PATIENCE)
    }

    fn fault(&self, target: &Target) -> Option<String> {
        target.options.iter().find_map(|(key, value)| match (key.as_str(), value.as_str()) {
            (OUTCOMES, FINAL | EVERY) => None,
            (OUTCOMES, _) => Some(format!("{OUTCOMES} is {FINAL} or {EVERY}")),
            _ => Some(format!("{key} is no option of this shape; known is {OUTCOMES}")),
        })
    }
}

/// The value of the signature's header for a body told at this second.
pub fn signature(secret: &str, seconds: u32, body: &[u8]) -> String {
    // A key of any length is accepted by HMAC.
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap_or_else(|_| unreachable!("any length"));
    mac.update(format!("{seconds}.").as_bytes());
    mac.update(body);
    let mut text = format!("t={seconds},v1=");
    for octet in mac.finalize().into_bytes() {
        text.extend([octet >> 4, octet & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0')));
    }
    text
}

/// The body.
#[derive(Serialize)]
struct Document<'a> {
    event: String,
    sequence: u64,
    r#type: &'static str,
    at: String,
    account: &'a str,
    message: Body<'a>,
}

/// The message, as it is when it is told; `state` and `reason` are those of the event.
#[derive(Serialize)]
struct Body<'a> {
    number: u32,
    direction: &'static str,
    state: &'static str,
    reason: Option<&'static str>,
    r#final: bool,
    code: Option<&'a str>,
    text: Option<&'a str>,
    batch: Option<u32>,
    reference: Option<&'a str>,
    sender: &'a str,
    recipient: &'a str,
    body: &'a str,
    segments: u16,
    price: String,
    currency: &'a str,
    country: Option<&'a str>,
    created: String,
    answers: Option<u32>,
    opt_out: bool,
}

impl<'a> Document<'a> {
    fn of(happening: &'a Happening) -> Self {
        let message = &happening.message;
        let mo = message.direction == Direction::Mo;
        // The entry that brought the outcome, with what the carrier said of it.
        let entry = message.history.iter().rev().find(|entry| entry.outcome() == Some(happening.outcome));
        Self {
            event: format!("{}-{}", happening.account.id, happening.sequence),
            sequence: happening.sequence,
            r#type: if mo { "message.received" } else { "message.outcome" },
            at: happening.at.to_string(),
            account: &happening.account.name,
            message: Body {
                number: message.number,
                direction: message.direction.word(),
                state: happening.outcome.state(),
                reason: happening.outcome.reason(),
                r#final: happening.outcome.is_final(),
                code: entry.and_then(|entry| entry.code.as_deref()),
                text: entry.and_then(|entry| entry.text.as_deref()),
                batch: match message.batch {
                    sms::BatchKey::Mt(number) => Some(number),
                    sms::BatchKey::Mo(_) => None,
                },
                reference: message.reference.as_deref(),
                sender: message.shown_sender(),
                recipient: &message.recipient,
                body: &message.body,
                segments: message.segments,
                price: message.price.to_string(),
                currency: happening.account.currency.as_str(),
                country: Some(message.country.as_str()).filter(|_| !message.country.is_unknown()),
                created: message.created.to_string(),
                answers: message.answers.or(happening.answers.as_ref().map(|sent| sent.number)),
                opt_out: happening.opt_out,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_signature() {
        // As `printf '1700000000.{}' | openssl dgst -sha256 -hmac secret` prints it.
        assert_eq!(
            signature("secret", 1_700_000_000, b"{}"),
            "t=1700000000,v1=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163"
        );
    }

    #[test]
    fn waits_add_up_to_days() {
        let mut total = Duration::ZERO;
        for attempts in 1..=12 {
            total += Signed.next_try(attempts).expect("a wait");
        }
        assert!(total > Duration::from_secs(4 * 86_400) && total < PATIENCE);
        assert_eq!((Signed.next_try(0), Signed.next_try(13)), (None, None));
    }
}
