//! The outbox: what is due, leases, and what became of attempts.

use rusqlite::{Connection, OptionalExtension, params};
use sms::{AccountId, Micros, Number, Outcome};

use super::loaded::{Loaded, with_message};
use super::steps::{self, append};
use super::submit::{is_unsent, is_waiting};
use super::transaction::Transaction;
use super::{receipts, rows, store};
use crate::error::{LedgerError, Refusal, Result};
use crate::history::{Entry, Word};
use crate::model::Message;
use crate::outbound::{Attempt, AttemptResult, Lease, Settlement};

/// The due second of what waits for a person: no clock reaches it.
pub(super) const HELD: u32 = u32::MAX;

/// Puts every segment of these messages into the outbox, as far as they wait to be sent.
pub(super) fn enqueue<'m>(
    t: &Transaction<'_>,
    account: AccountId,
    messages: impl Iterator<Item = &'m Message>,
) -> Result<()> {
    let mut statement = t
        .conn
        .prepare_cached("INSERT INTO outbox (account, due, number, part) VALUES (?1, ?2, ?3, ?4)")
        .map_err(store)?;
    for message in messages.filter(|message| is_waiting(message.outcome)) {
        let due = if message.outcome == Outcome::Held { HELD } else { message.date };
        for part in 1..=message.segments {
            statement.execute(params![account.get(), due, message.number, part]).map_err(store)?;
        }
    }
    Ok(())
}

/// Puts every segment of a new message into the outbox, already leased.
pub(super) fn enqueue_leased(
    t: &Transaction<'_>,
    account: AccountId,
    message: &Message,
    carrier: &str,
    at: Micros,
) -> Result<Vec<Lease>> {
    let mut statement = t
        .conn
        .prepare_cached(
            "INSERT INTO outbox (account, due, number, part, attempts, leased, carrier)
             VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6)",
        )
        .map_err(store)?;
    let mut leases = Vec::with_capacity(message.segments.into());
    for part in 1..=message.segments {
        let (due, number) = (message.date, message.number);
        statement.execute(params![account.get(), due, number, part, at.get(), carrier]).map_err(store)?;
        if message.segments > 1 {
            keep_part(t, account.key(number), part, Outcome::Sending)?;
        }
        let part = u8::try_from(part).map_err(|_| rows::broken("segment"))?;
        leases.push(Lease { number, part, due, carrier: carrier.to_owned() });
    }
    Ok(leases)
}

/// Lets what waits be due when it is to be, after a message went from one outcome to another: nothing is sent
/// while it is held, and what is released is due at its date.
pub(super) fn hold(
    t: &Transaction<'_>,
    account: AccountId,
    message: &Message,
    (from, to): (Outcome, Outcome),
) -> Result<()> {
    let (due, next) = match (from == Outcome::Held, to == Outcome::Held) {
        (true, false) => (HELD, message.date),
        (false, true) => (message.date, HELD),
        (true, true) | (false, false) => return Ok(()),
    };
    t.conn
        .prepare_cached(
            "UPDATE outbox SET due = ?4 WHERE account = ?1 AND due = ?2 AND number = ?3 AND leased IS NULL",
        )
        .map_err(store)?
        .execute(params![account.get(), due, message.number, next])
        .map_err(store)?;
    Ok(())
}

/// Takes segments to be attempted; see [`crate::WayOut::lease`].
pub(super) fn lease(
    t: &mut Transaction<'_>,
    account: AccountId,
    leases: Vec<Lease>,
    at: Micros,
) -> Result<Vec<Lease>> {
    // All of it is looked at before the first row is written.
    let mut known = Vec::with_capacity(leases.len());
    for lease in leases {
        if has_segment(t, account, lease.number, lease.part)? {
            known.push(lease);
        }
    }
    let mut taken = Vec::with_capacity(known.len());
    for lease in known {
        let number = lease.number;
        let had = with_message(t, account, number, |t, message| lease_one(t, account, message, &lease, at))?;
        if had == Some(true) {
            taken.push(lease);
        }
    }
    Ok(taken)
}

