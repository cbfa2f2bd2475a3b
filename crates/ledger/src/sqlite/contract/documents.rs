//! Documents and lists.

use std::collections::HashMap;

use async_trait::async_trait;
use sms::{AccountId, Number};

use crate::error::Result;
use crate::people::{Document, Slice};
use crate::query::Page;
use crate::sqlite::{Sqlite, documents};
use crate::traits::Documents;

#[async_trait]
impl Documents for Sqlite {
    async fn put_document(&self, account: AccountId, kind: String, document: Document) -> Result<Number> {
        self.writer.write(1, move |t| documents::put(t, account, &kind, &document)).await
    }

    async fn remove_document(&self, account: AccountId, kind: String, number: Number) -> Result<()> {
        self.writer.write(1, move |t| documents::remove(t, account, &kind, number)).await
    }

    async fn document(&self, account: AccountId, kind: String, number: Number) -> Result<Option<Document>> {
        self.read(move |engine| engine.with_connection(|conn| documents::one(conn, account, &kind, number)))
            .await
    }

    async fn document_by_name(
        &self,
        account: AccountId,
        kind: String,
        name: String,
    ) -> Result<Option<Document>> {
        self.read(move |engine| {
            engine.with_connection(|conn| documents::by_name(conn, account, &kind, &name))
        })
        .await
    }

    async fn documents_by_name(
        &self,
        account: AccountId,
        kind: String,
        names: Vec<String>,
    ) -> Result<HashMap<String, Document>> {
        self.read(move |engine| {
            engine.in_transaction(|conn| documents::of_names(conn, account, &kind, &names))
        })
        .await
    }

    async fn documents(&self, account: AccountId, kind: String, slice: Slice) -> Result<Page<Document>> {
        self.read(move |engine| engine.in_transaction(|conn| documents::page(conn, account, &kind, &slice)))
            .await
    }

    async fn documents_after(
        &self,
        account: AccountId,
        kind: String,
        after: Number,
        octets: usize,
    ) -> Result<Vec<Document>> {
        self.read(move |engine| {
            engine.with_connection(|conn| documents::after(conn, account, &kind, after, octets))
        })
        .await
    }

    async fn set_members(
        &self,
        account: AccountId,
        list: Number,
        contacts: Vec<Number>,
        in_it: bool,
    ) -> Result<()> {
        let weight = contacts.len();
        self.writer.write(weight, move |t| documents::set_members(t, account, list, &contacts, in_it)).await
    }

    async fn members(&self, account: AccountId, list: Number, slice: Slice) -> Result<Page<Number>> {
        self.read(move |engine| engine.in_transaction(|conn| documents::members(conn, account, list, &slice)))
            .await
    }

    async fn member_counts(&self, account: AccountId, lists: Vec<Number>) -> Result<HashMap<Number, u64>> {
        self.read(move |engine| engine.in_transaction(|conn| documents::member_counts(conn, account, &lists)))
            .await
    }

    async fn lists_of(
        &self,
        account: AccountId,
        contacts: Vec<Number>,
    ) -> Result<HashMap<Number, Vec<Number>>> {
        self.read(move |engine| engine.in_transaction(|conn| documents::lists_of(conn, account, &contacts)))
            .await
    }
}
