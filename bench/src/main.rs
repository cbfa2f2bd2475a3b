//! Benchmarks: `cargo xtask bench ledger [--messages N] [--only PART,…]`.
//!
//! Every figure is a median over several rounds; what is compared is run in turn, A B A B, in one process
//! run, so that a noisy machine disturbs both alike. The table ends with the floors that must hold.
#![forbid(unsafe_code)]

mod data;
mod insert;
mod report;

use anyhow::{Result, bail};

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

async fn ledger_table(plan: &Plan) -> Result<()> {
    let mut report = report::Report::default();
    let directory = tempfile::tempdir()?;
    let store = data::Store::filled(directory.path(), plan.messages).await?;
    if plan.wants("insert") {
        insert::measure(&store, &mut report).await?;
    }
    if report.finish() { Ok(()) } else { bail!("a floor is broken") }
}
