//! The one table between the ledger's outcomes and this vendor's status codes.

use service::model::{Batch, Word};
use sms::{Direction, Note, Outcome, OutcomeSet};

/// The status code of an outcome; `None` for what this vendor does not show: an MO with parts missing.
pub fn code(outcome: Outcome) -> Option<u16> {
    Some(match outcome {
        Outcome::Scheduled => 101,
        Outcome::Held | Outcome::Queued => 102,
        Outcome::Sending | Outcome::Uncertain => 110,
        Outcome::Submitted | Outcome::Unknown => 111,
        Outcome::Acknowledged => 112,
        Outcome::Radio => 113,
        Outcome::Buffered => 114,
        Outcome::Delivered | Outcome::Received => 201,
        Outcome::Expired | Outcome::ExpiredUnsent => 202,
        Outcome::Canceled => 203,
        Outcome::DeniedFunds => 402,
        Outcome::DeniedSender => 403,
        Outcome::DeniedRecipient | Outcome::DeniedCountry => 404,
        Outcome::DeniedBody | Outcome::DeniedFlood | Outcome::DeniedModerator => 405,
        Outcome::DeniedOptOut => 406,
        Outcome::Undelivered | Outcome::RefusedByCarrier | Outcome::Rejected => 501,
        Outcome::Failed => 502,
        Outcome::Incomplete => return None,
    })
}

/// The status code of money that went back.
pub(super) const REFUNDED: u16 = 104;

/// The status code of a note; `None` for notes that this vendor has no code for.
pub fn note_code(note: Note) -> Option<u16> {
    match note {
        Note::Funded => Some(103),
        Note::Refunded => Some(REFUNDED),
        Note::Part | Note::Retry | Note::Contradiction => None,
    }
}

/// The outcome that stands for a status code of a message of this direction, as an import of this vendor's
/// history needs it: the plainest of those that the code covers. `None` for codes outside the table and for
/// the notes 103 and 104; [`group`] tells what to make of an unknown code.
pub fn outcome(code: u16, direction: Direction) -> Option<Outcome> {
    Some(match (code, direction) {
        (201, Direction::Mo) => Outcome::Received,
        (_, Direction::Mo) => return None,
        (101, _) => Outcome::Scheduled,
        (102, _) => Outcome::Queued,
        (110, _) => Outcome::Sending,
        (111, _) => Outcome::Submitted,
        (112, _) => Outcome::Acknowledged,
        (113, _) => Outcome::Radio,
        (114, _) => Outcome::Buffered,
        (201, _) => Outcome::Delivered,
        (202, _) => Outcome::Expired,
        (203, _) => Outcome::Canceled,
        (402, _) => Outcome::DeniedFunds,
        (403, _) => Outcome::DeniedSender,
        (404, _) => Outcome::DeniedRecipient,
        (405, _) => Outcome::DeniedBody,
        (406, _) => Outcome::DeniedOptOut,
        (501, _) => Outcome::Undelivered,
        (502, _) => Outcome::Failed,
        _ => return None,
    })
}

/// The group of a status code, by its first digit: what callers are told to go by for codes they do not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// 1xx: on its way.
    Info,
    /// 2xx: ended as its sender defined.
    Success,
    /// 4xx: something is wrong with the message.
    Rejection,
    /// 5xx: undeliverable.
    Error,
}

/// The group of a status code; `None` outside the groups.
pub fn group(code: u16) -> Option<Group> {
    match code / 100 {
        1 => Some(Group::Info),
        2 => Some(Group::Success),
        4 => Some(Group::Rejection),
        5 => Some(Group::Error),
        _ => None,
    }
}

/// Status and description in v1 of what was sent; `None` for an MO, which v1 does not show.
pub(super) fn v1_status(outcome: Outcome) -> Option<(u16, &'static str)> {
    Some(match outcome {
        Outcome::Scheduled => (11, "Delayed delivery"),
        Outcome::Held
        | Outcome::Queued
        | Outcome::Sending
        | Outcome::Uncertain
        | Outcome::Submitted
        | Outcome::Unknown
        | Outcome::Buffered => (0, "Delivered to gateway"),
        Outcome::Acknowledged | Outcome::Radio => (21, "Delivered to the GSM network"),
        Outcome::Delivered => (22, "Delivered to the phone"),
        Outcome::Expired | Outcome::ExpiredUnsent => (52, "Delivery to the phone failed"),
        Outcome::Canceled => (12, "Delayed delivery cancelled"),
        Outcome::DeniedFunds => (100, "Insufficient credits"),
        Outcome::DeniedSender | Outcome::DeniedOptOut => (50, "General delivery error"),
        Outcome::DeniedRecipient | Outcome::DeniedCountry => (3, "Invalid phone number format"),
        Outcome::DeniedBody | Outcome::DeniedFlood | Outcome::DeniedModerator => {
            (41, "Invalid message content")
        }
        Outcome::Undelivered | Outcome::RefusedByCarrier | Outcome::Rejected => {
            (51, "Delivery to the GSM network failed")
        }
        Outcome::Failed => (42, "Internal error"),
        Outcome::Received | Outcome::Incomplete => return None,
    })
}

