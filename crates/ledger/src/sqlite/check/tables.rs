//! Everything beside the messages: what it says must follow from them.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, params};
use sms::{AccountId, Number, Outcome};

use super::super::chats::marks;
use super::super::load::range;
use super::super::outbox::HELD;
use super::super::{batch_rows, rows, store};
use super::{BatchTotal, Totals, told};
use crate::check::CheckReport;
use crate::error::Result;
use crate::model::Sum;

/// Verifies every table of an account against what its messages add up to.
pub(super) fn all(
    conn: &Connection,
    account: AccountId,
    totals: &Totals,
    report: &mut CheckReport,
) -> Result<()> {
    type Part = fn(&Connection, AccountId, &Totals, &mut CheckReport) -> Result<()>;
    let parts: [(&str, Part); 6] = [
        ("counters", counters),
        ("batches", batches),
        ("sums by day", days),
        ("chats", chats),
        ("outbox", outbox),
        ("ids", ids),
    ];
    for (name, part) in parts {
        told(part(conn, account, totals, report), &format!("account {account}, {name}"), report);
    }
    Ok(())
}

/// SQLite's own look at the file, and rows that belong to nobody.
pub(super) fn file(conn: &Connection, report: &mut CheckReport) -> Result<()> {
    let mut statement = conn.prepare("PRAGMA quick_check").map_err(store)?;
    let verdicts = statement.query_map([], |row| row.get::<_, String>(0)).map_err(store)?;
    for verdict in verdicts {
        let verdict = verdict.map_err(store)?;
        if verdict != "ok" {
            report.fault(format!("the database file: {verdict}"));
        }
    }
    let by_id = ["message", "batch", "chat", "contact", "day_sum"].map(|table| (table, "id >> 32"));
    let by_account = [
        "\"key\"",
        "program",
        "chat_peer",
        "contact",
        "import_id",
        "import_batch",
        "idempotency",
        "outbox",
        "opt_out",
        "reply",
        "hook",
        "hook_try",
    ]
    .map(|table| (table, "account"));
    for (table, owner) in by_id.into_iter().chain(by_account) {
        let sql = format!("SELECT count(*) FROM {table} WHERE {owner} NOT IN (SELECT id FROM account)");
        let strays: u64 = conn.query_row(&sql, [], |row| row.get(0)).map_err(store)?;
        if strays > 0 {
            report.fault(format!("{strays} rows of table {table} belong to no account"));
        }
    }
    let sql = "SELECT (SELECT count(*) FROM contact) + (SELECT count(*) FROM program) + (SELECT count(*) FROM \"key\")";
    report.others = conn.query_row(sql, [], |row| row.get(0)).map_err(store)?;
    Ok(())
}

/// The next numbers are those after the last.
fn counters(conn: &Connection, account: AccountId, totals: &Totals, report: &mut CheckReport) -> Result<()> {
    let sql =
        "SELECT next_message - 1, next_batch - 1, next_chat - 1, next_contact - 1 FROM account WHERE id = ?1";
    let counted: [Number; 4] = conn
        .query_row(sql, [account.get()], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))
        .map_err(store)?;
    let last = |table: &str| -> Result<Number> {
        let sql = format!("SELECT ifnull(max(id) & 0xffffffff, 0) FROM {table} WHERE id BETWEEN ?1 AND ?2");
        conn.query_row(&sql, range(account), |row| row.get(0)).map_err(store)
    };
    let there = [totals.highest, last("batch")?, last("chat")?, last("contact")?];
    for ((name, counted), there) in
        ["messages", "batches", "chats", "contacts"].into_iter().zip(counted).zip(there)
    {
        // A contact that was removed leaves a gap, at the end too.
        let agree = if name == "contacts" { there <= counted } else { there == counted };
        if !agree {
            report.fault(format!("account {account}: counts {counted} {name}, has {there}"));
        }
    }
    Ok(())
}

fn batches(conn: &Connection, account: AccountId, totals: &Totals, report: &mut CheckReport) -> Result<()> {
    let mut statement =
        conn.prepare_cached("SELECT id FROM batch WHERE id BETWEEN ?1 AND ?2 ORDER BY id").map_err(store)?;
    let ids = statement.query_map(range(account), |row| row.get::<_, i64>(0)).map_err(store)?;
    let mut expected = 0;
    for id in ids {
        let id = id.map_err(store)?;
        report.batches += 1;
        expected += 1;
        let number = (id & 0xffff_ffff) as Number;
        let mut fault = |what: String| report.fault(format!("account {account}, batch {number}: {what}"));
        if number != expected {
            fault("the numbers before it have a gap".to_owned());
            expected = number;
        }
        match (batch_rows::state(conn, id), totals.batches.get(&number)) {
            (Err(error), _) => fault(error.to_string()),
            (Ok(None), _) => fault("it is gone".to_owned()),
            (Ok(Some(_)), None) => fault("it has no messages".to_owned()),
            (Ok(Some(state)), Some(total)) => batch(&state, total, &mut fault),
        }
    }
    if let Some(number) = totals.batches.keys().filter(|number| **number > expected).min() {
        report.fault(format!("account {account}, batch {number}: messages name it and it does not exist"));
    }
    Ok(())
}

