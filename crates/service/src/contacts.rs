//! Contacts by the many, as they come with a list.

use std::collections::HashMap;

use ledger::Result;
use ledger::model::Contact;
use sms::{AccountId, Number};

use crate::Service;

impl Service {
    /// Sees to it that there is a contact of each phone (digits, each once): one that is there keeps what
    /// the new one leaves open. Returns their numbers in the order given, in which
    /// new ones rise.
    pub async fn put_contacts(&self, account: AccountId, contacts: Vec<Contact>) -> Result<Vec<Number>> {
        let phones = contacts.iter().map(|contact| contact.phone.clone()).collect();
        let mut known: HashMap<String, Contact> = self.ledger.contacts_by_phone(account, phones).await?;
        let now = self.now();
        let wanted = contacts.into_iter().map(|new| {
            let before = known.remove(&new.phone);
            let merged = match &before {
                Some(before) => over(before.clone(), new),
                None => Contact { created: now, ..new },
            };
            (before, merged)
        });
        let put = |service: Self, (before, merged): (Option<Contact>, Contact)| async move {
            match before {
                Some(before) if before == merged => Ok(before.number),
                _ => service.ledger.put_contact(account, merged).await,
            }
        };
        self.together(wanted.collect(), put).await
    }
}

/// A contact with whatever the other one knows better.
fn over(before: Contact, new: Contact) -> Contact {
    Contact {
        first_name: new.first_name.or(before.first_name),
        last_name: new.last_name.or(before.last_name),
        company: new.company.or(before.company),
        email: new.email.or(before.email),
        ..Contact {
            number: before.number,
            phone: before.phone,
            created: before.created,
            ..Contact::default()
        }
    }
}
