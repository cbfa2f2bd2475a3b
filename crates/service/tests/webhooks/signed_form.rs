//! Our own form, to the letter.

use service::opt_outs::OptOutSource;
use service::webhooks::{Target, Wants, signed};
use sms::Outcome;

use super::world::{ALL, World};

const URL: &str = "https://one.example/hook?token=x";

#[tokio::test]
async fn header_and_body() {
    let world = World::new().await;
    let target = Target { secret: Some("s3cret".to_owned()), ..Target::new("answerback", URL, ALL) };
    world.service.put_webhook(world.account, target).await.expect("kept");
    world.accept(1).await;
    world.pass(1);
    world.settle().await;
    let calls = world.far.take(URL);
    let [call] = calls.as_slice() else { panic!("one call, not {}", calls.len()) };
    assert_eq!((call.method, call.content_type.as_str()), ("POST", "application/json"));
    let body = concat!(
        r#"{"event":"1-1","sequence":1,"type":"message.outcome","at":"2023-11-14T22:13:20Z","account":"first","#,
        r#""message":{"number":1,"direction":"mt","state":"queued","reason":null,"final":false,"code":null,"#,
        r#""text":null,"batch":1,"reference":null,"sender":"Acme","recipient":"46700000000","body":"Hello","#,
        r#""segments":1,"price":"0.0416","currency":"EUR","country":"SE","created":"2023-11-14T22:13:20Z","#,
        r#""answers":null,"opt_out":false}}"#
    );
    assert_eq!(String::from_utf8_lossy(&call.body), body);
    let headers: Vec<(&str, &str)> =
        call.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let signature = signed::signature("s3cret", crate::support::BEGINNING + 1, body.as_bytes());
    assert_eq!(
        headers,
        [
            ("Answerback-Event", "1-1"),
            ("Answerback-Sequence", "1"),
            ("Answerback-Signature", signature.as_str()),
        ]
    );
    assert_eq!(format!("{call:?}"), "POST https://one.example/hook");
}

#[tokio::test]
async fn each_is_told_what_it_wants() {
    let world = World::new().await;
    let add = async |url: &str, wants: Wants, outcomes: &str| {
        let mut target = Target::new("answerback", url, wants);
        target.options.insert(signed::OUTCOMES.to_owned(), outcomes.to_owned());
        world.service.put_webhook(world.account, target).await.expect("kept");
    };
    let none = Wants::default();
    add("https://every.example/", Wants { mt: true, ..none }, signed::EVERY).await;
    add("https://final.example/", Wants { mt: true, ..none }, signed::FINAL).await;
    add("https://mo.example/", Wants { mo: true, ..none }, signed::EVERY).await;
    add("https://stop.example/", Wants { opt_out: true, ..none }, signed::EVERY).await;
    let number = world.accept(1).await;
    world.step(number, Outcome::Sending).await;
    world.step(number, Outcome::Submitted).await;
    world.step(number, Outcome::Delivered).await;
    let reply = world.receive("46700000000", "Thanks").await;
    let stop = world.receive("46700000009", "STOP").await;
    let source = OptOutSource::Message(stop);
    world.service.opt_out(world.account, "46700000009", source).await.expect("opted out");
    world.settle().await;
    assert_eq!(world.far.take("https://mo.example/").len(), 0, "too young: what it means may still come");
    world.pass(2);
    world.settle().await;
    let numbers = |url: &str| world.far.told(url).into_iter().map(|(number, _)| number).collect::<Vec<_>>();
    assert_eq!(numbers("https://every.example/").len(), 4);
    assert_eq!(world.far.told("https://final.example/"), [(u64::from(number), "delivered".to_owned())]);
    let mut received = numbers("https://mo.example/");
    received.sort_unstable();
    assert_eq!(received, [u64::from(reply), u64::from(stop)]);
    let stops = world.far.take("https://stop.example/");
    assert_eq!(stops.len(), 1);
    let body = String::from_utf8_lossy(&stops[0].body);
    assert!(body.contains(r#""type":"message.received""#) && body.contains(r#""opt_out":true"#), "{body}");
}
