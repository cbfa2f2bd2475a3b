//! The rules that belong to a dialect, which passes them with each submission.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// What a dialect wants to become of whatever is wrong with a submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// A sender that is not registered, of an account that registers its senders.
    pub unregistered: UnregisteredSender,
    /// A balance that does not cover everything.
    pub funds: MissingFunds,
    /// The same number more than once.
    pub repeated: Repeated,
    /// A recipient that is no possible number.
    pub unusable: Unusable,
    /// Recipients who all opted out.
    #[serde(default)]
    pub all_opted_out: AllOptedOut,
    /// A text of more segments than it may have.
    pub long: LongText,
    /// How many seconds a due time may be past; `None` is any number of them.
    pub late: Option<u32>,
    /// How placeholders are filled; `None` sends the text as it is.
    pub templating: Option<Templating>,
    /// The most recipients, those of lists and repeated ones included.
    pub most_recipients: u32,
}

/// The most recipients of one submission in any dialect.
pub const MOST_RECIPIENTS: u32 = 100_000;

impl Default for Policy {
    /// The most forgiving: whatever can be sent is sent, and what cannot is a message that says why.
    fn default() -> Self {
        Self {
            unregistered: UnregisteredSender::Accept,
            funds: MissingFunds::Deny,
            repeated: Repeated::Fold,
            unusable: Unusable::Deny,
            all_opted_out: AllOptedOut::Deny,
            long: LongText::Deny,
            late: None,
            templating: None,
            most_recipients: MOST_RECIPIENTS,
        }
    }
}

/// What becomes of messages whose sender is not registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnregisteredSender {
    /// They are refused, one by one ([`sms::Outcome::DeniedSender`]).
    Deny,
    /// The account's default sender takes its place, else its first registered one, else none. So it is with
    /// a text that can be no sender at all.
    FallBack,
    /// They go out with it.
    Accept,
}

/// What becomes of a submission that the balance of a prepaid account does not cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MissingFunds {
    /// It is refused as a whole ([`super::SubmitRefusal::Funds`]).
    Refuse,
    /// Messages are paid for in their order; those that it does not cover are refused, one by one
    /// ([`sms::Outcome::DeniedFunds`]).
    Deny,
}

/// What becomes of the same number more than once. Either way it is written to once, at its first place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Repeated {
    /// The others are as if they had not been given: not in [`super::Counts::total`].
    Fold,
    /// The others are counted in [`super::Counts::total`].
    Count,
}

/// What becomes of recipients that are no possible number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unusable {
    /// One that was given by number refuses the submission as a whole
    /// ([`super::SubmitRefusal::Recipient`]); one that is a contact's is refused by itself, since the caller
    /// did not write it.
    Refuse,
    /// The same, save numbers that begin with these digits, which are kept for trials: they are refused one
    /// by one.
    RefuseSave(u32),
    /// They are refused, one by one ([`sms::Outcome::DeniedRecipient`]).
    Deny,
}

/// What becomes of a submission whose every recipient opted out; where one did not, the others are refused
/// one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AllOptedOut {
    /// They are refused, one by one ([`sms::Outcome::DeniedOptOut`]).
    #[default]
    Deny,
    /// It is refused as a whole ([`super::SubmitRefusal::NoRecipients`]): nobody is left.
    Refuse,
}

/// What becomes of texts of too many segments that are not to be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LongText {
    /// One such message refuses the submission as a whole ([`super::SubmitRefusal::TooLong`]).
    Refuse,
    /// They are refused, one by one ([`sms::Outcome::DeniedBody`]).
    Deny,
}

/// How placeholders are filled.
///
/// A word between the marks stands for the recipient's own value of it; else for the submission's default;
/// else for what [`Templating::words`] names of the recipient's contact; else for nothing, if the word is a
/// contact's or any recipient of the submission has a value of it. A word that nobody knows stays in the
/// text, marks and all. Words are compared as they are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Templating {
    /// What stands around a word.
    pub marks: Marks,
    /// The dialect's words for what is known of contacts.
    pub words: Cow<'static, [(Cow<'static, str>, Field)]>,
    /// Whether other words are looked for among the values of the recipient's contact.
    pub contact_values: bool,
}

impl Templating {
    /// Words between braces, whose values come with the submission.
    pub const GIVEN: Self = Self { marks: Marks::Braces, words: Cow::Borrowed(&[]), contact_values: false };

    pub(crate) fn asks_contacts(&self) -> bool {
        self.contact_values || !self.words.is_empty()
    }
}

/// What stands around the word of a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Marks {
    /// `{word}`.
    Braces,
    /// `[word]`.
    Brackets,
}

impl Marks {
    pub(crate) fn both(self) -> (char, char) {
        match self {
            Self::Braces => ('{', '}'),
            Self::Brackets => ('[', ']'),
        }
    }
}

/// What is known of a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Field {
    /// The given name.
    FirstName,
    /// The family name.
    LastName,
    /// The company.
    Company,
    /// The e-mail address.
    Email,
    /// The phone, in digits; of a recipient without a contact too.
    Phone,
    /// A value of this name (see [`crate::contact_values`]).
    Value(Cow<'static, str>),
}
