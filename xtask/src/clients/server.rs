//! A server of ours for one suite: a store made by the command line, served on a free port, and stopped
//! by SIGTERM, after which it must have ended well.

use std::env;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;

use crate::step::output;

/// How long a server may take to answer its first health check: a dev build on a busy machine is slow.
const START_LIMIT: Duration = Duration::from_secs(60);
/// Where a suite listens for webhooks.
const LOOPBACK: &str = "127.0.0.0/8";
/// How long it may take to finish after SIGTERM.
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// A data directory that is gone when this is dropped.
pub(super) struct Store {
    binary: PathBuf,
    directory: TempDir,
}

/// What `account create --json` prints.
#[derive(Debug, Deserialize)]
pub(super) struct Account {
    /// Its id, as text whether it is printed as a number or as a string.
    #[serde(deserialize_with = "text_or_number")]
    pub(super) account: String,
    pub(super) username: String,
    pub(super) key: String,
}

/// What `program create --json` prints.
#[derive(Debug, Deserialize)]
struct Program {
    program: u32,
}

fn text_or_number<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    match serde_json::Value::deserialize(from)? {
        serde_json::Value::String(text) => Ok(text),
        other => Ok(other.to_string()),
    }
}

impl Store {
    /// An empty store.
    pub(super) fn new(binary: &Path) -> Result<Self> {
        // Not under `target`: the administration socket in it must keep its path short.
        let directory =
            tempfile::Builder::new().prefix("answerback-").tempdir().context("a data directory")?;
        Ok(Self { binary: binary.to_path_buf(), directory })
    }

    /// Makes an account with a key.
    pub(super) fn create_account(&self, name: &str, username: &str) -> Result<Account> {
        self.ask(&["account", "create", name, "--username", username, "--json"])
    }

    /// Makes a program of an account and gives its number.
    pub(super) fn create_program(&self, account: &str, name: &str) -> Result<u32> {
        let made: Program =
            self.ask(&["program", "create", "--account", account, "--name", name, "--json"])?;
        Ok(made.program)
    }

    /// Imports records into an account.
    pub(super) fn import(&self, account: &str, records: &Path) -> Result<()> {
        let mut command = self.command(&["import", "--account", account]);
        output(command.arg(records)).context("importing the records")?;
        Ok(())
    }

    /// Starts the server and waits until it answers.
    pub(super) fn serve(&self, log: &Path) -> Result<Server> {
        let address = free_address()?;
        let out = File::create(log).with_context(|| format!("creating {}", log.display()))?;
        let mut command = self.command(&["serve", "--listen", &address.to_string()]);
        // The suites receive their webhooks on the loopback, where a server calls nobody unless told to.
        command.env("ANSWERBACK_WEBHOOKS_ALLOW_PRIVATE", LOOPBACK);
        command.stdin(Stdio::null()).stdout(out.try_clone().context("sharing the log")?).stderr(out);
        let child = command.spawn().context("starting the server")?;
        let mut server = Server { child, address, log: log.to_path_buf() };
        server.wait_until_healthy()?;
        Ok(server)
    }

    /// The data directory.
    pub(super) fn directory(&self) -> &Path {
        self.directory.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        forget_options(&mut command);
        command.args(arguments).arg("--data").arg(self.directory.path());
        command
    }

    fn ask<T: DeserializeOwned>(&self, arguments: &[&str]) -> Result<T> {
        let said = output(&mut self.command(arguments))?;
        serde_json::from_str(said.trim())
            .with_context(|| format!("`{}` printed: {said}", arguments.join(" ")))
    }
}

/// Takes the options away that whoever started us has in the environment for a server of theirs.
pub(super) fn forget_options(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("ANSWERBACK_") {
            command.env_remove(name);
        }
    }
}

/// A port nobody listens on; it is free again when this returns, so the server can take it.
fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("finding a free port")?;
    listener.local_addr().context("the port that was found")
}

/// A running server; killed if it is dropped before it was stopped.
pub(super) struct Server {
    child: Child,
    address: SocketAddr,
    log: PathBuf,
}

impl Server {
    /// Its origin, without a slash at the end.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn wait_until_healthy(&mut self) -> Result<()> {
        let end = Instant::now() + START_LIMIT;
        loop {
            if let Some(status) = self.child.try_wait().context("watching the server")? {
                bail!("the server ended with {status} before it answered:\n{}", self.said());
            }
            if is_healthy(self.address) {
                return Ok(());
            }
            if Instant::now() > end {
                bail!("no 200 from /healthz after {START_LIMIT:?}:\n{}", self.said());
            }
            pause();
        }
    }

    /// Asks it to end, as a supervisor would, and checks that it ended well.
    pub(super) fn stop(mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait().context("watching the server")? {
            bail!("the server had ended with {status} during the suite:\n{}", self.said());
        }
        output(Command::new("kill").args(["-TERM", &self.child.id().to_string()]))
            .context("sending SIGTERM")?;
        match wait(&mut self.child, STOP_LIMIT)? {
            Some(status) if status.success() => Ok(()),
            Some(status) => bail!("after SIGTERM the server ended with {status}:\n{}", self.said()),
            None => bail!("{STOP_LIMIT:?} after SIGTERM the server still runs:\n{}", self.said()),
        }
    }

    /// The end of its log.
    fn said(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_else(|error| format!("(no log: {error})"));
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            // Nothing is left to report to: the suite's own failure is already on its way.
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}

/// Waits for a process to end; `None` when it has not by then.
pub(super) fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let end = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait().context("waiting for a process")? {
            return Ok(Some(status));
        }
        if Instant::now() > end {
            return Ok(None);
        }
        pause();
    }
}

/// Between two looks at another process: the standard library has no wait with a limit.
#[expect(clippy::disallowed_methods, reason = "another process tells us nothing while it starts or ends")]
fn pause() {
    thread::sleep(Duration::from_millis(50));
}

/// Whether `GET /healthz` is answered with 200.
fn is_healthy(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(stream, "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(&head == b"HTTP/1.1 200")
    };
    ask().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers one connection with `answer`.
    fn answering(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a caller");
            let mut request = [0; 64];
            let _ = stream.read(&mut request).expect("a request");
            stream.write_all(answer.as_bytes()).expect("answered");
        });
        address
    }

    #[test]
    fn only_a_200_is_healthy() {
        assert!(is_healthy(answering("HTTP/1.1 200 OK\r\n\r\n")));
        assert!(!is_healthy(answering("HTTP/1.1 503 Service Unavailable\r\n\r\n")));
        assert!(!is_healthy(answering("")));
        assert!(!is_healthy(free_address().expect("a port")));
    }

    #[test]
    fn waiting_has_a_limit() {
        let mut child = Command::new("sleep").arg("60").spawn().expect("started");
        assert_eq!(wait(&mut child, Duration::ZERO).expect("watched"), None);
        child.kill().expect("killed");
        assert!(wait(&mut child, STOP_LIMIT).expect("watched").is_some());
    }

    #[test]
    fn an_account_is_read_whatever_its_ids_form() {
        for account in ["7", "\"7\""] {
            let text = format!("{{\"account\":{account},\"username\":\"u\",\"key\":\"k\"}}");
            assert_eq!(serde_json::from_str::<Account>(&text).expect("read").account, "7");
        }
    }
}
