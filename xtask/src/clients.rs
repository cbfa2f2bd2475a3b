//! The client suites of `clients/`: official clients of the vendors, driven against a server of ours.
//!
//! Every suite has a server and a data directory of its own, made from the same generated records, so a
//! suite may delete what it reads. Its log and the server's stay under `target/clients/runs/`.

mod install;
mod server;
pub(crate) mod suites;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::step::step;
use crate::workspace;
use server::{Account, Store};
use suites::{Runtime, Suite};

/// A suite that takes longer hangs.
const SUITE_LIMIT: Duration = Duration::from_secs(300);

/// Runs every suite, or the one called `only`, against `binary`.
pub(crate) fn run(root: &Path, binary: &Path, only: Option<&str>) -> Result<()> {
    let suites = suites::read(root)?;
    let chosen = suites.choose(only)?;
    let scratch = workspace::metadata(root)?.target_directory.join("clients");
    let runtimes = step("what the clients need", || install::prepare(root, &scratch, &chosen))?;
    for suite in chosen {
        let runs = scratch.join("runs").join(&suite.name);
        step(&format!("client suite {}", suite.name), || {
            let run = Run { root, binary, runtimes: &runtimes, runs: &runs };
            run.suite(suite)
        })?;
    }
    Ok(())
}

/// One suite's surroundings.
struct Run<'a> {
    root: &'a Path,
    binary: &'a Path,
    runtimes: &'a install::Runtimes,
    /// Where its logs go.
    runs: &'a Path,
}

impl Run<'_> {
    /// Store, records, server, suite, and an orderly end.
    fn suite(&self, suite: &Suite) -> Result<()> {
        if self.runs.exists() {
            fs::remove_dir_all(self.runs).with_context(|| format!("emptying {}", self.runs.display()))?;
        }
        fs::create_dir_all(self.runs).with_context(|| format!("making {}", self.runs.display()))?;
        let store = Store::new(self.binary)?;
        let account = store.create_account("Test", "tester")?;
        let stranger = store.create_account("Stranger", "stranger")?;
        let programs = [store.create_program("Test", "Spring")?, store.create_program("Test", "Autumn")?];
        let records = self.generate(programs)?;
        store.import("Test", &records)?;
        let server = store.serve(&self.runs.join("server.log"))?;
        let outcome =
            self.drive(suite, &server.url(), [&account, &stranger], programs, [&records, store.directory()]);
        let stopped = server.stop();
        outcome?;
        stopped
    }

    /// Writes the records that the suite will expect.
    fn generate(&self, programs: [u32; 2]) -> Result<PathBuf> {
        let records = self.runs.join("records.ndjson");
        let mut command = Command::new(&self.runtimes.python);
        command.arg(self.root.join("clients/fixture/generate.py"));
        for program in programs {
            command.args(["--program", &program.to_string()]);
        }
        crate::step::output(command.arg("--output").arg(&records)).context("generating the records")?;
        Ok(records)
    }

    /// Runs the suite's script to its end.
    fn drive(
        &self,
        suite: &Suite,
        url: &str,
        [account, stranger]: [&Account; 2],
        [program, _]: [u32; 2],
        [records, directory]: [&Path; 2],
    ) -> Result<()> {
        let clients = self.root.join("clients");
        let program_path = match suite.run {
            Runtime::Python => &self.runtimes.python_with_packages,
            Runtime::Node => &self.runtimes.node,
        };
        let log = self.runs.join("suite.log");
        let out = File::create(&log).with_context(|| format!("creating {}", log.display()))?;
        let mut command = Command::new(program_path);
        server::forget_options(&mut command);
        command
            .arg(clients.join(&suite.script))
            .current_dir(self.runs)
            .env("PYTHONPATH", clients.join("fixture"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONUNBUFFERED", "1")
            .env("NODE_PATH", &self.runtimes.node_modules)
            .env("ANSWERBACK_URL", url)
            .env("ANSWERBACK_ACCOUNT", &account.account)
            .env("ANSWERBACK_USERNAME", &account.username)
            .env("ANSWERBACK_KEY", &account.key)
            .env("ANSWERBACK_OTHER_USERNAME", &stranger.username)
            .env("ANSWERBACK_OTHER_KEY", &stranger.key)
            .env("ANSWERBACK_PROGRAM", program.to_string())
            .env("ANSWERBACK_DATA", records)
            .env("ANSWERBACK_BINARY", self.binary)
            .env("ANSWERBACK_DIRECTORY", directory)
            .stdin(Stdio::null())
            .stdout(out.try_clone().context("sharing the suite's log")?)
            .stderr(out);
        let mut child = command.spawn().with_context(|| format!("starting {}", program_path.display()))?;
        let status = server::wait(&mut child, SUITE_LIMIT)?;
        let said = fs::read_to_string(&log).context("reading the suite's log")?;
        match status {
            Some(status) if status.success() => {
                println!("{}", said.trim_end().lines().next_back().unwrap_or("the suite said nothing"));
                Ok(())
            }
            Some(status) => bail!("{}\nthe suite ended with {status}", said.trim_end()),
            None => {
                child.kill().and_then(|()| child.wait()).context("ending the suite")?;
                bail!("{}\nthe suite was not done after {SUITE_LIMIT:?}", said.trim_end())
            }
        }
    }
}
