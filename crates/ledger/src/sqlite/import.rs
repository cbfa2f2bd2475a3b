//! Bringing in history: idempotent by id, in groups that wait until nothing live does.

use rusqlite::{OptionalExtension, params};
use sms::{AccountId, BatchKey, Direction, Micros, Number, Outcome};

use super::effect::Effect;
use super::steps::leave_outbox;
use super::submit::{complete, insert_all, is_waiting};
use super::transaction::Transaction;
use super::{batch_rows, chats, outbox, rows, store};
use crate::change::{Answered, ImportRow, Imported, NewBatch};
use crate::error::{LedgerError, Refusal, Result};
use crate::history::{self, Entry};
use crate::model::{BatchExtra, Message, Source};

/// Brings in rows; see [`crate::Changes::import`]. Rows before a refused one are kept.
pub(super) fn import(
    t: &mut Transaction<'_>,
    account: AccountId,
    rows: Vec<ImportRow>,
    now: Micros,
) -> Result<Imported> {
    let mut imported = Imported::default();
    let mut added = Vec::with_capacity(rows.len());
    for (index, row) in rows.into_iter().enumerate() {
        let known = known(t, account, &row)?;
        let result = match known {
            Some(number) => again(t, account, number, row, &mut added),
            None => fresh(t, account, row, now, &mut added),
        };
        match result {
            Ok(Kept::Added) => imported.added += 1,
            Ok(Kept::Known) => imported.known += 1,
            Ok(Kept::Merged) => imported.merged += 1,
            Err(LedgerError::Refused(refusal)) => {
                imported.refused = Some((index, refusal));
                break;
            }
            Err(error) => return Err(error),
        }
    }
    if !added.is_empty() {
        t.effect(account, Effect::Added(added));
    }
    Ok(imported)
}

enum Kept {
    Added,
    Known,
    Merged,
}

/// The number of a row that was brought in before, or that this account's own export wrote.
fn known(t: &Transaction<'_>, account: AccountId, row: &ImportRow) -> Result<Option<Number>> {
    if let Some(number) = by_hash(t, account, &row.id)? {
        return Ok(Some(number));
    }
    let Some(own) = row.own else { return Ok(None) };
    // Another store's account of the same number exports equal ids: the creation tells them apart.
    let created: Option<i64> = t
        .conn
        .prepare_cached("SELECT created FROM message WHERE id = ?1")
        .map_err(store)?
        .query_row([account.key(own)], |row| row.get(0))
        .optional()
        .map_err(store)?;
    Ok(created.filter(|created| *created == row.message.created.get()).map(|_| own))
}

fn by_hash(t: &Transaction<'_>, account: AccountId, hash: &[u8; 16]) -> Result<Option<Number>> {
    t.conn
        .prepare_cached("SELECT number FROM import_id WHERE account = ?1 AND hash = ?2")
        .map_err(store)?
        .query_row(params![account.get(), hash], |row| row.get(0))
        .optional()
        .map_err(store)
}

/// Adds a row that is new. Everything that can be refused is looked at before anything is written.
fn fresh(
    t: &mut Transaction<'_>,
    account: AccountId,
    row: ImportRow,
    now: Micros,
    added: &mut Vec<Message>,
) -> Result<Kept> {
    let ImportRow { id, own: _, batch, answers, mut message } = row;
    message.program = t.program(account, message.program)?;
    message.hidden = false;
    complete(&mut message)?;
    check_direction(&message)?;
    message.answers = match answers {
        None => None,
        Some(named) => answered(t, account, &named)?,
    };
    message.number = t.take_numbers(account, 1)?;
    if message.direction == Direction::Mo {
        message.batch = BatchKey::Mo(message.number);
        chats::open(t, account, message.peer(), message.created)?;
        insert_all(t, account, std::slice::from_ref(&message), message.created, false)?;
        t.count_new(account, &message, false);
    } else {
        join_batch(t, account, batch, &mut message)?;
    }
    t.conn
        .prepare_cached("INSERT INTO import_id (account, hash, number) VALUES (?1, ?2, ?3)")
        .map_err(store)?
        .execute(params![account.get(), id, message.number])
        .map_err(store)?;
    if message.date <= now.seconds() {
        let counters = t.counters(account)?;
        counters.last_date = counters.last_date.max(message.date);
    }
    added.push(message);
    Ok(Kept::Added)
}

