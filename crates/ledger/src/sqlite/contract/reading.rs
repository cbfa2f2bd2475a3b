//! Questions about messages, batches and chats.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use sms::{AccountId, BatchKey, Direction, Number, Outcome};

use crate::error::Result;
use crate::model::{Batch, Chat, Message, Sent, Sum};
use crate::query::{BatchQuery, ChatQuery, MessagePage, MessageQuery, Page};
use crate::row::{RowEncoder, Scan, Scanned};
use crate::sqlite::{Sqlite, accounts};
use crate::traits::Reading;

#[async_trait]
impl Reading for Sqlite {
    async fn messages(&self, account: AccountId, query: MessageQuery) -> Result<MessagePage> {
        self.read(move |engine| engine.messages(account, &query)).await
    }

    async fn numbers(&self, account: AccountId, query: MessageQuery) -> Result<Vec<Number>> {
        self.read(move |engine| engine.numbers(account, &query)).await
    }

    async fn message(&self, account: AccountId, number: Number) -> Result<Option<Message>> {
        self.read(move |engine| engine.message(account, number)).await
    }

    async fn batches(&self, account: AccountId, query: BatchQuery) -> Result<Page<Batch>> {
        self.read(move |engine| engine.batches(account, &query)).await
    }

    async fn batch(&self, account: AccountId, key: BatchKey) -> Result<Option<Batch>> {
        self.read(move |engine| engine.batch(account, key)).await
    }

    async fn batches_by_key(
        &self,
        account: AccountId,
        keys: Vec<BatchKey>,
    ) -> Result<HashMap<BatchKey, Batch>> {
        self.read(move |engine| engine.batches_by_key(account, &keys)).await
    }

    async fn chats(&self, account: AccountId, query: ChatQuery) -> Result<Page<Chat>> {
        self.read(move |engine| engine.chats(account, &query)).await
    }

    async fn chat(&self, account: AccountId, number: Number) -> Result<Option<Chat>> {
        self.read(move |engine| engine.chat(account, number)).await
    }

    async fn unread(&self, account: AccountId) -> Result<u64> {
        self.read(move |engine| engine.unread(account)).await
    }

    async fn chat_with(&self, account: AccountId, peer: String) -> Result<Option<Chat>> {
        self.read(move |engine| engine.chat_with(account, &peer)).await
    }

    async fn answered(&self, account: AccountId, replies: Vec<Number>) -> Result<HashMap<Number, Sent>> {
        self.read(move |engine| engine.answered(account, &replies)).await
    }

    async fn sums(&self, account: AccountId, query: MessageQuery) -> Result<Vec<(Direction, Outcome, Sum)>> {
        self.read(move |engine| engine.sums(account, &query)).await
    }

    async fn highest(&self, account: AccountId) -> Result<Number> {
        self.read(move |engine| engine.with_connection(|conn| accounts::highest(conn, account))).await
    }

    async fn scan(&self, account: AccountId, scan: Scan, encoder: Arc<dyn RowEncoder>) -> Result<Scanned> {
        self.read(move |engine| engine.scan(account, &scan, encoder.as_ref())).await
    }
}
