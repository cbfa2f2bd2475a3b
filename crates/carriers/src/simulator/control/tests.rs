//! The HTTP listener, over a loopback socket.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::simulator::Profile;

async fn started() -> (std::net::SocketAddr, Smsc) {
    let smsc = Smsc::new(Profile::builtin("swift").expect("built in"), 1);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(serve(listener, smsc.clone(), std::future::pending()));
    (address, smsc)
}

async fn ask(address: std::net::SocketAddr, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let length = body.len();
    let request = format!("{head}\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await.expect("written");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("read");
    answer
}

#[tokio::test]
async fn mo_are_written_by_form_and_by_json() {
    let (address, smsc) = started().await;
    let form = "from=46701&to=71717&text=Hej+d%C3%A4r&missing=1&twice=0&gap=1s";
    let answer =
        ask(address, "POST /mo HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded", form).await;
    assert!(answer.contains("200 OK") && answer.contains("{\"parts\":0}"), "{answer}");
    let long = format!(
        "{{\"from\":\"46701\",\"to\":\"71717\",\"text\":\"{}\",\"join\":\"udh16\"}}",
        "x".repeat(200)
    );
    let answer = ask(address, "POST /mo HTTP/1.1\r\nContent-Type: application/json", &long).await;
    assert!(answer.contains("{\"parts\":2}"), "{answer}");
    assert_eq!((smsc.counters().mo_written, smsc.counters().mo_planned), (2, 2));
    let answer = ask(address, "GET /stats HTTP/1.1", "").await;
    assert!(answer.contains("\"mo_planned\":2") && answer.contains("\"pending\":2"), "{answer}");
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let (address, _) = started().await;
    for (head, body, expected) in [
        ("POST /mo HTTP/1.1", "from=1&to=2", "missing field `text`"),
        ("POST /mo HTTP/1.1", "from=1&to=2&text=x&colour=red", "unknown field `colour`"),
        ("POST /mo HTTP/1.1", "from=1&to=2&text=x&twice=many", "invalid type"),
        ("POST /mo HTTP/1.1\r\nContent-Type: application/json", "{", "400 Bad Request"),
        ("POST /mo HTTP/1.1\r\nOrigin: https://example.com", "from=1&to=2&text=x", "403 Forbidden"),
        ("GET /mo HTTP/1.1", "", "405 Method"),
        ("GET /duplicates HTTP/1.1", "", "[]"),
        ("GET / HTTP/1.1", "", "404 Not Found"),
        ("POST /disconnect HTTP/1.1", "", "{\"cut\":0}"),
    ] {
        let answer = ask(address, head, body).await;
        assert!(answer.contains(expected), "{head} {body}: {answer}");
    }
    let long = format!("from=1&to=2&text={}", "x".repeat(153 * 255 + 1));
    assert!(ask(address, "POST /mo HTTP/1.1", &long).await.contains("400 Bad Request"));
}
