//! Taking in submissions.

use std::sync::Arc;

use sms::{AccountId, BatchKey, Direction, Micros, Number, Outcome};

use super::effect::Effect;
use super::transaction::Transaction;
use super::{batch_rows, chats, documents, events, funds, idempotency, outbox, rows, store};
use crate::change::{Accepted, BatchDocument, Remembered, Submission};
use crate::error::{Refusal, Result};
use crate::history::{Entry, MOST_ENTRIES};
use crate::model::Message;
use crate::outbound::Lease;
use crate::people::Document;

/// The largest price of a message, either way, in millionths: sums of all the messages that an account can
/// have in practice stay far from the end of their range.
const LARGEST_PRICE: u64 = 1_000_000_000_000;
/// The most segments that can be counted on the air.
const MOST_SEGMENTS: u16 = 255;

/// Whether all that [`accept`] refuses of it comes before the first row is written: a balance that moves, a
/// document and chats may be refused after others were.
pub(super) fn refuses_early(submission: &Submission) -> bool {
    submission.charge.is_none() && submission.document.is_none() && !submission.open_chats
}

/// Takes in a submission, and leases for the carrier of its place in `straight` what is queued of it; see
/// [`crate::Changes::accept_straight`].
pub(super) fn accept(
    t: &mut Transaction<'_>,
    account: AccountId,
    submission: Submission,
    straight: &[Option<Arc<str>>],
) -> Result<(Accepted, Vec<Lease>)> {
    let Submission {
        batch: new,
        mut messages,
        at,
        open_chats,
        enqueue,
        idempotency,
        answer,
        charge,
        document,
    } = submission;
    if let Some(key) = &idempotency
        && let Some(earlier) = idempotency::remembered(t.conn, account, key, at)?
    {
        return Ok((earlier.accepted, Vec::new()));
    }
    let count = u32::try_from(messages.len()).map_err(|_| Refusal::NumbersExhausted)?;
    if count == 0 {
        return Err(Refusal::Value("a submission has at least one message".to_owned()).into());
    }
    if !at.in_range() {
        return Err(Refusal::Value("dates lie between 1970 and 2106".to_owned()).into());
    }
    let first = t.take_numbers(account, count)?;
    let counters = t.counters(account)?;
    let batch = counters.next_batch;
    if batch > sms::id::MAX_NUMBER {
        return Err(Refusal::NumbersExhausted.into());
    }
    counters.next_batch += 1;
    counters.last_date = counters.last_date.max(at.seconds());
    let newest = counters.last_date;

    let balance = charge.map(|charge| funds::take(t, account, charge, &messages)).transpose()?;
    let mut sums = batch_rows::Sums::new();
    for (message, number) in messages.iter_mut().zip(first..) {
        message.number = number;
        message.batch = BatchKey::Mt(batch);
        message.hidden = false;
        message.program = t.program(account, message.program)?;
        message.date = message.date.max(newest);
        complete(message)?;
        if message.direction != Direction::Mt || message.outcome.direction() != Direction::Mt {
            return Err(
                Refusal::Value(format!("a submission's message cannot be {}", message.outcome)).into()
            );
        }
        if message.segments > MOST_SEGMENTS {
            let what = format!("a message has at most {MOST_SEGMENTS} segments");
            return Err(Refusal::Value(what).into());
        }
    }
    let straight = if enqueue { straight } else { &[] };
    let carriers = straight.iter().map(Option::as_deref).chain(std::iter::repeat(None));
    let mut carriers: Vec<Option<&str>> = carriers.take(messages.len()).collect();
    for (message, carrier) in messages.iter_mut().zip(&mut carriers) {
        // Only what waits for nothing else.
        *carrier = carrier.filter(|_| message.outcome == Outcome::Queued && message.date == newest);
        if carrier.is_some() {
            let at = message.history.last().map_or(at, |last| last.at.max(at));
            message.outcome = Outcome::Sending;
            message.history.push(Entry::new(at, Outcome::Sending));
        }
        batch_rows::add(&mut sums, message.outcome, 1, message.segments, message.price.millionths());
    }
    let id = account.key(batch);
    batch_rows::insert(t.conn, id, &new, at, &messages[0], count, &sums)?;
    insert_all(t, account, &messages, at, charge.is_some())?;
    let mut leases = Vec::new();
    if enqueue {
        let each = || messages.iter().zip(&carriers);
        outbox::enqueue(t, account, each().filter(|(_, carrier)| carrier.is_none()).map(|(one, _)| one))?;
        for (message, carrier) in each() {
            if let Some(carrier) = carrier {
                leases.extend(outbox::enqueue_leased(t, account, message, carrier, at)?);
            }
        }
    }
    if new.extra.report_url.is_some() {
        events::set_wanted(t, account, true)?;
    }
    for (message, carrier) in messages.iter().zip(&carriers) {
        t.count_new(account, message, false);
        if carrier.is_some() {
            events::note(t, account, message.number, Outcome::Queued, message.created)?;
        }
        events::note(t, account, message.number, message.outcome, message.created)?;
        if open_chats && !message.outcome.is_final() {
            chats::open(t, account, &message.recipient, at)?;
        }
    }
    t.effect(account, Effect::BatchMade { created: at.seconds(), batch });
    t.effect(account, Effect::Added(messages));
    let document = document.map(|document| put_document(t, account, document, batch)).transpose()?;
    let accepted = Accepted { batch, first, count, repeated: false, balance, document };
    if let Some(key) = &idempotency {
        idempotency::remember(t, account, key, &Remembered { accepted, answer }, at)?;
    }
    Ok((accepted, leases))
}

