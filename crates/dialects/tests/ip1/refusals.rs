//! `POST /v2/batches`: what is refused as a whole, with the names of what was wrong.

use http::Method;
use serde_json::{Value, json};

use crate::desk::{Desk, R, batch};

/// Names under `errors` of a refused request.
async fn errors(desk: &Desk, body: &Value) -> Vec<String> {
    let answer = desk.send(body).await;
    assert_eq!(answer.status, 400, "{body}: {}", answer.text);
    assert_eq!(answer.header("content-type"), "application/problem+json; charset=utf-8");
    let problem = answer.json();
    assert_eq!(problem["status"], 400);
    assert!(!problem["title"].as_str().expect("a title").is_empty());
    let errors = problem["errors"].as_object().expect("errors").clone();
    for said in errors.values() {
        let said = said.as_array().expect("an array of sentences");
        assert!(!said.is_empty() && said.iter().all(Value::is_string));
    }
    errors.keys().cloned().collect()
}

#[tokio::test]
async fn each_rule_names_its_field() {
    let desk = Desk::new().await;
    let long = "1".repeat(16);
    let cases: Vec<(&str, Vec<Value>)> = vec![
        (
            "sender",
            vec![
                json!("TwelveLetter"),
                json!("ab"),
                json!(long),
                json!("a b"),
                json!(""),
                json!(null),
                json!(46_701_740_605_u64),
                json!("Åland"),
                json!("a-b-c"),
            ],
        ),
        (
            "recipients",
            vec![
                json!([]),
                json!({}),
                json!({"default": {"name": "x"}}),
                json!(null),
                json!(R[0]),
                json!([46_701_740_605_u64]),
                json!(["4670174060a"]),
                json!([R[0], long]),
                json!([""]),
                json!([format!("+{}", R[0])]),
                json!([null]),
                json!({"4670174060a": {}}),
                json!({R[0]: "Ada"}),
                json!({R[0]: {"name": 7}}),
                json!({R[0]: {"name": "x".repeat(2001)}}),
            ],
        ),
        (
            "body",
            vec![json!(null), json!(""), json!(" \n\t"), json!("x".repeat(2001)), json!(7), json!(["x"])],
        ),
        ("type", vec![json!("mms"), json!(""), json!(1)]),
        ("datacoding", vec![json!("latin1"), json!(1), json!(3), json!("")]),
        ("priority", vec![json!(3), json!(0), json!(-1), json!("1"), json!(1.5), json!("high")]),
        (
            "deliveryWindows",
            vec![
                json!({}),
                json!(["now"]),
                json!([{"opens": "tomorrow"}]),
                json!([{"opens": "2025-06-02T10:00:00Z", "closes": "2025-06-02T10:00:00Z"}]),
                json!([{"opens": "2025-06-02T10:00:00Z", "closes": "2025-06-01T10:00:00Z"}]),
                json!([{"opens": 1_748_772_000}]),
            ],
        ),
        (
            "deliveryReportUrl",
            vec![json!(""), json!("hooks.example"), json!("/r"), json!("ftp://hooks.example/"), json!(7)],
        ),
        ("reference", vec![json!(7), json!("x".repeat(1001))]),
        ("tags", vec![json!("x"), json!([7]), json!([null]), json!(vec![""; 101])]),
    ];
    for (name, values) in cases {
        for value in values {
            let mut body = batch(&json!(R), "Hello");
            body[name] = value;
            assert_eq!(errors(&desk, &body).await, [name], "{body}");
        }
    }
    assert_eq!(desk.get("/v2/batches").await.list(), [] as [Value; 0], "nothing was taken in");
}

#[tokio::test]
async fn everything_wrong_is_named_at_once() {
    let desk = Desk::new().await;
    assert_eq!(errors(&desk, &json!({})).await, ["sender", "recipients", "body"]);
    let body = json!({"Sender": "a b", "recipients": [], "body": "x", "priority": 9});
    assert_eq!(errors(&desk, &body).await, ["Sender", "recipients", "priority"], "names as they were sent");
    // One digit too few for any network; see the README.
    assert_eq!(errors(&desk, &json!({"sender": "12", "recipients": R, "body": "x"})).await, ["sender"]);
}

#[tokio::test]
async fn bodies_that_are_no_json() {
    let desk = Desk::new().await;
    let whole = batch(&json!(R), "Hello").to_string();
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    for body in ["", "x", "{", "[]", "\"x\"", "null", "\u{0}", &whole[1..], &deep, "sender=iP1&body=Hello"] {
        for content_type in ["application/json", "", "application/x-www-form-urlencoded"] {
            let headers = [("content-type", content_type)];
            let answer = desk.call(Method::POST, "/v2/batches", &headers, body.as_bytes()).await;
            assert_eq!(answer.status, 400, "{body:.20} {content_type}");
            assert!(answer.json()["title"].is_string());
        }
    }
    let binary = desk.call(Method::POST, "/v2/batches", &[], b"\xff\xfe").await;
    assert_eq!(binary.status, 400);
    let answer = desk.call(Method::POST, "/v2/batches", &[("content-type", "text/plain")], b"Hello").await;
    assert_eq!((answer.status, answer.json()["status"].as_u64()), (415, Some(415)));
    // What parses is taken, whatever it says it is.
    for content_type in ["text/plain", "application/json; utf8", "", "application/x-www-form-urlencoded"] {
        let headers = [("content-type", content_type)];
        let answer = desk.call(Method::POST, "/v2/batches", &headers, whole.as_bytes()).await;
        assert_eq!(answer.status, 201, "{content_type}");
    }
    // Writers on Windows put a byte order mark before UTF-8.
    let marked = format!("\u{feff}{whole}");
    assert_eq!(desk.call(Method::POST, "/v2/batches", &[], marked.as_bytes()).await.status, 201);
    assert_eq!(desk.call(Method::POST, "/v2/batches", &[], "\u{feff}".as_bytes()).await.status, 400);
}

#[tokio::test]
async fn who_shows_no_key_learns_nothing_of_the_body() {
    let desk = Desk::new().await;
    let answer = desk.world.call(Method::POST, "/v2/batches", &[], b"{").await;
    assert_eq!(answer.status(), 401);
}
