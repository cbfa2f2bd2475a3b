//! People who write while the server comes and goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::server::Client;

/// Those that write.
pub(super) struct Handsets {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Result<Vec<String>>>,
}

impl Handsets {
    /// Hands MO to the SMSC by its control, short ones and long ones.
    #[allow(clippy::disallowed_methods, reason = "people write from time to time")]
    pub(super) fn start(control: u16) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut client = Client::connect(control, String::new())?;
            let mut texts = Vec::new();
            while !seen.load(Ordering::Relaxed) {
                let text = text(texts.len());
                let body = format!("from=4679{:07}&to=71717&text={}", texts.len(), text.replace(' ', "+"));
                let request = format!(
                    "POST /mo HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n\
                     content-length: {}\r\n\r\n{body}",
                    body.len()
                );
                let answer = client.exchange(request.as_bytes())?;
                if answer.status != 200 {
                    bail!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
                }
                texts.push(text);
                std::thread::sleep(Duration::from_millis(60));
            }
            Ok(texts)
        });
        Self { stop, thread }
    }

    /// Ends them; returns what they wrote.
    pub(super) fn end(self) -> Result<Vec<String>> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow::anyhow!("the handsets broke"))?
    }
}

/// Every fourth one is long, so that it comes in parts.
fn text(count: usize) -> String {
    let head = format!("written {count}");
    if count % 4 == 3 { format!("{head}{}", " and so on".repeat(30)) } else { head }
}
