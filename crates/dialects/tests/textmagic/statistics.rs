//! Statistics are what the messages themselves add up to.

use serde_json::{Value, json};
use sms::Outcome;

use super::world::{JOHN, MARIA, NOW, World};

#[tokio::test]
async fn messaging() {
    let world = World::filled().await;
    let all = world.read("/stats/messaging").await;
    let keys: Vec<_> = all[0].as_object().expect("an object").keys().cloned().collect();
    assert_eq!(
        keys,
        [
            "replyRate",
            "date",
            "deliveryRate",
            "costs",
            "messagesReceived",
            "messagesSentDelivered",
            "messagesSentAccepted",
            "messagesSentBuffered",
            "messagesSentFailed",
            "messagesSentRejected",
            "messagesSentParts",
        ]
    );
    // Five were sent: two delivered, one undelivered, one queued, one to somebody who had opted out.
    assert_eq!(
        all,
        json!([{"replyRate": 0.4, "date": null, "deliveryRate": 0.4, "costs": 0.75, "messagesReceived": 2,
            "messagesSentDelivered": 2, "messagesSentAccepted": 1, "messagesSentBuffered": 0,
            "messagesSentFailed": 1, "messagesSentRejected": 1, "messagesSentParts": 5}])
    );
    assert_eq!(world.read("/stats/messaging/data").await, json!({"contacts": 1, "sent": 5, "received": 2}));
}

#[tokio::test]
async fn messaging_by_periods() {
    let world = World::empty().await;
    world.import(world.mt(JOHN, "old", Outcome::Delivered), 1, 40 * 86_400).await;
    world.import(world.mt(MARIA, "newer", Outcome::Undelivered), 2, 86_400).await;
    world.send(&world.alice, world.mt(JOHN, "now", Outcome::Delivered)).await;
    let counts = async |query: &str| {
        let items = world.read(&format!("/stats/messaging?{query}")).await;
        let items = items.as_array().expect("a plain array").iter();
        items
            .map(|item| {
                let sent = ["Delivered", "Accepted", "Buffered", "Failed", "Rejected"];
                let sent =
                    sent.iter().map(|word| item[format!("messagesSent{word}")].as_u64().expect("a count"));
                (item["date"].clone(), sent.sum::<u64>())
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(counts("").await, [(Value::Null, 2)], "the last seven days");
    assert_eq!(counts(&format!("start=0&end={NOW}")).await, [(Value::Null, 3)]);
    assert_eq!(counts(&format!("start={}&end={}", NOW - 100_000, NOW - 1)).await, [(Value::Null, 1)]);
    let days = counts("by=day").await;
    assert_eq!((days.len(), days.iter().map(|(_, sent)| sent).sum::<u64>()), (8, 2));
    assert_eq!(days[7], (json!("2024-06-15T00:00:00+0000"), 1));
    let months = counts(&format!("by=month&start={}", NOW - 50 * 86_400)).await;
    let date = |month| json!(format!("2024-0{month}-01T00:00:00+0000"));
    assert_eq!(months, [(date(4), 0), (date(5), 1), (date(6), 2)]);
    assert_eq!(counts("by=year&start=0").await.last().map(|(_, sent)| *sent), Some(3));
    for bad in ["by=week", "start=x", "end=-1", "start=2&end=1", "by=day&start=0"] {
        world.get(&format!("/stats/messaging?{bad}")).await.refusal(400);
    }
}

#[tokio::test]
async fn spending() {
    let world = World::filled().await;
    let page = world.read("/stats/spending?limit=100").await;
    let entries = page["resources"].as_array().expect("resources");
    assert_eq!(entries.len(), 4, "one a session");
    assert_eq!(
        entries[3],
        json!({"id": 1, "userId": 1, "date": "2024-06-15T12:00:00+0000", "balance": 0, "delta": -0.5,
            "type": "sms", "value": "2", "comment": null})
    );
    assert_eq!(world.ids(&format!("/stats/spending?end={NOW}")).await, [1]);
    assert_eq!(world.ids(&format!("/stats/spending?start={}", NOW + 2)).await, [4, 3]);
    world.get("/stats/spending?start=x").await.refusal(400);
}
