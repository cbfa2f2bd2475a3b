//! A sent message as this API writes it.

use serde::Serialize;
use service::model::Message;
use sms::{BatchKey, Country, Number};

use super::super::names::Names;
use super::super::outcomes;
use super::super::values::{Amount, Stamp, charset, some};

/// A sent message. The twelve classic keys first, in their order, then those of the generated clients.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct MessageObject<'a> {
    id: Number,
    receiver: &'a str,
    message_time: Stamp,
    status: &'static str,
    text: &'a str,
    charset: &'static str,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    country: Country,
    sender: Option<&'a str>,
    price: Amount,
    parts_count: u16,
    contact_id: Option<Number>,
    session_id: Option<Number>,
    avatar: Option<()>,
    charset_label: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reject_reason: Option<&'static str>,
    deleted: bool,
    phone: &'a str,
}

impl<'a> MessageObject<'a> {
    /// Writes an MT, with the names that go with its recipient.
    pub(in super::super) fn of(message: &'a Message, names: &'a Names) -> Self {
        let peer = message.peer();
        Self {
            id: message.number,
            receiver: &message.recipient,
            message_time: Stamp::of_seconds(message.date),
            status: status(message),
            text: &message.body,
            charset: charset(message.coding),
            first_name: names.first(peer),
            last_name: names.last(peer),
            country: message.country,
            sender: some(message.shown_sender()),
            price: Amount(message.price),
            // A classic client reads it into eight bits; no handset joins more than 255 parts anyway.
            parts_count: message.segments.min(255),
            contact_id: names.id(peer),
            session_id: session_id(message.batch),
            avatar: None,
            charset_label: charset(message.coding),
            reject_reason: outcomes::reject_reason(message.outcome),
            deleted: false,
            phone: &message.recipient,
        }
    }
}

/// The status letter of an MT; an MO that came here would read as unknown.
pub(in super::super) fn status(message: &Message) -> &'static str {
    outcomes::letter(message.outcome).unwrap_or("u")
}

/// The session a message stands in: a submission's batch. An MO stands in none, nor does what is only
/// previewed.
pub(in super::super) fn session_id(batch: BatchKey) -> Option<Number> {
    match batch {
        BatchKey::Mt(0) => None,
        BatchKey::Mt(number) => Some(number),
        BatchKey::Mo(_) => None,
    }
}
