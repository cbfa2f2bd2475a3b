//! Durable inserts with all derived state kept, against a bare one-table loop of the same row.

use std::time::{Duration, Instant};

use anyhow::Result;
use ledger::history;
use ledger::model::Message;
use ledger::query::MessageQuery;
use ledger::{Changes, Reading};
use rusqlite::{Connection, params};
use sms::Micros;

use crate::data::{Maker, Store};
use crate::report::{Report, median};

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_millis(1500);
/// Messages made before the clock starts, and used in turn.
const PREPARED: usize = 16_384;

/// Measures groups of 1, 32, 256 and 2048.
pub(crate) async fn measure(store: &Store, groups: &[usize], report: &mut Report) -> Result<()> {
    // Derived state is loaded, so that it is kept up to date all the while.
    store.ledger.messages(store.account, MessageQuery { limit: 1, ..MessageQuery::default() }).await?;
    let directory = tempfile::tempdir()?;
    let mut bare = Bare::open(directory.path())?;
    report.line("durable inserts, messages/s (median of rounds in turn)".to_owned());
    report.line("    group | bare loop | one batch | ratio | single submissions | ratio".to_owned());
    for group in groups.iter().copied() {
        let (mut plain, mut batch, mut single) = (Vec::new(), Vec::new(), Vec::new());
        let mut maker = Maker::new(group as u64, store.program);
        for _ in 0..ROUNDS {
            plain.push(bare.round(&mut maker, group)?);
            batch.push(batches(store, &mut maker, group).await?);
            single.push(singles(store, &mut maker, group).await?);
        }
        let (plain, batch, single) = (median(&mut plain), median(&mut batch), median(&mut single));
        report.line(format!(
            "    {group:>5} | {plain:>9.0} | {batch:>9.0} | {:>5.2} | {single:>18.0} | {:>5.2}",
            batch / plain,
            single / plain
        ));
        match group {
            32 => report.at_least("groups of 32 against the bare loop", batch / plain, 0.5),
            2048 => report.at_least("groups of 2048 against the bare loop", batch / plain, 0.25),
            _ => {}
        }
    }
    Ok(())
}

/// Submissions of `group` messages, one after the other.
async fn batches(store: &Store, maker: &mut Maker, group: usize) -> Result<f64> {
    let at = Micros::now();
    let mut prepared: Vec<_> = (0..PREPARED / group).map(|_| maker.submission(group, at)).collect();
    let (mut written, mut spent) = (0, Duration::ZERO);
    while spent < ROUND {
        let Some(submission) = prepared.pop() else {
            prepared = (0..PREPARED / group).map(|_| maker.submission(group, at)).collect();
            continue;
        };
        let begun = Instant::now();
        store.ledger.accept(store.account, submission).await?;
        spent += begun.elapsed();
        written += group;
    }
    Ok(written as f64 / spent.as_secs_f64())
}

/// As many submissions of one message at once.
async fn singles(store: &Store, maker: &mut Maker, group: usize) -> Result<f64> {
    let at = Micros::now();
    let (mut written, mut spent) = (0, Duration::ZERO);
    while spent < ROUND {
        let portion = (PREPARED / group).max(1);
        let prepared: Vec<Vec<_>> =
            (0..group).map(|_| (0..portion).map(|_| maker.submission(1, at)).collect()).collect();
        let begun = Instant::now();
        let mut tasks = tokio::task::JoinSet::new();
        for submissions in prepared {
            let (ledger, account) = (store.ledger.clone(), store.account);
            tasks.spawn(async move {
                for submission in submissions {
                    ledger.accept(account, submission).await?;
                }
                anyhow::Ok(())
            });
        }
        while let Some(done) = tasks.join_next().await {
            done??;
        }
        spent += begun.elapsed();
        written += group * portion;
    }
    Ok(written as f64 / spent.as_secs_f64())
}

/// The bare loop: the same table and row, nothing else.
struct Bare {
    conn: Connection,
    next: i64,
}

impl Bare {
    fn open(directory: &std::path::Path) -> Result<Self> {
        let conn = Connection::open(directory.join("bare.db"))?;
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
             PRAGMA wal_autocheckpoint = 8192;
             CREATE TABLE message (id INTEGER PRIMARY KEY, date INTEGER, created INTEGER, flags INTEGER,
                outcome INTEGER, segments INTEGER, batch INTEGER, program INTEGER, sender TEXT,
                sender_used TEXT, recipient TEXT, price INTEGER, credits INTEGER, country INTEGER,
                network INTEGER, reference TEXT, list TEXT, answers INTEGER, forced_by INTEGER, body TEXT,
                history BLOB);",
        )?;
        Ok(Self { conn, next: (1 << 32) + 1 })
    }

    fn round(&mut self, maker: &mut Maker, group: usize) -> Result<f64> {
        let at = Micros::now();
        let rows: Vec<(Message, Vec<u8>)> = (0..PREPARED)
            .map(|_| {
                let message = maker.message(at, false, false);
                let packed = history::pack(message.created, &message.history);
                (message, packed)
            })
            .collect();
        let begun = Instant::now();
        let mut written = 0;
        let mut rows = rows.iter().cycle();
        while begun.elapsed() < ROUND {
            let transaction = self.conn.transaction()?;
            {
                let mut statement = transaction.prepare_cached(
                    "INSERT INTO message VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
                     ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
                )?;
                for (message, packed) in rows.by_ref().take(group) {
                    statement.execute(params![
                        self.next,
                        message.date,
                        message.created.get(),
                        0,
                        message.outcome.code(),
                        message.segments,
                        1,
                        message.program,
                        message.sender,
                        message.sender_used,
                        message.recipient,
                        message.price.millionths(),
                        message.credits,
                        message.country.code(),
                        1,
                        message.reference,
                        message.list,
                        message.answers,
                        None::<i64>,
                        message.body,
                        packed,
                    ])?;
                    self.next += 1;
                }
            }
            transaction.commit()?;
            written += group;
        }
        Ok(written as f64 / begun.elapsed().as_secs_f64())
    }
}
