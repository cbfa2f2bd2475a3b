//! A text is sent through one API, delivered by a simulated SMSC over SMPP, answered by its handset, read with its
//! whole history through a second API, listed in a chat with its reply by a third, and exported by the fourth.
//!
//! What is asked, and what has to come back, is the story that the dialects bring along
//! ([`dialects::kit::story`]). Here it is played against a server and an SMSC in processes of their own, and the
//! answers are then compared with each other; `demo --once` plays the same by itself.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::Stdio;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dialects::kit::story::{Part, Scene, Story, Verdict};
use dialects::kit::{Example, Login};
use serde_json::{Value, json};

use crate::http::{Answer, ask, get, post};
use crate::process::{Home, Server, Simulator, names, signal, until, wait};

/// Sends a request of a dialect.
fn request(address: SocketAddr, username: &str, secret: &str, example: &Example) -> Answer {
    let mut lines = match &example.login {
        Login::Basic => {
            vec![format!("Authorization: Basic {}", STANDARD.encode(format!("{username}:{secret}")))]
        }
        Login::Headers(headers) => headers.iter().map(|(name, value)| format!("{name}: {value}")).collect(),
    };
    lines.extend(example.content.iter().map(|content| format!("Content-Type: {}", content.media_type)));
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    match &example.content {
        Some(content) => post(address, &example.target, &lines, &content.body),
        None => ask(address, "GET", &example.target, &lines),
    }
}

/// Plays the story to its end; gives the last answer of each part.
fn play(address: SocketAddr, scene: &Scene) -> BTreeMap<Part, Value> {
    let mut story = Story::new(&dialects::all(), scene.clone());
    let mut last = BTreeMap::new();
    while let Some(asked) = story.request() {
        let (part, example) = (asked.part, asked.example.clone());
        until(|| {
            let answer = request(address, &scene.username, &scene.secret, &example);
            match story.answer(answer.status, &answer.body) {
                Verdict::Shown(_) => {
                    last.insert(part, serde_json::from_slice(&answer.body).expect("JSON"));
                    true
                }
                Verdict::Missing(_) => false,
                Verdict::Failed(what) => panic!("{part:?}: {what}"),
            }
        });
    }
    last
}

/// A server with one carrier: a link to an SMSC in a process of its own.
fn server(home: &Home, smsc: &Simulator) -> Server {
    let words = ["carrier", "add", "out", "--smpp", &smsc.address, "--system-id", "me", "--password-stdin"];
    home.feed(&words, b"secret\n").ends_with(0);
    home.serve(&[])
}

fn scene(home: &Home) -> Scene {
    let made = home.ask(&["account", "create", "acme"]);
    home.run(&["rates", "set", "--account", "acme", "--default", "0.05"]).ends_with(0);
    let program = home.ask(&["account", "show", "acme"])["default_program"].as_u64().expect("a program");
    let text = |member: &str| made[member].as_str().expect(member).to_owned();
    let program = u32::try_from(program).expect("a number");
    // Whatever happens from the first second of the test on.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    Scene::new(&text("username"), &text("key"), program, u32::try_from(now.as_secs()).expect("in range"))
}

/// The second of a time, whatever the manner it is written in.
fn second(time: &Value) -> String {
    let time = time.as_str().unwrap_or_else(|| panic!("a time: {time}"));
    time.get(..19).expect("to the second").replace(' ', "T")
}

