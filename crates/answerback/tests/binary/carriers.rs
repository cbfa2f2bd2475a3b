//! Carriers: described by command and in the configuration, tried, changed and taken away, with and without
//! a running server.

use std::os::unix::fs::MetadataExt;

use serde_json::Value;

use crate::http::{ask, get, post, send_batch};
use crate::process::{Home, Server, Simulator, until};

/// A password that must be printed nowhere.
const SECRET: &str = "hunter2";

fn add(home: &Home, address: &str, more: &[&str]) -> Value {
    let words =
        ["carrier", "add", "out", "--smpp", address, "--system-id", "me", "--password-stdin", "--json"];
    let said = home.feed(&[&words[..], more].concat(), format!("{SECRET}\n").as_bytes()).ends_with(0);
    said.json()
}

fn state(home: &Home, name: &str) -> String {
    home.ask(&["carrier", "show", name])["state"].as_str().expect("a state").to_owned()
}

fn listed(home: &Home) -> Vec<String> {
    let list = home.ask(&["carrier", "list"]);
    let name = |carrier: &Value| carrier["name"].as_str().expect("a name").to_owned();
    list.as_array().expect("a list").iter().map(name).collect()
}

#[test]
fn carriers_are_described_while_nothing_runs() {
    let home = Home::new();
    let made = add(&home, "localhost:2775", &["--tls", "--set", "response_timeout=20s", "--route", "+46,47"]);
    assert_eq!((&made["state"], &made["options"]["tls"]), (&"not running".into(), &"on".into()));
    assert_eq!(made["route"], serde_json::json!(["46", "47"]));
    let file = home.path("data/carriers.toml");
    assert_eq!(std::fs::metadata(&file).expect("there").mode() & 0o777, 0o600);
    assert!(std::fs::read_to_string(&file).expect("text").contains(SECRET), "the link needs it");

    home.run(&["carrier", "add", "out", "--smpp", "a:1", "--system-id", "b"]).ends_with(1);
    let changed = home.ask(&["carrier", "set", "out", "--route", "", "--doubt", "resend", "--rank", "5"]);
    assert_eq!((&changed["doubt"], &changed["rank"]), (&"resend".into(), &5.into()));
    assert_eq!((&changed["route"], &changed["has_password"]), (&serde_json::json!([]), &true.into()));
    assert_eq!(home.ask(&["carrier", "pause", "out"])["paused"], true);
    let shown = home.run(&["carrier", "show", "out"]).ends_with(0).out;
    assert!(shown.lines().any(|line| line.starts_with("state ") && line.ends_with(" paused")), "{shown}");
    assert_eq!(home.ask(&["carrier", "resume", "out"])["paused"], false);
    for words in [&["carrier", "list"][..], &["carrier", "show", "out"], &["carrier", "list", "--json"]] {
        let said = home.run(words).ends_with(0);
        assert!(!said.out.contains(SECRET) && !said.err.contains(SECRET), "{said:?}");
    }
    assert_eq!(home.ask(&["carrier", "remove", "out"])["removed"], "out");
    assert!(listed(&home).is_empty());
    home.run(&["carrier", "remove", "out"]).ends_with(1);
}

#[test]
fn mistakes_name_the_option() {
    let home = Home::new();
    for (words, said) in [
        (&["--smpp", "nowhere", "--system-id", "a"][..], "--smpp: expected an address such as"),
        (&["--smpp", "a:1"], "--system-id: is missing"),
        (&["--smpp", "a:1", "--system-id", "b", "--bind", "both"], "--bind: expected \"transceiver\""),
        (&["--smpp", "a:1", "--system-id", "b", "--set", "long=udh"], "--set long: long takes one of udh8"),
        (&["--smpp", "a:1", "--system-id", "b", "--set", "colour=red"], "--set colour: no option of a link"),
        (&["--simulator", "calm"], "--simulator: "),
        (&["--simulator", "plain", "--window", "4"], "--window: means nothing to a simulator"),
    ] {
        let said_by_it = home.run(&[&["carrier", "add", "x"], words].concat()).ends_with(2);
        assert!(said_by_it.err.contains(said), "{words:?}: {said_by_it:?}");
    }
    let stranger =
        home.run(&["carrier", "add", "x", "--simulator", "plain", "--account", "nobody"]).ends_with(1);
    assert!(stranger.err.contains("there is no account nobody"), "{stranger:?}");
    assert!(listed(&home).is_empty(), "nothing of it was kept");
    let options = home.ask(&["carrier", "options"]);
    assert!(options.as_array().is_some_and(|list| list.iter().any(|option| option["danger"].is_string())));
}

