//! What a page holds.

use serde_json::{Value, json};
use sms::{Direction, Outcome};

use crate::story::{Story, link, messages};
use crate::world::{batch, entries, mo, mt};

#[tokio::test]
async fn schema() {
    let story = Story::new().await;
    let (world, program) = (&story.world, story.spring.number);
    let mut last = mo(world.now(), program, "15556667777", "Ja, gärna!\n\"Åker\" \\ vid åtta \u{1F44D}\u{7}");
    last.network.name = Some("T-Mobile".to_owned());
    world.receive(&story.tester, last).await;
    let answer = story.export("").await;
    assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
    let many = story.export("pageSize=2&messageType=mt").await;
    let refused = story.export("pageSize=0&page=x").await;
    insta::with_settings!({snapshot_path => "snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_json_snapshot!("page", answer.ok());
        insta::assert_json_snapshot!("first_of_many", many.ok());
        insta::assert_json_snapshot!("refusal", refused.json());
    });
}

#[tokio::test]
async fn members() {
    let story = Story::new().await;
    let page = story.export("").await.ok();
    assert_eq!(page.as_object().expect("an object").keys().collect::<Vec<_>>(), ["meta", "data"]);
    assert_eq!(page["meta"], json!({"generalErrors": [], "nextPageUrl": null}));
    let names: Vec<&String> = page["data"].as_object().expect("an object").keys().collect();
    assert_eq!(names, ["campaignName", "programName", "programType", "messages"]);
    assert_eq!(page["data"]["programName"], "Spring offers");
    for (index, message) in messages(&page).iter().enumerate() {
        let members: Vec<&String> = message.as_object().expect("an object").keys().collect();
        assert_eq!(members, ["type", "deliveryStatus", "number", "body", "date", "network"]);
        let (kind, status) = if index % 2 == 0 { ("MT", "Processing") } else { ("MO", "Received") };
        assert_eq!((&message["type"], &message["deliveryStatus"]), (&json!(kind), &json!(status)));
        assert_eq!(message["number"], "46701740605");
        assert_eq!(message["network"], Value::Null);
    }
    assert_eq!(messages(&page)[9]["date"], "2025-06-01T10:00:00.00");
}

#[tokio::test]
async fn every_outcome_has_its_word() {
    let story = Story::empty().await;
    let (world, program) = (&story.world, story.spring.number);
    let all: Vec<Outcome> =
        Outcome::ALL.iter().copied().filter(|outcome| outcome.direction() == Direction::Mt).collect();
    for &outcome in &all {
        let mut message = mt(world.now(), program, "46701740605", &outcome.to_string());
        message.outcome = outcome;
        message.history = entries(world.now(), &[outcome]);
        world.submit(&story.tester, batch(world.now(), vec![message])).await;
    }
    let page = story.export("pageSize=500").await.ok();
    assert_eq!(messages(&page).len(), all.len());
    for (message, outcome) in messages(&page).iter().zip(all) {
        assert_eq!(message["body"], outcome.to_string());
        assert_eq!(message["deliveryStatus"], dialects::mgage::word(outcome), "{outcome}");
    }
}

#[tokio::test]
async fn a_scheduled_message_is_left_out_until_it_is_due() {
    let story = Story::new().await;
    let planned = story.plan(600, "later").await;
    assert_eq!(story.bodies("").await.len(), 10);
    assert_eq!(story.bodies("endDate=2030-01-01T00:00:00").await.len(), 10);
    story.world.wait(599);
    assert_eq!(story.bodies("").await.len(), 10);
    story.world.wait(1);
    let page = story.export("").await.ok();
    let last = &messages(&page)[10];
    assert_eq!((&last["body"], &last["deliveryStatus"]), (&json!("later"), &json!("Processing")));
    assert_eq!(last["date"], "2025-06-01T10:10:00.00");
    story.world.step(&story.tester, planned, Outcome::Sending).await;
    story.world.step(&story.tester, planned, Outcome::Submitted).await;
    assert_eq!(messages(&story.export("").await.ok())[10]["deliveryStatus"], "Sent");
    assert_eq!(link(&story.export("").await.ok()), None);
}

#[tokio::test]
async fn a_message_of_another_program_is_not_in_this_one() {
    let story = Story::new().await;
    let (world, tester) = (&story.world, &story.tester);
    world.receive(tester, mo(world.now(), tester.program, "46701740605", "elsewhere")).await;
    assert_eq!(story.bodies("").await.len(), 10);
    let page = story.get(&format!("/api/messages/program/{}", tester.program)).await.ok();
    assert_eq!(crate::story::bodies(&page), ["elsewhere"]);
    let names = ["campaignName", "programName", "programType"];
    assert!(names.iter().all(|name| page["data"][name].as_str().is_some_and(|text| !text.is_empty())));
}
