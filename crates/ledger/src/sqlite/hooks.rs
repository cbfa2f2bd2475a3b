//! How far hooks have been told, and what is to be told them again.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sms::{AccountId, Micros, Number};

use super::transaction::Transaction;
use super::{rows, store};
use crate::error::{LedgerError, Result};
use crate::hooks::{HookCounts, HookState, HookTries, HookTry, HookWork};

const COLUMNS: &str = "t.sequence, t.number, t.outcome, t.at, t.attempts, t.due, t.dead, t.code, t.error";

/// Lets a hook begin after an event, unless it has begun.
pub(super) fn begin(t: &Transaction<'_>, account: AccountId, hook: Number, position: u64) -> Result<()> {
    t.conn
        .prepare_cached("INSERT OR IGNORE INTO hook (account, hook, position) VALUES (?1, ?2, ?3)")
        .map_err(store)?
        .execute(params![account.get(), hook, position])
        .map_err(store)?;
    Ok(())
}

/// How far a hook has come.
pub(super) fn state(conn: &Connection, account: AccountId, hook: Number) -> Result<Option<HookState>> {
    conn.prepare_cached(
        "SELECT position, last_code, failing_since FROM hook WHERE account = ?1 AND hook = ?2",
    )
    .map_err(store)?
    .query_row(params![account.get(), hook], |row| {
        let since: Option<i64> = row.get(2)?;
        Ok(HookState { position: row.get(0)?, last_code: row.get(1)?, failing_since: since.map(Micros::new) })
    })
    .optional()
    .map_err(store)
}

/// Records what came of telling events.
pub(super) fn record(t: &Transaction<'_>, account: AccountId, hook: Number, work: &HookWork) -> Result<()> {
    let HookState { position, last_code, failing_since } = work.state;
    let known = t
        .conn
        .prepare_cached(
            "UPDATE hook SET position = max(position, ?3), last_code = ?4, failing_since = ?5
             WHERE account = ?1 AND hook = ?2",
        )
        .map_err(store)?
        .execute(params![account.get(), hook, position, last_code, failing_since.map(Micros::get)])
        .map_err(store)?;
    if known == 0 {
        return Err(LedgerError::NotFound);
    }
    keep(t, account, hook, &work.kept)?;
    let mut end = t
        .conn
        .prepare_cached("DELETE FROM hook_try WHERE account = ?1 AND hook = ?2 AND sequence = ?3")
        .map_err(store)?;
    for sequence in &work.ended {
        end.execute(params![account.get(), hook, sequence]).map_err(store)?;
    }
    Ok(())
}

fn keep(t: &Transaction<'_>, account: AccountId, hook: Number, tries: &[HookTry]) -> Result<()> {
    let mut statement = t
        .conn
        .prepare_cached(
            "INSERT OR REPLACE INTO hook_try
                 (account, hook, sequence, number, outcome, at, attempts, due, dead, code, error)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )
        .map_err(store)?;
    for one in tries {
        statement
            .execute(params![
                account.get(),
                hook,
                one.sequence,
                one.number,
                one.outcome.code(),
                one.at.get(),
                one.attempts,
                one.due.get(),
                one.dead,
                one.code,
                one.error
            ])
            .map_err(store)?;
    }
    Ok(())
}

/// The tries wanted.
pub(super) fn tries(
    conn: &Connection,
    account: AccountId,
    hook: Number,
    which: HookTries,
    limit: u32,
) -> Result<Vec<HookTry>> {
    let (condition, bound) = match which {
        // A later event of a message waits for the earlier one.
        HookTries::Due(now) => (
            "t.dead = 0 AND t.due <= ?3 AND NOT EXISTS (
                 SELECT 1 FROM hook_try AS e WHERE e.account = ?1 AND e.hook = ?2 AND e.number = t.number
                     AND e.sequence < t.sequence AND e.dead = 0)
             ORDER BY t.due, t.sequence",
            now.get(),
        ),
        HookTries::Dead(after) => ("t.dead = 1 AND t.sequence > ?3 ORDER BY t.sequence", signed(after)),
        HookTries::Waiting(after) => ("t.dead = 0 AND t.sequence > ?3 ORDER BY t.sequence", signed(after)),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM hook_try AS t WHERE t.account = ?1 AND t.hook = ?2 AND {condition} LIMIT ?4"
    );
    let mut statement = conn.prepare_cached(&sql).map_err(store)?;
    let mut found = statement.query(params![account.get(), hook, bound, limit]).map_err(store)?;
    let mut tries = Vec::new();
    while let Some(row) = found.next().map_err(store)? {
        tries.push(read(row)?);
    }
    Ok(tries)
}