#[test]
fn a_carrier_is_added_tried_paused_and_removed_while_a_server_runs() {
    let home = Home::new();
    let smsc = Simulator::start(&home, &["--system-id", "me", "--password", SECRET]);
    let server = home.serve(&[]);
    assert_eq!(listed(&home), ["simulator"], "it stands in");
    add(&home, &smsc.address, &["--window", "7"]);
    let tested = home.ask(&["carrier", "test", "out"]);
    assert_eq!(
        (&tested["bound"], &tested["state"], &tested["live"]),
        (&true.into(), &"up".into(), &true.into())
    );
    assert_eq!(listed(&home), ["out"], "what stood in is gone");
    let metrics = get(server.address, "/metrics");
    for line in ["answerback_carrier_up{carrier=\"out\"} 1", "answerback_carrier_window{carrier=\"out\"} 7"] {
        assert!(metrics.text().lines().any(|found| found == line), "{line} in {}", metrics.text());
    }
    assert_eq!(get(server.address, "/readyz").text(), "ready\ncarrier out: up\n");

    let paused = home.ask(&["carrier", "pause", "out"]);
    assert_eq!((&paused["state"], &paused["sessions"]), (&"paused".into(), &1.into()));
    assert_eq!(get(server.address, "/readyz").text(), "ready\ncarrier out: not up\n");
    home.run(&["carrier", "test", "out"]).ends_with(1);
    home.ask(&["carrier", "resume", "out"]);
    until(|| state(&home, "out") == "up");
    assert_eq!(smsc.stats()["binds"], 1, "pausing keeps the session");
    home.ask(&["carrier", "set", "out", "--route", "46", "--cost", "0.05"]);
    assert_eq!(smsc.stats()["binds"], 1, "other rules keep it too");

    let wrong = ["carrier", "add", "wrong", "--smpp", &smsc.address, "--system-id", "me", "--password", "no"];
    let warned = home.run(&wrong).ends_with(0);
    assert!(warned.err.contains("warning: --password"), "{warned:?}");
    let refused = home.run(&["carrier", "test", "wrong"]).ends_with(1);
    assert!(refused.out.contains("wrong is down") && refused.out.len() > 40, "the peer's words: {refused:?}");

    home.ask(&["carrier", "remove", "wrong"]);
    home.ask(&["carrier", "remove", "out"]);
    assert_eq!(listed(&home), ["simulator"]);
    let log = server.stop();
    assert!(!log.contains(SECRET), "{log}");
    smsc.stop();
}

#[test]
fn without_a_server_a_link_is_made_to_try_one() {
    let home = Home::new();
    let smsc = Simulator::start(&home, &[]);
    add(&home, &smsc.address, &["--bind", "receiver"]);
    let tested = home.ask(&["carrier", "test", "out"]);
    assert_eq!((&tested["bound"], &tested["live"]), (&true.into(), &false.into()));
    smsc.stop();
    let refused = home.run(&["carrier", "test", "out", "--json"]).ends_with(1);
    assert!(
        refused.json()["reason"].as_str().is_some_and(|reason| reason.contains("refused")),
        "{refused:?}"
    );
}

fn configured(home: &Home, address: &str, more: &str) -> String {
    home.file("secret", format!("{SECRET}\n"));
    let text = format!(
        "[carriers.main]\nsmpp = \"{address}\"\nsystem_id = \"me\"\npassword_file = \"secret\"\n{more}\n"
    );
    home.file("a.toml", text).to_str().expect("UTF-8").to_owned()
}

fn binds(home: &Home) -> u64 {
    home.ask(&["carrier", "show", "main"])["figures"]["binds"].as_u64().expect("a count")
}

