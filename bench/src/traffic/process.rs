//! A process that is measured.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// A child process; it is killed when this is dropped.
pub(crate) struct Process(Child);

impl Process {
    /// Starts a command without any output.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let program = quiet.get_program().to_owned();
        quiet.spawn().map(Self).with_context(|| format!("{} does not start", program.display()))
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
    pub(crate) fn memory(&self) -> Result<f64> {
        let status = self.read("status")?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).context("no VmHWM")?;
        let kilobytes: f64 = line.split_whitespace().nth(1).context("no figure")?.parse()?;
        Ok(kilobytes * 1024.0)
    }

    /// Ends it as an operator does.
    pub(crate) fn stop(mut self) -> Result<()> {
        Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status()?;
        let status = self.0.wait()?;
        if !status.success() {
            bail!("the process ended with {status}");
        }
        Ok(())
    }

    fn read(&self, file: &str) -> Result<String> {
        let path: PathBuf = ["/proc", &self.0.id().to_string(), file].iter().collect();
        Ok(std::fs::read_to_string(path)?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // After `stop` it is gone and both calls fail, which is what is wanted.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A port that nobody listened on just now.
pub(crate) fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Waits until something answers on a port.
#[allow(
    clippy::disallowed_methods,
    reason = "nothing tells another process that a port is being listened on"
)]
pub(crate) fn until_listening(port: u16, what: &str) -> Result<()> {
    for _ in 0..2_000 {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    bail!("{what} did not start to listen")
}