fn batch(state: &batch_rows::BatchState, total: &BatchTotal, fault: &mut impl FnMut(String)) {
    let is_range = total.last - total.first + 1 == total.count;
    if state.flags & batch_rows::SCATTERED == 0 && !is_range {
        fault("it says that it is a range and is none".to_owned());
    }
    if state.flags & batch_rows::HIDDEN != 0 && total.visible > 0 {
        fault(format!("it is hidden and {} of its messages are not", total.visible));
    }
    if !total.agreed || total.created.is_some_and(|created| created != state.created) {
        fault("messages made with it were made at another time".to_owned());
    }
    if (state.first, state.count) != (total.first, total.count) || state.sums != total.sums {
        fault(format!(
            "its row says {} from {} with {:?}, its messages say {} from {} with {:?}",
            state.count, state.first, state.sums, total.count, total.first, total.sums
        ));
    }
}

fn days(conn: &Connection, account: AccountId, totals: &Totals, report: &mut CheckReport) -> Result<()> {
    let mut statement = conn
        .prepare_cached(
            "SELECT id, messages, segments, price FROM day_sum
             WHERE id BETWEEN ?1 AND ?2 AND (messages <> 0 OR segments <> 0 OR price <> 0)",
        )
        .map_err(store)?;
    let rows = statement
        .query_map(range(account), |row| {
            let sum = Sum { messages: row.get(1)?, segments: row.get(2)?, price: row.get(3)? };
            Ok((row.get::<_, i64>(0)?, sum))
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
    let mut statement =
        conn.prepare_cached("SELECT peer, chat FROM chat_peer WHERE account = ?1").map_err(store)?;
    let rows = statement
        .query_map([account.get()], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Number>(1)?)))
        .map_err(store)?;
    let index: HashMap<String, Number> = rows.collect::<rusqlite::Result<_>>().map_err(store)?;
    let mut statement = conn
        .prepare_cached(
            "SELECT id, peer, read_up_to, marked_unread, status FROM chat WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
        )
        .map_err(store)?;
    let mut rows = statement.query(range(account)).map_err(store)?;
    let mut count = 0;
    while let Some(row) = rows.next().map_err(store)? {
        let id: i64 = row.get(0).map_err(store)?;
        let number = (id & 0xffff_ffff) as Number;
        let peer: String = row.get(1).map_err(store)?;
        count += 1;
        report.chats += 1;
        let mut fault = |what: &str| report.fault(format!("account {account}, chat {number}: {what}"));
        if number != count {
            fault("the numbers before it have a gap");
            count = number;
        }
        if index.get(&peer) != Some(&number) {
            fault("the index of chats does not lead to it");
        }
        match marks(row, 2) {
            Ok(marks) if marks.read_up_to > totals.highest => fault("it is read past the last message"),
            Ok(_) => {}
            Err(error) => fault(&error.to_string()),
        }
    }
    if count as usize != index.len() {
        report.fault(format!("account {account}: {} peers are indexed, {count} chats exist", index.len()));
    }
    let without = totals.peers.iter().filter(|peer| !index.contains_key(*peer)).count();
    if without > 0 {
        report.fault(format!("account {account}: {without} peers wrote and have no chat"));
    }
    Ok(())
}

/// What is to be sent waits, and is due when it says.
fn outbox(conn: &Connection, account: AccountId, _: &Totals, report: &mut CheckReport) -> Result<()> {
    let mut statement = conn
        .prepare_cached(
            "SELECT outbox.number, due, message.date, message.outcome, attempts FROM outbox
             LEFT JOIN message ON message.id = ?2 | outbox.number WHERE account = ?1",
        )
        .map_err(store)?;
    let mut rows = statement.query(params![account.get(), account.key(0)]).map_err(store)?;
    while let Some(row) = rows.next().map_err(store)? {
        let (number, due) = (rows::integer(row, 0)?, rows::integer(row, 1)?);
        let (date, outcome) = (rows::optional(row, 2)?, rows::optional(row, 3)?);
        let mut fault =
            |what: String| report.fault(format!("account {account}, outbox: message {number} {what}"));
        // Once attempted, a segment may be due later; withdrawn then, it is dropped when it comes due.
        let attempted = rows::integer(row, 4)? > 0;
        match (date, outcome.map(rows::outcome).transpose()?) {
            (Some(_), Some(Outcome::Held)) if !attempted && due != i64::from(HELD) => {
                fault(format!("is held, and due at {due}"));
            }
            (Some(date), Some(outcome)) if outcome != Outcome::Held && date != due && !attempted => {
                fault(format!("is due at {date}, not at {due}"));
            }
            (_, Some(outcome)) if outcome.is_final() && !attempted => {
                fault(format!("is {outcome} and does not wait"));
            }
            (_, None) => fault("does not exist".to_owned()),
            (_, Some(_)) => {}
        }
    }
    Ok(())
}

/// Import ids, names and idempotency records lead to what exists.
fn ids(conn: &Connection, account: AccountId, totals: &Totals, report: &mut CheckReport) -> Result<()> {
    let batches: Number = conn
        .query_row("SELECT next_batch - 1 FROM account WHERE id = ?1", [account.get()], |row| row.get(0))
        .map_err(store)?;
    let tables = [
        ("import_id", "number", 1, totals.highest),
        ("import_batch", "batch", 1, batches),
        // The key of an MO names no batch.
        ("idempotency", "batch", 0, batches),
        ("idempotency", "first", 1, totals.highest),
        ("idempotency", "first + count - 1", 1, totals.highest),
    ];
    for (table, column, first, last) in tables {
        let sql =
            format!("SELECT count(*) FROM {table} WHERE account = ?1 AND {column} NOT BETWEEN ?2 AND ?3");
        let astray: u64 =
            conn.query_row(&sql, [account.get(), first, last], |row| row.get(0)).map_err(store)?;
        if astray > 0 {
            report.fault(format!("account {account}: {astray} rows of table {table} lead nowhere"));
        }
    }
    Ok(())
}