#[test]
fn the_configuration_is_read_again_at_sighup() {
    let home = Home::new();
    let smsc = Simulator::start(&home, &[]);
    let config = configured(&home, &smsc.address, "");
    let server = home.serve(&["--config", &config]);
    until(|| state(&home, "main") == "up");
    assert_eq!(binds(&home), 1);
    let show = || home.ask(&["carrier", "show", "main"]);

    configured(&home, &smsc.address, "route = [\"46\"]\ndoubt = \"fail\"");
    server.hang_up();
    until(|| show()["doubt"] == "fail");
    assert_eq!((&show()["route"], binds(&home)), (&serde_json::json!(["46"]), 1), "the session stays");

    configured(&home, &smsc.address, "window = 3");
    server.hang_up();
    until(|| show()["window"] == 3 && show()["state"] == "up");
    assert_eq!(smsc.stats()["binds"], 2, "made anew");

    configured(&home, &smsc.address, "colour = \"red\"");
    server.hang_up();
    until(|| server.log().contains("carriers.main.colour: unknown key"));
    assert_eq!(show()["window"], 3, "a mistake changes nothing");

    home.file("a.toml", "");
    server.hang_up();
    until(|| listed(&home) == ["simulator"]);
    let log = server.stop();
    assert!(!log.contains(SECRET), "{log}");
}

#[test]
fn what_the_configuration_describes_is_changed_there() {
    let home = Home::new();
    let config = configured(&home, "localhost:1", "");
    let words = |words: &[&str]| home.run(&[words, &["--config", &config]].concat());
    for command in [
        &["carrier", "set", "main", "--rank", "1"][..],
        &["carrier", "add", "main", "--simulator", "plain"],
        &["carrier", "remove", "main"],
        &["carrier", "pause", "main"],
    ] {
        home.run(&["account", "create", "acme"]);
        let refused = words(command).ends_with(1);
        assert!(refused.err.contains("the carrier main"), "{refused:?}");
        assert!(
            refused.err.contains("configuration file") || refused.err.contains("is there already"),
            "{refused:?}"
        );
    }
    let printed = words(&["config", "print"]).ends_with(0);
    assert!(printed.out.contains("smpp = \"localhost:1\"  # "), "{printed:?}");
    assert!(!printed.out.contains(SECRET), "{printed:?}");
    home.file("b.toml", printed.out);
    home.run(&["config", "check", "b.toml"]).ends_with(0);
    let written = format!("[carriers.x]\nsmpp = \"a:1\"\nsystem_id = \"b\"\npassword = \"{SECRET}\"\n");
    home.file("c.toml", written);
    for words in
        [&["config", "print", "--config", "c.toml"][..], &["config", "print", "--config", "c.toml", "--json"]]
    {
        let said = home.run(words).ends_with(0);
        assert!(!said.out.contains(SECRET), "{said:?}");
    }
    home.file("d.toml", "[carriers.x]\nsmpp = \"a:1\"\nwindow = \"many\"\n");
    let faults = home.run(&["config", "check", "d.toml"]).ends_with(1);
    assert!(faults.err.contains("d.toml:3: carriers.x.window: expected a whole number"), "{faults:?}");
    assert!(faults.err.contains("d.toml:2: carriers.x.system_id: is missing"), "{faults:?}");
}

#[test]
fn a_server_without_a_carrier_says_what_it_does() {
    let home = Home::new();
    let mut server: Server = home.serve(&[]);
    let line = server.line();
    assert!(line.contains("SIMULATING") && line.contains("nothing leaves this machine"), "{line}");
    let log = server.stop();
    assert!(log.contains("WARN") && log.contains("the built-in simulator takes every message"), "{log}");

    let config = home.file("a.toml", "simulate = false\nready_needs_carrier = true\n");
    let mut server = home.serve(&["--config", config.to_str().expect("UTF-8")]);
    assert!(server.line().contains("messages wait"));
    let unready = get(server.address, "/readyz");
    assert_eq!((unready.status, unready.text()), (503, "no carrier takes messages\n"));
    assert_eq!(get(server.address, "/healthz").status, 200);
    assert!(listed(&home).is_empty());
    server.stop();
}

/// A batch to one handset, over HTTP; gives its path.
pub(crate) fn send(server: &Server, key: &str, text: &str) -> String {
    let answer = send_batch(server.address, key, &["46701740605"], text);
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.header("location").expect("a place").to_owned()
}

/// The newest status of a batch's only message.
pub(crate) fn status(server: &Server, key: &str, batch: &str) -> u64 {
    let path = batch.split_once("/v2/").map(|(_, rest)| format!("/v2/{rest}/messages")).expect("a path");
    let answer = ask(server.address, "GET", &path, &[&format!("Authorization: Bearer {key}")]);
    let messages: Value = serde_json::from_slice(&answer.body).expect("JSON");
    messages[0]["statuses"][0]["code"].as_u64().unwrap_or_else(|| panic!("{messages}"))
}