#[test]
fn told_by_a_server_and_an_smsc_in_processes_of_their_own() {
    let home = Home::new();
    let scene = scene(&home);
    let smsc = Simulator::start(&home, &["--profile", "plain"]);
    let server = server(&home, &smsc);
    let told = play(server.address, &scene);
    let [sent, message, chat, page] = Part::ALL.map(|part| told[&part].clone());

    // Sent: two segments, one credit each.
    assert_eq!((&sent["sent"], &sent["cost"], &sent["invalid"]), (&json!(1), &json!(2), &json!(0)), "{sent}");

    // The history: accepted, submitted by us, taken by the carrier, on the handset; no time before the other.
    let statuses = message["statuses"].as_array().expect("statuses");
    let codes: Vec<u64> = statuses.iter().map(|status| status["code"].as_u64().expect("a code")).collect();
    assert!(codes.is_sorted() && codes.starts_with(&[102, 110, 111]) && codes.ends_with(&[201]), "{codes:?}");
    let times: Vec<String> = statuses.iter().map(|status| second(&status["created"])).collect();
    assert!(times.is_sorted(), "{times:?}");
    let durations: Vec<&Value> = statuses.iter().map(|status| &status["duration"]).collect();
    assert_eq!((durations.last(), &durations[..1]), (Some(&&json!(1)), &[&json!(0)][..]), "{statuses:?}");
    assert_eq!(message["modified"], statuses.last().expect("one")["created"]);
    let held = ["body", "sender", "recipient", "reference"].map(|member| message[member].clone());
    assert_eq!(held, [&scene.text, &scene.own, &scene.handset, &scene.reference].map(|text| json!(text)));
    let figures = ["segments", "price", "currency", "datacoding"].map(|member| message[member].clone());
    assert_eq!(figures, [json!(2), json!(0.1), json!("EUR"), json!("ucs")]);

    // The chat: the reply above the text, at the times of the history.
    let lines = chat["resources"].as_array().expect("lines");
    assert_eq!(lines.len(), 2, "{chat}");
    let (reply, out) = (&lines[0], &lines[1]);
    assert_eq!((&reply["direction"], &reply["text"]), (&json!("in"), &json!(scene.reply)));
    assert_eq!((&reply["sender"], &reply["receiver"]), (&json!(scene.handset), &json!(scene.own)));
    assert_eq!(
        (&out["direction"], &out["text"], &out["status"]),
        (&json!("out"), &json!(scene.text), &json!("d"))
    );
    assert_eq!(second(&out["messageTime"]), times[0]);
    assert!(second(&reply["messageTime"]) >= times[0]);

    // The export: exactly these two, in their order, at the same times.
    let exported = page["data"]["messages"].as_array().expect("messages");
    let members = ["type", "deliveryStatus", "number", "body"];
    let shown: Vec<[&Value; 4]> = exported.iter().map(|row| members.map(|member| &row[member])).collect();
    assert_eq!(
        json!(shown),
        json!([
            ["MT", "Delivered", scene.handset, scene.text],
            ["MO", "Received", scene.handset, scene.reply],
        ])
    );
    assert_eq!(second(&exported[0]["date"]), times[0]);
    assert_eq!(second(&exported[1]["date"]), second(&reply["messageTime"]));
    assert_eq!(page["meta"]["nextPageUrl"], Value::Null);

    the_reply_belongs_to_the_text(&home, &server, &scene, &sent);

    // On the other side of the link: two segments taken once each, a receipt for each, one answer.
    until(|| {
        smsc.stats()["mo_acknowledged"] == 1 && smsc.stats()["receipts_acknowledged"].as_u64() >= Some(2)
    });
    let stats = smsc.stats();
    assert_eq!(
        (&stats["submitted"], &stats["accepted"], &stats["duplicates"]),
        (&2.into(), &2.into(), &0.into())
    );
    let metrics = get(server.address, "/metrics");
    for line in ["answerback_messages_accepted_total 1", "answerback_mo_taken_total 1"] {
        assert!(metrics.text().lines().any(|found| found == line), "{line} in {}", metrics.text());
    }
    server.stop();
    smsc.stop();
    home.run(&["check"]).ends_with(0);
}

