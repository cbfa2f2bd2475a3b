//! Unsubscribers.

use http::Method;
use serde_json::json;
use service::opt_outs::OptOutSource;

use super::people::{linked, made, put};
use super::world::{JOHN, MARIA, NOWHERE, PAUL, With, World, request};

#[tokio::test]
async fn they_are_added_and_read() {
    let world = World::filled().await;
    assert_eq!(
        world.get("/unsubscribers").await.text,
        r#"{"page":1,"limit":10,"pageCount":1,"resources":[]}"#
    );
    assert_eq!(made(&world, "unsubscribers", &format!("phone=%2B{JOHN}")).await, 1);
    let expected = concat!(
        r#"{"id":1,"phone":"447860021130","unsubscribeTime":"2024-06-15T12:00:06+0000","#,
        r#""firstName":"John","lastName":"Conway"}"#
    );
    assert_eq!(world.get("/unsubscribers/1").await.text, expected);
    world.pass(60);
    let json = format!(r#"{{"phone":"{MARIA}","blockIncoming":0}}"#);
    assert_eq!(linked(&world.post_json("/unsubscribers", &json).await, "unsubscribers"), 2);
    let maria = world.read("/unsubscribers/2").await;
    assert_eq!(json!([maria["firstName"], maria["lastName"]]), json!([null, null]));
    assert_eq!(made(&world, "unsubscribers", &format!("phone={JOHN}")).await, 1, "as it was");
    assert_eq!(world.get("/unsubscribers/1").await.text, expected);
    assert_eq!(world.ids("/unsubscribers?search=False").await, [2, 1]);
    assert_eq!(world.ids("/unsubscribers?page=2&limit=1").await, [1]);
    assert_eq!(world.read("/chats/1").await["unsubscribedContactId"], 1);
    assert_eq!(world.read("/contacts/1").await["blocked"], false);
}

#[tokio::test]
async fn who_wrote_stop_is_among_them() {
    let world = World::filled().await;
    let account = world.alice.account.id;
    world.service.opt_out(account, &format!("+{PAUL}"), OptOutSource::Message(4)).await.expect("kept");
    assert_eq!(world.read("/unsubscribers").await["resources"][0]["phone"], PAUL);
}

#[tokio::test]
async fn blocking_with_it() {
    let world = World::filled().await;
    assert_eq!(made(&world, "unsubscribers", &format!("phone={JOHN}&blockIncoming=1")).await, 1);
    assert_eq!(world.read("/contacts/1").await["blocked"], true);
    assert_eq!(made(&world, "unsubscribers", &format!("phone={MARIA}&blockIncoming=1")).await, 2);
    assert_eq!(world.read(&format!("/contacts/phone/{MARIA}")).await["blocked"], true, "made for it");
}

#[tokio::test]
async fn there_is_no_way_back() {
    let world = World::filled().await;
    made(&world, "unsubscribers", &format!("phone={JOHN}")).await;
    world.delete("/unsubscribers/1").await.refusal(405);
    put(&world, "/unsubscribers/1", &format!("phone={MARIA}")).await.refusal(405);
    world.get(&format!("/unsubscribers/{NOWHERE}")).await.refusal(404);
    world.get("/unsubscribers/x").await.refusal(404);
    let bob = request(Method::GET, "/unsubscribers/1").by(&world.bob);
    world.raw(bob).await.refusal(404);
    let bob = request(Method::GET, "/unsubscribers").by(&world.bob);
    assert_eq!(world.raw(bob).await.json()["resources"], json!([]));
    for (form, blamed) in [
        ("", vec!["phone"]),
        ("phone=", vec!["phone"]),
        ("phone=abc", vec!["phone"]),
        ("phone=12&blockIncoming=x", vec!["phone", "blockIncoming"]),
    ] {
        assert_eq!(world.post("/unsubscribers", form).await.blamed(), blamed, "{form}");
    }
}
