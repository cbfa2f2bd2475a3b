//! A server's life: ready, administered while it runs, one owner, a graceful end; and what its answers have.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::carriers::{send, status};
use crate::http::{Wire, ask, get};
use crate::process::{Home, names, until};

#[test]
fn a_server_lives_and_ends() {
    let home = Home::new();
    home.account("acme");
    home.ask(&["program", "create", "--account", "acme", "--name", "Alerts"]);
    let server = home.serve(&[]);
    assert_eq!(get(server.address, "/healthz").text(), "ok\n");
    assert_eq!(get(server.address, "/readyz").status, 200);
    assert!(names(&home.path("data")).contains(&"admin.sock".to_owned()));

    home.account("beta");
    assert_eq!(home.ask(&["account", "list"]).as_array().map(Vec::len), Some(2));
    let check = home.ask(&["check"]);
    assert_eq!(check["accounts"], 2);
    let started = Instant::now();
    let second = home.run(&["serve", "--listen", "127.0.0.1:0"]).ends_with(3);
    assert!(second.err.contains("is in use by process") && second.err.contains("(serve)"), "{second:?}");
    assert!(started.elapsed() < Duration::from_secs(20));

    let metrics = get(server.address, "/metrics");
    assert_eq!(metrics.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    for line in [
        "answerback_http_requests_total{dialect=\"own\",endpoint=\"healthz\",status=\"200\"} 1",
        "answerback_accounts 2",
        "# TYPE answerback_derived_memory_bytes gauge",
    ] {
        assert!(metrics.text().lines().any(|found| found == line), "{line}\nnot in\n{}", metrics.text());
    }
    let address = server.address;
    server.stop();
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
    assert!(!names(&home.path("data")).contains(&"admin.sock".to_owned()));
    assert_eq!(home.ask(&["account", "list"]).as_array().map(Vec::len), Some(2));
}

#[test]
fn every_figure_is_documented() {
    let home = Home::new();
    let server = home.serve(&[]);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations.md");
    let page = std::fs::read_to_string(path).expect("docs/operations.md");
    let metrics = get(server.address, "/metrics");
    let names = metrics.text().lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
    let mut count = 0;
    for name in names {
        assert!(page.contains(&format!("`{name}")), "{name} is not in docs/operations.md");
        count += 1;
    }
    assert!(count > 20, "{}", metrics.text());
    server.stop();
}

#[test]
fn a_killed_server_leaves_nothing_in_the_way() {
    let home = Home::new();
    let server = home.serve(&[]);
    home.account("acme");
    drop(server);
    assert!(home.path("data/admin.sock").exists(), "left behind");
    assert_eq!(home.ask(&["account", "list"]).as_array().map(Vec::len), Some(1));
    home.serve(&[]).stop();
}

#[test]
fn a_deep_data_directory_is_administered_too() {
    let home = Home::new();
    let deep = home.path(&format!("{}/{}", "d".repeat(100), "e".repeat(100)));
    let data = deep.to_str().expect("UTF-8");
    let server = home.serve(&["--data", data]);
    let made = home.ask(&["account", "create", "acme", "--data", data]);
    assert_eq!(made["id"], 1);
    server.stop();
}

#[test]
fn two_servers_cannot_have_one_port() {
    let home = Home::new();
    let server = home.serve(&[]);
    let other = Home::new();
    let said = other.run(&["serve", "--listen", &server.address.to_string()]).ends_with(1);
    assert!(said.err.contains(&format!("cannot listen on {}", server.address)), "{said:?}");
    server.stop();
}

#[test]
fn connections_are_kept() {
    let home = Home::new();
    let server = home.serve(&[]);
    let mut wire = Wire::open(server.address);
    let ids: Vec<String> = ["/healthz", "/nothing/here", "/readyz", "/healthz?x=y"]
        .iter()
        .map(|path| wire.ask("GET", path, &[]).header("x-request-id").expect("an id").to_owned())
        .collect();
    let mut distinct = ids.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), ids.len(), "{ids:?}");
    let posted = "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    wire.send(posted);
    let refused = wire.answer(true);
    assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD")));
    assert_eq!(wire.ask("GET", "/healthz", &["Connection: close"]).status, 200);
    assert!(wire.is_closed());
    let mut pipelined = Wire::open(server.address);
    pipelined.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3));
    for _ in 0..3 {
        assert_eq!(pipelined.answer(true).status, 200);
    }
    server.stop();
}

