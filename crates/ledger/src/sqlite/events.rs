//! Events: what happened to messages, for accounts that want to be told.

use rusqlite::{Connection, params};
use sms::{AccountId, Micros, Number, Outcome};

use super::transaction::Transaction;
use super::{rows, store};
use crate::error::{LedgerError, Result};
use crate::outbound::Event;

/// Keeps an event, if the account wants any.
pub(super) fn note(
    t: &mut Transaction<'_>,
    account: AccountId,
    number: Number,
    outcome: Outcome,
    at: Micros,
) -> Result<()> {
    let counters = t.counters(account)?;
    if !counters.wants_events {
        return Ok(());
    }
    let sequence = counters.next_event;
    counters.next_event += 1;
    t.conn
        .prepare_cached(
            "INSERT INTO event (account, sequence, number, outcome, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .map_err(store)?
        .execute(params![account.get(), sequence, number, outcome.code(), at.get()])
        .map_err(store)?;
    Ok(())
}

/// Begins or ends keeping events.
pub(super) fn set_wanted(t: &mut Transaction<'_>, account: AccountId, wanted: bool) -> Result<()> {
    t.counters(account)?.wants_events = wanted;
    let changed = t
        .conn
        .execute("UPDATE account SET wants_events = ?2 WHERE id = ?1", params![account.get(), wanted])
        .map_err(store)?;
    if changed == 0 { Err(LedgerError::NotFound) } else { Ok(()) }
}

/// Events after a sequence number.
pub(super) fn after(conn: &Connection, account: AccountId, after: u64, limit: u32) -> Result<Vec<Event>> {
    let mut statement = conn
        .prepare_cached(
            "SELECT sequence, number, outcome, at FROM event WHERE account = ?1 AND sequence > ?2
             ORDER BY sequence LIMIT ?3",
        )
        .map_err(store)?;
    let mut rows = statement.query(params![account.get(), after, limit]).map_err(store)?;
    let mut events = Vec::new();
    while let Some(row) = rows.next().map_err(store)? {
        events.push(Event {
            sequence: row.get(0).map_err(store)?,
            number: row.get(1).map_err(store)?,
            outcome: rows::outcome(rows::integer(row, 2)?)?,
            at: Micros::new(rows::integer(row, 3)?),
        });
    }
    Ok(events)
}

/// Forgets events up to a sequence number.
pub(super) fn forget(t: &Transaction<'_>, account: AccountId, up_to: u64) -> Result<()> {
    t.conn
        .prepare_cached("DELETE FROM event WHERE account = ?1 AND sequence <= ?2")
        .map_err(store)?
        .execute(params![account.get(), up_to])
        .map_err(store)?;
    Ok(())
}

/// Accounts whose events are kept, each with the newest one's sequence number.
pub(super) fn heads(conn: &Connection) -> Result<Vec<(AccountId, u64)>> {
    let mut statement = conn
        .prepare_cached("SELECT id, next_event - 1 FROM account WHERE wants_events = 1 ORDER BY id")
        .map_err(store)?;
    let mut found = statement.query([]).map_err(store)?;
    let mut heads = Vec::new();
    while let Some(row) = found.next().map_err(store)? {
        let id = row.get(0).map_err(store)?;
        let account = AccountId::new(id)
            .ok_or_else(|| LedgerError::Corrupt(format!("an account has the number {id}")))?;
        heads.push((account, row.get(1).map_err(store)?));
    }
    Ok(heads)
}
