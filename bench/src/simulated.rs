//! The simulated SMSC as a process of its own.

use std::process::Command;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::process::{Process, binary, free_port};

/// A running SMSC.
pub(crate) struct Simulated {
    _process: Process,
    /// Where SMPP is spoken.
    pub(crate) port: u16,
    /// Where it is asked over HTTP.
    pub(crate) control: u16,
}

impl Simulated {
    /// Starts it with these options besides its ports and waits until it listens.
    pub(crate) fn start(options: &[&str]) -> Result<Self> {
        let (port, control) = (free_port()?, free_port()?);
        let mut command = Command::new(binary()?);
        command.args(["simulate", "--listen", &format!("127.0.0.1:{port}")]);
        command.args(["--control", &format!("127.0.0.1:{control}")]).args(options);
        let mut process = Process::start(&mut command)?;
        process.until_listening(port, "the simulated SMSC")?;
        process.until_listening(control, "the control of the simulated SMSC")?;
        Ok(Self { _process: process, port, control })
    }

    /// What it counts and keeps.
    pub(crate) fn get<T: DeserializeOwned>(&self, target: &str) -> Result<T> {
        get(self.control, target)
    }
}

/// Asks the control on a port, which answers one request a connection.
pub(crate) fn get<T: DeserializeOwned>(control: u16, target: &str) -> Result<T> {
    let answer = Client::connect(control, String::new())?.get(target)?;
    serde_json::from_slice(&answer.body).with_context(|| format!("{target} of the SMSC cannot be read"))
}
