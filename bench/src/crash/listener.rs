//! The customer's server that webhooks tell.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use serde::Deserialize;

/// It takes every call and remembers it.
pub(super) struct Listener {
    port: u16,
    calls: Arc<Mutex<Vec<Call>>>,
}

/// What is read of a call.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Call {
    sequence: u64,
    message: Subject,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct Subject {
    number: u32,
}

/// The calls beside the events of the ledger.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) events: usize,
    pub(super) lost: usize,
    /// Calls beyond the first about an event.
    pub(super) again: usize,
    /// Events of a message that came first after a later one of the same.
    pub(super) disordered: usize,
}

impl Listener {
    pub(super) fn start() -> Result<Self> {
        let socket = TcpListener::bind("127.0.0.1:0")?;
        let port = socket.local_addr()?.port();
        let calls = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&calls);
        // It ends with the process: nothing tells a listening socket to stop.
        std::thread::spawn(move || {
            for stream in socket.incoming().flatten() {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || speak(stream, &kept));
            }
        });
        Ok(Self { port, calls })
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    /// Compares what was told with the events there are.
    pub(super) fn told(&self, events: &[u64]) -> Told {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let mut times: BTreeMap<u64, usize> = BTreeMap::new();
        let mut newest: BTreeMap<u32, u64> = BTreeMap::new();
        let mut told = Told { events: events.len(), ..Told::default() };
        for call in calls.iter() {
            let count = times.entry(call.sequence).or_default();
            *count += 1;
            let newest = newest.entry(call.message.number).or_default();
            if *count > 1 {
                told.again += 1;
            } else if call.sequence < *newest {
                told.disordered += 1;
            }
            *newest = call.sequence.max(*newest);
        }
        told.lost = events.iter().filter(|sequence| !times.contains_key(sequence)).count();
        told
    }
}

/// Takes the calls of a connection. One that breaks off is a call that was not taken.
fn speak(stream: TcpStream, kept: &Mutex<Vec<Call>>) {
    let mut stream = BufReader::new(stream);
    while let Ok(call) = read(&mut stream) {
        kept.lock().unwrap_or_else(PoisonError::into_inner).push(call);
        if stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").is_err() {
            return;
        }
    }
}

fn read(stream: &mut BufReader<TcpStream>) -> Result<Call> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        anyhow::ensure!(stream.read_line(&mut line)? > 0, "closed");
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    serde_json::from_slice(&body).context("a call cannot be read")
}
