//! The load: so many connections, each of which sends its next request once it has its answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Writes the request whose recipients begin with this number into a buffer.
pub(crate) type Write = dyn Fn(u32, &mut Vec<u8>) + Send + Sync;

/// What is sent.
pub(crate) struct Load {
    port: u16,
    concurrency: usize,
    recipients: usize,
    write: Arc<Write>,
    success: &'static [&'static str],
    forgiving: bool,
    next: Arc<AtomicU32>,
}

/// What a load gave.
pub(crate) struct Sent {
    pub(crate) requests: u64,
    /// Requests without an answer, of a forgiving load.
    pub(crate) failed: u64,
    pub(crate) seconds: f64,
    /// In seconds, rising.
    pub(crate) latencies: Vec<f64>,
}

impl Load {
    /// A load of requests of `recipients` each, whose answers begin with one of `success`.
    pub(crate) fn new(
        port: u16,
        concurrency: usize,
        recipients: usize,
        success: &'static [&'static str],
        write: impl Fn(u32, &mut Vec<u8>) + Send + Sync + 'static,
    ) -> Self {
        Self {
            port,
            concurrency,
            recipients,
            write: Arc::new(write),
            success,
            forgiving: false,
            next: Arc::default(),
        }
    }

    /// The same, where a connection that is cut is counted and made anew.
    pub(crate) fn forgiving(self) -> Self {
        Self { forgiving: true, ..self }
    }

    pub(crate) fn concurrency(&self) -> usize {
        self.concurrency
    }

    pub(crate) fn recipients(&self) -> usize {
        self.recipients
    }

    /// Runs for a time, from one thread.
    pub(crate) fn run(&self, time: Duration) -> Result<Sent> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let begun = Instant::now();
            let end = begun + time;
            let mut connections = tokio::task::JoinSet::new();
            for _ in 0..self.concurrency {
                let connection = Connection {
                    port: self.port,
                    step: u32::try_from(self.recipients)?,
                    write: Arc::clone(&self.write),
                    success: self.success,
                    forgiving: self.forgiving,
                    next: Arc::clone(&self.next),
                };
                connections.spawn(connection.run(end));
            }
            let mut latencies = Vec::new();
            let mut failed = 0;
            while let Some(each) = connections.join_next().await {
                let (each, cut) = each??;
                latencies.extend(each);
                failed += cut;
            }
            let seconds = begun.elapsed().as_secs_f64();
            latencies.sort_unstable_by(f64::total_cmp);
            Ok(Sent { requests: latencies.len() as u64, failed, seconds, latencies })
        })
    }
}

struct Connection {
    port: u16,
    step: u32,
    write: Arc<Write>,
    success: &'static [&'static str],
    forgiving: bool,
    next: Arc<AtomicU32>,
}

impl Connection {
    async fn run(self, end: Instant) -> Result<(Vec<f64>, u64)> {
        let mut stream = None;
        let mut latencies = Vec::new();
        let mut failed = 0;
        let (mut request, mut answer) = (Vec::new(), Vec::new());
        while Instant::now() < end {
            request.clear();
            (self.write)(self.next.fetch_add(self.step, Ordering::Relaxed), &mut request);
            let begun = Instant::now();
            match self.ask(stream.take(), &request, &mut answer).await {
                Ok(open) => {
                    latencies.push(begun.elapsed().as_secs_f64());
                    stream = open;
                }
                Err(_) if self.forgiving => failed += 1,
                Err(error) => return Err(error),
            }
        }
        Ok((latencies, failed))
    }

    /// Sends a request and reads its answer; the connection where it may be used again.
    async fn ask(
        &self,
        open: Option<TcpStream>,
        request: &[u8],
        answer: &mut Vec<u8>,
    ) -> Result<Option<TcpStream>> {
        let mut open = match open {
            Some(open) => open,
            None => self.connect().await?,
        };
        open.write_all(request).await?;
        let keep = read_answer(&mut open, answer, self.success).await?;
        Ok(keep.then_some(open))
    }

    async fn connect(&self) -> Result<TcpStream> {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// Reads one answer whole; whether the connection may be used again.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>, success: &[&str]) -> Result<bool> {
    buffer.clear();
    loop {
        let read = stream.read_buf(buffer).await?;
        let end = buffer.windows(4).position(|four| four == b"\r\n\r\n");
        let Some(end) = end else {
            if read == 0 {
                bail!("the connection was closed before the answer");
            }
            continue;
        };
        let head = std::str::from_utf8(&buffer[..end])?.to_ascii_lowercase();
        if !success.iter().any(|start| head.starts_with(start)) {
            bail!("refused: {}", String::from_utf8_lossy(buffer));
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.context("an answer without its length")?.trim().parse()?;
        while buffer.len() < end + 4 + length {
            if stream.read_buf(buffer).await? == 0 {
                bail!("the connection was closed inside an answer");
            }
        }
        return Ok(!head.contains("connection: close"));
    }
}
