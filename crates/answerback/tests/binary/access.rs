//! Keys as the dialects ask for them, and dialects that are switched off or have a host of their own.

use std::net::SocketAddr;

use crate::http::{Answer, ask, get};
use crate::process::Home;

/// A path that wants a key as a bearer token.
const PATH: &str = "/v2/batches";

fn with_key(address: SocketAddr, key: &str, more: &[&str]) -> Answer {
    let bearer = format!("Authorization: Bearer {key}");
    ask(address, "GET", PATH, &[&[bearer.as_str()], more].concat())
}

#[test]
fn a_key_opens_until_it_is_revoked() {
    let home = Home::new();
    let server = home.serve(&[]);
    let key = home.account("acme");
    assert_eq!(get(server.address, PATH).status, 401);
    assert_eq!(with_key(server.address, "no-such-key", &[]).status, 401);
    assert_eq!(with_key(server.address, &key, &[]).status, 200);
    home.feed(&["key", "adopt", "--account", "acme"], b"an-old-secret\n").ends_with(0);
    assert_eq!(with_key(server.address, "an-old-secret", &[]).status, 200);
    home.ask(&["account", "disable", "acme"]);
    assert_eq!(with_key(server.address, &key, &[]).status, 401);
    home.ask(&["account", "enable", "acme"]);
    home.ask(&["key", "revoke", "--account", "acme", "1"]);
    assert_eq!(with_key(server.address, &key, &[]).status, 401);
    assert_eq!(with_key(server.address, "an-old-secret", &[]).status, 200);
    server.stop();
    let again = home.serve(&[]);
    assert_eq!(with_key(again.address, "an-old-secret", &[]).status, 200, "the server key was kept");
    again.stop();
}

#[test]
fn a_key_may_be_bound_to_addresses() {
    let home = Home::new();
    let server = home.serve(&[]);
    home.account("acme");
    let made = home.ask(&["key", "create", "--account", "acme", "--allow-address", "192.0.2.0/24"]);
    let key = made["key"].as_str().expect("a secret");
    let from = |more: &[&str]| with_key(server.address, key, more).status;
    assert_eq!(from(&[]), 403);
    assert_eq!(from(&["X-Forwarded-For: 192.0.2.7"]), 200);
    assert_eq!(from(&["Forwarded: for=192.0.2.7"]), 200);
    assert_eq!(from(&["X-Forwarded-For: 192.0.2.7, 198.51.100.1"]), 403, "the nearest proxy saw another");
    assert_eq!(from(&["X-Forwarded-For: 198.51.100.1", "Forwarded: for=192.0.2.7"]), 400);
    server.stop();
}

#[test]
fn a_key_may_make_so_many_requests_a_second() {
    let home = Home::new();
    let config = home.file("a.toml", "rate_limit = 1\n");
    let server = home.serve(&["--config", config.to_str().expect("UTF-8")]);
    let key = home.account("acme");
    let statuses: Vec<u16> = (0..5).map(|_| with_key(server.address, &key, &[]).status).collect();
    assert_eq!(statuses[0], 200);
    assert!(statuses.contains(&429), "{statuses:?}");
    server.stop();
}

#[test]
fn dialects_are_switched_off_and_bound_to_hosts() {
    let home = Home::new();
    let all = dialects::all();
    let (first, last) = (all[0].id(), all[all.len() - 1].id());
    let config =
        format!("[dialects.{first}]\nenabled = false\n[dialects.{last}]\nhost = \"bound.example\"\n");
    let config = home.file("a.toml", config);
    let server = home.serve(&["--config", config.to_str().expect("UTF-8")]);
    let off = get(server.address, "/api/v2/ping");
    assert_eq!(off.status, 404);
    assert!(!off.body.is_empty(), "in its own manner: {off:?}");
    assert_eq!(get(server.address, PATH).status, 401, "others are served");
    let mut wire = crate::http::Wire::open(server.address);
    wire.send(format!("GET {PATH} HTTP/1.1\r\nHost: Bound.example:99\r\n\r\n"));
    wire.answer(true);
    let metrics = get(server.address, "/metrics");
    let counted = format!("answerback_http_requests_total{{dialect=\"{last}\",endpoint=\"other\"");
    assert!(metrics.text().contains(&counted), "{counted} in {}", metrics.text());
    server.stop();
}
