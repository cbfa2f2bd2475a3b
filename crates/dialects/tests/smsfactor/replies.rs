//! `GET /messages/mo`: shape, sorts, pages.

use ledger::model::Contact;

use crate::fixture::{Call, Fixture, PERIOD, Record, history};
use crate::xml::Element;

async fn fixture() -> Fixture {
    let fixture = Fixture::with(history()).await;
    let contact = Contact {
        phone: "491700000000".to_owned(),
        first_name: Some("Ada".to_owned()),
        company: Some("Works & Co".to_owned()),
        ..Contact::default()
    };
    fixture.world.service.put_contact(fixture.world.account, contact).await.expect("a contact");
    fixture
}

async fn ids(fixture: &Fixture, rest: &str) -> Vec<String> {
    let answer = fixture.get(&format!("/messages/mo?{PERIOD}&{rest}")).await;
    assert_eq!(answer.status(), 1, "{rest}: {}", answer.body);
    let value = answer.value();
    let replies = value["replies"].as_array().expect("a list");
    replies.iter().map(|reply| reply["message_id"].as_str().expect("digits in a string").to_owned()).collect()
}

#[tokio::test]
async fn json_as_pinned() {
    let answer = fixture().await.get(&format!("/messages/mo?{PERIOD}")).await;
    let value = answer.value();
    let keys: Vec<&String> = value.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["status", "message", "totalRecords", "totalDisplayRecords", "replies"]);
    assert_eq!(answer.totals(), (3, 3));
    insta::assert_json_snapshot!(value);
}

#[tokio::test]
async fn xml_as_pinned() {
    let fixture = fixture().await;
    let call = Call::get(&format!("/messages/mo?{PERIOD}")).bearer(&fixture.world.key).xml();
    let body = fixture.call(call).await.body;
    let keys = ["status", "message", "totalRecords", "totalDisplayRecords", "replies", "replies", "replies"];
    assert_eq!(Element::parse(&body).keys(), keys);
    insta::assert_snapshot!(body.replace("<replies>", "\n<replies>"));
}

#[tokio::test]
async fn sorts_and_pages() {
    let mo = |date: &str, text: &str| Record::mo(date, "33612345678", "36000", text);
    let fixture = Fixture::with(vec![
        mo("2025-05-03T10:00:00Z", "banana"),
        mo("2025-05-01T10:00:00Z", "apple"),
        mo("2025-05-02T10:00:00Z", "banana"),
        mo("2025-05-04T10:00:00Z", "Cherry"),
    ])
    .await;
    for (rest, expected) in [
        ("", ["2", "3", "1", "4"]),
        ("sort=", ["2", "3", "1", "4"]),
        ("sort=date", ["2", "3", "1", "4"]),
        ("sort=-date", ["4", "1", "3", "2"]),
        ("sort=id", ["1", "2", "3", "4"]),
        ("sort=-id", ["4", "3", "2", "1"]),
        ("sort=text", ["4", "2", "1", "3"]),
        ("sort=-text", ["1", "3", "2", "4"]),
    ] {
        assert_eq!(ids(&fixture, rest).await, expected, "{rest}");
        assert_eq!(ids(&fixture, &format!("{rest}&start=1&length=2")).await, expected[1..3], "{rest}");
        assert_eq!(ids(&fixture, &format!("{rest}&start=4")).await, [""; 0], "{rest}");
    }
}

#[tokio::test]
async fn sort_by_text_reads_more_than_one_page() {
    let text = |index: u32| format!("{:04}", index * 7919 % 2500);
    let replies: Vec<Record> = (0..2500)
        .map(|index| {
            let at = format!("2025-05-01T10:{:02}:{:02}Z", index / 60 % 60, index % 60);
            Record::mo(&at, "33612345678", "36000", &text(index))
        })
        .collect();
    let fixture = Fixture::with(replies).await;
    let answer = fixture.get(&format!("/messages/mo?{PERIOD}&sort=text&start=1000&length=1000")).await;
    assert_eq!(answer.totals(), (2500, 2500));
    let value = answer.value();
    let texts: Vec<_> =
        value["replies"].as_array().expect("a list").iter().map(|r| r["message"].clone()).collect();
    let expected: Vec<String> = (1000..2000).map(|index| format!("{index:04}")).collect();
    assert_eq!(texts, expected);
}

#[tokio::test]
async fn parameters_are_refused_by_name() {
    let fixture = Fixture::empty().await;
    for (parameter, values) in [
        ("sort", &["destination", "--id", "-", "%ff", "'%20OR%201=1%20--"][..]),
        ("start", &["-1", "x", "1.5", "%ff"]),
        ("length", &["0", "-1", "x", "%ff"]),
        ("date_start", &["x", "%ff"]),
    ] {
        for value in values {
            let target = format!("/messages/mo?{PERIOD}&{parameter}={value}");
            fixture.get(&target).await.assert_refuses(parameter, &target);
        }
    }
    let body =
        fixture.get("/messages/mo?date_start=2025-01-02+00:00:00&date_end=2025-01-01+00:00:00").await.body;
    assert_eq!(body, r#"{"status":1,"message":"OK","totalRecords":0,"totalDisplayRecords":0,"replies":[]}"#);
}
