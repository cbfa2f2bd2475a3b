//! Fields that an account keeps of its contacts beside the usual ones, each with a name of its own.

use ledger::people::Slice;
use ledger::query::Page;
use ledger::{LedgerError, Refusal, Result};
use serde::{Deserialize, Serialize};
use sms::{AccountId, Micros, Number};

use crate::Service;
use crate::documents::Typed;

/// The kind of the documents; each is named by its field's name.
const KIND: &str = "contact-field";

/// A field of contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactField {
    /// Its number among the account's fields.
    pub number: Number,
    /// Its name, unique among them: the word of its placeholder.
    pub name: String,
    /// When it was made.
    pub created: Micros,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Body {
    created: i64,
}

fn field(document: Typed<Body>) -> ContactField {
    let Typed { number, name, body } = document;
    ContactField { number, name: name.unwrap_or_default(), created: Micros::new(body.created) }
}

impl Service {
    /// A page of fields, by number.
    pub async fn contact_fields(&self, account: AccountId, slice: Slice) -> Result<Page<ContactField>> {
        let Page { total, items, bound } = self.typed_page(account, KIND, slice).await?;
        Ok(Page { total, items: items.into_iter().map(field).collect(), bound })
    }

    /// All fields, by number.
    pub async fn all_contact_fields(&self, account: AccountId) -> Result<Vec<ContactField>> {
        Ok(self.typed_all(account, KIND).await?.into_iter().map(field).collect())
    }

    /// One field.
    pub async fn contact_field(&self, account: AccountId, number: Number) -> Result<Option<ContactField>> {
        Ok(self.typed(account, KIND, number).await?.map(field))
    }

    /// Adds a field (`number` zero), made now, or renames the one of that number, whose values stay; returns
    /// the number. [`Refusal::Taken`] when another has the name.
    pub async fn put_contact_field(&self, account: AccountId, number: Number, name: &str) -> Result<Number> {
        let name = name.trim();
        if name.is_empty() {
            return Err(LedgerError::Refused(Refusal::Value("a field has a name".to_owned())));
        }
        let created = match number {
            0 => self.now(),
            number => self.contact_field(account, number).await?.ok_or(LedgerError::NotFound)?.created,
        };
        self.put_typed(account, KIND, number, Some(name.to_owned()), &Body { created: created.get() }).await
    }

    /// Removes a field and with it every contact's value; [`LedgerError::NotFound`] without one.
    pub async fn remove_contact_field(&self, account: AccountId, number: Number) -> Result<()> {
        // Values are kept by the field's number, which is never given again: without the field they are
        // nobody's, and go when their contact is next written.
        self.ledger.remove_document(account, KIND.to_owned(), number).await
    }
}
