//! Accounts, their keys and programs.

use async_trait::async_trait;
use sms::{AccountId, Money};

use crate::change::{NewAccount, NewKey, NewProgram};
use crate::error::Result;
use crate::model::{Account, Key, Program};
use crate::sqlite::{Sqlite, accounts};
use crate::traits::Accounts;

#[async_trait]
impl Accounts for Sqlite {
    async fn create_account(&self, new: NewAccount) -> Result<Account> {
        self.writer.run(move |t| accounts::create(t, &new)).await
    }

    async fn accounts(&self) -> Result<Vec<Account>> {
        self.read(|engine| engine.with_connection(accounts::all)).await
    }

    async fn account(&self, account: AccountId) -> Result<Account> {
        self.look(|conn| accounts::one(conn, account))
    }

    async fn set_disabled(&self, account: AccountId, disabled: bool) -> Result<()> {
        self.writer.run(move |t| accounts::set_disabled(t, account, disabled)).await
    }

    async fn fund(&self, account: AccountId, amount: Money) -> Result<Money> {
        self.writer.run(move |t| accounts::fund(t, account, amount)).await
    }

    async fn create_key(&self, account: AccountId, new: NewKey) -> Result<Key> {
        self.writer.run(move |t| accounts::create_key(t, account, new)).await
    }

    async fn keys(&self, account: AccountId) -> Result<Vec<Key>> {
        self.read(move |engine| engine.with_connection(|conn| accounts::keys(conn, account))).await
    }

    async fn key_by_hash(&self, hash: [u8; 32]) -> Result<Option<Key>> {
        self.look(|conn| accounts::key_by_hash(conn, &hash))
    }

    async fn revoke_key(&self, account: AccountId, key: u32) -> Result<()> {
        self.writer.run(move |t| accounts::revoke_key(t, account, key)).await
    }

    async fn create_program(&self, account: AccountId, new: NewProgram) -> Result<Program> {
        self.writer.run(move |t| accounts::create_program(t, account, new)).await
    }

    async fn programs(&self, account: AccountId) -> Result<Vec<Program>> {
        self.read(move |engine| engine.with_connection(|conn| accounts::programs(conn, account))).await
    }
}
