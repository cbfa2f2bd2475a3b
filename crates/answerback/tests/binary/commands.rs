//! Accounts, keys, programs, check: what is printed, and how it ends.

use std::os::unix::fs::MetadataExt;

use serde_json::json;

use crate::process::{Home, names};

#[test]
fn an_account_has_a_key_and_a_program() {
    let home = Home::new();
    let made = home.ask(&["account", "create", "acme", "--username", "acme-api", "--currency", "sek"]);
    let key = made["key"].as_str().expect("a key").to_owned();
    assert_eq!(made, json!({ "account": "acme", "username": "acme-api", "key": key, "id": 1 }));
    assert_eq!(key.len(), 32);
    let shown = home.ask(&["account", "show", "acme"]);
    assert_eq!(shown["currency"], "SEK");
    assert_eq!(shown["balance"], json!(null));
    assert_eq!(shown, home.ask(&["account", "show", "1"]), "by number too");
    let program = home.ask(&[
        "program",
        "create",
        "--account",
        "acme",
        "--name",
        "Alerts",
        "--campaign",
        "C",
        "--type",
        "T",
    ]);
    assert_eq!(program, json!({ "program": 2 }));
    let programs = home.ask(&["program", "list", "--account", "acme"]);
    assert_eq!(programs[1], json!({ "program": 2, "name": "Alerts", "campaign": "C", "type": "T" }));
    assert_eq!(shown["default_program"], programs[0]["program"]);
    let words = home.run(&["account", "list"]).ends_with(0);
    assert!(words.out.contains("acme-api") && !words.out.contains('\x1b') && !words.out.contains(&key));
    home.run(&["account", "create", "acme"]).ends_with(1);
    home.run(&["account", "show", "nobody"]).ends_with(1);
}

#[test]
fn the_data_directory_is_ours_alone() {
    let home = Home::new();
    for command in [&["account", "list"][..], &["check"], &["export", "--account", "a"]] {
        let said = home.run(command).ends_with(3);
        assert!(said.err.contains("there is no ledger in"), "{said:?}");
    }
    assert!(!home.path("data").exists(), "asking makes nothing");
    home.account("acme");
    let mode = |path: &str| home.path(path).metadata().expect("there").mode() & 0o777;
    assert_eq!((mode("data"), mode("data/server.key")), (0o700, 0o600));
    assert_eq!(names(&home.path("data")), ["answerback.db", "lock", "server.key"]);
    std::fs::remove_file(home.path("data/server.key")).expect("removed");
    let said = home.run(&["account", "list"]).ends_with(3);
    assert!(said.err.contains("server.key is missing beside the ledger"), "{said:?}");
}

#[test]
fn money_is_for_the_prepaid() {
    let home = Home::new();
    home.ask(&["account", "create", "shop", "--prepaid"]);
    home.account("acme");
    assert_eq!(home.ask(&["account", "fund", "shop", "100"])["balance"], "100");
    assert_eq!(home.ask(&["account", "fund", "shop", "-0.25"])["balance"], "99.75");
    let said = home.run(&["account", "fund", "acme", "1"]).ends_with(1);
    assert!(said.err.contains("not prepaid"), "{said:?}");
    home.run(&["account", "fund", "shop", "1,5"]).ends_with(2);
    assert_eq!(home.ask(&["account", "disable", "shop"])["disabled"], true);
    assert_eq!(home.ask(&["account", "enable", "shop"])["disabled"], false);
}

#[test]
fn keys_are_made_adopted_and_revoked() {
    let home = Home::new();
    let first = home.account("acme");
    let made = home.ask(&["key", "create", "--account", "acme", "--username", "second"]);
    let second = made["key"].as_str().expect("a secret");
    assert_eq!(made, json!({ "username": "second", "key": second, "id": 2 }));
    let adopt = ["key", "adopt", "--account", "acme", "--json"];
    let adopted = home.feed(&adopt, b"an-old-secret\n").ends_with(0);
    assert!(adopted.err.is_empty() && adopted.json()["key"] == 3, "{adopted:?}");
    home.feed(&adopt, b"an-old-secret").ends_with(1);
    home.feed(&adopt, b"short").ends_with(2);
    home.feed(&adopt, b"").ends_with(2);
    let file = home.file("secret", "from-a-file\n");
    let more = [
        "--secret-file",
        file.to_str().expect("UTF-8"),
        "--expires",
        "2027-01-31",
        "--allow-address",
        "10.0.0.0/8",
    ];
    home.run(&[&adopt[..], &more].concat()).ends_with(0);
    let said = home.run(&["key", "adopt", "--account", "acme", "--secret", "on-the-line"]).ends_with(0);
    assert!(said.err.contains("warning: --secret"), "{said:?}");
    home.run(&["key", "create", "--account", "acme", "--allow-address", "here"]).ends_with(2);
    home.run(&["key", "create", "--account", "acme", "--expires", "soon"]).ends_with(2);
    assert_eq!(home.ask(&["key", "revoke", "--account", "acme", "2"])["revoked"], true);
    home.run(&["key", "revoke", "--account", "acme", "77"]).ends_with(1);
    let keys = home.ask(&["key", "list", "--account", "acme"]);
    assert_eq!(keys.as_array().map(Vec::len), Some(5));
    assert_eq!(keys[3]["expires"], "2027-01-31T00:00:00Z");
    assert_eq!(keys[3]["addresses"], json!(["10.0.0.0/8"]));
    let shown = home.run(&["key", "list", "--account", "acme"]).ends_with(0).out + &keys.to_string();
    for secret in [first.as_str(), second, "an-old-secret", "from-a-file", "on-the-line"] {
        assert!(!shown.contains(secret), "{secret} is shown");
    }
}

