//! The commands about what is answered by itself, and about who is not written to.

use serde::{Deserialize, Serialize};
use service::auto_replies::AutoReply;
use service::opt_outs::OptOutSource;
use service::people::{OptOut, Slice};
use service::query::Page;
use service::{LedgerError, Refusal, Service};
use sms::AccountId;

use super::run::find;
use crate::failure::Failure;

/// One command. Accounts are named by name or number.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case")]
pub(crate) enum AnswersRequest {
    AddReply { account: String, rule: AutoReply },
    Replies { account: String },
    RemoveReply { account: String, rule: u32 },
    OptOuts { account: String, phone: Option<String>, limit: u32 },
    OptOut { account: String, phone: String },
    LiftOptOut { account: String, phone: String },
}

impl AnswersRequest {
    /// Its name, for the log.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::AddReply { .. } => "reply add",
            Self::Replies { .. } => "reply list",
            Self::RemoveReply { .. } => "reply remove",
            Self::OptOuts { .. } => "opt-out list",
            Self::OptOut { .. } => "opt-out add",
            Self::LiftOptOut { .. } => "opt-out lift",
        }
    }
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", content = "content", rename_all = "snake_case")]
pub(crate) enum AnswersReply {
    Replies(Vec<ReplyView>),
    OptOuts(OptOutsView),
    OptOut(OptOutView),
    Lifted(LiftedView),
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReplyView {
    pub(crate) rule: u32,
    /// Null: whatever the number written to.
    pub(crate) to: Option<String>,
    /// Null: whatever the first word.
    pub(crate) keyword: Option<String>,
    /// Null: the number written to.
    pub(crate) sender: Option<String>,
    pub(crate) text: String,
}

impl From<AutoReply> for ReplyView {
    fn from(rule: AutoReply) -> Self {
        let AutoReply { number, to, keyword, text, sender } = rule;
        Self { rule: number, to, keyword, sender, text }
    }
}

/// Opt-outs in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct OptOutsView {
    /// How many there are, listed or not.
    pub(crate) total: u64,
    pub(crate) opt_outs: Vec<OptOutView>,
}

impl From<Page<OptOut>> for OptOutsView {
    fn from(page: Page<OptOut>) -> Self {
        Self { total: page.total, opt_outs: page.items.into_iter().map(Into::into).collect() }
    }
}

/// An opt-out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct OptOutView {
    pub(crate) phone: String,
    pub(crate) since: String,
    /// How it came about: `stop`, `api`, `console` or `import`.
    pub(crate) source: String,
    /// The message that says so, where one does.
    pub(crate) message: Option<u32>,
}

impl From<OptOut> for OptOutView {
    fn from(opt_out: OptOut) -> Self {
        let OptOut { phone, since, source, message, .. } = opt_out;
        Self { phone, since: since.to_string(), source, message }
    }
}

/// An opt-out that is none any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct LiftedView {
    pub(crate) lifted: String,
}

/// Runs one of them.
pub(super) async fn run(service: &Service, ask: AnswersRequest) -> Result<AnswersReply, Failure> {
    match ask {
        AnswersRequest::AddReply { account, rule } => {
            let account = find(service, &account).await?;
            service.put_auto_reply(account.id, &rule).await.map_err(failure)?;
            replies(service, account.id).await
        }
        AnswersRequest::Replies { account } => {
            let account = find(service, &account).await?;
            replies(service, account.id).await
        }
        AnswersRequest::RemoveReply { account, rule } => {
            let account = find(service, &account).await?;
            service.remove_auto_reply(account.id, rule).await.map_err(|error| match error {
                LedgerError::NotFound => {
                    Failure::failed(format!("the account {} has no rule {rule}", account.name))
                }
                other => failure(other),
            })?;
            replies(service, account.id).await
        }
        AnswersRequest::OptOuts { account, phone, limit } => {
            let account = find(service, &account).await?;
            opt_outs(service, account.id, phone.as_deref(), limit).await
        }
        AnswersRequest::OptOut { account, phone } => {
            let account = find(service, &account).await?;
            let added = service.opt_out(account.id, &phone, OptOutSource::Console).await.map_err(failure)?;
            Ok(AnswersReply::OptOut(added.into()))
        }
        AnswersRequest::LiftOptOut { account, phone } => {
            let account = find(service, &account).await?;
            service.lift_opt_out(account.id, &phone).await.map_err(|error| match error {
                LedgerError::NotFound => {
                    Failure::failed(format!("{phone} has not opted out of the account {}", account.name))
                }
                other => failure(other),
            })?;
            Ok(AnswersReply::Lifted(LiftedView { lifted: phone }))
        }
    }
}

async fn replies(service: &Service, account: AccountId) -> Result<AnswersReply, Failure> {
    let rules = service.auto_replies(account).await.map_err(failure)?;
    Ok(AnswersReply::Replies(rules.into_iter().map(Into::into).collect()))
}

async fn opt_outs(
    service: &Service,
    account: AccountId,
    phone: Option<&str>,
    limit: u32,
) -> Result<AnswersReply, Failure> {
    let Some(phone) = phone else {
        let slice = Slice { descending: true, limit, ..Slice::default() };
        let page = service.opt_outs(account, slice).await.map_err(failure)?;
        return Ok(AnswersReply::OptOuts(page.into()));
    };
    let found = service.opt_out_of(account, phone).await.map_err(failure)?;
    let opt_outs: Vec<OptOutView> = found.into_iter().map(Into::into).collect();
    Ok(AnswersReply::OptOuts(OptOutsView { total: opt_outs.len() as u64, opt_outs }))
}

fn failure(error: LedgerError) -> Failure {
    match error {
        LedgerError::Refused(Refusal::Value(fault)) => Failure::usage(fault),
        other => Failure::failed(other),
    }
}
