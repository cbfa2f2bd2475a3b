//! Sessions: list, one, its messages, its counts, deletion.

use service::change::NewBatch;
use service::model::Source;
use sms::Outcome;

use super::world::{JOHN, MARIA, World, batch, ids};

#[tokio::test]
async fn the_list() {
    let world = World::filled().await;
    let list = world.read("/sessions").await;
    let keys: Vec<_> = list.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["page", "limit", "pageCount", "resources"]);
    assert_eq!((&list["page"], &list["limit"], &list["pageCount"]), (&1.into(), &10.into(), &1.into()));
    assert_eq!(ids(&list), [4, 3, 2, 1], "newest first, and no reply among them");
    let page = world.read("/sessions?page=2&limit=1").await;
    assert_eq!((&page["page"], &page["limit"], &page["pageCount"]), (&2.into(), &1.into(), &4.into()));
    assert_eq!(ids(&page), [3]);
    for limit in ["101", "0", "abc", "-1", "", "%ff", "1;2"] {
        assert_eq!(world.read(&format!("/sessions?limit={limit}")).await["limit"], 10, "{limit}");
    }
    assert_eq!(world.read("/sessions?limit=100").await["limit"], 100);
    let past = world.read("/sessions?page=9").await;
    assert_eq!((&past["page"], &past["pageCount"], ids(&past).len()), (&9.into(), &1.into(), 0));
    let far = world.read("/sessions?page=99999999999999999999&limit=100").await;
    assert_eq!((&far["page"], ids(&far).len()), (&2_147_483_647_u32.into(), 0));
}

#[tokio::test]
async fn an_empty_account_has_one_empty_page() {
    let world = World::empty().await;
    for path in ["/sessions", "/messages", "/replies", "/chats", "/contacts", "/messages/search?query=x"] {
        assert_eq!(
            world.get(path).await.text,
            r#"{"page":1,"limit":10,"pageCount":1,"resources":[]}"#,
            "{path}"
        );
    }
}

#[tokio::test]
async fn one_session_by_both_spellings() {
    let world = World::filled().await;
    let session = world.get("/sessions/1").await.text;
    assert_eq!(
        session,
        concat!(
            r#"{"id":1,"startTime":"2024-06-15T12:00:00+0000","text":"Hello {First name}!","source":"A","#,
            r#""referenceId":"ref-1","price":0.5,"numbersCount":2,"destination":"t","initiatorId":1,"title":null}"#
        )
    );
    assert_eq!(world.get("/session/1").await.text, session);
    let free = world.read("/sessions/2").await;
    assert_eq!((&free["price"], &free["numbersCount"]), (&0.into(), &1.into()));
    world.get("/sessions/2000000000").await.refusal(404);
}

#[tokio::test]
async fn references_and_sources() {
    let world = World::empty().await;
    for (source, letter) in
        [(Source::Api, "A"), (Source::Console, "O"), (Source::Email, "E"), (Source::List, "X")]
    {
        let message = world.mt(JOHN, "Hello", Outcome::Queued);
        let (id, _) = world.submit(&world.alice, NewBatch { source, ..batch("Hello") }, vec![message]).await;
        let session = world.read(&format!("/sessions/{id}")).await;
        assert_eq!(session["source"], letter);
        let reference = format!("{letter}_tester_8b1a9953c4611296a827abf8c47804d7_{id}");
        assert_eq!(session["referenceId"], reference.as_str());
        assert_eq!(world.read(&format!("/session/{id}")).await["referenceId"], reference.as_str());
    }
    let reference = NewBatch { reference: Some("7".to_owned()), ..batch("Hello") };
    let message = world.mt(JOHN, "Hello", Outcome::Queued);
    let (id, _) = world.submit(&world.alice, reference, vec![message]).await;
    assert_eq!(world.read(&format!("/sessions/{id}")).await["referenceId"], "7");
}

