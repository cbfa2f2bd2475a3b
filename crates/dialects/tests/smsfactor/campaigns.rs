//! Campaigns: lists of them, one of them, who answered (reference 2.5, checks 106 and 113).

use serde_json::{Value, json};
use sms::Outcome;

use crate::fixture::{Answer, Call, Fixture, Record, history};
use crate::xml::Element;

const KEYS: [&str; 16] = [
    "id",
    "sender",
    "text",
    "creation_date",
    "date",
    "cost",
    "lists",
    "status",
    "delivery_rate",
    "delivered",
    "error",
    "expired",
    "network_error",
    "stop",
    "npai",
    "total",
];

fn texts(answer: &Answer) -> Vec<String> {
    let value = answer.value();
    let list = value["campaigns"].as_array().expect("a list");
    list.iter().map(|campaign| campaign["text"].as_str().expect("a text").to_owned()).collect()
}

/// Four campaigns, a minute apart: one, dos, trois, quattro.
async fn four() -> Fixture {
    let fixture = Fixture::empty().await;
    for (index, text) in ["one", "dos", "trois", "quattro"].into_iter().enumerate() {
        let long = if index == 1 { "s".repeat(200) } else { String::new() };
        fixture.send(&format!("text={text}{long}&to=3360000000{index}&sender=ACME")).await;
        fixture.world.pass(60);
    }
    fixture.send("text=more&to=33600000000&delay=2025-08-02+18:30:00").await;
    fixture
}

#[tokio::test]
async fn by_date_is_by_the_date_shown() {
    let fixture = four().await;
    fixture.world.pass(60);
    fixture.send("text=last&to=33600000000").await;
    let dos = format!("dos{}", "s".repeat(200));
    let expected = ["one", &dos, "trois", "quattro", "last", "more"];
    assert_eq!(texts(&fixture.get("/campaigns?sort=date").await), expected);
    let reversed: Vec<&str> = expected.into_iter().rev().collect();
    assert_eq!(texts(&fixture.get("/campaigns?sort=-date").await), reversed);
    assert_eq!(
        texts(&fixture.get("/campaigns?sort=-date&start=1&length=2&sms_max=1").await),
        ["last", "quattro"]
    );
    assert_eq!(texts(&fixture.get("/campaigns").await)[..2], ["last", "more"]);
}

#[tokio::test]
async fn only_what_was_withdrawn_is_canceled() {
    let fixture = Fixture::empty().await;
    let ticket = fixture.send("text=a&to=33600000001").await;
    let later = fixture.send("text=a&to=33600000001&delay=2025-08-02+18:30:00").await;
    fixture.done("DELETE", &format!("/send/{later}"), "").await;
    let hidden = service::change::Hide::Messages(vec![1]);
    fixture.world.service.hide(fixture.world.account, hidden).await.expect("hidden");
    let state = async |ticket: u64| {
        fixture.get(&format!("/campaign/{ticket}")).await.value()["campaign"][0]["status"].clone()
    };
    // Of the first nothing is left to be seen, which is not to say that it was withdrawn.
    assert_eq!((state(ticket).await, state(later).await), (json!("Sent"), json!("Canceled")));
}

