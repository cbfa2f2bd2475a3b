//! A message as a row, and back.

use std::sync::LazyLock;

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, Row, params};
use sms::{AccountId, BatchKey, Coding, Country, Direction, Micros, Money, Number, Outcome};

use super::networks::Networks;
use super::store;
use crate::error::{LedgerError, Result};
use crate::history;
use crate::model::{Message, Network};
use crate::row::MessageRef;

/// The columns of a message, in the order that [`read`] expects.
pub(super) const COLUMNS: &str = "id, date, created, flags, outcome, segments, batch, program, sender, \
     sender_used, recipient, price, credits, country, network, reference, list, answers, forced_by, body, history";

/// One message by its key.
static ONE: LazyLock<String> = LazyLock::new(|| format!("SELECT {COLUMNS} FROM message WHERE id = ?1"));

pub(super) const INSERT: &str = "INSERT INTO message (id, date, created, flags, outcome, segments, batch, \
     program, sender, sender_used, recipient, price, credits, country, network, reference, list, answers, \
     forced_by, body, history) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, \
     ?17, ?18, ?19, ?20, ?21)";

pub(super) const MO: i64 = 1;
pub(super) const FLASH: i64 = 2;
pub(super) const HIGH: i64 = 4;
pub(super) const UCS2: i64 = 8;
pub(super) const HIDDEN: i64 = 16;
pub(super) const WITH_BATCH: i64 = 32;
/// Its price was taken from the balance and did not go back.
pub(super) const CHARGED: i64 = 64;

/// Inserts a message; `batch_created` is when its batch was made, `charged` whether its price was taken from
/// the balance.
pub(super) fn insert(
    statement: &mut CachedStatement<'_>,
    account: AccountId,
    message: &Message,
    batch_created: Micros,
    network: Option<i64>,
    charged: bool,
) -> Result<()> {
    let flag = |set: bool, bit: i64| if set { bit } else { 0 };
    let flags = flag(message.direction == Direction::Mo, MO)
        | flag(message.flash, FLASH)
        | flag(message.priority > 1, HIGH)
        | flag(message.coding == Coding::Ucs2, UCS2)
        | flag(message.hidden, HIDDEN)
        | flag(message.created == batch_created, WITH_BATCH)
        | flag(charged, CHARGED);
    let batch = match message.batch {
        BatchKey::Mt(batch) => Some(batch),
        BatchKey::Mo(_) => None,
    };
    statement
        .execute(params![
            account.key(message.number),
            message.date,
            message.created.get(),
            flags,
            message.outcome.code(),
            message.segments,
            batch,
            message.program,
            message.sender,
            message.sender_used,
            message.recipient,
            message.price.millionths(),
            message.credits,
            message.country.code(),
            network,
            message.reference,
            message.list,
            message.answers,
            message.forced_by.map(u32::from),
            message.body,
            history::pack(message.created, &message.history),
        ])
        .map_err(store)?;
    Ok(())
}

/// Reads a row of [`COLUMNS`] in place. `batch_created` of the result is right only where the row says that
/// it was made with its batch; the caller looks the others up.
pub(super) fn read<'a>(row: &'a Row<'_>, networks: &'a Networks) -> Result<(MessageRef<'a>, bool)> {
    let id = integer(row, 0)?;
    let number = (id & 0xffff_ffff) as Number;
    let account = AccountId::new((id >> 32) as u32).ok_or_else(|| broken("account"))?;
    let created = Micros::new(integer(row, 2)?);
    let flags = integer(row, 3)?;
    let outcome = outcome(integer(row, 4)?)?;
    let country = u16::try_from(integer(row, 13)?).ok().and_then(Country::from_code);
    let forced = optional(row, 18)?.and_then(|code| u32::try_from(code).ok());
    let message = MessageRef {
        account,
        number,
        direction: if flags & MO == 0 { Direction::Mt } else { Direction::Mo },
        outcome,
        created,
        date: integer(row, 1)? as u32,
        sender: text(row, 8)?,
        sender_used: text(row, 9)?,
        recipient: text(row, 10)?.unwrap_or_default(),
        body: text(row, 19)?.unwrap_or_default(),
        coding: if flags & UCS2 == 0 { Coding::Gsm7 } else { Coding::Ucs2 },
        forced_by: forced.and_then(char::from_u32),
        segments: integer(row, 5)? as u16,
        flash: flags & FLASH != 0,
        priority: if flags & HIGH == 0 { 1 } else { 2 },
        batch: optional(row, 6)?.map_or(BatchKey::Mo(number), |batch| BatchKey::Mt(batch as Number)),
        batch_created: created,
        program: integer(row, 7)? as Number,
        list: text(row, 16)?,
        reference: text(row, 15)?,
        answers: optional(row, 17)?.map(|number| number as Number),
        answers_created: None,
        price: Money::from_millionths(integer(row, 11)?),
        credits: integer(row, 12)? as u32,
        country: country.ok_or_else(|| broken("country"))?,
        network: networks.get(optional(row, 14)?)?,
        hidden: flags & HIDDEN != 0,
        history: blob(row, 20)?,
    };
    Ok((message, flags & WITH_BATCH != 0))
}

