//! The list of places and the places in the code are the same, each where it belongs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Where each place stands: the only file that has it.
const STANDS: [(&str, &str); 19] = [
    ("commit.begun", "ledger/src/sqlite/writer.rs"),
    ("commit.written_one", "ledger/src/sqlite/writer.rs"),
    ("commit.written", "ledger/src/sqlite/writer.rs"),
    ("commit.synced", "ledger/src/sqlite/writer.rs"),
    ("commit.applied", "ledger/src/sqlite/writer.rs"),
    ("commit.answered_one", "ledger/src/sqlite/writer.rs"),
    ("restart.doubted", "service/src/gateway/restart.rs"),
    ("dispatch.leased", "service/src/gateway/dispatch/hand_over.rs"),
    ("straight.leased", "service/src/gateway/straight.rs"),
    ("dispatch.submitted", "service/src/gateway/lane.rs"),
    ("dispatch.recorded", "service/src/gateway/commit.rs"),
    ("receipt.recorded", "service/src/gateway/commit.rs"),
    ("message.gathered", "service/src/receive_message.rs"),
    ("message.recorded", "service/src/gateway/events.rs"),
    ("reply.owed", "service/src/receive_message.rs"),
    ("reply.submitted", "service/src/receive_message/answer.rs"),
    ("schedule.made", "service/src/schedules/materialise.rs"),
    ("webhook.told", "service/src/webhooks/lane.rs"),
    ("webhook.recorded", "service/src/webhooks/lane.rs"),
];

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_listed_place_is_in_the_code_once_and_where_it_belongs() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace").to_owned();
    let mut files = Vec::new();
    for entry in fs::read_dir(&crates).expect("crates") {
        let source = entry.expect("an entry").path().join("src");
        if source.is_dir() && !source.starts_with(crates.join("faults")) {
            sources(&source, &mut files);
        }
    }
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("text");
        let file = file.strip_prefix(&crates).expect("below the crates").to_string_lossy().into_owned();
        for call in text.split("faults::place(\"").skip(1) {
            let name = call.split('"').next().expect("a name").to_owned();
            found.entry(name).or_default().push(file.clone());
        }
    }
    let expected: BTreeMap<String, Vec<String>> =
        STANDS.iter().map(|(place, file)| ((*place).to_owned(), vec![(*file).to_owned()])).collect();
    assert_eq!(found, expected);
    let listed: Vec<&str> = STANDS.iter().map(|(place, _)| *place).collect();
    assert_eq!(faults::PLACES, listed, "the list has the same, in the same order");
}