fn check_direction(message: &Message) -> Result<()> {
    if message.outcome.direction() == message.direction {
        return Ok(());
    }
    Err(Refusal::Value(format!("a message of this direction cannot be {}", message.outcome)).into())
}

/// The number of the message that is answered, where it is known.
fn answered(t: &Transaction<'_>, account: AccountId, named: &Answered) -> Result<Option<Number>> {
    if let Some(number) = by_hash(t, account, &named.id)? {
        return Ok(Some(number));
    }
    if let Some(number) = named.own {
        let mut statement = t.conn.prepare_cached("SELECT 1 FROM message WHERE id = ?1").map_err(store)?;
        if statement.exists([account.key(number)]).map_err(store)? {
            return Ok(Some(number));
        }
    }
    if named.optional { Ok(None) } else { Err(Refusal::UnknownAnswer.into()) }
}

/// The batch that was imported under this name.
fn named_batch(t: &Transaction<'_>, account: AccountId, name: &[u8; 16]) -> Result<Option<Number>> {
    t.conn
        .prepare_cached("SELECT batch FROM import_batch WHERE account = ?1 AND hash = ?2")
        .map_err(store)?
        .query_row(params![account.get(), name], |row| row.get(0))
        .optional()
        .map_err(store)
}

/// Puts an MT into the batch of that name, or makes one: its own when it has no name.
fn join_batch(
    t: &mut Transaction<'_>,
    account: AccountId,
    name: Option<[u8; 16]>,
    message: &mut Message,
) -> Result<()> {
    let known = match &name {
        Some(name) => named_batch(t, account, name)?,
        None => None,
    };
    let state = match known {
        Some(batch) => batch_rows::state(t.conn, account.key(batch))?.map(|state| (batch, state)),
        None => None,
    };
    // A deleted batch stays deleted: what comes later under its name makes a new one.
    if let Some((batch, state)) = state.filter(|(_, state)| state.flags & batch_rows::HIDDEN == 0) {
        message.batch = BatchKey::Mt(batch);
        insert_all(t, account, std::slice::from_ref(message), state.created, false)?;
        t.count_new(account, message, true);
        return Ok(());
    }
    let counters = t.counters(account)?;
    let batch = counters.next_batch;
    counters.next_batch += 1;
    message.batch = BatchKey::Mt(batch);
    let new = NewBatch {
        text: message.body.clone(),
        sender: message.sender.clone(),
        reference: message.reference.clone(),
        source: Source::Api,
        templated: false,
        flash: message.flash,
        coding: message.coding,
        priority: message.priority,
        extra: BatchExtra { list: message.list.clone(), imported: true, ..BatchExtra::default() },
    };
    let mut sums = batch_rows::Sums::new();
    batch_rows::add(&mut sums, message.outcome, 1, message.segments, message.price.millionths());
    batch_rows::insert(t.conn, account.key(batch), &new, message.created, message, 1, &sums)?;
    insert_all(t, account, std::slice::from_ref(message), message.created, false)?;
    t.count_new(account, message, false);
    if let Some(name) = &name {
        t.conn
            .prepare_cached("INSERT OR REPLACE INTO import_batch (account, hash, batch) VALUES (?1, ?2, ?3)")
            .map_err(store)?
            .execute(params![account.get(), name, batch])
            .map_err(store)?;
    }
    t.effect(account, Effect::BatchMade { created: message.created.seconds(), batch });
    Ok(())
}

