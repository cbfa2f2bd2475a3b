//! Callbacks: their settings, and what is pushed, to the letter.

use sms::Outcome;

use super::world::{JOHN, MARIA, PAUL, Reply, With, World, batch, request};
use crate::support::far_end::FarEnd;

const SETTINGS: &str = "/callback/settings";

async fn put(world: &World, json: &str) -> Reply {
    world.raw(request(http::Method::PUT, SETTINGS).by(&world.alice).json(json)).await
}

#[tokio::test]
async fn settings_are_read_and_written() {
    let world = World::empty().await;
    let text = async || world.get(SETTINGS).await.text;
    assert_eq!(text().await, r#"{"outUrl":null,"inUrl":null,"format":"m"}"#);
    let whole = r#"{"outUrl":"https://a.example/out","inUrl":"https://a.example/in?x=1","format":"j"}"#;
    let reply = put(&world, whole).await;
    assert_eq!((reply.status, reply.text.as_str()), (200, whole));
    assert_eq!(text().await, whole);
    let form = request(http::Method::PUT, SETTINGS).by(&world.alice).form("format=u");
    assert_eq!(world.raw(form).await.status, 200);
    assert_eq!(text().await, whole.replace("\"j\"", "\"u\""), "what is absent stays");
    put(&world, r#"{"outUrl":null,"inUrl":""}"#).await;
    assert_eq!(text().await, r#"{"outUrl":null,"inUrl":null,"format":"u"}"#);
    assert!(world.service.webhooks(world.alice.account.id).await.expect("read").is_empty());
    let bob = world.raw(request(http::Method::GET, SETTINGS).by(&world.bob)).await;
    assert_eq!(bob.text, r#"{"outUrl":null,"inUrl":null,"format":"m"}"#);
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused_whole() {
    let world = World::empty().await;
    for (json, blamed) in [
        (r#"{"outUrl":"ftp://a.example/","inUrl":"https://a.example/"}"#, &["outUrl"][..]),
        (r#"{"outUrl":"a.example","inUrl":"x y"}"#, &["outUrl", "inUrl"]),
        (r#"{"outUrl":"https://a.example/","format":"x"}"#, &["format"]),
        (r#"{"outUrl":["https://a.example/"]}"#, &["outUrl"]),
    ] {
        assert_eq!(put(&world, json).await.blamed(), blamed, "{json}");
    }
    assert_eq!(world.get(SETTINGS).await.text, r#"{"outUrl":null,"inUrl":null,"format":"m"}"#);
    world.post(SETTINGS, "format=j").await.refusal(405);
}

#[tokio::test]
async fn a_delivery_is_pushed_once_with_thirteen_fields() {
    let world = World::filled().await;
    put(&world, r#"{"outUrl":"https://a.example/out","inUrl":null,"format":"j"}"#).await;
    let far = FarEnd::of(&world.service);
    let text = service::change::NewBatch { reference: Some("ref-9".to_owned()), ..batch("Hi \"John\" & co") };
    let queued = world.mt(JOHN, "Hi \"John\" & co", Outcome::Queued);
    let (_, number) = world.submit(&world.alice, text, vec![queued]).await;
    for outcome in [Outcome::Sending, Outcome::Submitted, Outcome::Buffered, Outcome::Delivered] {
        world.news(number, outcome).await;
    }
    let expected = concat!(
        r#"{"id":8,"sender":"447624800500","receiver":"447860021130","text":"Hi \"John\" & co","#,
        r#""price":0,"status":"d","partsCount":1,"messageTime":"2024-06-15T12:00:06+0000","#,
        r#""charset":"ISO-8859-1","firstName":"John","lastName":"Conway","country":"GB","#,
        r#""referenceId":"ref-9"}"#
    );
    assert_eq!(far.bodies().await, [("application/json".to_owned(), expected.to_owned())]);
    world.reply(&world.alice, JOHN, "no inUrl").await;
    world.pass(2);
    assert!(far.bodies().await.is_empty());
}

#[tokio::test]
async fn pushes_as_a_form_and_in_parts() {
    let world = World::filled().await;
    let far = FarEnd::of(&world.service);
    put(&world, r#"{"outUrl":"https://a.example/o","inUrl":"https://a.example/i","format":"u"}"#).await;
    // Refused at once: the push follows the acceptance.
    world.send(&world.alice, world.mt(PAUL, "Ça va?", Outcome::DeniedOptOut)).await;
    world.reply(&world.alice, MARIA, "Tack & hej").await;
    world.pass(2);
    let form = "application/x-www-form-urlencoded".to_owned();
    let mut bodies = far.bodies().await;
    bodies.sort();
    let sent = concat!(
        "id=8&sender=447624800500&receiver=33612345678&text=%C3%87a+va%3F&price=0&status=j&partsCount=1",
        "&messageTime=2024-06-15T12%3A00%3A06%2B0000&charset=ISO-8859-1&firstName=&lastName=&country=FR",
        "&referenceId=A_tester_"
    );
    let received = concat!(
        "id=9&sender=46701740605&receiver=447624800500&messageTime=2024-06-15T12%3A00%3A06%2B0000",
        "&text=Tack+%26+hej"
    );
    assert_eq!(bodies[0].0, form);
    assert!(bodies[0].1.starts_with(sent), "{}", bodies[0].1);
    assert_eq!(bodies[1], (form, received.to_owned()));
    put(&world, r#"{"format":"m"}"#).await;
    world.reply(&world.alice, MARIA, "a\r\n--answerback-3\r\nb").await;
    world.pass(2);
    let (content_type, body) = far.bodies().await.remove(0);
    assert_eq!(content_type, "multipart/form-data; boundary=answerback-3-");
    let part = |name: &str, value: &str| {
        format!("--answerback-3-\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let expected = [
        part("id", "10"),
        part("sender", MARIA),
        part("receiver", "447624800500"),
        part("messageTime", "2024-06-15T12:00:08+0000"),
        part("text", "a\r\n--answerback-3\r\nb"),
        "--answerback-3---\r\n".to_owned(),
    ];
    assert_eq!(body, expected.concat());
}

#[tokio::test]
async fn an_address_that_never_answers_200_is_stopped() {
    let world = World::empty().await;
    put(&world, r#"{"outUrl":"https://a.example/o","format":"j"}"#).await;
    let far = FarEnd::of(&world.service);
    far.answers(201);
    world.send(&world.alice, world.mt(JOHN, "x", Outcome::DeniedOptOut)).await;
    let mut calls = 0;
    for _ in 0..60 {
        calls += far.told().await.len();
        world.pass(1800);
    }
    assert_eq!(calls, 8, "the first, and seven tries");
    world.send(&world.alice, world.mt(JOHN, "y", Outcome::DeniedOptOut)).await;
    assert_eq!(far.told().await.len(), 1);
    let stopped = async || {
        let targets = world.service.webhooks(world.alice.account.id).await.expect("read");
        targets[0].disabled.is_some()
    };
    assert!(stopped().await);
    far.answers(200);
    world.pass(60);
    assert!(far.told().await.is_empty());
    put(&world, r#"{"outUrl":"https://a.example/o"}"#).await;
    assert!(!stopped().await);
    assert_eq!(far.told().await.len(), 1, "set again, it is told what waited");
}
