//! The one table between outcomes and this vendor's status letters.

use sms::{Outcome, OutcomeSet};

/// The status letter of an outcome. An MO has none in this API (its chats show `null` or [`TAKEN_IN`]), so the
/// two outcomes of MO are `None`.
pub(super) fn letter(outcome: Outcome) -> Option<&'static str> {
    let letter = match outcome {
        Outcome::Scheduled => "s",
        Outcome::Held | Outcome::Queued | Outcome::Sending => "q",
        // An attempt without an answer may be with the operator: it is told as handed over.
        Outcome::Submitted | Outcome::Uncertain => "r",
        Outcome::Acknowledged | Outcome::Radio => "a",
        Outcome::Buffered => "b",
        Outcome::Delivered => "d",
        Outcome::Undelivered | Outcome::Expired => "f",
        Outcome::RefusedByCarrier | Outcome::Rejected | Outcome::DeniedOptOut => "j",
        Outcome::ExpiredUnsent
        | Outcome::Failed
        | Outcome::DeniedSender
        | Outcome::DeniedRecipient
        | Outcome::DeniedBody
        | Outcome::DeniedFunds
        | Outcome::DeniedCountry
        | Outcome::DeniedFlood
        | Outcome::DeniedModerator
        | Outcome::Canceled => "e",
        Outcome::Unknown => "u",
        Outcome::Received | Outcome::Incomplete => return None,
    };
    Some(letter)
}

/// The status that the generated form of chat messages gives an inbound one, since it allows no `null`.
pub(super) const TAKEN_IN: &str = "d";

/// The reject reason of an outcome, where the vendor explains a letter for it: the recipient unsubscribed.
pub(super) fn reject_reason(outcome: Outcome) -> Option<&'static str> {
    (outcome == Outcome::DeniedOptOut).then_some("g")
}

/// The outcome that a status letter tells of, for import: [`letter`] of it is the letter again.
pub fn outcome(letter: &str) -> Option<Outcome> {
    let outcome = match letter {
        "s" => Outcome::Scheduled,
        "q" => Outcome::Queued,
        "r" => Outcome::Submitted,
        "a" => Outcome::Acknowledged,
        "b" => Outcome::Buffered,
        "d" => Outcome::Delivered,
        "e" => Outcome::Failed,
        "f" => Outcome::Undelivered,
        "j" => Outcome::Rejected,
        "u" => Outcome::Unknown,
        _ => return None,
    };
    Some(outcome)
}

/// The outcomes a filter of status letters asks for: one letter or several with commas between. Letters that
/// the vendor lists without ever explaining them (`i`, `p`, `h`, `g`) are known and match nothing.
/// `None` when a letter is unknown.
pub(super) fn filter(letters: &str) -> Option<OutcomeSet> {
    let mut wanted = Vec::new();
    for word in letters.split(',').map(str::trim) {
        match outcome(word) {
            Some(_) => wanted.push(word),
            None if matches!(word, "i" | "p" | "h" | "g") => {}
            None => return None,
        }
    }
    Some(OutcomeSet::matching(|outcome| letter(outcome).is_some_and(|letter| wanted.contains(&letter))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sms::Direction;

    const LETTERS: [&str; 10] = ["s", "q", "r", "a", "b", "d", "e", "f", "j", "u"];

    #[test]
    fn forward_after_reverse_is_the_letter() {
        for word in LETTERS {
            assert_eq!(outcome(word).and_then(letter), Some(word));
        }
        for word in ["", "D", "dd", "i", "p", "h", "g", "x", "1"] {
            assert_eq!(outcome(word), None, "{word}");
        }
    }

    #[test]
    fn every_sent_message_has_one_of_the_ten_letters() {
        for &outcome in Outcome::ALL {
            match outcome.direction() {
                Direction::Mt => assert!(letter(outcome).is_some_and(|word| LETTERS.contains(&word))),
                Direction::Mo => assert_eq!(letter(outcome), None),
            }
        }
    }

    #[test]
    fn finality_agrees_with_the_vendors_list() {
        for &outcome in Outcome::ALL {
            if let Some(word) = letter(outcome) {
                assert_eq!(outcome.is_final(), ["d", "e", "f", "j", "u"].contains(&word), "{outcome}");
            }
        }
    }

    #[test]
    fn filters_are_unions() {
        let set = |outcomes: &[Outcome]| outcomes.iter().copied().collect::<OutcomeSet>();
        assert_eq!(filter("d"), Some(Outcome::Delivered.only()));
        assert_eq!(filter("d, f"), Some(set(&[Outcome::Delivered, Outcome::Undelivered, Outcome::Expired])));
        assert_eq!(filter("i"), Some(OutcomeSet::NONE));
        for bad in ["", "D", "x", "d,", "d;f", "' OR 1=1 --"] {
            assert_eq!(filter(bad), None, "{bad}");
        }
        let union = filter(&LETTERS.join(",")).expect("known letters");
        assert_eq!(union, OutcomeSet::matching(|outcome| outcome.direction() == Direction::Mt));
    }

    #[test]
    fn only_an_opt_out_has_a_reason() {
        assert_eq!(reject_reason(Outcome::DeniedOptOut), Some("g"));
        assert_eq!(reject_reason(Outcome::Rejected), None);
    }
}
