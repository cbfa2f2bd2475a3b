//! Every outcome and note as status codes, through the ledger.

use ledger::model::{Entry, Word};
use serde_json::{Value, json};
use sms::{Direction, Micros, Note, Outcome};

use crate::story::text;
use crate::world::{World, batch, entries, mt};

#[tokio::test]
async fn every_outcome_has_its_code_everywhere() {
    let world = World::new().await;
    let tester = world.tester().await;
    let all: Vec<Outcome> =
        Outcome::ALL.iter().copied().filter(|outcome| outcome.direction() == Direction::Mt).collect();
    for &outcome in &all {
        let mut message = mt(world.now(), tester.program, "46701740605", "Hello");
        message.outcome = outcome;
        message.history = entries(world.now(), &[Outcome::Queued, outcome]);
        if outcome == Outcome::Queued {
            message.history.pop();
        }
        world.submit(&tester, batch(world.now(), vec![message])).await;
        world.wait(10);
    }
    let batches = world.get("/v2/batches", &tester.bearer()).await.list();
    assert_eq!(batches.len(), all.len());
    for (document, outcome) in batches.iter().zip(all) {
        let code = dialects::ip1::code(outcome).expect("every MT is shown");
        assert_eq!(document["status"], code, "{outcome}");
        let path = format!("/v2/batches/{}", text(&document["id"]));
        let whole = world.get(&path, &tester.bearer()).await.ok();
        assert_eq!(whole["messageSummary"], json!({ code.to_string(): {"messages": 1, "sms": 1} }));
        let messages = world.get(&format!("{path}/messages"), &tester.bearer()).await.list();
        let newest = &messages[0]["statuses"][0];
        assert_eq!(
            (&newest["code"], &newest["duration"]),
            (&json!(code), &json!(u8::from(outcome.is_final())))
        );
    }
}

#[tokio::test]
async fn notes_and_equal_codes() {
    let world = World::new().await;
    let tester = world.tester().await;
    let mut message = mt(world.now(), tester.program, "46701740605", "Hello");
    let note = |note| Entry { word: Word::Note(note), ..Entry::new(world.now(), Outcome::Queued) };
    let step = |outcome| Entry::new(world.now(), outcome);
    message.outcome = Outcome::Failed;
    message.history = vec![
        step(Outcome::Held),
        step(Outcome::Queued),
        note(Note::Funded),
        note(Note::Retry),
        step(Outcome::Failed),
        note(Note::Refunded),
        note(Note::Contradiction),
    ];
    world.submit(&tester, batch(world.now(), vec![message])).await;
    let id = text(&world.get("/v2/batches", &tester.bearer()).await.list()[0]["id"]);
    let path = format!("/v2/batches/{id}/messages");
    let listed = world.get(&path, &tester.bearer()).await.list();
    let codes = |statuses: &Value| {
        let statuses = statuses.as_array().expect("an array");
        statuses.iter().map(|s| (s["code"].clone(), s["duration"].clone())).collect::<Vec<_>>()
    };
    // The money goes back in the moment in which the message ends: what ended it is the last word.
    assert_eq!(codes(&listed[0]["statuses"]), [(json!(502), json!(1))]);
    let one = world.get(&format!("{path}/{}", text(&listed[0]["id"])), &tester.bearer()).await.ok();
    let expected = [(102, 0), (102, 0), (103, 0), (104, 0), (502, 1)];
    assert_eq!(codes(&one["statuses"]), expected.map(|(code, duration)| (json!(code), json!(duration))));
    // Sums go by outcomes.
    let whole = world.get(&format!("/v2/batches/{id}"), &tester.bearer()).await.ok();
    assert_eq!(whole["messageSummary"], json!({"502": {"messages": 1, "sms": 1}}));
}

#[tokio::test]
async fn money_that_went_back_later_is_told_when_it_was() {
    let world = World::new().await;
    let tester = world.tester().await;
    let mut message = mt(world.now(), tester.program, "46701740605", "Hello");
    let later = Micros::from_seconds(world.now().seconds() + 5);
    message.outcome = Outcome::Failed;
    message.history = vec![
        Entry::new(world.now(), Outcome::Queued),
        Entry::new(world.now(), Outcome::Failed),
        Entry { word: Word::Note(Note::Refunded), ..Entry::new(later, Outcome::Queued) },
    ];
    world.submit(&tester, batch(world.now(), vec![message])).await;
    let id = text(&world.get("/v2/batches", &tester.bearer()).await.list()[0]["id"]);
    let path = format!("/v2/batches/{id}/messages");
    let listed = world.get(&path, &tester.bearer()).await.list();
    assert_eq!(listed[0]["statuses"][0]["code"], 104);
    let one = world.get(&format!("{path}/{}", text(&listed[0]["id"])), &tester.bearer()).await.ok();
    let statuses = one["statuses"].as_array().expect("an array");
    let told: Vec<_> = statuses.iter().map(|status| (&status["code"], text(&status["created"]))).collect();
    assert_eq!(told[1], (&json!(502), "2025-06-01T10:00:00Z".to_owned()));
    assert_eq!(told[2], (&json!(104), "2025-06-01T10:00:05Z".to_owned()));
}
