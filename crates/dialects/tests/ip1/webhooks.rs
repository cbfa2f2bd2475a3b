//! What is pushed, to the letter: reports to a batch's address, incoming messages to the account's.

use serde_json::Value;
use service::webhooks::{Target, Wants};
use sms::Outcome;

use crate::support::far_end::FarEnd;
use crate::world::{Caller, World, batch, mo, mt};

async fn send(world: &World, tester: &Caller, report_url: Option<&str>) -> u32 {
    let mut message = mt(world.now(), tester.program, "46701740605", "Hello");
    message.reference = Some("ref-1".to_owned());
    let mut submission = batch(world.now(), vec![message]);
    submission.batch.extra.report_url = report_url.map(str::to_owned);
    world.submit(tester, submission).await.first
}

#[tokio::test]
async fn a_report_per_status_to_the_address_of_the_batch() {
    let world = World::new().await;
    let tester = world.tester().await;
    let far = FarEnd::of(&world.service);
    let number = send(&world, &tester, Some("https://a.example/reports")).await;
    let silent = send(&world, &tester, None).await;
    world.wait(5);
    for outcome in [Outcome::Sending, Outcome::Submitted, Outcome::Delivered] {
        world.step(&tester, number, outcome).await;
        world.step(&tester, silent, outcome).await;
    }
    let calls = far.told().await;
    assert!(calls.iter().all(|call| call.url == "https://a.example/reports" && call.headers.is_empty()));
    let bodies: Vec<String> =
        calls.into_iter().map(|call| String::from_utf8(call.body).expect("text")).collect();
    let codes: Vec<Value> = bodies
        .iter()
        .map(|body| serde_json::from_str::<Value>(body).expect("JSON")["code"].clone())
        .collect();
    assert_eq!(codes, [102, 110, 111, 201]);
    let batches = world.get("/v2/batches", &tester.bearer()).await;
    let id = |value: &Value| value["id"].as_str().expect("an id").to_owned();
    let batch_id = id(&batches.json()[0]);
    let messages = world.get(&format!("/v2/batches/{batch_id}/messages"), &tester.bearer()).await;
    let message_id = id(&messages.json()[0]);
    let expected = format!(
        concat!(
            r#"{{"messageId":"{0}","id":"{0}","batchId":"{1}","recipient":"46701740605","code":201,"#,
            r#""duration":1,"created":"2025-06-01T10:00:05Z","segments":1,"price":0.0416,"#,
            r#""currency":"eur","reference":"ref-1"}}"#
        ),
        message_id, batch_id
    );
    assert_eq!(bodies[3], expected);
}

#[tokio::test]
async fn anything_but_200_is_tried_ten_times_ten_minutes_apart() {
    let world = World::new().await;
    let tester = world.tester().await;
    let far = FarEnd::of(&world.service);
    far.answers(204);
    send(&world, &tester, Some("https://a.example/reports")).await;
    assert_eq!(far.told().await.len(), 1);
    for _ in 0..9 {
        world.wait(599);
        assert_eq!(far.told().await.len(), 0);
        world.wait(1);
        assert_eq!(far.told().await.len(), 1);
    }
    world.wait(6000);
    assert_eq!(far.told().await.len(), 0, "then it is dropped");
    assert_eq!(world.service.dead_letters(tester.id, 0, 0, 9).await.expect("read").len(), 1);
}

#[tokio::test]
async fn an_incoming_message() {
    let world = World::new().await;
    let tester = world.tester().await;
    let wants = Wants { mo: true, ..Wants::default() };
    let target = Target::new("ip1", "https://a.example/in", wants);
    world.service.put_webhook(tester.id, target).await.expect("kept");
    let far = FarEnd::of(&world.service);
    let mut message = mo(world.now(), tester.program, "46701740605", "Hej på dig");
    message.network.mcc = Some("240".to_owned());
    let number = world.receive(&tester, message).await;
    world.wait(2);
    let calls = far.told().await;
    let conversation = world.get("/v2/conversations/46701740605/mo", &tester.bearer()).await;
    let document = conversation.json()[0].clone();
    let expected = format!(
        concat!(
            r#"{{"id":{},"batchId":{},"owner":"ip1-{}","sender":"46701740605","recipient":"46101606060","#,
            r#""body":"Hej på dig","direction":"mo","segments":1,"type":"SMS","datacoding":"GSM","priority":1,"#,
            r#""statuses":[{{"created":"2025-06-01T10:00:00Z","code":201,"duration":1}}],"#,
            r#""modified":"2025-06-01T10:00:00Z","mcc":"240","mnc":null}}"#
        ),
        document["id"], document["batchId"], tester.id
    );
    assert_eq!(calls.len(), 1);
    assert_eq!(number, 1);
    assert_eq!(String::from_utf8_lossy(&calls[0].body), expected);
    send(&world, &tester, None).await;
    assert!(far.told().await.is_empty());
}