fn signed(sequence: u64) -> i64 {
    i64::try_from(sequence).unwrap_or(i64::MAX)
}

fn read(row: &Row<'_>) -> Result<HookTry> {
    Ok(HookTry {
        sequence: row.get(0).map_err(store)?,
        number: row.get(1).map_err(store)?,
        outcome: rows::outcome(rows::integer(row, 2)?)?,
        at: Micros::new(rows::integer(row, 3)?),
        attempts: row.get(4).map_err(store)?,
        due: Micros::new(rows::integer(row, 5)?),
        dead: row.get(6).map_err(store)?,
        code: row.get(7).map_err(store)?,
        error: row.get(8).map_err(store)?,
    })
}

/// Which of these messages have an event still to be tried.
pub(super) fn busy(
    conn: &Connection,
    account: AccountId,
    hook: Number,
    numbers: &[Number],
) -> Result<Vec<Number>> {
    let mut statement = conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM hook_try
                 WHERE account = ?1 AND hook = ?2 AND number = ?3 AND dead = 0)",
        )
        .map_err(store)?;
    let mut busy = Vec::new();
    for number in numbers {
        if statement.query_row(params![account.get(), hook, number], |row| row.get(0)).map_err(store)? {
            busy.push(*number);
        }
    }
    Ok(busy)
}

/// How many tries a hook has.
pub(super) fn counts(conn: &Connection, account: AccountId, hook: Number) -> Result<HookCounts> {
    conn.prepare_cached(
        "SELECT count(*) FILTER (WHERE dead = 0), count(*) FILTER (WHERE dead = 1),
             (SELECT min(t.due) FROM hook_try AS t WHERE t.account = ?1 AND t.hook = ?2 AND t.dead = 0
                  AND NOT EXISTS (
                      SELECT 1 FROM hook_try AS e WHERE e.account = ?1 AND e.hook = ?2
                          AND e.number = t.number AND e.sequence < t.sequence AND e.dead = 0))
         FROM hook_try WHERE account = ?1 AND hook = ?2",
    )
    .map_err(store)?
    .query_row(params![account.get(), hook], |row| {
        let next: Option<i64> = row.get(2)?;
        Ok(HookCounts { waiting: row.get(0)?, dead: row.get(1)?, next: next.map(Micros::new) })
    })
    .map_err(store)
}

/// Lets dead tries live again from `now` on, or the one of an event; returns how many.
pub(super) fn revive(
    t: &Transaction<'_>,
    account: AccountId,
    hook: Number,
    sequence: Option<u64>,
    now: Micros,
) -> Result<u64> {
    let changed = t
        .conn
        .prepare_cached(
            "UPDATE hook_try SET dead = 0, attempts = 0, due = ?4
             WHERE account = ?1 AND hook = ?2 AND dead = 1 AND (?3 IS NULL OR sequence = ?3)",
        )
        .map_err(store)?
        .execute(params![account.get(), hook, sequence, now.get()])
        .map_err(store)?;
    Ok(changed as u64)
}

/// Drops all that is kept of a hook.
pub(super) fn forget(t: &Transaction<'_>, account: AccountId, hook: Number) -> Result<()> {
    for table in ["hook", "hook_try"] {
        t.conn
            .prepare_cached(&format!("DELETE FROM {table} WHERE account = ?1 AND hook = ?2"))
            .map_err(store)?
            .execute(params![account.get(), hook])
            .map_err(store)?;
    }
    Ok(())
}

/// Drops dead tries that were given up before `before`; returns how many.
pub(super) fn expire(t: &Transaction<'_>, before: Micros) -> Result<u64> {
    let dropped = t
        .conn
        .prepare_cached("DELETE FROM hook_try WHERE dead = 1 AND due < ?1")
        .map_err(store)?
        .execute([before.get()])
        .map_err(store)?;
    Ok(dropped as u64)
}
