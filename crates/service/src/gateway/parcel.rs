//! One submission to a carrier, and the name of its attempt.

use carriers::carrier::OutgoingSegment;
use ledger::outbound::{Lease, Place};
use sms::{AccountId, Number};

/// A submission to a carrier, with what it is made under.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub(super) account: AccountId,
    /// One lease; several, in order, where all segments of a message go in one submission.
    pub(super) leases: Vec<Lease>,
    pub(super) segment: OutgoingSegment,
    /// Attempts that were made before.
    pub(super) attempts: u16,
    /// Whether an attempt before this is uncertain.
    pub(super) resend: bool,
}

impl Parcel {
    /// Gives a first attempt that was made up under its message's place in a submission the name it has since the
    /// submission's first message became `first`; `false` when it was not leased.
    pub(super) fn rename(&mut self, account: AccountId, first: Number, leases: &[Lease]) -> bool {
        let is_whole = self.is_whole();
        for lease in &mut self.leases {
            let number = first + lease.number;
            let known = leases.iter().find(|known| known.number == number && known.part == lease.part);
            let Some(known) = known else { return false };
            *lease = known.clone();
        }
        let Some(Lease { number, part, due, .. }) = self.leases.first() else { return false };
        let (number, part, due) = (*number, if is_whole { 0 } else { *part }, *due);
        self.segment.key = AttemptKey { account, number, due, part, attempts: self.attempts }.pack();
        if let Some(place) = &mut self.segment.place {
            place.reference = reference(number);
        }
        true
    }

    /// Whether it stands for all segments of a message.
    pub(super) fn is_whole(&self) -> bool {
        self.leases.len() > 1
    }
}

/// The name of an attempt: everything that must be known to settle it when its answer comes late, so that
/// nothing has to be remembered meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AttemptKey {
    pub(super) account: AccountId,
    pub(super) number: Number,
    /// The outbox row's due second.
    pub(super) due: u32,
    /// The segment; zero for all of them.
    pub(super) part: u8,
    /// Attempts made before.
    pub(super) attempts: u16,
}

impl AttemptKey {
    /// As carriers take it. It is not zero, because no account is.
    pub(super) fn pack(self) -> u128 {
        u128::from(self.account.get()) << 88
            | u128::from(self.number) << 56
            | u128::from(self.due) << 24
            | u128::from(self.part) << 16
            | u128::from(self.attempts)
    }

    /// The reverse of [`AttemptKey::pack`].
    pub(super) fn unpack(key: u128) -> Option<Self> {
        Some(Self {
            account: AccountId::new(u32::try_from(key >> 88).ok()?)?,
            number: (key >> 56) as u32,
            due: (key >> 24) as u32,
            part: (key >> 16) as u8,
            attempts: key as u16,
        })
    }

    /// The lease the attempt was made under.
    pub(super) fn lease(self, carrier: &str) -> Lease {
        Lease { number: self.number, part: self.part, due: self.due, carrier: carrier.to_owned() }
    }
}

/// What the segments of a message are put together by.
pub(super) fn reference(number: Number) -> u16 {
    number as u16
}

/// A lease's place in its account's queue.
pub(super) fn place_of(lease: &Lease) -> Place {
    Place { due: lease.due, number: lease.number, part: lease.part }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_are_reversible(
            account in 1..=AccountId::MAX, number: u32, due: u32, part: u8, attempts: u16
        ) {
            let account = AccountId::new(account).expect("in range");
            let key = AttemptKey { account, number, due, part, attempts };
            prop_assert_eq!(AttemptKey::unpack(key.pack()), Some(key));
        }

        #[test]
        fn any_key_is_read_or_refused(key: u128) {
            AttemptKey::unpack(key);
        }
    }
}
