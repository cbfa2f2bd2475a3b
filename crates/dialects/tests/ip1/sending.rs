//! `POST /v2/batches`: what is taken in, and how it then reads.

use serde_json::{Value, json};
use service::opt_outs::OptOutSource;

use crate::desk::{Desk, R, batch};
use crate::story::text;
use crate::world::at;

#[tokio::test]
async fn three_fields_are_enough() {
    let desk = Desk::new().await;
    desk.charge(41_600).await;
    let answer = desk.send(&batch(&json!(R), "Hello")).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
    let document = answer.json();
    let id = text(&document["id"]);
    assert_eq!(answer.header("location"), format!("/v2/batches/{id}"));
    assert_eq!(desk.get(&format!("/v2/batches/{id}")).await.ok(), document, "the document of 2.3");
    for (name, value) in [
        ("sender", json!("iP1")),
        ("body", json!("Hello")),
        ("owner", json!(format!("ip1-{}", desk.tester.id))),
        ("direction", json!("MT")),
        ("type", json!("sms")),
        ("datacoding", json!("UCS")),
        ("priority", json!(1)),
        ("templated", json!(false)),
        ("deliveryWindows", json!([])),
        ("status", json!(102)),
        ("deliveryReportUrl", Value::Null),
        ("reference", Value::Null),
        ("tags", json!([])),
        ("messageSummary", json!({"102": {"messages": 3, "sms": 3}})),
        ("priceSummary", json!({"total": 0.1248, "currency": "EUR", "average": 0.0416})),
    ] {
        assert_eq!(document[name], value, "{name}");
    }
    let messages = desk.messages(&document).await;
    let recipients: Vec<&Value> = messages.iter().map(|message| &message["recipient"]).collect();
    assert_eq!(recipients, R);
    for message in &messages {
        assert_eq!((&message["body"], &message["datacoding"]), (&json!("Hello"), &json!("gsm")));
        assert_eq!((&message["price"], &message["reference"]), (&json!(0.0416), &Value::Null));
        assert_eq!(message["batchId"], id.as_str());
    }
    let listed = desk.get("/v2/batches/").await.list();
    assert_eq!(listed.len(), 1);
    assert!(listed[0].get("messageSummary").is_none());
}

#[tokio::test]
async fn every_field_as_the_vendors_sample_sends_it() {
    let desk = Desk::new().await;
    let mut full = batch(&json!([R[0]]), "Hello");
    let more = json!({
        "type": "SMS", "datacoding": "UCS", "priority": 1, "deliveryWindows": [],
        "deliveryReportUrl": null, "reference": "", "tags": [""],
    });
    full.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let document = desk.sent(&full).await;
    assert_eq!((&document["reference"], &document["tags"]), (&Value::Null, &json!([""])));
    let rich = json!({
        "Sender": "+46101606060", "RECIPIENTS": [R[0]], "Body": "Hej", "Type": "FLASH", "dataCoding": "Gsm",
        "PRIORITY": 2, "deliveryreporturl": "https://hooks.example/r?a=1", "Reference": "order 7",
        "Tags": ["b", "", "a"], "unknown": {"a": [1]},
    });
    desk.charge(40_000).await;
    let document = desk.sent(&rich).await;
    for (name, value) in [
        ("sender", json!("46101606060")),
        ("type", json!("flash")),
        ("datacoding", json!("GSM")),
        ("priority", json!(2)),
        ("deliveryReportUrl", json!("https://hooks.example/r?a=1")),
        ("reference", json!("order 7")),
        ("tags", json!(["b", "", "a"])),
    ] {
        assert_eq!(document[name], value, "{name}");
    }
    let message = &desk.messages(&document).await[0];
    assert_eq!(message["type"], "Flash");
    assert_eq!((&message["reference"], &message["priority"]), (&json!("order 7"), &json!(2)));
    assert_eq!(message["price"], json!(0.05), "high priority costs more");
    for (number, word) in [(0, "GSM"), (2, "UCS")] {
        let mut coded = batch(&json!([R[0]]), "Hello");
        coded["datacoding"] = json!(number);
        assert_eq!(desk.sent(&coded).await["datacoding"], word);
    }
}

#[tokio::test]
async fn segments_and_codings() {
    let desk = Desk::new().await;
    desk.charge(50_000).await;
    for (body, coding, segments) in [
        ("a".repeat(160), "gsm", 1),
        ("a".repeat(161), "gsm", 2),
        ("a".repeat(307), "gsm", 3),
        ("ж".repeat(70), "ucs", 1),
        ("ж".repeat(71), "ucs", 2),
        ("€".repeat(80), "gsm", 1),
        ("€".repeat(81), "gsm", 2),
        ("x".repeat(2000), "gsm", 14),
    ] {
        let document = desk.sent(&batch(&json!([R[0]]), &body)).await;
        let message = &desk.messages(&document).await[0];
        assert_eq!((&message["segments"], &message["datacoding"]), (&json!(segments), &json!(coding)));
        let price = message["price"].as_f64().expect("a number");
        assert!((price - 0.05 * f64::from(segments)).abs() < 1e-9, "{price}");
        assert_eq!(message["body"], body.as_str());
    }
    let mut narrow = batch(&json!([R[0], R[1]]), "жук");
    narrow["datacoding"] = json!("gsm");
    let document = desk.sent(&narrow).await;
    assert_eq!(desk.codes(&document).await, [405, 405]);
    assert_eq!(document["priceSummary"]["total"], 0);
}

