//! What a carrier may do with a submission.

use std::str::FromStr;

use serde::Deserialize;

use crate::smpp::pdu::Status;

/// The reaction to one submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub enum Answer {
    /// Accepted, with an id.
    Accept,
    /// Accepted, and the same answer comes twice.
    AcceptTwice,
    /// Accepted, but the answer carries no id; its receipts do.
    AcceptWithoutId,
    /// Accepted and answered; then the connection is cut.
    AcceptThenDisconnect,
    /// Refused with this status.
    Refuse(Status),
    /// No answer ever comes; the message may have been taken nevertheless.
    Silent {
        /// Whether the carrier sends the message, and so its receipts.
        taken: bool,
    },
    /// The connection is cut instead of an answer; the message may have been taken nevertheless.
    Disconnect {
        /// Whether the carrier sends the message, and so its receipts.
        taken: bool,
    },
}

impl Answer {
    /// Whether the carrier has the message now, whatever it told.
    pub fn taken(self) -> bool {
        match self {
            Self::Accept | Self::AcceptTwice | Self::AcceptWithoutId | Self::AcceptThenDisconnect => true,
            Self::Silent { taken } | Self::Disconnect { taken } => taken,
            Self::Refuse(_) => false,
        }
    }
}

/// A word that names no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no answer: ok, ok_twice, ok_without_id, ok_then_disconnect, throttled, queue_full, system_error, \
     submit_failed, invalid_destination, invalid_source, silent, silent_taken, disconnect, disconnect_taken, or a \
     command_status as 0x00000400"
)]
pub struct UnknownAnswer(String);

impl FromStr for Answer {
    type Err = UnknownAnswer;

    fn from_str(word: &str) -> Result<Self, UnknownAnswer> {
        Ok(match word {
            "ok" => Self::Accept,
            "ok_twice" => Self::AcceptTwice,
            "ok_without_id" => Self::AcceptWithoutId,
            "ok_then_disconnect" => Self::AcceptThenDisconnect,
            "throttled" => Self::Refuse(Status::THROTTLED),
            "queue_full" => Self::Refuse(Status::QUEUE_FULL),
            "system_error" => Self::Refuse(Status::SYSTEM_ERROR),
            "submit_failed" => Self::Refuse(Status::SUBMIT_FAILED),
            "invalid_destination" => Self::Refuse(Status::INVALID_DESTINATION),
            "invalid_source" => Self::Refuse(Status::INVALID_SOURCE),
            "silent" => Self::Silent { taken: false },
            "silent_taken" => Self::Silent { taken: true },
            "disconnect" => Self::Disconnect { taken: false },
            "disconnect_taken" => Self::Disconnect { taken: true },
            _ => {
                let status = word.strip_prefix("0x").and_then(|digits| u32::from_str_radix(digits, 16).ok());
                // Zero would be an acceptance that hides behind a number.
                let status = status.filter(|status| *status != 0);
                Self::Refuse(Status(status.ok_or_else(|| UnknownAnswer(word.to_owned()))?))
            }
        })
    }
}

impl TryFrom<String> for Answer {
    type Error = UnknownAnswer;

    fn try_from(word: String) -> Result<Self, UnknownAnswer> {
        word.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert_eq!("ok".parse(), Ok(Answer::Accept));
        assert_eq!("0x00000400".parse(), Ok(Answer::Refuse(Status(0x400))));
        assert_eq!("throttled".parse(), Ok(Answer::Refuse(Status(0x58))));
        for word in ["", "OK", "0x0", "0x", "0x123456789", "maybe"] {
            assert_eq!(word.parse::<Answer>(), Err(UnknownAnswer(word.to_owned())));
        }
    }

    #[test]
    fn what_is_taken() {
        assert!(Answer::Accept.taken() && Answer::Silent { taken: true }.taken());
        assert!(!Answer::Refuse(Status::THROTTLED).taken() && !Answer::Disconnect { taken: false }.taken());
    }
}
