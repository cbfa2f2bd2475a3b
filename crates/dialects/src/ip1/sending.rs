//! `POST /v2/batches`, and the rules by which this vendor sends.

use http::StatusCode;
use http::header::LOCATION;
use service::plan::{AllOptedOut, MissingFunds, Policy, Templating, UnregisteredSender};
use service::{Access, Service};
use sms::BatchKey;

use super::error::{Failure, JSON, Missing};
use super::submission::{self, MOST_RECIPIENTS};
use super::version::Version;
use super::{batches, ids};
use crate::kit::idempotency::request_key;
use crate::kit::{Request, Response, reply};

/// What becomes of whatever is wrong with a submission: v2 answers with messages in a status that says so, v1
/// refuses what nobody can pay for, or nobody is left to receive.
pub(super) fn policy(version: Version) -> Policy {
    let (funds, all_opted_out) = match version {
        Version::V1 => (MissingFunds::Refuse, AllOptedOut::Refuse),
        Version::V2 => (MissingFunds::Deny, AllOptedOut::Deny),
    };
    Policy {
        unregistered: UnregisteredSender::Deny,
        funds,
        all_opted_out,
        templating: Some(Templating::GIVEN),
        most_recipients: u32::try_from(MOST_RECIPIENTS).unwrap_or(u32::MAX),
        ..Policy::default()
    }
}

/// `POST /v2/batches`: takes a batch in, and shows it.
pub(super) async fn send(service: &Service, access: &Access, request: &Request) -> Result<Response, Failure> {
    let key = request_key(request, &[])?;
    let submission = submission::read(request, service.now().seconds())?;
    let answer = service.submit(access.id(), submission, &policy(Version::V2), key).await?;
    let batch = service.batch(access.id(), BatchKey::Mt(answer.batch)).await?;
    let batch = batch.ok_or(Failure::NotFound(Missing::Batch))?;
    let mut response = reply::with_body(StatusCode::CREATED, JSON, batches::document(access, &batch));
    let location = format!("/v2/batches/{}", ids::batch_id(access.id(), &batch));
    reply::add_header(&mut response, LOCATION, &location);
    Ok(response)
}
