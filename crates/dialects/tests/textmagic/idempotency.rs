//! `Idempotency-Key`: a request that comes again.

use http::Method;
use serde_json::Value;

use super::sending::sent;
use super::world::{JOHN, MARIA, Reply, With, World, request};

async fn send(world: &World, key: &str, form: &str) -> Reply {
    let asked = request(Method::POST, "/messages").by(&world.alice).header("idempotency-key", key);
    world.raw(asked.form(form)).await
}

#[tokio::test]
async fn the_same_request_has_the_first_answer() {
    let world = World::empty().await;
    let later = u64::from(super::world::NOW) + 7200;
    for (key, form) in [
        ("one", format!("text=hi&phones={JOHN}")),
        ("two", format!("text=hi&phones={JOHN},{MARIA}")),
        ("later", format!("text=hi&phones={JOHN}&sendingTime={later}")),
        ("again", format!("text=hi&phones={JOHN}&sendingTime={later}&rrule=FREQ%3DDAILY")),
        ("chat", format!("text=hi&phones={JOHN}&createChat=1")),
    ] {
        let first = send(&world, key, &form).await;
        sent(&first);
        world.pass(5);
        let again = send(&world, key, &form).await;
        assert_eq!((again.status, again.text), (201, first.text), "{key}");
    }
    assert_eq!(world.read("/sessions").await["resources"].as_array().map(Vec::len), Some(5));
    // Without a key, each is its own.
    let form = format!("text=hi&phones={JOHN}");
    let ids = [world.post("/messages", &form).await, world.post("/messages", &form).await];
    assert_ne!(ids[0].json()["id"], ids[1].json()["id"]);
}

#[tokio::test]
async fn a_chat_that_was_opened_since_is_no_part_of_the_first_answer() {
    let world = World::empty().await;
    let form = format!("text=hi&phones={JOHN}");
    let first = send(&world, "k", &form).await;
    assert_eq!(first.json()["chatId"], Value::Null);
    world.pass(5);
    world.reply(&world.alice, JOHN, "Hello").await;
    assert_eq!(send(&world, "k", &form).await.text, first.text);
    assert_ne!(send(&world, "other", &form).await.json()["chatId"], Value::Null);
}

#[tokio::test]
async fn another_request_of_the_same_key_is_refused() {
    let world = World::empty().await;
    sent(&send(&world, "k", &format!("text=hi&phones={JOHN}")).await);
    let body = send(&world, "k", &format!("text=bye&phones={JOHN}")).await.refusal(409);
    assert_eq!(body["errors"], Value::Null);
    assert_eq!(world.ids("/messages").await, [1]);
    // Another account's keys are its own.
    let asked = request(Method::POST, "/messages").by(&world.bob).header("idempotency-key", "k");
    sent(&world.raw(asked.form(&format!("text=bye&phones={JOHN}"))).await);
}

#[tokio::test]
async fn keys_that_are_none() {
    let world = World::empty().await;
    let form = format!("text=hi&phones={JOHN}");
    for key in ["", " ", &"k".repeat(256)] {
        send(&world, key, &form).await.refusal(400);
    }
    let asked = request(Method::POST, "/messages").by(&world.alice).header("idempotency-key", "a");
    world.raw(asked.header("idempotency-key", "b").form(&form)).await.refusal(400);
    assert_eq!(world.ids("/messages").await, [0_u64; 0]);
    // A refused request leaves the key unused.
    send(&world, "k", "text=hi").await.refusal(400);
    sent(&send(&world, "k", &form).await);
}
