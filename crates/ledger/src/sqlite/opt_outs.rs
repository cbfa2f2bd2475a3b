//! People who said STOP, with the proof.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, Row, params};
use sms::{AccountId, Micros, Number};

use super::receipts::offset;
use super::transaction::Transaction;
use super::{contacts, store};
use crate::error::{LedgerError, Result};
use crate::people::{OptOut, Slice, Unwanted};
use crate::query::Page;

const COLUMNS: &str = "number, phone, since, source, message";
const IN_FORCE: &str = "SELECT number, phone, since, source, message FROM opt_out \
     WHERE account = ?1 AND phone = ?2 AND lifted IS NULL";

/// Adds an opt-out unless the phone has one in force.
pub(super) fn add(t: &Transaction<'_>, account: AccountId, opt_out: &OptOut) -> Result<Number> {
    Ok(add_new(t, account, opt_out)?.0)
}

/// The same; tells beside its number whether it was added now.
pub(super) fn add_new(t: &Transaction<'_>, account: AccountId, opt_out: &OptOut) -> Result<(Number, bool)> {
    if let Some(known) = in_force(t.conn, account, &opt_out.phone)? {
        return Ok((known.number, false));
    }
    let number: Number = t
        .conn
        .prepare_cached("SELECT ifnull(max(number), 0) + 1 FROM opt_out WHERE account = ?1")
        .map_err(store)?
        .query_row([account.get()], |row| row.get(0))
        .map_err(store)?;
    t.conn
        .prepare_cached(
            "INSERT INTO opt_out (account, number, phone, since, source, message) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .map_err(store)?
        .execute(params![
            account.get(),
            number,
            opt_out.phone,
            opt_out.since.get(),
            opt_out.source,
            opt_out.message
        ])
        .map_err(store)?;
    Ok((number, true))
}

/// Lifts the opt-out of a phone; the row stays.
pub(super) fn lift(t: &Transaction<'_>, account: AccountId, phone: &str, at: Micros) -> Result<()> {
    if lift_any(t, account, phone, at)? { Ok(()) } else { Err(LedgerError::NotFound) }
}

/// Lifts the opt-out of a phone, if it has one; tells whether it had.
pub(super) fn lift_any(t: &Transaction<'_>, account: AccountId, phone: &str, at: Micros) -> Result<bool> {
    let lifted = t
        .conn
        .prepare_cached("UPDATE opt_out SET lifted = ?3 WHERE account = ?1 AND phone = ?2 AND lifted IS NULL")
        .map_err(store)?
        .execute(params![account.get(), phone, at.get()])
        .map_err(store)?;
    Ok(lifted > 0)
}

/// A page of those in force.
pub(super) fn page(conn: &Connection, account: AccountId, slice: &Slice) -> Result<Page<OptOut>> {
    let total = conn
        .prepare_cached("SELECT count(*) FROM opt_out WHERE account = ?1 AND lifted IS NULL")
        .map_err(store)?
        .query_row([account.get()], |row| row.get(0))
        .map_err(store)?;
    let direction = if slice.descending { "DESC" } else { "ASC" };
    let mut statement = conn
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM opt_out WHERE account = ?1 AND lifted IS NULL
             ORDER BY number {direction} LIMIT ?2 OFFSET ?3"
        ))
        .map_err(store)?;
    let rows =
        statement.query_map(params![account.get(), slice.limit, offset(slice)], read).map_err(store)?;
    let items = rows.collect::<rusqlite::Result<_>>().map_err(store)?;
    Ok(Page { total, items, bound: 0 })
}

/// The one of a number, if it is in force.
pub(super) fn of_number(conn: &Connection, account: AccountId, number: Number) -> Result<Option<OptOut>> {
    conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM opt_out WHERE account = ?1 AND number = ?2 AND lifted IS NULL"
    ))
    .map_err(store)?
    .query_row(params![account.get(), number], read)
    .optional()
    .map_err(store)
}

/// The one that an MO is the proof of, in force or lifted since.
pub(super) fn of_message(conn: &Connection, account: AccountId, message: Number) -> Result<Option<OptOut>> {
    conn.prepare_cached(&format!("SELECT {COLUMNS} FROM opt_out WHERE account = ?1 AND message = ?2"))
        .map_err(store)?
        .query_row(params![account.get(), message], read)
        .optional()
        .map_err(store)
}

/// Who of these phones' owners said STOP, and whose contacts are blocked.
pub(super) fn unwanted(conn: &Connection, account: AccountId, phones: &[String]) -> Result<Unwanted> {
    let any: (bool, bool) = conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM opt_out WHERE account = ?1 AND lifted IS NULL),
                 EXISTS (SELECT 1 FROM contact WHERE account = ?1 AND blocked)",
        )
        .map_err(store)?
        .query_row([account.get()], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(store)?;
    // Most accounts have nobody of either kind.
    let (opted_out, blocked) = any;
    Ok(Unwanted {
        opted_out: match opted_out {
            true => among(conn, account, phones)?.into_keys().collect(),
            false => HashSet::new(),
        },
        blocked: match blocked {
            true => contacts::blocked(conn, account, phones)?,
            false => HashSet::new(),
        },
    })
}

/// Those in force among these phones.
pub(super) fn among(
    conn: &Connection,
    account: AccountId,
    phones: &[String],
) -> Result<HashMap<String, OptOut>> {
    let mut found = HashMap::new();
    let any = conn
        .prepare_cached("SELECT 1 FROM opt_out WHERE account = ?1 AND lifted IS NULL LIMIT 1")
        .map_err(store)?
        .exists([account.get()])
        .map_err(store)?;
    if !any {
        return Ok(found);
    }
    let mut statement = conn.prepare_cached(IN_FORCE).map_err(store)?;
    for phone in phones {
        let opt_out = statement.query_row(params![account.get(), phone], read).optional().map_err(store)?;
        if let Some(opt_out) = opt_out {
            found.insert(phone.clone(), opt_out);
        }
    }
    Ok(found)
}

fn in_force(conn: &Connection, account: AccountId, phone: &str) -> Result<Option<OptOut>> {
    conn.prepare_cached(IN_FORCE)
        .map_err(store)?
        .query_row(params![account.get(), phone], read)
        .optional()
        .map_err(store)
}

fn read(row: &Row<'_>) -> rusqlite::Result<OptOut> {
    let since: i64 = row.get(2)?;
    Ok(OptOut {
        number: row.get(0)?,
        phone: row.get(1)?,
        since: Micros::new(since),
        source: row.get(3)?,
        message: row.get(4)?,
    })
}
