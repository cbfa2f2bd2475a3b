//! The commands about webhooks: what is asked, how it is done, what is answered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use service::webhooks::{DeadLetter, Target, TargetError, TargetReport, Wants, signed};
use service::{LedgerError, Service};
use sms::AccountId;

use super::run::find;
use crate::failure::Failure;

/// One command. Accounts are named by name or number.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case")]
pub(crate) enum WebhookRequest {
    Add { account: String, new: NewWebhook },
    List { account: String },
    Show { account: String, webhook: u32 },
    Remove { account: String, webhook: u32 },
    Disable { account: String, webhook: u32 },
    Enable { account: String, webhook: u32 },
    Dead { account: String, webhook: u32, after: u64, limit: u32 },
    Retry { account: String, webhook: u32, event: Option<u64> },
    Replay { account: String, webhook: u32, from: u64, to: u64 },
}

/// A webhook to be added.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct NewWebhook {
    pub(crate) url: String,
    pub(crate) shape: String,
    pub(crate) wants: Wants,
    pub(crate) options: BTreeMap<String, String>,
    /// A secret that is in use already.
    pub(crate) secret: Option<String>,
}

impl WebhookRequest {
    /// Its name, for the log.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Add { .. } => "webhook add",
            Self::List { .. } => "webhook list",
            Self::Show { .. } => "webhook show",
            Self::Remove { .. } => "webhook remove",
            Self::Disable { .. } => "webhook disable",
            Self::Enable { .. } => "webhook enable",
            Self::Dead { .. } => "webhook dead",
            Self::Retry { .. } => "webhook retry",
            Self::Replay { .. } => "webhook replay",
        }
    }
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", content = "content", rename_all = "snake_case")]
pub(crate) enum WebhookReply {
    Added(AddedView),
    One(Box<WebhookView>),
    List(Vec<WebhookView>),
    Removed(RemovedView),
    Dead(Vec<DeadView>),
    Again(AgainView),
}

/// A new webhook.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AddedView {
    pub(crate) webhook: u32,
    pub(crate) shape: String,
    /// What calls are signed with; shown only here, and only where it was made here.
    pub(crate) secret: Option<String>,
}

impl std::fmt::Debug for AddedView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "webhook {} ({})", self.webhook, self.shape)
    }
}

/// A webhook that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct RemovedView {
    pub(crate) webhook: u32,
}

/// How many events are told again.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct AgainView {
    pub(crate) events: u64,
}

/// A webhook and how it is doing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct WebhookView {
    pub(crate) webhook: u32,
    pub(crate) shape: String,
    pub(crate) url: String,
    pub(crate) what: Vec<String>,
    pub(crate) options: BTreeMap<String, String>,
    pub(crate) has_secret: bool,
    /// Why it is told nothing; null while it is told.
    pub(crate) disabled: Option<String>,
    pub(crate) created: String,
    /// Events up to this one were told, passed over, or wait on their own.
    pub(crate) position: u64,
    pub(crate) waiting: u64,
    pub(crate) dead: u64,
    pub(crate) last_code: Option<u16>,
    pub(crate) failing_since: Option<String>,
    /// Why an event that waits was not taken.
    #[serde(default)]
    pub(crate) complaint: Option<String>,
}

impl From<TargetReport> for WebhookView {
    fn from(report: TargetReport) -> Self {
        let TargetReport { target, state, counts, complaint } = report;
        let Wants { mt, mo, opt_out } = target.wants;
        let what = [("mt", mt), ("mo", mo), ("opt-out", opt_out)];
        Self {
            webhook: target.number,
            shape: target.shape,
            url: target.url,
            what: what.into_iter().filter(|(_, wanted)| *wanted).map(|(word, _)| word.to_owned()).collect(),
            options: target.options,
            has_secret: target.secret.is_some(),
            disabled: target.disabled,
            created: target.created.to_string(),
            position: state.position,
            waiting: counts.waiting,
            dead: counts.dead,
            last_code: state.last_code,
            failing_since: state.failing_since.map(|since| since.to_string()),
            complaint,
        }
    }
}

/// An event that was given up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DeadView {
    pub(crate) event: u64,
    pub(crate) message: u32,
    pub(crate) state: String,
    pub(crate) at: String,
    pub(crate) attempts: u16,
    /// When it was given up.
    pub(crate) died: String,
    pub(crate) code: Option<u16>,
    pub(crate) error: String,
}

impl From<DeadLetter> for DeadView {
    fn from(letter: DeadLetter) -> Self {
        Self {
            event: letter.sequence,
            message: letter.number,
            state: letter.outcome.state().to_owned(),
            at: letter.at.to_string(),
            attempts: letter.attempts,
            died: letter.due.to_string(),
            code: letter.code,
            error: letter.error,
        }
    }
}

