//! A tiny HTTP client that shows exactly what went over the wire.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use crate::process::LONG;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }
}

/// A connection.
pub(crate) struct Wire<S = TcpStream>(pub(crate) BufReader<S>);

impl Wire {
    pub(crate) fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("connected");
        stream.set_read_timeout(Some(LONG)).expect("set");
        stream.set_write_timeout(Some(LONG)).expect("set");
        Self(BufReader::new(stream))
    }
}

impl<S: Read + Write> Wire<S> {
    /// Sends octets as they are.
    pub(crate) fn send(&mut self, octets: impl AsRef<[u8]>) {
        self.0.get_mut().write_all(octets.as_ref()).expect("sent");
    }

    /// Sends a request without a body; `lines` are header lines without their ends.
    pub(crate) fn ask(&mut self, method: &str, target: &str, lines: &[&str]) -> Answer {
        let mut request = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n");
        for line in lines {
            request.push_str(&format!("{line}\r\n"));
        }
        self.send(request + "\r\n");
        self.answer(method != "HEAD")
    }

    /// Reads an answer, its body by its length.
    pub(crate) fn answer(&mut self, has_body: bool) -> Answer {
        self.try_answer(has_body).expect("an answer")
    }

    /// Reads an answer, if one comes.
    pub(crate) fn try_answer(&mut self, has_body: bool) -> io::Result<Answer> {
        let line = self.line()?;
        let status = line.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5));
        let status = status.and_then(|status| status.parse().ok()).ok_or(io::ErrorKind::UnexpectedEof)?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        let length = answer.header("content-length").map_or(0, |length| length.parse().expect("a length"));
        if has_body && status >= 200 {
            answer.body = vec![0; length];
            self.0.read_exact(&mut answer.body)?;
        }
        Ok(answer)
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    /// Whether the server has closed, with nothing more to say.
    pub(crate) fn is_closed(&mut self) -> bool {
        let mut rest = Vec::new();
        match self.0.read_to_end(&mut rest) {
            Ok(_) => rest.is_empty(),
            Err(error) => error.kind() == io::ErrorKind::ConnectionReset,
        }
    }
}

/// One request on a connection of its own.
pub(crate) fn ask(address: SocketAddr, method: &str, target: &str, lines: &[&str]) -> Answer {
    Wire::open(address).ask(method, target, lines)
}

/// `GET` of a path.
pub(crate) fn get(address: SocketAddr, target: &str) -> Answer {
    ask(address, "GET", target, &[])
}

/// Runs a line that begins with `curl`, as far as our own lines go: `-s`, `-H`, `-u`, `-d` and a URL.
pub(crate) fn curl(line: &str) -> Answer {
    let words = words(line);
    let mut lines = Vec::new();
    let mut url = None;
    let mut body = None;
    let mut rest = words.iter().map(String::as_str).skip(1);
    while let Some(word) = rest.next() {
        match word {
            "-s" => {}
            "-H" => lines.push(rest.next().expect("a header").to_owned()),
            "-d" => body = Some(rest.next().expect("a body").to_owned()),
            "-u" => {
                use base64::Engine;
                let login = base64::engine::general_purpose::STANDARD.encode(rest.next().expect("a login"));
                lines.push(format!("Authorization: Basic {login}"));
            }
            other => assert!(url.replace(other.to_owned()).is_none(), "{other} in {line}"),
        }
    }
    let url = url.expect("a URL");
    let (authority, path) = url.strip_prefix("http://").expect("a URL").split_once('/').expect("a path");
    let address: SocketAddr = authority.parse().expect("an address");
    let Some(body) = body else {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        return ask(address, "GET", &format!("/{path}"), &lines);
    };
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    post(address, &format!("/{path}"), &lines, &body)
}

/// `POST` of a body to a path.
pub(crate) fn post(address: SocketAddr, target: &str, lines: &[&str], body: &str) -> Answer {
    let mut wire = Wire::open(address);
    let length = body.len();
    let head = lines.iter().map(|line| format!("{line}\r\n")).collect::<String>();
    wire.send(format!(
        "POST {target} HTTP/1.1\r\nHost: localhost\r\n{head}Content-Length: {length}\r\n\r\n{body}"
    ));
    wire.answer(true)
}

/// Sends a text as one batch.
pub(crate) fn send_batch(address: SocketAddr, key: &str, recipients: &[&str], text: &str) -> Answer {
    let body = serde_json::json!({ "sender": "46737494990", "recipients": recipients, "body": text });
    let bearer = format!("Authorization: Bearer {key}");
    let lines = [bearer.as_str(), "Content-Type: application/json"];
    post(address, "/v2/batches", &lines, &body.to_string())
}

/// Splits a line as a shell does, single quotes alone.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    let mut escaped = false;
    for letter in line.chars() {
        let word = words.last_mut().expect("never empty");
        match letter {
            _ if escaped => {
                word.push(letter);
                escaped = false;
            }
            '\\' if !quoted => escaped = true,
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => word.push(letter),
        }
    }
    words
}
