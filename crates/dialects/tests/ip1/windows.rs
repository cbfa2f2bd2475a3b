//! Delivery windows, and what is withdrawn before they open.

use http::Method;
use serde_json::{Value, json};

use crate::desk::{Desk, R, batch};
use crate::story::text;

fn within(windows: Value) -> Value {
    let mut body = batch(&json!(R), "Hello");
    body["deliveryWindows"] = windows;
    body
}

#[tokio::test]
async fn what_is_planned_waits_and_is_withdrawn() {
    let desk = Desk::new().await;
    // The samples send local times without a zone; seven days are the vendor's own default.
    let document = desk.sent(&within(json!([{"opens": "2025-06-02T08:00:00.25", "closes": null}]))).await;
    let window = json!([{"opens": "2025-06-02T08:00:00Z", "closes": "2025-06-09T08:00:00Z"}]);
    assert_eq!((&document["deliveryWindows"], &document["status"]), (&window, &json!(101)));
    assert_eq!(desk.codes(&document).await, [101, 101, 101]);
    desk.world.wait(60);
    let path = format!("/v2/batches/{}", text(&document["id"]));
    let deleted = desk.without_body(Method::DELETE, &path).await.ok();
    assert_eq!((&deleted["status"], &deleted["id"]), (&json!(203), &document["id"]));
    for message in desk.messages(&document).await {
        let status = &message["statuses"][0];
        assert_eq!((&status["code"], &status["duration"]), (&json!(203), &json!(1)));
    }
    assert_eq!(desk.get(&path).await.ok(), deleted, "the batch stays to be read");
    assert_eq!(desk.without_body(Method::DELETE, &path).await.ok(), deleted, "again is harmless");
}

#[tokio::test]
async fn windows_in_every_form() {
    let desk = Desk::new().await;
    for (windows, shown, code) in [
        (json!(null), json!([]), 102),
        (json!([{}]), json!([{"opens": "2025-06-01T10:00:00Z", "closes": "2025-06-08T10:00:00Z"}]), 102),
        (
            json!([{"opens": "2025-06-01T11:30:00+02:00", "closes": "2025-06-01T10:00:01Z"}]),
            json!([{"opens": "2025-06-01T09:30:00Z", "closes": "2025-06-01T10:00:01Z"}]),
            102,
        ),
        (
            json!([
                {"opens": "2025-06-03T08:00:00Z", "closes": "2025-06-03T09:00:00Z"},
                {"opens": "2025-06-02T08:00:00Z", "closes": "2025-06-02T09:00:00Z"},
            ]),
            json!([
                {"opens": "2025-06-03T08:00:00Z", "closes": "2025-06-03T09:00:00Z"},
                {"opens": "2025-06-02T08:00:00Z", "closes": "2025-06-02T09:00:00Z"},
            ]),
            101,
        ),
        // All windows are over.
        (
            json!([{"opens": "2025-05-01T08:00:00Z", "closes": "2025-05-01T09:00:00Z"}]),
            json!([{"opens": "2025-05-01T08:00:00Z", "closes": "2025-05-01T09:00:00Z"}]),
            202,
        ),
        (
            json!([{"closes": "2025-06-01T09:00:00Z"}]),
            json!([{"opens": "2025-06-01T08:59:59Z", "closes": "2025-06-01T09:00:00Z"}]),
            202,
        ),
    ] {
        let document = desk.sent(&within(windows.clone())).await;
        assert_eq!(document["deliveryWindows"], shown, "{windows}");
        assert_eq!(desk.codes(&document).await, [code; 3], "{windows}");
    }
}

#[tokio::test]
async fn what_waits_to_be_sent_is_withdrawn_too() {
    let desk = Desk::new().await;
    let document = desk.sent(&within(json!([]))).await;
    let path = format!("/v2/batches/{}", text(&document["id"]));
    let deleted = desk.without_body(Method::DELETE, &path).await.ok();
    assert_eq!(deleted["messageSummary"], json!({"203": {"messages": 3, "sms": 3}}));
}
