//! Answers that are owed to MO.

use rusqlite::{Connection, params};
use sms::{AccountId, Micros, Number};

use super::transaction::Transaction;
use super::{rows, store};
use crate::error::Result;
use crate::inbound::{NewReply, OwedReply};

/// A day in microseconds.
const DAY: i64 = 86_400 * 1_000_000;

/// Owes an answer to an MO, unless its peer got enough of them; returns whether it is owed.
pub(super) fn owe(
    t: &Transaction<'_>,
    account: AccountId,
    number: Number,
    reply: &NewReply,
    at: Micros,
) -> Result<bool> {
    let (of_topic, of_day): (u32, u32) = t
        .conn
        .prepare_cached(
            "SELECT count(*) FILTER (WHERE topic = ?3 AND at > ?4), count(*) FROM reply
             WHERE account = ?1 AND peer = ?2 AND at > ?5",
        )
        .map_err(store)?
        .query_row(
            params![account.get(), reply.peer, reply.topic, at.get() - reply.apart, at.get() - DAY],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .map_err(store)?;
    if of_topic > 0 || of_day >= reply.most {
        return Ok(false);
    }
    t.conn
        .prepare_cached(
            "INSERT INTO reply (account, number, peer, topic, body, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .map_err(store)?
        .execute(params![account.get(), number, reply.peer, reply.topic, reply.body, at.get()])
        .map_err(store)?;
    Ok(true)
}

/// What is owed, oldest first.
pub(super) fn owed(conn: &Connection, limit: u32) -> Result<Vec<OwedReply>> {
    let mut statement = conn
        .prepare_cached("SELECT account, number, at, body FROM reply WHERE NOT settled ORDER BY at LIMIT ?1")
        .map_err(store)?;
    let mut found = statement.query([limit]).map_err(store)?;
    let mut owed = Vec::new();
    while let Some(row) = found.next().map_err(store)? {
        let account: u32 = row.get(0).map_err(store)?;
        owed.push(OwedReply {
            account: AccountId::new(account).ok_or_else(|| rows::broken("account"))?,
            number: row.get(1).map_err(store)?,
            at: Micros::new(rows::integer(row, 2)?),
            body: row.get(3).map_err(store)?,
        });
    }
    Ok(owed)
}

/// An answer was sent, or never will be.
pub(super) fn settle(t: &Transaction<'_>, account: AccountId, number: Number) -> Result<()> {
    t.conn
        .prepare_cached("UPDATE reply SET settled = 1, body = '' WHERE account = ?1 AND number = ?2")
        .map_err(store)?
        .execute(params![account.get(), number])
        .map_err(store)?;
    Ok(())
}

/// Forgets settled ones from before `before`.
pub(super) fn forget(conn: &Connection, before: Micros) -> Result<u64> {
    let gone = conn
        .prepare_cached("DELETE FROM reply WHERE settled AND at < ?1")
        .map_err(store)?
        .execute([before.get()])
        .map_err(store)?;
    Ok(gone as u64)
}
