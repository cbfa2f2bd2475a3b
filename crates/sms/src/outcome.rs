//! What became of a message: one closed enum, state × reason, with the legal steps between.
//!
//! Every vendor's table is an exhaustive match over [`Outcome`]; every filter set is keyed by it.

use std::fmt;

/// Which way a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// Mobile terminated: sent to a handset.
    Mt,
    /// Mobile originated: received from a handset.
    Mo,
}

impl Direction {
    /// `mt` or `mo`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mt => "mt",
            Self::Mo => "mo",
        }
    }
}

macro_rules! outcomes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $state:literal, $reason:expr, $stage:ident;)*) => {
        /// The newest word on a message: a state with its reason. The discriminant is what rows store;
        /// a value is never given a new meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Outcome { $($(#[$doc])* $name = $code,)* }

        impl Outcome {
            /// Every outcome, by rising code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The outcome of a stored code.
            pub fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }

            /// The state's word in the interchange record.
            pub fn state(self) -> &'static str {
                match self { $(Self::$name => $state,)* }
            }

            /// The reason's word, where a state has several meanings.
            pub fn reason(self) -> Option<&'static str> {
                match self { $(Self::$name => $reason,)* }
            }

            fn stage(self) -> Stage {
                match self { $(Self::$name => Stage::$stage,)* }
            }
        }
    };
}

/// How far along an outcome is; what [`Outcome::may_become`] compares.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Not handed to any carrier.
    Here,
    /// Handed over, or perhaps handed over.
    Out,
    /// Final, before any carrier took it.
    EndedHere,
    /// Final, by a carrier's word.
    EndedOut,
    /// No final word ever came; a real one may still replace it.
    Silent,
    /// An MO with parts missing.
    MoOpen,
    /// An MO taken in.
    MoDone,
}

outcomes! {
    /// Due later.
    Scheduled = 1, "scheduled", None, Here;
    /// Waits for a person.
    Held = 2, "held", None, Here;
    /// Accepted; waits here.
    Queued = 3, "queued", None, Here;
    /// Lease taken, being submitted.
    Sending = 4, "sending", None, Here;
    /// The carrier took it.
    Submitted = 5, "submitted", None, Out;
    /// The operator acknowledged it.
    Acknowledged = 6, "acknowledged", None, Out;
    /// On the radio network.
    Radio = 7, "radio", None, Out;
    /// The operator queued it.
    Buffered = 8, "buffered", None, Out;
    /// An attempt without an answer.
    Uncertain = 9, "uncertain", None, Out;
    /// On the handset.
    Delivered = 10, "delivered", None, EndedOut;
    /// The operator reports failure.
    Undelivered = 11, "undelivered", None, EndedOut;
    /// Its validity passed after submission.
    Expired = 12, "expired", None, EndedOut;
    /// Its validity passed here, never submitted.
    ExpiredUnsent = 13, "expired", Some("unsent"), EndedHere;
    /// The carrier refused the submission.
    RefusedByCarrier = 14, "rejected", Some("submission"), EndedHere;
    /// The operator refused it after submission.
    Rejected = 15, "rejected", None, EndedOut;
    /// It could not be sent: no route, carrier gone.
    Failed = 16, "failed", None, EndedHere;
    /// Refused by us: the sender.
    DeniedSender = 17, "denied", Some("sender"), EndedHere;
    /// Refused by us: the recipient.
    DeniedRecipient = 18, "denied", Some("recipient"), EndedHere;
    /// Refused by us: the body does not fit what was allowed.
    DeniedBody = 19, "denied", Some("body"), EndedHere;
    /// Refused by us: the balance.
    DeniedFunds = 20, "denied", Some("funds"), EndedHere;
    /// Refused by us: the person said STOP.
    DeniedOptOut = 21, "denied", Some("opt-out"), EndedHere;
    /// Refused by us: the country.
    DeniedCountry = 22, "denied", Some("country"), EndedHere;
    /// Refused by us: too many.
    DeniedFlood = 23, "denied", Some("flood"), EndedHere;
    /// Refused by a person.
    DeniedModerator = 24, "denied", Some("moderator"), EndedHere;
    /// Withdrawn before sending.
    Canceled = 25, "canceled", None, EndedHere;
    /// No final word ever came.
    Unknown = 26, "unknown", None, Silent;
    /// An MO, taken in.
    Received = 27, "received", None, MoDone;
    /// An MO with parts missing.
    Incomplete = 28, "incomplete", None, MoOpen;
}

