//! The courier against a real server that behaves in every way servers do.

use std::time::Duration;

use service::webhooks::{Target, Wants};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// A server that reads one request a connection and writes these octets; returns its address.
async fn server(answer: &'static [u8], then: Then) -> (String, tokio::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let (tell, told) = tokio::sync::mpsc::channel(16);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let tell = tell.clone();
            tokio::spawn(async move {
                let request = read(&mut stream).await;
                // The test may have ended.
                let _gone = tell.send(request).await;
                let _gone = stream.write_all(answer).await;
                match then {
                    Then::Closes => {}
                    Then::Waits => tokio::time::sleep(Duration::from_secs(60)).await,
                    Then::WritesForEver => while stream.write_all(&[b'x'; 65_536]).await.is_ok() {},
                }
            });
        }
    });
    (format!("http://{address}/hook?a=b#fragment"), told)
}

#[derive(Clone, Copy)]
enum Then {
    Closes,
    Waits,
    WritesForEver,
}

async fn read(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut octets = [0; 4096];
    while let Ok(count) = stream.read(&mut octets).await {
        text.push_str(&String::from_utf8_lossy(&octets[..count]));
        let whole = text.split_once("\r\n\r\n").is_some_and(|(_, body)| body.contains("END"));
        if count == 0 || whole {
            break;
        }
    }
    text
}

fn courier() -> HttpCourier {
    HttpCourier::new(Allowed(vec!["127.0.0.0/8".to_owned(), "::1".to_owned()]))
}

fn call(url: &str) -> Call {
    let target = Target::new("answerback", url, Wants { mt: true, ..Wants::default() });
    let call = Call::post(&target, "application/json", "{\"x\":1} END").with("X-Seven", "7");
    Call { timeout: Duration::from_millis(1500), ..call }
}

#[tokio::test]
async fn a_call_as_it_is_sent() {
    let (url, mut told) = server(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok", Then::Closes).await;
    let url = url.replace("http://", "HTTP://us%20er:pa%3Ass@");
    let reply = courier().deliver(call(&url)).await.expect("an answer");
    assert_eq!(reply, Reply { status: 202, body: b"ok".to_vec() });
    let request = told.recv().await.expect("a request");
    let (head, body) = request.split_once("\r\n\r\n").expect("a head");
    let mut lines = head.lines();
    assert_eq!(lines.next(), Some("POST /hook?a=b HTTP/1.1"));
    let headers: Vec<String> = lines.map(str::to_ascii_lowercase).collect();
    let login = format!("authorization: {}", "Basic dXMgZXI6cGE6c3M=".to_ascii_lowercase());
    for wanted in ["content-type: application/json", "x-seven: 7", "content-length: 11", &login] {
        assert!(headers.iter().any(|line| line == wanted), "{wanted} not in {headers:?}");
    }
    assert!(headers.iter().any(|line| line.starts_with("user-agent: answerback/")));
    assert!(headers.iter().any(|line| line.starts_with("host: 127.0.0.1:")), "{headers:?}");
    assert_eq!(body, "{\"x\":1} END");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
    let (url, _told) = server(answer, Then::Closes).await;
    assert_eq!(courier().deliver(call(&url)).await.expect("an answer").status, 302);
}

#[tokio::test]
async fn a_huge_answer_is_read_in_part() {
    let (url, _told) = server(b"HTTP/1.1 200 OK\r\n\r\n", Then::WritesForEver).await;
    let reply = courier().deliver(call(&url)).await.expect("an answer");
    assert_eq!((reply.status, reply.body.len()), (200, MOST_READ));
    let (url, _told) = server(b"HTTP/1.1 200 OK\r\nX: ", Then::WritesForEver).await;
    let endless_head = courier().deliver(call(&url)).await;
    assert!(matches!(endless_head, Err(CourierError::Protocol(_))), "{endless_head:?}");
}

#[tokio::test]
async fn slow_answers_are_given_up() {
    for answer in [&b""[..], b"HTTP/1.1 200 O", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"] {
        let (url, _told) = server(answer, Then::Waits).await;
        let call = Call { timeout: Duration::from_millis(200), ..call(&url) };
        assert_eq!(courier().deliver(call).await, Err(CourierError::Timeout));
    }
}

#[tokio::test]
async fn what_is_no_http_is_said_to_be_none() {
    for answer in [&b""[..], b"hello\r\n\r\n", b"HTTP/1.1 abc OK\r\n\r\n", b"\x16\x03\x01\x00", b"HTTP/9.9"] {
        let (url, _told) = server(answer, Then::Closes).await;
        let result = courier().deliver(call(&url)).await;
        assert!(matches!(result, Err(CourierError::Protocol(_))), "{answer:?}: {result:?}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_does_not_change_the_status() {
    let (url, _told) = server(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nab", Then::Closes).await;
    let reply = courier().deliver(call(&url)).await.expect("an answer");
    assert_eq!(reply, Reply { status: 200, body: b"ab".to_vec() });
}

#[tokio::test]
async fn private_address_refused() {
    let (url, mut told) = server(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Then::Closes).await;
    let strict = HttpCourier::new(Allowed::default());
    let by_name = url.replace("127.0.0.1", "localhost");
    let mapped = url.replace("127.0.0.1", "[::ffff:127.0.0.1]");
    for url in [&url, &by_name, &mapped, "http://169.254.169.254/", "http://0/", "http://[fe80::1]/"] {
        let result = strict.deliver(call(url)).await;
        assert_eq!(result, Err(CourierError::Forbidden), "{url}");
    }
    assert!(told.try_recv().is_err(), "nothing was sent");
}

#[tokio::test]
async fn other_trouble_has_its_name() {
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("bound");
    let nobody = courier().deliver(call(&format!("http://{closed}/"))).await;
    assert!(matches!(nobody, Err(CourierError::Connect(_))), "{nobody:?}");
    let unknown = courier().deliver(call("http://no-such-host.invalid/")).await;
    assert_eq!(unknown, Err(CourierError::Resolve));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("bound"));
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.expect("written");
        read(&mut stream).await;
    });
    let plain = courier().deliver(call(&url.replace("http:", "https:"))).await;
    assert!(matches!(plain, Err(CourierError::Tls(_))), "{plain:?}");
    for bad in ["", "not a url", "http://", "/path", "ftp://127.0.0.1/"] {
        let result = courier().deliver(call(bad)).await;
        assert!(result.is_err(), "{bad}: {result:?}");
    }
    let header = call(&url).with("X-Odd", "a\r\nb: c");
    assert!(matches!(courier().deliver(header).await, Err(CourierError::Url(_))));
}

#[tokio::test]
async fn connections_are_kept_for_the_next_call() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("bound"));
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        for _ in 0..3 {
            read(&mut stream).await;
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
            stream.write_all(answer).await.expect("written");
        }
    });
    let courier = courier();
    for _ in 0..3 {
        assert_eq!(courier.deliver(call(&url)).await.expect("an answer").status, 200);
    }
    serving.await.expect("one connection served all");
}
