//! Benchmarks: `cargo xtask bench ledger [--messages N] [--only PART,…] [--groups N,…]` and
//! `cargo xtask bench traffic [--seconds N] [--concurrency N,…] [--rounds N] [--against kannel]`.
//!
//! Every figure is a median over several rounds; what is compared is run in turn, A B A B, in one process
//! run, so that a noisy machine disturbs both alike. The table ends with the floors that must hold.
#![forbid(unsafe_code)]

mod client;
mod crash;
mod data;
mod insert;
mod lists;
mod pages;
mod process;
mod report;
mod server;
mod simulated;
mod traffic;
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
        bail!(
            "usage: bench ledger [--messages N] [--only PART,…] [--groups N,…] | \
             traffic [--seconds N] [--concurrency N,…] [--rounds N] [--bulk true|false] [--against kannel]"
        )
    };
    match name.as_str() {
        "ledger" => {
            let plan = Plan::parse(rest)?;
            ledger_table(&plan)
        }
        "traffic" => traffic::run(rest),
        "crash" => crash::run(rest),
        other => bail!("there is no benchmark \"{other}\"; there are: ledger, traffic, crash"),
    }
}

/// What to measure.
struct Plan {
    messages: u32,
    only: Option<Vec<String>>,
    groups: Vec<usize>,
}

impl Plan {
    fn parse(args: &[String]) -> Result<Self> {
        let mut plan = Self { messages: 2_000_000, only: None, groups: vec![1, 32, 256, 2048] };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let value = args.next().ok_or_else(|| anyhow::anyhow!("{arg} needs a value"))?;
            match arg.as_str() {
                "--messages" => plan.messages = value.parse()?,
                "--only" => plan.only = Some(value.split(',').map(str::to_owned).collect()),
                "--groups" => {
                    plan.groups = value.split(',').map(str::parse).collect::<Result<_, _>>()?;
                }
                _ => bail!("unknown option {arg}"),
            }
        }
        Ok(plan)
    }

    fn wants(&self, part: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|wanted| wanted == part))
    }
}

/// Messages of the small account whose server is the constant that memory is measured against.
const SMALL: u32 = 5_000;

fn ledger_table(plan: &Plan) -> Result<()> {
    let mut report = Report::default();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let small = if plan.wants("memory") {
        let small = Filled::new(&runtime, SMALL)?;
        let server = Server::start(small.data())?;
        lists(&server, &small, &mut Report::quiet())?;
        let memory = server.anonymous_memory()?;
        server.stop()?;
        memory
    } else {
        0.0
    };

    let filled = Filled::new(&runtime, plan.messages)?;
    if plan.wants("size") {
        size(&filled.database, &filled.access, &mut report)?;
    }
    let server = Server::start(filled.data())?;
    let begun = Instant::now();
    server.client(&filled.access.header_pair())?.time("/api/v2/messages?limit=100&page=2")?;
    let answered = server.until_ready + begun.elapsed();
    report.line(format!(
        "start of the process until the cold account answers: {:.2} s",
        answered.as_secs_f64()
    ));
    if plan.wants("pages") || plan.wants("memory") {
        lists(&server, &filled, &mut report)?;
    }
    if plan.wants("memory") {
        let used = (server.anonymous_memory()? - small) / 1e6;
        let each = used / (f64::from(plan.messages) / 1e6);
        report
            .line(format!("memory: {used:.1} MB over a server of {SMALL} messages after the same requests"));
        report.at_most("memory a million messages, MB", each, 20.0);
    }
    if plan.wants("walk") {
        walk::measure(&server, &filled.access, filled.data(), &mut report)?;
    }
    server.stop()?;

    if plan.wants("insert") {
        runtime.block_on(async {
            let store = Store::open(filled.data()).await?;
            insert::measure(&store, &plan.groups, &mut report).await
        })?;
    }
    if report.finish() { Ok(()) } else { bail!("a floor is broken") }
}

/// Every list of every dialect, and the searches.
fn lists(server: &Server, filled: &Filled, report: &mut Report) -> Result<()> {
    pages::measure(server, &filled.access, &filled.database, report)?;
    walk::search(server, &filled.access, report)
}

/// A directory whose account holds generated messages.
struct Filled {
    directory: tempfile::TempDir,
    access: Access,
    database: rusqlite::Connection,
}

impl Filled {
    fn new(runtime: &tokio::runtime::Runtime, messages: u32) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let credential = Access::create(directory.path())?;
        let program = runtime.block_on(async {
            let store = Store::open(directory.path()).await?;
            store.fill(messages).await?;
            let program = store.program;
            store.close()?;
            anyhow::Ok(program)
        })?;
        let database = rusqlite::Connection::open(directory.path().join(ledger::sqlite::FILE))?;
        database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        let access = Access::new(credential, program, &database)?;
        Ok(Self { directory, access, database })
    }

    fn data(&self) -> &std::path::Path {
        self.directory.path()
    }
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
