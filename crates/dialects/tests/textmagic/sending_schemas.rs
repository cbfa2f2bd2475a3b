//! The shape of what the sending side answers, pinned: keys, their order, their kinds.

use serde_json::Value;

use super::prices::charge;
use super::world::{JOHN, MARIA, NOW, World};

fn pretty(text: &str) -> String {
    let value: Value = serde_json::from_str(text).expect("JSON");
    serde_json::to_string_pretty(&value).expect("writes")
}

#[tokio::test]
async fn reads() {
    let world = World::filled().await;
    charge(&world, world.alice.account.id).await;
    world.post("/templates", "name=Reminder&content=Hello+%7BFirst+name%7D!").await;
    world.post("/senderids", "senderId=HotRod&explanation=x").await;
    let later = format!("text=Happy+New+Year!&phones={JOHN}&sendingTime={}", NOW + 3600);
    world.post("/messages", &later).await;
    world.post("/messages", &format!("{later}&rrule=FREQ%3DDAILY%3BCOUNT%3D2")).await;
    let send = format!("text=hi&phones={JOHN},{MARIA}");
    for (name, path) in [
        ("price", format!("/messages/price?{send}")),
        ("price_normalized", format!("/messages/price/normalized?{send}")),
        ("preview", format!("/messages/preview?{send}")),
        ("schedules", "/schedules".to_owned()),
        ("templates", "/templates".to_owned()),
        ("sender_ids", "/senderids".to_owned()),
        ("sources", "/sources".to_owned()),
        ("stats_messaging", "/stats/messaging?by=month".to_owned()),
        ("stats_spending", "/stats/spending?limit=1".to_owned()),
    ] {
        let reply = world.get(&path).await;
        assert_eq!(reply.status, 200, "{path}");
        insta::assert_snapshot!(name, pretty(&reply.text));
    }
}

#[tokio::test]
async fn refusals() {
    let world = World::empty().await;
    let invalid = world.post("/messages", "phones=1&partsCount=7&cutExtra=x").await;
    insta::assert_snapshot!("invalid_send", pretty(&invalid.text));
    let nobody = world.get("/messages/price?text=hi").await;
    insta::assert_snapshot!("invalid_price", pretty(&nobody.text));
}