#[test]
fn targets_and_methods() {
    let home = Home::new();
    let server = home.serve(&[]);
    let absolute = format!("http://{}/healthz", server.address);
    assert_eq!(get(server.address, &absolute).text(), "ok\n");
    for path in ["/healthz", "/api/v2/ping", "/v2/batches"] {
        let whole = get(server.address, path);
        let head = ask(server.address, "HEAD", path, &[]);
        assert_eq!(
            (head.status, head.header("content-length")),
            (whole.status, whole.header("content-length"))
        );
        assert!(!whole.body.is_empty(), "{path}");
    }
    let mut wire = Wire::open(server.address);
    assert_eq!(wire.ask("HEAD", "/api/v2/ping", &[]).header("content-length").map(|n| n != "0"), Some(true));
    assert_eq!(wire.ask("GET", "/healthz", &[]).text(), "ok\n", "no body was in the way");
    let browser = ask(server.address, "GET", "/", &["Accept: text/html,*/*;q=0.8"]);
    assert!(browser.status == 200 && browser.text().contains("http://localhost"), "{browser:?}");
    assert_eq!(browser.header("content-type"), Some("text/plain; charset=utf-8"));
    let program = ask(server.address, "GET", "/", &["Accept: application/json"]);
    assert!(!program.text().contains("Answerback"), "{program:?}");
    for method in ["OPTIONS", "TRACE", "PATCH", "BREW"] {
        let answer = ask(server.address, method, "/api/v2/ping", &[]);
        assert!((400..500).contains(&answer.status), "{method}: {answer:?}");
    }
    server.stop();
}

#[test]
fn a_caller_may_close_its_side() {
    let home = Home::new();
    let server = home.serve(&[]);
    let mut wire = Wire::open(server.address);
    wire.send("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n");
    wire.0.get_ref().shutdown(std::net::Shutdown::Write).expect("closed");
    assert_eq!(wire.answer(true).status, 200);
    server.stop();
}

#[test]
fn what_was_accepted_is_finished() {
    let home = Home::new();
    let server = home.serve(&[]);
    let idle = Wire::open(server.address);
    let mut busy = Wire::open(server.address);
    busy.send("POST /api/v2/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
    let under_way = |metrics: &str| metrics.contains("\nanswerback_http_requests_under_way 1\n");
    until(|| under_way(get(server.address, "/metrics").text()));
    server.terminate();
    until(|| TcpStream::connect(server.address).is_err());
    busy.0.get_mut().write_all(b"def").expect("still open");
    let answer = busy.answer(true);
    assert!((400..500).contains(&answer.status), "an answer, though one without a credential: {answer:?}");
    drop(idle);
    let (status, log) = server.wait();
    assert!(status.success(), "{log}");
    assert!(log.contains("stopped"), "{log}");
}

/// Also while a message is accepted, sent, received and answered: at the finest level, of all crates.
#[test]
fn the_log_says_whose_request_it_was_and_names_nobody() {
    let home = Home::new();
    home.account("first");
    let key = home.account("acme");
    home.ask(&["number", "claim", "--account", "acme", "46737494990"]);
    home.ask(&["settings", "set", "--account", "acme", "stop_reply=No more of it"]);
    let config = home.file("a.toml", "[log]\nlevel = \"trace\"\nformat = \"json\"\n");
    let server = home.serve(&["--config", config.to_str().expect("UTF-8")]);
    let bearer = format!("Authorization: Bearer {key}");
    let batch = send(&server, &key, "private words");
    until(|| matches!(status(&server, &key, &batch), 200..=299));
    let asked = ask(server.address, "DELETE", "/v2/blacklist/46701740605", &[&bearer]);
    assert_eq!(asked.status, 404);
    ask(server.address, "GET", "/nowhere/+46701740605", &[]);
    let log = server.stop();
    let answered: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .filter(|line: &serde_json::Value| line["message"] == "answered")
        .collect();
    let of = |path: &str| {
        let found = answered.iter().find(|line| line["span"]["path"] == path);
        found.unwrap_or_else(|| panic!("{path} is not in\n{log}"))["span"].clone()
    };
    assert_eq!((&of("/v2/batches")["account"], &of("/v2/batches")["batch"]), (&2.into(), &1.into()));
    assert_eq!(of("/v2/blacklist/{msisdn}")["account"], 2);
    assert!(of("/nowhere/{number}")["account"].is_null());
    for private in ["46701740605", "46737494990", "private words", "No more of it"] {
        assert!(!log.contains(private), "{private} is in the log:\n{log}");
    }
}

#[test]
fn secrets_do_not_reach_the_log() {
    let home = Home::new();
    let key = home.account("acme");
    let config = home.file("a.toml", "[log]\nlevel = \"trace\"\nformat = \"json\"\n");
    let server = home.serve(&["--config", config.to_str().expect("UTF-8")]);
    get(server.address, &format!("/messages?token={key}&password=hunter2"));
    ask(server.address, "GET", "/v2/batches", &[&format!("Authorization: Bearer {key}")]);
    let body = format!("{{\"apiKey\":\"{key}\",\"text\":\"private words\"}}");
    let mut wire = Wire::open(server.address);
    wire.send(format!("POST /send HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
    let id = wire.answer(true).header("x-request-id").expect("an id").to_owned();
    let adopted = home.feed(&["key", "adopt", "--account", "acme"], b"adopted-secret\n");
    adopted.ends_with(0);
    let log = server.stop();
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert!(line["level"].is_string(), "{line}");
    }
    assert!(log.contains(&id) && log.contains("\"path\":\"/messages\""), "{log}");
    for secret in [key.as_str(), "hunter2", "private words", "adopted-secret"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}
