//! `POST /v2/batches`, and the rules by which this vendor sends.

use http::StatusCode;
use http::header::LOCATION;
use service::model::{Batch, Entry, Message, Sum};
use service::plan::{AllOptedOut, Counts, MissingFunds, Policy, Templating, UnregisteredSender};
use service::query::{MessageQuery, Order};
use service::submit::SubmitAnswer;
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
    let batch = batch.ok_or(Failure::NotFound(Missing::Batch))?;
    let batch = Batch { sums: sums_as_accepted(service, access, &answer).await?, ..batch };
    let mut response = reply::with_body(StatusCode::CREATED, JSON, batches::document(access, &batch));
    let location = format!("/v2/batches/{}", ids::batch_id(access.id(), &batch));
    reply::add_header(&mut response, LOCATION, &location);
    Ok(response)
}

/// The sums of a batch as they were when it was taken in: a request that comes again has the first one's answer,
/// and that is not another one because a carrier was quick.
async fn sums_as_accepted(
    service: &Service,
    access: &Access,
    answer: &SubmitAnswer,
) -> Result<Vec<(Outcome, Sum)>, Failure> {
    let summary = &answer.summary;
    if let Some(outcome) = outcome_of_all(&summary.counts, answer.count) {
        let price = summary.price.millionths();
        return Ok(vec![(outcome, Sum { messages: answer.count.into(), segments: summary.segments, price })]);
    }
    let mut sums: Vec<(Outcome, Sum)> = Vec::new();
    for message in accepted(service, access, answer).await? {
        let place = sums.iter().position(|(outcome, _)| *outcome == message.outcome).unwrap_or_else(|| {
            sums.push((message.outcome, Sum::default()));
            sums.len() - 1
        });
        if let Some((_, sum)) = sums.get_mut(place) {
            sum.messages += 1;
            sum.segments += u64::from(message.segments);
            sum.price += message.price.millionths();
        }
    }
    Ok(sums)
}

/// The outcome that all messages of a submission began with, where the counts tell it.
fn outcome_of_all(counts: &Counts, messages: u32) -> Option<Outcome> {
    if counts.sendable != messages {
        return None;
    }
    match (counts.scheduled, counts.held) {
        (0, 0) => Some(Outcome::Queued),
        (scheduled, 0) if scheduled == messages => Some(Outcome::Scheduled),
        (0, held) if held == messages => Some(Outcome::Held),
        _ => None,
    }
}

/// The messages of a submission by rising number, as they were when it was taken in.
pub(super) async fn accepted(
    service: &Service,
    access: &Access,
    answer: &SubmitAnswer,
) -> Result<Vec<Message>, Failure> {
    let query = MessageQuery {
        batch: Some(BatchKey::Mt(answer.batch)),
        order: Order::Number,
        limit: answer.count,
        ..MessageQuery::default()
    };
    let mut messages = service.messages(access.id(), query).await?.messages;
    for message in &mut messages {
        message.history.truncate(1);
        if let Some(outcome) = message.history.first().and_then(Entry::outcome) {
            message.outcome = outcome;
        }
    }
    Ok(messages)
}
