//! Questions about messages, batches and chats.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use sms::{AccountId, BatchKey, Direction, Number, Outcome};

use crate::error::Result;
use crate::model::{Batch, Chat, Message, Sent, Sum};
use crate::query::{BatchQuery, ChatQuery, MessagePage, MessageQuery, Page};
use crate::row::{RowEncoder, Scan, Scanned};

/// Questions about messages, batches and chats.
#[async_trait]
pub trait Reading: Send + Sync + 'static {
    /// A page of messages.
    async fn messages(&self, account: AccountId, query: MessageQuery) -> Result<MessagePage>;
    /// The numbers of all messages that match, rising; order and page are ignored.
    async fn numbers(&self, account: AccountId, query: MessageQuery) -> Result<Vec<Number>>;
    /// One visible message.
    async fn message(&self, account: AccountId, number: Number) -> Result<Option<Message>>;
    /// A page of batches, with sums.
    async fn batches(&self, account: AccountId, query: BatchQuery) -> Result<Page<Batch>>;
    /// One visible batch, with sums.
    async fn batch(&self, account: AccountId, key: BatchKey) -> Result<Option<Batch>>;
    /// Several batches at once; those hidden or unknown are missing from the map.
    async fn batches_by_key(
        &self,
        account: AccountId,
        keys: Vec<BatchKey>,
    ) -> Result<HashMap<BatchKey, Batch>>;
    /// A page of chats.
    async fn chats(&self, account: AccountId, query: ChatQuery) -> Result<Page<Chat>>;
    /// The chat of a number, whatever its status.
    async fn chat(&self, account: AccountId, number: Number) -> Result<Option<Chat>>;
    /// Unread MO over all chats but the deleted.
    async fn unread(&self, account: AccountId) -> Result<u64>;
    /// The chat with a peer, whatever its status.
    async fn chat_with(&self, account: AccountId, peer: String) -> Result<Option<Chat>>;
    /// For each of these MO the MT it answers: the one it names, else the newest visible one that was
    /// submitted to that peer before it. MO that answer nothing, or name what was deleted, are missing from
    /// the map.
    async fn answered(&self, account: AccountId, replies: Vec<Number>) -> Result<HashMap<Number, Sent>>;
    /// Sums of visible messages by outcome for everything that a query matches; order and page are ignored.
    async fn sums(&self, account: AccountId, query: MessageQuery) -> Result<Vec<(Direction, Outcome, Sum)>>;
    /// The highest message number given so far.
    async fn highest(&self, account: AccountId) -> Result<Number>;
    /// Renders a stretch of visible rows by rising number, in one short read.
    async fn scan(&self, account: AccountId, scan: Scan, encoder: Arc<dyn RowEncoder>) -> Result<Scanned>;
}