#[tokio::test]
async fn its_messages() {
    let world = World::filled().await;
    let all = world.read("/sessions/1/messages").await;
    assert_eq!(ids(&all), [2, 1]);
    assert_eq!(all["resources"][1]["text"], "Hello John!");
    let second = world.read("/sessions/1/messages?page=2&limit=1").await;
    assert_eq!((ids(&second), &second["pageCount"]), (vec![1], &2.into()));
    let plain = world.get("/sessions/1/messages").await.text;
    assert_eq!(world.get("/sessions/1/messages?id=1").await.text, plain);
    assert_eq!(world.get("/sessions/1/messages?lastId=1").await.text, plain, "not a parameter of this list");
    assert_eq!(world.ids("/sessions/1/messages?statuses=d").await, [1]);
    assert_eq!(world.ids("/sessions/1/messages?statuses=f&includeDeleted=1").await, [2]);
    assert_eq!(world.ids("/sessions/1/messages?statuses=q").await, [0_u64; 0]);
    world.get("/sessions/1/messages?statuses=x").await.refusal(400);
    world.get("/sessions/1/messages?includeDeleted=maybe").await.refusal(400);
    world.get("/sessions/2000000000/messages").await.refusal(404);
}

#[tokio::test]
async fn its_counts() {
    let world = World::empty().await;
    let outcomes = [
        Outcome::Delivered,
        Outcome::Delivered,
        Outcome::Undelivered,
        Outcome::Failed,
        Outcome::Rejected,
        Outcome::Queued,
        Outcome::Submitted,
        Outcome::Unknown,
        Outcome::DeniedOptOut,
    ];
    let messages = outcomes.map(|outcome| world.mt(MARIA, "Hej", outcome)).to_vec();
    let (id, _) = world.submit(&world.alice, batch("Hej"), messages).await;
    assert_eq!(
        world.get(&format!("/sessions/{id}/stat")).await.text,
        r#"{"failed":2,"delivered":2,"accepted":3,"rejected":2,"scheduled":0,"all":9,"sent":6}"#
    );
    assert_eq!(world.get(&format!("/sessions/{id}/stat?includeDeleted=1")).await.status, 200);
    world.get(&format!("/sessions/{id}/stat?includeDeleted=x")).await.refusal(400);
    world.get("/sessions/2000000000/stat").await.refusal(404);
}

#[tokio::test]
async fn deletion_takes_its_messages_along() {
    let world = World::filled().await;
    let reply = world.delete("/sessions/1").await;
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    for gone in [
        "/sessions/1",
        "/session/1",
        "/sessions/1/messages",
        "/sessions/1/stat",
        "/messages/1",
        "/messages/2",
    ] {
        world.get(gone).await.refusal(404);
    }
    world.delete("/sessions/1").await.refusal(404);
    assert_eq!(world.ids("/sessions").await, [4, 3, 2]);
    assert_eq!(world.ids("/messages").await, [7, 6, 3]);
    assert_eq!(world.ids("/chats/447860021130").await, [3, 4, 6]);
    assert_eq!(world.ids("/messages/search?sessionId=1").await, [0_u64; 0]);
}

#[tokio::test]
async fn deletion_of_many() {
    let world = World::filled().await;
    assert_eq!(world.post("/sessions/delete", "ids=1,+3,2000000000").await.status, 204);
    assert_eq!(world.ids("/sessions").await, [4, 2]);
    assert_eq!(world.post("/sessions/delete", "").await.blamed(), ["ids"]);
    assert_eq!(world.post("/sessions/delete", "all=0").await.blamed(), ["ids"]);
    assert_eq!(world.post_json("/sessions/delete", r#"{"ids":"4","all":false}"#).await.status, 204);
    assert_eq!(world.ids("/sessions").await, [2]);
    assert_eq!(world.post_json("/sessions/delete", r#"{"all":1}"#).await.status, 204);
    assert_eq!(world.ids("/sessions").await, [0_u64; 0]);
    assert_eq!(world.ids("/messages").await, [0_u64; 0]);
    assert_eq!(world.ids("/replies").await, [5, 4], "replies are in no session");
}

#[tokio::test]
async fn deletion_of_more_than_one_group() {
    let world = World::empty().await;
    for _ in 0..1203 {
        world.send(&world.alice, world.mt(JOHN, "x", Outcome::Delivered)).await;
    }
    assert_eq!(world.read("/sessions?limit=100").await["pageCount"], 13);
    assert_eq!(world.post("/sessions/delete", "all=True").await.status, 204);
    assert_eq!(world.read("/sessions").await["resources"], serde_json::json!([]));
    assert_eq!(world.read("/messages").await["resources"], serde_json::json!([]));
}
