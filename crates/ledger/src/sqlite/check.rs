//! Verifying a directory: every invariant, with counts.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;
use sms::{AccountId, BatchKey, Direction, Number};

use super::batch_rows::{self, Sums};
use super::load::range;
use super::reader::Engine;
use super::slots::State;
use super::{accounts, load, rows, store};
use crate::check::CheckReport;
use crate::error::Result;
use crate::history::Entry;
use crate::model::{Message, Sum};

/// Rows between two words of progress.
const STRIDE: u64 = 10_000;

/// Verifies everything; `progress` is told messages read so far.
pub(super) fn check(engine: &Engine, progress: &dyn Fn(u64)) -> Result<CheckReport> {
    let mut report = CheckReport::default();
    let all = engine.with_connection(accounts::all)?;
    engine.with_connection(|conn| file(conn, &mut report))?;
    for account in all {
        report.accounts += 1;
        // Rows and derived state are of one moment: the transaction begins under the account's lock.
        engine.pick(
            account.id,
            |_, _| Ok(()),
            |conn, ()| rows_of(engine, conn, account.id, &mut report, progress),
        )?;
        derived(engine, account.id, &mut report)?;
    }
    Ok(report)
}

/// SQLite's own look at the file, and rows that belong to nobody.
fn file(conn: &Connection, report: &mut CheckReport) -> Result<()> {
    let verdict: String = conn.query_row("PRAGMA quick_check", [], |row| row.get(0)).map_err(store)?;
    if verdict != "ok" {
        report.fault(format!("the database file: {verdict}"));
    }
    for table in ["message", "batch", "chat", "contact"] {
        let sql = format!("SELECT count(*) FROM {table} WHERE id >> 32 NOT IN (SELECT id FROM account)");
        let strays: u64 = conn.query_row(&sql, [], |row| row.get(0)).map_err(store)?;
        if strays > 0 {
            report.fault(format!("{strays} rows of table {table} belong to no account"));
        }
    }
    let sql = "SELECT (SELECT count(*) FROM contact) + (SELECT count(*) FROM program) + (SELECT count(*) FROM \"key\")";
    report.others = conn.query_row(sql, [], |row| row.get(0)).map_err(store)?;
    Ok(())
}

/// What the pass over an account's messages adds up.
#[derive(Default)]
struct Totals {
    days: BTreeMap<(u32, u8, u16, u8), Sum>,
    batches: HashMap<Number, BatchTotal>,
    peers: HashMap<String, ()>,
    highest: Number,
}

#[derive(Default)]
struct BatchTotal {
    sums: Sums,
    first: Number,
    last: Number,
    count: u32,
}

fn rows_of(
    engine: &Engine,
    conn: &Connection,
    account: AccountId,
    report: &mut CheckReport,
    progress: &dyn Fn(u64),
) -> Result<()> {
    let networks = engine.networks.get();
    let mut totals = Totals::default();
    let sql = format!("SELECT {} FROM message WHERE id BETWEEN ?1 AND ?2 ORDER BY id", rows::COLUMNS);
    let mut statement = conn.prepare_cached(&sql).map_err(store)?;
    let mut found = statement.query(range(account)).map_err(store)?;
    while let Some(row) = found.next().map_err(store)? {
        match rows::read(row, &networks).and_then(|(row, _)| rows::owned(&row)) {
            Ok(message) => one(account, &message, &mut totals, report),
            Err(error) => {
                let id: i64 = row.get(0).map_err(store)?;
                totals.highest = (id & 0xffff_ffff) as Number;
                report.fault(format!("account {account}, message {}: {error}", totals.highest));
            }
        }
        report.messages += 1;
        if report.messages.is_multiple_of(STRIDE) {
            progress(report.messages);
        }
    }
    drop(found);
    progress(report.messages);
    counters(conn, account, &totals, report)?;
    batches(conn, account, &mut totals, report)?;
    days(conn, account, &totals, report)?;
    chats(conn, account, &totals, report)?;
    ids(conn, account, &totals, report)
}

fn one(account: AccountId, message: &Message, totals: &mut Totals, report: &mut CheckReport) {
    let mut fault =
        |what: &str| report.fault(format!("account {account}, message {}: {what}", message.number));
    if message.number != totals.highest + 1 {
        fault("the numbers before it have a gap");
    }
    totals.highest = message.number;
    if message.history.iter().rev().find_map(Entry::outcome) != Some(message.outcome) {
        fault("its history does not end in its outcome");
    }
    if message.outcome.direction() != message.direction {
        fault("its outcome belongs to the other direction");
    }
    let is_mo = message.direction == Direction::Mo;
    if is_mo != matches!(message.batch, BatchKey::Mo(_)) {
        fault("its batch belongs to the other direction");
    }
    if message.answers.is_some_and(|answers| answers == 0) {
        fault("it answers no message");
    }
    report.entries += message.history.len() as u64;
    let key =
        (message.date / 86_400, message.direction as u8, message.country.code(), message.outcome.code());
    let day = totals.days.entry(key).or_default();
    day.messages += 1;
    day.segments += u64::from(message.segments);
    day.price += message.price.millionths();
    if let BatchKey::Mt(batch) = message.batch {
        let total = totals.batches.entry(batch).or_default();
        if total.count == 0 {
            total.first = message.number;
        }
        total.last = message.number;
        total.count += 1;
        if !message.hidden {
            let price = message.price.millionths();
            batch_rows::add(&mut total.sums, message.outcome, 1, message.segments, price);
        }
    } else {
        totals.peers.insert(message.peer().to_owned(), ());
    }
}

