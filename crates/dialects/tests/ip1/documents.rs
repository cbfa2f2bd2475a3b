//! What the documents hold.

use serde_json::{Value, json};

use crate::story::{R, Story, ids, text};

const MEMBERS: [&str; 18] = [
    "id",
    "batchId",
    "owner",
    "sender",
    "recipient",
    "body",
    "direction",
    "segments",
    "type",
    "datacoding",
    "priority",
    "price",
    "currency",
    "statuses",
    "modified",
    "reference",
    "mcc",
    "mnc",
];

#[tokio::test]
async fn schemas() {
    let story = Story::new().await;
    let [batch, mo_batch, scheduled] = story.batches().await;
    let message = &story.messages(&batch).await[0];
    let received = &story.messages(&mo_batch).await[0];
    for (name, target) in [
        ("batches", "/v2/batches".to_owned()),
        ("batch", format!("/v2/batches/{batch}")),
        ("batch_mo", format!("/v2/batches/{mo_batch}")),
        ("batch_scheduled", format!("/v2/batches/{scheduled}")),
        ("messages", format!("/v2/batches/{batch}/messages")),
        ("messages_scheduled", format!("/v2/batches/{scheduled}/messages")),
        ("message", format!("/v2/batches/{batch}/messages/{message}")),
        ("message_mo", format!("/v2/batches/{mo_batch}/messages/{received}")),
        ("conversation", format!("/v2/conversations/{}", R[0])),
        ("conversation_summary", format!("/v2/conversations/{}/summary", R[0])),
    ] {
        let answer = story.get(&target).await;
        assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
        insta::with_settings!({snapshot_path => "snapshots", prepend_module_to_snapshot => false}, {
            insta::assert_json_snapshot!(name, answer.ok());
        });
    }
}

#[tokio::test]
async fn messages_of_a_batch() {
    let story = Story::new().await;
    let [batch, ..] = story.batches().await;
    let target = format!("/v2/batches/{batch}/messages");
    let first = story.get(&target).await;
    let messages = first.list();
    assert_eq!(messages, story.get(&target).await.list(), "a second call says the same");
    let recipients: Vec<String> = messages.iter().map(|message| text(&message["recipient"])).collect();
    assert_eq!(recipients, R);
    for message in &messages {
        let members: Vec<&String> = message.as_object().expect("an object").keys().collect();
        assert_eq!(members, MEMBERS);
        assert_eq!(message["batchId"], batch.as_str());
        assert_eq!(message["owner"], format!("ip1-{}", story.tester.id));
        let said = ["sender", "body", "direction", "type", "datacoding", "currency", "reference"];
        let words: Vec<&Value> = said.iter().map(|name| &message[*name]).collect();
        assert_eq!(words, ["Acme", "Hello", "mt", "SMS", "gsm", "EUR", "ref-1"]);
        assert_eq!((&message["segments"], &message["priority"]), (&json!(1), &json!(1)));
        assert_eq!(message["price"], json!(0.0416));
        assert_eq!((&message["mcc"], &message["mnc"]), (&Value::Null, &Value::Null));
        let statuses = message["statuses"].as_array().expect("an array");
        assert_eq!(statuses.len(), 1);
        assert_eq!(
            statuses[0].as_object().expect("an object").keys().collect::<Vec<_>>(),
            ["created", "code", "duration"]
        );
        assert_eq!(statuses[0]["created"], message["modified"]);
    }
    let codes: Vec<&Value> = messages.iter().map(|message| &message["statuses"][0]["code"]).collect();
    assert_eq!(codes, [&json!(201), &json!(111), &json!(102)]);
    // A reference of "" is none.
    let [.., scheduled] = story.batches().await;
    let silent = &story.get(&format!("/v2/batches/{scheduled}/messages")).await.list()[0];
    assert_eq!(silent["reference"], Value::Null);
}

