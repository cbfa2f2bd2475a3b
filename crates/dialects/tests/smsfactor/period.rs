//! Periods (checks 22 to 34).

use crate::fixture::{Fixture, PERIOD, Record, history};
use sms::Outcome;

fn target(start: &str, end: &str) -> String {
    let encode = dialects::kit::params::encode;
    format!("/messages?date_start={}&date_end={}", encode(start), encode(end))
}

async fn count(fixture: &Fixture, start: &str, end: &str) -> u64 {
    let answer = fixture.get(&target(start, end)).await;
    assert_eq!((answer.code, answer.status()), (200, 1), "{start} {end}: {}", answer.body);
    let (records, displayed) = answer.totals();
    assert_eq!(records, displayed);
    records
}

#[tokio::test]
async fn both_dates_are_required() {
    let fixture = Fixture::with(history()).await;
    let start = "date_start=2025-01-01+00:00:00";
    let end = "date_end=2025-12-31+23:59:59";
    for path in ["/messages", "/messages/mo"] {
        for (query, named) in [
            (String::new(), "date_start"),
            (start.to_owned(), "date_end"),
            (end.to_owned(), "date_start"),
            (format!("{start}&date_end="), "date_end"),
            (format!("date_start=&{end}"), "date_start"),
            (format!("date_start&{end}"), "date_start"),
            (format!("{start}&date_end=%ff"), "date_end"),
        ] {
            fixture.get(&format!("{path}?{query}")).await.assert_refuses(named, &query);
        }
    }
}

#[tokio::test]
async fn malformed_dates_are_refused() {
    let fixture = Fixture::with(history()).await;
    for bad in [
        "yesterday",
        "2023/09/01 00:00:00",
        "01-09-2023 00:00:00",
        "2023-09-01",
        "2023-09-01T00:00:00",
        "2023-13-01 00:00:00",
        "2023-00-01 00:00:00",
        "2023-01-00 00:00:00",
        "2023-01-32 00:00:00",
        "2023-01-01 24:00:00",
        "2023-01-01 00:60:00",
        "2023-01-01 00:00:60",
        "-1",
        "99999999999999999999",
        "' OR 1=1 --",
        "<a>&\"'</a>",
    ] {
        let good = "2025-01-01 00:00:00";
        fixture.get(&target(bad, good)).await.assert_refuses("date_start", bad);
        fixture.get(&target(good, bad)).await.assert_refuses("date_end", bad);
    }
}

#[tokio::test]
async fn impossible_days_roll_over() {
    let day = |date: &str| Record::mt(date, "33612345678", "x", Outcome::Delivered);
    let fixture = Fixture::with(vec![
        day("2023-09-30T12:00:00Z"),
        day("2023-10-01T21:59:59Z"),
        day("2023-10-01T22:00:00Z"),
        day("2023-02-28T12:00:00Z"),
        day("2023-03-02T12:00:00Z"),
    ])
    .await;
    assert_eq!(count(&fixture, "2023-09-01 00:00:00", "2023-09-31 23:59:59").await, 2);
    assert_eq!(count(&fixture, "2023-09-01 00:00:00", "2023-10-02 00:00:00").await, 3);
    assert_eq!(count(&fixture, "2023-02-30 00:00:00", "2023-03-30 00:00:00").await, 1);
    assert_eq!(count(&fixture, "2023-02-28 00:00:00", "2023-02-29 00:00:00").await, 1);
}

#[tokio::test]
async fn both_ends_are_inside() {
    let fixture = Fixture::with(history()).await;
    assert_eq!(count(&fixture, "2025-02-03 04:05:06", "2025-02-03 04:05:06").await, 2);
    assert_eq!(count(&fixture, "2025-02-03 04:05:07", "2025-03-01 12:59:59").await, 0);
    assert_eq!(count(&fixture, "2025-02-03 04:05:07", "2025-03-01 13:00:00").await, 1);
    assert_eq!(count(&fixture, "2024-12-31 23:59:59", "2026-01-01 00:00:00").await, 12);
}

#[tokio::test]
async fn periods_without_anything() {
    let fixture = Fixture::with(history()).await;
    for (start, end) in [
        ("2025-12-31 23:59:59", "2025-01-01 00:00:00"),
        ("1900-01-01 00:00:00", "1901-01-01 00:00:00"),
        ("0000-01-01 00:00:00", "0001-01-01 00:00:00"),
        ("9000-01-01 00:00:00", "9999-12-31 23:59:59"),
        ("9999-12-31 23:59:59", "0000-01-01 00:00:00"),
    ] {
        assert_eq!(count(&fixture, start, end).await, 0, "{start} {end}");
    }
    assert_eq!(count(&fixture, "0000-01-01 00:00:00", "9999-12-31 23:59:59").await, 12);
}

#[tokio::test]
async fn a_wrong_filter_is_refused_in_an_empty_period_too() {
    let fixture = Fixture::empty().await;
    let target = target("2025-12-31 23:59:59", "2025-01-01 00:00:00");
    fixture.get(&format!("{target}&sort=cost")).await.assert_refuses("sort", "sort=cost");
}

#[tokio::test]
async fn blanks_are_pluses_or_escaped() {
    let fixture = Fixture::with(history()).await;
    let plus = format!("/messages?{}", PERIOD.replace("%20", "+"));
    assert_eq!(fixture.get(&plus).await.body, fixture.list("").await.body);
}

#[tokio::test]
async fn a_scheduled_message_is_found_by_its_date() {
    let fixture = Fixture::with(history()).await;
    let answer = fixture.get(&target("2025-12-01 17:00:00", "2025-12-01 17:00:00")).await;
    assert_eq!(answer.column("message_id"), [6]);
    assert_eq!(answer.column("status"), ["WAITING"]);
    assert_eq!(answer.column("date"), ["2025-12-01 17:00:00"]);
}

#[tokio::test]
async fn hours_of_the_change_to_summer_and_winter_time() {
    let at = |date: &str| Record::mt(date, "33612345678", "x", Outcome::Delivered);
    let fixture = Fixture::with(vec![
        at("2025-03-30T00:59:59Z"),
        at("2025-03-30T01:00:00Z"),
        at("2025-10-26T00:30:00Z"),
        at("2025-10-26T01:30:00Z"),
    ])
    .await;
    let dates = fixture.list("").await.column("date");
    let expected =
        ["2025-03-30 01:59:59", "2025-03-30 03:00:00", "2025-10-26 02:30:00", "2025-10-26 02:30:00"];
    assert_eq!(dates, expected);
    assert_eq!(count(&fixture, "2025-03-30 02:30:00", "2025-03-30 03:00:00").await, 1);
    assert_eq!(count(&fixture, "2025-03-30 01:00:00", "2025-03-30 02:30:00").await, 1);
    assert_eq!(count(&fixture, "2025-10-26 02:30:00", "2025-10-26 02:30:00").await, 2);
}
