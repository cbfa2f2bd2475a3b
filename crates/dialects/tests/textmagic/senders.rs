//! Sender ids, numbers of one's own, and what may be used of both.

use serde_json::json;
use service::account_settings::AccountSettings;
use service::numbers::NumberClaim;
use service::senders::SenderStatus;

use super::world::{MARIA, OURS, World};

#[tokio::test]
async fn sender_ids_from_registration_to_removal() {
    let world = World::empty().await;
    let made = world.post("/senderids", "senderId=HotRod&explanation=our+name").await;
    assert_eq!((made.status, made.text.as_str()), (201, r#"{"id":1,"href":"/api/v2/senderids/1"}"#));
    assert_eq!(world.post("/senderids", "senderId=HotRod&explanation=again").await.text, made.text);
    let one = world.get("/senderids/1").await.text;
    let user = world.get("/user").await.text;
    assert_eq!(one, format!(r#"{{"id":1,"senderId":"HotRod","user":{user},"status":"A"}}"#));
    assert_eq!(world.ids("/senderids").await, [1]);
    for bad in ["TwelveLetter", "12345", "Hot+Rod", "H%C3%B6t", "", "-"] {
        let reply = world.post("/senderids", &format!("senderId={bad}&explanation=x")).await;
        assert_eq!(reply.blamed(), ["senderId"], "{bad}");
    }
    assert_eq!(world.post("/senderids", "senderId=Fine").await.blamed(), ["explanation"]);
    assert_eq!(world.delete("/senderids/1").await.status, 204);
    world.delete("/senderids/1").await.refusal(404);
    world.get("/senderids/1").await.refusal(404);
}

#[tokio::test]
async fn a_review_comes_first_where_there_is_one() {
    let world = World::empty().await;
    let account = world.alice.account.id;
    let settings = AccountSettings { reviews_senders: true, ..AccountSettings::default() };
    world.service.put_settings(account, &settings).await.expect("kept");
    world.post("/senderids", "senderId=HotRod&explanation=x").await;
    let status = async || world.read("/senderids/1").await["status"].clone();
    assert_eq!((status().await, &world.read("/sources").await["senderIds"]), (json!("P"), &json!([])));
    world.service.set_sender_status(account, 1, SenderStatus::Rejected).await.expect("set");
    assert_eq!(status().await, "R");
    world.service.set_sender_status(account, 1, SenderStatus::Active).await.expect("set");
    assert_eq!(
        (status().await, &world.read("/sources").await["senderIds"]),
        (json!("A"), &json!(["HotRod"]))
    );
}

/// A number that people write to is one to write from, unless senders have to be registered.
#[tokio::test]
async fn claimed_numbers_are_sources() {
    let world = World::empty().await;
    let account = world.alice.account.id;
    for (number, keyword) in
        [(OURS, None), (MARIA, Some("vote")), (MARIA, Some("win")), ("71717", Some("go"))]
    {
        let keyword = keyword.map(str::to_owned);
        let claim = NumberClaim { number: number.to_owned(), keyword, program: 0 };
        world.service.claim_number(account, claim).await.expect("claimed");
    }
    world.service.register_sender(account, OURS, "").await.expect("registered");
    let shown = async |query: &str| {
        let sources = world.read(&format!("/sources{query}")).await;
        json!([sources["dedicated"], sources["shared"]])
    };
    assert_eq!(shown("").await, json!([[OURS], [MARIA, "71717"]]));
    assert_eq!(shown("?country=SE").await, json!([[], [MARIA]]));
    let settings = AccountSettings { registers_senders: true, ..AccountSettings::default() };
    world.service.put_settings(account, &settings).await.expect("kept");
    assert_eq!(shown("").await, json!([[OURS], []]));
}

#[tokio::test]
async fn no_numbers_are_sold() {
    let world = World::empty().await;
    let offer = world.get("/numbers/available?country=GB&prefix=447&tollfree=0").await;
    assert_eq!((offer.status, offer.text.as_str()), (200, r#"{"numbers":[],"price":0,"giftType":"none"}"#));
    world.get("/numbers/available").await.refusal(400);
    world.get("/numbers/available?country=Mars").await.refusal(400);
    let wanted = world.post("/numbers", "phone=447860021130&country=GB&userId=1").await;
    assert_eq!(wanted.blamed(), ["phone"]);
    assert_eq!(world.post("/numbers", "").await.blamed(), ["phone", "country", "userId"]);
}

#[tokio::test]
async fn numbers_and_sources() {
    let world = World::empty().await;
    let account = world.alice.account.id;
    for sender in [OURS, MARIA, "HotRod"] {
        world.service.register_sender(account, sender, "").await.expect("registered");
    }
    let settings = AccountSettings { default_sender: Some("House".to_owned()), ..AccountSettings::default() };
    world.service.put_settings(account, &settings).await.expect("kept");
    let sources = json!({"dedicated": [OURS, MARIA], "user": [], "shared": [], "senderIds": ["HotRod", "House"],
        "userCarrierTwilio": [], "userCarrierVonage": [], "userCarrierSinch": []});
    assert_eq!(world.read("/sources").await, sources);
    assert_eq!(world.read("/sources?country=SE").await["dedicated"], json!([MARIA]));
    world.get("/sources?country=Mars").await.refusal(400);
    assert_eq!(world.ids("/senderids").await, [3], "numbers are no sender ids");
    assert_eq!(world.ids("/numbers").await, [2, 1]);
    let user = world.read("/user").await;
    let number = json!({"id": 1, "user": user, "purchasedAt": "2024-06-15T12:00:00+0000",
        "expireAt": "9999-12-31T23:59:59+0000", "phone": OURS,
        "country": {"id": "IM", "name": "Isle of Man"}, "status": "A"});
    assert_eq!(world.read("/numbers/1").await, number);
    world.get("/numbers/3").await.refusal(404);
    world.delete("/numbers/3").await.refusal(404);
    assert_eq!(world.delete("/numbers/2").await.status, 204);
    assert_eq!(world.read("/sources").await["dedicated"], json!([OURS]));
}
