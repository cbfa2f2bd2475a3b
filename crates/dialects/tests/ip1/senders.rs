//! `/v2/me/senders`.

use http::Method;
use serde_json::{Value, json};

use crate::desk::{Desk, R, batch};

async fn put(desk: &Desk, sender: &str) -> crate::world::Answer {
    desk.without_body(Method::PUT, &format!("/v2/me/senders/{sender}")).await
}

async fn names(desk: &Desk, query: &str) -> Vec<Value> {
    let list = desk.get(&format!("/v2/me/senders{query}")).await.list();
    list.iter().map(|sender| sender["sender"].clone()).collect()
}

#[tokio::test]
async fn senders_are_registered_shown_and_removed() {
    let desk = Desk::new().await;
    desk.register_senders().await;
    assert_eq!(names(&desk, "").await, [] as [Value; 0]);
    let document = put(&desk, "iP1").await.ok();
    assert_eq!(document, json!({"sender": "iP1", "created": "2025-06-01T10:00:00Z"}));
    desk.world.wait(5);
    assert_eq!(put(&desk, "iP1").await.ok(), document, "again is harmless");
    assert_eq!(put(&desk, "%2B46101606060").await.ok()["sender"], "46101606060");
    put(&desk, "Acme").await.ok();
    assert_eq!(names(&desk, "").await, ["46101606060", "Acme", "iP1"], "by the alphabet");
    assert_eq!(names(&desk, "?order=desc&limit=2").await, ["iP1", "Acme"]);
    assert_eq!(desk.get("/v2/me/senders/iP1").await.ok(), document);
    assert_eq!(desk.get("/v2/me/senders/+46101606060").await.ok()["sender"], "46101606060");
    let sent = desk.sent(&batch(&json!([R[0]]), "Hello")).await;
    assert_eq!(desk.codes(&sent).await, [102]);
    let removed = desk.without_body(Method::DELETE, "/v2/me/senders/iP1").await.ok();
    assert_eq!(removed, document);
    let sent = desk.sent(&batch(&json!([R[0]]), "Hello")).await;
    assert_eq!(desk.codes(&sent).await, [403]);
    for method in [Method::GET, Method::DELETE] {
        let answer = desk.without_body(method, "/v2/me/senders/iP1").await;
        assert_eq!((answer.status, &answer.json()["title"]), (404, &json!("There is no such sender.")));
    }
}

#[tokio::test]
async fn pages_of_senders() {
    let desk = Desk::new().await;
    for index in 0..7 {
        put(&desk, &format!("Shop{index}")).await.ok();
    }
    let page = desk.get("/v2/me/senders?limit=3").await;
    assert_eq!(page.list().len(), 3);
    let links = page.links();
    assert!(links["next"].ends_with("/v2/me/senders?start=3&limit=3"), "{links:?}");
    assert!(!links.contains_key("prev"));
    let last = desk.world.get(&links["last"], &desk.tester.bearer()).await;
    assert_eq!((last.list().len(), last.links().contains_key("next")), (1, false));
    assert_eq!(names(&desk, "?start=100").await, [] as [Value; 0]);
    assert_eq!(desk.get("/v2/me/senders?limit=x").await.status, 400);
}

#[tokio::test]
async fn what_is_no_sender() {
    let desk = Desk::new().await;
    for bad in ["TwelveLetter", "ab", "1234567890123456", "a%20b", "%C3%85land", "a%2Fb", "%ff"] {
        let answer = put(&desk, bad).await;
        assert_eq!(answer.status, 400, "{bad}");
        assert!(answer.json()["errors"]["sender"].is_array(), "{bad}");
        assert_eq!(desk.get(&format!("/v2/me/senders/{bad}")).await.status, 404, "{bad}");
    }
    let answer = desk.without_body(Method::PUT, "/v2/me/senders").await;
    assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD"));
}

#[tokio::test]
async fn senders_belong_to_their_account() {
    let desk = Desk::new().await;
    put(&desk, "Acme").await.ok();
    let other = desk.world.other().await;
    assert_eq!(desk.world.get("/v2/me/senders", &other.bearer()).await.list(), [] as [Value; 0]);
    assert_eq!(desk.world.get("/v2/me/senders/Acme", &other.bearer()).await.status, 404);
    let removed = desk.world.ask(Method::DELETE, "/v2/me/senders/Acme", Some(&other.bearer())).await;
    assert_eq!(removed.status, 404);
}
