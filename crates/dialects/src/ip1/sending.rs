//! `POST /v2/batches`, and the rules by which this vendor sends.

use std::collections::BTreeMap;

use http::StatusCode;
use http::header::LOCATION;
use service::model::{Batch, Sum};
use service::plan::{AllOptedOut, Counts, MissingFunds, Policy, Templating, UnregisteredSender};
use service::{Access, Service};
use sms::{BatchKey, Outcome};

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
    let batch = as_accepted(batch.ok_or(Failure::NotFound(Missing::Batch))?, &answer.summary.counts);
    let mut response = reply::with_body(StatusCode::CREATED, JSON, batches::document(access, &batch));
    let location = format!("/v2/batches/{}", ids::batch_id(access.id(), &batch));
    reply::add_header(&mut response, LOCATION, &location);
    Ok(response)
}

/// A batch as it was when it was taken in: a carrier may have had it since, and the request may come again much
/// later under its key. What was refused then is as it was; everything else began alike.
fn as_accepted(mut batch: Batch, counts: &Counts) -> Batch {
    use Outcome as O;
    let began = match counts {
        Counts { held: 1.., .. } => O::Held,
        Counts { scheduled: 1.., .. } => O::Scheduled,
        _ => O::Queued,
    };
    let mut sums = BTreeMap::new();
    for (outcome, sum) in std::mem::take(&mut batch.sums) {
        let first = match outcome {
            O::DeniedSender
            | O::DeniedRecipient
            | O::DeniedBody
            | O::DeniedFunds
            | O::DeniedOptOut
            | O::DeniedCountry
            | O::DeniedFlood => outcome,
            O::ExpiredUnsent if counts.expired > 0 => outcome,
            _ => began,
        };
        let all: &mut Sum = sums.entry(first).or_default();
        all.messages += sum.messages;
        all.segments += sum.segments;
        all.price += sum.price;
    }
    batch.sums = sums.into_iter().collect();
    batch
}