impl Outcome {
    /// The number stored for it.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// Reads the interchange words. The reason is matched without regard to case, blanks, `_` or `-`, and
    /// the design's phrases (`never submitted`, `at submission`, `after submission`) are understood.
    pub fn from_words(state: &str, reason: Option<&str>) -> Option<Self> {
        let plain =
            |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        let reason = reason.map(plain).filter(|reason| !reason.is_empty());
        let reason = match (state, reason.as_deref()) {
            ("expired", Some("neversubmitted")) => Some("unsent".to_owned()),
            ("rejected", Some("atsubmission")) => Some("submission".to_owned()),
            ("expired" | "rejected", Some("aftersubmission")) => None,
            _ => reason,
        };
        Self::ALL.iter().copied().find(|o| o.state() == state && o.reason().map(plain) == reason)
    }

    /// Whether `state` is a word of the interchange record at all.
    pub fn is_state_word(state: &str) -> bool {
        Self::ALL.iter().any(|outcome| outcome.state() == state)
    }

    /// Whether nothing is expected to follow (save that a real word may still replace [`Outcome::Unknown`]).
    pub fn is_final(self) -> bool {
        match self.stage() {
            Stage::Here | Stage::Out | Stage::MoOpen => false,
            Stage::EndedHere | Stage::EndedOut | Stage::Silent | Stage::MoDone => true,
        }
    }

    /// The direction whose messages can have it.
    pub fn direction(self) -> Direction {
        match self.stage() {
            Stage::MoOpen | Stage::MoDone => Direction::Mo,
            Stage::Here | Stage::Out | Stage::EndedHere | Stage::EndedOut | Stage::Silent => Direction::Mt,
        }
    }

    /// Whether a carrier took the message, as far as anyone knows.
    pub fn was_submitted(self) -> bool {
        match self.stage() {
            Stage::Out | Stage::EndedOut | Stage::Silent => true,
            Stage::Here | Stage::EndedHere | Stage::MoOpen | Stage::MoDone => false,
        }
    }

    /// Whether the step from `self` to `next` is legal. A final outcome is never left, save `Unknown` for
    /// a carrier's final word; what is out does not come back here, save that an uncertain attempt may be
    /// queued again; every step keeps the direction.
    pub fn may_become(self, next: Self) -> bool {
        use Stage::{EndedHere, EndedOut, Here, MoDone, MoOpen, Out, Silent};
        if self == next {
            return false;
        }
        match (self.stage(), next.stage()) {
            (Here, Here | Out | EndedHere | EndedOut | Silent) => true,
            (Out, EndedOut | Silent) => true,
            (Out, Out) => next != Self::Uncertain || self == Self::Submitted,
            (Out, Here | EndedHere) => self == Self::Uncertain,
            (Silent, EndedOut) => true,
            (MoOpen, MoDone) => true,
            (EndedHere | EndedOut | Silent | MoDone | MoOpen | Here | Out, _) => false,
        }
    }

    /// The outcome of a message of several segments from theirs: all final, then the first failure, else
    /// delivered; one uncertain, then uncertain; otherwise that of the segment that got least far.
    /// `None` for no segments.
    pub fn roll_up(segments: &[Self]) -> Option<Self> {
        if segments.iter().all(|outcome| outcome.is_final()) {
            let failed = segments.iter().find(|outcome| **outcome != Self::Delivered);
            let failed = failed.or(segments.first()).copied()?;
            // Once a carrier took any segment, the message was sent, whatever ended here of the rest.
            let sent = segments.iter().any(|outcome| outcome.was_submitted());
            return Some(match failed {
                Self::RefusedByCarrier if sent => Self::Rejected,
                Self::ExpiredUnsent if sent => Self::Expired,
                Self::Failed if sent => Self::Undelivered,
                other => other,
            });
        }
        if segments.contains(&Self::Uncertain) {
            return Some(Self::Uncertain);
        }
        segments
            .iter()
            .copied()
            .filter(|outcome| !outcome.is_final())
            .min_by_key(|outcome| outcome.progress())
    }

    /// How far an outcome that is not final got, for comparison.
    fn progress(self) -> u8 {
        match self {
            Self::Buffered => Self::Radio.code(),
            Self::Radio => Self::Buffered.code(),
            other => other.code(),
        }
    }

    /// This outcome alone.
    pub fn only(self) -> OutcomeSet {
        OutcomeSet(1 << self.code())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason() {
            Some(reason) => write!(f, "{} ({reason})", self.state()),
            None => f.write_str(self.state()),
        }
    }
}

/// A set of outcomes: what a vendor's filter word stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct OutcomeSet(u32);

impl OutcomeSet {
    /// No outcome.
    pub const NONE: Self = Self(0);

    /// The outcomes for which `keep` says yes.
    pub fn matching(keep: impl Fn(Outcome) -> bool) -> Self {
        Outcome::ALL.iter().copied().filter(|outcome| keep(*outcome)).collect()
    }

    /// Every outcome.
    pub fn all() -> Self {
        Self::matching(|_| true)
    }

    /// Whether `outcome` is in it.
    pub fn contains(self, outcome: Outcome) -> bool {
        self.0 & outcome.only().0 != 0
    }

