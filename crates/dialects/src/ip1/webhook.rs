//! What is pushed: delivery reports to a batch's `deliveryReportUrl` (reference 2.7), and incoming messages to
//! an address of the account's (2.8).

use std::time::Duration;

use serde::Serialize;
use service::webhooks::{Call, Happening, Reply, Shape, Target};
use sms::{Coding, Direction, Micros};

use super::form::{Amount, stamp};
use super::{ids, outcomes};
use crate::kit::reply;

/// The shape's name.
const ID: &str = "ip1";
/// A report is tried so often, and so far apart.
const TRIES: u16 = 10;
const APART: Duration = Duration::from_secs(600);

/// The shape.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pushes;

impl Shape for Pushes {
    fn id(&self) -> &'static str {
        ID
    }

    fn wants(&self, happening: &Happening, target: &Target) -> bool {
        let shown = outcomes::code(happening.outcome).is_some();
        match happening.message.direction {
            Direction::Mt => shown && target.wants.mt && happening.batch.is_some(),
            Direction::Mo => shown && (target.wants.mo || target.wants.opt_out && happening.opt_out),
        }
    }

    fn compose(&self, happening: &Happening, target: &Target, _now: Micros) -> Call {
        let body = match happening.message.direction {
            Direction::Mt => reply::json(&Report::of(happening)),
            Direction::Mo => reply::json(&Incoming::of(happening)),
        };
        Call::post(target, "application/json", body)
    }

    fn succeeded(&self, reply: &Reply) -> bool {
        reply.status == 200
    }

    fn next_try(&self, attempts: u16) -> Option<Duration> {
        (1..TRIES).contains(&attempts).then_some(APART)
    }

    fn reports_batches(&self) -> bool {
        true
    }

    fn fault(&self, target: &Target) -> Option<String> {
        let key = target.options.keys().next()?;
        Some(format!("{key} is no option of this shape; it has none"))
    }
}

/// A delivery report. The older pages call the message's id otherwise than the newest: both are there.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    message_id: String,
    id: String,
    batch_id: Option<String>,
    recipient: &'a str,
    code: Option<u16>,
    duration: u8,
    created: String,
    segments: u16,
    price: Amount,
    currency: String,
    reference: Option<&'a str>,
}

impl<'a> Report<'a> {
    fn of(happening: &'a Happening) -> Self {
        let (account, message) = (&happening.account, &happening.message);
        let id = ids::message_id(account.id, message);
        Self {
            message_id: id.clone(),
            id,
            batch_id: happening.batch.as_ref().map(|batch| ids::batch_id(account.id, batch)),
            recipient: &message.recipient,
            code: outcomes::code(happening.outcome),
            duration: u8::from(happening.outcome.is_final()),
            created: stamp(happening.at),
            segments: message.segments,
            price: Amount(message.price),
            // In lower case here, in upper case in documents: so are the vendor's samples.
            currency: account.currency.as_str().to_ascii_lowercase(),
            reference: message.reference.as_deref().filter(|text| !text.is_empty()),
        }
    }
}

/// An incoming message: a message document without price, currency and reference.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Incoming<'a> {
    id: String,
    batch_id: String,
    owner: String,
    sender: &'a str,
    recipient: &'a str,
    body: &'a str,
    direction: &'static str,
    segments: u16,
    r#type: &'static str,
    datacoding: &'static str,
    priority: u8,
    statuses: [Status; 1],
    modified: String,
    mcc: Option<&'a str>,
    mnc: Option<&'a str>,
}

#[derive(Serialize)]
struct Status {
    created: String,
    code: u16,
    duration: u8,
}

impl<'a> Incoming<'a> {
    fn of(happening: &'a Happening) -> Self {
        let (account, message) = (happening.account.id, &happening.message);
        Self {
            id: ids::message_id(account, message),
            batch_id: ids::mo_batch_id(account, message),
            owner: ids::owner(account),
            sender: message.peer(),
            recipient: &message.recipient,
            body: &message.body,
            direction: message.direction.word(),
            segments: message.segments,
            r#type: "SMS",
            datacoding: match message.coding {
                Coding::Gsm7 => "GSM",
                Coding::Ucs2 => "UCS",
            },
            priority: message.priority,
            statuses: [Status { created: stamp(happening.at), code: 201, duration: 1 }],
            modified: stamp(message.modified()),
            mcc: message.network.mcc.as_deref(),
            mnc: message.network.mnc.as_deref(),
        }
    }
}
