//! The states of a segment, by word and by number (SMPP 3.4, 5.2.28 and appendix B; 5.0 adds 0 and 9).

use sms::Outcome;

/// The outcome of a state's number, as `message_state` and `query_sm_resp` carry it.
pub fn outcome_of_number(state: u32) -> Option<Outcome> {
    Some(match state {
        0 => Outcome::Buffered,
        1 | 6 => Outcome::Acknowledged,
        2 => Outcome::Delivered,
        3 => Outcome::Expired,
        4 | 5 | 9 => Outcome::Undelivered,
        7 => Outcome::Unknown,
        8 => Outcome::Rejected,
        _ => return None,
    })
}

/// The word that receipts use for a state's number.
pub fn word_of_number(state: u32) -> Option<&'static str> {
    Some(match state {
        0 => "SCHEDULED",
        1 => "ENROUTE",
        2 => "DELIVRD",
        3 => "EXPIRED",
        4 => "DELETED",
        5 => "UNDELIV",
        6 => "ACCEPTD",
        7 => "UNKNOWN",
        8 => "REJECTD",
        9 => "SKIPPED",
        _ => return None,
    })
}

/// The outcome of a state's word, in any case, of seven letters or whole, or a number; `None` where it means
/// nothing to us.
pub fn outcome_of_word(word: &str) -> Option<Outcome> {
    let plain: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
    if let Ok(number) = plain.parse() {
        return outcome_of_number(number);
    }
    Some(match plain.to_ascii_uppercase().as_str() {
        "DELIVRD" | "DELIVERD" | "DELIVERED" | "DELIVERE" | "DELIVER" | "DELIVRED" | "DELIVERY" | "DLVRD"
        | "DELIVERYSUCCESS" | "SUCCESS" => Outcome::Delivered,
        "EXPIRED" | "EXPIRD" | "EXPIRE" | "EXPRD" => Outcome::Expired,
        "DELETED" | "DELETD" | "DELETE" | "CANCELED" | "CANCELLED" => Outcome::Undelivered,
        "UNDELIV" | "UNDELIVERABLE" | "UNDELIVERED" | "UNDELIVRD" | "UNDELIVE" | "UNDELIVD" | "UNDLVRD"
        | "UNDELIVR" | "UNDELIVERY" | "FAILED" | "FAIL" | "FAILURE" | "SKIPPED" => Outcome::Undelivered,
        "ACCEPTD" | "ACCEPTED" | "ACCEPTE" | "ACCEPT" | "ACKED" => Outcome::Acknowledged,
        "ENROUTE" | "ENROUT" | "SENT" | "SUBMITTED" => Outcome::Acknowledged,
        "BUFFERD" | "BUFFERED" | "BUFFRED" | "BUFFER" | "QUEUED" | "SCHEDULED" | "SCHEDLD" => {
            Outcome::Buffered
        }
        "UNKNOWN" | "UNKNOWNSTATE" | "UNKNWN" => Outcome::Unknown,
        "REJECTD" | "REJECTED" | "REJECTE" | "REJECT" | "REJCTD" | "BLOCKED" => Outcome::Rejected,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_and_its_word_agree() {
        for state in 0..=9 {
            let word = word_of_number(state).expect("a state");
            assert_eq!(outcome_of_word(word), outcome_of_number(state), "{word}");
            assert_eq!(outcome_of_word(&state.to_string()), outcome_of_number(state));
            assert_eq!(outcome_of_word(&word.to_lowercase()), outcome_of_number(state));
        }
        assert_eq!(
            (outcome_of_number(10), outcome_of_word("HEUREUX"), outcome_of_word("")),
            (None, None, None)
        );
    }
}
