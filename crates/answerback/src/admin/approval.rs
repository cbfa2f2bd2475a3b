//! The commands about what waits for a person: held messages and senders under review.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use service::model::{Account, Batch};
use service::query::{MessageQuery, Order};
use service::senders::{RegisteredSender, SenderStatus};
use service::{LedgerError, Service};
use sms::{BatchKey, Outcome};

use super::run::find;
use crate::failure::Failure;

/// Messages looked at together; what is held is counted batch by batch.
const AT_ONCE: u32 = 5000;

/// One command. Accounts are named by name or number.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case")]
pub(crate) enum ApprovalRequest {
    Held { account: String },
    Release { account: String, batch: u32 },
    Refuse { account: String, batch: u32 },
    Senders { account: String, pending: bool },
    ApproveSender { account: String, sender: String },
    RefuseSender { account: String, sender: String },
}

impl ApprovalRequest {
    /// Its name, for the log.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Held { .. } => "batch held",
            Self::Release { .. } => "batch release",
            Self::Refuse { .. } => "batch refuse",
            Self::Senders { .. } => "sender list",
            Self::ApproveSender { .. } => "sender approve",
            Self::RefuseSender { .. } => "sender refuse",
        }
    }
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", content = "content", rename_all = "snake_case")]
pub(crate) enum ApprovalReply {
    Held(Vec<HeldView>),
    Decided(DecidedView),
    Senders(Vec<SenderView>),
    Sender(SenderView),
}

/// A batch with messages that wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct HeldView {
    pub(crate) batch: u32,
    /// When it was accepted.
    pub(crate) created: String,
    pub(crate) sender: Option<String>,
    /// Messages that wait, of how many.
    pub(crate) held: u64,
    pub(crate) messages: u64,
    /// Segments of those that wait.
    pub(crate) segments: u64,
    pub(crate) text: String,
}

impl HeldView {
    fn of(number: u32, batch: Batch) -> Self {
        let waiting = batch.sums.iter().filter(|(outcome, _)| *outcome == Outcome::Held);
        let (held, segments) = waiting.fold((0, 0), |(messages, segments), (_, sum)| {
            (messages + sum.messages, segments + sum.segments)
        });
        Self {
            batch: number,
            created: batch.created.to_string(),
            held,
            messages: batch.total().messages,
            segments,
            sender: batch.sender,
            text: batch.text,
        }
    }
}

/// What became of a batch's messages.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DecidedView {
    pub(crate) batch: u32,
    pub(crate) released: bool,
    /// How many messages waited.
    pub(crate) messages: u64,
}

/// A registered sender.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SenderView {
    pub(crate) number: u32,
    pub(crate) sender: String,
    pub(crate) created: String,
    /// `active`, `pending` or `rejected`.
    pub(crate) status: SenderStatus,
    pub(crate) explanation: String,
}

impl From<RegisteredSender> for SenderView {
    fn from(registered: RegisteredSender) -> Self {
        let RegisteredSender { number, sender, created, status, explanation } = registered;
        Self { number, sender, created: created.to_string(), status, explanation }
    }
}

/// Runs one of them.
pub(super) async fn run(service: &Service, ask: ApprovalRequest) -> Result<ApprovalReply, Failure> {
    match ask {
        ApprovalRequest::Held { account } => {
            let account = find(service, &account).await?;
            held(service, &account).await.map(ApprovalReply::Held)
        }
        ApprovalRequest::Release { account, batch } => decide(service, &account, batch, true).await,
        ApprovalRequest::Refuse { account, batch } => decide(service, &account, batch, false).await,
        ApprovalRequest::Senders { account, pending } => {
            let account = find(service, &account).await?;
            let senders = service.senders(account.id).await.map_err(Failure::failed)?;
            let wanted = senders.into_iter();
            let wanted = wanted.filter(|sender| !pending || sender.status == SenderStatus::Pending);
            Ok(ApprovalReply::Senders(wanted.map(Into::into).collect()))
        }
        ApprovalRequest::ApproveSender { account, sender } => {
            review(service, &account, &sender, SenderStatus::Active).await
        }
        ApprovalRequest::RefuseSender { account, sender } => {
            review(service, &account, &sender, SenderStatus::Rejected).await
        }
    }
}

/// The batches with held messages, by number.
async fn held(service: &Service, account: &Account) -> Result<Vec<HeldView>, Failure> {
    let mut found: BTreeMap<u32, HeldView> = BTreeMap::new();
    let mut above = None;
    loop {
        let query = MessageQuery {
            outcomes: Some(Outcome::Held.only()),
            above,
            order: Order::Number,
            limit: AT_ONCE,
            ..MessageQuery::default()
        };
        let page = service.messages(account.id, query).await.map_err(Failure::failed)?;
        let keys = page.messages.iter().map(|message| message.batch);
        let new = keys.filter(|key| matches!(key, BatchKey::Mt(number) if !found.contains_key(number)));
        let mut new: Vec<BatchKey> = new.collect();
        new.dedup();
        let batches = service.batches_by_key(account.id, new).await.map_err(Failure::failed)?;
        for (key, batch) in batches {
            if let BatchKey::Mt(number) = key {
                found.insert(number, HeldView::of(number, batch));
            }
        }
        above = page.messages.last().map(|message| message.number);
        if !page.more || above.is_none() {
            return Ok(found.into_values().collect());
        }
    }
}

async fn decide(
    service: &Service,
    account: &str,
    batch: u32,
    released: bool,
) -> Result<ApprovalReply, Failure> {
    let account = find(service, account).await?;
    let decided = if released {
        service.release(account.id, batch).await
    } else {
        service.refuse_held(account.id, batch).await
    };
    let messages = decided.map_err(|error| match error {
        LedgerError::NotFound => {
            Failure::failed(format!("the account {} has no batch {batch}", account.name))
        }
        other => Failure::failed(other),
    })?;
    Ok(ApprovalReply::Decided(DecidedView { batch, released, messages }))
}

async fn review(
    service: &Service,
    account: &str,
    sender: &str,
    status: SenderStatus,
) -> Result<ApprovalReply, Failure> {
    let account = find(service, account).await?;
    let missing = || {
        Failure::failed(format!(
            "the account {0} has not registered {sender}; `answerback sender list --account {0}` shows all",
            account.name
        ))
    };
    let known = service.sender(account.id, sender).await.map_err(Failure::failed)?.ok_or_else(missing)?;
    let changed = service.set_sender_status(account.id, known.number, status).await;
    let changed = changed.map_err(|error| match error {
        // Removed meanwhile.
        LedgerError::NotFound => missing(),
        other => Failure::failed(other),
    })?;
    Ok(ApprovalReply::Sender(changed.into()))
}