/// Writes the document that goes with a batch.
fn put_document(
    t: &Transaction<'_>,
    account: AccountId,
    document: BatchDocument,
    batch: Number,
) -> Result<Number> {
    let BatchDocument { kind, number, body } = document;
    documents::put(t, account, &kind, &Document { number, name: Some(batch.to_string()), body })
}

/// Sees to it that a message's history ends in its outcome and that its values fit a row.
pub(super) fn complete(message: &mut Message) -> Result<()> {
    if message.history.iter().rev().find_map(Entry::outcome) != Some(message.outcome) {
        message.history.push(Entry::new(message.created, message.outcome));
    }
    if message.history.len() > MOST_ENTRIES {
        return Err(Refusal::Value(format!("a history has at most {MOST_ENTRIES} entries")).into());
    }
    if !message.created.in_range() || message.history.iter().any(|entry| !entry.at.in_range()) {
        return Err(Refusal::Value("dates lie between 1970 and 2106".to_owned()).into());
    }
    if message.direction == Direction::Mo && message.sender.is_none() {
        return Err(Refusal::Value("an MO has a sender".to_owned()).into());
    }
    if message.price.millionths().unsigned_abs() > LARGEST_PRICE {
        return Err(Refusal::Value("a price is at most a million units".to_owned()).into());
    }
    message.segments = message.segments.max(1);
    message.priority = message.priority.clamp(1, 2);
    let network = &mut message.network;
    for part in [&mut network.mcc, &mut network.mnc, &mut network.name] {
        *part = part.take().filter(|text| !text.is_empty());
    }
    Ok(())
}

/// Inserts the rows of messages whose batch was made at `batch_created`; `charged`: those that say that they
/// were funded were paid for now.
pub(super) fn insert_all(
    t: &mut Transaction<'_>,
    account: AccountId,
    messages: &[Message],
    batch_created: Micros,
    charged: bool,
) -> Result<()> {
    let conn = t.conn;
    let mut statement = conn.prepare_cached(rows::INSERT).map_err(store)?;
    for message in messages {
        let network = t.network(message)?;
        rows::insert(
            &mut statement,
            account,
            message,
            batch_created,
            network,
            charged && funds::is_funded(message),
        )?;
    }
    Ok(())
}

/// Whether a message still waits here and could be called back.
pub(super) fn is_unsent(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Scheduled | Outcome::Held | Outcome::Queued)
}

/// Whether a message may stand in the outbox: no carrier has it, and one still may get it.
pub(super) fn is_waiting(outcome: Outcome) -> bool {
    is_unsent(outcome) || outcome == Outcome::Sending
}
