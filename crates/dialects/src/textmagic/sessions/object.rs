//! A session as this API writes it.

use std::borrow::Cow;

use md5::{Digest, Md5};
use serde::Serialize;
use service::model::{Account, Batch, Source};
use sms::{BatchKey, Money, Number};

use super::super::values::{Amount, Stamp};

/// A session. The classic keys first, in their order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct SessionObject<'a> {
    id: Number,
    start_time: Stamp,
    text: &'a str,
    source: &'static str,
    reference_id: Cow<'a, str>,
    price: Amount,
    numbers_count: u64,
    destination: &'static str,
    initiator_id: u32,
    title: Option<()>,
}

impl<'a> SessionObject<'a> {
    /// Writes a submission's batch of this account, with the sums of its visible messages. `None` for the
    /// batch of an MO, which is no session.
    pub(in super::super) fn of(batch: &'a Batch, account: &Account) -> Option<Self> {
        let id = super::id(batch)?;
        let total = batch.total();
        let source = source(batch.source);
        let reference_id = match &batch.reference {
            Some(reference) => Cow::Borrowed(reference.as_str()),
            None => Cow::Owned(reference_id(source, &account.username, &batch.text, id)),
        };
        Some(Self {
            id,
            start_time: Stamp(batch.created),
            text: &batch.text,
            source,
            reference_id,
            price: Amount(Money::from_millionths(total.price)),
            numbers_count: total.messages,
            destination: "t",
            initiator_id: account.id.get(),
            title: None,
        })
    }
}

/// The reference of a submission's batch, as its session shows it; `None` for the batch that an MO is.
pub(in super::super) fn reference(batch: &Batch, username: &str) -> Option<String> {
    let BatchKey::Mt(number) = batch.key else { return None };
    let made = || reference_id(source(batch.source), username, &batch.text, number);
    Some(batch.reference.clone().unwrap_or_else(made))
}

/// The letter of where a session came from.
fn source(source: Source) -> &'static str {
    match source {
        Source::Api => "A",
        Source::Console => "O",
        Source::Email => "E",
        Source::List => "X",
    }
}

/// The reference of a session that was given none, in the vendor's form. Its last part is random there; here
/// it is the session's number, so that every reading says the same.
fn reference_id(source: &str, username: &str, text: &str, id: Number) -> String {
    let digest = Md5::digest(text.as_bytes());
    let digits = digest.iter().flat_map(|octet| [octet >> 4, octet & 15]);
    let hex: String = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
    format!("{source}_{username}_{hex}_{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_the_vendors_form() {
        assert_eq!(reference_id("A", "charles", "", 7), "A_charles_d41d8cd98f00b204e9800998ecf8427e_7");
        assert_eq!(
            reference_id("O", "u", "The quick brown fox jumps over the lazy dog", 1),
            "O_u_9e107d9d372bb6826bd81d3542a419d6_1"
        );
    }
}
