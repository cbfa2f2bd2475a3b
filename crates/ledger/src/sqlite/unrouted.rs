//! MO that are nobody's yet.

use rusqlite::{Connection, Row, params};
use sms::{Coding, Micros};

use super::receipts::offset;
use super::store;
use crate::error::Result;
use crate::inbound::Unrouted;
use crate::people::Slice;
use crate::query::Page;

/// Keeps one; returns its number.
pub(super) fn insert(conn: &Connection, unrouted: &Unrouted) -> Result<u64> {
    conn.prepare_cached(
        "INSERT INTO unrouted (carrier, sender, recipient, body, coding, segments, received, complete, text)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )
    .map_err(store)?
    .execute(params![
        unrouted.carrier,
        unrouted.sender,
        unrouted.recipient,
        unrouted.body,
        unrouted.coding.code(),
        unrouted.segments,
        unrouted.received.get(),
        unrouted.complete,
        unrouted.text
    ])
    .map_err(store)?;
    Ok(conn.last_insert_rowid() as u64)
}

/// Whether one is there.
pub(super) fn is_there(conn: &Connection, number: u64) -> Result<bool> {
    conn.prepare_cached("SELECT 1 FROM unrouted WHERE number = ?1")
        .map_err(store)?
        .exists([number as i64])
        .map_err(store)
}

/// Forgets one.
pub(super) fn remove(conn: &Connection, number: u64) -> Result<()> {
    conn.prepare_cached("DELETE FROM unrouted WHERE number = ?1")
        .map_err(store)?
        .execute([number as i64])
        .map_err(store)?;
    Ok(())
}

/// A page of them.
pub(super) fn page(conn: &Connection, slice: &Slice) -> Result<Page<Unrouted>> {
    let total = conn
        .prepare_cached("SELECT count(*) FROM unrouted")
        .map_err(store)?
        .query_row([], |row| row.get(0))
        .map_err(store)?;
    let direction = if slice.descending { "DESC" } else { "ASC" };
    let mut statement = conn
        .prepare_cached(&format!(
            "SELECT number, carrier, sender, recipient, body, coding, segments, received, complete, text
             FROM unrouted ORDER BY number {direction} LIMIT ?1 OFFSET ?2"
        ))
        .map_err(store)?;
    let rows = statement.query_map(params![slice.limit, offset(slice)], read).map_err(store)?;
    let items = rows.collect::<rusqlite::Result<_>>().map_err(store)?;
    Ok(Page { total, items, bound: 0 })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Unrouted> {
    let (number, coding, received): (i64, u8, i64) = (row.get(0)?, row.get(5)?, row.get(7)?);
    Ok(Unrouted {
        number: number as u64,
        carrier: row.get(1)?,
        sender: row.get(2)?,
        recipient: row.get(3)?,
        body: row.get(4)?,
        coding: Coding::from_code(coding)
            .ok_or(rusqlite::Error::IntegralValueOutOfRange(5, i64::from(coding)))?,
        segments: row.get(6)?,
        received: Micros::new(received),
        complete: row.get(8)?,
        text: row.get(9)?,
    })
}
