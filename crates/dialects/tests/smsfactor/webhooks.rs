//! Webhooks: setting them up, and what is pushed to them, to the letter.

use ledger::conformance::mo;
use service::change::Step;
use service::history::Entry;
use service::opt_outs::OptOutSource;
use sms::{Number, Outcome};

use crate::fixture::{Answer, Call, Fixture};
use crate::support::far_end::FarEnd;

async fn ask(fixture: &Fixture, method: &str, path: &str, body: &str) -> Answer {
    fixture.call(Call::new(method, path).bearer(&fixture.world.key).json().body(body.to_owned())).await
}

async fn step(fixture: &Fixture, number: Number, outcome: Outcome) {
    let world = &fixture.world;
    let steps = vec![Step { number, entry: Entry::new(world.now(), outcome) }];
    world.service.advance(world.account, steps).await.expect("a legal step");
}

async fn receive(fixture: &Fixture, from: &str, text: &str) -> Number {
    let world = &fixture.world;
    world.service.receive(world.account, mo(from, text, world.now())).await.expect("received").number
}

fn hook(kind: &str, url: &str, rest: &str) -> String {
    format!(r#"{{"webhook":{{"type":"{kind}","url":"{url}"{rest}}}}}"#)
}

#[tokio::test]
async fn set_up_listed_changed_removed() {
    let fixture = Fixture::empty().await;
    let made =
        ask(&fixture, "POST", "/webhook", &hook("DLR", "https://a.example/d", r#","signature":"s e""#)).await;
    let first = concat!(
        r#"{"webhook_id":"1","type":"DLR","url":"https://a.example/d","signature":"s e","#,
        r#""status":"live","last_http_code":null}"#
    );
    assert_eq!(made.body, format!(r#"{{"status":1,"message":"OK","webhook":{first}}}"#));
    let xml =
        "<?xml version=\"1.0\"?><webhook><type>MO</type><url>https://a.example/m?a=1&amp;b=2</url></webhook>";
    let call = Call::new("POST", "/webhook").bearer(&fixture.world.key).xml().body(xml);
    let answered = fixture.call(call).await.body;
    let second = concat!(
        "<webhook><webhook_id>2</webhook_id><type>MO</type><url>https://a.example/m?a=1&amp;b=2</url>",
        "<signature>null</signature><status>live</status><last_http_code>null</last_http_code></webhook>"
    );
    assert!(answered.ends_with(&format!("<message>OK</message>{second}</response>")), "{answered}");
    let listed = fixture.get("/webhook").await.value();
    assert_eq!(listed["webhooks"][0].to_string(), first);
    assert_eq!(listed["webhooks"].as_array().map(Vec::len), Some(2));
    let changed = ask(&fixture, "PUT", "/webhook/1", &hook("STOP", "https://a.example/s", "")).await.value();
    assert_eq!(
        (&changed["webhook"]["type"], &changed["webhook"]["signature"]),
        (&"STOP".into(), &"s e".into())
    );
    let changed =
        ask(&fixture, "PUT", "/webhook/1", &hook("STOP", "https://a.example/s", r#","signature":"""#)).await;
    assert!(changed.value()["webhook"]["signature"].is_null());
    let removed = ask(&fixture, "DELETE", "/webhook/2", "").await;
    assert_eq!(removed.body, r#"{"status":1,"message":"OK","deleted_id":"2"}"#);
    assert_eq!(fixture.get("/webhook").await.value()["webhooks"].as_array().map(Vec::len), Some(1));
    for (method, path) in [("PUT", "/webhook/2"), ("DELETE", "/webhook/2"), ("DELETE", "/webhook/x")] {
        let answer = ask(&fixture, method, path, &hook("MO", "https://a.example/", "")).await;
        answer.assert_error(-5, path);
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let fixture = Fixture::empty().await;
    for body in [
        hook("CLICKER", "https://a.example/", ""),
        hook("BALANCE_ALERT", "https://a.example/", ""),
        hook("dlr", "https://a.example/", ""),
        hook("DLR", "", ""),
        hook("DLR", "ftp://a.example/", ""),
        hook("DLR", "https://a.example/", r#","signature":"é""#),
        hook("DLR", "https://a.example/", r#","signature":["a"]"#),
        r#"{"webhook":{"type":"DLR"}}"#.to_owned(),
        "{}".to_owned(),
    ] {
        ask(&fixture, "POST", "/webhook", &body).await.assert_error(-7, &body);
    }
    assert!(fixture.get("/webhook").await.value()["webhooks"].as_array().is_some_and(Vec::is_empty));
}

#[tokio::test]
async fn pushes_and_the_code_they_were_answered_with() {
    let fixture = Fixture::empty().await;
    let signed = r#","signature":"s3cret""#;
    ask(&fixture, "POST", "/webhook", &hook("DLR", "https://a.example/dlr", signed)).await;
    ask(&fixture, "POST", "/webhook", &hook("MO", "https://a.example/mo", "")).await;
    ask(&fixture, "POST", "/webhook", &hook("STOP", "https://a.example/stop", "")).await;
    let far = FarEnd::of(&fixture.world.service);
    let sent = fixture.get("/send?text=Bonjour&to=33612345678&gsmsmsid=my-id").await;
    assert_eq!(sent.status(), 1, "{}", sent.body);
    let number = fixture.world.service.highest(fixture.world.account).await.expect("read");
    for outcome in [Outcome::Sending, Outcome::Submitted, Outcome::Delivered] {
        step(&fixture, number, outcome).await;
    }
    let calls = far.told().await;
    assert_eq!(calls.len(), 1);
    assert_eq!(
        (calls[0].url.as_str(), calls[0].content_type.as_str()),
        ("https://a.example/dlr", "application/json")
    );
    assert_eq!(calls[0].headers, [("X-SMSFactor-Signature".to_owned(), "s3cret".to_owned())]);
    let expected = concat!(
        r#"{"date":"2025-08-01T12:00:00+02:00","status":3,"destination":"33612345678","#,
        r#""message_id":"my-id","campaign_id":"1","country_code":"FR"}"#
    );
    assert_eq!(String::from_utf8_lossy(&calls[0].body), expected);

    far.answers(503);
    receive(&fixture, "33612345678", "Merci").await;
    let stop = receive(&fixture, "33600000001", "STOP").await;
    let source = OptOutSource::Message(stop);
    let account = fixture.world.account;
    fixture.world.service.opt_out(account, "33600000001", source).await.expect("opted out");
    fixture.world.pass(2);
    let mut told: Vec<(String, String)> = far
        .told()
        .await
        .into_iter()
        .map(|call| (call.url, String::from_utf8(call.body).expect("text")))
        .collect();
    told.sort();
    let received = |message: &str, from: &str, last: &str| {
        format!(
            r#"{{"date":"2025-08-01T12:00:00+02:00","message":"{message}","from":"{from}","account_id":"{account}","last_message_id":"{last}"}}"#
        )
    };
    let expected = [
        ("https://a.example/mo", received("Merci", "33612345678", "my-id")),
        ("https://a.example/mo", received("STOP", "33600000001", "")),
        ("https://a.example/stop", received("STOP", "33600000001", "")),
    ];
    assert_eq!(told, expected.map(|(url, body)| (url.to_owned(), body)));
    let listed = fixture.get("/webhook").await.value();
    let codes: Vec<_> = (0..3).map(|index| listed["webhooks"][index]["last_http_code"].clone()).collect();
    assert_eq!(codes, [200, 503, 503]);
    let mut tries = 0;
    for _ in 0..40 {
        fixture.world.pass(1800);
        tries += far.told().await.len();
    }
    assert_eq!(tries, 3 * 5, "a few, with growing pauses");
}

#[tokio::test]
async fn a_received_message_has_the_date_that_lists_show() {
    let fixture = Fixture::empty().await;
    ask(&fixture, "POST", "/webhook", &hook("MO", "https://a.example/mo", "")).await;
    let far = FarEnd::of(&fixture.world.service);
    let world = &fixture.world;
    // It came in, and was taken in a moment later, in the next second.
    let mut came = mo("33612345678", "Merci", world.now());
    came.date += 1;
    world.pass(1);
    world.service.receive(world.account, came).await.expect("received");
    world.pass(2);
    let calls = far.told().await;
    let told: serde_json::Value = serde_json::from_slice(&calls[0].body).expect("JSON");
    let listed =
        fixture.get("/messages/mo?date_start=2025-08-01+00:00:00&date_end=2025-08-02+00:00:00").await;
    let listed = listed.value()["replies"][0]["date"].as_str().expect("a text").replace(' ', "T");
    assert_eq!(told["date"], format!("{listed}+02:00"));
}
