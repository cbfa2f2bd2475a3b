//! Many contacts at once, with what became of them.

use ledger::model::Contact;
use ledger::{LedgerError, Result};
use serde::{Deserialize, Serialize};
use sms::{AccountId, Number};

use crate::Service;
use crate::contact_values::FieldValues;

/// The kind of the documents that tell what became of an import.
const KIND: &str = "contact-import";

/// Contacts under way at once: each is a commit, which they then share.
const TOGETHER: usize = 256;

/// A contact to be taken in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewContact {
    /// The contact. One with its phone that is there already stays, with what this one says over it.
    pub contact: Contact,
    /// Its values of the account's fields.
    pub values: FieldValues,
}

/// What became of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactImport {
    /// Contacts that were taken in.
    pub taken: u64,
    /// Rows that were none.
    pub refused: u64,
}

impl Service {
    /// Takes in contacts, each phone once (the last one counts), and puts them into a list. `refused` rows were
    /// found to be no contacts before. Returns the number under which [`Service::contact_import`] tells the
    /// outcome. [`LedgerError::NotFound`] without the list.
    pub async fn import_contacts(
        &self,
        account: AccountId,
        contacts: Vec<NewContact>,
        refused: u64,
        list: Number,
    ) -> Result<Number> {
        self.list(account, list).await?.ok_or(LedgerError::NotFound)?;
        let mut by_phone = std::collections::BTreeMap::new();
        by_phone.extend(contacts.into_iter().map(|new| (new.contact.phone.clone(), new)));
        let contacts: Vec<NewContact> = by_phone.into_values().collect();
        let mut taken = 0;
        for group in contacts.chunks(TOGETHER) {
            let mut writes = tokio::task::JoinSet::new();
            for new in group.iter().cloned() {
                let service = self.clone();
                writes.spawn(async move { service.take_in(account, new).await });
            }
            let mut numbers = Vec::with_capacity(group.len());
            while let Some(written) = writes.join_next().await {
                let written = written.map_err(|error| LedgerError::Store(format!("a write broke: {error}")));
                numbers.push(written??);
            }
            taken += numbers.len() as u64;
            self.add_members(account, list, numbers).await?;
        }
        self.put_typed(account, KIND, 0, None, &ContactImport { taken, refused }).await
    }

    /// What became of an import.
    pub async fn contact_import(&self, account: AccountId, number: Number) -> Result<Option<ContactImport>> {
        Ok(self.typed(account, KIND, number).await?.map(|document| document.body))
    }

    async fn take_in(&self, account: AccountId, new: NewContact) -> Result<Number> {
        let NewContact { contact: new, values } = new;
        let known = self.contacts_by_phone(account, vec![new.phone.clone()]).await?.into_values().next();
        let known = known.unwrap_or_else(|| Contact { created: self.now(), ..Contact::default() });
        let contact = Contact {
            phone: new.phone,
            first_name: new.first_name.or(known.first_name),
            last_name: new.last_name.or(known.last_name),
            company: new.company.or(known.company),
            email: new.email.or(known.email),
            ..known
        };
        let number = self.put_contact(account, contact).await?;
        self.put_field_values(account, number, &values).await?;
        Ok(number)
    }
}
