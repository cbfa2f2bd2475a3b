//! The real server as a process, and the smallest client that can time it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// A running server.
pub(crate) struct Server {
    child: Child,
    port: u16,
    /// From the start of the process until it answered its first request for data.
    pub(crate) until_ready: Duration,
}

/// The binary beside this one.
pub(crate) fn binary() -> Result<PathBuf> {
    let binary = std::env::current_exe()?.with_file_name("answerback");
    if !binary.exists() {
        bail!("{} is missing: build it with cargo build --release", binary.display());
    }
    Ok(binary)
}

impl Server {
    /// Starts the server on a directory and waits until it answers.
    #[allow(
        clippy::disallowed_methods,
        reason = "nothing tells another process that a port is being listened on"
    )]
    pub(crate) fn start(data: &Path) -> Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let begun = Instant::now();
        let child = Command::new(binary()?)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"])
            .arg(data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut server = Self { child, port, until_ready: Duration::ZERO };
        while begun.elapsed() < Duration::from_secs(120) {
            let answered = Client::connect(port, String::new()).and_then(|mut client| client.get("/healthz"));
            if answered.is_ok_and(|answer| answer.status == 200) {
                server.until_ready = begun.elapsed();
                return Ok(server);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        bail!("the server did not start")
    }

    /// A keep-alive connection that sends these header lines with every request.
    pub(crate) fn client(&self, headers: &str) -> Result<Client> {
        Client::connect(self.port, headers.to_owned())
    }

    /// Anonymous memory of the process in octets: what is mapped from files is not in it.
    pub(crate) fn anonymous_memory(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("RssAnon:")).context("no RssAnon")?;
        let kilobytes: f64 = line.split_whitespace().nth(1).context("no figure")?.parse()?;
        Ok(kilobytes * 1024.0)
    }

    /// Stops it as an operator does.
    pub(crate) fn stop(mut self) -> Result<()> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After `stop` the process is gone and both calls fail, which is what is wanted.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

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