/// Takes one segment, if it is still to be had.
fn lease_one(
    t: &mut Transaction<'_>,
    account: AccountId,
    message: &mut Loaded,
    lease: &Lease,
    at: Micros,
) -> Result<bool> {
    let current = current(t.conn, account, message, lease.part)?;
    if message.hidden || !(is_unsent(current) || current == Outcome::Uncertain) {
        // Withdrawn since it was queued, or with a carrier by other ways.
        leave(t, account, lease)?;
        return Ok(false);
    }
    let held = t
        .conn
        .prepare_cached(
            "UPDATE outbox SET leased = ?5, carrier = ?6, attempts = attempts + 1
             WHERE account = ?1 AND due = ?2 AND number = ?3 AND part = ?4 AND leased IS NULL",
        )
        .map_err(store)?
        .execute(params![account.get(), lease.due, lease.number, lease.part, at.get(), lease.carrier])
        .map_err(store)?;
    if held > 0 {
        set_part(t, account, message, lease.part, &Entry::new(at, Outcome::Sending))?;
    }
    Ok(held > 0)
}

/// Drops a row that nobody holds.
fn leave(t: &Transaction<'_>, account: AccountId, lease: &Lease) -> Result<()> {
    t.conn
        .prepare_cached(
            "DELETE FROM outbox WHERE account = ?1 AND due = ?2 AND number = ?3 AND part = ?4
             AND leased IS NULL",
        )
        .map_err(store)?
        .execute(params![account.get(), lease.due, lease.number, lease.part])
        .map_err(store)?;
    Ok(())
}

/// Records what became of attempts; see [`crate::WayOut::record_attempts`].
pub(super) fn record(t: &mut Transaction<'_>, account: AccountId, attempts: Vec<Attempt>) -> Result<()> {
    // All of it is looked at before the first row is written.
    for attempt in &attempts {
        if let AttemptResult::Ended(outcome) = attempt.result
            && !outcome.is_final()
        {
            return Err(Refusal::Value(format!("an attempt cannot end as {outcome}")).into());
        }
        if !has_segment(t, account, attempt.lease.number, attempt.lease.part)? {
            return Err(LedgerError::NotFound);
        }
    }
    for attempt in attempts {
        let number = attempt.lease.number;
        let known = with_message(t, account, number, |t, message| record_one(t, account, message, attempt));
        known?.ok_or(LedgerError::NotFound)?;
    }
    Ok(())
}

/// Whether a message is there with a segment; segment zero stands for all, and a message of one is its own.
pub(super) fn has_segment(
    t: &mut Transaction<'_>,
    account: AccountId,
    number: Number,
    part: u8,
) -> Result<bool> {
    let segments = with_message(t, account, number, |_, message| Ok(message.segments))?;
    Ok(segments.is_some_and(|segments| segments <= 1 || u16::from(part) <= segments))
}

fn record_one(
    t: &mut Transaction<'_>,
    account: AccountId,
    message: &mut Loaded,
    attempt: Attempt,
) -> Result<()> {
    let Attempt { lease, at, result, code, text } = attempt;
    let entry = |outcome| Entry { at, word: Word::Outcome(outcome), code, text };
    if let AttemptResult::Settled(settlement) = result {
        return settle(t, account, message, &lease, (settlement, at), entry);
    }
    let row = take_out(t, account, &lease)?;
    let made = row.map_or(0, |row| row.attempts);
    match result {
        AttemptResult::Submitted { id } => {
            set_part(t, account, message, lease.part, &entry(Outcome::Submitted))?;
            receipts::know(t, account, message, &lease, &id, at)?;
        }
        AttemptResult::SubmittedWhole { id } => {
            set_part(t, account, message, lease.part, &entry(Outcome::Submitted))?;
            receipts::know(t, account, message, &Lease { part: 0, ..lease }, &id, at)?;
        }
        AttemptResult::Retry { due } => {
            requeue(t, account, &lease, due, made)?;
            set_part(t, account, message, lease.part, &entry(Outcome::Queued))?;
        }
        AttemptResult::Unsent { due } => {
            // What left its own place is found there no more when it is withdrawn: it counts as touched.
            let least = u16::from(due != lease.due);
            requeue(t, account, &lease, due, made.saturating_sub(1).max(least))?;
            set_part(t, account, message, lease.part, &entry(Outcome::Queued))?;
        }
        AttemptResult::Ended(outcome) => {
            // What nobody leased and is gone from the queue was withdrawn, and that is its last word.
            if row.is_some() || !current(t.conn, account, message, lease.part)?.is_final() {
                set_part(t, account, message, lease.part, &entry(outcome))?;
            }
        }
        AttemptResult::Uncertain { resend } => {
            set_part(t, account, message, lease.part, &entry(Outcome::Uncertain))?;
            if let Some(due) = resend {
                requeue(t, account, &lease, due, made)?;
            }
        }
        AttemptResult::Settled(_) => {}
    }
    Ok(())
}

