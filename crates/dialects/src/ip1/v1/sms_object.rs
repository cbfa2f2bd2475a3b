//! An SMS as v1 shows it.

use serde::Serialize;
use service::Access;
use service::model::{Batch, Message};
use sms::{Coding, Money, Number};

use super::super::form::{Amount, stamp_in_ticks};
use super::super::outcomes;

/// An SMS that was sent. Members in the order of the vendor's table.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Sms<'m> {
    #[serde(rename = "ID")]
    id: Number,
    #[serde(rename = "BundleID")]
    bundle_id: Option<Number>,
    status: u16,
    status_description: &'static str,
    to: &'m str,
    from: &'m str,
    message: &'m str,
    country_code: Option<&'m str>,
    currency: String,
    total_price: Amount,
    price: Amount,
    encoding: &'static str,
    segments: u16,
    prio: u8,
    created: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
}

impl<'m> Sms<'m> {
    /// As the answer to its sending shows it; `None` for an MO.
    pub(super) fn new(access: &Access, bundle: Option<Number>, message: &'m Message) -> Option<Self> {
        let (status, status_description) = outcomes::v1_status(message.outcome)?;
        Some(Self {
            id: message.number,
            bundle_id: bundle,
            status,
            status_description,
            to: &message.recipient,
            from: message.shown_sender(),
            message: &message.body,
            country_code: Some(message.country.as_str()).filter(|_| !message.country.is_unknown()),
            currency: access.account.currency.to_string(),
            total_price: Amount(message.price),
            price: Amount(one_segment(message.price, message.segments)),
            encoding: match message.coding {
                Coding::Gsm7 => "GSM",
                Coding::Ucs2 => "UCS",
            },
            segments: message.segments,
            prio: message.priority,
            created: stamp_in_ticks(message.created),
            modified: None,
        })
    }

    /// As a later look at it shows it.
    pub(super) fn looked_at(self, message: &Message) -> Self {
        Self { modified: Some(stamp_in_ticks(message.modified())), ..self }
    }
}

/// The bundle of what a batch sent: its number; none where it went to one alone.
pub(super) fn bundle(batch: &Batch) -> Option<Number> {
    let number = match batch.key {
        sms::BatchKey::Mt(number) => number,
        sms::BatchKey::Mo(_) => return None,
    };
    (batch.total().messages > 1).then_some(number)
}

/// The price of one of so many segments, rounded to the millionth.
fn one_segment(total: Money, segments: u16) -> Money {
    let segments = i64::from(segments.max(1));
    Money::from_millionths(total.millionths().saturating_add(segments / 2).div_euclid(segments))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_of_a_segment() {
        let price = |total, segments| one_segment(Money::from_millionths(total), segments).millionths();
        assert_eq!(price(100, 1), 100);
        assert_eq!(price(100, 3), 33);
        assert_eq!(price(200, 3), 67);
        assert_eq!(price(0, 0), 0);
    }
}
