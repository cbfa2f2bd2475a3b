//! Identities: an account's number, a message's dense number in it, and the 24-hex packing of both.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An account. Below 2^21, so that `account << 32 | number` fits 53 bits and survives JavaScript clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(u32);

impl AccountId {
    /// The largest account the packings can carry.
    pub const MAX: u32 = (1 << 21) - 1;

    /// An account id from its value; `None` when zero or past [`AccountId::MAX`].
    pub fn new(value: u32) -> Option<Self> {
        (1..=Self::MAX).contains(&value).then_some(Self(value))
    }

    /// The plain value.
    pub fn get(self) -> u32 {
        self.0
    }

    /// The key of `number` in this account's rows: `account << 32 | number`.
    pub fn key(self, number: Number) -> i64 {
        (i64::from(self.0) << 32) | i64::from(number)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A dense count within one account, given inside the commit: of messages, batches, chats, contacts.
/// From 1 to [`MAX_NUMBER`].
pub type Number = u32;

/// The last number an account may give: vendors' clients read ids as signed 32-bit integers.
pub const MAX_NUMBER: Number = (1 << 31) - 1;

/// Which batch a message stands in: one submission's batch, or an MO as a batch of one of its own kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BatchKey {
    /// The batch of a submission, by its number.
    Mt(Number),
    /// The batch of one that is the MO with this message number.
    Mo(Number),
}

impl BatchKey {
    /// One 32-bit word: numbers end below 2^31, the top bit tells the kind.
    pub fn pack(self) -> u32 {
        match self {
            Self::Mt(number) => number,
            Self::Mo(number) => number | 1 << 31,
        }
    }

    /// The reverse of [`BatchKey::pack`].
    pub fn unpack(word: u32) -> Self {
        if word >> 31 == 0 { Self::Mt(word) } else { Self::Mo(word & MAX_NUMBER) }
    }
}

/// What a 24-hex id names; the 11-bit kind of the packing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PackedKind {
    /// A submission's batch.
    Batch,
    /// An MO seen as its own batch.
    MoBatch,
    /// A message.
    Message,
    /// A contact.
    Contact,
    /// An entry of the opt-out list.
    OptOut,
}

impl PackedKind {
    const ALL: [Self; 5] = [Self::Batch, Self::MoBatch, Self::Message, Self::Contact, Self::OptOut];

    fn code(self) -> u32 {
        match self {
            Self::Batch => 1,
            Self::MoBatch => 2,
            Self::Message => 3,
            Self::Contact => 4,
            Self::OptOut => 5,
        }
    }
}

/// An id of 24 lower-case hex digits that sorts by time: 32-bit time in seconds, 11-bit kind, 21-bit
/// account, 32-bit number. Reversible, so no table is asked; the reader compares the time with the row's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PackedId {
    /// Seconds since 1970, of the thing's creation.
    pub seconds: u32,
    /// What it names.
    pub kind: PackedKind,
    /// Whose it is.
    pub account: AccountId,
    /// Its number there.
    pub number: Number,
}

impl PackedId {
    /// Reads 24 hex digits (either case); anything else, or an unknown kind, is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 24 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let value = u128::from_str_radix(text, 16).ok()?;
        let middle = (value >> 32) as u32;
        let kind = PackedKind::ALL.into_iter().find(|kind| kind.code() == middle >> 21)?;
        let number = value as u32;
        if number == 0 || number > MAX_NUMBER {
            return None;
        }
        Some(Self {
            seconds: (value >> 64) as u32,
            kind,
            account: AccountId::new(middle & AccountId::MAX)?,
            number,
        })
    }

    /// The packing as its three words, the most significant first, for those who write hex by the million.
    pub fn words(self) -> [u32; 3] {
        [self.seconds, self.kind.code() << 21 | self.account.get(), self.number]
    }
}

impl fmt::Display for PackedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [seconds, middle, number] = self.words();
        write!(f, "{seconds:08x}{middle:08x}{number:08x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn packing_is_reversible(seconds: u32, account in 1..=AccountId::MAX, number in 1..=MAX_NUMBER, kind in 0usize..5) {
            let account = AccountId::new(account).expect("in range");
            let id = PackedId { seconds, kind: PackedKind::ALL[kind], account, number };
            prop_assert_eq!(PackedId::parse(&id.to_string()), Some(id));
            prop_assert_eq!(PackedId::parse(&id.to_string().to_uppercase()), Some(id));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,30}") {
            if let Some(id) = PackedId::parse(&text) {
                prop_assert_eq!(id.to_string(), text.to_lowercase());
            }
        }

        #[test]
        fn batch_keys_are_reversible(word: u32) {
            prop_assert_eq!(BatchKey::unpack(word).pack(), word);
        }
    }

    #[test]
    fn ids_sort_by_time() {
        let account = AccountId::new(9).expect("in range");
        let id = |seconds| PackedId { seconds, kind: PackedKind::Message, account, number: 1 }.to_string();
        assert!(id(10) < id(11));
        assert_eq!(id(10).len(), 24);
    }
}
