//! The shape of a list and of its records (checks 1 to 6, 10 to 13, 18, 21), pinned by snapshots.

use crate::fixture::{Call, Fixture, LISTED, PERIOD, Record, history};
use sms::Outcome;

const KEYS: [&str; 16] = [
    "campaign_id",
    "client_id",
    "client_message_id",
    "contact_list_id",
    "message",
    "message_length",
    "cost",
    "country",
    "destination",
    "message_id",
    "sender",
    "date",
    "dlr_date",
    "status",
    "status_details",
    "type",
];
const INTEGERS: [&str; 5] = ["campaign_id", "client_id", "message_length", "cost", "message_id"];

#[tokio::test]
async fn the_envelope() {
    let fixture = Fixture::with(history()).await;
    let answer = fixture.list("").await;
    assert_eq!(answer.code, 200);
    for (header, value) in [
        ("content-type", "application/json; charset=utf-8"),
        ("cache-control", "no-cache, private"),
        ("vary", "Origin"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(answer.headers[header], value);
    }
    let value = answer.value();
    let keys: Vec<&String> = value.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["status", "message", "totalRecords", "totalDisplayRecords", "messages"]);
    assert!(value["status"].is_i64() && value["status"] == 1 && value["message"] == "OK");
    assert!(value["totalRecords"].is_u64() && value["totalDisplayRecords"].is_u64());
}

#[tokio::test]
async fn every_record_has_its_sixteen_fields() {
    let fixture = Fixture::with(history()).await;
    let value = fixture.list("").await.value();
    let records = value["messages"].as_array().expect("a list");
    assert_eq!(records.len(), LISTED.len());
    for record in records {
        let record = record.as_object().expect("an object");
        assert_eq!(record.keys().collect::<Vec<_>>(), KEYS);
        for (key, value) in record {
            let right = if INTEGERS.contains(&key.as_str()) { value.is_u64() } else { value.is_string() };
            assert!(right, "{key}: {value}");
        }
        assert_eq!(record["client_id"], fixture.world.account.get());
    }
}

#[tokio::test]
async fn json_as_pinned() {
    let fixture = Fixture::with(history()).await;
    insta::assert_json_snapshot!(fixture.list("").await.value());
}

#[tokio::test]
async fn xml_as_pinned() {
    let fixture = Fixture::with(history()).await;
    let call = Call::get(&format!("/messages?{PERIOD}")).bearer(&fixture.world.key).xml();
    let body = fixture.call(call).await.body;
    insta::assert_snapshot!(body.replace("<messages>", "\n<messages>"));
}

#[tokio::test]
async fn nothing_is_an_empty_list() {
    let fixture = Fixture::empty().await;
    let body = fixture.list("").await.body;
    assert_eq!(body, r#"{"status":1,"message":"OK","totalRecords":0,"totalDisplayRecords":0,"messages":[]}"#);
}

#[tokio::test]
async fn received_messages_speak_of_what_they_answer() {
    let fixture = Fixture::with(history()).await;
    let answer = fixture.list("type=messages-in").await;
    let campaigns = answer.column("campaign_id");
    let sent = fixture.list("type=messages-out").await;
    let of = |number: u64| {
        let place = sent.column("message_id").iter().position(|id| *id == number).expect("listed");
        sent.column("campaign_id")[place].clone()
    };
    assert_eq!(answer.column("message_id"), [4, 5, 12]);
    assert_eq!(campaigns, [of(3), of(1), 0.into()]);
    assert_eq!(answer.column("client_message_id"), ["", "order-1", ""]);
    assert_eq!(answer.column("sender"), ["33612345678", "33612345678", "491700000000"]);
    assert_eq!(answer.column("destination"), ["36000", "36000", "36001"]);
    for key in ["country", "dlr_date", "status_details", "contact_list_id"] {
        assert_eq!(answer.column(key), ["", "", ""], "{key}");
    }
    assert_eq!(answer.column("cost"), [0, 0, 0]);
    assert_eq!(answer.column("status"), ["incoming_message"; 3]);
    assert_eq!(answer.column("type"), ["sms_mo"; 3]);
}

#[tokio::test]
async fn what_was_never_sent_is_answered_by_nobody() {
    let phone = "33612345678";
    let fixture = Fixture::with(vec![
        Record::mt("2025-05-01T10:00:00Z", phone, "Out", Outcome::Delivered).reference("out"),
        Record::mt("2025-05-01T10:00:01Z", phone, "Refused", Outcome::DeniedFunds).reference("refused"),
        Record::mo("2025-05-01T10:00:02Z", phone, "36000", "Hm"),
        Record::mt("2025-05-01T10:00:02Z", phone, "In the same second, behind", Outcome::Delivered)
            .reference("behind"),
        Record::mo("2025-05-01T10:00:02Z", phone, "36000", "In it too, behind that"),
        Record::mo("2025-05-01T09:00:00Z", phone, "36000", "Before all"),
    ])
    .await;
    let answer = fixture.list("type=messages-in&sort=date").await;
    assert_eq!(answer.column("message_id"), [6, 3, 5]);
    assert_eq!(answer.column("client_message_id"), ["", "out", "behind"]);
}

#[tokio::test]
async fn every_outcome_has_its_words() {
    let visible: Vec<Outcome> = Outcome::ALL
        .iter()
        .copied()
        .filter(|o| *o != Outcome::Canceled && *o != Outcome::Incomplete)
        .collect();
    let records = Outcome::ALL.iter().map(|outcome| match outcome {
        Outcome::Received | Outcome::Incomplete => {
            Record::mo("2025-05-01T10:00:00Z", "33612345678", "36000", "x").outcome(*outcome)
        }
        _ => Record::mt("2025-05-01T10:00:00Z", "33612345678", "x", *outcome),
    });
    let fixture = Fixture::with(records.collect()).await;
    let answer = fixture.list("").await;
    assert_eq!(answer.totals(), (visible.len() as u64, visible.len() as u64));
    let (states, details) = (answer.column("status"), answer.column("status_details"));
    for ((outcome, status), details) in visible.iter().zip(states).zip(details) {
        let shown = dialects::smsfactor::outcomes::shown(*outcome).expect("visible");
        assert_eq!((status, details), (shown.status.into(), shown.details.into()), "{outcome}");
    }
}

#[tokio::test]
async fn lengths_count_characters() {
    let long = "x".repeat(161);
    let cases = [("Fifteen letters", 15), ("é€[🙂", 4), ("", 0), (long.as_str(), 161)];
    let records =
        cases.map(|(text, _)| Record::mt("2025-05-01T10:00:00Z", "33612345678", text, Outcome::Queued));
    let fixture = Fixture::with(records.into()).await;
    let answer = fixture.list("").await;
    assert_eq!(answer.column("message"), cases.map(|(text, _)| text));
    assert_eq!(answer.column("message_length"), cases.map(|(_, length)| length));
}

#[tokio::test]
async fn the_sender_is_the_one_given() {
    let fixture = Fixture::with(vec![
        Record::mt("2025-05-01T10:00:00Z", "33612345678", "x", Outcome::Delivered).used("36000"),
        Record::mt("2025-05-01T10:00:00Z", "33612345678", "x", Outcome::Delivered)
            .sender("ACME")
            .used("36000"),
    ])
    .await;
    assert_eq!(fixture.list("").await.column("sender"), ["", "ACME"]);
}
