//! Replies: list, orders, search, one, deletion.

use sms::Outcome;

use super::world::{JOHN, MARIA, PAUL, World, ids};

#[tokio::test]
async fn the_list_and_one() {
    let world = World::filled().await;
    assert_eq!(world.ids("/replies").await, [5, 4], "newest first, without messages sent");
    let one = concat!(
        r#"{"id":4,"sender":"447860021130","messageTime":"2024-06-15T12:00:02+0000","text":"Test reply","#,
        r#""receiver":"447624800500","avatar":null}"#
    );
    assert_eq!(world.get("/replies/4").await.text, one);
    world.get("/replies/1").await.refusal(404);
    world.get("/replies/2000000000").await.refusal(404);
    let page = world.read("/replies?page=2&limit=1").await;
    assert_eq!((ids(&page), &page["pageCount"]), (vec![4], &2.into()));
}

#[tokio::test]
async fn orders() {
    let world = World::filled().await;
    world.reply(&world.alice, PAUL, "Oui").await;
    let cases: &[(&str, &[u64])] = &[
        ("orderBy=id", &[8, 5, 4]),
        ("orderBy=id&direction=asc", &[4, 5, 8]),
        ("orderBy=messageTime&direction=asc", &[4, 5, 8]),
        ("orderBy=sender&direction=asc", &[8, 4, 5]),
        ("orderBy=sender", &[5, 4, 8]),
        ("orderBy=receiver", &[4, 5, 8]),
        ("orderBy=firstName", &[8, 5, 4]),
        ("direction=asc", &[4, 5, 8]),
        ("orderBy=&direction=", &[8, 5, 4]),
        ("lastId=5", &[8, 5, 4]),
    ];
    for (query, expected) in cases {
        assert_eq!(world.ids(&format!("/replies?{query}")).await, *expected, "{query}");
    }
    for bad in ["orderBy=text", "orderBy=%27", "direction=down", "direction=%ff"] {
        world.get(&format!("/replies?{bad}")).await.refusal(400);
    }
}

#[tokio::test]
async fn search() {
    let world = World::filled().await;
    let cases: &[(&str, &[u64])] = &[
        ("", &[5, 4]),
        ("query=test", &[4]),
        ("query=S%C3%85+MYCKET", &[5]),
        ("query=thanks", &[]),
        ("ids=4", &[4]),
        ("ids=4,5&query=tack", &[5]),
        ("ids=1", &[]),
        ("expand=0", &[5, 4]),
    ];
    for (query, expected) in cases {
        assert_eq!(world.ids(&format!("/replies/search?{query}")).await, *expected, "{query}");
    }
    for bad in ["ids=x", "query=%ff", "expand=maybe", "orderBy=unread"] {
        world.get(&format!("/replies/search?{bad}")).await.refusal(400);
    }
    let plain = &world.read("/replies/search?ids=4").await["resources"][0];
    assert!(plain.get("firstName").is_none());
    let page = world.read("/replies/search?expand=1&direction=asc").await;
    let (john, maria) = (&page["resources"][0], &page["resources"][1]);
    assert_eq!(
        (&john["contactId"], &john["firstName"], &john["lastName"]),
        (&1.into(), &"John".into(), &"Conway".into())
    );
    assert!(maria["contactId"].is_null() && maria["firstName"].is_null() && maria["lastName"].is_null());
}

#[tokio::test]
async fn deletion() {
    let world = World::filled().await;
    assert_eq!(world.ids("/chats/447860021130").await, [1, 3, 4, 6]);
    assert_eq!(world.delete("/replies/4").await.status, 204);
    world.get("/replies/4").await.refusal(404);
    world.delete("/replies/4").await.refusal(404);
    world.delete("/replies/1").await.refusal(404);
    assert_eq!(world.get("/messages/1").await.status, 200);
    assert_eq!(world.ids("/chats/447860021130").await, [1, 3, 6]);
    assert_eq!(world.post("/replies/delete", "ids=1,5").await.status, 204);
    assert!(world.ids("/replies").await.is_empty());
    assert_eq!(world.ids("/messages").await.len(), 5);
    assert_eq!(world.post("/replies/delete", "ids=x").await.blamed(), ["ids"]);
    assert_eq!(world.post("/replies/delete", "").await.blamed(), ["ids"]);
    world.reply(&world.alice, MARIA, "again").await;
    assert_eq!(world.post_json("/replies/delete", r#"{"all":true}"#).await.status, 204);
    assert!(world.ids("/replies").await.is_empty());
}

#[tokio::test]
async fn one_whose_parts_are_missing_is_none_yet() {
    let world = World::filled().await;
    let mut message = world.mo(JOHN, "half a");
    message.outcome = Outcome::Incomplete;
    message.history.clear();
    message.history.push(service::model::Entry::new(world.service.now(), Outcome::Incomplete));
    let id = world.service.receive(world.alice.account.id, message).await.expect("received").number;
    assert_eq!(world.ids("/replies").await, [5, 4]);
    world.get(&format!("/replies/{id}")).await.refusal(404);
    world.delete(&format!("/replies/{id}")).await.refusal(404);
    assert_eq!(world.ids("/chats/447860021130").await, [1, 3, 4, 6]);
    assert_eq!(world.post("/replies/delete", "all=1").await.status, 204);
    world.news(id, Outcome::Received).await;
    assert_eq!(world.ids("/replies").await, [u64::from(id)], "and was not deleted before it was there");
}