#[tokio::test]
async fn who_is_refused_decides_neither_date_nor_state() {
    let fixture = Fixture::empty().await;
    let body = |delay: &str| {
        let message = json!({"text": "a", "delay": delay});
        json!({"sms": {"message": message, "recipients": {"gsm": ["12", "33600000001"]}}}).to_string()
    };
    let later = fixture.done("POST", "/send", &body("2025-08-02 18:30:00")).await["ticket"].clone();
    let ticket = later.as_str().expect("a ticket").to_owned();
    let shown = async || fixture.get("/campaigns?sort=-date").await.value()["campaigns"][0].clone();
    let campaign = shown().await;
    assert_eq!((&campaign["date"], &campaign["status"]), (&json!("2025-08-02 18:30:00"), &json!("Waiting")));
    fixture.done("POST", "/send", &body("2025-08-01 23:00:00")).await;
    assert_eq!(shown().await["id"], later, "the later one of the two");
    fixture.done("DELETE", &format!("/send/{ticket}"), "").await;
    let campaign = fixture.get(&format!("/campaign/{ticket}")).await.value()["campaign"][0].clone();
    assert_eq!((&campaign["date"], &campaign["status"]), (&json!("2025-08-02 18:30:00"), &json!("Canceled")));
    // Where all are refused there is nothing to go by but when that was.
    let none = fixture.send("text=a&to=12&delay=2025-08-02+18:30:00").await;
    let campaign = fixture.get(&format!("/campaign/{none}")).await.value()["campaign"][0].clone();
    assert_eq!((&campaign["date"], &campaign["status"]), (&campaign["creation_date"], &json!("Sent")));
}

#[tokio::test]
async fn a_total_is_that_of_the_answer_to_the_send() {
    let fixture = Fixture::empty().await;
    let body = r#"{"sms":{"message":{"text":"a"},"recipients":{"gsm":["33600000001","33600000001","12","33600000002"]}}}"#;
    let sent = fixture.done("POST", "/send", body).await;
    assert_eq!([&sent["total"], &sent["duplicated"], &sent["sent"]], [4, 1, 2]);
    let ticket = sent["ticket"].as_str().expect("a ticket");
    let shown = fixture.get(&format!("/campaign/{ticket}")).await.value();
    assert_eq!(shown["campaign"][0]["total"], "4");
}

#[tokio::test]
async fn one_campaign() {
    let fixture = Fixture::with(history()).await;
    let list = fixture.list("").await;
    let campaign = list.column("campaign_id")[0].as_u64().expect("a number");
    let answer = fixture.get(&format!("/campaign/{campaign}")).await.value();
    assert_eq!(answer["status"], 1);
    let campaigns = answer["campaign"].as_array().expect("a list of one");
    assert_eq!(campaigns.len(), 1);
    let shown = campaigns[0].as_object().expect("an object");
    assert_eq!(shown.keys().collect::<Vec<_>>(), KEYS);
    for key in
        ["id", "cost", "delivery_rate", "delivered", "error", "expired", "network_error", "stop", "npai"]
    {
        let digits = shown[key].as_str().unwrap_or_default();
        assert!(!digits.is_empty() && digits.bytes().all(|octet| octet.is_ascii_digit()), "{key}: {digits}");
    }
    // One was delivered and one expired.
    let told = ["delivered", "expired", "total", "delivery_rate", "status"].map(|key| &shown[key]);
    assert_eq!(told, ["1", "1", "2", "50", "Sent"]);
    assert_eq!(
        (&shown["date"], &shown["creation_date"]),
        (&json!("2025-02-03 04:05:06"), &json!("2025-02-03 04:05:06"))
    );
    for path in ["/campaign/999999999", "/campaign/0", "/campaign/abc", "/campaign/999999999/mo"] {
        fixture.get(path).await.assert_error(-5, path);
    }
    let foreign = Call::get(&format!("/campaign/{campaign}")).bearer(&fixture.world.other_key).json();
    fixture.call(foreign).await.assert_error(-5, "another account's");
    let xml =
        fixture.call(Call::get(&format!("/campaign/{campaign}")).bearer(&fixture.world.key).xml()).await;
    let xml = Element::parse(&xml.body);
    assert_eq!(xml.keys(), ["status", "message", "campaign"]);
    assert_eq!(xml.children[2].child("delivered"), "1");
}

