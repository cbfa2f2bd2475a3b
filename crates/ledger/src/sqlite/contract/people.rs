//! Contacts and opt-outs.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use sms::{AccountId, Micros, Number};

use crate::error::Result;
use crate::model::Contact;
use crate::people::{OptOut, Slice, Unwanted};
use crate::query::{ContactQuery, Page};
use crate::sqlite::{Sqlite, contacts, opt_outs};
use crate::traits::People;

/// Keys that are looked up on the caller's thread: some tenths of a millisecond at most.
const FEW: usize = 16;

#[async_trait]
impl People for Sqlite {
    async fn put_contact(&self, account: AccountId, contact: Contact) -> Result<Number> {
        self.writer.write(1, move |t| contacts::put(t, account, &contact)).await
    }

    async fn remove_contact(&self, account: AccountId, contact: Number) -> Result<()> {
        self.writer.write(1, move |t| contacts::remove(t, account, contact)).await
    }

    async fn contacts(&self, account: AccountId, query: ContactQuery) -> Result<Page<Contact>> {
        self.read(move |engine| engine.in_transaction(|conn| contacts::page(conn, account, &query))).await
    }

    async fn contacts_by_phone(
        &self,
        account: AccountId,
        phones: Vec<String>,
    ) -> Result<HashMap<String, Contact>> {
        self.read(move |engine| engine.in_transaction(|conn| contacts::by_phone(conn, account, &phones)))
            .await
    }

    async fn blocked(&self, account: AccountId, phones: Vec<String>) -> Result<HashSet<String>> {
        if phones.len() <= FEW {
            return self.look(|conn| contacts::blocked(conn, account, &phones));
        }
        self.read(move |engine| engine.in_transaction(|conn| contacts::blocked(conn, account, &phones))).await
    }

    async fn unwanted(&self, account: AccountId, phones: Vec<String>) -> Result<Unwanted> {
        if phones.len() <= FEW {
            return self.look(|conn| opt_outs::unwanted(conn, account, &phones));
        }
        self.read(move |engine| engine.in_transaction(|conn| opt_outs::unwanted(conn, account, &phones)))
            .await
    }

    async fn opt_out(&self, account: AccountId, opt_out: OptOut) -> Result<Number> {
        self.writer.write(1, move |t| opt_outs::add(t, account, &opt_out)).await
    }

    async fn lift_opt_out(&self, account: AccountId, phone: String, at: Micros) -> Result<()> {
        self.writer.write(1, move |t| opt_outs::lift(t, account, &phone, at)).await
    }

    async fn opt_outs(&self, account: AccountId, slice: Slice) -> Result<Page<OptOut>> {
        self.read(move |engine| engine.in_transaction(|conn| opt_outs::page(conn, account, &slice))).await
    }

    async fn opt_out_of_number(&self, account: AccountId, number: Number) -> Result<Option<OptOut>> {
        self.read(move |engine| engine.with_connection(|conn| opt_outs::of_number(conn, account, number)))
            .await
    }

    async fn opt_out_of_message(&self, account: AccountId, message: Number) -> Result<Option<OptOut>> {
        self.read(move |engine| engine.with_connection(|conn| opt_outs::of_message(conn, account, message)))
            .await
    }

    async fn opted_out(&self, account: AccountId, phones: Vec<String>) -> Result<HashMap<String, OptOut>> {
        if phones.len() <= FEW {
            return self.look(|conn| opt_outs::among(conn, account, &phones));
        }
        self.read(move |engine| engine.with_connection(|conn| opt_outs::among(conn, account, &phones))).await
    }
}
