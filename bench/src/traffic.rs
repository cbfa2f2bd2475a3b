//! `cargo xtask bench traffic`: HTTP accept → SMPP submit → receipt recorded, end to end over loopback.
//!
//! The simulated SMSC is a process of its own with the `swift` profile: every message is taken and delivered
//! at once. What counts as completed is counted there and means the same for whoever is measured: the SMSC
//! took the segment, and its receipt was acknowledged; by us after the commit that records it.

mod figures;
mod kannel;
mod load;
mod ours;
mod smsc;

use std::time::Duration;

use anyhow::{Result, bail};

use crate::report::Report;
use figures::Figures;
use load::Load;

/// The text of each message, as a query has it: one segment of GSM 7-bit.
const TEXT: &str = "Your+parcel+arrives+today+between+10+and+12.+Somebody+has+to+be+at+home+to+sign+for+it.";
/// Submissions that may be open on the one link.
const WINDOW: usize = 500;

/// What to measure.
struct Plan {
    seconds: u64,
    concurrency: Vec<usize>,
    kannel: bool,
    bulk: bool,
    rounds: usize,
}

impl Plan {
    fn parse(args: &[String]) -> Result<Self> {
        let mut plan = Self { seconds: 10, concurrency: vec![32, 256], kannel: false, bulk: true, rounds: 1 };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or_else(|| anyhow::anyhow!("{arg} needs a value"));
            match arg.as_str() {
                "--seconds" => plan.seconds = value()?.parse()?,
                "--rounds" => plan.rounds = value()?.parse()?,
                "--concurrency" => {
                    plan.concurrency = value()?.split(',').map(str::parse).collect::<Result<_, _>>()?;
                }
                "--against" => match value()?.as_str() {
                    "kannel" => plan.kannel = true,
                    other => bail!("there is nothing to compare with named {other}; there is: kannel"),
                },
                "--bulk" => plan.bulk = value()?.parse()?,
                _ => bail!("unknown option {arg}"),
            }
        }
        Ok(plan)
    }
}

/// How a system under test is started and asked.
trait System {
    /// Its name in the table.
    fn name(&self) -> &'static str;
    /// The requests of a run, of one recipient each.
    fn load(&self, concurrency: usize) -> Load;
    /// Processor seconds that its processes have spent since they began.
    fn processor(&self) -> Result<f64>;
    /// The most memory its processes ever had resident, in octets.
    fn memory(&self) -> Result<f64>;
}

/// Measures the plan and prints the table.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let plan = Plan::parse(args)?;
    if plan.kannel && !kannel::installed() {
        bail!("Kannel is not installed: apt-get install kannel");
    }
    let mut report = Report::default();
    report.line(Figures::HEAD.to_owned());
    let mut ratios = Vec::new();
    for &concurrency in &plan.concurrency {
        for _ in 0..plan.rounds.max(1) {
            let ours = single(&plan, concurrency, false)?;
            report.line(ours.row());
            if plan.kannel {
                let theirs = single(&plan, concurrency, true)?;
                report.line(theirs.row());
                ratios.push((concurrency, ours.completed_rate() / theirs.completed_rate()));
            }
        }
    }
    if plan.bulk {
        let figures = bulk(&plan)?;
        report.line(figures.row());
        report.at_least(
            "accepted messages/s at 1,000 recipients a request",
            figures.accepted_rate(),
            100_000.0,
        );
    }
    for (concurrency, ratio) in ratios {
        report.at_least(&format!("completed messages/s over Kannel's at {concurrency}"), ratio, 5.0);
    }
    if report.finish() { Ok(()) } else { bail!("a floor is broken") }
}

/// One recipient a request, from fresh directories and processes.
fn single(plan: &Plan, concurrency: usize, kannel: bool) -> Result<Figures> {
    let smsc = smsc::Smsc::start()?;
    let time = Duration::from_secs(plan.seconds);
    if kannel {
        let system = kannel::Kannel::start(&smsc)?;
        measure(&system, &smsc, system.load(concurrency), time)
    } else {
        let system = ours::Ours::start(&smsc)?;
        let figures = measure(&system, &smsc, system.load(concurrency), time)?;
        system.agrees(&figures)?;
        system.stop()?;
        Ok(figures)
    }
}

/// A thousand recipients a request.
fn bulk(plan: &Plan) -> Result<Figures> {
    let smsc = smsc::Smsc::start()?;
    let system = ours::Ours::start(&smsc)?;
    let load = system.bulk();
    let figures = measure(&system, &smsc, load, Duration::from_secs(plan.seconds.min(5)))?;
    system.agrees(&figures)?;
    system.stop()?;
    Ok(figures)
}

/// Loads a system for a time, then waits until everything that was accepted is completed.
fn measure(system: &impl System, smsc: &smsc::Smsc, load: Load, time: Duration) -> Result<Figures> {
    // What is read and grown at the first requests is not what is measured.
    load.run(Duration::from_millis(500))?;
    smsc.settle(Duration::from_secs(120))?;
    let before = smsc.counters()?;
    let processor = system.processor()?;
    let watch = smsc.watch();
    let sent = load.run(time)?;
    let during = smsc.counters()?.since(&before);
    let lag = watch.end()?;
    let drained = smsc.settle(Duration::from_secs(600))?;
    let all = smsc.counters()?.since(&before);
    Ok(Figures {
        name: system.name(),
        concurrency: load.concurrency(),
        recipients: load.recipients(),
        accepted: sent.requests * load.recipients() as u64,
        failed: sent.failed,
        seconds: sent.seconds,
        latencies: sent.latencies,
        submitted_during: during.accepted,
        completed_during: during.receipts_acknowledged,
        lag,
        drained,
        completed: all.receipts_acknowledged,
        duplicates: all.duplicates,
        processor: system.processor()? - processor,
        memory: system.memory()?,
    })
}
