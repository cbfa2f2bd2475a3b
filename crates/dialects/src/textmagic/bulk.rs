//! Actions on many things at once: `ids` or `all`, and the walks that find what they mean.

use service::LedgerError;
use service::change::Hide;
use service::query::MessageQuery;
use sms::Number;

use super::call::Call;
use super::error::{Failure, Problems};
use super::fields::Fields;

/// Things taken into one write: bounds a transaction, and what is held in memory.
pub(super) const GROUP: u32 = 1000;

/// What an action on many is to touch.
#[derive(Debug, PartialEq)]
pub(super) enum Which {
    /// These; those that do not exist are passed over.
    Ids(Vec<Number>),
    /// Everything there is when the action begins.
    All,
}

impl Which {
    /// Reads `ids` and `all`, one of which is needed; `all` wins.
    pub(super) fn of(body: &Fields) -> Result<Self, Failure> {
        if body.flag("all")? == Some(true) {
            return Ok(Self::All);
        }
        match body.ids("ids")? {
            Some(ids) => Ok(Self::Ids(ids)),
            None => Err(needed("ids")),
        }
    }

    /// The ids, or `None` for everything.
    pub(super) fn ids(self) -> Option<Vec<Number>> {
        match self {
            Self::Ids(ids) => Some(ids),
            Self::All => None,
        }
    }
}

/// The refusal of an action that names nothing to act on.
pub(super) fn needed(name: &str) -> Failure {
    let mut problems = Problems::default();
    problems.common("Either ids or all=1 is needed.");
    problems.field(name, "This value should not be blank.");
    Failure::Invalid(problems)
}

/// Hides every message that a query matches now; what arrives meanwhile is left alone.
pub(super) async fn hide_messages(call: &Call<'_>, query: MessageQuery) -> Result<(), Failure> {
    let numbers = call.service.numbers(call.account(), query).await?;
    for group in numbers.chunks(GROUP as usize) {
        call.service.hide(call.account(), Hide::Messages(group.to_vec())).await?;
    }
    Ok(())
}

/// Hides one batch with its messages; whether it was there.
pub(super) async fn hide_batch(call: &Call<'_>, batch: Number) -> Result<bool, Failure> {
    match call.service.hide(call.account(), Hide::Batch(batch)).await {
        Ok(_) => Ok(true),
        Err(LedgerError::NotFound) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