#[tokio::test]
async fn one_message_has_its_history() {
    let story = Story::new().await;
    let [batch, ..] = story.batches().await;
    let target = format!("/v2/batches/{batch}/messages");
    for listed in story.get(&target).await.list() {
        let mut one = story.get(&format!("{target}/{}", text(&listed["id"]))).await.ok();
        let statuses = one["statuses"].as_array().expect("an array").clone();
        assert_eq!(statuses.last(), listed["statuses"].as_array().expect("an array").last());
        one["statuses"] = listed["statuses"].clone();
        assert_eq!(one, listed);
    }
    let newest = &story.messages(&batch).await[2];
    let path = format!("{target}/{newest}");
    let before = story.get(&path).await.ok()["statuses"].as_array().expect("an array").clone();
    story.world.step(&story.tester, story.numbers[2], sms::Outcome::Sending).await;
    story.world.wait(1);
    story.world.step(&story.tester, story.numbers[2], sms::Outcome::Uncertain).await;
    let after = story.get(&path).await.ok()["statuses"].as_array().expect("an array").clone();
    assert!(after.starts_with(&before), "what was seen stays");
    assert_eq!(
        after.iter().map(|status| &status["code"]).collect::<Vec<_>>(),
        [&json!(102), &json!(110), &json!(110)]
    );
    assert_eq!(story.get(&target).await.list()[2]["statuses"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn batches_and_their_sums() {
    let story = Story::new().await;
    let listed = story.get("/v2/batches").await.list();
    let directions: Vec<&Value> = listed.iter().map(|batch| &batch["direction"]).collect();
    assert_eq!(directions, ["MT", "MO", "MT"]);
    for batch in &listed {
        assert!(batch.get("priceSummary").is_none() && batch.get("messageSummary").is_none());
        let id = text(&batch["id"]);
        let mut whole = story.get(&format!("/v2/batches/{id}")).await.ok();
        let messages = story.get(&format!("/v2/batches/{id}/messages")).await.list();
        let prices: f64 = messages.iter().filter_map(|message| message["price"].as_f64()).sum();
        let total = whole["priceSummary"]["total"].as_f64().expect("a number");
        assert!((total - prices).abs() < 1e-9, "{total} {prices}");
        let average = whole["priceSummary"]["average"].as_f64().expect("a number");
        assert!((average - total / messages.len() as f64).abs() < 1e-6);
        for (code, count) in whole["messageSummary"].as_object().expect("an object") {
            let code: u64 = code.parse().expect("a code");
            let of_code: Vec<&Value> =
                messages.iter().filter(|message| message["statuses"][0]["code"] == code).collect();
            assert_eq!(count["messages"], of_code.len());
            let segments: u64 = of_code.iter().filter_map(|message| message["segments"].as_u64()).sum();
            assert_eq!(count["sms"], segments);
        }
        let members = whole.as_object_mut().expect("an object");
        members.remove("priceSummary");
        members.remove("messageSummary");
        assert_eq!(&whole, batch, "otherwise the same document");
    }
}

#[tokio::test]
async fn conversations() {
    let story = Story::new().await;
    let at = |part: &str| format!("/v2/conversations/{}{part}", R[0]);
    let both = story.get(&at("")).await.list();
    assert_eq!(both.iter().map(|message| &message["direction"]).collect::<Vec<_>>(), ["mt", "mo"]);
    assert_eq!(story.get(&at("/mt")).await.list(), both[..1]);
    assert_eq!(story.get(&at("/mo")).await.list(), both[1..]);
    assert_eq!(story.get(&at("/")).await.list(), both, "a final slash");
    assert_eq!(story.get(&format!("/v2/conversations/+{}", R[0])).await.list(), both, "a plus");
    for message in &both {
        let path = format!("/v2/batches/{}/messages", text(&message["batchId"]));
        let in_batch = story.get(&path).await.list();
        assert!(in_batch.contains(message), "the same document as in its batch");
    }
    for strange in ["nobody", "%27%20OR%201=1%20--", "%3Cx%3E", "%ff", "46%00", "%2F"] {
        assert_eq!(story.get(&format!("/v2/conversations/{strange}")).await.list(), [] as [Value; 0]);
        let summary = story.get(&format!("/v2/conversations/{strange}/summary")).await.ok();
        assert_eq!((&summary["totalMessageCount"], &summary["totalSmsCount"]), (&json!(0), &json!(0)));
        assert_eq!(summary["mobileTerminatedMessages"], json!({}));
    }
}

#[tokio::test]
async fn an_mo_with_parts_missing_is_not_shown() {
    let story = Story::new().await;
    let (world, tester) = (&story.world, &story.tester);
    let count = story.get("/v2/batches").await.list().len();
    let mut part = crate::world::mo(world.now(), tester.program, R[0], "first part");
    part.outcome = sms::Outcome::Incomplete;
    part.history = crate::world::entries(world.now(), &[sms::Outcome::Incomplete]);
    let number = world.receive(tester, part).await;
    assert_eq!(story.get("/v2/batches").await.list().len(), count);
    let conversation = format!("/v2/conversations/{}", R[0]);
    assert_eq!(story.get(&conversation).await.list().len(), 2);
    assert_eq!(story.get(&format!("{conversation}/summary")).await.ok()["totalMessageCount"], 2);
    world.wait(5);
    world.step(tester, number, sms::Outcome::Received).await;
    let batches = story.get("/v2/batches").await.list();
    assert_eq!(batches.len(), count + 1);
    let whole = story.get(&conversation).await.list();
    let id = &ids(&whole)[2];
    let one = format!("/v2/batches/{}/messages/{id}", text(&whole[2]["batchId"]));
    let statuses = story.get(&one).await.ok()["statuses"].clone();
    assert_eq!(statuses.as_array().map(Vec::len), Some(1), "what was hidden is no status: {statuses}");
}

#[tokio::test]
async fn history_stands_in_its_batch_by_time() {
    let story = Story::new().await;
    let (world, tester) = (&story.world, &story.tester);
    let dates =
        ["2024-03-02T12:00:02Z", "2024-03-02T12:00:00Z", "2024-03-02T12:00:01Z", "2024-03-02T12:00:00Z"];
    for (index, date) in dates.iter().enumerate() {
        let message = crate::world::mt(crate::world::at(date), tester.program, R[0], &format!("No. {index}"));
        world.import(tester, Some([9; 16]), message).await;
    }
    let batches = story.get("/v2/batches").await.list();
    assert_eq!((batches.len(), &batches[0]["status"]), (4, &json!(102)), "one batch, the oldest of all");
    let path = format!("/v2/batches/{}/messages", text(&batches[0]["id"]));
    let messages = story.get(&path).await.list();
    let bodies: Vec<&Value> = messages.iter().map(|message| &message["body"]).collect();
    assert_eq!(bodies, ["No. 1", "No. 3", "No. 2", "No. 0"]);
    let found = ids(&messages);
    assert!(found.is_sorted(), "ids rise with time: {found:?}");
    let down = ids(&story.get(&format!("{path}?order=DESC")).await.list());
    assert!(down.iter().rev().eq(&found));
}
