//! Changing: what a dialect may do to what is there. Each is on disk when it returns.

use ledger::change::{Accepted, ChatMark, Hide, Received, Step, Submission};
use ledger::model::{Contact, Message};
use ledger::{LedgerError, Result};
use sms::{AccountId, Number};

use crate::Service;
use crate::contact_notes::WhichNotes;
use crate::wake::BEGINNING;

impl Service {
    /// Hides messages, or a whole batch, in every dialect; returns how many were visible. Of a batch that was
    /// to be sent once and later the schedule stays, with nothing to come.
    pub async fn hide(&self, account: AccountId, what: Hide) -> Result<u64> {
        let batch = match what {
            Hide::Batch(batch) => Some(batch),
            Hide::Messages(_) => None,
        };
        let hidden = self.ledger.hide(account, what).await?;
        if let Some(batch) = batch {
            self.end_schedule_of(account, batch).await?;
        }
        Ok(hidden)
    }

    /// Opens a chat with a peer, or reopens it.
    pub async fn open_chat(&self, account: AccountId, peer: &str) -> Result<Number> {
        self.ledger.open_chat(account, peer.to_owned()).await
    }

    /// Sets a mark on chats; `None` is every chat. Returns how many chats exist among them.
    pub async fn mark_chats(
        &self,
        account: AccountId,
        chats: Option<Vec<Number>>,
        mark: ChatMark,
    ) -> Result<u64> {
        self.ledger.mark_chats(account, chats, mark).await
    }

    /// Adds a contact, or changes the one with its phone.
    pub async fn put_contact(&self, account: AccountId, contact: Contact) -> Result<Number> {
        self.ledger.put_contact(account, contact).await
    }

    /// Removes a contact with its values and notes.
    pub async fn remove_contact(&self, account: AccountId, contact: Number) -> Result<()> {
        self.ledger.remove_contact(account, contact).await?;
        self.forget_values(account, contact).await?;
        self.remove_contact_notes(account, contact, WhichNotes::All).await
    }

    /// Removes contacts with their values and notes; those that do not exist are passed over.
    pub async fn remove_contacts(&self, account: AccountId, contacts: Vec<Number>) -> Result<()> {
        let remove = |service: Self, contact| async move {
            match service.remove_contact(account, contact).await {
                Err(LedgerError::NotFound) => Ok(()),
                result => result,
            }
        };
        self.together(contacts, remove).await?;
        Ok(())
    }

    /// Takes in a planned submission.
    pub async fn accept(&self, account: AccountId, submission: Submission) -> Result<Accepted> {
        let accepted = self.ledger.accept(account, submission).await?;
        self.wake.due(account);
        Ok(accepted)
    }

    /// Takes in an MO.
    pub async fn receive(&self, account: AccountId, message: Message) -> Result<Received> {
        self.ledger.receive(account, message).await
    }

    /// Adds news to messages' histories.
    pub async fn advance(&self, account: AccountId, steps: Vec<Step>) -> Result<()> {
        self.ledger.advance(account, steps).await?;
        self.wake.again(account, BEGINNING);
        Ok(())
    }
}
