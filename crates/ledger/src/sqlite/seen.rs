//! What carriers brought lately, by hash: so that it is known when it comes again.

use rusqlite::{Connection, OptionalExtension, params};
use sms::Micros;

use super::store;
use crate::error::Result;
use crate::inbound::{Delivery, MoPart, SEGMENT_MEMORY};

/// Whether a segment belongs to a message that was taken in.
pub(super) fn segment(conn: &Connection, part: &MoPart) -> Result<bool> {
    let since = part.received.get().saturating_sub(SEGMENT_MEMORY);
    Ok(find(conn, &part.fingerprint)?.is_some_and(|(received, _)| received >= since))
}

/// Whether an MO of one piece is one that was taken in before.
pub(super) fn delivery(conn: &Connection, delivery: &Delivery) -> Result<bool> {
    let Some((received, kept)) = find(conn, &delivery.fingerprint)? else { return Ok(false) };
    let unanswered = received <= delivery.doubted.get() || kept - received >= delivery.slow;
    Ok(received >= delivery.since.get() && unanswered)
}

fn find(conn: &Connection, fingerprint: &[u8; 32]) -> Result<Option<(i64, i64)>> {
    conn.prepare_cached("SELECT received, kept FROM mo_seen WHERE fingerprint = ?1")
        .map_err(store)?
        .query_row([fingerprint], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
        .map_err(store)
}

/// Remembers what was taken in.
pub(super) fn remember(
    conn: &Connection,
    fingerprint: &[u8; 32],
    received: Micros,
    kept: Micros,
) -> Result<()> {
    conn.prepare_cached("INSERT OR REPLACE INTO mo_seen (fingerprint, received, kept) VALUES (?1, ?2, ?3)")
        .map_err(store)?
        .execute(params![fingerprint, received.get(), kept.get()])
        .map_err(store)?;
    Ok(())
}

/// Forgets what was kept before `before`.
pub(super) fn forget(conn: &Connection, before: Micros) -> Result<u64> {
    let gone = conn
        .prepare_cached("DELETE FROM mo_seen WHERE kept < ?1")
        .map_err(store)?
        .execute([before.get()])
        .map_err(store)?;
    Ok(gone as u64)
}
