//! Taking in MO: the message with everything that belongs to its commit.

use rusqlite::Connection;
use sms::{AccountId, BatchKey, Direction, Micros};

use super::effect::Effect;
use super::submit::{complete, insert_all};
use super::transaction::Transaction;
use super::{chats, events, idempotency, mo_parts, opt_outs, replies, seen, unrouted};
use crate::change::{Accepted, Idempotency, Received, Remembered};
use crate::error::{LedgerError, Refusal, Result};
use crate::inbound::{Consent, Origin, TakeIn, TakenIn, Unrouted};
use crate::model::Message;
use crate::people::OptOut;

/// Takes in an MO; see [`crate::WayIn::take_in`]. Whatever it refuses, it refuses before it writes a row. A date
/// that lies after `now` (a carrier's clock runs ahead) stays the message's own: it must not drag all later
/// traffic with it.
pub(super) fn take_in(
    t: &mut Transaction<'_>,
    account: AccountId,
    take: TakeIn,
    now: Micros,
) -> Result<Option<TakenIn>> {
    let TakeIn { message, origin, consent, reply } = take;
    if !is_new(t.conn, &origin)? {
        repeated(t.conn, &origin, now)?;
        return Ok(None);
    }
    let received = receive(t, account, message, now)?;
    use_up(t.conn, &origin, now)?;
    let changed = match consent {
        None => false,
        Some(Consent::Withdrawn { phone, source }) => {
            let message = Some(received.number);
            let opt_out = OptOut { number: 0, phone, since: now, source, message };
            opt_outs::add_new(t, account, &opt_out)?.1
        }
        Some(Consent::Given { phone }) => opt_outs::lift_any(t, account, &phone, now)?,
    };
    let owed = match reply.filter(|reply| changed || !reply.if_changed) {
        Some(reply) => replies::owe(t, account, received.number, &reply, now)?,
        None => false,
    };
    Ok(Some(TakenIn { received, changed, owed }))
}

/// Takes in an MO unless its key was used before; see [`crate::WayIn::take_in_once`]. The record of the key
/// names no batch, and keeps the chat where that of a submission keeps its document.
pub(super) fn take_in_once(
    t: &mut Transaction<'_>,
    account: AccountId,
    take: TakeIn,
    key: &Idempotency,
    now: Micros,
) -> Result<TakenIn> {
    if let Some(earlier) = idempotency::remembered(t.conn, account, key, now)? {
        return match earlier.accepted {
            Accepted { batch: 0, first, document: Some(chat), .. } => {
                let received = Received { number: first, chat };
                Ok(TakenIn { received, changed: false, owed: false })
            }
            // The very same request was a submission.
            _ => Err(Refusal::KeyReused.into()),
        };
    }
    // Under a key it comes from a request, of which there is nothing else to be used up.
    let take = TakeIn { origin: Origin::Given, ..take };
    let taken = take_in(t, account, take, now)?.ok_or(LedgerError::NotFound)?;
    let Received { number, chat } = taken.received;
    let accepted =
        Accepted { batch: 0, first: number, count: 1, repeated: false, balance: None, document: Some(chat) };
    idempotency::remember(t, account, key, &Remembered { accepted, answer: None }, now)?;
    Ok(taken)
}

/// The message itself, with its chat and its event.
fn receive(
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
    insert_all(t, account, std::slice::from_ref(&message), message.created, false)?;
    t.count_new(account, &message, false);
    events::note(t, account, number, message.outcome, message.created)?;
    t.effect(account, Effect::Added(vec![message]));
    Ok(Received { number, chat })
}

/// Keeps an MO that is nobody's; `None` when it was taken in before.
pub(super) fn keep_unrouted(
    t: &Transaction<'_>,
    message: &Unrouted,
    origin: &Origin,
    now: Micros,
) -> Result<Option<u64>> {
    if !is_new(t.conn, origin)? {
        repeated(t.conn, origin, now)?;
        return Ok(None);
    }
    let number = unrouted::insert(t.conn, message)?;
    use_up(t.conn, origin, now)?;
    Ok(Some(number))
}

/// Whether what it comes from is still to be had.
fn is_new(conn: &Connection, origin: &Origin) -> Result<bool> {
    match origin {
        Origin::Given => Ok(true),
        Origin::Whole(delivery) => Ok(!seen::delivery(conn, delivery)?),
        Origin::Segments(segments) => mo_parts::are_there(conn, segments),
        Origin::Unrouted(number) => unrouted::is_there(conn, *number),
    }
}

/// This repetition takes the place of the one it repeats: what comes after it, a person wrote.
fn repeated(conn: &Connection, origin: &Origin, now: Micros) -> Result<()> {
    match origin {
        Origin::Whole(delivery) => seen::remember(conn, &delivery.fingerprint, delivery.received, now),
        Origin::Given | Origin::Segments(_) | Origin::Unrouted(_) => Ok(()),
    }
}

/// Uses up what it comes from, and remembers it.
fn use_up(conn: &Connection, origin: &Origin, now: Micros) -> Result<()> {
    match origin {
        Origin::Given => Ok(()),
        Origin::Whole(delivery) => seen::remember(conn, &delivery.fingerprint, delivery.received, now),
        Origin::Segments(segments) => {
            for part in &segments.parts {
                seen::remember(conn, &part.fingerprint, part.received, now)?;
            }
            mo_parts::forget(conn, segments)
        }
        Origin::Unrouted(number) => unrouted::remove(conn, *number),
    }
}
