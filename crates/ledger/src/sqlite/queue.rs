//! The outbox as it is read: what is due, and which leases are open.

use std::sync::Arc;

use rusqlite::{Connection, params};
use sms::{AccountId, BatchKey, Micros, Number, Outcome, OutcomeSet};

use super::networks::Networks;
use super::{batch_rows, rows, store};
use crate::error::{LedgerError, Result};
use crate::model::{BatchExtra, Message};
use crate::outbound::{Backlog, Due, Lease, OpenLease, Place};

/// Every account with rows in the outbox, rising. One step of the key an account, however long its queue.
fn accounts(conn: &Connection, mut each: impl FnMut(u32) -> Result<()>) -> Result<()> {
    let mut after = 0u32;
    let mut next =
        conn.prepare_cached("SELECT min(account) FROM outbox WHERE account > ?1").map_err(store)?;
    while let Some(account) = next.query_row([after], |row| row.get::<_, Option<u32>>(0)).map_err(store)? {
        each(account)?;
        after = account;
    }
    Ok(())
}

/// Accounts with something due that nobody holds.
pub(super) fn due_accounts(conn: &Connection, now: u32) -> Result<Vec<AccountId>> {
    let mut found = Vec::new();
    let mut due = conn
        .prepare_cached("SELECT 1 FROM outbox WHERE account = ?1 AND due <= ?2 AND leased IS NULL LIMIT 1")
        .map_err(store)?;
    accounts(conn, |account| {
        if due.exists(params![account, now]).map_err(store)? {
            found.extend(AccountId::new(account));
        }
        Ok(())
    })?;
    Ok(found)
}

/// What is due, counted.
pub(super) fn backlog(conn: &Connection, now: u32) -> Result<Backlog> {
    let mut whole = Backlog::default();
    let mut counted = conn
        .prepare_cached("SELECT count(*), min(due) FROM outbox WHERE account = ?1 AND due <= ?2")
        .map_err(store)?;
    accounts(conn, |account| {
        let row = counted.query_row(params![account, now], |row| Ok((row.get::<_, u64>(0)?, row.get(1)?)));
        let (due, oldest): (u64, Option<u32>) = row.map_err(store)?;
        whole.due += due;
        whole.oldest = [whole.oldest, oldest].into_iter().flatten().min();
        Ok(())
    })?;
    whole.uncertain = conn
        .prepare_cached("SELECT ifnull(sum(messages), 0) FROM day_sum WHERE id & 31 = ?1")
        .map_err(store)?
        .query_row([Outcome::Uncertain.code()], |row| row.get(0))
        .map_err(store)?;
    Ok(whole)
}

/// Accounts with messages of these outcomes, of a day or before, by the sums of days.
pub(super) fn silent_accounts(conn: &Connection, outcomes: OutcomeSet, until: u32) -> Result<Vec<AccountId>> {
    let mut statement = conn
        .prepare_cached(
            "SELECT DISTINCT id >> 32 FROM day_sum
             WHERE messages > 0 AND 1 << (id & 31) & ?1 != 0 AND (id >> 16 & 65535) <= ?2",
        )
        .map_err(store)?;
    let bits = outcomes.iter().fold(0_i64, |bits, outcome| bits | 1 << outcome.code());
    let rows = statement.query_map([bits, i64::from(until / 86_400)], |row| row.get(0)).map_err(store)?;
    let ids = rows.collect::<rusqlite::Result<Vec<u32>>>().map_err(store)?;
    Ok(ids.into_iter().filter_map(AccountId::new).collect())
}

/// Segments that are due.
pub(super) fn due(
    conn: &Connection,
    networks: &Networks,
    account: AccountId,
    after: Option<Place>,
    now: u32,
    limit: u32,
) -> Result<Vec<Due>> {
    let Place { due, number, part } = after.unwrap_or(Place { due: 0, number: 0, part: 0 });
    let mut statement = conn
        .prepare_cached(
            "SELECT due, number, part, attempts FROM outbox
             WHERE account = ?1 AND due <= ?2 AND (due, number, part) > (?4, ?5, ?6) AND leased IS NULL
             ORDER BY due, number, part LIMIT ?3",
        )
        .map_err(store)?;
    let mut queue = statement.query(params![account.get(), now, limit, due, number, part]).map_err(store)?;
    let mut reader = Reader { conn, networks, account, batch: None };
    let mut found: Vec<Due> = Vec::new();
    while let Some(row) = queue.next().map_err(store)? {
        let number: Number = row.get(1).map_err(store)?;
        let (message, extra) = match found.last() {
            Some(last) if last.message.number == number => (Arc::clone(&last.message), last.extra.clone()),
            _ => reader.message(number)?,
        };
        let (due, part) = (row.get(0).map_err(store)?, row.get(2).map_err(store)?);
        found.push(Due { message, extra, part, due, attempts: row.get(3).map_err(store)? });
    }
    Ok(found)
}

/// Reads messages one after the other, a batch's values once.
struct Reader<'a> {
    conn: &'a Connection,
    networks: &'a Networks,
    account: AccountId,
    batch: Option<(BatchKey, Option<Arc<BatchExtra>>)>,
}

impl Reader<'_> {
    fn message(&mut self, number: Number) -> Result<(Arc<Message>, Option<Arc<BatchExtra>>)> {
        let message = rows::fetch_without_history(self.conn, self.networks, self.account, number)?
            .ok_or_else(|| LedgerError::Corrupt("the outbox names no message".to_owned()))?;
        let extra = match &self.batch {
            Some((batch, extra)) if *batch == message.batch => extra.clone(),
            _ => {
                let extra = batch_rows::extra(self.conn, self.account, message.batch)?.map(Arc::new);
                self.batch = Some((message.batch, extra.clone()));
                extra
            }
        };
        Ok((Arc::new(message), extra))
    }
}

/// Leases that are open.
pub(super) fn open_leases(conn: &Connection) -> Result<Vec<OpenLease>> {
    let mut statement = conn
        .prepare_cached(
            "SELECT account, due, number, part, leased, carrier FROM outbox WHERE leased IS NOT NULL",
        )
        .map_err(store)?;
    let rows = statement
        .query_map([], |row| {
            let lease = Lease {
                due: row.get(1)?,
                number: row.get(2)?,
                part: row.get(3)?,
                carrier: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
            };
            Ok((row.get::<_, u32>(0)?, lease, row.get::<_, i64>(4)?))
        })
        .map_err(store)?;
    let mut found = Vec::new();
    for row in rows {
        let (account, lease, at) = row.map_err(store)?;
        let account = AccountId::new(account).ok_or_else(|| rows::broken("account"))?;
        found.push(OpenLease { account, lease, at: Micros::new(at) });
    }
    Ok(found)
}
