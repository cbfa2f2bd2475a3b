//! What people do to chats: status, mute, read marks, deletion.

use serde_json::json;

use super::world::{JOHN, MARIA, PAUL, World};

#[tokio::test]
async fn status_of_one() {
    let world = World::filled().await;
    for (status, listed) in [("c", true), ("d", false), ("a", true)] {
        let reply = world.post("/chats/status", &format!("id=1&status={status}")).await;
        assert_eq!((reply.status, reply.text.as_str()), (201, r#"{"id":1,"href":"/api/v2/chats/1"}"#));
        assert_eq!(world.read("/chats/1").await["status"], status);
        assert_eq!(world.ids("/chats").await.contains(&1), listed);
        assert!(world.ids(&format!("/chats?status={status}")).await.contains(&1));
    }
    assert_eq!(world.post_json("/chats/status", r#"{"id":"2","status":"c"}"#).await.status, 201);
    world.post("/chats/status", "id=2000000000&status=c").await.refusal(404);
    world.post("/chats/status", "id=-1&status=c").await.refusal(404);
    for (form, blamed) in [
        ("", "id"),
        ("id=1", "status"),
        ("status=c", "id"),
        ("id=x&status=c", "id"),
        ("id=1&status=x", "status"),
        ("id=1&status=", "status"),
        ("id=1&status=%ff", "status"),
    ] {
        assert_eq!(world.post("/chats/status", form).await.blamed(), [blamed], "{form}");
    }
    assert_eq!(world.post_json("/chats/status", r#"{"id":{},"status":"c"}"#).await.blamed(), ["id"]);
}

#[tokio::test]
async fn mute_of_one() {
    let world = World::filled().await;
    let shown = async || {
        let chat = world.read("/chats/1").await;
        json!([chat["mute"], chat["mutedUntil"], chat["timeLeftMute"]])
    };
    let reply = world.post("/chats/mute", "id=1&mute=1&for=2").await;
    assert_eq!((reply.status, reply.text.as_str()), (201, r#"{"id":1,"href":"/api/v2/chats/1"}"#));
    assert_eq!(shown().await, json!([1, "2024-06-15T14:00:06+0000", 7200]));
    world.pass(7199);
    assert_eq!(shown().await, json!([1, "2024-06-15T14:00:06+0000", 1]));
    world.pass(1);
    assert_eq!(shown().await, json!([0, null, 0]), "it ends by itself");
    assert_eq!(world.post_json("/chats/mute", r#"{"id":1,"mute":true}"#).await.status, 201);
    assert_eq!(shown().await, json!([1, null, 0]), "without an end");
    world.pass(100_000_000);
    assert_eq!(shown().await, json!([1, null, 0]));
    assert_eq!(world.post_json("/chats/mute", r#"{"id":1,"mute":false,"for":3}"#).await.status, 201);
    assert_eq!(shown().await, json!([0, null, 0]));
    assert_eq!(world.post("/chats/mute", "id=1&for=596523").await.status, 201);
    assert!(shown().await[2].as_i64().is_some_and(|left| left <= i64::from(i32::MAX)));
    world.post("/chats/mute", "id=2000000000&mute=1").await.refusal(404);
    for (form, blamed) in [
        ("mute=1", "id"),
        ("id=1&for=0", "for"),
        ("id=1&for=-1", "for"),
        ("id=1&for=596524", "for"),
        ("id=1&for=99999999999999999999", "for"),
        ("id=1&for=x", "for"),
        ("id=1&mute=x", "mute"),
    ] {
        assert_eq!(world.post("/chats/mute", form).await.blamed(), [blamed], "{form}");
    }
}

#[tokio::test]
async fn read_and_unread() {
    let world = World::filled().await;
    let unread = async || [1, 2].map(|id| id.to_string()).map(|id| format!("/chats/{id}"));
    let counts = async || {
        let mut counts = Vec::new();
        for path in unread().await {
            counts.push(world.read(&path).await["unread"].as_u64().expect("a count"));
        }
        counts
    };
    assert_eq!(counts().await, [1, 1]);
    assert_eq!(world.post_json("/chats/read/bulk", r#"{"ids":"1"}"#).await.status, 204);
    assert_eq!(counts().await, [0, 1]);
    assert_eq!(world.post("/chats/unread/bulk", "ids=1,2000000000").await.status, 204);
    assert!(counts().await[0] > 0);
    assert_eq!(world.post("/chats/read/bulk", "all=1").await.status, 204);
    assert_eq!(counts().await, [0, 0]);
    world.reply(&world.alice, MARIA, "one more").await;
    assert_eq!(counts().await, [0, 1]);
    assert_eq!(world.read("/chats/unread/count").await["total"], 1);
    assert_eq!(world.post("/chats/unread/bulk", "all=True").await.status, 204);
    assert!(counts().await.iter().all(|count| *count > 0));
}

#[tokio::test]
async fn mute_of_many() {
    let world = World::filled().await;
    assert_eq!(world.post("/chats/mute/bulk", "ids=1,2&for=1").await.status, 204);
    assert_eq!(world.read("/chats/2").await["timeLeftMute"], 3600);
    assert_eq!(world.post("/chats/unmute/bulk", "ids=2").await.status, 204);
    assert_eq!(world.read("/chats/1").await["mute"], 1);
    assert_eq!(world.read("/chats/2").await["mute"], 0);
    assert_eq!(world.post("/chats/mute/bulk", "all=1").await.status, 204);
    assert_eq!(world.read("/chats/2").await["mute"], 1);
    assert_eq!(world.post("/chats/unmute/bulk", "all=1").await.status, 204);
    assert_eq!(world.read("/chats/1").await["mute"], 0);
    assert_eq!(world.post("/chats/mute/bulk", "all=1&for=x").await.blamed(), ["for"]);
}

#[tokio::test]
async fn closing_reopening_and_deleting_many() {
    let world = World::filled().await;
    world.reply(&world.alice, PAUL, "Oui").await;
    assert_eq!(world.post("/chats/delete", "ids=3").await.status, 204);
    assert_eq!(world.post("/chats/close/bulk", "all=1").await.status, 204);
    assert_eq!(world.ids("/chats?status=c").await, [2, 1]);
    assert_eq!(world.ids("/chats?status=d").await, [3], "closing brings none back");
    assert_eq!(world.post("/chats/reopen/bulk", "ids=1,3").await.status, 204);
    assert_eq!(world.ids("/chats?status=a").await, [1]);
    assert_eq!(world.ids("/chats?status=d").await, [3]);
    assert_eq!(world.post("/chats/delete", "all=1&status=c").await.status, 204);
    assert_eq!(world.ids("/chats?status=d").await, [3, 2]);
    assert_eq!(world.post("/chats/close/bulk", "ids=1,2").await.status, 204);
    assert_eq!(world.ids("/chats?status=c").await, [1]);
    assert_eq!(world.post("/chats/reopen/bulk", "all=1").await.status, 204);
    assert_eq!(world.ids("/chats?status=a").await, [1]);
    assert_eq!(world.post("/chats/delete", "all=1").await.status, 204);
    assert!(world.ids("/chats").await.is_empty());
    assert_eq!(world.ids("/messages").await.len(), 5, "messages stay");
    assert_eq!(world.post("/chats/delete", "all=1&status=x").await.blamed(), ["status"]);
}

#[tokio::test]
async fn closing_what_is_read() {
    let world = World::filled().await;
    world.reply(&world.alice, PAUL, "Oui").await;
    world.post("/chats/read/bulk", "ids=1,3").await;
    world.post("/chats/delete", "ids=3").await;
    assert_eq!(world.post("/chats/close/read", "").await.status, 204);
    assert_eq!(world.ids("/chats?status=c").await, [1]);
    assert_eq!(world.ids("/chats?status=a").await, [2]);
    assert_eq!(world.ids("/chats?status=d").await, [3]);
}

#[tokio::test]
async fn actions_on_nothing_are_refused() {
    let world = World::filled().await;
    for path in
        ["mute/bulk", "unmute/bulk", "read/bulk", "unread/bulk", "close/bulk", "reopen/bulk", "delete"]
    {
        let path = format!("/chats/{path}");
        for (form, blamed) in [
            ("", "ids"),
            ("ids=", "ids"),
            ("all=0", "ids"),
            ("ids=x", "ids"),
            ("ids=1,,2", "ids"),
            ("all=x", "all"),
        ] {
            assert_eq!(world.post(&path, form).await.blamed(), [blamed], "{path} {form}");
        }
        assert_eq!(world.post(&path, "ids=2000000000").await.status, 204, "{path}");
    }
    assert_eq!(world.ids("/chats?status=a").await, [2, 1]);
}

#[tokio::test]
async fn messages_of_a_chat() {
    let world = World::filled().await;
    let delete = "/chats/1/messages/delete";
    assert_eq!(world.post_json(delete, r#"{"inbound_ids":"1,4,5","sent_ids":"2,4"}"#).await.status, 204);
    assert_eq!(world.ids(&format!("/chats/{JOHN}")).await, [1, 3, 6], "only its own, and each by its kind");
    assert_eq!(world.ids("/replies").await, [5]);
    assert_eq!(world.ids("/messages").await, [7, 6, 3, 2, 1]);
    assert_eq!(world.post(delete, "sent_ids=1").await.status, 204);
    assert_eq!(world.ids(&format!("/chats/{JOHN}")).await, [3, 6]);
    assert_eq!(world.post(delete, "calls_ids=1,2").await.status, 204);
    assert_eq!(world.post(delete, "").await.blamed(), ["inbound_ids"]);
    assert_eq!(world.post(delete, "sent_ids=x").await.blamed(), ["sent_ids"]);
    assert_eq!(world.post(delete, "inbound_ids=1;2").await.blamed(), ["inbound_ids"]);
    assert_eq!(world.post_json(delete, r#"{"all":true}"#).await.status, 204);
    assert!(world.ids(&format!("/chats/{JOHN}")).await.is_empty());
    let chat = world.read("/chats/1").await;
    assert_eq!((&chat["unread"], &chat["lastMessage"]), (&0.into(), &().into()), "the chat itself stays");
    assert_eq!(world.ids(&format!("/chats/{MARIA}")).await, [2, 5]);
    world.post("/chats/2000000000/messages/delete", "all=1").await.refusal(404);
}