/// The owned message of a borrowed row.
pub(super) fn owned(row: &MessageRef<'_>) -> Result<Message> {
    Ok(Message { history: history::unpack(row.created, row.history)?, ..without_history(row) })
}

/// The same with an empty history.
fn without_history(row: &MessageRef<'_>) -> Message {
    Message {
        number: row.number,
        direction: row.direction,
        outcome: row.outcome,
        created: row.created,
        date: row.date,
        sender: row.sender.map(str::to_owned),
        sender_used: row.sender_used.map(str::to_owned),
        recipient: row.recipient.to_owned(),
        body: row.body.to_owned(),
        coding: row.coding,
        forced_by: row.forced_by,
        segments: row.segments,
        flash: row.flash,
        priority: row.priority,
        batch: row.batch,
        program: row.program,
        list: row.list.map(str::to_owned),
        reference: row.reference.map(str::to_owned),
        answers: row.answers,
        price: row.price,
        credits: row.credits,
        country: row.country,
        network: Network::clone(row.network),
        hidden: row.hidden,
        history: Vec::new(),
    }
}

/// One message by number, hidden or not.
pub(super) fn fetch(
    conn: &Connection,
    networks: &Networks,
    account: AccountId,
    number: Number,
) -> Result<Option<Message>> {
    fetch_as(conn, networks, account, number, owned)
}

/// The same with an empty history, for those who only want to send it.
pub(super) fn fetch_without_history(
    conn: &Connection,
    networks: &Networks,
    account: AccountId,
    number: Number,
) -> Result<Option<Message>> {
    fetch_as(conn, networks, account, number, |row| Ok(without_history(row)))
}

fn fetch_as<T>(
    conn: &Connection,
    networks: &Networks,
    account: AccountId,
    number: Number,
    read_as: impl FnOnce(&MessageRef<'_>) -> Result<T>,
) -> Result<Option<T>> {
    let mut statement = conn.prepare_cached(&ONE).map_err(store)?;
    let mut rows = statement.query([account.key(number)]).map_err(store)?;
    match rows.next().map_err(store)? {
        None => Ok(None),
        Some(row) => Ok(Some(read_as(&read(row, networks)?.0)?)),
    }
}

/// The outcome of a stored code.
pub(super) fn outcome(code: i64) -> Result<Outcome> {
    u8::try_from(code).ok().and_then(Outcome::from_code).ok_or_else(|| broken("outcome"))
}

pub(super) fn broken(what: &str) -> LedgerError {
    LedgerError::Corrupt(format!("a row has an impossible {what}"))
}

pub(super) fn integer(row: &Row<'_>, column: usize) -> Result<i64> {
    optional(row, column)?.ok_or_else(|| broken("null"))
}

pub(super) fn optional(row: &Row<'_>, column: usize) -> Result<Option<i64>> {
    match row.get_ref(column).map_err(store)? {
        ValueRef::Integer(value) => Ok(Some(value)),
        ValueRef::Null => Ok(None),
        ValueRef::Real(_) | ValueRef::Text(_) | ValueRef::Blob(_) => Err(broken("type")),
    }
}

pub(super) fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<Option<&'a str>> {
    match row.get_ref(column).map_err(store)? {
        ValueRef::Text(octets) => std::str::from_utf8(octets).map(Some).map_err(|_| broken("text")),
        ValueRef::Null => Ok(None),
        ValueRef::Real(_) | ValueRef::Integer(_) | ValueRef::Blob(_) => Err(broken("type")),
    }
}

fn blob<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a [u8]> {
    match row.get_ref(column).map_err(store)? {
        ValueRef::Blob(octets) => Ok(octets),
        ValueRef::Null | ValueRef::Real(_) | ValueRef::Integer(_) | ValueRef::Text(_) => Err(broken("type")),
    }
}
