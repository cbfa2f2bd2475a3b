//! The server of a trial, and how its lives end.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use rand::Rng;
use rand::rngs::SmallRng;

use super::carrier::Carrier;
use super::handsets;
use crate::data::Access;
use crate::process::{Process, answerback, is_listening, until};
use crate::server::serve;

/// The length of a stride through the places; it and their number have no common factor.
const STRIDE: usize = 7;

/// How often a place is come by in a second or so, at least.
fn often(place: &str) -> u32 {
    match place.split('.').next() {
        Some("restart" | "schedule") => 1,
        Some("reply") => 2,
        Some("webhook") => 10,
        Some("message") => 5,
        _ => 60,
    }
}

/// How a life ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Killed at some moment.
    Kill,
    /// By itself, the `times`-th time that it comes by a place.
    Place { place: &'static str, times: u32 },
}

impl End {
    /// Every third life is killed at random; the others go round the places.
    pub(super) fn choose(round: usize, rng: &mut SmallRng) -> Self {
        if round % 3 == 2 {
            return Self::Kill;
        }
        let places = faults::PLACES;
        // In strides, so that a short trial has places of every kind.
        let place = places[(round - round / 3) * STRIDE % places.len()];
        Self::Place { place, times: rng.random_range(1..=often(place)) }
    }

    pub(super) fn fault(&self) -> Option<String> {
        match self {
            Self::Kill => None,
            Self::Place { place, times } => Some(format!("{place}@{times}")),
        }
    }

    pub(super) fn words(&self, reached: bool) -> String {
        match self {
            Self::Kill => "killed".to_owned(),
            Self::Place { place, times } if reached => format!("ended at {place}, time {times}"),
            Self::Place { place, times } => format!("killed, {place} having not been reached {times} times"),
        }
    }
}

/// A running server.
pub(super) struct Server(Process);

impl Server {
    /// Starts it and waits until it listens, or has ended already.
    pub(super) fn start(directory: &Path, port: u16, fault: Option<String>) -> Result<Self> {
        let mut command = serve(directory, port)?;
        command.arg("--config").arg(directory.join(CONFIG));
        match fault {
            Some(fault) => command.env("ANSWERBACK_FAULT", fault),
            None => command.env_remove("ANSWERBACK_FAULT"),
        };
        let mut server = Self(Process::start_logging(&mut command, log(directory)?)?);
        until("the server to listen", || Ok(server.ended()? || is_listening(port)))?;
        Ok(server)
    }

    /// Whether it has ended by itself.
    pub(super) fn ended(&mut self) -> Result<bool> {
        let Some(status) = self.0.ended()? else { return Ok(false) };
        use std::os::unix::process::ExitStatusExt;
        // SIGABRT is how a fault point ends it; anything else is a defect of its own.
        ensure!(status.signal() == Some(6), "the server ended with {status}");
        Ok(true)
    }

    pub(super) fn kill(&mut self) -> Result<()> {
        self.0.kill()
    }

    /// Ends it as an operator does.
    pub(super) fn stop(self) -> Result<()> {
        self.0.stop()
    }
}

/// What it says goes into one file, which stays with the directory for whoever looks into a broken trial.
fn log(directory: &Path) -> Result<std::fs::File> {
    let path = directory.join("trial.log");
    std::fs::OpenOptions::new().create(true).append(true).open(path).context("no file for the log")
}

/// The configuration: in a hurry, and allowed to call this machine.
const CONFIG: &str = "trial.toml";
const CONFIGURATION: &str = r#"
[sending]
retry_first = "500ms"
retry_most = "4s"
resend_after = "2s"

[webhooks]
allow_private = ["127.0.0.0/8"]
"#;

/// Makes the account with its number and its webhook, and the link; returns the account's secret.
pub(super) fn prepare(directory: &Path, carrier: &Carrier, hook: &str, doubt: &str) -> Result<String> {
    let (_, secret) = Access::create(directory)?;
    std::fs::write(directory.join(CONFIG), CONFIGURATION)?;
    let run = |words: &[&str]| answerback(words, directory);
    run(&["number", "claim", "--account", "Bench", handsets::NUMBER])?;
    let confirms = format!("stop_reply={}", handsets::CONFIRMATION);
    run(&["settings", "set", "--account", "Bench", &confirms])?;
    run(&["webhook", "add", "--account", "Bench", hook])?;
    let address = carrier.address();
    let mut words = vec!["carrier", "add", "hostile", "--smpp", &address, "--doubt", doubt];
    words.extend(["--system-id", "trial", "--password", "trial", "--binds", "2", "--window", "20"]);
    for option in [
        "response_timeout=1s",
        "reconnect_min=50ms",
        "reconnect_max=500ms",
        "throttle_pause=50ms",
        "throttle_max=1s",
    ] {
        words.extend(["--set", option]);
    }
    run(&words)?;
    Ok(secret)
}

/// Every invariant of the ledger, by the command that operators have.
pub(super) fn check(directory: &Path) -> Result<()> {
    answerback(&["check"], directory).context("the ledger is not sound")?;
    Ok(())
}
