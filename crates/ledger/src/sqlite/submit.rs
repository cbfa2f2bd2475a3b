//! Taking in: submissions and MO.

use rusqlite::{OptionalExtension, params};
use sms::{AccountId, BatchKey, Direction, Micros, Number, Outcome};

use super::effect::Effect;
use super::transaction::Transaction;
use super::{batch_rows, chats, events, outbox, rows, store};
use crate::change::{Accepted, Idempotency, Received, Submission};
use crate::error::{Refusal, Result};
use crate::history::{Entry, MOST_ENTRIES};
use crate::model::Message;

/// The largest price of a message, either way, in millionths: sums of all the messages that an account can
/// have in practice stay far from the end of their range.
const LARGEST_PRICE: u64 = 1_000_000_000_000;
/// The most segments that can be counted on the air.
const MOST_SEGMENTS: u16 = 255;
/// How long an idempotency key is remembered.
const REMEMBERED: i64 = 24 * 3600 * 1_000_000;

/// Takes in a submission; see [`crate::Ledger::accept`].
pub(super) fn accept(
    t: &mut Transaction<'_>,
    account: AccountId,
    submission: Submission,
) -> Result<Accepted> {
    let Submission { batch: new, mut messages, at, open_chats, enqueue, idempotency } = submission;
    if let Some(key) = &idempotency
        && let Some(earlier) = remembered(t, account, key, at)?
    {
        return Ok(earlier);
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
        batch_rows::add(&mut sums, message.outcome, 1, message.segments, message.price.millionths());
    }
    let id = account.key(batch);
    batch_rows::insert(t.conn, id, &new, at, &messages[0], count, &sums)?;
    insert_all(t, account, &messages, at)?;
    if enqueue {
        outbox::enqueue(t, account, &messages)?;
    }
    for message in &messages {
        t.count_new(account, message, false);
        if open_chats {
            chats::open(t, account, &message.recipient, at)?;
        }
    }
    t.effect(account, Effect::BatchMade { created: at.seconds(), batch });
    t.effect(account, Effect::Added(messages));
    let accepted = Accepted { batch, first, count, repeated: false };
    if let Some(key) = &idempotency {
        remember(t, account, key, &accepted, at)?;
    }
    Ok(accepted)
}

/// Takes in an MO; see [`crate::Ledger::receive`]. A date that lies after `now` (a carrier's clock runs ahead)
/// stays the message's own: it must not drag all later traffic with it.
pub(super) fn receive(
    t: &mut Transaction<'_>,
    account: AccountId,
    mut message: Message,
    now: Micros,
) -> Result<Received> {
    message.number = t.take_numbers(account, 1)?;
    message.batch = BatchKey::Mo(message.number);
    message.hidden = false;
    message.program = t.program(account, message.program)?;
    let counters = t.counters(account)?;
    message.date = message.date.max(counters.last_date);
    if message.date <= now.seconds() {
        counters.last_date = message.date;
    }
    complete(&mut message)?;
    if message.direction != Direction::Mo || message.outcome.direction() != Direction::Mo {
        return Err(Refusal::Value(format!("an MO cannot be {}", message.outcome)).into());
    }
    let chat = chats::open(t, account, message.peer(), message.created)?;
    let number = message.number;
    insert_all(t, account, std::slice::from_ref(&message), message.created)?;
    t.count_new(account, &message, false);
    events::note(t, account, number, message.outcome, message.created)?;
    t.effect(account, Effect::Added(vec![message]));
    Ok(Received { number, chat })
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

/// Inserts the rows of messages whose batch was made at `batch_created`.
pub(super) fn insert_all(
    t: &mut Transaction<'_>,
    account: AccountId,
    messages: &[Message],
    batch_created: Micros,
) -> Result<()> {
    let conn = t.conn;
    let mut statement = conn.prepare_cached(rows::INSERT).map_err(store)?;
    for message in messages {
        let network = t.network(message)?;
        rows::insert(&mut statement, account, message, batch_created, network)?;
    }
    Ok(())
}

fn remembered(
    t: &Transaction<'_>,
    account: AccountId,
    key: &Idempotency,
    at: Micros,
) -> Result<Option<Accepted>> {
    let known: Option<(Vec<u8>, Number, Number, u32, i64)> = t
        .conn
        .prepare_cached(
            "SELECT request, batch, first, count, at FROM idempotency WHERE account = ?1 AND key = ?2",
        )
        .map_err(store)?
        .query_row(params![account.get(), key.key], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })
        .optional()
        .map_err(store)?;
    match known {
        Some((_, _, _, _, then)) if then + REMEMBERED <= at.get() => Ok(None),
        Some((request, batch, first, count, _)) if request == key.request => {
            Ok(Some(Accepted { batch, first, count, repeated: true }))
        }
        Some(_) => Err(Refusal::KeyReused.into()),
        None => Ok(None),
    }
}

fn remember(
    t: &Transaction<'_>,
    account: AccountId,
    key: &Idempotency,
    accepted: &Accepted,
    at: Micros,
) -> Result<()> {
    t.conn
        .prepare_cached("INSERT OR REPLACE INTO idempotency VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
        .map_err(store)?
        .execute(params![
            account.get(),
            key.key,
            key.request,
            accepted.batch,
            accepted.first,
            accepted.count,
            at.get()
        ])
        .map_err(store)?;
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
