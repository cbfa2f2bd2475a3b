//! Verifying a directory: every invariant, with counts. What cannot be read is a fault to be told, not the end
//! of the check.

mod tables;

use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::Connection;
use sms::{AccountId, BatchKey, Direction, Micros, Number};

use super::batch_rows::{self, Sums};
use super::load::range;
use super::reader::Engine;
use super::slots::State;
use super::transaction::day_key;
use super::{accounts, load, rows, store};
use crate::check::CheckReport;
use crate::error::Result;
use crate::history::Entry;
use crate::model::{Message, Sum};
use crate::query::MessageQuery;

/// Rows between two words of progress.
const STRIDE: u64 = 10_000;

/// Verifies everything; `progress` is told messages read so far.
pub(super) fn check(engine: &Engine, progress: &dyn Fn(u64)) -> Result<CheckReport> {
    let mut report = CheckReport::default();
    let looked = engine.with_connection(|conn| tables::file(conn, &mut report));
    told(looked, "the database file", &mut report);
    let all = engine.with_connection(accounts::all)?;
    for account in all {
        report.accounts += 1;
        let name = format!("account {}", account.id);
        let looked = engine.in_transaction(|conn| {
            let totals = messages(engine, conn, account.id, &mut report, progress)?;
            tables::all(conn, account.id, &totals, &mut report)
        });
        told(looked, &name, &mut report);
        let looked = derived(engine, account.id, &mut report);
        told(looked, &format!("{name}, derived state"), &mut report);
    }
    Ok(report)
}

/// What could not be read is a fault.
fn told(looked: Result<()>, name: &str, report: &mut CheckReport) {
    if let Err(error) = looked {
        report.fault(format!("{name}: {error}"));
    }
}

/// What the pass over an account's messages adds up.
#[derive(Default)]
struct Totals {
    /// The account's programs.
    programs: HashSet<Number>,
    days: BTreeMap<i64, Sum>,
    batches: HashMap<Number, BatchTotal>,
    /// Who wrote.
    peers: HashSet<String>,
    highest: Number,
}

#[derive(Default)]
struct BatchTotal {
    sums: Sums,
    first: Number,
    last: Number,
    count: u32,
    visible: u32,
    /// Creation of the messages that say they were made with their batch, and whether they agree.
    created: Option<Micros>,
    agreed: bool,
}

fn messages(
    engine: &Engine,
    conn: &Connection,
    account: AccountId,
    report: &mut CheckReport,
    progress: &dyn Fn(u64),
) -> Result<Totals> {
    let networks = engine.networks.get();
    let programs = accounts::programs(conn, account)?.iter().map(|program| program.number).collect();
    let mut totals = Totals { programs, ..Totals::default() };
    let sql = format!("SELECT {} FROM message WHERE id BETWEEN ?1 AND ?2 ORDER BY id", rows::COLUMNS);
    let mut statement = conn.prepare_cached(&sql).map_err(store)?;
    let mut found = statement.query(range(account)).map_err(store)?;
    while let Some(row) = found.next().map_err(store)? {
        let id: i64 = row.get(0).map_err(store)?;
        let number = (id & 0xffff_ffff) as Number;
        if number != totals.highest + 1 {
            report.fault(format!("account {account}, message {number}: the numbers before it have a gap"));
        }
        totals.highest = number;
        match rows::read(row, &networks).and_then(|(row, with)| Ok((rows::owned(&row)?, with))) {
            Ok((message, with_batch)) => one(account, &message, with_batch, &mut totals, report),
            Err(error) => report.fault(format!("account {account}, message {number}: {error}")),
        }
        report.messages += 1;
        if report.messages.is_multiple_of(STRIDE) {
            progress(report.messages);
        }
    }
    progress(report.messages);
    Ok(totals)
}

fn one(
    account: AccountId,
    message: &Message,
    with_batch: bool,
    totals: &mut Totals,
    report: &mut CheckReport,
) {
    let mut fault =
        |what: &str| report.fault(format!("account {account}, message {}: {what}", message.number));
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
    if is_mo && message.sender.is_none() {
        fault("it came from nobody");
    }
    // What it answers was there before it.
    if message.answers.is_some_and(|answers| !(1..message.number).contains(&answers)) {
        fault("it answers no message");
    }
    if !totals.programs.contains(&message.program) {
        fault("its program is not the account's");
    }
    report.entries += message.history.len() as u64;
    let key = day_key(account, message.date, message.direction, message.country.code(), message.outcome);
    let day = totals.days.entry(key).or_default();
    day.messages += 1;
    day.segments += u64::from(message.segments);
    day.price = day.price.saturating_add(message.price.millionths());
    match message.batch {
        BatchKey::Mt(batch) => totals.batches.entry(batch).or_default().count(message, with_batch),
        BatchKey::Mo(_) => {
            totals.peers.insert(message.peer().to_owned());
        }
    }
}

impl BatchTotal {
    fn count(&mut self, message: &Message, with_batch: bool) {
        if self.count == 0 {
            self.first = message.number;
            self.agreed = true;
        }
        self.last = message.number;
        self.count += 1;
        if with_batch {
            self.agreed &= self.created.is_none_or(|created| created == message.created);
            self.created = Some(message.created);
        }
        if !message.hidden {
            self.visible += 1;
            let price = message.price.millionths();
            batch_rows::add(&mut self.sums, message.outcome, 1, message.segments, price);
        }
    }
}

/// Compares the state in memory (loaded now, if it is not there) with one rebuilt from rows, both of one
/// moment, and what it counts with what SQL counts.
fn derived(engine: &Engine, account: AccountId, report: &mut CheckReport) -> Result<()> {
    engine.pick(account, |_, _| Ok(()), |_, ()| Ok(()))?;
    let slot = engine.slots.get(account);
    let mut state = slot.exclusive();
    let State::Ready(held) = &mut *state else { return Ok(()) };
    let now = engine.now().seconds();
    held.settle(now);
    engine.in_transaction(|conn| {
        let rebuilt = load::load(conn, account, &engine.directory, now)?;
        held.compare(&rebuilt, &format!("account {account}"), report);
        let mut statement = conn
            .prepare_cached(
                "SELECT outcome, count(*) FROM message
                 WHERE id BETWEEN ?1 AND ?2 AND NOT flags & 16 GROUP BY outcome",
            )
            .map_err(store)?;
        let mut found = statement.query(range(account)).map_err(store)?;
        while let Some(row) = found.next().map_err(store)? {
            let (outcome, counted) = (rows::outcome(rows::integer(row, 0)?)?, rows::integer(row, 1)? as u64);
            let query = MessageQuery { outcomes: Some(outcome.only()), ..MessageQuery::default() };
            let said = held.select(&query, None).total;
            report.derived += 1;
            if said != counted {
                report.fault(format!(
                    "account {account}: derived state counts {said} as {outcome}, SQL {counted}"
                ));
            }
        }
        Ok(())
    })
}
