//! Documents as typed values: what the service keeps in the ledger as small JSON bodies.

use ledger::people::{Document, Slice};
use ledger::query::Page;
use ledger::{LedgerError, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sms::{AccountId, Number};

use crate::Service;

/// Octets of bodies read at once when all of a kind are wanted.
const AT_ONCE: usize = 1 << 20;

/// A document whose body was read.
#[derive(Clone, Debug)]
pub(crate) struct Typed<T> {
    pub(crate) number: Number,
    pub(crate) name: Option<String>,
    pub(crate) body: T,
}

/// The JSON of a body.
pub(crate) fn write<T: Serialize>(body: &T) -> Result<String> {
    serde_json::to_string(body).map_err(|error| LedgerError::Store(format!("a document: {error}")))
}

/// A document with its body read.
pub(crate) fn read<T: DeserializeOwned>(document: Document) -> Result<Typed<T>> {
    let Document { number, name, body } = document;
    let body = serde_json::from_str(&body)
        .map_err(|error| LedgerError::Corrupt(format!("document {number} cannot be read: {error}")))?;
    Ok(Typed { number, name, body })
}

impl Service {
    /// One document.
    pub(crate) async fn typed<T: DeserializeOwned>(
        &self,
        account: AccountId,
        kind: &str,
        number: Number,
    ) -> Result<Option<Typed<T>>> {
        self.ledger.document(account, kind.to_owned(), number).await?.map(read).transpose()
    }

    /// The document of a name.
    pub(crate) async fn typed_by_name<T: DeserializeOwned>(
        &self,
        account: AccountId,
        kind: &str,
        name: &str,
    ) -> Result<Option<Typed<T>>> {
        let found = self.ledger.document_by_name(account, kind.to_owned(), name.to_owned()).await?;
        found.map(read).transpose()
    }

    /// A page of a kind, by number.
    pub(crate) async fn typed_page<T: DeserializeOwned>(
        &self,
        account: AccountId,
        kind: &str,
        slice: Slice,
    ) -> Result<Page<Typed<T>>> {
        let Page { total, items, bound } = self.ledger.documents(account, kind.to_owned(), slice).await?;
        let items = items.into_iter().map(read).collect::<Result<_>>()?;
        Ok(Page { total, items, bound })
    }

    /// All of a kind, by number.
    pub(crate) async fn typed_all<T: DeserializeOwned>(
        &self,
        account: AccountId,
        kind: &str,
    ) -> Result<Vec<Typed<T>>> {
        let mut all = Vec::new();
        self.typed_each(account, kind, |document| all.push(document)).await?;
        Ok(all)
    }

    /// Looks at all of a kind, by number. Some kinds have bodies of megabytes: one at a time is read into its
    /// type, and few are held as they are kept.
    pub(crate) async fn typed_each<T: DeserializeOwned>(
        &self,
        account: AccountId,
        kind: &str,
        mut look: impl FnMut(Typed<T>),
    ) -> Result<()> {
        let mut after = 0;
        loop {
            let stretch = self.ledger.documents_after(account, kind.to_owned(), after, AT_ONCE).await?;
            let Some(last) = stretch.last() else { return Ok(()) };
            after = last.number;
            for document in stretch {
                look(read(document)?);
            }
        }
    }

    /// Adds a document (`number` zero) or changes the one of its number; returns the number.
    pub(crate) async fn put_typed<T: Serialize>(
        &self,
        account: AccountId,
        kind: &str,
        number: Number,
        name: Option<String>,
        body: &T,
    ) -> Result<Number> {
        let document = Document { number, name, body: write(body)? };
        self.ledger.put_document(account, kind.to_owned(), document).await
    }

    /// Writes the one document of a kind that an account has only once.
    pub(crate) async fn put_only<T: Serialize>(
        &self,
        account: AccountId,
        kind: &str,
        body: &T,
    ) -> Result<()> {
        let known = self.ledger.document_by_name(account, kind.to_owned(), kind.to_owned()).await?;
        let number = known.map_or(0, |document| document.number);
        self.put_typed(account, kind, number, Some(kind.to_owned()), body).await?;
        Ok(())
    }

    /// The one document of a kind that an account has only once.
    pub(crate) async fn only<T: DeserializeOwned>(
        &self,
        account: AccountId,
        kind: &str,
    ) -> Result<Option<T>> {
        Ok(self.typed_by_name(account, kind, kind).await?.map(|document| document.body))
    }
}

/// The page that `slice` makes of items which were filtered here, in the order they are in.
pub(crate) fn page_of<T>(mut items: Vec<T>, slice: &Slice) -> Page<T> {
    let total = items.len() as u64;
    if slice.descending {
        items.reverse();
    }
    let offset = usize::try_from(slice.offset).unwrap_or(usize::MAX);
    let items = items.into_iter().skip(offset).take(slice.limit as usize).collect();
    Page { total, items, bound: 0 }
}
