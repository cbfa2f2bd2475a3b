//! Paths, methods and the clients' habits (checks 109 to 115), formats, refusals before a request is read.

use dialects::kit::{Dialect, Early};
use dialects::smsfactor::SmsFactor;

use crate::fixture::{Call, Fixture, PERIOD, history};
use crate::xml::Element;

#[tokio::test]
async fn credits_as_clients_ask_for_them() {
    let fixture = Fixture::empty().await;
    let service = &fixture.world.service;
    let euro = "EUR".parse().expect("a currency");
    let (account, key) = service.create_account("Prepaid", None, euro, true).await.expect("an account");
    let amount = "12.75".parse().expect("an amount");
    service.fund(account.id, amount).await.expect("funded");
    let prepaid = concat!(
        r#"{"status":1,"message":"OK","credits":"12","postpaid":"0","#,
        r#""postpaid_limit":false,"unlimited":false}"#
    );
    let odd = ["//credits", "///credits//", "/credits/", "/credits?null", "/credits?", "/credits?[]"];
    for target in odd.into_iter().chain(["/credits"]) {
        let answer = fixture.call(Call::get(target).bearer(&key).json()).await;
        assert_eq!((answer.code, answer.body.as_str()), (200, prepaid), "{target}");
    }
    let call = Call::get("/credits").bearer(&key).json();
    let call = call.body("[]").header("content-type", "application/json").header("x-application", "15");
    assert_eq!(fixture.call(call).await.body, prepaid);
    let postpaid = fixture.get("/credits").await.value();
    assert_eq!((&postpaid["credits"], &postpaid["postpaid"]), (&"0".into(), &"1".into()));
    let xml = Element::parse(&fixture.call(Call::get("/credits").bearer(&key)).await.body);
    assert_eq!(xml.keys(), ["status", "message", "credits", "postpaid", "postpaid_limit", "unlimited"]);
    assert_eq!((xml.child("credits"), xml.child("postpaid_limit")), ("12", "false"));
}

#[tokio::test]
async fn paths_in_odd_forms() {
    let fixture = Fixture::with(history()).await;
    let plain = fixture.list("").await.body;
    for path in ["//messages", "/messages/", "///messages//", "/%6dessages"] {
        assert_eq!(fixture.get(&format!("{path}?{PERIOD}")).await.body, plain, "{path}");
    }
    let replies = fixture.get(&format!("/messages/mo?{PERIOD}")).await.body;
    assert_eq!(fixture.get(&format!("//messages//mo/?{PERIOD}")).await.body, replies);
}

#[tokio::test]
async fn unknown_paths() {
    let fixture = Fixture::empty().await;
    for (method, target) in [
        ("GET", "/retention"),
        ("POST", "/dr"),
        ("POST", "/webhooks"),
        ("POST", "/lookup"),
        ("GET", "/Messages"),
        ("GET", "/messages/1"),
        ("GET", "/messages/mo/1"),
        ("GET", "/messages%2Fmo"),
        ("GET", "/messages%ff"),
        ("DELETE", "/send/1/2"),
        ("GET", "/replies"),
        ("GET", "/'%20OR%201=1%20--"),
    ] {
        let answer = fixture.call(Call::new(method, target).bearer(&fixture.world.key).json()).await;
        assert_eq!((answer.code, answer.status()), (404, -5), "{method} {target}");
        let value = answer.value();
        assert_eq!(
            value.as_object().expect("an object").keys().collect::<Vec<_>>(),
            ["status", "message", "details"]
        );
    }
}

