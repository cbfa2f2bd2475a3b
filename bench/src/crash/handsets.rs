//! People who write while the server comes and goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::client::Client;

/// The number they write to.
pub(super) const NUMBER: &str = "71717";
/// What those get who write STOP.
pub(super) const CONFIRMATION: &str = "You will get no more messages";
/// What stops messages.
pub(super) const STOP: &str = "STOP";

/// Those that write.
pub(super) struct Handsets {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Result<Vec<Written>>>,
}

/// An MO; each comes from a handset of its own.
pub(super) struct Written {
    pub(super) from: String,
    pub(super) text: String,
}

impl Handsets {
    /// Hands MO to the SMSC by its control: short ones, long ones, and some that stop everything.
    #[allow(clippy::disallowed_methods, reason = "people write from time to time")]
    pub(super) fn start(control: u16) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut all = Vec::new();
            while !seen.load(Ordering::Relaxed) {
                let count = all.len();
                let written = Written { from: format!("4679{count:07}"), text: text(count) };
                write(control, &written)?;
                all.push(written);
                std::thread::sleep(Duration::from_millis(60));
            }
            Ok(all)
        });
        Self { stop, thread }
    }

    /// Ends them; returns what they wrote.
    pub(super) fn end(self) -> Result<Vec<Written>> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow::anyhow!("the handsets broke"))?
    }
}

/// The control takes one request a connection.
fn write(control: u16, written: &Written) -> Result<()> {
    let body = format!("from={}&to={NUMBER}&text={}", written.from, written.text.replace(' ', "+"));
    let request = format!(
        "POST /mo HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = Client::connect(control, String::new())?.exchange(request.as_bytes())?;
    if answer.status != 200 {
        bail!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
    }
    Ok(())
}

/// Every fourth one is long, so that it comes in parts; every tenth one stops.
fn text(count: usize) -> String {
    match count {
        _ if count % 10 == 8 => STOP.to_owned(),
        _ if count % 4 == 3 => format!("written {count}{}", " and so on".repeat(30)),
        _ => format!("written {count}"),
    }
}