/// Obeys a late answer.
fn settle(
    t: &mut Transaction<'_>,
    account: AccountId,
    message: &mut Loaded,
    lease: &Lease,
    (settlement, at): (Settlement, Micros),
    entry: impl FnOnce(Outcome) -> Entry,
) -> Result<()> {
    let doubtful = doubtful(t.conn, account, message, lease.part)?;
    match settlement {
        Settlement::Taken { id } => {
            if !doubtful.is_empty() {
                set_part(t, account, message, lease.part, &entry(Outcome::Submitted))?;
            }
            receipts::know(t, account, message, lease, &id, at)?;
        }
        Settlement::Refused if !doubtful.is_empty() => {
            set_part(t, account, message, lease.part, &entry(Outcome::RefusedByCarrier))?;
        }
        Settlement::NotTaken { due } if !doubtful.is_empty() => {
            for part in doubtful {
                requeue(t, account, &Lease { part, ..lease.clone() }, due, 1)?;
            }
            set_part(t, account, message, lease.part, &entry(Outcome::Queued))?;
        }
        Settlement::Refused | Settlement::NotTaken { .. } => {}
    }
    Ok(())
}

/// Which of the segments that an attempt was for are uncertain; part zero was for all.
fn doubtful(conn: &Connection, account: AccountId, message: &Message, part: u8) -> Result<Vec<u8>> {
    if message.segments <= 1 || message.outcome.is_final() {
        return Ok(if message.outcome == Outcome::Uncertain { vec![1] } else { Vec::new() });
    }
    let parts = parts(conn, account.key(message.number), message)?.into_iter().zip(1_u8..);
    let uncertain = parts.filter(|(outcome, _)| *outcome == Outcome::Uncertain).map(|(_, number)| number);
    Ok(uncertain.filter(|number| part == 0 || *number == part).collect())
}

/// What stood in the outbox.
#[derive(Clone, Copy, Debug)]
struct Taken {
    attempts: u16,
}

/// Takes a row out of the outbox, if it is there.
fn take_out(t: &Transaction<'_>, account: AccountId, lease: &Lease) -> Result<Option<Taken>> {
    t.conn
        .prepare_cached(
            "DELETE FROM outbox WHERE account = ?1 AND due = ?2 AND number = ?3 AND part = ?4
             RETURNING attempts",
        )
        .map_err(store)?
        .query_row(params![account.get(), lease.due, lease.number, lease.part], |row| {
            Ok(Taken { attempts: row.get(0)? })
        })
        .optional()
        .map_err(store)
}

