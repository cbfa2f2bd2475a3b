//! The one trait every engine implements.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use sms::{AccountId, BatchKey, Micros, Money, Number};

use crate::change::{
    Accepted, ChatMark, Hide, ImportRow, Imported, NewAccount, NewKey, NewProgram, Received, Step, Submission,
};
use crate::error::Result;
use crate::model::{Account, Batch, Chat, Contact, Key, Message, Program, Sent};
use crate::query::{BatchQuery, ChatQuery, ContactQuery, MessagePage, MessageQuery, Page};
use crate::row::{RowEncoder, Scan, Scanned};

/// The ledger. Every write names one account, is one transaction of that account, and is on disk when it
/// returns. Every read is of one moment and sees every write that returned before it began.
#[async_trait]
pub trait Ledger: Send + Sync + 'static {
    // --- accounts, keys, programs: rare, so they may touch what is shared by the store ---

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

    // --- writes ---

    /// Takes in a submission: batch, messages, chats, outbox and idempotency record in one commit.
    async fn accept(&self, account: AccountId, submission: Submission) -> Result<Accepted>;
    /// Takes in an MO, which opens or reopens the chat with its sender.
    async fn receive(&self, account: AccountId, message: Message) -> Result<Received>;
    /// Adds news to messages' histories; all of it or nothing.
    async fn advance(&self, account: AccountId, steps: Vec<Step>) -> Result<()>;
    /// Hides messages in every dialect; what was not sent yet is canceled. Returns how many were visible.
    async fn hide(&self, account: AccountId, what: Hide) -> Result<u64>;
    /// Cancels what is not sent yet of a batch, which stays readable. Returns how many messages that were.
    async fn cancel(&self, account: AccountId, batch: Number, at: Micros) -> Result<u64>;
    /// Brings in rows of history; idempotent by id. Such rows are never sent.
    async fn import(&self, account: AccountId, rows: Vec<ImportRow>) -> Result<Imported>;
    /// Opens a chat with a peer, or reopens it; returns its number.
    async fn open_chat(&self, account: AccountId, peer: String) -> Result<Number>;
    /// Sets a mark on chats; numbers that do not exist are passed over. `None` is every chat.
    async fn mark_chats(&self, account: AccountId, chats: Option<Vec<Number>>, mark: ChatMark)
    -> Result<u64>;
    /// Adds a contact, or changes the one with its phone; returns its number.
    async fn put_contact(&self, account: AccountId, contact: Contact) -> Result<Number>;
    /// Removes a contact.
    async fn remove_contact(&self, account: AccountId, contact: Number) -> Result<()>;

    // --- reads ---

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
    /// A page of contacts.
    async fn contacts(&self, account: AccountId, query: ContactQuery) -> Result<Page<Contact>>;
    /// The contacts with these phones.
    async fn contacts_by_phone(
        &self,
        account: AccountId,
        phones: Vec<String>,
    ) -> Result<HashMap<String, Contact>>;
    /// For each of these MO the MT it answers: the one it names, else the newest visible one that was
    /// submitted to that peer before it. MO that answer nothing, or name what was deleted, are missing from
    /// the map.
    async fn answered(&self, account: AccountId, replies: Vec<Number>) -> Result<HashMap<Number, Sent>>;
    /// Sums of visible messages by outcome for everything that a query matches; order and page are ignored.
    async fn sums(
        &self,
        account: AccountId,
        query: MessageQuery,
    ) -> Result<Vec<(sms::Direction, sms::Outcome, crate::model::Sum)>>;
    /// The highest message number given so far.
    async fn highest(&self, account: AccountId) -> Result<Number>;
    /// Renders a stretch of visible rows by rising number, in one short read.
    async fn scan(&self, account: AccountId, scan: Scan, encoder: Arc<dyn RowEncoder>) -> Result<Scanned>;
    /// Verifies every invariant of the store; `progress` is told messages seen so far.
    async fn check(&self, progress: Box<dyn Fn(u64) + Send>) -> Result<crate::check::CheckReport>;
}
