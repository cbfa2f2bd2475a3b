//! What the carrier has for a client: receipts and MO.

use std::sync::Arc;

use super::message_id::MessageId;
use crate::smpp::pdu::{Address, ShortMessage};

/// The address of a number or name as the carrier writes it: letters are alphanumeric, up to six digits a
/// short code, more an international number (a leading plus is dropped).
pub fn address(text: &str) -> Address {
    let digits = text.strip_prefix('+').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|octet| octet.is_ascii_digit()) {
        return Address { ton: 5, npi: 0, text: text.to_owned() };
    }
    let short = digits.len() <= sms::phone::SHORT_DIGITS;
    let (ton, npi) = if short { (0, 0) } else { (1, 1) };
    Address { ton, npi, text: digits.to_owned() }
}

/// Names one delivery while it is unacknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryKey(pub(super) u64);

/// What a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryKind {
    /// A receipt for this message.
    Receipt(MessageId),
    /// A message from a handset, or a part of one.
    Mo,
}

/// A deliver_sm to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// By which it is acknowledged.
    pub key: DeliveryKey,
    /// Receipt or MO.
    pub kind: DeliveryKind,
    /// Whom it is for: the system id.
    pub owner: Arc<str>,
    /// What the client gets. A short message is at most 254 octets; a longer text stands in the
    /// `message_payload`.
    pub message: ShortMessage,
    /// How often it was handed out before.
    pub attempts: u32,
}

/// `esm_class`: the short message is a delivery receipt.
pub const ESM_RECEIPT: u8 = 0x04;
/// `esm_class`: the short message is an intermediate notification.
pub const ESM_INTERMEDIATE: u8 = 0x20;
/// `data_coding`: the carrier's default alphabet, here GSM 03.38 unpacked.
pub const CODING_DEFAULT: u8 = 0;
/// `data_coding`: UCS-2.
pub const CODING_UCS2: u8 = 8;

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_by_their_looks() {
        let parts = |text: &str| {
            let address = super::address(text);
            (address.ton, address.npi, address.text)
        };
        assert_eq!(parts("+46701234567"), (1, 1, "46701234567".to_owned()));
        assert_eq!(parts("71717"), (0, 0, "71717".to_owned()));
        assert_eq!(parts("Bank"), (5, 0, "Bank".to_owned()));
        assert_eq!(parts(""), (5, 0, String::new()));
        assert_eq!(parts("+"), (5, 0, "+".to_owned()));
    }
}