#[tokio::test]
async fn newest_first_unless_told_otherwise() {
    let fixture = four().await;
    let answer = fixture.get("/campaigns").await;
    let value = answer.value();
    let keys: Vec<_> = value.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["status", "message", "campaigns", "totalRecords", "totalDisplayRecords"]);
    assert_eq!(answer.totals(), (5, 5));
    let first = value["campaigns"][0].as_object().expect("an object");
    assert_eq!(first.keys().collect::<Vec<_>>(), KEYS[..15]);
    assert_eq!((&first["status"], &first["date"]), (&json!("Waiting"), &json!("2025-08-02 18:30:00")));
    let dos = format!("dos{}", "s".repeat(200));
    for (rest, expected) in [
        ("", vec!["more", "quattro", "trois", &dos, "one"]),
        ("sort=id", vec!["one", &dos, "trois", "quattro", "more"]),
        ("sort=date", vec!["one", &dos, "trois", "quattro", "more"]),
        ("sort=-date&start=1&length=2", vec!["quattro", "trois"]),
        ("sort=text", vec![&dos, "more", "one", "quattro", "trois"]),
        ("sort=-text&length=1", vec!["trois"]),
        ("sort=cost", vec!["one", "trois", "quattro", "more", &dos]),
        ("sort=-cost&length=2", vec![&dos, "one"]),
        ("sort=status&length=1", vec!["one"]),
        ("text=ROI", vec!["trois"]),
        ("text=o&sort=id", vec!["one", &dos, "trois", "quattro", "more"]),
        ("destination=%2B33600000000", vec!["more", "one"]),
        ("sms_min=2", vec![&dos]),
        ("sms_max=1&length=1", vec!["more"]),
        ("sms_min=2&sms_max=1", vec![]),
        ("date_start=2025-08-01+12:01:00&date_end=2025-08-01+12:02:00", vec!["trois", &dos]),
        ("date_end=2025-08-01+12:00:00", vec!["one"]),
        ("date_start=2030-01-01+00:00:00", vec![]),
        ("date_start=2025-08-02+00:00:00&date_end=2025-08-01+00:00:00", vec![]),
        ("start=9", vec![]),
    ] {
        assert_eq!(texts(&fixture.get(&format!("/campaigns?{rest}")).await), expected, "{rest}");
    }
    assert_eq!(fixture.get("/campaigns?text=o&length=1").await.totals(), (5, 5));
    assert_eq!(fixture.get("/campaigns?sms_min=2").await.totals(), (5, 1));
    for (rest, parameter) in [
        ("sort=sender", "sort"),
        ("sms_min=x", "sms_min"),
        ("sms_max=-1", "sms_max"),
        ("date_start=yesterday", "date_start"),
        ("length=0", "length"),
    ] {
        fixture.get(&format!("/campaigns?{rest}")).await.assert_refuses(parameter, rest);
    }
}

#[tokio::test]
async fn replies_to_a_campaign() {
    let to = "33612345678";
    let mut records: Vec<Record> = (0..120)
        .map(|index| {
            Record::mt("2025-03-01T12:00:00Z", &format!("336{index:08}"), "Many", Outcome::Delivered).batch(1)
        })
        .collect();
    records.push(Record::mt("2025-03-01T12:00:00Z", to, "Few", Outcome::Delivered).batch(2));
    records.push(Record::mo("2025-03-02T12:00:00Z", to, "36000", "to few"));
    records.push(Record::mo("2025-03-02T13:00:00Z", "33600000007", "36000", "to many"));
    records.push(Record::mo("2025-03-02T14:00:00Z", "491700000000", "36000", "to nobody"));
    records.push(Record::mo("2025-03-02T15:00:00Z", to, "36000", "to few again"));
    let fixture = Fixture::with(records).await;
    let replies = async |campaign: u64| -> Vec<Value> {
        let value = fixture.get(&format!("/campaign/{campaign}/mo")).await.value();
        assert_eq!(value["status"], 1);
        value["replies"].as_array().expect("a list").iter().map(|reply| reply["message"].clone()).collect()
    };
    assert_eq!(replies(1).await, ["to many"]);
    assert_eq!(replies(2).await, ["to few", "to few again"]);
    let value = fixture.get("/campaign/2/mo").await.value();
    let reply = &value["replies"][0];
    assert_eq!((&reply["campaign_id"], &reply["destination"]), (&json!("2"), &json!(33_612_345_678u64)));
}
