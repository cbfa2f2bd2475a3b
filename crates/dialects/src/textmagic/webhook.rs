//! Callbacks: what is pushed to the `outUrl` and `inUrl` of an account's settings (reference 2.16).

use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};
use service::webhooks::{Call, Happening, Reply, Shape, Target, wait_after};
use sms::{Country, Direction, Micros, Number, Outcome};

use super::outcomes;
use super::sessions;
use super::values::{Amount, Stamp, charset, some};

/// The shape's name.
pub(super) const ID: &str = "textmagic";
/// The option that says how a push is written: one of [`FORMATS`].
pub(super) const FORMAT: &str = "format";
/// `m` multipart, `u` a form, `j` JSON.
pub(super) const FORMATS: [&str; 3] = ["m", "u", "j"];
/// The format of an account that chose none: the only one there was in the API before this.
pub(super) const USUAL: &str = "m";

/// Waits after failed attempts, in seconds. The vendor documents none: it holds an address that does not
/// answer 200 for invalid and stops. We do so after a day of failures only.
const WAITS: [u64; 7] = [60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600];
const PATIENCE: Duration = Duration::from_secs(86_400);

/// The shape.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Callbacks;

impl Shape for Callbacks {
    fn id(&self) -> &'static str {
        ID
    }

    fn wants(&self, happening: &Happening, target: &Target) -> bool {
        match happening.message.direction {
            Direction::Mt => target.wants.mt && pushed(happening.outcome).is_some(),
            Direction::Mo => {
                let whole = happening.outcome == Outcome::Received;
                whole && (target.wants.mo || target.wants.opt_out && happening.opt_out)
            }
        }
    }

    fn compose(&self, happening: &Happening, target: &Target, _now: Micros) -> Call {
        let fields = match happening.message.direction {
            Direction::Mt => fields(&Delivery::of(happening)),
            Direction::Mo => fields(&Inbound::of(happening)),
        };
        match target.options.get(FORMAT).map_or(USUAL, String::as_str) {
            "j" => Call::post(target, "application/json", Value::Object(fields).to_string()),
            "u" => {
                let mut form = form_urlencoded::Serializer::new(String::new());
                form.extend_pairs(fields.iter().map(|(name, value)| (name, text(value))));
                Call::post(target, "application/x-www-form-urlencoded", form.finish())
            }
            _ => multipart(target, happening.sequence, &fields),
        }
    }

    fn succeeded(&self, reply: &Reply) -> bool {
        reply.status == 200
    }

    fn next_try(&self, attempts: u16) -> Option<Duration> {
        wait_after(&WAITS, attempts)
    }

    fn patience(&self) -> Option<Duration> {
        Some(PATIENCE)
    }

    fn fault(&self, target: &Target) -> Option<String> {
        target.options.iter().find_map(|(key, value)| match key.as_str() {
            FORMAT if FORMATS.contains(&value.as_str()) => None,
            FORMAT => Some("format is m (multipart), u (form) or j (JSON)".to_owned()),
            _ => Some(format!("{key} is no option of this shape; known is {FORMAT}")),
        })
    }
}

/// The status letter of an outcome that is pushed: a final word from beyond, not one of our own.
fn pushed(outcome: Outcome) -> Option<&'static str> {
    outcomes::letter(outcome).filter(|letter| ["d", "f", "j", "u"].contains(letter))
}

/// What is pushed of a sent message.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Delivery<'a> {
    id: Number,
    sender: Option<&'a str>,
    receiver: &'a str,
    text: &'a str,
    price: Amount,
    status: &'static str,
    parts_count: u16,
    message_time: Stamp,
    charset: &'static str,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    country: Country,
    reference_id: Option<String>,
}

impl<'a> Delivery<'a> {
    fn of(happening: &'a Happening) -> Self {
        let message = &happening.message;
        let contact = happening.contact.as_ref();
        let username = &happening.account.username;
        Self {
            id: message.number,
            sender: some(message.shown_sender()),
            receiver: &message.recipient,
            text: &message.body,
            price: Amount(message.price),
            status: pushed(happening.outcome).unwrap_or("u"),
            parts_count: message.segments.min(255),
            message_time: Stamp::of_seconds(message.date),
            charset: charset(message.coding),
            first_name: contact.and_then(|contact| contact.first_name.as_deref()),
            last_name: contact.and_then(|contact| contact.last_name.as_deref()),
            country: message.country,
            reference_id: happening.batch.as_ref().and_then(|batch| sessions::reference(batch, username)),
        }
    }
}

/// What is pushed of a reply.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Inbound<'a> {
    id: Number,
    sender: &'a str,
    receiver: &'a str,
    message_time: Stamp,
    text: &'a str,
}

impl<'a> Inbound<'a> {
    fn of(happening: &'a Happening) -> Self {
        let message = &happening.message;
        Self {
            id: message.number,
            sender: message.peer(),
            receiver: &message.recipient,
            message_time: Stamp::of_seconds(message.date),
            text: &message.body,
        }
    }
}

/// The members in their order.
fn fields(push: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(push) {
        Ok(Value::Object(fields)) => fields,
        // Our own types are objects with text keys.
        _ => Map::new(),
    }
}

/// A value as a form shows it: text as it is, numbers in decimal, nothing as an empty text.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// RFC 7578, with a boundary that occurs in no value.
fn multipart(target: &Target, sequence: u64, fields: &Map<String, Value>) -> Call {
    let values: Vec<(&str, String)> =
        fields.iter().map(|(name, value)| (name.as_str(), text(value))).collect();
    let mut boundary = format!("answerback-{sequence}");
    while values.iter().any(|(_, value)| value.contains(&boundary)) {
        boundary.push('-');
    }
    let mut body = String::new();
    for (name, value) in values {
        body.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str(&format!("--{boundary}--\r\n"));
    Call::post(target, format!("multipart/form-data; boundary={boundary}"), body)
}