/// A row that is known: passed over, merged when its history is longer, refused when it differs.
fn again(
    t: &mut Transaction<'_>,
    account: AccountId,
    number: Number,
    row: ImportRow,
    added: &mut [Message],
) -> Result<Kept> {
    let stored = rows::fetch(t.conn, &t.state.networks.list(), account, number)?
        .ok_or_else(|| LedgerError::Corrupt("an import id names no message".to_owned()))?;
    let mut given = row.message;
    complete(&mut given)?;
    given.answers = match row.answers {
        None => None,
        Some(named) => answered(t, account, &named)?,
    };
    let same_batch = match (row.batch, row.own, given.direction) {
        // Our own export names batches by their packed ids, and an MO has none.
        (None, _, _) | (_, Some(_), _) | (_, _, Direction::Mo) => true,
        // The name of a deleted batch may have come to another since.
        (Some(_), None, Direction::Mt) if stored.hidden => true,
        (Some(name), None, Direction::Mt) => {
            named_batch(t, account, &name)?.map(BatchKey::Mt) == Some(stored.batch)
        }
    };
    if let Some(member) = difference(&stored, &given).or((!same_batch).then_some("batch")) {
        return Err(Refusal::Differs(member).into());
    }
    check_direction(&given)?;
    if is_beginning(&given.history, &stored.history) {
        return Ok(Kept::Known);
    }
    let implied = is_implied(&stored);
    if !implied && !is_beginning(&stored.history, &given.history) {
        // A record without history says nothing against one that has some.
        return if is_implied(&given) { Ok(Kept::Known) } else { Err(Refusal::Differs("history").into()) };
    }
    merge(t, account, &stored, given.outcome, given.history, added)?;
    Ok(Kept::Merged)
}

fn merge(
    t: &mut Transaction<'_>,
    account: AccountId,
    stored: &Message,
    to: Outcome,
    history: Vec<Entry>,
    added: &mut [Message],
) -> Result<()> {
    let from = stored.outcome;
    if from.is_final() && from != Outcome::Unknown && to != from {
        return Err(Refusal::IllegalStep { from, to }.into());
    }
    t.conn
        .prepare_cached("UPDATE message SET outcome = ?2, history = ?3 WHERE id = ?1")
        .map_err(store)?
        .execute(params![account.key(stored.number), to.code(), history::pack(stored.created, &history)])
        .map_err(store)?;
    if to == from {
        return Ok(());
    }
    t.count_change(account, stored, from, to);
    outbox::hold(t, account, stored, (from, to))?;
    if !is_waiting(to) {
        leave_outbox(t, account, stored)?;
    }
    // A row of this very group is not known to derived state yet: it goes there as it now stands.
    match added.iter_mut().find(|message| message.number == stored.number) {
        Some(waiting) => waiting.outcome = to,
        None => {
            let created = stored.created.seconds();
            t.effect(account, Effect::Changed { number: stored.number, created, from, to });
        }
    }
    Ok(())
}

/// Whether `shorter` is how `longer` begins.
fn is_beginning(shorter: &[Entry], longer: &[Entry]) -> bool {
    longer.get(..shorter.len()) == Some(shorter)
}

/// Whether the history is only the one entry that a record without history gets.
fn is_implied(message: &Message) -> bool {
    let implied = match message.direction {
        Direction::Mt => Outcome::Queued,
        Direction::Mo => Outcome::Received,
    };
    message.history == [Entry::new(message.created, implied)]
}

/// The first member of an interchange record in which two messages differ, history apart.
fn difference(stored: &Message, given: &Message) -> Option<&'static str> {
    let members = [
        ("direction", stored.direction == given.direction),
        ("sender", stored.sender == given.sender),
        ("recipient", stored.recipient == given.recipient),
        ("body", stored.body == given.body),
        ("created", stored.created == given.created),
        ("date", stored.date == given.date),
        ("reference", stored.reference == given.reference),
        ("price", stored.price == given.price),
        ("credits", stored.credits == given.credits),
        ("country", stored.country == given.country),
        ("network", stored.network == given.network),
        ("flash", stored.flash == given.flash),
        ("list", stored.list == given.list),
        ("answers", stored.answers == given.answers),
        ("program", given.program == 0 || stored.program == given.program),
    ];
    members.into_iter().find(|(_, equal)| !equal).map(|(member, _)| member)
}
