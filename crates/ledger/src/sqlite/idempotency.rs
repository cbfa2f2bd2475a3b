//! Requests that have the same answer when they come again.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sms::{AccountId, Micros, Money};

use super::store;
use super::transaction::Transaction;
use crate::change::{Accepted, Idempotency, Remembered};
use crate::error::{Refusal, Result};

/// How long an idempotency key is remembered.
const REMEMBERED: i64 = 24 * 3600 * 1_000_000;

/// What is kept of a request.
struct Kept {
    request: Vec<u8>,
    at: i64,
    remembered: Remembered,
}

/// The answer to an earlier request of this key; see [`crate::Changes::remembered`].
pub(super) fn remembered(
    conn: &Connection,
    account: AccountId,
    key: &Idempotency,
    at: Micros,
) -> Result<Option<Remembered>> {
    let known = conn
        .prepare_cached(
            "SELECT request, at, batch, first, count, balance, document, answer
             FROM idempotency WHERE account = ?1 AND key = ?2",
        )
        .map_err(store)?
        .query_row(params![account.get(), key.key], read)
        .optional()
        .map_err(store)?;
    match known {
        Some(kept) if kept.at + REMEMBERED <= at.get() => Ok(None),
        Some(kept) if kept.request == key.request => Ok(Some(kept.remembered)),
        Some(_) => Err(Refusal::KeyReused.into()),
        None => Ok(None),
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let balance: Option<i64> = row.get(5)?;
    let accepted = Accepted {
        batch: row.get(2)?,
        first: row.get(3)?,
        count: row.get(4)?,
        repeated: true,
        balance: balance.map(Money::from_millionths),
        document: row.get(6)?,
    };
    let remembered = Remembered { accepted, answer: row.get(7)? };
    Ok(Kept { request: row.get(0)?, at: row.get(1)?, remembered })
}

/// Remembers what a request was answered.
pub(super) fn remember(
    t: &Transaction<'_>,
    account: AccountId,
    key: &Idempotency,
    remembered: &Remembered,
    at: Micros,
) -> Result<()> {
    let Remembered { accepted, answer } = remembered;
    t.conn
        .prepare_cached(
            "INSERT OR REPLACE INTO idempotency
                 (account, key, request, batch, first, count, at, balance, document, answer)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )
        .map_err(store)?
        .execute(params![
            account.get(),
            key.key,
            key.request,
            accepted.batch,
            accepted.first,
            accepted.count,
            at.get(),
            accepted.balance.map(Money::millionths),
            accepted.document,
            answer,
        ])
        .map_err(store)?;
    Ok(())
}

/// Requests forgotten in one go, so that nobody waits for long.
const FORGOTTEN_AT_ONCE: u32 = 5000;

/// Forgets some of the requests before `before`; returns how many.
pub(super) fn forget(t: &Transaction<'_>, before: Micros) -> Result<u64> {
    let forgotten = t
        .conn
        .prepare_cached(
            "DELETE FROM idempotency WHERE (account, key) IN
                 (SELECT account, key FROM idempotency WHERE at < ?1 LIMIT ?2)",
        )
        .map_err(store)?
        .execute(params![before.get(), FORGOTTEN_AT_ONCE])
        .map_err(store)?;
    Ok(forgotten as u64)
}
