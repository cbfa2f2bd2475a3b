//! Small documents and the members of lists.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use sms::{AccountId, Number};

use super::receipts::offset;
use super::store;
use super::transaction::Transaction;
use crate::error::{LedgerError, Refusal, Result};
use crate::people::{Document, Slice};
use crate::query::Page;

/// The kind of documents that have members.
const LIST: &str = crate::people::LIST;

/// Adds a document or changes the one of its number.
pub(super) fn put(
    t: &Transaction<'_>,
    account: AccountId,
    kind: &str,
    document: &Document,
) -> Result<Number> {
    if let Some(name) = &document.name
        && by_name(t.conn, account, kind, name)?.is_some_and(|known| known.number != document.number)
    {
        return Err(Refusal::Taken("the name").into());
    }
    let number = match document.number {
        0 => next(t, account, kind)?,
        number if one(t.conn, account, kind, number)?.is_some() => number,
        _ => return Err(LedgerError::NotFound),
    };
    t.conn
        .prepare_cached(
            "INSERT OR REPLACE INTO document (account, kind, number, name, body) VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .map_err(store)?
        .execute(params![account.get(), kind, number, document.name, document.body])
        .map_err(store)?;
    Ok(number)
}

/// The next number of a kind; numbers are never used twice.
fn next(t: &Transaction<'_>, account: AccountId, kind: &str) -> Result<Number> {
    t.conn
        .prepare_cached(
            "INSERT INTO document_next (account, kind, next) VALUES (?1, ?2, 2)
             ON CONFLICT DO UPDATE SET next = next + 1 RETURNING next - 1",
        )
        .map_err(store)?
        .query_row(params![account.get(), kind], |row| row.get(0))
        .map_err(store)
}

/// Removes a document; a list's members go with it.
pub(super) fn remove(t: &Transaction<'_>, account: AccountId, kind: &str, number: Number) -> Result<()> {
    let removed = t
        .conn
        .prepare_cached("DELETE FROM document WHERE account = ?1 AND kind = ?2 AND number = ?3")
        .map_err(store)?
        .execute(params![account.get(), kind, number])
        .map_err(store)?;
    if removed == 0 {
        return Err(LedgerError::NotFound);
    }
    if kind == LIST {
        t.conn
            .prepare_cached("DELETE FROM member WHERE account = ?1 AND list = ?2")
            .map_err(store)?
            .execute(params![account.get(), number])
            .map_err(store)?;
    }
    Ok(())
}

/// One document.
pub(super) fn one(
    conn: &Connection,
    account: AccountId,
    kind: &str,
    number: Number,
) -> Result<Option<Document>> {
    conn.prepare_cached(
        "SELECT number, name, body FROM document WHERE account = ?1 AND kind = ?2 AND number = ?3",
    )
    .map_err(store)?
    .query_row(params![account.get(), kind, number], read)
    .optional()
    .map_err(store)
}

/// The document of a name.
pub(super) fn by_name(
    conn: &Connection,
    account: AccountId,
    kind: &str,
    name: &str,
) -> Result<Option<Document>> {
    conn.prepare_cached(
        "SELECT number, name, body FROM document WHERE account = ?1 AND kind = ?2 AND name = ?3",
    )
    .map_err(store)?
    .query_row(params![account.get(), kind, name], read)
    .optional()
    .map_err(store)
}

/// The documents of these names.
pub(super) fn of_names(
    conn: &Connection,
    account: AccountId,
    kind: &str,
    names: &[String],
) -> Result<HashMap<String, Document>> {
    let mut found = HashMap::new();
    for name in names {
        if let Some(document) = by_name(conn, account, kind, name)? {
            found.insert(name.clone(), document);
        }
    }
    Ok(found)
}

/// A page of the documents of a kind.
pub(super) fn page(
    conn: &Connection,
    account: AccountId,
    kind: &str,
    slice: &Slice,
) -> Result<Page<Document>> {
    let total = conn
        .prepare_cached("SELECT count(*) FROM document WHERE account = ?1 AND kind = ?2")
        .map_err(store)?
        .query_row(params![account.get(), kind], |row| row.get(0))
        .map_err(store)?;
    let direction = if slice.descending { "DESC" } else { "ASC" };
    let mut statement = conn
        .prepare_cached(&format!(
            "SELECT number, name, body FROM document WHERE account = ?1 AND kind = ?2
             ORDER BY number {direction} LIMIT ?3 OFFSET ?4"
        ))
        .map_err(store)?;
    let rows =
        statement.query_map(params![account.get(), kind, slice.limit, offset(slice)], read).map_err(store)?;
    let items = rows.collect::<rusqlite::Result<_>>().map_err(store)?;
    Ok(Page { total, items, bound: 0 })
}

/// The documents of a kind after a number, until their bodies have come to this many octets.
pub(super) fn after(
    conn: &Connection,
    account: AccountId,
    kind: &str,
    after: Number,
    octets: usize,
) -> Result<Vec<Document>> {
    let mut statement = conn
        .prepare_cached(
            "SELECT number, name, body FROM document WHERE account = ?1 AND kind = ?2 AND number > ?3
             ORDER BY number",
        )
        .map_err(store)?;
    let rows = statement.query_map(params![account.get(), kind, after], read).map_err(store)?;
    let (mut found, mut held) = (Vec::new(), 0);
    for document in rows {
        let document = document.map_err(store)?;
        held += document.body.len();
        found.push(document);
        if held >= octets {
            break;
        }
    }
    Ok(found)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Document> {
    Ok(Document { number: row.get(0)?, name: row.get(1)?, body: row.get(2)? })
}

/// Puts contacts into a list or takes them out. Contacts that do not exist are passed over.
pub(super) fn set_members(
    t: &Transaction<'_>,
    account: AccountId,
    list: Number,
    contacts: &[Number],
    in_it: bool,
) -> Result<()> {
    let sql = if in_it {
        "INSERT OR IGNORE INTO member (account, list, contact)
         SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM contact WHERE id = ?1 << 32 | ?3)"
    } else {
        "DELETE FROM member WHERE account = ?1 AND list = ?2 AND contact = ?3"
    };
    let mut statement = t.conn.prepare_cached(sql).map_err(store)?;
    for contact in contacts {
        statement.execute(params![account.get(), list, contact]).map_err(store)?;
    }
    Ok(())
}

/// The contacts of a list by number.
pub(super) fn members(
    conn: &Connection,
    account: AccountId,
    list: Number,
    slice: &Slice,
) -> Result<Page<Number>> {
    let total = conn
        .prepare_cached("SELECT count(*) FROM member WHERE account = ?1 AND list = ?2")
        .map_err(store)?
        .query_row(params![account.get(), list], |row| row.get(0))
        .map_err(store)?;
    let direction = if slice.descending { "DESC" } else { "ASC" };
    let mut statement = conn
        .prepare_cached(&format!(
            "SELECT contact FROM member WHERE account = ?1 AND list = ?2
             ORDER BY contact {direction} LIMIT ?3 OFFSET ?4"
        ))
        .map_err(store)?;
    let rows = statement
        .query_map(params![account.get(), list, slice.limit, offset(slice)], |row| row.get(0))
        .map_err(store)?;
    let items = rows.collect::<rusqlite::Result<_>>().map_err(store)?;
    Ok(Page { total, items, bound: 0 })
}

/// How many contacts each of these lists has.
pub(super) fn member_counts(
    conn: &Connection,
    account: AccountId,
    lists: &[Number],
) -> Result<HashMap<Number, u64>> {
    let mut statement =
        conn.prepare_cached("SELECT count(*) FROM member WHERE account = ?1 AND list = ?2").map_err(store)?;
    let mut counts = HashMap::new();
    for list in lists {
        let count = statement.query_row(params![account.get(), list], |row| row.get(0)).map_err(store)?;
        counts.insert(*list, count);
    }
    Ok(counts)
}

/// The lists each of these contacts stands in, by rising number.
pub(super) fn lists_of(
    conn: &Connection,
    account: AccountId,
    contacts: &[Number],
) -> Result<HashMap<Number, Vec<Number>>> {
    let mut statement = conn
        .prepare_cached("SELECT list FROM member WHERE account = ?1 AND contact = ?2 ORDER BY list")
        .map_err(store)?;
    let mut found = HashMap::new();
    for contact in contacts {
        let rows = statement.query_map(params![account.get(), contact], |row| row.get(0)).map_err(store)?;
        let lists: Vec<Number> = rows.collect::<rusqlite::Result<_>>().map_err(store)?;
        if !lists.is_empty() {
            found.insert(*contact, lists);
        }
    }
    Ok(found)
}