fn counters(conn: &Connection, account: AccountId, totals: &Totals, report: &mut CheckReport) -> Result<()> {
    let highest = accounts::highest(conn, account)?;
    if highest != totals.highest {
        report.fault(format!("account {account}: counts {highest} messages, has {}", totals.highest));
    }
    Ok(())
}

fn batches(
    conn: &Connection,
    account: AccountId,
    totals: &mut Totals,
    report: &mut CheckReport,
) -> Result<()> {
    let mut statement =
        conn.prepare_cached("SELECT id FROM batch WHERE id BETWEEN ?1 AND ?2 ORDER BY id").map_err(store)?;
    let ids = statement.query_map(range(account), |row| row.get::<_, i64>(0)).map_err(store)?;
    let ids: Vec<i64> = ids.collect::<rusqlite::Result<_>>().map_err(store)?;
    for (id, expected) in ids.into_iter().zip(1..) {
        report.batches += 1;
        let number = (id & 0xffff_ffff) as Number;
        if number != expected {
            report.fault(format!("account {account}: batches have a gap before {number}"));
            break;
        }
        let Some(state) = batch_rows::state(conn, id)? else { continue };
        let Some(total) = totals.batches.remove(&number) else {
            report.fault(format!("account {account}, batch {number}: it has no messages"));
            continue;
        };
        let is_range = total.last - total.first + 1 == total.count;
        if state.flags & batch_rows::SCATTERED == 0 && !is_range {
            report
                .fault(format!("account {account}, batch {number}: it says that it is a range and is none"));
        }
        if (state.first, state.count) != (total.first, total.count) || state.sums != total.sums {
            report.fault(format!(
                "account {account}, batch {number}: its row says {} from {} with {:?}, its messages say {} from {} with {:?}",
                state.count, state.first, state.sums, total.count, total.first, total.sums
            ));
        }
    }
    if let Some(number) = totals.batches.keys().min() {
        report.fault(format!("account {account}, batch {number}: messages name it and it does not exist"));
    }
    Ok(())
}

fn days(conn: &Connection, account: AccountId, totals: &Totals, report: &mut CheckReport) -> Result<()> {
    let mut statement = conn
        .prepare_cached(
            "SELECT day, direction, country, outcome, messages, segments, price FROM day_sum
             WHERE account = ?1 AND (messages <> 0 OR segments <> 0 OR price <> 0)",
        )
        .map_err(store)?;
    let rows = statement
        .query_map([account.get()], |row| {
            let key: (u32, u8, u16, u8) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok((key, Sum { messages: row.get(4)?, segments: row.get(5)?, price: row.get(6)? }))
        })
        .map_err(store)?;
    let held: BTreeMap<_, _> = rows.collect::<rusqlite::Result<_>>().map_err(store)?;
    report.day_sums += held.len() as u64;
    if held != totals.days {
        let differing = totals.days.iter().find(|(key, sum)| held.get(key) != Some(sum));
        let differing =
            differing.or_else(|| held.iter().find(|(key, sum)| totals.days.get(key) != Some(sum)));
        report.fault(format!("account {account}: sums by day differ, first at {differing:?}"));
    }
    Ok(())
}

fn chats(conn: &Connection, account: AccountId, totals: &Totals, report: &mut CheckReport) -> Result<()> {
    let mut statement = conn
        .prepare_cached("SELECT peer, chat FROM chat_peer WHERE account = ?1 ORDER BY chat")
        .map_err(store)?;
    let rows = statement
        .query_map([account.get()], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Number>(1)?)))
        .map_err(store)?;
    let index: HashMap<String, Number> = rows.collect::<rusqlite::Result<_>>().map_err(store)?;
    let mut statement =
        conn.prepare_cached("SELECT id, peer FROM chat WHERE id BETWEEN ?1 AND ?2").map_err(store)?;
    let rows = statement
        .query_map(range(account), |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))
        .map_err(store)?;
    let mut count = 0;
    for row in rows {
        let (id, peer) = row.map_err(store)?;
        count += 1;
        report.chats += 1;
        if index.get(&peer) != Some(&((id & 0xffff_ffff) as Number)) {
            report.fault(format!(
                "account {account}: the index of chats does not lead to chat {}",
                id & 0xffff_ffff
            ));
        }
    }
    if count != index.len() {
        report.fault(format!("account {account}: {} peers are indexed, {count} chats exist", index.len()));
    }
    let without = totals.peers.keys().filter(|peer| !index.contains_key(*peer)).count();
    if without > 0 {
        report.fault(format!("account {account}: {without} peers wrote and have no chat"));
    }
    Ok(())
}

/// Import ids and idempotency records lead to messages.
fn ids(conn: &Connection, account: AccountId, totals: &Totals, report: &mut CheckReport) -> Result<()> {
    for (table, column) in [("import_id", "number"), ("idempotency", "first"), ("outbox", "number")] {
        let sql =
            format!("SELECT count(*) FROM {table} WHERE account = ?1 AND {column} NOT BETWEEN 1 AND ?2");
        let astray: u64 =
            conn.query_row(&sql, [account.get(), totals.highest], |row| row.get(0)).map_err(store)?;
        if astray > 0 {
            report.fault(format!("account {account}: {astray} rows of table {table} lead nowhere"));
        }
    }
    Ok(())
}

/// Compares the state in memory with one rebuilt from rows, both of one moment.
fn derived(engine: &Engine, account: AccountId, report: &mut CheckReport) -> Result<()> {
    let slot = engine.slots.get(account);
    let mut state = slot.exclusive();
    let State::Ready(held) = &mut *state else { return Ok(()) };
    let now = engine.now().seconds();
    held.settle(now);
    let rebuilt = engine.with_connection(|conn| load::load(conn, account, &engine.directory, now))?;
    held.compare(&rebuilt, &format!("account {account}"), report);
    Ok(())
}
