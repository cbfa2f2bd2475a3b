//! Numbers that are known to belong to nobody: an account keeps a list of them, and nothing is sent there.

use std::collections::HashSet;

use ledger::people::Slice;
use ledger::query::Page;
use ledger::{LedgerError, Refusal, Result};
use serde::{Deserialize, Serialize};
use sms::{AccountId, Micros, Number};

use crate::Service;
use crate::documents::Typed;

/// The kind of the documents; each is named by its number's digits.
const KIND: &str = "unassigned";

/// A number that belongs to nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unassigned {
    /// Its place among the account's.
    pub number: Number,
    /// The phone in E.164 digits.
    pub phone: String,
    /// Since when it is known.
    pub since: Micros,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Body {
    since: i64,
}

fn unassigned(document: Typed<Body>) -> Unassigned {
    let Typed { number, name, body } = document;
    Unassigned { number, phone: name.unwrap_or_default(), since: Micros::new(body.since) }
}

impl Service {
    /// A page of the numbers known to be unassigned, by place.
    pub async fn unassigned(&self, account: AccountId, slice: Slice) -> Result<Page<Unassigned>> {
        let Page { total, items, bound } = self.typed_page(account, KIND, slice).await?;
        Ok(Page { total, items: items.into_iter().map(unassigned).collect(), bound })
    }

    /// Which of these phones (digits) are known to be unassigned.
    pub async fn unassigned_among(&self, account: AccountId, phones: Vec<String>) -> Result<HashSet<String>> {
        let known = self.ledger.documents_by_name(account, KIND.to_owned(), phones).await?;
        Ok(known.into_keys().collect())
    }

    /// Notes that phones (digits) belong to nobody; submissions accepted after this returns leave them out.
    /// Returns how many were not known before.
    pub async fn note_unassigned(&self, account: AccountId, phones: Vec<String>) -> Result<u64> {
        let known = self.unassigned_among(account, phones.clone()).await?;
        let since = self.now().get();
        let mut seen = known;
        let new = phones.into_iter().filter(|phone| seen.insert(phone.clone()));
        let put = |service: Self, phone: String| async move {
            match service.put_typed(account, KIND, 0, Some(phone), &Body { since }).await {
                Ok(_) => Ok(true),
                // Somebody was faster.
                Err(LedgerError::Refused(Refusal::Taken(_))) => Ok(false),
                Err(error) => Err(error),
            }
        };
        let put = self.together(new.collect(), put).await;
        self.rules.forget(&account);
        Ok(put?.into_iter().filter(|new| *new).count() as u64)
    }

    /// Forgets that phones (digits) belong to nobody; those of which it was not known are passed over.
    pub async fn forget_unassigned(&self, account: AccountId, phones: Vec<String>) -> Result<()> {
        let known = self.ledger.documents_by_name(account, KIND.to_owned(), phones).await?;
        let remove = |service: Self, number: Number| async move {
            match service.ledger.remove_document(account, KIND.to_owned(), number).await {
                Err(LedgerError::NotFound) => Ok(()),
                result => result,
            }
        };
        let removed =
            self.together(known.into_values().map(|document| document.number).collect(), remove).await;
        self.rules.forget(&account);
        removed.map(drop)
    }

    /// Whether the account knows any.
    pub(crate) async fn knows_unassigned(&self, account: AccountId) -> Result<bool> {
        let slice = Slice { limit: 1, ..Slice::default() };
        Ok(self.ledger.documents(account, KIND.to_owned(), slice).await?.total > 0)
    }
}
