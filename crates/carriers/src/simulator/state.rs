//! States of a message at the carrier (SMPP 3.4 §5.2.28) and the words that receipts have for them.

use serde::Deserialize;

/// A `message_state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// ENROUTE, under way.
    Enroute,
    /// DELIVRD, on the handset.
    Delivered,
    /// EXPIRED, its validity passed.
    Expired,
    /// DELETED, taken out by somebody.
    Deleted,
    /// UNDELIV, cannot be delivered.
    Undelivered,
    /// ACCEPTD, read by customer service on the recipient's behalf; in practice "the operator has it".
    Accepted,
    /// UNKNOWN, nothing is known.
    Unknown,
    /// REJECTD, the operator refuses it.
    Rejected,
}

impl State {
    /// The value of the `message_state` TLV and of query_sm_resp.
    pub fn code(self) -> u8 {
        match self {
            Self::Enroute => 1,
            Self::Delivered => 2,
            Self::Expired => 3,
            Self::Deleted => 4,
            Self::Undelivered => 5,
            Self::Accepted => 6,
            Self::Unknown => 7,
            Self::Rejected => 8,
        }
    }

    /// The word of Appendix B, seven letters.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enroute => "ENROUTE",
            Self::Delivered => "DELIVRD",
            Self::Expired => "EXPIRED",
            Self::Deleted => "DELETED",
            Self::Undelivered => "UNDELIV",
            Self::Accepted => "ACCEPTD",
            Self::Unknown => "UNKNOWN",
            Self::Rejected => "REJECTD",
        }
    }

    /// The word in full, as some carriers write it.
    pub fn long_word(self) -> &'static str {
        match self {
            Self::Enroute => "ENROUTE",
            Self::Delivered => "DELIVERED",
            Self::Expired => "EXPIRED",
            Self::Deleted => "DELETED",
            Self::Undelivered => "UNDELIVERABLE",
            Self::Accepted => "ACCEPTED",
            Self::Unknown => "UNKNOWN",
            Self::Rejected => "REJECTED",
        }
    }

    /// Whether nothing follows it.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Enroute | Self::Accepted)
    }

    /// What a carrier that contradicts itself says next.
    pub fn opposite(self) -> Self {
        if self == Self::Delivered { Self::Undelivered } else { Self::Delivered }
    }
}

/// How a message ends at the carrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// On the handset.
    Delivered,
    /// Its validity passed.
    Expired,
    /// Taken out by somebody.
    Deleted,
    /// Cannot be delivered.
    Undelivered,
    /// The carrier does not know.
    Unknown,
    /// The operator refuses it after all.
    Rejected,
    /// It stays under way for ever: no final receipt is owed.
    Never,
}

impl Ending {
    /// The state it ends in; `None` for [`Ending::Never`].
    pub fn state(self) -> Option<State> {
        Some(match self {
            Self::Delivered => State::Delivered,
            Self::Expired => State::Expired,
            Self::Deleted => State::Deleted,
            Self::Undelivered => State::Undelivered,
            Self::Unknown => State::Unknown,
            Self::Rejected => State::Rejected,
            Self::Never => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_specification_have_seven_letters() {
        let endings = [
            Ending::Delivered,
            Ending::Expired,
            Ending::Deleted,
            Ending::Undelivered,
            Ending::Unknown,
            Ending::Rejected,
        ];
        for state in endings.iter().filter_map(|ending| ending.state()) {
            assert_eq!(state.word().len(), 7);
            assert!(state.is_final() && state.opposite().is_final() && state.opposite() != state);
        }
        assert!(!State::Enroute.is_final() && !State::Accepted.is_final());
        assert_eq!(Ending::Never.state(), None);
    }
}
