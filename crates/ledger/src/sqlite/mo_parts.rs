//! Segments of MO that wait for their others.

use rusqlite::{Connection, Row, params};
use sms::{Coding, Micros};

use super::transaction::Transaction;
use super::{seen, store};
use crate::error::Result;
use crate::inbound::{MoPart, PartFate, Segments, TOGETHER};

const COLUMNS: &str = "carrier, sender, recipient, reference, total, part, coding, data_coding, header, octets, \
     fingerprint, received, series";
const OF_ONE: &str = "carrier = ?1 AND sender = ?2 AND recipient = ?3 AND reference = ?4 AND total = ?5";

/// Keeps a segment; see [`crate::WayIn::mo_part`].
pub(super) fn keep(t: &Transaction<'_>, part: &MoPart) -> Result<PartFate> {
    if seen::segment(t.conn, part)? {
        return Ok(PartFate::Repeated);
    }
    let (series, is_new) = series_of(t.conn, part)?;
    if is_new {
        insert(t.conn, part, series)?;
    }
    let segments = Segments { series, parts: of_series(t.conn, part, series)? };
    Ok(if segments.is_whole() { PartFate::Whole(segments) } else { PartFate::Waits })
}

fn insert(conn: &Connection, part: &MoPart, series: u32) -> Result<()> {
    conn.prepare_cached(&format!(
        "INSERT INTO mo_part ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
    ))
    .map_err(store)?
    .execute(params![
        part.carrier,
        part.sender,
        part.recipient,
        part.reference,
        part.total,
        part.index,
        part.coding.map(Coding::code),
        part.data_coding,
        part.header,
        part.octets,
        part.fingerprint,
        part.received.get(),
        series
    ])
    .map_err(store)?;
    Ok(())
}

/// The series a segment belongs to, and whether it is not there yet. One that differs from the segment in its
/// place is of another message: among the series that lack it, the first of those with news of the last
/// minutes has it, because messages are written one after the other; else the newest, because a reference
/// comes round.
fn series_of(conn: &Connection, part: &MoPart) -> Result<(u32, bool)> {
    let mut statement = conn
        .prepare_cached(&format!(
            "SELECT series, max(received), max(part = ?6), max(part = ?6 AND fingerprint = ?7)
             FROM mo_part WHERE {OF_ONE} GROUP BY series ORDER BY series"
        ))
        .map_err(store)?;
    let mut rows = statement
        .query(params![
            part.carrier,
            part.sender,
            part.recipient,
            part.reference,
            part.total,
            part.index,
            part.fingerprint
        ])
        .map_err(store)?;
    let (mut fresh, mut old, mut next) = (None, None, 0);
    while let Some(row) = rows.next().map_err(store)? {
        let read = |column| row.get::<_, i64>(column).map_err(store);
        let series: u32 = row.get(0).map_err(store)?;
        next = series + 1;
        if read(3)? != 0 {
            return Ok((series, false));
        }
        if read(2)? != 0 {
            continue;
        }
        if read(1)? >= part.received.get() - TOGETHER {
            fresh = fresh.or(Some(series));
        } else {
            old = Some(series);
        }
    }
    Ok((fresh.or(old).unwrap_or(next), true))
}

fn of_series(conn: &Connection, part: &MoPart, series: u32) -> Result<Vec<MoPart>> {
    let mut statement = conn
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM mo_part WHERE {OF_ONE} AND series = ?6 ORDER BY part"
        ))
        .map_err(store)?;
    let rows = statement
        .query_map(
            params![part.carrier, part.sender, part.recipient, part.reference, part.total, series],
            read,
        )
        .map_err(store)?;
    rows.collect::<rusqlite::Result<_>>().map_err(store)
}

/// Whether these segments, and no others of their series, are there.
pub(super) fn are_there(conn: &Connection, segments: &Segments) -> Result<bool> {
    let Some(first) = segments.parts.first() else { return Ok(false) };
    let there = of_series(conn, first, segments.series)?;
    let prints =
        |parts: &[MoPart]| parts.iter().map(|part| (part.index, part.fingerprint)).collect::<Vec<_>>();
    Ok(prints(&there) == prints(&segments.parts))
}

/// Forgets a series.
pub(super) fn forget(conn: &Connection, segments: &Segments) -> Result<()> {
    let Some(part) = segments.parts.first() else { return Ok(()) };
    conn.prepare_cached(&format!("DELETE FROM mo_part WHERE {OF_ONE} AND series = ?6"))
        .map_err(store)?
        .execute(params![
            part.carrier,
            part.sender,
            part.recipient,
            part.reference,
            part.total,
            segments.series
        ])
        .map_err(store)?;
    Ok(())
}

/// Series whose newest segment came before `before`, or before `whole_before` where all are there.
pub(super) fn stale(
    conn: &Connection,
    before: Micros,
    whole_before: Micros,
    limit: u32,
) -> Result<Vec<Segments>> {
    let mut statement = conn
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM mo_part GROUP BY carrier, sender, recipient, reference, total, series
             HAVING max(received) < CASE count(*) WHEN total THEN ?2 ELSE ?1 END LIMIT ?3"
        ))
        .map_err(store)?;
    let rows = statement
        .query_map(params![before.get(), whole_before.get(), limit], |row| Ok((read(row)?, row.get(12)?)))
        .map_err(store)?;
    let ones: Vec<(MoPart, u32)> = rows.collect::<rusqlite::Result<_>>().map_err(store)?;
    let series = ones.into_iter().map(|(one, series)| {
        let parts = of_series(conn, &one, series)?;
        Ok(Segments { series, parts })
    });
    series.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<MoPart> {
    let received: i64 = row.get(11)?;
    let coding: Option<u8> = row.get(6)?;
    Ok(MoPart {
        carrier: row.get(0)?,
        sender: row.get(1)?,
        recipient: row.get(2)?,
        reference: row.get(3)?,
        total: row.get(4)?,
        index: row.get(5)?,
        coding: coding.and_then(Coding::from_code),
        data_coding: row.get(7)?,
        header: row.get(8)?,
        octets: row.get(9)?,
        fingerprint: row.get(10)?,
        received: Micros::new(received),
    })
}
