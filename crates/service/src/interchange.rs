//! The interchange record: one message with its whole history as a JSON object on a line of its own.
//! [`crate::import`] reads it, [`crate::export`] writes it, and what was written reads back as it was.
//!
//! ```json
//! {"id":"a-1","direction":"mt","batch":"b-7","program":null,"sender":"Kiosk","recipient":"46701740605",
//!  "body":"Hello","created":"2018-10-23T17:43:19Z","reference":null,"price":"0.0416","currency":"EUR",
//!  "country":"SE","mcc":"240","mnc":"01","network":null,"date":null,"credits":1,"flash":false,"list":null,
//!  "answers":null,"history":[{"at":"2018-10-23T17:43:21Z","state":"delivered","reason":null,"code":null,
//!  "text":null}]}
//! ```
//!
//! (Shown on several lines; in a file it is one.) Strings are Unicode, instants RFC 3339 between 1970 and
//! February 2106, kept to the microsecond (`date`: to the second).
//!
//! | member | required | what it says; what its absence (or null) means |
//! | --- | --- | --- |
//! | `id` | yes | opaque, unique in the account, not empty |
//! | `direction` | yes | `mt` or `mo` |
//! | `batch` | | opaque name of the submission; a batch of its own. An MO is always one, whatever is said |
//! | `program` | | a program of the account; its default program |
//! | `sender` | of an MO | who it comes from |
//! | `recipient` | yes | who it goes to; of an MO the number written to |
//! | `body` | yes | the text, may be empty |
//! | `created` | yes | when it was accepted or received |
//! | `reference` | | the sender's own |
//! | `price` | | a decimal of at most six places, as a string, not negative; nothing |
//! | `currency` | | must be the account's where there is a price |
//! | `country` | | two letters; that of the handset's number |
//! | `mcc`, `mnc` | | three digits, two or three digits |
//! | `network` | | the operator's name |
//! | `date` | | when it is due; `created` |
//! | `credits` | | whole; an MT's segments, nothing for an MO |
//! | `flash` | | class 0; false |
//! | `list` | | the contact list it was sent through |
//! | `answers` | | of an MO: the `id` of the MT it answers, which must be there already |
//! | `history` | | at most 64 entries, oldest first; an MT is `queued` and an MO `received` at `created` |
//!
//! Of a history entry `at` and `state` are required. `state` and `reason` are the words of
//! [`sms::Outcome`], or `state` is the word of an [`sms::Note`], which has no `reason`; `code` and `text` are
//! the carrier's own. Entries do not run backwards and do not begin before the second of `created`; equal
//! instants keep their order. A final outcome other than `unknown` is not left: leniently read, what
//! follows is kept as a `contradiction`.
//!
//! Numbers are not judged: a sender or recipient is 1 to 20 visible characters, without the blanks around
//! it and without a `+` before digits; where nothing but digits and blanks is left, the blanks go too.
//!
//! An id that this account's own export gave (a packed message id) names that very message.

mod ids;
mod judge;
pub(crate) mod party;
mod record;
#[cfg(test)]
mod tests;

pub(crate) use judge::Judge;

/// The longest line that is read, in octets, without its end.
pub const LONGEST_LINE: usize = 1 << 20;

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineFault {
    /// It has more than [`LONGEST_LINE`] octets.
    #[error("the line is longer than 1 MiB")]
    TooLong,
    /// It is not UTF-8.
    #[error("invalid UTF-8 after {0} octets")]
    Encoding(usize),
    /// It is not one JSON object with the members of a record, each of its type and at most once.
    #[error("{what} (column {column})")]
    Record {
        /// What was met.
        what: String,
        /// Where, in octets from 1.
        column: usize,
    },
    /// A member says what a record cannot say.
    #[error("\"{member}\": {what}")]
    Member {
        /// The member; of history entries with their place from 0, as in `history[2].at`.
        member: String,
        /// What is wrong with it.
        what: String,
    },
    /// The ledger refused it.
    #[error("{0}")]
    Refused(ledger::Refusal),
}

impl LineFault {
    fn member(member: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Member { member: member.into(), what: what.into() }
    }
}
