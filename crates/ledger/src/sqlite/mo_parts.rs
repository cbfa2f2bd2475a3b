//! Segments of MO that wait for their others.

use rusqlite::{Connection, Row, params};
use sms::Micros;

use super::store;
use super::transaction::Transaction;
use crate::error::Result;
use crate::outbound::MoPart;

const COLUMNS: &str = "carrier, sender, recipient, reference, total, part, coding, octets, received";
const OF_ONE: &str = "carrier = ?1 AND sender = ?2 AND recipient = ?3 AND reference = ?4 AND total = ?5";

/// Keeps a segment; all of them once the last is there. A repeated one replaces its earlier self.
pub(super) fn keep(t: &Transaction<'_>, part: &MoPart) -> Result<Option<Vec<MoPart>>> {
    t.conn
        .prepare_cached(&format!(
            "INSERT OR REPLACE INTO mo_part ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
        ))
        .map_err(store)?
        .execute(params![
            part.carrier,
            part.sender,
            part.recipient,
            part.reference,
            part.total,
            part.index,
            part.coding,
            part.octets,
            part.received.get()
        ])
        .map_err(store)?;
    let parts = of_one(t.conn, part)?;
    if parts.len() < usize::from(part.total) {
        return Ok(None);
    }
    forget(t, part)?;
    Ok(Some(parts))
}

fn of_one(conn: &Connection, part: &MoPart) -> Result<Vec<MoPart>> {
    let mut statement = conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM mo_part WHERE {OF_ONE} ORDER BY part"))
        .map_err(store)?;
    let rows = statement
        .query_map(params![part.carrier, part.sender, part.recipient, part.reference, part.total], read)
        .map_err(store)?;
    rows.collect::<rusqlite::Result<_>>().map_err(store)
}

fn forget(t: &Transaction<'_>, part: &MoPart) -> Result<()> {
    t.conn
        .prepare_cached(&format!("DELETE FROM mo_part WHERE {OF_ONE}"))
        .map_err(store)?
        .execute(params![part.carrier, part.sender, part.recipient, part.reference, part.total])
        .map_err(store)?;
    Ok(())
}

/// Takes out those whose newest segment came before `before`.
pub(super) fn stale(t: &Transaction<'_>, before: Micros) -> Result<Vec<Vec<MoPart>>> {
    let ones: Vec<MoPart> = {
        let mut statement = t
            .conn
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM mo_part GROUP BY carrier, sender, recipient, reference, total
                 HAVING max(received) < ?1"
            ))
            .map_err(store)?;
        let rows = statement.query_map([before.get()], read).map_err(store)?;
        rows.collect::<rusqlite::Result<_>>().map_err(store)?
    };
    let mut taken = Vec::with_capacity(ones.len());
    for one in ones {
        taken.push(of_one(t.conn, &one)?);
        forget(t, &one)?;
    }
    Ok(taken)
}

fn read(row: &Row<'_>) -> rusqlite::Result<MoPart> {
    let received: i64 = row.get(8)?;
    Ok(MoPart {
        carrier: row.get(0)?,
        sender: row.get(1)?,
        recipient: row.get(2)?,
        reference: row.get(3)?,
        total: row.get(4)?,
        index: row.get(5)?,
        coding: row.get(6)?,
        octets: row.get(7)?,
        received: Micros::new(received),
    })
}
