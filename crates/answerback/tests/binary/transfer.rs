//! Import and export, with a server and without.

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::ops::Range;
use std::process::Stdio;

use serde_json::json;

use crate::process::{Home, names, signal, until};

/// Interchange records, one a line.
pub(crate) fn records(ids: Range<u32>) -> String {
    ids.fold(String::new(), |mut text, id| {
        let (minute, second) = (id / 60 % 60, id % 60);
        writeln!(
            text,
            "{{\"id\":\"r-{id}\",\"direction\":\"mt\",\"recipient\":\"46701740605\",\"body\":\"=Hello {id}\",\
             \"created\":\"2026-01-01T00:{minute:02}:{second:02}Z\"}}"
        )
        .expect("written");
        text
    })
}

fn both(test: impl Fn(&Home)) {
    let alone = Home::new();
    alone.account("acme");
    test(&alone);
    let served = Home::new();
    let server = served.serve(&[]);
    served.account("acme");
    test(&served);
    server.stop();
}

#[test]
fn what_was_imported_is_exported() {
    both(|home| {
        let file = home.file("in.ndjson", records(0..3000));
        let file = file.to_str().expect("UTF-8");
        let imported = home.ask(&["import", "--account", "acme", file]);
        assert_eq!(imported, json!({ "lines": 3000, "added": 3000, "known": 0, "merged": 0 }));
        let again = home.ask(&["import", "--account", "acme", file]);
        assert_eq!(again["known"], 3000);
        let exported = home.run(&["export", "--account", "acme"]).ends_with(0);
        assert_eq!(exported.out.lines().count(), 3000);
        assert!(exported.err.starts_with("exported 3000 messages, "), "{}", exported.err);

        home.account("other");
        let back = home.feed(&["import", "--account", "other", "-"], exported.out.as_bytes()).ends_with(0);
        assert!(back.out.contains("3000 messages added"), "{back:?}");
        let csv = ["export", "--account", "acme", "--format", "csv", "--output", "out.csv"];
        let written = home.ask(&csv);
        let text = std::fs::read_to_string(home.path("out.csv")).expect("there");
        assert_eq!((&written["rows"], &written["bytes"]), (&json!(3000), &json!(text.len())));
        assert!(text.lines().count() > 3000 && text.contains("'=Hello 1"), "safe in a spreadsheet");
        let array = home.run(&["export", "--account", "acme", "--format", "json"]).ends_with(0);
        assert_eq!(array.json().as_array().map(Vec::len), Some(3000));
        assert!(!names(&home.path("")).iter().any(|name| name.contains("unfinished")));
    });
}

#[test]
fn exports_are_filtered() {
    let home = Home::new();
    home.account("acme");
    home.feed(&["import", "--account", "acme"], records(0..100).as_bytes()).ends_with(0);
    for (filter, expected) in [
        (&["--from", "2026-01-01T00:01:00Z"][..], 40),
        (&["--to", "2025-12-31"], 0),
        (&["--to", "2026-01-01"], 100),
        (&["--direction", "mo"], 0),
        (&["--state", "queued", "--state", "delivered"], 100),
        (&["--state", "delivered"], 0),
        (&["--country", "se"], 100),
        (&["--country", "FR"], 0),
        (&["--peer", "+46701740605"], 100),
        (&["--text", "HELLO 9"], 11),
        (&["--program", "1"], 100),
    ] {
        let said = home.run(&[&["export", "--account", "acme"], filter].concat()).ends_with(0);
        assert_eq!(said.out.lines().count(), expected, "{filter:?}");
    }
}

#[test]
fn a_bad_line_stops_the_import() {
    both(|home| {
        let text = records(0..500) + "{\"id\":\"x\"}\n" + &records(500..100_000);
        let file = home.file("in.ndjson", text.as_bytes());
        let command = ["import", "--account", "acme", file.to_str().expect("UTF-8")];
        let said = home.run(&command).ends_with(1);
        assert!(
            said.err.contains("line 501: ") && said.err.contains("500 messages up to line 500"),
            "{said:?}"
        );
        home.file("in.ndjson", records(0..1000));
        let resumed = home.ask(&command);
        assert_eq!((&resumed["added"], &resumed["known"]), (&json!(500), &json!(500)));
        let odd = records(2000..2001).replace("\"direction\"", "\"colour\":1,\"direction\"");
        let strict = home.feed(&["import", "--account", "acme"], odd.as_bytes()).ends_with(1);
        assert!(strict.err.contains("line 1: ") && strict.err.contains("colour"), "{strict:?}");
        home.feed(&["import", "--account", "acme", "--lenient"], odd.as_bytes()).ends_with(0);
        home.run(&["import", "--account", "acme", "nowhere.ndjson"]).ends_with(1);
        home.run(&["import", "--account", "nobody"]).ends_with(1);
    });
}

#[test]
fn a_reader_may_have_enough() {
    both(|home| {
        home.feed(&["import", "--account", "acme"], records(0..20_000).as_bytes()).ends_with(0);
        let mut command = home.command(&["export", "--account", "acme"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("started");
        let mut out = child.stdout.take().expect("piped");
        out.read_exact(&mut [0; 100]).expect("read");
        drop(out);
        let output = child.wait_with_output().expect("ended");
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    });
}

#[test]
fn an_export_that_fails_leaves_no_file() {
    let home = Home::new();
    home.account("acme");
    home.file("out.ndjson", "before");
    home.run(&["export", "--account", "nobody", "--output", "out.ndjson"]).ends_with(1);
    assert_eq!(std::fs::read_to_string(home.path("out.ndjson")).expect("there"), "before");
    assert_eq!(names(&home.path("")), ["data", "out.ndjson"]);
    home.run(&["export", "--account", "acme", "--output", "none/out.ndjson"]).ends_with(1);
    let nowhere = home.run(&["export", "--account", "acme", "--output", "/dev/null"]).ends_with(0);
    assert!(nowhere.out.starts_with("exported 0 messages"), "{nowhere:?}");
}

#[test]
fn an_interrupted_import_ends_in_order() {
    let home = Home::new();
    home.account("acme");
    let mut import = home.command(&["import", "--account", "acme"]);
    let mut import = import.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
    let mut stdin = import.stdin.take().expect("piped");
    stdin.write_all(records(0..1000).as_bytes()).expect("fed");
    // It waits for more, which never comes.
    until(|| std::fs::read_to_string(home.path("data/lock")).is_ok_and(|lock| lock.contains("(import)")));
    signal(&import, "INT");
    let output = import.wait_with_output().expect("ended");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("interrupted"), "{output:?}");
    drop(stdin);
    assert_eq!(home.ask(&["check"])["sound"], true);
    assert_eq!(names(&home.path("data")), ["answerback.db", "lock", "server.key"], "closed in order");
}
