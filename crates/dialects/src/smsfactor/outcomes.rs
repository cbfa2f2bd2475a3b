//! The one table: outcome to this vendor's words (reference 2.2, 5.15 to 5.18), and back.

use sms::{Outcome, OutcomeSet};

/// What a record shows of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// `status`: the state, in upper case save for an MO.
    pub status: &'static str,
    /// `status_details`: the name of the delivery report where there is one, else empty.
    pub details: &'static str,
}

/// The words for an outcome; `None` for what this vendor never shows nor counts: what was canceled, and an
/// MO of which parts are missing.
pub fn shown(outcome: Outcome) -> Option<Shown> {
    use Outcome as O;
    let (status, details) = match outcome {
        O::Scheduled | O::Queued | O::Sending => ("WAITING", ""),
        O::Held => ("MODERATION", ""),
        O::Submitted | O::Acknowledged | O::Radio | O::Buffered | O::Uncertain | O::Unknown => {
            ("SENT", "SENT")
        }
        O::Delivered => ("DELIVERED", "DELIVERED"),
        O::Undelivered => ("UNDELIVERED", "NOT_DELIVERED"),
        O::Expired => ("UNDELIVERED", "EXPIRED"),
        O::RefusedByCarrier | O::Rejected => ("UNDELIVERED", "REJECTED"),
        O::Failed => ("NOT_SENT", "ROUTE_NOT_AVAILABLE"),
        O::DeniedSender => ("NOT_SENT", "INVALID_SENDER"),
        O::DeniedRecipient => ("NOT_SENT", "INVALID_DESTINATION"),
        O::DeniedOptOut | O::DeniedCountry => ("NOT_SENT", "NOT_ALLOWED"),
        O::ExpiredUnsent | O::DeniedBody | O::DeniedFunds | O::DeniedFlood => ("NOT_SENT", "NOT_SENT"),
        O::DeniedModerator => ("DENIED", ""),
        O::Received => (INCOMING, ""),
        O::Canceled | O::Incomplete => return None,
    };
    Some(Shown { status, details })
}

/// The `status` of every received message; lower case, and no word to filter by.
pub const INCOMING: &str = "incoming_message";

/// The seven words to filter by, in upper case and in the order of the alphabet.
const STATES: [&str; 7] = ["DELIVERED", "DENIED", "MODERATION", "NOT_SENT", "SENT", "UNDELIVERED", "WAITING"];

/// The outcomes a `status` filter stands for, in either case; `None` when it is none of the seven words.
pub fn filter(word: &str) -> Option<OutcomeSet> {
    STATES.into_iter().find(|state| state.eq_ignore_ascii_case(word)).map(with_status)
}

/// Everything that exists at all for a caller of this vendor.
pub fn visible() -> OutcomeSet {
    OutcomeSet::matching(|outcome| shown(outcome).is_some())
}

/// The visible outcomes grouped by their `status`, in the order of its text.
pub fn by_status() -> Vec<OutcomeSet> {
    STATES.into_iter().chain([INCOMING]).map(with_status).collect()
}

fn with_status(status: &str) -> OutcomeSet {
    OutcomeSet::matching(|outcome| shown(outcome).is_some_and(|shown| shown.status == status))
}

/// Whether an outcome in a message's history was brought by a delivery report: its time is a `dlr_date`.
pub fn is_report(outcome: Outcome) -> bool {
    use Outcome as O;
    match outcome {
        O::Acknowledged
        | O::Radio
        | O::Buffered
        | O::Delivered
        | O::Undelivered
        | O::Expired
        | O::Rejected => true,
        // Told by the submission's own answer, or concluded here.
        O::Submitted | O::Uncertain | O::RefusedByCarrier | O::Unknown | O::ExpiredUnsent | O::Failed => {
            false
        }
        O::Scheduled | O::Held | O::Queued | O::Sending | O::Canceled => false,
        O::DeniedSender
        | O::DeniedRecipient
        | O::DeniedBody
        | O::DeniedFunds
        | O::DeniedOptOut
        | O::DeniedCountry
        | O::DeniedFlood
        | O::DeniedModerator => false,
        O::Received | O::Incomplete => false,
    }
}

/// The outcome that a record of this vendor's speaks of, for bringing in a customer's history. Details that
/// are not known leave the status its plainest meaning; an unknown status is `None`.
pub fn outcome(status: &str, details: &str) -> Option<Outcome> {
    Some(match (status, details) {
        ("WAITING", _) => Outcome::Queued,
        ("MODERATION", _) => Outcome::Held,
        ("DENIED", _) => Outcome::DeniedModerator,
        ("SENT", _) => Outcome::Submitted,
        ("DELIVERED", _) => Outcome::Delivered,
        ("UNDELIVERED", "EXPIRED") => Outcome::Expired,
        ("UNDELIVERED", "REJECTED") => Outcome::Rejected,
        ("UNDELIVERED", _) => Outcome::Undelivered,
        ("NOT_SENT", "INVALID_DESTINATION") => Outcome::DeniedRecipient,
        ("NOT_SENT", "INVALID_SENDER") => Outcome::DeniedSender,
        ("NOT_SENT", "NOT_ALLOWED") => Outcome::DeniedCountry,
        ("NOT_SENT", "ROUTE_NOT_AVAILABLE") => Outcome::Failed,
        ("NOT_SENT", _) => Outcome::ExpiredUnsent,
        (INCOMING, _) => Outcome::Received,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_is_the_identity_on_the_vendors_words() {
        for words in Outcome::ALL.iter().filter_map(|outcome| shown(*outcome)) {
            let back = outcome(words.status, words.details).expect("a word of the table");
            assert_eq!(shown(back), Some(words));
        }
        assert_eq!(outcome("LOST", ""), None);
        assert_eq!(outcome("UNDELIVERED", "NETWORK_ERROR"), Some(Outcome::Undelivered));
    }

    #[test]
    fn groups_are_sorted_disjoint_and_everything_visible() {
        let words: Vec<_> = STATES.into_iter().chain([INCOMING]).collect();
        assert!(words.is_sorted());
        for &outcome in Outcome::ALL {
            let groups = by_status().into_iter().filter(|group| group.contains(outcome)).count();
            assert_eq!(groups, usize::from(visible().contains(outcome)), "{outcome}");
        }
        let hidden: Vec<_> = Outcome::ALL.iter().filter(|outcome| !visible().contains(**outcome)).collect();
        assert_eq!(hidden, [&Outcome::Canceled, &Outcome::Incomplete]);
    }

    #[test]
    fn words_to_filter_by() {
        for word in ["delivered", "DENIED", "Moderation", "not_sent", "sent", "undelivered", "waiting"] {
            let set = filter(word).expect("one of the seven");
            assert!(set.iter().count() > 0);
            for outcome in set.iter() {
                assert!(shown(outcome).is_some_and(|shown| shown.status.eq_ignore_ascii_case(word)));
            }
        }
        for word in ["incoming_message", "lost", "", "not sent", "expired", "' OR 1=1 --"] {
            assert_eq!(filter(word), None, "{word}");
        }
    }

    #[test]
    fn a_report_comes_after_submission_only() {
        for &outcome in Outcome::ALL {
            assert!(!is_report(outcome) || outcome.was_submitted(), "{outcome}");
        }
    }
}
