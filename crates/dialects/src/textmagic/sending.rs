//! `POST /messages`: one submission, and the ids by which its caller finds it again.

mod form;
mod refusal;
mod when;

use serde::Serialize;
use service::plan::SubmitRequest;
use service::submit::SubmitAnswer;
use sms::Number;

use super::call::{Answer, Call, created};
use super::error::Failure;
use super::prices;
use super::values::{PREFIX, phone_of};
use crate::kit::idempotency::request_key;

pub(super) use form::{policy, read};
pub(super) use refusal::failure;

/// Of more recipients than this a submission is a bulk session.
pub(super) const MOST_OF_A_SESSION: u32 = 1000;

/// `POST /messages`: 201 when it is on disk; with `dummy=1` the price instead.
pub(super) async fn send(call: &Call<'_>) -> Answer {
    let fields = call.body()?;
    let key = request_key(call.request, &[]).map_err(|bad| Failure::BadRequest(format!("{bad}.")))?;
    let request = read(call, &fields).await?;
    if fields.flag("dummy")? == Some(true) {
        return prices::by_country(call, &fields, request).await;
    }
    let peer = only_phone(&request);
    let answer = call.service.submit(call.account(), request, &policy(), key).await;
    let answer = answer.map_err(|error| failure(error, &fields))?;
    let chat = chat(call, &answer, peer).await?;
    Ok(created(&Sent::of(&answer, chat)))
}

/// The phone of a submission to one phone.
fn only_phone(request: &SubmitRequest) -> Option<String> {
    let alone = request.contacts.is_empty() && request.lists.is_empty();
    match request.recipients.as_slice() {
        [recipient] if alone => Some(phone_of(&recipient.to)),
        _ => None,
    }
}

/// The chat with the one recipient, where there is one. `peer` saves reading the message for it.
async fn chat(
    call: &Call<'_>,
    answer: &SubmitAnswer,
    peer: Option<String>,
) -> Result<Option<Number>, Failure> {
    if answer.count != 1 || answer.schedule.is_some() {
        return Ok(None);
    }
    let message = match &peer {
        Some(_) if !answer.repeated => None,
        Some(_) | None => call.service.message(call.account(), answer.first).await?,
    };
    let sent = message.as_ref().map(|message| message.created);
    let Some(peer) = peer.or(message.map(|message| message.recipient)) else { return Ok(None) };
    let chat = call.service.chat_with(call.account(), &peer).await?;
    // One that was opened since is no part of the first answer.
    let chat = chat.filter(|chat| !answer.repeated || sent.is_none_or(|sent| chat.opened <= sent));
    Ok(chat.map(|chat| chat.number))
}

/// What a submission answers: one of four kinds of id, the others `null`.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    id: Number,
    href: String,
    #[serde(rename = "type")]
    kind: &'static str,
    session_id: Option<Number>,
    bulk_id: Option<Number>,
    message_id: Option<Number>,
    schedule_id: Option<Number>,
    chat_id: Option<Number>,
}

impl Sent {
    /// What is sent later is told by its schedule alone, many at once by their bulk alone.
    fn of(answer: &SubmitAnswer, chat_id: Option<Number>) -> Self {
        let sent = |kind, collection, id| Self {
            id,
            href: format!("{PREFIX}/{collection}/{id}"),
            kind,
            chat_id,
            ..Self::default()
        };
        let session_id = Some(answer.batch);
        match (answer.schedule, answer.large) {
            (schedule_id @ Some(id), _) => Self { schedule_id, ..sent("schedule", "schedules", id) },
            (None, bulk_id @ Some(id)) => Self { bulk_id, ..sent("bulk", "bulks", id) },
            (None, None) if answer.count == 1 => {
                let message_id = Some(answer.first);
                Self { session_id, message_id, ..sent("message", "messages", answer.first) }
            }
            (None, None) => Self { session_id, ..sent("session", "sessions", answer.batch) },
        }
    }
}
