//! `Idempotency-Key` on whatever sends.

use http::Method;
use serde_json::{Value, json};
use sms::Outcome;

use crate::desk::{Desk, R, batch};
use crate::world::Answer;

async fn send(desk: &Desk, target: &str, key: &str, body: &Value) -> Answer {
    desk.call(Method::POST, target, &[("idempotency-key", key)], body.to_string().as_bytes()).await
}

#[tokio::test]
async fn a_batch_that_comes_again_has_the_first_answer() {
    let desk = Desk::new().await;
    let mut body = batch(&json!(R), "Hello");
    // Open until in a minute: later this body alone would be another batch, or none.
    body["deliveryWindows"] = json!([{"closes": "2025-06-01T10:01:00Z"}]);
    let first = send(&desk, "/v2/batches", "k-1", &body).await;
    assert_eq!(first.status, 201);
    desk.world.wait(3600);
    let again = send(&desk, "/v2/batches", "k-1", &body).await;
    assert_eq!((again.status, again.header("location")), (201, first.header("location")));
    assert_eq!(again.json(), first.json());
    let other = send(&desk, "/v2/batches", "k-1", &batch(&json!(R), "Good bye")).await;
    assert_eq!((other.status, other.json()["status"].as_u64()), (409, Some(409)));
    assert!(other.json()["title"].as_str().is_some_and(|title| title.contains("Idempotency-Key")));
    assert_eq!(desk.get("/v2/batches").await.list().len(), 1);
    let second = send(&desk, "/v2/batches", "k-2", &body).await;
    assert_ne!(second.json()["id"], first.json()["id"], "another key is another batch");
}

#[tokio::test]
async fn the_first_answer_stays_whatever_has_become_of_it() {
    let desk = Desk::new().await;
    desk.charge(42_000).await;
    // Some are refused from the start, or none.
    for (key, recipients) in [("k-1", json!(R)), ("k-2", json!(["46701740605", "46701740606", "1"]))] {
        let body = batch(&recipients, "Hello");
        let first = send(&desk, "/v2/batches", key, &body).await;
        assert_eq!(first.status, 201, "{}", first.text);
        let sent = desk.messages(&first.json()).await;
        assert!(sent.len() > 1);
        let old = json!({"From": "iP1", "Message": "Hello", "Numbers": recipients});
        let first_of_old = send(&desk, "/api/sms/send", &format!("{key}-old"), &old).await;
        let newest = first_of_old.json()[0]["ID"].as_u64().expect("an id");
        for number in [newest - 3, newest] {
            let number = u32::try_from(number).expect("a number");
            for outcome in [Outcome::Sending, Outcome::Submitted, Outcome::Delivered] {
                desk.world.step(&desk.tester, number, outcome).await;
            }
        }
        assert_eq!(send(&desk, "/v2/batches", key, &body).await.json(), first.json());
        let again = send(&desk, "/api/sms/send", &format!("{key}-old"), &old).await;
        assert_eq!(again.json(), first_of_old.json());
    }
}

#[tokio::test]
async fn an_sms_of_v1_that_comes_again_has_the_first_answer() {
    let desk = Desk::new().await;
    let body = json!({"From": "iP1", "Message": "Hello", "Numbers": R});
    let first = send(&desk, "/api/sms/send", "k-1", &body).await;
    assert_eq!(first.status, 200, "{}", first.text);
    // What left is not touched by what comes after.
    for number in 1..=3 {
        desk.world.step(&desk.tester, number, Outcome::Submitted).await;
    }
    for number in R {
        desk.without_body(Method::PUT, &format!("/v2/blacklist/{number}")).await.ok();
    }
    assert_eq!(send(&desk, "/api/sms/send", "k-1", &body).await.json(), first.json());
    let other = send(&desk, "/v2/batches", "k-1", &batch(&json!(R), "Hello")).await;
    assert_eq!(other.status, 409, "another path is another request");
}

#[tokio::test]
async fn the_first_answer_is_told_again_whatever_became_of_it() {
    let desk = Desk::new().await;
    desk.without_body(Method::PUT, &format!("/v2/blacklist/{}", R[2])).await.ok();
    let body = batch(&json!(R), "Hello");
    let later = json!({
        "sender": "iP1", "body": "Hello", "recipients": R, "deliveryWindows": [{"opens": "2025-06-01T12:00:00Z"}],
    });
    let old = json!({"From": "iP1", "Message": "Hello", "Numbers": R});
    let all = [("/v2/batches", "k-1", &body), ("/v2/batches", "k-2", &later), ("/api/sms/send", "k-3", &old)];
    let mut first = Vec::new();
    for (target, key, body) in all {
        let answer = send(&desk, target, key, body).await;
        assert!((200..300).contains(&answer.status), "{}", answer.text);
        first.push(answer.json());
    }
    use Outcome::{Delivered, Failed, Sending, Submitted};
    for (number, outcome) in [
        (1, Sending),
        (1, Submitted),
        (1, Delivered),
        (2, Sending),
        (4, Sending),
        (5, Failed),
        (7, Sending),
        (7, Submitted),
        (8, Failed),
    ] {
        desk.world.step(&desk.tester, number, outcome).await;
    }
    for ((target, key, body), first) in all.into_iter().zip(first) {
        assert_eq!(send(&desk, target, key, body).await.json(), first, "{key}");
    }
}

#[tokio::test]
async fn keys_that_are_none() {
    let desk = Desk::new().await;
    let body = batch(&json!(R), "Hello");
    for key in ["", &"k".repeat(256)] {
        let answer = send(&desk, "/v2/batches", key, &body).await;
        assert_eq!(answer.status, 400);
        assert!(answer.json()["errors"]["idempotency-key"].is_array(), "{}", answer.text);
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
    let answer = desk.call(Method::POST, "/v2/batches", &twice, body.to_string().as_bytes()).await;
    assert_eq!(answer.status, 400);
    // A refused request leaves its key free.
    assert_eq!(send(&desk, "/v2/batches", "k", &batch(&json!([]), "Hello")).await.status, 400);
    assert_eq!(send(&desk, "/v2/batches", "k", &body).await.status, 201);
}
