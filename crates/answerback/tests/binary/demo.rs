//! The demonstration: its credential, its lines, and that nothing stays behind.

use std::process::{Child, Stdio};

use crate::http::{ask, curl};
use crate::process::{Home, lines_until, names, signal, until, wait};

fn start(home: &Home, arguments: &[&str]) -> Child {
    let mut command = home.command(&[&["demo"], arguments].concat());
    command.env_remove("ANSWERBACK_DATA").stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("started")
}

#[test]
fn every_line_answers() {
    let home = Home::new();
    let mut demo = start(&home, &["--messages", "2000", "--listen", "127.0.0.1:0"]);
    let lines = lines_until(demo.stdout.as_mut().expect("piped"), "Ctrl-C");
    let story = lines.iter().position(|line| line == "Try:").expect("a line to try");
    let (story, lines) = lines.split_at(story);
    assert!(story.iter().any(|line| line.contains("MO Received")), "{story:#?}");
    let curls: Vec<&String> = lines.iter().filter(|line| line.starts_with("curl")).collect();
    assert!(curls.len() >= 6, "{lines:#?}");
    for dialect in dialects::all() {
        let title = format!("# {}: ", dialect.id());
        assert!(lines.iter().any(|line| line.starts_with(&title)), "{title} in {lines:#?}");
    }
    let (sends, reads): (Vec<&String>, Vec<&String>) =
        curls.into_iter().partition(|line| line.contains(" -d "));
    for line in reads.iter().filter(|line| !line.contains("startDate=")) {
        let answer = curl(line);
        assert_eq!(answer.status, 200, "{line}: {answer:?}");
        assert!(answer.body.len() > 100, "there is something to look at: {line}: {}", answer.text());
    }
    assert_eq!(sends.len(), 3, "a send in three dialects: {sends:#?}");
    for line in sends {
        let answer = curl(line);
        assert!((200..300).contains(&answer.status), "{line}: {answer:?}");
    }
    // What was sent by three of them is read in the fourth, and delivered before long.
    let since =
        reads.iter().find(|line| line.contains("startDate=")).expect("a line for what was sent since");
    until(|| {
        let answer = curl(since);
        let text = answer.text();
        assert_eq!(answer.status, 200, "{text}");
        text.matches("Sent through").count() >= 3
    });
    let check = lines.iter().find_map(|line| line.split("answerback check --data ").nth(1));
    home.run(&["check", "--data", check.expect("the directory")]).ends_with(0);
    signal(&demo, "INT");
    assert!(wait(&mut demo).success());
    assert!(names(&home.path("")).is_empty(), "nothing stays behind");
}

#[test]
fn it_can_be_stopped_while_it_generates() {
    let home = Home::new();
    let mut demo = start(&home, &["--messages", "5000000", "--listen", "127.0.0.1:0"]);
    let log = || home.path("").join(names(&home.path("")).first()?).join("answerback.db-wal").metadata().ok();
    until(|| log().is_some_and(|log| log.len() > 1 << 20));
    signal(&demo, "TERM");
    assert!(wait(&mut demo).success());
    assert!(names(&home.path("")).is_empty(), "nothing stays behind");
}

#[test]
fn machines_are_told_in_json() {
    let home = Home::new();
    let mut demo = start(&home, &["--messages", "500", "--listen", "127.0.0.1:0", "--json"]);
    let line = lines_until(demo.stdout.as_mut().expect("piped"), "{").pop().expect("a line");
    let told: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!(told["username"], "demo");
    let address = told["listening"].as_str().and_then(|url| url.strip_prefix("http://")).expect("an address");
    assert_eq!(ask(address.parse().expect("an address"), "GET", "/readyz", &[]).status, 200);
    assert_eq!(curl(told["examples"][0]["curl"].as_str().expect("a line")).status, 200);
    signal(&demo, "TERM");
    assert!(wait(&mut demo).success());
}
