//! The real server as a process.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::client::Client;
use crate::process::{Process, binary, free_port, until};

/// A running server.
pub(crate) struct Server {
    process: Process,
    port: u16,
    /// From the start of the process until it answered its first request for data.
    pub(crate) until_ready: Duration,
}

/// The command that serves a directory on a port; it may be given more words.
pub(crate) fn serve(data: &Path, port: u16) -> Result<Command> {
    let mut command = Command::new(binary()?);
    command.args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"]).arg(data);
    Ok(command)
}

impl Server {
    /// Starts the server on a directory and waits until it answers.
    pub(crate) fn start(data: &Path) -> Result<Self> {
        let port = free_port()?;
        let begun = Instant::now();
        let mut process = Process::start(&mut serve(data, port)?)?;
        until("the server to answer", || {
            process.runs()?;
            let answered = Client::connect(port, String::new()).and_then(|mut client| client.get("/healthz"));
            Ok(answered.is_ok_and(|answer| answer.status == 200))
        })?;
        Ok(Self { process, port, until_ready: begun.elapsed() })
    }

    /// A keep-alive connection that sends these header lines with every request.
    pub(crate) fn client(&self, headers: &str) -> Result<Client> {
        Client::connect(self.port, headers.to_owned())
    }

    /// Anonymous memory of the process in octets: what is mapped from files is not in it.
    pub(crate) fn anonymous_memory(&self) -> Result<f64> {
        self.process.memory("RssAnon:")
    }

    /// Stops it as an operator does.
    pub(crate) fn stop(self) -> Result<()> {
        self.process.stop()
    }
}
