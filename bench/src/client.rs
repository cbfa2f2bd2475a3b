//! The smallest client that can time a server.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// An answer, read whole.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// One keep-alive connection.
pub(crate) struct Client {
    stream: TcpStream,
    headers: String,
    buffer: Vec<u8>,
}

impl Client {
    pub(crate) fn connect(port: u16, headers: String) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        // A server that hangs is a result, not a wait without end.
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        Ok(Self { stream, headers, buffer: Vec::new() })
    }

    /// Sends a GET and reads the whole answer.
    pub(crate) fn get(&mut self, target: &str) -> Result<Answer> {
        let request = format!("GET {target} HTTP/1.1\r\nhost: localhost\r\n{}\r\n", self.headers);
        self.exchange(request.as_bytes())
    }

    /// Sends a request as it stands and reads the whole answer.
    pub(crate) fn exchange(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request)?;
        let end = loop {
            if let Some(at) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break at;
            }
            self.fill()?;
        };
        let head = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
        let field = |name: &str| {
            let matches =
                |line: &&str| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
            head.lines().find(matches).map(|line| line[name.len()..].trim().to_owned())
        };
        let length: usize = field("content-length:").context("no content-length")?.parse()?;
        while self.buffer.len() < end + 4 + length {
            self.fill()?;
        }
        let body = self.buffer[end + 4..end + 4 + length].to_vec();
        self.buffer.drain(..end + 4 + length);
        let status = head.split(' ').nth(1).context("no status")?.parse()?;
        Ok(Answer { status, head, body })
    }

    fn fill(&mut self) -> Result<()> {
        let mut chunk = [0; 1 << 16];
        let read = self.stream.read(&mut chunk)?;
        if read == 0 {
            bail!("the connection was closed");
        }
        self.buffer.extend_from_slice(&chunk[..read]);
        Ok(())
    }

    /// Milliseconds that one GET takes; any status but 200 is an error.
    pub(crate) fn time(&mut self, target: &str) -> Result<f64> {
        let begun = Instant::now();
        let answer = self.get(target)?;
        let spent = begun.elapsed().as_secs_f64() * 1e3;
        if answer.status != 200 {
            bail!("{target}: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        Ok(spent)
    }
}
