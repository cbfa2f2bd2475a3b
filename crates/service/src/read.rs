//! Reading: what a dialect may ask. Each answer is of one moment; see [`ledger::Ledger`].

use std::collections::HashMap;
use std::sync::Arc;

use ledger::Result;
use ledger::model::{Batch, Chat, Contact, Message, Program, Sent, Sum};
use ledger::query::{BatchQuery, ChatQuery, ContactQuery, MessagePage, MessageQuery, Page};
use ledger::row::{RowEncoder, Scan, Scanned};
use sms::{AccountId, BatchKey, Direction, Number, Outcome};

use crate::Service;

impl Service {
    /// A page of messages with exact totals.
    pub async fn messages(&self, account: AccountId, query: MessageQuery) -> Result<MessagePage> {
        self.ledger.messages(account, query).await
    }

    /// A page of the messages whose attempt is uncertain, oldest first: nobody knows whether they were sent.
    pub async fn uncertain(&self, account: AccountId, offset: u64, limit: u32) -> Result<MessagePage> {
        let outcomes = Some(Outcome::Uncertain.only());
        self.messages(account, MessageQuery { outcomes, offset, limit, ..MessageQuery::default() }).await
    }

    /// The numbers of all messages that match; order and page are ignored.
    pub async fn numbers(&self, account: AccountId, query: MessageQuery) -> Result<Vec<Number>> {
        self.ledger.numbers(account, query).await
    }

    /// One visible message with its whole history.
    pub async fn message(&self, account: AccountId, number: Number) -> Result<Option<Message>> {
        self.ledger.message(account, number).await
    }

    /// A page of batches with their sums.
    pub async fn batches(&self, account: AccountId, query: BatchQuery) -> Result<Page<Batch>> {
        self.ledger.batches(account, query).await
    }

    /// One visible batch with its sums.
    pub async fn batch(&self, account: AccountId, key: BatchKey) -> Result<Option<Batch>> {
        self.ledger.batch(account, key).await
    }

    /// Several batches at once, as a page of messages needs them.
    pub async fn batches_by_key(
        &self,
        account: AccountId,
        keys: Vec<BatchKey>,
    ) -> Result<HashMap<BatchKey, Batch>> {
        self.ledger.batches_by_key(account, keys).await
    }

    /// A page of chats.
    pub async fn chats(&self, account: AccountId, query: ChatQuery) -> Result<Page<Chat>> {
        self.ledger.chats(account, query).await
    }

    /// The chat of a number, whatever its status.
    pub async fn chat(&self, account: AccountId, number: Number) -> Result<Option<Chat>> {
        self.ledger.chat(account, number).await
    }

    /// Unread MO over all chats but the deleted.
    pub async fn unread(&self, account: AccountId) -> Result<u64> {
        self.ledger.unread(account).await
    }

    /// The chat with a peer, whatever its status.
    pub async fn chat_with(&self, account: AccountId, peer: &str) -> Result<Option<Chat>> {
        self.ledger.chat_with(account, peer.to_owned()).await
    }

    /// A page of contacts.
    pub async fn contacts(&self, account: AccountId, query: ContactQuery) -> Result<Page<Contact>> {
        self.ledger.contacts(account, query).await
    }

    /// The contacts with these phones: names are looked up a page at a time.
    pub async fn contacts_by_phone(
        &self,
        account: AccountId,
        phones: Vec<String>,
    ) -> Result<HashMap<String, Contact>> {
        self.ledger.contacts_by_phone(account, phones).await
    }

    /// Whether nothing is to be sent to a phone, given in E.164 digits, because its contact is blocked.
    pub async fn is_blocked(&self, account: AccountId, phone: &str) -> Result<bool> {
        Ok(!self.ledger.blocked(account, vec![phone.to_owned()]).await?.is_empty())
    }

    /// The program of that number, if the account has it.
    pub async fn program(&self, account: AccountId, number: Number) -> Result<Option<Program>> {
        Ok(self.ledger.programs(account).await?.into_iter().find(|program| program.number == number))
    }

    /// For each of these MO the MT it answers; see [`ledger::Reading::answered`].
    pub async fn answered(&self, account: AccountId, replies: Vec<Number>) -> Result<HashMap<Number, Sent>> {
        self.ledger.answered(account, replies).await
    }

    /// Sums of visible messages by direction and outcome over everything a query matches.
    pub async fn sums(
        &self,
        account: AccountId,
        query: MessageQuery,
    ) -> Result<Vec<(Direction, Outcome, Sum)>> {
        self.ledger.sums(account, query).await
    }

    /// The highest message number given so far: the bound of a walk that begins now.
    pub async fn highest(&self, account: AccountId) -> Result<Number> {
        self.ledger.highest(account).await
    }

    /// Renders a stretch of rows; what an export is made of.
    pub async fn scan(
        &self,
        account: AccountId,
        scan: Scan,
        encoder: Arc<dyn RowEncoder>,
    ) -> Result<Scanned> {
        self.ledger.scan(account, scan, encoder).await
    }
}
