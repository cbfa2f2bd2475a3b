//! What links begin with, seen on the page that a browser gets.

use std::net::SocketAddr;

use crate::http::ask;
use crate::process::Home;

fn origin(address: SocketAddr, lines: &[&str]) -> Result<String, u16> {
    let lines = [&["Accept: text/html"], lines].concat();
    let answer = ask(address, "GET", "/", &lines);
    let origin = answer.text().split("Point a client at ").nth(1).and_then(|rest| rest.split(' ').next());
    origin.map(str::to_owned).ok_or(answer.status)
}

fn is(origin: &str) -> Result<String, u16> {
    Ok(origin.to_owned())
}

#[test]
fn a_local_proxy_is_believed() {
    let home = Home::new();
    let server = home.serve(&[]);
    let at = |lines: &[&str]| origin(server.address, lines);
    assert_eq!(at(&[]), is("http://localhost"));
    assert_eq!(at(&["Forwarded: for=192.0.2.1;proto=https;host=sms.example"]), is("https://sms.example"));
    assert_eq!(
        at(&[
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: sms.example",
            "X-Forwarded-Port: 8443",
            "X-Forwarded-Prefix: /gate"
        ]),
        is("https://sms.example:8443/gate")
    );
    for forged in [
        "X-Forwarded-Host: evil.example/x",
        "X-Forwarded-Host: a\"><script>",
        "X-Forwarded-Proto: javascript",
        "X-Forwarded-Prefix: //evil.example",
        "Forwarded: host=\"a b\"",
        "X-Forwarded-For: nobody",
    ] {
        assert_eq!(at(&[forged]), Err(400), "{forged}");
    }
    let named = ask(server.address, "GET", "/healthz", &["X-Request-Id: from-the-proxy"]);
    assert_eq!(named.header("x-request-id"), Some("from-the-proxy"));
    server.stop();
}

#[test]
fn others_are_not() {
    let home = Home::new();
    let config = home.file("a.toml", "trusted_proxies = []\n");
    let server = home.serve(&["--config", config.to_str().expect("UTF-8")]);
    let lines =
        ["Forwarded: host=evil.example", "X-Forwarded-Host: evil.example", "X-Forwarded-Prefix: //evil"];
    assert_eq!(origin(server.address, &lines), is("http://localhost"));
    let named = ask(server.address, "GET", "/healthz", &["X-Request-Id: mine"]);
    assert_ne!(named.header("x-request-id"), Some("mine"));
    server.stop();
}

#[test]
fn a_public_address_wins() {
    let home = Home::new();
    let server = home.serve(&["--public-url", "https://sms.example.org/gate/"]);
    assert_eq!(origin(server.address, &["X-Forwarded-Host: other"]), is("https://sms.example.org/gate"));
    assert_eq!(ask(server.address, "GET", "/gate/healthz", &[]).status, 200);
    server.stop();
}