/// The reply names the text to whoever sent it; the ledger's own export has both.
fn the_reply_belongs_to_the_text(home: &Home, server: &Server, scene: &Scene, sent: &Value) {
    let login = Login::Headers(vec![
        ("Authorization", format!("Bearer {}", scene.secret)),
        ("Accept", "application/json".to_owned()),
    ]);
    let target =
        "/messages?date_start=2020-01-01%2000:00:00&date_end=2100-01-01%2000:00:00&sort=date".to_owned();
    let example = Example { shows: "all", login, target, content: None };
    let answer = request(server.address, &scene.username, &scene.secret, &example);
    let listed: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let [text, reply] = listed["messages"].as_array().expect("messages").as_slice() else {
        panic!("two: {listed}")
    };
    let ticket: u64 = sent["ticket"].as_str().and_then(|ticket| ticket.parse().ok()).expect("a number");
    for (record, status) in [(text, "DELIVERED"), (reply, "incoming_message")] {
        assert_eq!((&record["campaign_id"], &record["status"]), (&json!(ticket), &json!(status)), "{listed}");
        assert_eq!(record["client_message_id"], json!(scene.reference), "{listed}");
    }
    assert_eq!((&text["cost"], &reply["cost"]), (&json!(2), &json!(0)));

    let exported = home.run(&["export", "--account", "acme"]).ends_with(0).out;
    let rows: Vec<Value> =
        exported.lines().map(|line| serde_json::from_str(line).expect("a record")).collect();
    let [text, reply] = rows.as_slice() else { panic!("two: {exported}") };
    assert_eq!((&reply["body"], &reply["direction"]), (&json!(scene.reply), &json!("mo")), "{exported}");
    assert_eq!((&text["price"], &text["credits"]), (&json!("0.1"), &json!(2)), "{exported}");
    let states: Vec<&Value> =
        text["history"].as_array().expect("a history").iter().map(|entry| &entry["state"]).collect();
    assert_eq!((states.first(), states.last()), (Some(&&json!("queued")), Some(&&json!("delivered"))));
}

fn demo(arguments: &[&str]) -> (Home, std::process::Command) {
    let home = Home::new();
    let words = [&["demo", "--once", "--listen", "127.0.0.1:0"], arguments].concat();
    let mut command = home.command(&words);
    command.env_remove("ANSWERBACK_DATA").stdout(Stdio::piped()).stderr(Stdio::piped());
    (home, command)
}

#[test]
fn told_by_the_demonstration() {
    let (home, mut command) = demo(&["--messages", "200"]);
    let output = command.output().expect("run");
    let out = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(output.status.success(), "{out}");
    let titles: Vec<&str> = out
        .lines()
        .filter_map(|line| line.strip_prefix("# ")?.split_once(' '))
        .map(|(_, does)| does)
        .collect();
    assert_eq!(titles, Part::ALL.map(Part::words));
    let (asked, shown) = (out.lines().filter(|line| line.starts_with("curl ")), out.matches("\n   => "));
    assert_eq!((asked.count(), shown.count()), (6, 6), "{out}");
    assert!(!out.contains("NOT AS IT SHOULD BE"), "{out}");
    assert!(names(&home.path("")).is_empty(), "nothing stays behind");
}

#[test]
fn told_by_the_demonstration_to_machines() {
    let (_home, mut command) = demo(&["--messages", "200", "--rate", "0", "--json"]);
    let output = command.output().expect("run");
    assert!(output.status.success(), "{output:?}");
    let lines: Vec<Value> = output
        .stdout
        .split(|octet| *octet == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).expect("JSON"))
        .collect();
    let (first, steps) = lines.split_first().expect("lines");
    assert!(first["examples"].is_array(), "{first}");
    assert_eq!(steps.len(), 6);
    assert!(steps.iter().all(|step| step["well"] == true && step["answer"].is_string()), "{steps:?}");
}

#[test]
fn a_story_that_is_not_told_to_its_end_is_a_failure() {
    let (home, mut command) = demo(&["--messages", "5000000"]);
    let mut child = command.spawn().expect("started");
    until(|| !names(&home.path("")).is_empty());
    signal(&child, "INT");
    assert_eq!(wait(&mut child).code(), Some(1));
    assert!(names(&home.path("")).is_empty(), "nothing stays behind");
}