#[test]
fn a_machine_is_told_in_json_what_is_wrong_with_its_command_line() {
    let home = Home::new();
    for (arguments, what) in [
        (&["account", "fund", "acme", "much", "--json"][..], "not a decimal number"),
        (&["nonsense", "--json"], "unrecognized subcommand 'nonsense'"),
        (&["--json", "key"], "a subcommand is missing"),
        (&["--json", "program", "create", "--account", "acme"], "--name <NAME>"),
    ] {
        let said = home.run(arguments).ends_with(2);
        let told: serde_json::Value = serde_json::from_str(&said.err).expect("JSON on standard error");
        let error = told["error"].as_str().expect("a text");
        assert!(error.contains(what) && !error.contains("Usage"), "{said:?}");
        assert_eq!((&told["exit"], said.out.as_str()), (&json!(2), ""));
    }
    let people = home.run(&["account", "fund", "acme", "much"]).ends_with(2).err;
    assert!(people.starts_with("error: ") && people.contains("--help"), "{people}");
    // What stands behind two dashes is no option.
    let said = home.run(&["account", "fund", "acme", "much", "--", "--json"]).ends_with(2).err;
    assert!(said.starts_with("error: "), "{said}");
    assert!(home.run(&["--help", "--json"]).ends_with(0).out.contains("Exit codes"));
}

#[test]
fn a_check_finds_what_is_broken() {
    let home = Home::new();
    home.account("acme");
    home.feed(&["import", "--account", "acme"], crate::transfer::records(0..50).as_bytes()).ends_with(0);
    let sound = home.ask(&["check"]);
    assert_eq!((&sound["sound"], &sound["messages"]), (&json!(true), &json!(50)));
    let said = home.run(&["check"]).ends_with(0);
    assert!(said.out.contains("50  messages\n") && said.out.ends_with("every invariant holds\n"), "{said:?}");
    let database = rusqlite::Connection::open(home.path("data/answerback.db")).expect("opened");
    database.execute("UPDATE day_sum SET messages = messages + 1", []).expect("broken");
    drop(database);
    let said = home.run(&["check"]).ends_with(1);
    assert!(said.out.contains("broken: ") && said.err.contains("invariants are broken"), "{said:?}");
    let found = home.run(&["check", "--json"]).ends_with(1);
    assert_eq!(found.json()["sound"], false);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&found.err).expect("JSON")["exit"], 1);
}

#[test]
fn wrong_words_end_with_2_and_help_with_0() {
    let home = Home::new();
    for wrong in [
        &["dance"][..],
        &[],
        &["account"],
        &["account", "create"],
        &["account", "create", "a", "--currency", "EURO"],
        &["export", "--account", "a", "--state", "gone"],
        &["serve", "--tls-cert", "x"],
        &["demo", "--messages", "-1"],
        &["demo", "--data", "x"],
        &["key", "adopt", "--account", "a", "--secret", "x", "--secret-file", "y"],
    ] {
        home.run(wrong).ends_with(2);
    }
    let help = home.run(&["key", "adopt", "--help"]).ends_with(0);
    assert!(help.out.contains("answerback key adopt --account acme <"), "{help:?}");
    assert!(home.run(&["--version"]).ends_with(0).out.starts_with("answerback "));
    let said = home.run(&["account", "list", "--json"]).ends_with(3);
    let error: serde_json::Value = serde_json::from_str(&said.err).expect("JSON");
    assert!(error["exit"] == 3 && error["error"].as_str().is_some_and(|text| text.contains("no ledger")));
}

#[test]
fn shells_complete() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let said = home.run(&["completions", shell]).ends_with(0);
        assert!(said.out.contains("answerback") && said.out.contains("lenient"), "{shell}");
    }
    home.run(&["completions", "tcsh"]).ends_with(2);
}