#[tokio::test]
async fn other_methods() {
    let fixture = Fixture::empty().await;
    for path in ["/messages", "//messages/mo", "/credits/"] {
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"] {
            let call = Call::new(method, &format!("{path}?{PERIOD}")).bearer(&fixture.world.key).json();
            let answer = fixture.call(call.body(r#"{"sms":{}}"#)).await;
            assert_eq!((answer.code, answer.status()), (405, -5), "{method} {path}");
            assert_eq!(answer.headers["allow"], "GET, HEAD");
        }
        let call = Call::new("HEAD", &format!("{path}?{PERIOD}")).bearer(&fixture.world.key).json();
        assert_eq!(fixture.call(call).await.code, 200);
    }
}

#[tokio::test]
async fn known_paths_tell_their_methods() {
    let fixture = Fixture::empty().await;
    for (method, path, allow) in [
        ("GET", "/", "POST"),
        ("PUT", "/send", "GET, HEAD, POST"),
        ("HEAD", "/send?text=a&to=33612345678", "GET, POST"),
        ("GET", "/send/lists", "POST"),
        ("GET", "/send/17", "DELETE"),
        ("POST", "/campaign", ""),
        ("POST", "/campaigns", "GET, HEAD"),
        ("DELETE", "/campaign/1/npai", "GET, HEAD, PUT"),
        ("PUT", "/list/1", "GET, HEAD, DELETE"),
        ("GET", "/list/contact/1", "DELETE, PUT"),
        ("PUT", "/blacklist", "GET, HEAD, POST"),
        ("PUT", "/token/1", "GET, HEAD, DELETE"),
    ] {
        let answer = fixture.call(Call::new(method, path).bearer(&fixture.world.key).json()).await;
        let expected = if allow.is_empty() { 404 } else { 405 };
        assert_eq!((answer.code, answer.status()), (expected, -5), "{method} {path}");
        let told = answer.headers.get("allow").map(|allow| allow.to_str().expect("text")).unwrap_or_default();
        assert_eq!(told, allow, "{method} {path}");
    }
    assert_eq!(fixture.list("").await.totals(), (0, 0), "nothing was sent");
}

#[tokio::test]
async fn the_format_follows_accept() {
    let fixture = Fixture::with(history()).await;
    for (accept, json) in [
        (None, false),
        (Some("*/*"), false),
        (Some("text/html"), false),
        (Some("application/xml"), false),
        (Some("text/xml"), false),
        (Some("application/json"), true),
        (Some("text/json"), true),
        (Some("application/json, text/plain, */*"), true),
        (Some("application/xml;q=0.4, application/json;q=0.5"), true),
        (Some("application/json;q=0.4, application/xml;q=0.5"), false),
    ] {
        for target in [format!("/messages?{PERIOD}"), "/messages".to_owned(), "/nowhere".to_owned()] {
            let call = Call::get(&target).bearer(&fixture.world.key);
            let call = accept.into_iter().fold(call, |call, accept| call.header("accept", accept));
            let answer = fixture.call(call).await;
            let format = if json { "json" } else { "xml" };
            let expected = format!("application/{format}; charset=utf-8");
            assert_eq!(answer.headers["content-type"], expected.as_str(), "{accept:?} {target}");
            assert_eq!(answer.body.starts_with('{'), json);
        }
    }
}

#[tokio::test]
async fn too_many_requests() {
    let world = crate::support::World::with_rate_limit(Some(1)).await;
    let bearer = format!("Bearer {}", world.key);
    let headers = [("authorization", bearer.as_str()), ("accept", "application/json")];
    let ask = || world.call(http::Method::GET, "/credits", &headers, b"");
    assert_eq!(ask().await.status(), 200);
    let refused = ask().await;
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["retry-after"]),
        (429, &"1".parse().expect("text"))
    );
    assert_eq!(crate::support::json(&refused)["status"], -99);
    world.pass(1);
    assert_eq!(ask().await.status(), 200);
}

#[test]
fn refusals_before_reading_have_the_vendors_shape() {
    let dialect = SmsFactor;
    let request = |accept| crate::support::request(http::Method::POST, "/send", &[("accept", accept)], b"{");
    for early in [
        Early::BodyTooLarge,
        Early::Slow,
        Early::Malformed,
        Early::Overloaded,
        Early::Internal,
        Early::NotServed,
    ] {
        let response = dialect.refuse(&early, &request("application/json"));
        assert_eq!(response.status(), early.status());
        let value: serde_json::Value = serde_json::from_slice(response.body()).expect("JSON");
        assert!(value["status"].as_i64().is_some_and(|status| status < 0), "{early:?}");
        assert_eq!(value["details"], early.sentence());
        let response = dialect.refuse(&early, &request("*/*"));
        assert!(response.body().starts_with(b"<?xml "));
    }
    assert!(dialect.owns("/") && dialect.owns("/anything/at/all"));
}
