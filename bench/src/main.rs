//! Benchmarks: `cargo xtask bench ledger [--messages N] [--only PART,…]`.
//!
//! Every figure is a median over several rounds; what is compared is run in turn, A B A B, in one process
//! run, so that a noisy machine disturbs both alike. The table ends with the floors that must hold.
#![forbid(unsafe_code)]

mod data;
mod insert;
mod pages;
mod report;
mod server;
mod walk;

use std::time::Instant;

use anyhow::{Result, bail};

use data::{Access, Store};
use report::Report;
use server::Server;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = args.split_first() else {
        bail!("usage: bench ledger [--messages N] [--only PART,…]")
    };
    match name.as_str() {
        "ledger" => {
            let plan = Plan::parse(rest)?;
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
            runtime.block_on(ledger_table(&plan))
        }
        other => bail!("there is no benchmark \"{other}\"; there is: ledger"),
    }
}

/// What to measure.
struct Plan {
    messages: u32,
    only: Option<Vec<String>>,
}

impl Plan {
    fn parse(args: &[String]) -> Result<Self> {
        let mut plan = Self { messages: 2_000_000, only: None };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let value = args.next().ok_or_else(|| anyhow::anyhow!("{arg} needs a value"))?;
            match arg.as_str() {
                "--messages" => plan.messages = value.parse()?,
                "--only" => plan.only = Some(value.split(',').map(str::to_owned).collect()),
                _ => bail!("unknown option {arg}"),
            }
        }
        Ok(plan)
    }

    fn wants(&self, part: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|wanted| wanted == part))
    }
}

fn ledger_table(plan: &Plan) -> Result<()> {
    let mut report = Report::default();
    let directory = tempfile::tempdir()?;
    let data = directory.path();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let credential = Access::create(data)?;

    let server = Server::start(data)?;
    let empty_memory = server.anonymous_memory()?;
    server.stop()?;

    let program = runtime.block_on(async {
        let store = Store::open(data).await?;
        store.fill(plan.messages).await?;
        let program = store.program;
        store.close()?;
        anyhow::Ok(program)
    })?;
    let database = rusqlite::Connection::open(data.join(ledger::sqlite::FILE))?;
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let access = Access::new(credential, program, &database)?;
    if plan.wants("size") {
        size(&database, &access, &mut report)?;
    }

    let server = Server::start(data)?;
    let begun = Instant::now();
    server.client(&access.header_pair())?.time("/api/v2/messages?limit=100&page=2")?;
    let answered = server.until_ready + begun.elapsed();
    report.line(format!(
        "start of the process until the cold account answers: {:.2} s",
        answered.as_secs_f64()
    ));
    if plan.wants("pages") {
        pages::measure(&server, &access, &database, &mut report)?;
    }
    if plan.wants("search") {
        walk::search(&server, &access, &mut report)?;
    }
    if plan.wants("memory") {
        let used = (server.anonymous_memory()? - empty_memory) / 1e6;
        let each = used / (plan.messages as f64 / 1e6);
        report.line(format!("memory: {used:.1} MB over an empty server, {each:.1} MB a million messages"));
        report.at_most("memory a million messages, MB", each, 20.0);
    }
    if plan.wants("walk") {
        walk::measure(&server, &access, data, &mut report)?;
    }
    server.stop()?;
    drop(database);

    if plan.wants("insert") {
        runtime.block_on(async {
            let store = Store::open(data).await?;
            insert::measure(&store, &mut report).await
        })?;
    }
    if report.finish() { Ok(()) } else { bail!("a floor is broken") }
}

/// Octets on disk a message, everything counted, and the mean body.
fn size(database: &rusqlite::Connection, access: &Access, report: &mut Report) -> Result<()> {
    let one = |sql: &str| database.query_row(sql, [], |row| row.get::<_, f64>(0));
    let pages = one("SELECT CAST(page_count AS REAL) FROM pragma_page_count()")?;
    let page = one("SELECT CAST(page_size AS REAL) FROM pragma_page_size()")?;
    let body = one("SELECT avg(length(body)) FROM message")?;
    let history = one("SELECT avg(length(history)) FROM message")?;
    let ids = one("SELECT CAST(sum(pgsize) AS REAL) FROM dbstat WHERE name LIKE 'import%'").unwrap_or(0.0);
    let each = (pages * page - ids) / access.messages as f64;
    report.line(format!(
        "on disk: {each:.0} octets a message (bodies {body:.0} letters, histories {history:.0} octets), and {:.0} for \
         the ids that make the import idempotent",
        ids / access.messages as f64
    ));
    report.at_most("octets on disk a message", each, 260.0);
    Ok(())
}
