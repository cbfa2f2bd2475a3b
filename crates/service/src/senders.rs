//! Senders that an account has registered.

use ledger::{LedgerError, Refusal, Result};
use serde::{Deserialize, Serialize};
use sms::sender::{Sender, SenderError};
use sms::{AccountId, Micros, Number};

use crate::Service;
use crate::documents::Typed;

/// The kind of the documents; each is named by its sender.
const KIND: &str = "sender";

/// Whether a registered sender may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SenderStatus {
    /// It may.
    Active,
    /// An operator has yet to look at it.
    Pending,
    /// An operator refused it.
    Rejected,
}

/// A registered sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredSender {
    /// Its number among the account's senders.
    pub number: Number,
    /// The sender: digits alone, or a name.
    pub sender: String,
    /// When it was registered.
    pub created: Micros,
    /// Whether it may be used.
    pub status: SenderStatus,
    /// What it is for, in the owner's words; may be empty.
    pub explanation: String,
}

/// Why a sender was not registered.
#[derive(Debug, thiserror::Error)]
pub enum SenderRefused {
    /// It is no sender at all.
    #[error(transparent)]
    Sender(#[from] SenderError),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Body {
    created: i64,
    status: SenderStatus,
    #[serde(default)]
    explanation: String,
}

fn registered(document: Typed<Body>) -> RegisteredSender {
    let Typed { number, name, body } = document;
    RegisteredSender {
        number,
        sender: name.unwrap_or_default(),
        created: Micros::new(body.created),
        status: body.status,
        explanation: body.explanation,
    }
}

impl Service {
    /// Every sender of an account, by its text.
    pub async fn senders(&self, account: AccountId) -> Result<Vec<RegisteredSender>> {
        let mut senders: Vec<_> = self.typed_all(account, KIND).await?.into_iter().map(registered).collect();
        senders.sort_by(|left, right| left.sender.cmp(&right.sender));
        Ok(senders)
    }

    /// The sender of a text, in any way of writing it.
    pub async fn sender(&self, account: AccountId, sender: &str) -> Result<Option<RegisteredSender>> {
        let Ok(sender) = Sender::parse(sender) else { return Ok(None) };
        Ok(self.typed_by_name(account, KIND, sender.as_str()).await?.map(registered))
    }

    /// The sender of a number.
    pub async fn sender_of_number(
        &self,
        account: AccountId,
        number: Number,
    ) -> Result<Option<RegisteredSender>> {
        Ok(self.typed(account, KIND, number).await?.map(registered))
    }

    /// Registers a sender; one that is registered already stays as it is, whatever the explanation. The new
    /// one may be used at once unless the account's senders are reviewed.
    pub async fn register_sender(
        &self,
        account: AccountId,
        sender: &str,
        explanation: &str,
    ) -> Result<RegisteredSender, SenderRefused> {
        let sender = Sender::parse(sender)?;
        if let Some(known) = self.sender(account, sender.as_str()).await? {
            return Ok(known);
        }
        let reviewed = self.settings(account).await?.reviews_senders;
        let body = Body {
            created: self.now().get(),
            status: if reviewed { SenderStatus::Pending } else { SenderStatus::Active },
            explanation: explanation.to_owned(),
        };
        let put = self.put_typed(account, KIND, 0, Some(sender.as_str().to_owned()), &body).await;
        let number = match put {
            Ok(number) => number,
            // Somebody was faster.
            Err(LedgerError::Refused(Refusal::Taken(_))) => {
                let known = self.sender(account, sender.as_str()).await?;
                return known.ok_or(SenderRefused::Ledger(LedgerError::NotFound));
            }
            Err(error) => return Err(error.into()),
        };
        self.rules.forget(&account);
        Ok(registered(Typed { number, name: Some(sender.as_str().to_owned()), body }))
    }

    /// Says whether a sender may be used.
    pub async fn set_sender_status(
        &self,
        account: AccountId,
        number: Number,
        status: SenderStatus,
    ) -> Result<RegisteredSender> {
        let document: Typed<Body> = self.typed(account, KIND, number).await?.ok_or(LedgerError::NotFound)?;
        let document = Typed { body: Body { status, ..document.body }, ..document };
        self.put_typed(account, KIND, number, document.name.clone(), &document.body).await?;
        self.rules.forget(&account);
        Ok(registered(document))
    }

    /// Removes a sender, which is returned; [`LedgerError::NotFound`] without one.
    pub async fn remove_sender(&self, account: AccountId, number: Number) -> Result<RegisteredSender> {
        let known = self.sender_of_number(account, number).await?.ok_or(LedgerError::NotFound)?;
        self.ledger.remove_document(account, KIND.to_owned(), number).await?;
        self.rules.forget(&account);
        Ok(known)
    }

    /// The senders that may be used, by rising number.
    pub(crate) async fn usable_senders(&self, account: AccountId) -> Result<Vec<String>> {
        let all = self.typed_all(account, KIND).await?.into_iter().map(registered);
        let usable = all.filter(|sender| sender.status == SenderStatus::Active);
        Ok(usable.map(|sender| sender.sender).collect())
    }
}
