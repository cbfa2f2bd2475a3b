//! `DELETE /v2/batches/{batch}`.

use http::Method;
use serde_json::{Value, json};
use sms::Outcome;

use crate::story::{Story, text};

async fn delete(story: &Story, batch: &str) -> crate::world::Answer {
    let path = format!("/v2/batches/{batch}");
    story.world.ask(Method::DELETE, &path, Some(&story.tester.bearer())).await
}

async fn codes(story: &Story, batch: &str) -> Vec<Value> {
    let messages = story.get(&format!("/v2/batches/{batch}/messages?limit=1000")).await.list();
    messages.iter().map(|message| message["statuses"][0]["code"].clone()).collect()
}

#[tokio::test]
async fn what_is_planned_is_withdrawn() {
    let story = Story::new().await;
    let [_, _, scheduled] = story.batches().await;
    assert_eq!(codes(&story, &scheduled).await, [json!(101)]);
    story.world.wait(30);
    let document = delete(&story, &scheduled).await.ok();
    assert_eq!((&document["id"], &document["status"]), (&json!(scheduled), &json!(203)));
    assert_eq!(document["messageSummary"], json!({"203": {"messages": 1, "sms": 1}}));
    assert_eq!(codes(&story, &scheduled).await, [json!(203)]);
    let message = &story.messages(&scheduled).await[0];
    let one = story.get(&format!("/v2/batches/{scheduled}/messages/{message}")).await.ok();
    let statuses = one["statuses"].as_array().expect("an array");
    assert_eq!(statuses.len(), 2);
    assert_eq!((&statuses[1]["code"], &statuses[1]["duration"]), (&json!(203), &json!(1)));
    assert_eq!(one["modified"], statuses[1]["created"]);
    assert_eq!(text(&statuses[1]["created"]), "2025-06-01T10:03:30Z");
    // Once more is harmless, and adds nothing.
    assert_eq!(delete(&story, &scheduled).await.ok(), document);
    assert_eq!(story.get(&format!("/v2/batches/{scheduled}/messages/{message}")).await.ok(), one);
}

#[tokio::test]
async fn what_went_out_stays() {
    let story = Story::new().await;
    let [batch, mo_batch, _] = story.batches().await;
    story.world.step(&story.tester, story.numbers[2], Outcome::Sending).await;
    let before = story.get(&format!("/v2/batches/{batch}")).await.ok();
    assert_eq!(delete(&story, &batch).await.ok(), before, "nothing of it waits here");
    assert_eq!(codes(&story, &batch).await, [json!(201), json!(111), json!(110)]);
    assert_eq!(delete(&story, &mo_batch).await.ok()["status"], 201);
    assert_eq!(codes(&story, &mo_batch).await, [json!(201)]);
}

#[tokio::test]
async fn a_large_batch_is_withdrawn_whole() {
    let story = Story::new().await;
    let id = story.many(2500).await;
    let document = delete(&story, &id).await.ok();
    assert_eq!(document["messageSummary"], json!({"203": {"messages": 2500, "sms": 2500}}));
    assert_eq!(document["status"], 203);
}