/// Runs one of them.
pub(super) async fn run(service: &Service, request: WebhookRequest) -> Result<WebhookReply, Failure> {
    use WebhookRequest as Ask;
    match request {
        Ask::Add { account, new } => add(service, find(service, &account).await?.id, new).await,
        Ask::List { account } => list(service, find(service, &account).await?.id).await,
        Ask::Show { account, webhook } => {
            let account = find(service, &account).await?.id;
            show(service, account, webhook).await
        }
        Ask::Remove { account, webhook } => {
            let account = find(service, &account).await?.id;
            service.remove_webhook(account, webhook).await.map_err(|error| failure(error, webhook))?;
            Ok(WebhookReply::Removed(RemovedView { webhook }))
        }
        Ask::Disable { account, webhook } => {
            let account = find(service, &account).await?.id;
            let disabled = service.disable_webhook(account, webhook, Some("by hand")).await;
            disabled.map_err(|error| failure(error, webhook))?;
            show(service, account, webhook).await
        }
        Ask::Enable { account, webhook } => {
            let account = find(service, &account).await?.id;
            let enabled = service.disable_webhook(account, webhook, None).await;
            enabled.map_err(|error| failure(error, webhook))?;
            show(service, account, webhook).await
        }
        Ask::Dead { account, webhook, after, limit } => {
            let account = find(service, &account).await?.id;
            let letters = service.dead_letters(account, webhook, after, limit).await;
            let letters = letters.map_err(|error| failure(error, webhook))?;
            Ok(WebhookReply::Dead(letters.into_iter().map(DeadView::from).collect()))
        }
        Ask::Retry { account, webhook, event } => {
            let account = find(service, &account).await?.id;
            let events = service.retry_dead_letters(account, webhook, event).await;
            Ok(WebhookReply::Again(AgainView { events: events.map_err(|error| failure(error, webhook))? }))
        }
        Ask::Replay { account, webhook, from, to } => {
            if from > to {
                return Err(Failure::usage("--from lies behind --to"));
            }
            let account = find(service, &account).await?.id;
            let events = service.replay_events(account, webhook, from, to).await;
            Ok(WebhookReply::Again(AgainView { events: events.map_err(|error| failure(error, webhook))? }))
        }
    }
}

async fn add(service: &Service, account: AccountId, new: NewWebhook) -> Result<WebhookReply, Failure> {
    let shapes = dialects::shapes();
    let Some(shape) = shapes.iter().find(|shape| shape.id() == new.shape) else {
        let known: Vec<&str> = shapes.iter().map(|shape| shape.id()).collect();
        return Err(Failure::usage(format!(
            "there is no shape {}; known are {}",
            new.shape,
            known.join(", ")
        )));
    };
    // Ours is always signed; a vendor's carries a secret only where its customer has one.
    let made = match &new.secret {
        None if new.shape == signed::ID => Some(service::secret::generate_secret().map_err(Failure::failed)?),
        _ => None,
    };
    let target = Target {
        secret: made.clone().or(new.secret),
        options: new.options,
        ..Target::new(&new.shape, &new.url, new.wants)
    };
    if let Some(fault) = shape.fault(&target) {
        return Err(Failure::usage(fault));
    }
    let kept = service.put_webhook(account, target).await.map_err(|error| match error {
        TargetError::Ledger(error) => Failure::failed(error),
        TargetError::TooMany => Failure::failed(error),
        TargetError::Url(_) | TargetError::WantsNothing => Failure::usage(error),
    })?;
    Ok(WebhookReply::Added(AddedView { webhook: kept.number, shape: kept.shape, secret: made }))
}

async fn list(service: &Service, account: AccountId) -> Result<WebhookReply, Failure> {
    let mut views = Vec::new();
    for target in service.webhooks(account).await.map_err(Failure::failed)? {
        match service.webhook_report(account, target.number).await {
            Ok(report) => views.push(WebhookView::from(report)),
            // Removed meanwhile.
            Err(LedgerError::NotFound) => {}
            Err(error) => return Err(Failure::failed(error)),
        }
    }
    Ok(WebhookReply::List(views))
}

async fn show(service: &Service, account: AccountId, webhook: u32) -> Result<WebhookReply, Failure> {
    let report = service.webhook_report(account, webhook).await.map_err(|error| failure(error, webhook))?;
    Ok(WebhookReply::One(Box::new(report.into())))
}

fn failure(error: LedgerError, webhook: u32) -> Failure {
    match error {
        LedgerError::NotFound => Failure::failed(format!(
            "the account has no webhook {webhook}; `answerback webhook list` shows all"
        )),
        other => Failure::failed(other),
    }
}
