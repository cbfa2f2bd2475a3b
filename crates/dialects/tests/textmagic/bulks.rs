//! Many recipients at once.

use serde_json::Value;

use super::sending::sent;
use super::world::{JOHN, World};

fn phones(count: u64) -> String {
    let phones: Vec<String> = (0..count).map(|at| (447_860_000_000 + at).to_string()).collect();
    phones.join(",")
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_thousand_are_a_bulk() {
    let world = World::empty().await;
    assert_eq!(
        sent(&world.post("/messages", &format!("text=hi&phones={}", phones(1000))).await)["type"],
        "session"
    );
    let text = "Hello {First name}";
    let body = serde_json::json!({"text": text, "phones": phones(10_000)}).to_string();
    let answer = sent(&world.post_json("/messages", &body).await);
    assert_eq!((&answer["type"], &answer["href"]), (&"bulk".into(), &"/api/v2/bulks/1".into()));
    assert_eq!((&answer["bulkId"], &answer["id"]), (&1.into(), &1.into()));
    assert_eq!((&answer["sessionId"], &answer["messageId"]), (&Value::Null, &Value::Null));
    let bulk = world.read("/bulks/1").await;
    let keys: Vec<_> = bulk.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["id", "status", "itemsProcessed", "itemsTotal", "createdAt", "session", "text"]);
    assert_eq!((&bulk["status"], &bulk["text"]), (&"c".into(), &text.into()));
    assert_eq!((&bulk["itemsProcessed"], &bulk["itemsTotal"]), (&10_000.into(), &10_000.into()));
    assert_eq!(bulk["createdAt"], "2024-06-15T12:00:00+0000");
    assert_eq!((&bulk["session"]["id"], &bulk["session"]["numbersCount"]), (&2.into(), &10_000.into()));
    let later = format!("text=hi&phones={}&sendingTime={}", phones(1500), super::world::NOW + 60);
    let schedule = sent(&world.post("/messages", &later).await)["scheduleId"].clone();
    let schedule = world.read(&format!("/schedules/{schedule}")).await;
    assert_eq!(
        (&schedule["recipientsCount"], &schedule["contactName"]),
        (&1500.into(), &"1500 recipients".into())
    );
    assert_eq!(schedule["parameters"]["recipients"]["numbers"].as_array().map(Vec::len), Some(1000));
    let list = world.read("/bulks").await;
    assert_eq!((&list["resources"][0], &list["pageCount"]), (&bulk, &1.into()));
    let messages = world.read("/sessions/2/messages?limit=100&page=100").await;
    assert_eq!(
        (&messages["pageCount"], messages["resources"].as_array().map(Vec::len)),
        (&100.into(), Some(100))
    );
    assert_eq!(world.delete("/sessions/2").await.status, 204);
    let gone = world.read("/bulks/1").await;
    assert_eq!((&gone["session"], &gone["text"]), (&Value::Null, &"".into()));
    assert_eq!(gone["itemsTotal"], 10_000);
    world.get("/bulks/2").await.refusal(404);
    world.get("/bulks/abc").await.refusal(404);
}

#[tokio::test]
async fn an_account_without_any() {
    let world = World::empty().await;
    sent(&world.post("/messages", &format!("text=hi&phones={JOHN}")).await);
    for path in ["/bulks", "/invoices", "/numbers", "/senderids", "/schedules", "/templates"] {
        let reply = world.get(path).await;
        assert_eq!(reply.text, r#"{"page":1,"limit":10,"pageCount":1,"resources":[]}"#, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn there_may_be_too_many() {
    let world = World::empty().await;
    let reply = world.post("/messages", &format!("text=hi&phones={}", phones(100_001))).await;
    let body = reply.refusal(400);
    assert!(body["errors"]["common"][0].as_str().is_some_and(|text| text.contains("100000")), "{body}");
    assert_eq!(world.ids("/messages").await, [0_u64; 0]);
}
