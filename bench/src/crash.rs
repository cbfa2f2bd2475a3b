//! `cargo xtask crash`: a loaded server beside a hostile carrier is ended again and again, at random and at
//! every write step, and must have lost nothing.
//!
//! One trial is one policy for uncertain attempts. Its SMSC, a process of its own, lives through all of it.
//! The server is started on the same directory round after round; a round ends by `kill -9` at a random
//! moment, or by itself at a named place (see the crate `faults`). Requests without an answer are sent again
//! with their `Idempotency-Key` until they have one, so that in the end every request was accepted, and must
//! have been accepted once. Then the last server finishes, and everything is counted from three sides: what
//! the applications were answered, what the ledger holds, what the SMSC saw.

mod applications;
mod carrier;
mod handsets;
mod ledger_side;
mod listener;
mod server;
mod verdict;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

use applications::{AHEAD, Applications};
use carrier::Carrier;
use handsets::Handsets;
use ledger_side::Side;
use listener::Listener;
use server::{End, Server};
use verdict::{Sides, Verdict};

use crate::process::free_port;

/// How long the last server may take until everything is final.
const PATIENCE: Duration = Duration::from_secs(180);
/// How long it takes until every schedule has had its first occurrence and its second is made.
const SCHEDULES: Duration = Duration::from_secs(AHEAD.as_secs() + 3);
/// The policies for uncertain attempts, by the words of `carrier add --doubt`.
const DOUBTS: [&str; 3] = ["hold", "resend", "fail"];

struct Plan {
    rounds: usize,
    seed: u64,
    doubts: Vec<String>,
}

impl Plan {
    fn parse(args: &[String]) -> Result<Self> {
        let mut plan = Self { rounds: 33, seed: 1, doubts: DOUBTS.map(str::to_owned).to_vec() };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let value = args.next().with_context(|| format!("{arg} needs a value"))?;
            match arg.as_str() {
                "--rounds" => plan.rounds = value.parse()?,
                "--seed" => plan.seed = value.parse()?,
                "--doubt" => plan.doubts = value.split(',').map(str::to_owned).collect(),
                _ => bail!("unknown option {arg}"),
            }
        }
        if let Some(odd) = plan.doubts.iter().find(|doubt| !DOUBTS.contains(&doubt.as_str())) {
            bail!("there is no policy {odd}; there are: {}", DOUBTS.join(", "));
        }
        Ok(plan)
    }
}

/// Runs the trials and prints the matrix; an error where anything was lost.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let plan = Plan::parse(args)?;
    println!("seed {}, {} rounds a trial", plan.seed, plan.rounds);
    let mut verdicts = Vec::new();
    for doubt in &plan.doubts {
        verdicts.push(trial(&plan, doubt)?);
    }
    println!("\n{}", Verdict::head());
    verdicts.iter().for_each(|verdict| println!("{}", verdict.row()));
    let complaints: Vec<&String> = verdicts.iter().flat_map(|verdict| &verdict.complaints).collect();
    match complaints.len() {
        0 => {
            println!(
                "\naccepted = final, none lost, none sent twice but what was counted, every receipt accounted for"
            );
            Ok(())
        }
        count => {
            complaints.iter().take(50).for_each(|complaint| println!("BROKEN: {complaint}"));
            bail!("{count} things are not as they must be")
        }
    }
}

fn trial(plan: &Plan, doubt: &str) -> Result<Verdict> {
    let mut rng = SmallRng::seed_from_u64(plan.seed);
    let directory = tempfile::tempdir()?;
    let judged = judged(plan, doubt, directory.path(), &mut rng);
    if judged.as_ref().map_or(true, |verdict| !verdict.complaints.is_empty()) {
        println!("{doubt}: the ledger and trial.log stay in {}", directory.keep().display());
    }
    judged
}

fn judged(plan: &Plan, doubt: &str, directory: &Path, rng: &mut SmallRng) -> Result<Verdict> {
    let begun = Instant::now();
    let carrier = Carrier::start(plan.seed)?;
    let listener = Listener::start()?;
    let secret = server::prepare(directory, &carrier, &listener.url(), doubt)?;
    let port = free_port()?;
    let applications = Applications::start(port, &secret);
    let handsets = Handsets::start(carrier.control());
    let mut ends = Vec::new();
    for round in 0..plan.rounds {
        let end = End::choose(round, rng);
        let reached = one_round(directory, port, &end, rng)?;
        println!("{doubt} {round}: {} after {:.2} s", end.words(reached), applications.age());
        ends.push((end, reached));
    }
    let written = handsets.end()?;
    let server = Server::start(directory, port, None)?;
    let requests = applications.end()?;
    println!("{doubt}: {} messages accepted; waiting until they are final", requests.messages());
    let side = until_final(directory, &carrier, doubt)?;
    server.stop()?;
    server::check(directory)?;
    let stranded = ledger_side::stranded(directory)?;
    let sides = Sides { requests: &requests, written: &written, side: &side, stranded, listener: &listener };
    let verdict = Verdict::judge(doubt, &ends, &sides, &carrier)?;
    println!("{doubt}: {:.0} s", begun.elapsed().as_secs_f64());
    Ok(verdict)
}

/// One life of the server; whether it reached the place where it was to end.
#[allow(clippy::disallowed_methods, reason = "a process is killed at a moment, not at an event")]
fn one_round(directory: &Path, port: u16, end: &End, rng: &mut SmallRng) -> Result<bool> {
    let mut server = Server::start(directory, port, end.fault())?;
    let life = match end {
        End::Kill => Duration::from_millis(rng.random_range(20..1_500)),
        // Longer than it takes to come by any place.
        End::Place { .. } => Duration::from_secs(6),
    };
    let until = Instant::now() + life;
    while Instant::now() < until {
        if server.ended()? {
            return Ok(true);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    server.kill()?;
    Ok(false)
}

/// Waits until every message is final, or as final as the policy lets it become.
#[allow(clippy::disallowed_methods, reason = "the ledger of another process is looked at from time to time")]
fn until_final(directory: &Path, carrier: &Carrier, doubt: &str) -> Result<Side> {
    let begun = Instant::now();
    loop {
        std::thread::sleep(Duration::from_millis(700));
        // Before the ledger, so that what is not pending there is in here.
        let pending = carrier.counters()?.pending;
        let side = Side::read(directory)?;
        let waiting = side.waiting(doubt);
        if waiting == 0 && pending == 0 && side.untold() == 0 && begun.elapsed() > SCHEDULES {
            return Ok(side);
        }
        if begun.elapsed() > PATIENCE {
            bail!(
                "after {} s {waiting} messages are not final, {pending} receipts and MO not brought, {} events not \
                 told: {:?}",
                PATIENCE.as_secs(),
                side.untold(),
                side.some_waiting(doubt)
            );
        }
    }
}
