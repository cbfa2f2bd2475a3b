//! Processes that are measured and tried: the one way they are started, looked at and ended.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

/// How long a process may take to come up.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is looked at meanwhile.
const GLANCE: Duration = Duration::from_millis(2);

/// The server's binary, beside this one.
pub(crate) fn binary() -> Result<PathBuf> {
    let binary = std::env::current_exe()?.with_file_name("answerback");
    ensure!(binary.exists(), "{} is missing: build it with cargo build --release", binary.display());
    Ok(binary)
}

/// Runs a command of the server's binary on a data directory to its end; returns what it printed.
pub(crate) fn answerback(words: &[&str], data: &Path) -> Result<Vec<u8>> {
    let output = Command::new(binary()?).args(words).arg("--data").arg(data).output()?;
    let said = || [&output.stdout, &output.stderr].map(|said| String::from_utf8_lossy(said)).concat();
    ensure!(output.status.success(), "answerback {}: {}", words.join(" "), said());
    Ok(output.stdout)
}

/// A child process; it is killed when this is dropped.
pub(crate) struct Process(Child);

impl Process {
    /// Starts a command without any output.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        Self::start_logging(command, Stdio::null())
    }

    /// Starts a command whose log goes somewhere.
    pub(crate) fn start_logging(command: &mut Command, log: impl Into<Stdio>) -> Result<Self> {
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let program = quiet.get_program().to_owned();
        quiet.spawn().map(Self).with_context(|| format!("{} does not start", program.display()))
    }

    /// Waits until it listens on a port.
    pub(crate) fn until_listening(&mut self, port: u16, what: &str) -> Result<()> {
        until(what, || {
            self.runs()?;
            Ok(is_listening(port))
        })
    }

    /// An error where it has ended.
    pub(crate) fn runs(&mut self) -> Result<()> {
        self.ended()?.map_or(Ok(()), |status| bail!("the process ended with {status}"))
    }

    /// How it ended, once it has.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.0.try_wait()?)
    }

    /// Processor seconds spent so far, by the program and by the kernel for it.
    pub(crate) fn processor(&self) -> Result<f64> {
        let stat = self.read("stat")?;
        // The name in parentheses may hold spaces; the fields are counted behind it.
        let (_, fields) = stat.rsplit_once(')').context("no stat")?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
        // Linux counts in hundredths of a second on every platform this runs on (USER_HZ).
        Ok(ticks.sum::<Result<f64, _>>()? / 100.0)
    }

    /// The most memory it ever had resident, in octets.
    pub(crate) fn peak_memory(&self) -> Result<f64> {
        self.memory("VmHWM:")
    }

    /// One of the kernel's figures of its memory, in octets.
    pub(crate) fn memory(&self, figure: &str) -> Result<f64> {
        let status = self.read("status")?;
        let line = status.lines().find(|line| line.starts_with(figure)).context("no such figure")?;
        let kilobytes: f64 = line.split_whitespace().nth(1).context("no figure")?.parse()?;
        Ok(kilobytes * 1024.0)
    }

    /// Ends it as an operator does.
    pub(crate) fn stop(mut self) -> Result<()> {
        Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status()?;
        let status = self.0.wait()?;
        ensure!(status.success(), "the process ended with {status}");
        Ok(())
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }

    fn read(&self, file: &str) -> Result<String> {
        let path: PathBuf = ["/proc", &self.0.id().to_string(), file].iter().collect();
        Ok(std::fs::read_to_string(path)?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Ended already, as after `stop`, both calls fail, which is what is wanted.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A port that nobody listened on just now.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Whether something answers on a port.
pub(crate) fn is_listening(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}

/// Waits until something is so of another process.
#[allow(clippy::disallowed_methods, reason = "nothing tells what another process has come to")]
pub(crate) fn until(what: &str, mut so: impl FnMut() -> Result<bool>) -> Result<()> {
    let begun = Instant::now();
    while !so()? {
        ensure!(begun.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(GLANCE);
    }
    Ok(())
}
