//! Contacts and opt-outs.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use sms::{AccountId, Micros, Number};

use crate::error::Result;
use crate::model::Contact;
use crate::people::{OptOut, Slice, Unwanted};
use crate::query::{ContactQuery, Page};

/// Those on the other side: contacts, and who wants to hear nothing more.
#[async_trait]
pub trait People: Send + Sync + 'static {
    /// Adds a contact, or changes the one with its phone; returns its number.
    async fn put_contact(&self, account: AccountId, contact: Contact) -> Result<Number>;
    /// Removes a contact.
    async fn remove_contact(&self, account: AccountId, contact: Number) -> Result<()>;
    /// A page of contacts.
    async fn contacts(&self, account: AccountId, query: ContactQuery) -> Result<Page<Contact>>;
    /// The contacts with these phones.
    async fn contacts_by_phone(
        &self,
        account: AccountId,
        phones: Vec<String>,
    ) -> Result<HashMap<String, Contact>>;
    /// Those of these phones whose contact is blocked.
    async fn blocked(&self, account: AccountId, phones: Vec<String>) -> Result<HashSet<String>>;
    /// Adds an opt-out, unless the phone has one; returns its number.
    async fn opt_out(&self, account: AccountId, opt_out: OptOut) -> Result<Number>;
    /// Lifts the opt-out of a phone; the row stays as history. [`crate::LedgerError::NotFound`] without one.
    async fn lift_opt_out(&self, account: AccountId, phone: String, at: Micros) -> Result<()>;
    /// A page of the opt-outs in force.
    async fn opt_outs(&self, account: AccountId, slice: Slice) -> Result<Page<OptOut>>;
    /// The opt-out of a number, if it is in force.
    async fn opt_out_of_number(&self, account: AccountId, number: Number) -> Result<Option<OptOut>>;
    /// The opt-out that an MO is the proof of, in force or lifted since.
    async fn opt_out_of_message(&self, account: AccountId, message: Number) -> Result<Option<OptOut>>;
    /// Who of these phones' owners is not to be written to: what every submission asks.
    async fn unwanted(&self, account: AccountId, phones: Vec<String>) -> Result<Unwanted>;
    /// The opt-outs in force among these phones.
    async fn opted_out(&self, account: AccountId, phones: Vec<String>) -> Result<HashMap<String, OptOut>>;
}
