//! The names that things have on the wire.

use service::Access;
use service::model::{Batch, Message};
use sms::id::{PackedId, PackedKind};
use sms::{AccountId, BatchKey, Micros, Number};

/// The account as owner of its documents: `ip1-12345`.
pub(super) fn owner(account: AccountId) -> String {
    format!("ip1-{account}")
}

/// The account of an owner's name.
pub(super) fn parse_owner(text: &str) -> Option<AccountId> {
    let digits = text.strip_prefix("ip1-")?;
    let plain = digits.bytes().all(|octet| octet.is_ascii_digit());
    AccountId::new(digits.parse().ok().filter(|_| plain)?)
}

/// The id of a batch.
pub(super) fn batch_id(account: AccountId, batch: &Batch) -> String {
    packed(account, batch.key, batch.created)
}

/// The id of the batch that an MO is.
pub(super) fn mo_batch_id(account: AccountId, message: &Message) -> String {
    packed(account, BatchKey::Mo(message.number), message.created)
}

fn packed(account: AccountId, key: BatchKey, created: Micros) -> String {
    let (kind, number) = match key {
        BatchKey::Mt(number) => (PackedKind::Batch, number),
        BatchKey::Mo(number) => (PackedKind::MoBatch, number),
    };
    PackedId { seconds: created.seconds(), kind, account, number }.to_string()
}

/// The id of a message.
pub(super) fn message_id(account: AccountId, message: &Message) -> String {
    let seconds = message.created.seconds();
    PackedId { seconds, kind: PackedKind::Message, account, number: message.number }.to_string()
}

/// A batch named by a caller: its key, and the second in which it must have been made. `None` when the text
/// cannot be a batch of this caller.
pub(super) fn parse_batch(access: &Access, text: &str) -> Option<(BatchKey, u32)> {
    let id = own(access, text)?;
    let key = match id.kind {
        PackedKind::Batch => BatchKey::Mt(id.number),
        PackedKind::MoBatch => BatchKey::Mo(id.number),
        PackedKind::Message | PackedKind::Contact | PackedKind::OptOut => return None,
    };
    Some((key, id.seconds))
}

/// A message named by a caller, as [`parse_batch`] reads batches.
pub(super) fn parse_message(access: &Access, text: &str) -> Option<(Number, u32)> {
    let id = own(access, text)?;
    (id.kind == PackedKind::Message).then_some((id.number, id.seconds))
}

fn own(access: &Access, text: &str) -> Option<PackedId> {
    PackedId::parse(text).filter(|id| id.account == access.id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners() {
        let account = AccountId::new(12_345).expect("in range");
        assert_eq!(owner(account), "ip1-12345");
        assert_eq!(parse_owner("ip1-12345"), Some(account));
        for bad in ["ip1-", "ip1-0", "ip1-+1", "12345", "ip1-9999999999", "IP1-1", ""] {
            assert_eq!(parse_owner(bad), None, "{bad}");
        }
    }
}