#[test]
fn what_is_accepted_is_delivered_and_answered_over_smpp() {
    let home = Home::new();
    let key = home.account("acme");
    home.ask(&["number", "claim", "--account", "acme", "46737494990"]);
    let smsc = Simulator::start(&home, &["--profile", "swift"]);
    add(&home, &smsc.address, &[]);
    let server = home.serve(&[]);
    let batch = send(&server, &key, "Hello over SMPP");
    until(|| status(&server, &key, &batch) == 201);
    assert_eq!((&smsc.stats()["submitted"], &smsc.stats()["duplicates"]), (&1.into(), &0.into()));

    let form = ["Content-Type: application/x-www-form-urlencoded"];
    let written = post(smsc.control, "/mo", &form, "from=46701740605&to=46737494990&text=Hello+yourself");
    assert_eq!(written.status, 200, "{}", written.text());
    let received = || home.run(&["export", "--account", "acme", "--direction", "mo"]).out;
    until(|| received().contains("Hello yourself"));
    until(|| smsc.stats()["mo_acknowledged"] == 1);
    let metrics = get(server.address, "/metrics");
    for line in [
        "answerback_messages_accepted_total 1",
        "answerback_attempts_submitted_total 1",
        "answerback_mo_taken_total 1",
        "answerback_quarantine_receipts 0",
    ] {
        assert!(metrics.text().lines().any(|found| found == line), "{line} in {}", metrics.text());
    }
    // One receipt. A swift one may be there before the answer that names its message is recorded.
    let fate = |fate: &str| format!("answerback_receipts_total{{fate=\"{fate}\"}} 1");
    let once = |found: &str| found == fate("matched") || found == fate("quarantined");
    assert_eq!(metrics.text().lines().filter(|found| once(found)).count(), 1, "{}", metrics.text());

    // While the only carrier is paused messages wait, over a restart too.
    home.ask(&["carrier", "pause", "out"]);
    let waiting = send(&server, &key, "Hello later");
    server.stop();
    let server = home.serve(&[]);
    assert_eq!(status(&server, &key, &waiting), 102, "queued");
    home.ask(&["carrier", "resume", "out"]);
    until(|| status(&server, &key, &waiting) == 201);
    assert_eq!(smsc.stats()["submitted"], 2);
    server.stop();
    smsc.stop();
    home.run(&["check"]).ends_with(0);
}

#[test]
fn numbers_are_claimed_listed_and_released() {
    let home = Home::new();
    home.account("acme");
    home.account("beta");
    let program =
        home.ask(&["program", "create", "--account", "acme", "--name", "Win"])["program"].to_string();
    let claim = ["number", "claim", "--account", "acme", "71717", "--keyword", "WIN", "--program", &program];
    assert_eq!(home.ask(&claim)[0]["number"], "71717");
    home.run(&["number", "claim", "--account", "beta", "71717", "--keyword", "win"]).ends_with(1);
    home.run(&["number", "claim", "--account", "beta", "71717", "--keyword", "STOP"]).ends_with(2);
    assert_eq!(home.ask(&["number", "claim", "--account", "beta", "71717"])[0]["keyword"], Value::Null);
    let shown = home.run(&["number", "list", "--account", "acme"]).ends_with(0).out;
    assert!(shown.contains("71717"), "{shown}");
    let released = ["number", "release", "--account", "acme", "71717", "--keyword", "WIN"];
    assert_eq!(home.ask(&released), serde_json::json!([]));
    home.run(&released).ends_with(1);
    assert_eq!(home.ask(&["number", "unrouted"])["total"], 0);
    assert_eq!(home.ask(&["number", "route", "--account", "acme"])["routed"], 0);
}

#[test]
fn a_machine_finds_nothing_but_json_beside_a_trial() {
    let home = Home::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("bound").to_string();
    drop(taken);
    add(&home, &address, &["--tls"]);
    let said = home.run(&["carrier", "test", "out", "--timeout", "5", "--json"]).ends_with(1);
    assert_eq!(said.json()["bound"], false);
    for line in said.err.lines() {
        let told: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(told.is_object(), "{line}");
    }
}
