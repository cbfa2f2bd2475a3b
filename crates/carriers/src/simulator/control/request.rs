//! As much of HTTP/1.1 (RFC 9112) as a script needs: one request a connection, its body of a known length.
//! The crate is kept free of an HTTP server, and what is left out here is refused, not guessed.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// The most octets of request line and headers.
const HEAD: usize = 16 << 10;
/// The most octets of a body.
const BODY: usize = 256 << 10;
/// How long a whole request may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The status of an answer, with its phrase.
pub(super) type Status = (u16, &'static str);

pub(super) const OK: Status = (200, "OK");
pub(super) const BAD_REQUEST: Status = (400, "Bad Request");
pub(super) const FORBIDDEN: Status = (403, "Forbidden");
pub(super) const NOT_FOUND: Status = (404, "Not Found");
pub(super) const METHOD_NOT_ALLOWED: Status = (405, "Method Not Allowed");
const TIMEOUT: Status = (408, "Request Timeout");
const TOO_LARGE: Status = (413, "Content Too Large");
const HEAD_TOO_LARGE: Status = (431, "Request Header Fields Too Large");
pub(super) const INTERNAL: Status = (500, "Internal Server Error");
const NOT_IMPLEMENTED: Status = (501, "Not Implemented");
pub(super) const UNAVAILABLE: Status = (503, "Service Unavailable");

/// A refusal: its status and its words.
pub(super) type Refused = (Status, String);

/// A request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    /// Without the query.
    pub(super) path: String,
    /// In small letters; empty where it is not said.
    pub(super) content_type: String,
    /// Whether a web page makes it.
    pub(super) from_page: bool,
    pub(super) body: Vec<u8>,
}

/// Reads one request; `None` where the caller went away before it was whole.
pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Result<Option<Request>, Refused> {
    let request = tokio::time::timeout(PATIENCE, read_whole(stream)).await;
    request.unwrap_or_else(|_| Err((TIMEOUT, "the request takes too long".to_owned())))
}

async fn read_whole(stream: &mut (impl AsyncRead + Unpin)) -> Result<Option<Request>, Refused> {
    let mut received = Vec::new();
    let end = loop {
        if let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if received.len() > HEAD {
            return Err((HEAD_TOO_LARGE, "the headers are too long".to_owned()));
        }
        if !more(stream, &mut received).await {
            return Ok(None);
        }
    };
    let (mut request, length) = head(&received[..end])?;
    received.drain(..end + 4);
    while received.len() < length {
        if !more(stream, &mut received).await {
            return Ok(None);
        }
    }
    received.truncate(length);
    request.body = received;
    Ok(Some(request))
}

/// Reads what there is; false at the end.
async fn more(stream: &mut (impl AsyncRead + Unpin), received: &mut Vec<u8>) -> bool {
    stream.read_buf(received).await.is_ok_and(|count| count > 0)
}

/// The request line and the headers; gives the length of the body with them.
fn head(octets: &[u8]) -> Result<(Request, usize), Refused> {
    let wrong = |words: &str| (BAD_REQUEST, words.to_owned());
    let text = std::str::from_utf8(octets).map_err(|_| wrong("the headers are no text"))?;
    let mut lines = text.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(wrong("no request line"));
    };
    if !version.starts_with("HTTP/1.") {
        return Err(wrong("not HTTP/1"));
    }
    let path = target.split('?').next().unwrap_or_default();
    let mut request = Request { method: method.to_owned(), path: path.to_owned(), ..Request::default() };
    let mut length = 0;
    for line in lines {
        let (name, value) = line.split_once(':').ok_or_else(|| wrong("a header without a colon"))?;
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().map_err(|_| wrong("no Content-Length"))?,
            "content-type" => request.content_type = value.to_ascii_lowercase(),
            "origin" => request.from_page = true,
            "transfer-encoding" | "expect" => {
                return Err((NOT_IMPLEMENTED, format!("{name} is not understood; send a Content-Length")));
            }
            _ => {}
        }
    }
    if length > BODY {
        return Err((TOO_LARGE, format!("a body has at most {BODY} octets")));
    }
    Ok((request, length))
}

/// Writes an answer in JSON, the last thing on its connection.
pub(super) async fn write(
    stream: &mut (impl AsyncWrite + Unpin),
    (code, phrase): Status,
    body: &serde_json::Value,
) -> std::io::Result<()> {
    let body = format!("{body}\n");
    let head = format!(
        "HTTP/1.1 {code} {phrase}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let answer = async {
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body.as_bytes()).await?;
        stream.shutdown().await
    };
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    async fn parse(octets: &[u8]) -> Result<Option<Request>, Refused> {
        let mut stream = octets;
        read(&mut stream).await
    }

    #[tokio::test]
    async fn a_request_with_a_body() {
        let request = parse(
            b"POST /mo?x=1 HTTP/1.1\r\nHost: x\r\ncontent-TYPE: Application/JSON\r\nContent-Length: 2\r\n\r\n{}rest",
        )
        .await;
        let expected = Request {
            method: "POST".to_owned(),
            path: "/mo".to_owned(),
            content_type: "application/json".to_owned(),
            from_page: false,
            body: b"{}".to_vec(),
        };
        assert_eq!(request, Ok(Some(expected)));
    }

    #[tokio::test]
    async fn what_is_refused() {
        for (octets, status) in [
            (&b"GET\r\n\r\n"[..], BAD_REQUEST),
            (b"GET / SMPP/3.4\r\n\r\n", BAD_REQUEST),
            (b"GET / HTTP/1.1\r\nnonsense\r\n\r\n", BAD_REQUEST),
            (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", BAD_REQUEST),
            (b"GET / HTTP/1.1\r\nX: \xFF\r\n\r\n", BAD_REQUEST),
            (b"POST / HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n", TOO_LARGE),
            (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", NOT_IMPLEMENTED),
        ] {
            let refused = parse(octets).await.expect_err("to be refused");
            assert_eq!(refused.0, status, "{}", String::from_utf8_lossy(octets));
        }
        let endless = vec![b'x'; HEAD + 2];
        assert_eq!(parse(&endless).await.expect_err("to be refused").0, HEAD_TOO_LARGE);
        assert_eq!(parse(b"GET / HTTP/1.1\r\n").await, Ok(None));
        assert_eq!(parse(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nshort").await, Ok(None));
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_dawdles_is_left() {
        let (mut ours, _theirs) = tokio::io::duplex(64);
        assert_eq!(read(&mut ours).await.expect_err("to be refused").0, TIMEOUT);
    }

    proptest! {
        #[test]
        fn any_head_is_read_or_refused(octets: Vec<u8>) {
            if let Ok((_, length)) = head(&octets) {
                prop_assert!(length <= BODY);
            }
        }
    }
}
