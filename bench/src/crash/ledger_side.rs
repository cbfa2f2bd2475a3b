//! What the ledger holds: its export, and the receipts of its file.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use carriers::receipt::canonical_ids;
use rusqlite::Connection;
use serde::Deserialize;

use crate::process::answerback;

/// States from which a message goes nowhere.
const FINAL: [&str; 8] =
    ["delivered", "undelivered", "expired", "rejected", "failed", "denied", "canceled", "unknown"];

/// What histories have besides states.
const NOTES: [&str; 5] = ["funded", "refunded", "part", "retry", "contradiction"];

/// Everything of the one account.
pub(super) struct Side {
    pub(super) sent: Vec<Row>,
    pub(super) received: Vec<Row>,
    pub(super) receipts: Receipts,
    /// What webhooks are to be told, by sequence numbers.
    pub(super) events: Vec<u64>,
    /// How far the webhook was told, and how much it is to be told again.
    told: (u64, u64),
}

/// A message as the export has it.
#[derive(Debug, Deserialize)]
pub(super) struct Row {
    direction: String,
    pub(super) sender: Option<String>,
    pub(super) recipient: String,
    pub(super) body: String,
    history: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    state: String,
    text: Option<String>,
}

/// How the history of a message of several segments says that an attempt at one of them is in doubt.
const DOUBTS: [&str; 2] = ["before the answer", "no answer in time"];

impl Entry {
    fn is_doubt(&self) -> bool {
        let words = self.text.as_deref().unwrap_or("");
        self.state == "uncertain" || self.state == "part" && DOUBTS.iter().any(|doubt| words.contains(doubt))
    }
}

/// Receipts by what became of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Receipts {
    pub(super) matched: u64,
    pub(super) quarantined: u64,
    /// How often the very same came again.
    pub(super) repeats: u64,
}

impl Row {
    /// Its present state.
    pub(super) fn state(&self) -> &str {
        // Notes, as of a contradicting receipt, are no states.
        let states = self.history.iter().map(|entry| entry.state.as_str());
        states.rev().find(|state| !NOTES.contains(state)).unwrap_or("queued")
    }

    /// How often an attempt at it had no answer.
    pub(super) fn doubts(&self) -> usize {
        self.history.iter().filter(|entry| entry.is_doubt()).count()
    }

    /// Whether it goes nowhere from here.
    fn is_final(&self) -> bool {
        FINAL.contains(&self.state())
    }

    /// Whether it may still become something else under this policy. What recurs waits for its hour.
    fn waits(&self, doubt: &str) -> bool {
        let held = doubt == "hold" && self.state() == "uncertain";
        !self.is_final() && self.state() != "scheduled" && !held
    }
}

impl Side {
    /// Reads both, beside a running server or without one.
    pub(super) fn read(directory: &Path) -> Result<Self> {
        let rows = answerback(&["export", "--account", "Bench", "--format", "ndjson"], directory)?;
        let database = open(directory)?;
        let mut side = Self {
            sent: Vec::new(),
            received: Vec::new(),
            receipts: receipts(&database)?,
            events: events(&database)?,
            told: told(&database)?,
        };
        for line in rows.split(|octet| *octet == b'\n').filter(|line| !line.is_empty()) {
            let row: Row = serde_json::from_slice(line).context("an exported line cannot be read")?;
            if row.direction == "mt" { side.sent.push(row) } else { side.received.push(row) }
        }
        Ok(side)
    }

    /// Messages that may still become something else under this policy.
    pub(super) fn waiting(&self, doubt: &str) -> usize {
        self.sent.iter().filter(|row| row.waits(doubt)).count()
    }

    /// Messages that go nowhere any more.
    pub(super) fn ended(&self) -> usize {
        self.sent.iter().filter(|row| row.is_final()).count()
    }

    /// Events that the webhook was not told yet.
    pub(super) fn untold(&self) -> u64 {
        let (position, kept) = self.told;
        self.events.last().copied().unwrap_or(0).saturating_sub(position) + kept
    }

    /// A few of them.
    pub(super) fn some_waiting(&self, doubt: &str) -> Vec<&Row> {
        self.sent.iter().filter(|row| row.waits(doubt)).take(5).collect()
    }

    /// Messages by their present state.
    pub(super) fn states(&self) -> BTreeMap<&str, usize> {
        let mut states = BTreeMap::new();
        for row in &self.sent {
            *states.entry(row.state()).or_default() += 1;
        }
        states
    }
}

fn open(directory: &Path) -> Result<Connection> {
    let file = directory.join(ledger::sqlite::FILE);
    Ok(Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}

fn receipts(database: &Connection) -> Result<Receipts> {
    let one = |sql: &str| database.query_row(sql, [], |row| row.get::<_, u64>(0));
    Ok(Receipts {
        matched: one("SELECT count(*) FROM receipt WHERE message IS NOT NULL")?,
        quarantined: one("SELECT count(*) FROM receipt WHERE message IS NULL")?,
        repeats: one("SELECT coalesce(sum(count - 1), 0) FROM receipt")?,
    })
}

fn events(database: &Connection) -> Result<Vec<u64>> {
    let mut statement = database.prepare("SELECT sequence FROM event ORDER BY sequence")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The one webhook's place, and what is kept to be told again.
fn told(database: &Connection) -> Result<(u64, u64)> {
    let one = |sql: &str| database.query_row(sql, [], |row| row.get::<_, u64>(0));
    let position = one("SELECT coalesce(max(position), 0) FROM hook WHERE hook = 1")?;
    Ok((position, one("SELECT count(*) FROM hook_try WHERE hook = 1")?))
}

/// Receipts that wait for an id although it is known, in whatever form: there must be none.
pub(super) fn stranded(directory: &Path) -> Result<usize> {
    let database = open(directory)?;
    let mut known = database.prepare("SELECT count(*) FROM carrier_id WHERE id = ?1")?;
    let mut waiting = database.prepare("SELECT id FROM receipt WHERE message IS NULL")?;
    let mut stranded = 0;
    for id in waiting.query_map([], |row| row.get::<_, String>(0))? {
        for form in canonical_ids(&id?) {
            stranded += known.query_row([form], |row| row.get::<_, usize>(0))?;
        }
    }
    Ok(stranded)
}
