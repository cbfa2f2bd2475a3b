//! Documents and lists.

use std::collections::HashMap;

use async_trait::async_trait;
use sms::{AccountId, Number};

use crate::error::Result;
use crate::people::{Document, Slice};
use crate::query::Page;

/// What dialects keep beside the messages: documents of a kind each, and lists of contacts.
#[async_trait]
pub trait Documents: Send + Sync + 'static {
    /// Adds a document of a kind, or changes the one of its number; returns the number.
    /// [`crate::Refusal::Taken`] when another has its name.
    async fn put_document(&self, account: AccountId, kind: String, document: Document) -> Result<Number>;
    /// Removes a document.
    async fn remove_document(&self, account: AccountId, kind: String, number: Number) -> Result<()>;
    /// One document.
    async fn document(&self, account: AccountId, kind: String, number: Number) -> Result<Option<Document>>;
    /// The document of a name.
    async fn document_by_name(
        &self,
        account: AccountId,
        kind: String,
        name: String,
    ) -> Result<Option<Document>>;
    /// The documents of these names; those that are not there are missing from the map.
    async fn documents_by_name(
        &self,
        account: AccountId,
        kind: String,
        names: Vec<String>,
    ) -> Result<HashMap<String, Document>>;
    /// A page of the documents of a kind.
    async fn documents(&self, account: AccountId, kind: String, slice: Slice) -> Result<Page<Document>>;
    /// The documents of a kind after a number, by rising number: at least one, and no more once their bodies
    /// have come to this many octets. For walks over all of them, which none that stays is left out of.
    async fn documents_after(
        &self,
        account: AccountId,
        kind: String,
        after: Number,
        octets: usize,
    ) -> Result<Vec<Document>>;
    /// Puts contacts into a list, or takes them out.
    async fn set_members(
        &self,
        account: AccountId,
        list: Number,
        contacts: Vec<Number>,
        in_it: bool,
    ) -> Result<()>;
    /// The contacts of a list, by number.
    async fn members(&self, account: AccountId, list: Number, slice: Slice) -> Result<Page<Number>>;
    /// How many contacts each of these lists has.
    async fn member_counts(&self, account: AccountId, lists: Vec<Number>) -> Result<HashMap<Number, u64>>;
    /// The lists each of these contacts stands in, by rising number; those in none are missing from the map.
    async fn lists_of(
        &self,
        account: AccountId,
        contacts: Vec<Number>,
    ) -> Result<HashMap<Number, Vec<Number>>>;
}
