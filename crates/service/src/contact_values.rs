//! Values that an account keeps of a contact under names of its own, for placeholders in texts.

use std::collections::{BTreeMap, HashMap};

use ledger::people::Document;
use ledger::{LedgerError, Result};
use sms::{AccountId, Number};

use crate::{Service, documents};

/// The kind of the documents; each is named by its contact's number.
const KIND: &str = "contact-values";

/// Values by name. Names are compared as they are written.
pub type Values = BTreeMap<String, String>;

impl Service {
    /// The values of these contacts; those that have none are missing from the map.
    pub async fn contact_values(
        &self,
        account: AccountId,
        contacts: Vec<Number>,
    ) -> Result<HashMap<Number, Values>> {
        let names = contacts.iter().map(Number::to_string).collect();
        let found = self.ledger.documents_by_name(account, KIND.to_owned(), names).await?;
        found.into_iter().map(of_contact).collect()
    }

    /// Replaces the values of a contact.
    pub async fn put_contact_values(
        &self,
        account: AccountId,
        contact: Number,
        values: &Values,
    ) -> Result<()> {
        let name = contact.to_string();
        let known = self.ledger.document_by_name(account, KIND.to_owned(), name.clone()).await?;
        match (known, values.is_empty()) {
            (None, true) => Ok(()),
            (Some(known), true) => self.ledger.remove_document(account, KIND.to_owned(), known.number).await,
            (known, false) => {
                let number = known.map_or(0, |document| document.number);
                self.put_typed(account, KIND, number, Some(name), values).await.map(drop)
            }
        }
    }
}

fn of_contact((name, document): (String, Document)) -> Result<(Number, Values)> {
    let contact = name
        .parse()
        .map_err(|_| LedgerError::Corrupt(format!("values of \"{name}\", which is no contact's number")))?;
    Ok((contact, documents::read(document)?.body))
}
