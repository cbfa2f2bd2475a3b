//! The shape of every answer, pinned: keys, their order, their kinds.

use http::Method;
use serde_json::Value;

use super::world::{With, World, request};

fn pretty(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let value: Value = serde_json::from_str(text).expect("JSON");
    serde_json::to_string_pretty(&value).expect("writes")
}

#[tokio::test]
async fn reads() {
    let world = World::filled().await;
    for (name, path) in [
        ("ping", "/ping"),
        ("user", "/user"),
        ("sessions", "/sessions?limit=2&page=2"),
        ("session", "/session/2"),
        ("session_messages", "/sessions/1/messages"),
        ("session_stat", "/sessions/1/stat"),
        ("messages", "/messages?limit=1"),
        ("message_search", "/messages/search?ids=3"),
        ("message", "/messages/1"),
        ("history", "/history?lastId=3&limit=1"),
        ("replies", "/replies"),
        ("replies_expanded", "/replies/search?expand=1"),
        ("reply", "/replies/4"),
        ("chats", "/chats"),
        ("chat", "/chats/1"),
        ("chat_by_phone", "/chats/46701740605"),
        ("chat_by_phone_one", "/chats/46701740605/by/phone"),
        ("chat_messages", "/chats/2/message"),
        ("chat_unread", "/chats/unread/count"),
        ("contacts", "/contacts"),
        ("contact", "/contacts/1"),
    ] {
        let reply = world.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        insta::assert_snapshot!(name, pretty(&reply.text));
    }
}

#[tokio::test]
async fn refusals() {
    let mut world = World::filled().await;
    insta::assert_snapshot!("unauthorized", pretty(&world.raw(request(Method::GET, "/ping")).await.text));
    for (name, path) in [
        ("unknown_path", "/nosuchthing"),
        ("unknown_message", "/messages/2000000000"),
        ("bad_parameter", "/messages/search?ids=x"),
        ("other_method", "/messages/delete"),
    ] {
        insta::assert_snapshot!(name, pretty(&world.get(path).await.text));
    }
    let invalid = world.post("/contacts", "phone=abc").await;
    insta::assert_snapshot!("invalid", pretty(&invalid.text));
    let nothing = world.post("/messages/delete", "").await;
    insta::assert_snapshot!("invalid_bulk", pretty(&nothing.text));
    let broken = world.raw(request(Method::POST, "/messages/delete").by(&world.alice).json("{")).await;
    insta::assert_snapshot!("broken_json", pretty(&broken.text));
    world.service = world.service.clone().with_rate_limit(Some(1));
    world.get("/ping").await;
    insta::assert_snapshot!("too_many", pretty(&world.get("/ping").await.text));
}
