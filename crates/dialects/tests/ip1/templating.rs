//! Placeholders in what is sent.

use serde_json::{Value, json};

use crate::desk::{Desk, R, batch};
use crate::story::text;

async fn bodies(desk: &Desk, document: &Value) -> Vec<(String, String)> {
    let messages = desk.messages(document).await;
    messages.iter().map(|message| (text(&message["recipient"]), text(&message["body"]))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(to, body)| ((*to).to_owned(), (*body).to_owned())).collect()
}

#[tokio::test]
async fn own_values_then_defaults_then_nothing_then_the_word_itself() {
    let desk = Desk::new().await;
    let recipients = json!({
        R[2]: {"name": "Cleo", "city": "Lund"},
        "default": {"name": "friend"},
        R[0]: {"name": "Ada"},
        R[1]: {},
    });
    let raw = "Hi {name}{city}, {Name} {unknown} {";
    let document = desk.sent(&batch(&recipients, raw)).await;
    assert_eq!((&document["templated"], &document["body"]), (&json!(true), &json!(raw)));
    let expected = pairs(&[
        (R[2], "Hi CleoLund, {Name} {unknown} {"),
        (R[0], "Hi Ada, {Name} {unknown} {"),
        (R[1], "Hi friend, {Name} {unknown} {"),
    ]);
    assert_eq!(bodies(&desk, &document).await, expected, "in the order of the keys");
    assert_eq!(document["messageSummary"]["102"]["messages"], 3, "the default is no recipient");
}

#[tokio::test]
async fn a_text_in_braces_as_in_the_vendors_sample() {
    let desk = Desk::new().await;
    let body = json!({
        "From": "iP.1",
        "Numbers": [format!("+{}", R[0]), R[1]],
        "Message": "{: Hello {title} {lastName}, how are you? :}",
        "Parameters": {R[0]: {"title": "Sir", "lastName": "Newton"}, "default": {"lastName": "Friend"}},
    });
    let sent = desk.post("/api/sms/send", &body).await.list();
    let shown: Vec<&Value> = sent.iter().map(|sms| &sms["Message"]).collect();
    assert_eq!(shown, ["{: Hello Sir Newton, how are you? :}", "{: Hello  Friend, how are you? :}"]);
    assert!(sent.iter().all(|sms| sms["From"] == "iP.1"), "v1 takes a sender with a dot");
    let recipients = json!({R[0]: {"title": "Sir"}, "default": {}});
    let document = desk.sent(&batch(&recipients, "{: {title} {Title} :}")).await;
    assert_eq!(bodies(&desk, &document).await, pairs(&[(R[0], "{: Sir {Title} :}")]));
}

#[tokio::test]
async fn without_values_the_text_goes_as_it_is() {
    let desk = Desk::new().await;
    for recipients in [json!([R[0]]), json!({R[0]: {}}), json!({R[0]: null}), json!({R[0]: {"other": "x"}})] {
        let document = desk.sent(&batch(&recipients, "Hi {name}")).await;
        assert_eq!(document["templated"], false);
        assert_eq!(bodies(&desk, &document).await, pairs(&[(R[0], "Hi {name}")]));
    }
    // A null is no value: the default's stands.
    let recipients = json!({R[0]: {"name": null}, "Default": {"name": "you"}});
    let document = desk.sent(&batch(&recipients, "Hi {name}")).await;
    assert_eq!(bodies(&desk, &document).await, pairs(&[(R[0], "Hi you")]));
}

#[tokio::test]
async fn each_message_is_measured_by_itself() {
    let desk = Desk::new().await;
    let recipients = json!({
        R[0]: {"x": "a"},
        R[1]: {"x": "ж"},
        R[2]: {"x": "a".repeat(200)},
        "46701740608": {"x": " "},
    });
    let mut body = batch(&recipients, "{x}");
    let document = desk.sent(&body).await;
    let messages = desk.messages(&document).await;
    let shown: Vec<_> = messages.iter().map(|m| (text(&m["datacoding"]), m["segments"].clone())).collect();
    let expect = |coding: &str, segments: u16| (coding.to_owned(), json!(segments));
    assert_eq!(shown[..3], [expect("gsm", 1), expect("ucs", 1), expect("gsm", 2)]);
    assert_eq!(desk.codes(&document).await, [102, 102, 102, 405], "nothing is left of the last");
    body["datacoding"] = json!("gsm");
    let document = desk.sent(&body).await;
    assert_eq!(desk.codes(&document).await, [102, 405, 102, 405]);
}

#[tokio::test]
async fn a_text_that_grows_beyond_all_segments_is_refused() {
    let desk = Desk::new().await;
    let recipients = json!({R[0]: {}, R[1]: {"x": "y"}, "default": {"x": "x".repeat(2000)}});
    let document = desk.sent(&batch(&recipients, &"{x}".repeat(666))).await;
    assert_eq!(desk.codes(&document).await, [405, 102]);
    let messages = desk.messages(&document).await;
    assert!(text(&messages[0]["body"]).len() <= 4000, "only its beginning is kept");
}