#[tokio::test]
async fn what_is_refused_of_a_batch_is_a_message_that_says_so() {
    let desk = Desk::new().await;
    desk.world.service.opt_out(desk.tester.id, R[1], OptOutSource::Api).await.expect("opted out");
    // The first twice: sent once, in its first place. The national one is no possible number.
    let document = desk.sent(&batch(&json!([R[0], R[1], "0612345678", R[0], R[2]]), "Hello")).await;
    assert_eq!(desk.codes(&document).await, [102, 406, 404, 102]);
    let recipients = desk.messages(&document).await;
    let recipients: Vec<&Value> = recipients.iter().map(|message| &message["recipient"]).collect();
    assert_eq!(recipients, [R[0], R[1], "0612345678", R[2]]);
    assert_eq!(document["status"], 102);
    assert_eq!(document["messageSummary"]["406"], json!({"messages": 1, "sms": 1}));
    for message in desk.messages(&document).await {
        let code = message["statuses"][0]["code"].as_u64().expect("a code");
        assert_eq!(message["statuses"][0]["duration"], u64::from(code >= 200));
    }
    desk.register_senders().await;
    let document = desk.sent(&batch(&json!([R[0]]), "Hello")).await;
    assert_eq!(desk.codes(&document).await, [403]);
}

#[tokio::test]
async fn what_the_balance_does_not_cover_is_refused_message_by_message() {
    let desk = Desk::prepaid("0.12").await;
    desk.charge(50_000).await;
    let document = desk.sent(&batch(&json!(R), "Hello")).await;
    assert_eq!(document["messageSummary"]["402"], json!({"messages": 1, "sms": 1}));
    let messages = desk.messages(&document).await;
    let codes: Vec<&Value> = messages.iter().map(|message| &message["statuses"][0]["code"]).collect();
    assert_eq!(codes, [&json!(103), &json!(103), &json!(402)]);
    let one = format!("/v2/batches/{}/messages/{}", text(&document["id"]), text(&messages[0]["id"]));
    let statuses = desk.get(&one).await.ok()["statuses"].clone();
    let codes: Vec<&Value> = statuses.as_array().expect("an array").iter().map(|s| &s["code"]).collect();
    assert_eq!(codes, [&json!(102), &json!(103)]);
    // Withdrawn, the money is there again.
    let path = format!("/v2/batches/{}", text(&document["id"]));
    assert_eq!(desk.without_body(http::Method::DELETE, &path).await.status, 200);
    assert_eq!(desk.codes(&document).await, [203, 203, 402], "the withdrawal is the last word");
    let statuses = desk.get(&one).await.ok()["statuses"].clone();
    let told: Vec<_> =
        statuses.as_array().expect("an array").iter().map(|s| (&s["code"], &s["duration"])).collect();
    let expected = [(102, 0), (103, 0), (104, 0), (203, 1)].map(|(code, last)| (json!(code), json!(last)));
    assert!(told.into_iter().eq(expected.iter().map(|(code, last)| (code, last))), "{statuses}");
    let again = desk.sent(&batch(&json!([R[0], R[1]]), "Hello")).await;
    assert_eq!(desk.codes(&again).await, [103, 103]);
}

#[tokio::test]
async fn ten_thousand_recipients_are_one_batch() {
    let desk = Desk::new().await;
    let number = |index: usize| format!("4670{index:07}");
    let all: Vec<String> = (0..10_000).map(number).collect();
    let document = desk.sent(&batch(&json!(all), "Hello")).await;
    assert_eq!(document["messageSummary"], json!({"102": {"messages": 10_000, "sms": 10_000}}));
    let path = format!("/v2/batches/{}/messages", text(&document["id"]));
    let last = desk.get(&format!("{path}?start=9999")).await.list();
    assert_eq!((last.len(), &last[0]["recipient"]), (1, &json!(number(9999))));
    let mut found = Vec::new();
    let mut next = Some(format!("{path}?limit=1000"));
    while let Some(target) = next {
        let page = desk.world.get(&target, &desk.tester.bearer()).await;
        found.extend(page.list().iter().map(|message| text(&message["recipient"])));
        next = page.links().remove("next");
    }
    assert_eq!(found, all);
    let more: Vec<String> = (0..10_001).map(number).collect();
    let refused = desk.send(&batch(&json!(more), "Hello")).await;
    assert_eq!((refused.status, refused.json()["errors"]["recipients"].is_array()), (400, true));
    assert_eq!(desk.get("/v2/batches").await.list().len(), 1, "nothing of it was taken in");
}

#[tokio::test]
async fn batches_follow_each_other() {
    let desk = Desk::new().await;
    let mut ids = Vec::new();
    for number in R {
        ids.push(text(&desk.sent(&batch(&json!([number]), "Hello")).await["id"]));
        desk.world.wait(1);
    }
    let listed = crate::story::ids(&desk.get("/v2/batches").await.list());
    assert_eq!(listed, ids);
    assert!(ids.is_sorted());
    let conversation = desk.get(&format!("/v2/conversations/{}/mt", R[1])).await.list();
    assert_eq!((conversation.len(), &conversation[0]["batchId"]), (1, &json!(ids[1])));
    assert_eq!(
        conversation[0]["modified"],
        sms::Micros::from_seconds(at(crate::world::NOW).seconds() + 1).to_string()
    );
}
