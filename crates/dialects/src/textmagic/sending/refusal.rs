//! Why a submission was refused, in this vendor's two places: the request as a whole, or one parameter.

use service::plan::{SubmitError, SubmitRefusal};
use service::schedules::RuleError;

use super::super::error::{Failure, Problems};
use super::super::fields::Fields;

/// Neither of the two ways to say what is to be sent.
pub(super) const NO_TEXT: &str = "Either text or templateId is needed.";
/// A template that is not there.
pub(super) const NO_TEMPLATE: &str = "This template does not exist.";
const NO_RECIPIENTS: &str = "There are no recipients: phones, contacts or lists are needed.";

/// The refusal of a submission with these parameters.
pub(in super::super) fn failure(error: SubmitError, fields: &Fields) -> Failure {
    match error {
        SubmitError::Ledger(error) => error.into(),
        SubmitError::Refused(SubmitRefusal::KeyReused) => {
            Failure::Conflict("This Idempotency-Key was used with another request")
        }
        SubmitError::Refused(refusal) => {
            let mut problems = Problems::default();
            note(&refusal, &mut problems);
            fields.refuse(problems)
        }
    }
}

fn note(refusal: &SubmitRefusal, problems: &mut Problems) {
    match refusal {
        SubmitRefusal::EmptyText => problems.common(NO_TEXT),
        SubmitRefusal::NoRecipients => problems.common(NO_RECIPIENTS),
        SubmitRefusal::TooManyRecipients { most } => {
            problems.common(&format!("There are more than {most} recipients."));
        }
        SubmitRefusal::Recipient { text, reason, .. } => {
            problems.field("phones", &format!("\"{text}\" is not a valid phone number: {reason}."));
        }
        SubmitRefusal::Sender(error) => problems.field("from", &format!("This sender is refused: {error}.")),
        SubmitRefusal::TooLong { segments, most } => {
            let sentence = format!("The text takes {segments} parts, of which {most} are allowed.");
            problems.field("text", &sentence);
        }
        SubmitRefusal::Past => problems.field("sendingTime", "This time is past."),
        SubmitRefusal::Rule(RuleError::Zone(_)) => {
            problems.field("sendingTimezone", "This value is not a valid time zone.");
        }
        SubmitRefusal::Rule(error) => problems.field("rrule", &format!("This rule is refused: {error}.")),
        SubmitRefusal::Template(_) => problems.field("templateId", NO_TEMPLATE),
        SubmitRefusal::Contact(number) => {
            problems.field("contacts", &format!("The contact {number} does not exist."));
        }
        SubmitRefusal::List(number) => {
            problems.field("lists", &format!("The list {number} does not exist."));
        }
        SubmitRefusal::Funds { balance, price } => {
            problems.common(&format!("The balance of {balance} does not cover the price of {price}."));
        }
        // No parameter of this API leads to the first two; the third has an answer of its own.
        SubmitRefusal::Window
        | SubmitRefusal::Program(_)
        | SubmitRefusal::KeyReused
        | SubmitRefusal::NumbersExhausted => problems.common(&format!("{refusal}.")),
    }
}