/// The outcomes that this vendor shows.
pub(super) fn shown() -> OutcomeSet {
    OutcomeSet::matching(|outcome| code(outcome).is_some())
}

/// Code and `duration` of a word of the history: `duration` is 1 for the last update, after which nothing
/// follows. `None` for words that are not shown.
pub(super) fn status(word: Word) -> Option<(u16, u8)> {
    match word {
        Word::Outcome(outcome) => code(outcome).map(|code| (code, u8::from(outcome.is_final()))),
        Word::Note(note) => note_code(note).map(|code| (code, 0)),
    }
}

/// The status of a batch: the least advanced of its messages' newest codes, which is the lowest, since the
/// codes rise along a message's way. A batch whose messages were all deleted is as accepted as it ever was.
pub(super) fn batch_status(batch: &Batch) -> u16 {
    batch.sums.iter().filter_map(|(outcome, _)| code(*outcome)).min().unwrap_or(101)
}

/// Whether a batch is shown at all: not while its only message is an MO with parts missing.
pub(super) fn shows(batch: &Batch) -> bool {
    batch.sums.is_empty() || batch.sums.iter().any(|(outcome, _)| code(*outcome).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forward_after_reverse_is_identity() {
        let mut known = 0;
        for number in 0..1000 {
            for direction in [Direction::Mt, Direction::Mo] {
                if let Some(outcome) = outcome(number, direction) {
                    assert_eq!(code(outcome), Some(number));
                    assert_eq!(outcome.direction(), direction);
                    known += 1;
                }
            }
        }
        assert_eq!(known, 18);
    }

    #[test]
    fn every_code_is_in_a_group_that_fits() {
        for &outcome in Outcome::ALL {
            let Some(code) = code(outcome) else {
                assert_eq!(outcome, Outcome::Incomplete);
                continue;
            };
            // Whoever goes by groups takes 1xx for under way; only the silence at the end is so too.
            let info = group(code) == Some(Group::Info);
            assert_eq!(info, !outcome.is_final() || outcome == Outcome::Unknown, "{outcome}");
            assert!(super::outcome(code, outcome.direction()).is_some(), "{outcome}");
        }
        assert_eq!((group(99), group(300), group(600)), (None, None, None));
    }

    #[test]
    fn v1_follows_v2() {
        for &outcome in Outcome::ALL {
            let v1 = v1_status(outcome).map(|(status, _)| status);
            let expected = match code(outcome) {
                _ if outcome.direction() == Direction::Mo => None,
                Some(101) => Some(11),
                Some(102..=111 | 114) => Some(0),
                Some(112 | 113) => Some(21),
                Some(201) => Some(22),
                Some(202) => Some(52),
                Some(203) => Some(12),
                Some(402) => Some(100),
                Some(404) => Some(3),
                Some(405) => Some(41),
                Some(501) => Some(51),
                Some(502) => Some(42),
                _ => Some(50),
            };
            assert_eq!(v1, expected, "{outcome}");
        }
    }

    #[test]
    fn durations() {
        assert_eq!(status(Word::Outcome(Outcome::Queued)), Some((102, 0)));
        assert_eq!(status(Word::Outcome(Outcome::Uncertain)), Some((110, 0)));
        assert_eq!(status(Word::Outcome(Outcome::Unknown)), Some((111, 1)));
        assert_eq!(status(Word::Outcome(Outcome::Delivered)), Some((201, 1)));
        assert_eq!(status(Word::Note(Note::Funded)), Some((103, 0)));
        assert_eq!(status(Word::Note(Note::Refunded)), Some((104, 0)));
        assert_eq!(status(Word::Note(Note::Part)), None);
        assert_eq!(status(Word::Outcome(Outcome::Incomplete)), None);
    }
}
