//! Values that an account keeps of a contact, for placeholders in texts: under names of its own, or of one of
//! the account's fields.

use std::collections::{BTreeMap, HashMap};

use ledger::people::Document;
use ledger::{LedgerError, Result};
use serde::{Deserialize, Serialize};
use sms::{AccountId, Number};

use crate::{Service, documents};

/// The kind of the documents; each is named by its contact's number.
const KIND: &str = "contact-values";

/// Values by name. Names are compared as they are written.
pub type Values = BTreeMap<String, String>;

/// Values by the number of their field.
pub type FieldValues = BTreeMap<Number, String>;

/// What is kept of a contact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Body {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    named: Values,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    fields: FieldValues,
}

impl Service {
    /// The values of these contacts by name, those of fields by their field's; contacts that have none are
    /// missing from the map. A name that is also a field's stands for the field.
    pub async fn contact_values(
        &self,
        account: AccountId,
        contacts: Vec<Number>,
    ) -> Result<HashMap<Number, Values>> {
        let bodies = self.bodies(account, contacts).await?;
        let fields = if bodies.values().any(|body| !body.fields.is_empty()) {
            self.all_contact_fields(account).await?
        } else {
            Vec::new()
        };
        let values = bodies.into_iter().map(|(contact, Body { mut named, fields: mut values })| {
            for field in &fields {
                if let Some(value) = values.remove(&field.number) {
                    named.insert(field.name.clone(), value);
                }
            }
            (contact, named)
        });
        Ok(values.filter(|(_, values)| !values.is_empty()).collect())
    }

    /// The values that these contacts have of the account's fields; contacts that have none are missing from
    /// the map.
    pub async fn field_values(
        &self,
        account: AccountId,
        contacts: Vec<Number>,
    ) -> Result<HashMap<Number, FieldValues>> {
        let bodies = self.bodies(account, contacts).await?.into_iter();
        Ok(bodies.map(|(contact, body)| (contact, body.fields)).filter(|(_, it)| !it.is_empty()).collect())
    }

    /// Replaces the named values of a contact; those of fields stay.
    pub async fn put_contact_values(
        &self,
        account: AccountId,
        contact: Number,
        values: &Values,
    ) -> Result<()> {
        self.change_values(account, contact, |body| body.named.clone_from(values)).await
    }

    /// Gives a contact values of fields; an empty one takes its value away, and what is not mentioned stays.
    pub async fn put_field_values(
        &self,
        account: AccountId,
        contact: Number,
        values: &FieldValues,
    ) -> Result<()> {
        if values.is_empty() {
            return Ok(());
        }
        let known = self.all_contact_fields(account).await?;
        self.change_values(account, contact, |body| {
            body.fields.extend(values.iter().map(|(field, value)| (*field, value.clone())));
            body.fields.retain(|number, value| {
                !value.is_empty() && known.iter().any(|field| field.number == *number)
            });
        })
        .await
    }

    /// Forgets every value of a contact.
    pub(crate) async fn forget_values(&self, account: AccountId, contact: Number) -> Result<()> {
        self.change_values(account, contact, |body| *body = Body::default()).await
    }

    async fn change_values(
        &self,
        account: AccountId,
        contact: Number,
        change: impl FnOnce(&mut Body),
    ) -> Result<()> {
        let name = contact.to_string();
        let _alone = self.alone_with(contact).await;
        let known = self.typed_by_name::<Body>(account, KIND, &name).await?;
        let (number, before) = known.map_or((0, Body::default()), |known| (known.number, known.body));
        let mut body = before.clone();
        change(&mut body);
        match (number, body == before, body == Body::default()) {
            (_, true, _) => Ok(()),
            (number, false, true) => self.ledger.remove_document(account, KIND.to_owned(), number).await,
            (number, false, false) => {
                self.put_typed(account, KIND, number, Some(name), &body).await.map(drop)
            }
        }
    }

    async fn bodies(&self, account: AccountId, contacts: Vec<Number>) -> Result<HashMap<Number, Body>> {
        let names = contacts.iter().map(Number::to_string).collect();
        let found = self.ledger.documents_by_name(account, KIND.to_owned(), names).await?;
        found.into_iter().map(of_contact).collect()
    }
}

fn of_contact<T: serde::de::DeserializeOwned>((name, document): (String, Document)) -> Result<(Number, T)> {
    Ok((contact_of(&name)?, documents::read(document)?.body))
}

/// The contact that a document is named by.
pub(crate) fn contact_of(name: &str) -> Result<Number> {
    name.parse().map_err(|_| LedgerError::Corrupt(format!("\"{name}\" is no contact's number")))
}
