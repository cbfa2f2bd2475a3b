//! Large submissions, each with a record of its own: for callers that look at those apart from all others.
//!
//! A record is made where [`crate::plan::SubmitRequest::large`] asks for it, in the commit that takes the
//! messages in, so it is never of something under way. What is sent later has a schedule instead.

use ledger::Result;
use ledger::change::BatchDocument;
use ledger::people::Slice;
use ledger::query::Page;
use serde::{Deserialize, Serialize};
use sms::{AccountId, Micros, Number};

use crate::Service;
use crate::documents::{Typed, write};
use crate::plan::Facts;

/// The kind of the documents; each is named by its batch.
pub(crate) const KIND: &str = "large";

/// The record of a large submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Large {
    /// Its number among the account's large submissions.
    pub number: Number,
    /// Its batch, which may have been deleted since.
    pub batch: Number,
    /// When it was taken in.
    pub created: Micros,
    /// Messages it had then.
    pub messages: u64,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Body {
    created: i64,
    messages: u64,
}

fn record(document: Typed<Body>) -> Large {
    let Typed { number, name, body: Body { created, messages } } = document;
    let batch = name.and_then(|name| name.parse().ok()).unwrap_or(0);
    Large { number, batch, created: Micros::new(created), messages }
}

/// The record of a submission that is large enough to have one.
pub(crate) fn document_of(facts: &Facts) -> Result<Option<BatchDocument>> {
    let messages = facts.targets.all.len() as u64;
    if facts.request.large.is_none_or(|most| messages <= u64::from(most)) {
        return Ok(None);
    }
    let body = write(&Body { created: facts.now.get(), messages })?;
    Ok(Some(BatchDocument { kind: KIND.to_owned(), number: 0, body }))
}

impl Service {
    /// A page of the records of large submissions, by number.
    pub async fn large_submissions(&self, account: AccountId, slice: Slice) -> Result<Page<Large>> {
        let Page { total, items, bound } = self.typed_page(account, KIND, slice).await?;
        Ok(Page { total, items: items.into_iter().map(record).collect(), bound })
    }

    /// One of them.
    pub async fn large_submission(&self, account: AccountId, number: Number) -> Result<Option<Large>> {
        Ok(self.typed(account, KIND, number).await?.map(record))
    }
}
