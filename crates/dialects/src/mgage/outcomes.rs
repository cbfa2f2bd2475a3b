//! The one table between the ledger's outcomes and the words of `deliveryStatus`.

use service::model::Message;
use sms::Outcome;

/// This vendor's word for an outcome. A scheduled message is not exported before it is due; from then on it
/// is being worked on.
pub fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Scheduled | Outcome::Held | Outcome::Queued | Outcome::Sending | Outcome::Incomplete => {
            "Processing"
        }
        Outcome::Submitted
        | Outcome::Acknowledged
        | Outcome::Radio
        | Outcome::Buffered
        | Outcome::Uncertain
        | Outcome::Unknown => "Sent",
        Outcome::Delivered => "Delivered",
        Outcome::Undelivered | Outcome::Expired | Outcome::Rejected => "Error",
        Outcome::ExpiredUnsent
        | Outcome::RefusedByCarrier
        | Outcome::Failed
        | Outcome::DeniedSender
        | Outcome::DeniedRecipient
        | Outcome::DeniedBody
        | Outcome::DeniedFunds
        | Outcome::DeniedOptOut
        | Outcome::DeniedCountry
        | Outcome::DeniedFlood
        | Outcome::DeniedModerator
        | Outcome::Canceled => "Undelivered",
        Outcome::Received => "Received",
    }
}

/// The outcome that stands for a word of this vendor, as an import of its history needs it: the plainest of
/// those that the word covers. `None` for a word it does not use.
pub fn outcome(word: &str) -> Option<Outcome> {
    match word {
        "Processing" => Some(Outcome::Queued),
        "Sent" => Some(Outcome::Submitted),
        "Delivered" => Some(Outcome::Delivered),
        "Error" => Some(Outcome::Undelivered),
        "Undelivered" => Some(Outcome::Failed),
        "Received" => Some(Outcome::Received),
        _ => None,
    }
}

/// The word for a message.
pub(super) fn of(message: &Message) -> &'static str {
    word(message.outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sms::Direction;

    #[test]
    fn forward_after_reverse_is_identity() {
        for known in ["Sent", "Delivered", "Error", "Undelivered", "Received", "Processing"] {
            assert_eq!(outcome(known).map(word), Some(known));
        }
        assert_eq!(outcome("sent"), None);
    }

    #[test]
    fn only_mo_are_received() {
        for &outcome in Outcome::ALL {
            let word = word(outcome);
            assert!(super::outcome(word).is_some());
            match outcome.direction() {
                Direction::Mt => assert_ne!(word, "Received"),
                Direction::Mo => assert!(word == "Received" || word == "Processing"),
            }
        }
    }
}
