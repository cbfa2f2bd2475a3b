//! `/v2/blacklist`.

use http::Method;
use serde_json::{Value, json};

use crate::desk::{Desk, R, batch};
use crate::story::text;

#[tokio::test]
async fn whoever_is_listed_is_not_written_to() {
    let desk = Desk::new().await;
    let path = format!("/v2/blacklist/{}", R[0]);
    let entry = desk.without_body(Method::PUT, &path).await.ok();
    assert_eq!(entry, json!({"msisdn": R[0], "created": "2025-06-01T10:00:00.000"}));
    desk.world.wait(9);
    assert_eq!(desk.without_body(Method::PUT, &path).await.ok(), entry, "an entry stays as it is");
    assert_eq!(desk.get(&path).await.ok(), entry);
    assert_eq!(desk.get(&format!("/v2/blacklist/+{}", R[0])).await.ok(), entry);
    let document = desk.sent(&batch(&json!([R[0], R[1]]), "Hello")).await;
    assert_eq!(desk.codes(&document).await, [406, 102]);
    let alone = desk.sent(&batch(&json!([R[0]]), "Hello")).await;
    assert_eq!((alone["status"].as_u64(), desk.codes(&alone).await), (Some(406), vec![406]));
    assert_eq!(desk.without_body(Method::DELETE, &path).await.ok(), entry);
    let document = desk.sent(&batch(&json!([R[0]]), "Hello")).await;
    assert_eq!(desk.codes(&document).await, [102]);
    for method in [Method::GET, Method::DELETE] {
        let answer = desk.without_body(method, &path).await;
        assert_eq!(answer.status, 404);
        assert_eq!(answer.json()["title"], "There is no such entry in the blacklist.");
    }
}

#[tokio::test]
async fn what_waits_for_whoever_is_listed_is_not_sent() {
    let desk = Desk::prepaid("1").await;
    desk.charge(50_000).await;
    let mut planned = batch(&json!([R[0], R[1]]), "Hello");
    planned["deliveryWindows"] = json!([{"opens": "2025-06-02T08:00:00Z"}]);
    let planned = desk.sent(&planned).await;
    let waiting = desk.sent(&batch(&json!([R[0]]), "Hello")).await;
    desk.world.wait(5);
    desk.without_body(Method::PUT, &format!("/v2/blacklist/{}", R[0])).await.ok();
    assert_eq!(desk.codes(&planned).await, [406, 103]);
    assert_eq!(desk.codes(&waiting).await, [406]);
    let document = desk.get(&format!("/v2/batches/{}", text(&planned["id"]))).await.ok();
    assert_eq!(document["messageSummary"]["406"], json!({"messages": 1, "sms": 1}));
    let account = desk.world.service.account(desk.tester.id).await.expect("an account");
    assert_eq!(account.balance.to_string(), "0.95", "what was paid for them went back");
}

#[tokio::test]
async fn entries_are_added_by_body_and_listed_in_pages() {
    let desk = Desk::new().await;
    for number in R {
        let answer = desk.post("/v2/blacklist", &json!({"Msisdn": number})).await;
        assert_eq!((answer.status, &answer.json()["msisdn"]), (201, &json!(number)));
        desk.world.wait(1);
    }
    let numbers = |list: Vec<Value>| list.iter().map(|entry| entry["msisdn"].clone()).collect::<Vec<_>>();
    assert_eq!(numbers(desk.get("/v2/blacklist").await.list()), R);
    let down: Vec<&str> = R.iter().rev().copied().collect();
    assert_eq!(numbers(desk.get("/v2/blacklist?order=DESC").await.list()), down);
    let page = desk.get("/v2/blacklist?limit=2").await;
    assert_eq!(numbers(page.list()), R[..2]);
    let next = desk.world.get(&page.links()["next"], &desk.tester.bearer()).await;
    assert_eq!((numbers(next.list()), next.links().contains_key("next")), (vec![json!(R[2])], false));
    let other = desk.world.other().await;
    assert_eq!(desk.world.get("/v2/blacklist", &other.bearer()).await.list(), [] as [Value; 0]);
}

#[tokio::test]
async fn what_is_no_number() {
    let desk = Desk::new().await;
    for bad in ["Acme", "1234567890123456", "46%2070", "%ff", "++46"] {
        let answer = desk.without_body(Method::PUT, &format!("/v2/blacklist/{bad}")).await;
        assert_eq!((answer.status, answer.json()["errors"]["msisdn"].is_array()), (400, true), "{bad}");
        assert_eq!(desk.get(&format!("/v2/blacklist/{bad}")).await.status, 404, "{bad}");
    }
    for body in
        [json!({}), json!({"msisdn": ""}), json!({"msisdn": 46_701_740_605_u64}), json!({"msisdn": "x"})]
    {
        let answer = desk.post("/v2/blacklist", &body).await;
        assert_eq!((answer.status, answer.json()["errors"]["msisdn"].is_array()), (400, true), "{body}");
    }
}
