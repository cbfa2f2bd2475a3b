//! The commands about numbers that people write to.

use serde::{Deserialize, Serialize};
use service::Service;
use service::inbound::Unrouted;
use service::numbers::{NumberClaim, NumberError};
use service::people::Slice;
use service::query::Page;

use super::Reply;
use super::request::Request;
use super::run::find;
use crate::failure::Failure;

/// A claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ClaimView {
    pub(crate) number: String,
    /// Null: all that no keyword claims.
    pub(crate) keyword: Option<String>,
    /// Null: the account's default.
    pub(crate) program: Option<u32>,
}

impl From<NumberClaim> for ClaimView {
    fn from(claim: NumberClaim) -> Self {
        let NumberClaim { number, keyword, program } = claim;
        Self { number, keyword, program: Some(program).filter(|program| *program != 0) }
    }
}

/// What is nobody's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct UnroutedView {
    /// How many there are, listed or not.
    pub(crate) total: u64,
    pub(crate) messages: Vec<UnroutedMessage>,
}

/// An MO that is nobody's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct UnroutedMessage {
    pub(crate) number: u64,
    pub(crate) carrier: String,
    pub(crate) sender: String,
    pub(crate) recipient: String,
    pub(crate) received: String,
    pub(crate) body: String,
}

impl From<Page<Unrouted>> for UnroutedView {
    fn from(page: Page<Unrouted>) -> Self {
        let view = |lost: Unrouted| UnroutedMessage {
            number: lost.number,
            carrier: lost.carrier,
            sender: lost.sender,
            recipient: lost.recipient,
            received: lost.received.to_string(),
            body: lost.body,
        };
        Self { total: page.total, messages: page.items.into_iter().map(view).collect() }
    }
}

/// Runs one of them.
pub(super) async fn run(service: &Service, request: Request) -> Result<Reply, Failure> {
    match request {
        Request::NumberClaim { account, number, keyword, program } => {
            let account = find(service, &account).await?;
            let claim = NumberClaim { number, keyword, program };
            service.claim_number(account.id, claim).await.map_err(failure)?;
            listed(service, account.id).await
        }
        Request::NumberList { account } => {
            let account = find(service, &account).await?;
            listed(service, account.id).await
        }
        Request::NumberRelease { account, number, keyword } => {
            let account = find(service, &account).await?;
            service.release_number(account.id, &number, keyword.as_deref()).await.map_err(failure)?;
            listed(service, account.id).await
        }
        Request::NumberUnrouted { limit } => {
            let slice = Slice { limit, ..Slice::default() };
            let page = service.unrouted(slice).await.map_err(Failure::failed)?;
            Ok(Reply::Unrouted(page.into()))
        }
        Request::NumberRoute { account, number } => {
            let account = find(service, &account).await?;
            let routed = service.route_unrouted(account.id, number.as_deref()).await;
            Ok(Reply::Routed { messages: routed.map_err(Failure::failed)? })
        }
        other => Err(Failure::failed(format!("{} is no command about numbers", other.name()))),
    }
}

async fn listed(service: &Service, account: sms::AccountId) -> Result<Reply, Failure> {
    let claims = service.claimed_numbers(account).await.map_err(Failure::failed)?;
    Ok(Reply::Numbers(claims.into_iter().map(Into::into).collect()))
}

fn failure(error: NumberError) -> Failure {
    match error {
        NumberError::Number(_) | NumberError::TooShort | NumberError::Keyword | NumberError::Reserved(_) => {
            Failure::usage(error)
        }
        other => Failure::failed(other),
    }
}
