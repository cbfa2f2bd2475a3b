//! What people write down about a contact.

use std::collections::HashMap;

use ledger::{LedgerError, Result};
use serde::{Deserialize, Serialize};
use sms::{AccountId, Micros, Number};

use crate::contact_values::contact_of;
use crate::{Service, documents};

/// The kind of the documents that tell whose a note is, one a note.
const OWNER: &str = "contact-note";
/// The kind of the documents that hold the notes of one contact, each named by its contact's number.
const NOTES: &str = "contact-notes";

/// A note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactNote {
    /// Its number among the account's notes.
    pub number: Number,
    /// The contact it is about.
    pub contact: Number,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub created: Micros,
}

/// Which notes of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhichNotes {
    /// These; those that do not exist, or are about another, are passed over.
    Numbers(Vec<Number>),
    /// All.
    All,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Owner {
    contact: Number,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Written {
    number: Number,
    text: String,
    created: i64,
}

fn note(contact: Number, written: Written) -> ContactNote {
    let Written { number, text, created } = written;
    ContactNote { number, contact, text, created: Micros::new(created) }
}

impl Service {
    /// The notes about these contacts, each by rising number; contacts without any are missing from the map.
    pub async fn contact_notes(
        &self,
        account: AccountId,
        contacts: Vec<Number>,
    ) -> Result<HashMap<Number, Vec<ContactNote>>> {
        let names = contacts.iter().map(Number::to_string).collect();
        let found = self.ledger.documents_by_name(account, NOTES.to_owned(), names).await?;
        found
            .into_iter()
            .map(|(name, document)| {
                let contact = contact_of(&name)?;
                let written = documents::read::<Vec<Written>>(document)?.body;
                Ok((contact, written.into_iter().map(|written| note(contact, written)).collect()))
            })
            .collect()
    }

    /// One note.
    pub async fn contact_note(&self, account: AccountId, number: Number) -> Result<Option<ContactNote>> {
        let Some(owner) = self.typed::<Owner>(account, OWNER, number).await? else { return Ok(None) };
        let contact = owner.body.contact;
        let notes = self.contact_notes(account, vec![contact]).await?.remove(&contact).unwrap_or_default();
        Ok(notes.into_iter().find(|note| note.number == number))
    }

    /// Writes a note about a contact; returns its number.
    pub async fn add_contact_note(&self, account: AccountId, contact: Number, text: &str) -> Result<Number> {
        let number = self.put_typed(account, OWNER, 0, None, &Owner { contact }).await?;
        let written = Written { number, text: text.to_owned(), created: self.now().get() };
        self.change_notes(account, contact, |notes| notes.push(written)).await?;
        Ok(number)
    }

    /// Rewrites a note; [`LedgerError::NotFound`] without one.
    pub async fn rewrite_contact_note(&self, account: AccountId, number: Number, text: &str) -> Result<()> {
        let known = self.contact_note(account, number).await?.ok_or(LedgerError::NotFound)?;
        self.change_notes(account, known.contact, |notes| {
            for note in notes.iter_mut().filter(|note| note.number == number) {
                text.clone_into(&mut note.text);
            }
        })
        .await
    }

    /// Removes notes about a contact.
    pub async fn remove_contact_notes(
        &self,
        account: AccountId,
        contact: Number,
        which: WhichNotes,
    ) -> Result<()> {
        let mut gone = Vec::new();
        self.change_notes(account, contact, |notes| {
            notes.retain(|note| {
                let goes = match &which {
                    WhichNotes::Numbers(numbers) => numbers.contains(&note.number),
                    WhichNotes::All => true,
                };
                gone.extend(goes.then_some(note.number));
                !goes
            });
        })
        .await?;
        for number in gone {
            match self.ledger.remove_document(account, OWNER.to_owned(), number).await {
                // Somebody else was removing it too.
                Err(LedgerError::NotFound) => {}
                result => result?,
            }
        }
        Ok(())
    }

    async fn change_notes(
        &self,
        account: AccountId,
        contact: Number,
        change: impl FnOnce(&mut Vec<Written>),
    ) -> Result<()> {
        let name = contact.to_string();
        let _alone = self.alone_with(contact).await;
        let known = self.typed_by_name::<Vec<Written>>(account, NOTES, &name).await?;
        let (number, before) = known.map_or((0, Vec::new()), |known| (known.number, known.body));
        let mut notes = before.clone();
        change(&mut notes);
        match (number, notes == before, notes.is_empty()) {
            (_, true, _) => Ok(()),
            (number, false, true) => self.ledger.remove_document(account, NOTES.to_owned(), number).await,
            (number, false, false) => {
                self.put_typed(account, NOTES, number, Some(name), &notes).await.map(drop)
            }
        }
    }
}
