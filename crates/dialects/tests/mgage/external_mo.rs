//! `POST /api/externalMO`: messages that come in by HTTP.

use http::Method;
use ledger::Ledger;

use crate::story::{Story, is_refusal};
use crate::world::Answer;

const FORM: &str = "application/x-www-form-urlencoded";

impl Story {
    async fn post(&self, query: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        let basic = self.tester.basic();
        let mut all = vec![("authorization", basic.as_str()), ("content-type", FORM)];
        all.extend(headers);
        let target = format!("/api/externalMO{query}");
        Answer::new(self.world.call(Method::POST, &target, &all, body.as_bytes()).await)
    }

    fn form(&self, message: &str) -> String {
        let program = self.spring.number;
        format!("campid={program}&destination=US-37911&originator=%2B1%20555%20666%207777&message={message}")
    }
}

fn is_success(answer: &Answer) {
    let kind = answer.header("content-type");
    assert_eq!((answer.status, answer.text.as_str(), kind), (200, "SUCCESS", "text/plain; charset=utf-8"));
}

fn is_failure(answer: &Answer, sentence: &str) {
    let kind = answer.header("content-type");
    assert_eq!((answer.status, answer.text.as_str(), kind), (500, sentence, "text/plain; charset=utf-8"));
}

#[tokio::test]
async fn it_is_a_received_message_everywhere() {
    let story = Story::empty().await;
    is_success(&story.post("", &story.form("JOIN+%E2%82%AC"), &[]).await);
    let page = story.export("").await.ok();
    let message = &page["data"]["messages"][0];
    let shown = ["type", "deliveryStatus", "number", "body", "date"].map(|key| &message[key]);
    assert_eq!(shown, ["MO", "Received", "15556667777", "JOIN €", "2025-06-01T10:00:00.00"]);
    assert!(message["network"].is_null());
    // In a chat, and in another vendor's list with the short code's digits.
    let chat = story.world.service.chat_with(story.tester.id, "15556667777").await.expect("read");
    assert_eq!(chat.expect("a chat").unread, 1);
    let period = "date_start=2025-01-01+00:00:00&date_end=2025-12-31+00:00:00";
    let headers = [("authorization", story.tester.bearer()), ("accept", "application/json".to_owned())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let target = format!("/messages?{period}");
    let listed = Answer::new(story.world.call(Method::GET, &target, &headers, b"").await).ok();
    assert_eq!(listed["messages"][0]["destination"], "37911");
    assert_eq!(listed["messages"][0]["status"], "incoming_message");
    let report = story.world.ledger.check(Box::new(|_| {})).await.expect("checked");
    assert!(report.is_sound(), "{:?}", report.broken);
}

#[tokio::test]
async fn parameters_in_the_query_or_in_the_body() {
    let story = Story::empty().await;
    let form = story.form("STEP");
    is_success(&story.post(&format!("?{form}"), "", &[]).await);
    let (one, other) = form.split_at(form.find("&originator").expect("it is there") + 1);
    is_success(&story.post(&format!("?{one}"), other, &[]).await);
    is_success(&story.post("/", &form, &[]).await);
    let page = story.export("").await.ok();
    assert_eq!(page["data"]["messages"].as_array().map(Vec::len), Some(3));
}

/// PHP's curl sends an array as `multipart/form-data`.
#[tokio::test]
async fn a_form_in_parts() {
    let story = Story::empty().await;
    let program = story.spring.number.to_string();
    let form = |message: &[u8]| {
        let fields = [
            ("campid", program.as_bytes()),
            ("destination", b"37911"),
            ("originator", b"15556667777"),
            ("message", message),
        ];
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(format!("--x7\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").bytes());
            body.extend(value);
            body.extend(b"\r\n");
        }
        body.extend(b"--x7--\r\n");
        body
    };
    let post = async |body: &[u8]| {
        let basic = story.tester.basic();
        let headers =
            [("authorization", basic.as_str()), ("content-type", "multipart/form-data; boundary=x7")];
        Answer::new(story.world.call(Method::POST, "/api/externalMO", &headers, body).await)
    };
    is_success(&post(&form("JOIN & é+%41".as_bytes())).await);
    let page = story.export("").await.ok();
    assert_eq!(page["data"]["messages"][0]["body"], "JOIN & é+%41", "as it stands, not decoded");
    is_failure(&post(&form(b"\xff")).await, "The parameter message is not valid UTF-8.");
    is_failure(&post(&form(b"")).await, "The parameter message is missing.");
    is_failure(&post(b"campid=1").await, "The form cannot be read.");
}

#[tokio::test]
async fn what_is_wrong_is_said_in_a_sentence() {
    let story = Story::empty().await;
    let good = story.form("JOIN");
    for (name, bad, sentence) in [
        ("campid", "", "The parameter campid is missing."),
        ("campid", "0", "The campaign is not a number."),
        ("campid", "abc", "The campaign is not a number."),
        ("campid", "999999999", "There is no such campaign."),
        ("destination", "", "The parameter destination is missing."),
        ("destination", "JOIN", "The destination is not a short code or number."),
        ("originator", "+", "The parameter originator is missing."),
        ("originator", "12", "The originator is not a phone number with its country code."),
        ("originator", "bob", "The originator is not a phone number with its country code."),
        ("message", "", "The parameter message is missing."),
        ("message", "%ff", "The parameter message is not valid UTF-8."),
    ] {
        let pairs = good.split('&').map(|pair| match pair.split_once('=') {
            Some((key, _)) if key == name => format!("{key}={bad}"),
            _ => pair.to_owned(),
        });
        let form = pairs.collect::<Vec<_>>().join("&");
        is_failure(&story.post("", &form, &[]).await, sentence);
    }
    let doubled = "The parameter message is given more than once.";
    is_failure(&story.post("?message=a", &good, &[]).await, doubled);
    // Another account's program is nobody's.
    let foreign = good.replace(&story.spring.number.to_string(), &story.other.program.to_string());
    is_failure(&story.post("", &foreign, &[]).await, "There is no such campaign.");
    let long = story.form(&"a".repeat(40_000));
    is_failure(&story.post("", &long, &[]).await, "The message is too long.");
    let page = story.export("").await.ok();
    assert_eq!(page["data"]["messages"].as_array().map(Vec::len), Some(0));
    let nobody = story.world.call(Method::POST, "/api/externalMO", &[], good.as_bytes()).await;
    is_refusal(&Answer::new(nobody), 401);
}

#[tokio::test]
async fn a_key_takes_it_in_once() {
    let story = Story::empty().await;
    let form = story.form("JOIN");
    let key = [("idempotency-key", "first")];
    for _ in 0..3 {
        is_success(&story.post("", &form, &key).await);
    }
    let used = "The idempotency key was used with another request.";
    is_failure(&story.post("", &story.form("STOP"), &key).await, used);
    let bad = story.post("", &form, &[("idempotency-key", "a"), ("idempotency-key", "b")]).await;
    assert!(bad.status == 500 && bad.text.starts_with("The Idempotency-Key header"), "{}", bad.text);
    is_success(&story.post("", &form, &[]).await);
    let page = story.export("").await.ok();
    assert_eq!(page["data"]["messages"].as_array().map(Vec::len), Some(2));
}