    /// The outcomes in it, by rising code.
    pub fn iter(self) -> impl Iterator<Item = Outcome> {
        Outcome::ALL.iter().copied().filter(move |outcome| self.contains(*outcome))
    }

    /// Those in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl FromIterator<Outcome> for OutcomeSet {
    fn from_iter<I: IntoIterator<Item = Outcome>>(outcomes: I) -> Self {
        Self(outcomes.into_iter().fold(0, |set, outcome| set | outcome.only().0))
    }
}

macro_rules! notes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $word:literal;)*) => {
        /// A line of the history that changes no outcome. Codes share the octet of [`Outcome`]'s, from 128.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Note { $($(#[$doc])* $name = $code,)* }

        impl Note {
            /// Every note.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The number stored for it.
            pub fn code(self) -> u8 { self as u8 }

            /// The note of a stored code.
            pub fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }

            /// Its word, as the state of an interchange record's history entry.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

notes! {
    /// The price was taken from the balance.
    Funded = 128, "funded";
    /// The price was given back.
    Refunded = 129, "refunded";
    /// One segment of several has news.
    Part = 130, "part";
    /// An attempt will be repeated.
    Retry = 131, "retry";
    /// A receipt that contradicts the final outcome; kept, not obeyed.
    Contradiction = 132, "contradiction";
}

impl Note {
    /// The note of its word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|note| note.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_words_are_reversible() {
        for &outcome in Outcome::ALL {
            assert_eq!(Outcome::from_code(outcome.code()), Some(outcome));
            assert_eq!(Outcome::from_words(outcome.state(), outcome.reason()), Some(outcome));
        }
        for &note in Note::ALL {
            assert_eq!(Note::from_code(note.code()), Some(note));
            assert_eq!(Note::from_word(note.word()), Some(note));
            assert!(Outcome::from_code(note.code()).is_none() && !Outcome::is_state_word(note.word()));
        }
        assert_eq!(Outcome::from_code(0), None);
    }

    #[test]
    fn the_designs_phrases_are_understood() {
        assert_eq!(Outcome::from_words("expired", Some("never submitted")), Some(Outcome::ExpiredUnsent));
        assert_eq!(Outcome::from_words("rejected", Some("at submission")), Some(Outcome::RefusedByCarrier));
        assert_eq!(Outcome::from_words("rejected", Some("after submission")), Some(Outcome::Rejected));
        assert_eq!(Outcome::from_words("denied", Some("opt_out")), Some(Outcome::DeniedOptOut));
        assert_eq!(Outcome::from_words("denied", None), None);
        assert_eq!(Outcome::from_words("delivered", Some("sender")), None);
        assert_eq!(Outcome::from_words("lost", None), None);
    }

    #[test]
    fn final_outcomes_are_never_left_save_unknown() {
        for &from in Outcome::ALL {
            let exits: OutcomeSet = Outcome::ALL.iter().copied().filter(|to| from.may_become(*to)).collect();
            match from {
                Outcome::Unknown => {
                    assert!(
                        exits.iter().all(|to| to.is_final() && to.was_submitted())
                            && exits != OutcomeSet::NONE
                    );
                }
                _ if from.is_final() => assert_eq!(exits, OutcomeSet::NONE, "{from}"),
                _ => assert_ne!(exits, OutcomeSet::NONE, "{from}"),
            }
            assert!(exits.iter().all(|to| to.direction() == from.direction()));
            assert!(!from.may_become(from));
        }
    }

    #[test]
    fn segments_roll_up() {
        use Outcome::{Delivered, Expired, Queued, Radio, Submitted, Uncertain, Undelivered};
        for (segments, expected) in [
            (&[][..], None),
            (&[Delivered, Delivered], Some(Delivered)),
            (&[Delivered, Undelivered, Expired], Some(Undelivered)),
            (&[Undelivered, Submitted], Some(Submitted)),
            (&[Delivered, Uncertain, Queued], Some(Uncertain)),
            (&[Delivered, Radio, Submitted], Some(Submitted)),
            (&[Queued, Submitted], Some(Queued)),
            (&[Delivered, Outcome::RefusedByCarrier], Some(Outcome::Rejected)),
            (&[Outcome::Failed, Delivered], Some(Undelivered)),
            (&[Outcome::ExpiredUnsent, Undelivered], Some(Expired)),
            (&[Outcome::Failed, Outcome::Failed], Some(Outcome::Failed)),
        ] {
            assert_eq!(Outcome::roll_up(segments), expected, "{segments:?}");
        }
    }

    #[test]
    fn what_is_out_does_not_come_back() {
        assert!(!Outcome::Submitted.may_become(Outcome::Queued));
        assert!(!Outcome::Submitted.may_become(Outcome::Canceled));
        assert!(Outcome::Uncertain.may_become(Outcome::Queued));
        assert!(Outcome::Scheduled.may_become(Outcome::Canceled));
        assert!(Outcome::Incomplete.may_become(Outcome::Received));
    }
}
