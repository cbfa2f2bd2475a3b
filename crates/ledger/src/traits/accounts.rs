//! Accounts, their keys and programs.

use async_trait::async_trait;
use sms::{AccountId, Money};

use crate::change::{NewAccount, NewKey, NewProgram};
use crate::error::Result;
use crate::model::{Account, Key, Program};

/// Accounts, keys, programs: rare, so they may touch what is shared by the store.
#[async_trait]
pub trait Accounts: Send + Sync + 'static {
    /// Makes an account with its default program.
    async fn create_account(&self, new: NewAccount) -> Result<Account>;
    /// Every account, by number.
    async fn accounts(&self) -> Result<Vec<Account>>;
    /// One account.
    async fn account(&self, account: AccountId) -> Result<Account>;
    /// Disables or enables an account.
    async fn set_disabled(&self, account: AccountId, disabled: bool) -> Result<()>;
    /// Adds to the balance; returns it.
    async fn fund(&self, account: AccountId, amount: Money) -> Result<Money>;
    /// Makes a key; [`crate::Refusal::Taken`] when any account has a key of the same secret.
    async fn create_key(&self, account: AccountId, new: NewKey) -> Result<Key>;
    /// The keys of an account.
    async fn keys(&self, account: AccountId) -> Result<Vec<Key>>;
    /// The key whose secret has this hash.
    async fn key_by_hash(&self, hash: [u8; 32]) -> Result<Option<Key>>;
    /// Revokes a key for good.
    async fn revoke_key(&self, account: AccountId, key: u32) -> Result<()>;
    /// Makes a program. Its number is unique in the store, because one vendor's ids are its host's.
    async fn create_program(&self, account: AccountId, new: NewProgram) -> Result<Program>;
    /// The programs of an account, by number.
    async fn programs(&self, account: AccountId) -> Result<Vec<Program>>;
}
