//! What waits for a person's word, what is answered by itself, and who is not written to.

use serde_json::{Value, json};

use crate::carriers::{send, status};
use crate::http::{get, post};
use crate::process::{Home, Server, until};

/// A figure without labels, as it is at this moment.
fn figure(server: &Server, name: &str) -> Option<f64> {
    let page = get(server.address, "/metrics");
    page.text().lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}

#[test]
fn held_messages_are_listed_released_and_refused() {
    let home = Home::new();
    let key = home.account("acme");
    home.ask(&["settings", "set", "--account", "acme", "holds=everything"]);
    let server = home.serve(&[]);
    let long = format!("Hello {}", "x".repeat(60));
    let (first, second) = (send(&server, &key, &long), send(&server, &key, "Buy now"));
    let held = home.ask(&["batch", "held", "--account", "acme"]);
    let batches = held.as_array().expect("a list");
    assert_eq!(batches.len(), 2, "{held}");
    assert_eq!((&batches[0]["held"], &batches[0]["messages"]), (&json!(1), &json!(1)));
    assert_eq!((&batches[0]["text"], &batches[0]["sender"]), (&json!(long), &json!("46737494990")));
    let words = home.run(&["batch", "held", "--account", "acme"]).ends_with(0).out;
    assert!(words.contains("1 of 1") && words.contains("xxx…") && words.contains("Buy now"), "{words}");

    assert_eq!(figure(&server, "answerback_held_messages"), Some(2.0));

    let number = |at: usize| batches[at]["batch"].to_string();
    let released = home.ask(&["batch", "release", "--account", "acme", &number(0)]);
    assert_eq!((&released["released"], &released["messages"]), (&json!(true), &json!(1)));
    let refused = home.run(&["batch", "refuse", "--account", "acme", &number(1)]).ends_with(0);
    assert_eq!(refused.out, format!("refused 1 messages of batch {}\n", number(1)));
    assert_eq!(figure(&server, "answerback_held_messages"), Some(0.0));
    // The built-in simulator takes it.
    until(|| matches!(status(&server, &key, &first), 200..=299));
    assert!(status(&server, &key, &second) >= 400);
    assert_eq!(home.ask(&["batch", "held", "--account", "acme"]), json!([]));
    assert_eq!(home.ask(&["batch", "release", "--account", "acme", &number(1)])["messages"], 0);
    let said = home.run(&["batch", "release", "--account", "acme", "4711"]).ends_with(1);
    assert!(said.err.contains("the account acme has no batch 4711"), "{said:?}");
    server.stop();
    home.run(&["check"]).ends_with(0);
}

#[test]
fn senders_are_listed_approved_and_refused() {
    let home = Home::new();
    let key = home.account("acme");
    home.ask(&["settings", "set", "--account", "acme", "reviews_senders=true"]);
    let server = home.serve(&[]);
    let lines = ["X-TM-Username: acme", &format!("X-TM-Key: {key}"), "Content-Type: application/json"];
    let body = json!({ "senderId": "Acme", "explanation": "Our name" }).to_string();
    assert_eq!(post(server.address, "/api/v2/senderids", &lines, &body).status, 201);
    server.stop();
    let list = home.ask(&["sender", "list", "--account", "acme", "--pending"]);
    let told = |sender: &Value| (sender["sender"].clone(), sender["status"].clone());
    assert_eq!(told(&list[0]), (json!("Acme"), json!("pending")), "{list}");
    assert_eq!(list[0]["explanation"], "Our name");
    let approved = home.ask(&["sender", "approve", "--account", "acme", "Acme"]);
    assert_eq!(told(&approved), (json!("Acme"), json!("active")));
    assert_eq!(home.ask(&["sender", "list", "--account", "acme", "--pending"]), json!([]));
    let refused = home.run(&["sender", "refuse", "--account", "acme", "Acme"]).ends_with(0).out;
    assert!(refused.contains("Acme") && refused.contains("refused"), "{refused}");
    assert_eq!(home.ask(&["sender", "list", "--account", "acme"])[0]["status"], "rejected");
    let said = home.run(&["sender", "approve", "--account", "acme", "Other"]).ends_with(1);
    assert!(said.err.contains("has not registered Other"), "{said:?}");
}

#[test]
fn rules_answer_and_are_removed() {
    let home = Home::new();
    home.account("acme");
    let add = |words: &[&str]| home.run(&[&["reply", "add", "--account", "acme", "--json"], words].concat());
    let all = add(&["Thanks"]).ends_with(0).json();
    assert_eq!(all[0]["text"], "Thanks");
    let all = add(&["--to", "71717", "--keyword", "win", "--sender", "Acme", "You win"]).ends_with(0).json();
    assert_eq!((&all[1]["to"], &all[1]["sender"]), (&json!("71717"), &json!("Acme")));
    for bad in [&[" "][..], &["--keyword", "two words", "x"], &["--sender", "much too long a name", "x"], &[]]
    {
        add(bad).ends_with(2);
    }
    let shown = home.run(&["reply", "list", "--account", "acme"]).ends_with(0).out;
    assert!(shown.contains("(number written to)") && shown.contains("You win"), "{shown}");
    let rule = all[0]["rule"].to_string();
    let left = home.ask(&["reply", "remove", "--account", "acme", &rule]);
    assert_eq!((left.as_array().map(Vec::len), &left[0]["keyword"]), (Some(1), &json!("win")));
    let said = home.run(&["reply", "remove", "--account", "acme", &rule]).ends_with(1);
    assert!(said.err.contains("the account acme has no rule"), "{said:?}");
}

#[test]
fn opt_outs_are_added_and_lifted() {
    let home = Home::new();
    let key = home.account("acme");
    home.ask(&["settings", "set", "--account", "acme", "default_country=SE"]);
    let added = home.ask(&["opt-out", "add", "--account", "acme", "070-174 06 05"]);
    assert_eq!((&added["phone"], &added["source"]), (&json!("46701740605"), &json!("console")));
    let list = home.ask(&["opt-out", "list", "--account", "acme"]);
    assert_eq!(list, json!({ "total": 1, "opt_outs": [added] }));
    assert_eq!(home.ask(&["opt-out", "list", "--account", "acme", "46701740605"]), list);
    assert_eq!(home.ask(&["opt-out", "list", "--account", "acme", "46701740606"])["total"], 0);
    let server = home.serve(&[]);
    let denied = send(&server, &key, "Hello");
    assert!(status(&server, &key, &denied) >= 400);
    let said = home.run(&["opt-out", "lift", "--account", "acme", "46701740605"]).ends_with(0);
    assert_eq!(said.out, "46701740605 is written to again\n");
    let sent = send(&server, &key, "Hello again");
    until(|| matches!(status(&server, &key, &sent), 200..=299));
    server.stop();
    home.run(&["opt-out", "lift", "--account", "acme", "46701740605"]).ends_with(1);
    home.run(&["opt-out", "add", "--account", "acme", "nobody"]).ends_with(2);
    assert!(home.run(&["opt-out", "list", "--account", "acme"]).ends_with(0).out.contains("0 numbers"));
}
