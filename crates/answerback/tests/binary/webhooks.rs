//! Webhooks with the real binary: set up by command, told over a socket, looked after by command.

use serde_json::{Value, json};
use service::webhooks::signed::signature;

use crate::far_end::{far_end, header};
use crate::http::get;
use crate::process::{Home, until};

/// The words that add a webhook.
fn add<'a>(rest: &[&'a str]) -> Vec<&'a str> {
    [&["webhook", "add", "--account", "acme"], rest].concat()
}

#[test]
fn a_signed_call_reaches_its_address() {
    let home = Home::new();
    let key = home.account("acme");
    let (url, told) = far_end();
    let config = home.file("config.toml", "[webhooks]\nallow_private = [\"127.0.0.0/8\"]\n");
    let server = home.serve(&["--config", &config.to_string_lossy()]);
    let added = home.ask(&["webhook", "add", "--account", "acme", &format!("{url}?token=hidden")]);
    let secret = added["secret"].as_str().expect("a secret").to_owned();
    assert_eq!((&added["webhook"], &added["shape"]), (&json!(1), &json!("answerback")));
    let sent = get(server.address, &format!("/send?token={key}&text=Hello&to=46701740605"));
    assert_eq!(sent.status, 200);
    let (head, body) = told.recv_timeout(crate::process::LONG).expect("a call");
    assert!(head.starts_with("POST /hook?token=hidden HTTP/1.1"), "{head}");
    let value: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!((&value["event"], &value["message"]["body"]), (&json!("1-1"), &json!("Hello")));
    let given = header(&head, "answerback-signature");
    let seconds = given.strip_prefix("t=").and_then(|rest| rest.split(',').next());
    let seconds = seconds.and_then(|text| text.parse().ok()).expect("a time");
    assert_eq!(given, signature(&secret, seconds, body.as_bytes()));
    until(|| home.ask(&["webhook", "show", "--account", "acme", "1"])["last_code"] == 200);
    let metrics = get(server.address, "/metrics");
    assert!(metrics.text().contains("answerback_webhook_targets 1"), "{}", metrics.text());
    let again = home.ask(&["webhook", "replay", "--account", "acme", "1", "--from", "1", "--to", "1"]);
    assert_eq!(again, json!({ "events": 1 }));
    // What became of the message meanwhile is told, too.
    let repeated = loop {
        let (head, repeated) = told.recv_timeout(crate::process::LONG).expect("a call");
        if header(&head, "answerback-event") == "1-1" {
            break repeated;
        }
    };
    assert_eq!(repeated, body);
    let log = server.stop();
    assert!(!log.contains(&secret) && !log.contains("hidden") && !log.contains("Hello"), "{log}");
}

#[test]
fn private_address_refused() {
    let home = Home::new();
    let key = home.account("acme");
    let (url, told) = far_end();
    let server = home.serve(&[]);
    home.ask(&["webhook", "add", "--account", "acme", &url]);
    get(server.address, &format!("/send?token={key}&text=Hello&to=46701740605"));
    until(|| home.ask(&["webhook", "show", "--account", "acme", "1"])["waiting"].as_u64() > Some(0));
    let shown = home.ask(&["webhook", "show", "--account", "acme", "1"]);
    assert!(shown["failing_since"].is_string(), "{shown}");
    assert!(told.try_recv().is_err(), "nothing was sent");
    server.stop();
}

#[test]
fn webhooks_are_managed_without_a_server() {
    let home = Home::new();
    home.account("acme");
    let (url, file) = ("https://a.example/in?k=v", home.file("secret", "s3cret\n"));
    let shapes = dialects::shapes();
    let vendor = shapes.iter().find(|shape| shape.reports_batches()).expect("one that does").id();
    let made = home.ask(&add(&[url, "--shape", vendor, "--what", "mo"]));
    assert_eq!(made, json!({ "webhook": 1, "shape": vendor, "secret": null }));
    let file = file.to_string_lossy();
    let made = home.ask(&add(&[url, "--option", "outcomes=final", "--secret-file", &file]));
    assert_eq!(made["secret"], json!(null), "it is known already");
    let listed = home.ask(&["webhook", "list", "--account", "acme"]);
    assert_eq!(listed[0]["what"], json!(["mo"]));
    assert_eq!(listed[1]["what"], json!(["mt", "mo", "opt-out"]));
    assert_eq!(
        (&listed[1]["options"], &listed[1]["has_secret"]),
        (&json!({ "outcomes": "final" }), &json!(true))
    );
    let words = home.run(&["webhook", "list", "--account", "acme"]).ends_with(0).out;
    assert!(words.contains("https://a.example/in") && !words.contains("k=v"), "{words}");
    assert!(!home.run(&["webhook", "show", "--account", "acme", "2"]).ends_with(0).out.contains("s3cret"));
    let disabled = home.ask(&["webhook", "disable", "--account", "acme", "1"]);
    assert_eq!(disabled["disabled"], "by hand");
    assert_eq!(home.ask(&["webhook", "enable", "--account", "acme", "1"])["disabled"], json!(null));
    assert_eq!(home.ask(&["webhook", "dead", "--account", "acme", "1"]), json!([]));
    assert_eq!(home.ask(&["webhook", "retry", "--account", "acme", "1"]), json!({ "events": 0 }));
    assert_eq!(home.ask(&["webhook", "remove", "--account", "acme", "1"]), json!({ "webhook": 1 }));
    home.run(&["webhook", "show", "--account", "acme", "1"]).ends_with(1);
    for bad in [
        &["ftp://a.example/"][..],
        &["https://a.example/", "--shape", "nobody"],
        &["https://a.example/", "--option", "outcomes=some"],
        &["https://a.example/", "--option", "colour=red"],
        &["https://a.example/", "--what", "everything"],
    ] {
        home.run(&add(bad)).ends_with(2);
    }
    home.run(&["webhook", "replay", "--account", "acme", "2", "--from", "9", "--to", "1"]).ends_with(2);
}