fn requeue(t: &Transaction<'_>, account: AccountId, lease: &Lease, due: u32, attempts: u16) -> Result<()> {
    t.conn
        .prepare_cached(
            "INSERT OR REPLACE INTO outbox (account, due, number, part, attempts) VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .map_err(store)?
        .execute(params![account.get(), due, lease.number, lease.part, attempts])
        .map_err(store)?;
    Ok(())
}

/// Gives a segment its outcome, and its message the outcome that follows from all segments. What is not a
/// legal step is kept as a contradiction where the segment is final, and passed over otherwise: late news of
/// an earlier stage says nothing.
pub(super) fn set_part(
    t: &mut Transaction<'_>,
    account: AccountId,
    message: &mut Loaded,
    part: u8,
    entry: &Entry,
) -> Result<()> {
    let Some(next) = entry.outcome() else { return Ok(()) };
    if message.segments <= 1 {
        return step(t, account, message, entry.clone(), next);
    }
    if part == 0 {
        return set_all(t, account, message, entry, next);
    }
    let key = account.key(message.number);
    let mut parts = parts(t.conn, key, message)?;
    let Some(current) = parts.get(usize::from(part).wrapping_sub(1)).copied() else {
        return Err(LedgerError::Corrupt(format!("message {} has no segment {part}", message.number)));
    };
    if current == next {
        return Ok(());
    }
    if !current.may_become(next) {
        if current.is_final() {
            append(t, account, message, steps::contradiction(entry.clone(), next))?;
        }
        return Ok(());
    }
    parts[usize::from(part) - 1] = next;
    keep_part(t, key, part.into(), next)?;
    match Outcome::roll_up(&parts) {
        Some(rolled) if rolled != message.outcome && message.outcome.may_become(rolled) => {
            append(t, account, message, Entry { word: Word::Outcome(rolled), ..entry.clone() })
        }
        _ => {
            let note = Word::Note(sms::Note::Part);
            let words = entry.text.clone().unwrap_or_else(|| format!("segment {part}: {next}"));
            append(t, account, message, Entry { word: note, text: Some(words), ..entry.clone() })
        }
    }
}

/// Gives every segment an outcome that one word of the carrier brings for all.
fn set_all(
    t: &mut Transaction<'_>,
    account: AccountId,
    message: &mut Loaded,
    entry: &Entry,
    next: Outcome,
) -> Result<()> {
    let key = account.key(message.number);
    let mut parts = parts(t.conn, key, message)?;
    for (part, number) in parts.iter_mut().zip(1_u16..) {
        if part.may_become(next) {
            *part = next;
            keep_part(t, key, number, next)?;
        }
    }
    match Outcome::roll_up(&parts) {
        Some(rolled) if rolled != message.outcome && message.outcome.may_become(rolled) => {
            append(t, account, message, Entry { word: Word::Outcome(rolled), ..entry.clone() })
        }
        Some(rolled) if rolled != next && message.outcome.is_final() => {
            append(t, account, message, steps::contradiction(entry.clone(), next))
        }
        _ => Ok(()),
    }
}

fn keep_part(t: &Transaction<'_>, key: i64, part: u16, outcome: Outcome) -> Result<()> {
    t.conn
        .prepare_cached("INSERT OR REPLACE INTO part (id, part, outcome) VALUES (?1, ?2, ?3)")
        .map_err(store)?
        .execute(params![key, part, outcome.code()])
        .map_err(store)?;
    Ok(())
}

/// Puts what a person lets be sent again into the outbox: the segments that are uncertain, due at once.
pub(super) fn again(t: &Transaction<'_>, account: AccountId, message: &Message, at: Micros) -> Result<()> {
    let key = account.key(message.number);
    let due = at.seconds().max(message.date);
    let lease = |part: u8| Lease { number: message.number, part, due, carrier: String::new() };
    if message.segments <= 1 {
        return requeue(t, account, &lease(1), due, 1);
    }
    for (outcome, part) in parts(t.conn, key, message)?.into_iter().zip(1_u8..) {
        if outcome == Outcome::Uncertain {
            keep_part(t, key, part.into(), Outcome::Queued)?;
            requeue(t, account, &lease(part), due, 1)?;
        }
    }
    Ok(())
}

/// One step of a message that is its own segment.
fn step(
    t: &mut Transaction<'_>,
    account: AccountId,
    message: &mut Loaded,
    entry: Entry,
    next: Outcome,
) -> Result<()> {
    if message.outcome == next {
        return Ok(());
    }
    if message.outcome.may_become(next) {
        return append(t, account, message, entry);
    }
    if message.outcome.is_final() {
        return append(t, account, message, steps::contradiction(entry, next));
    }
    Ok(())
}

/// The outcome of one segment.
fn current(conn: &Connection, account: AccountId, message: &Message, part: u8) -> Result<Outcome> {
    if message.segments <= 1 || message.outcome.is_final() {
        return Ok(message.outcome);
    }
    let parts = parts(conn, account.key(message.number), message)?;
    parts.get(usize::from(part).wrapping_sub(1)).copied().ok_or_else(|| rows::broken("segment"))
}

/// The outcome of every segment; those without a row are where the message was before any went out.
fn parts(conn: &Connection, key: i64, message: &Message) -> Result<Vec<Outcome>> {
    let mut parts = vec![Outcome::Queued; message.segments.into()];
    let mut statement = conn.prepare_cached("SELECT part, outcome FROM part WHERE id = ?1").map_err(store)?;
    let rows = statement
        .query_map([key], |row| Ok((row.get::<_, usize>(0)?, row.get::<_, i64>(1)?)))
        .map_err(store)?;
    for row in rows {
        let (part, outcome) = row.map_err(store)?;
        if let Some(place) = parts.get_mut(part.wrapping_sub(1)) {
            *place = rows::outcome(outcome)?;
        }
    }
    Ok(parts)
}
