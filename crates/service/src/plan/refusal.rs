//! Why a submission was refused as a whole.

use ledger::{LedgerError, Refusal};
use sms::sender::SenderError;
use sms::{Money, Number};

use super::recipient::UnusableRecipient;
use crate::schedules::RuleError;

/// Why nothing of a submission was taken in. Closed: each dialect renders every one of them in its own words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitRefusal {
    /// There is no text, or nothing but white space.
    #[error("the text is empty")]
    EmptyText,
    /// There are no recipients: none was given, the lists given have no members, or, under
    /// [`super::AllOptedOut::Refuse`], everybody opted out.
    #[error("there are no recipients")]
    NoRecipients,
    /// There are more recipients than [`super::Policy::most_recipients`].
    #[error("there are more than {most} recipients")]
    TooManyRecipients {
        /// How many there may be.
        most: u32,
    },
    /// A recipient is no possible number, under [`super::Unusable::Refuse`].
    #[error("recipient \"{text}\": {reason}")]
    Recipient {
        /// Its place among the recipients, from 0.
        place: usize,
        /// As it was given.
        text: String,
        /// What is wrong with it.
        reason: UnusableRecipient,
    },
    /// The sender can be no sender, save under [`super::UnregisteredSender::FallBack`].
    #[error("the sender: {0}")]
    Sender(SenderError),
    /// A message would have more segments than it may, under [`super::LongText::Refuse`].
    #[error("the text takes {segments} segments, of which {most} are allowed")]
    TooLong {
        /// How many it would have.
        segments: u16,
        /// How many it may have.
        most: u16,
    },
    /// The due time is past by more than [`super::Policy::late`].
    #[error("the due time is past")]
    Past,
    /// A window closes before it opens, or as it opens.
    #[error("a window closes before it opens")]
    Window,
    /// The rule of recurrence cannot be followed.
    #[error("the rule of recurrence: {0}")]
    Rule(RuleError),
    /// The account has no template of this number.
    #[error("there is no template {0}")]
    Template(Number),
    /// The account has no contact of this number.
    #[error("there is no contact {0}")]
    Contact(Number),
    /// The account has no list of this number.
    #[error("there is no list {0}")]
    List(Number),
    /// The account has no program of this number.
    #[error("there is no program {0}")]
    Program(Number),
    /// The balance does not cover it, under [`super::MissingFunds::Refuse`].
    #[error("the balance of {balance} does not cover {price}")]
    Funds {
        /// What is there.
        balance: Money,
        /// What all of it costs.
        price: Money,
    },
    /// The idempotency key was used with another request.
    #[error("the idempotency key was used with another request")]
    KeyReused,
    /// The account has given all its numbers: see [`sms::id::MAX_NUMBER`].
    #[error("the account has no numbers left")]
    NumbersExhausted,
}

/// Why a submission did not come about.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// It was refused; the caller's to mend.
    #[error(transparent)]
    Refused(#[from] SubmitRefusal),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(LedgerError),
}

impl From<LedgerError> for SubmitError {
    /// Refusals of the ledger that a caller can do something about are refusals of the submission.
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Refused(Refusal::KeyReused) => SubmitRefusal::KeyReused.into(),
            LedgerError::Refused(Refusal::NoProgram(program)) => SubmitRefusal::Program(program).into(),
            LedgerError::Refused(Refusal::NumbersExhausted) => SubmitRefusal::NumbersExhausted.into(),
            LedgerError::Refused(Refusal::Funds { balance, charge }) => {
                SubmitRefusal::Funds { balance, price: charge }.into()
            }
            other => Self::Ledger(other),
        }
    }
}
