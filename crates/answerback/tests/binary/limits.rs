//! Limits: bodies, heads, time, requests and connections.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::http::{Wire, get};
use crate::process::{Home, Server, until};

/// A path whose owner refuses in the manner of HTTP.
const PATH: &str = "/api/v2/messages";

fn with_limits(home: &Home, limits: &str) -> Server {
    let config = home.file("limits.toml", format!("[limits]\n{limits}\n"));
    home.serve(&["--config", config.to_str().expect("UTF-8")])
}

fn post(address: SocketAddr, length: usize, body: &[u8]) -> Wire {
    let mut wire = Wire::open(address);
    wire.send(format!("POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n"));
    wire.send(body);
    wire
}

#[test]
fn large_bodies_are_refused_and_heard_out() {
    let home = Home::new();
    let server = with_limits(&home, "body = \"1 KiB\"");
    let fits = post(server.address, 1024, &[b'x'; 1024]).answer(true);
    assert_ne!(fits.status, 413, "{fits:?}");
    let mut wire = post(server.address, 1025, &[b'x'; 1025]);
    let refused = wire.answer(true);
    assert_eq!(refused.status, 413, "{refused:?}");
    assert!(!refused.body.is_empty(), "in the vendor's manner: {refused:?}");
    // Much more than any buffer on the way holds: the answer comes all the same.
    let large = vec![b'x'; 20 << 20];
    assert_eq!(post(server.address, large.len(), &large).answer(true).status, 413);

    let mut chunked = Wire::open(server.address);
    chunked.send(format!("POST {PATH} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
    chunked.send(b"300\r\n");
    chunked.send([b'x'; 0x300]);
    chunked.send(b"\r\n300\r\n");
    chunked.send([b'x'; 0x300]);
    chunked.send(b"\r\n0\r\n\r\n");
    assert_eq!(chunked.answer(true).status, 413);
    server.stop();
}

#[test]
fn whoever_asks_before_sending_is_told_at_once() {
    let home = Home::new();
    let server = with_limits(&home, "body = \"1 KiB\"");
    let mut wire = Wire::open(server.address);
    wire.send(format!(
        "POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\nExpect: 100-continue\r\n\r\n"
    ));
    assert_eq!(wire.answer(true).status, 413, "without having been asked to go on");
    let mut wire = Wire::open(server.address);
    wire.send(format!(
        "POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
    ));
    assert_eq!(wire.answer(false).status, 100);
    wire.send("a=bc");
    assert!(wire.answer(true).status >= 200);
    server.stop();
}

#[test]
fn slow_callers_are_not_waited_for() {
    let home = Home::new();
    let server = with_limits(&home, "header_timeout = \"300ms\"\nrequest_timeout = \"300ms\"");
    let started = Instant::now();
    let mut head = Wire::open(server.address);
    head.send("GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow");
    assert!(head.is_closed(), "a head that does not come");
    let mut silent = Wire::open(server.address);
    assert!(silent.is_closed(), "nothing at all");
    let mut body = post(server.address, 10, b"abc");
    let answer = body.answer(true);
    assert_eq!(answer.status, 408, "{answer:?}");
    assert!(started.elapsed() < Duration::from_secs(20));
    server.stop();
}

#[test]
fn too_many_requests_are_refused_while_health_is_told() {
    let home = Home::new();
    let server = with_limits(&home, "requests = 1");
    let mut slow = post(server.address, 10, b"abc");
    let metrics = || get(server.address, "/metrics").text().to_owned();
    until(|| metrics().contains("\nanswerback_http_requests_under_way 1\n"));
    let refused = get(server.address, PATH);
    assert_eq!(refused.status, 503, "{refused:?}");
    assert!(!refused.body.is_empty(), "in the vendor's manner: {refused:?}");
    assert_eq!(get(server.address, "/healthz").status, 200);
    slow.send("defghij");
    assert!((400..500).contains(&slow.answer(true).status));
    assert_ne!(get(server.address, PATH).status, 503, "there is room again");
    server.stop();
}

#[test]
fn too_many_connections_are_told_so() {
    let home = Home::new();
    let server = with_limits(&home, "connections = 1");
    let mut first = Wire::open(server.address);
    assert_eq!(first.ask("GET", "/healthz", &[]).status, 200);
    let mut second = Wire::open(server.address);
    let refused = second.ask("GET", PATH, &[]);
    assert_eq!((refused.status, refused.header("connection")), (503, Some("close")));
    assert!(second.is_closed());
    assert_eq!(get(server.address, "/healthz").status, 200, "health is told beside");
    assert_eq!(first.ask("GET", "/healthz", &[]).status, 200, "the first goes on");
    drop(first);
    until(|| get(server.address, PATH).status != 503);
    server.stop();
}

#[test]
fn what_is_no_request_is_refused() {
    let home = Home::new();
    let server = home.serve(&[]);
    for (request, expected) in [
        ("GET /healthz HTTP/1.1\r\n\r\n".to_owned(), 400),
        ("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".to_owned(), 400),
        ("GET /api/v2/ping HTTP/1.1\r\nHost: a b\r\n\r\n".to_owned(), 400),
        ("GET /api/v2/ping HTTP/1.1\r\nHost: a\"<script>\r\n\r\n".to_owned(), 400),
        ("GET /api/v2/ping HTTP/1.1\r\nHost: a/../b\r\n\r\n".to_owned(), 400),
        ("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), 400),
        ("nonsense\r\n\r\n".to_owned(), 400),
        ("GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n".to_owned(), 400),
        ("GET /healthz HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n".to_owned(), 400),
        (format!("GET /healthz HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "y".repeat(70_000)), 431),
        (format!("GET /healthz HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(200)), 431),
    ] {
        let mut wire = Wire::open(server.address);
        wire.send(&request);
        let answer = wire.answer(true);
        assert_eq!(answer.status, expected, "{}: {answer:?}", &request[..request.len().min(80)]);
    }
    let mut old = Wire::open(server.address);
    old.send("GET /healthz HTTP/1.0\r\n\r\n");
    assert_eq!(old.answer(true).text(), "ok\n", "nobody had to name a host then");
    assert!(old.is_closed());
    server.stop();
}
