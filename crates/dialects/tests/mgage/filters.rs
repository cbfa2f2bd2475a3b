//! Every filter and parameter, with what is wrong with it.

use crate::story::{Story, bodies, is_refusal, messages};

fn of(indexes: impl IntoIterator<Item = usize>) -> Vec<String> {
    indexes.into_iter().map(|index| format!("No. {index}")).collect()
}

#[tokio::test]
async fn types() {
    let story = Story::new().await;
    for (word, first) in [("MT", 0), ("mt", 0), ("MO", 1), ("Mo", 1)] {
        assert_eq!(story.bodies(&format!("messageType={word}")).await, of((first..10).step_by(2)), "{word}");
    }
}

#[tokio::test]
async fn dates_are_inclusive() {
    let story = Story::new().await;
    // The messages stand at full hours from 01:00 to 10:00.
    for (query, expected) in [
        ("startDate=2025-06-01T04:00:00", 3..10),
        ("startDate=2025-06-01T04:00:00.00", 3..10),
        ("startDate=2025-06-01T04:00:00.01", 4..10),
        ("startDate=2025-06-01T04:00:01", 4..10),
        ("startDate=2025-06-01T03:59:59.9999999Z", 3..10),
        ("endDate=2025-06-01T04:00:00", 0..4),
        ("endDate=2025-06-01T04:00:00.99", 0..4),
        ("endDate=2025-06-01T03:59:59", 0..3),
        ("endDate=2025-06-01T04:00:00%2B00:00", 0..4),
        ("endDate=2025-06-01T04:00:00+00:00", 0..4),
        ("endDate=9999-12-31T23:59:59", 0..10),
        ("startDate=2025-06-01T04%3A00%3A00&endDate=2025-06-01T06%3A00%3A00", 3..6),
        ("startDate=2025-06-01T04:00:00&endDate=2025-06-01T04:00:00", 3..4),
        ("startDate=2025-06-01T03:59:59&endDate=2025-06-01T04:00:01", 3..4),
        ("startDate=2025-06-01T04:00:01&endDate=2025-06-01T04:59:59", 0..0),
        ("startDate=2025-06-01T10:00:01", 0..0),
        ("startDate=2030-01-01T00:00:00", 0..0),
        ("endDate=1970-01-01T00:00:00", 0..0),
        ("endDate=0001-01-01T00:00:00", 0..0),
        ("startDate=0001-01-01T00:00:00", 0..10),
    ] {
        let page = story.export(query).await.ok();
        assert_eq!(bodies(&page), of(expected), "{query}");
        assert_eq!(page["data"]["programName"], "Spring offers", "{query}");
        assert_eq!(page["meta"]["nextPageUrl"], serde_json::Value::Null, "{query}");
    }
    let both = "messageType=MO&startDate=2025-06-01T04:00:00&endDate=2025-06-01T07:00:00";
    assert_eq!(story.bodies(both).await, of([3, 5]));
}

#[tokio::test]
async fn nothing_older_than_a_year() {
    let story = Story::empty().await;
    for (date, body) in [
        ("2023-05-01T00:00:00Z", "long ago"),
        ("2024-06-01T09:59:59Z", "a year and a second"),
        ("2024-06-01T10:00:00Z", "a year"),
        ("2025-05-31T10:00:00Z", "yesterday"),
    ] {
        story.import(date, body).await;
    }
    let shown = ["a year", "yesterday"];
    assert_eq!(story.bodies("").await, shown);
    assert_eq!(story.bodies("startDate=2023-01-01T00:00:00").await, shown, "no error: cut to the year");
    assert_eq!(story.bodies("startDate=2023-01-01T00:00:00&endDate=2024-01-01T00:00:00").await, [""; 0]);
    assert_eq!(story.bodies("endDate=2024-06-01T10:00:00").await, ["a year"]);
    story.world.wait(1);
    assert_eq!(story.bodies("").await, ["yesterday"]);
}

#[tokio::test]
async fn history_lists_where_its_date_belongs() {
    let story = Story::new().await;
    story.import("2025-06-01T04:30:00Z", "between").await;
    story.import("2025-06-01T04:00:00Z", "the same second").await;
    let mut expected = of(0..10);
    expected.insert(4, "between".to_owned());
    expected.insert(4, "the same second".to_owned());
    assert_eq!(story.bodies("").await, expected);
}

#[tokio::test]
async fn hostile_values() {
    let story = Story::new().await;
    let strange =
        ["%ff", "%27%20OR%201=1%20--", "%3Cx%20y=%22%26%22%3E", "-1", "1.5", "%20", "%00", "abc", "%D9%A3"];
    for name in ["messageType", "startDate", "endDate", "pageSize", "page", "cursor", "bound"] {
        for value in strange {
            let sentences = is_refusal(&story.export(&format!("{name}={value}")).await, 400);
            assert!(sentences.len() == 1 && sentences[0].starts_with(name), "{name}={value}: {sentences:?}");
        }
        let huge = format!("{name}={}", "x".repeat(20_000));
        is_refusal(&story.export(&huge).await, 400);
        let doubled = is_refusal(&story.export(&format!("{name}=1&{name}=1")).await, 400);
        assert_eq!(doubled, [format!("{name} is given more than once")]);
        let empty = story.bodies(&format!("{name}=")).await;
        assert_eq!(empty, of(0..10), "{name} empty is absent");
    }
    for query in [
        "messageType=XX",
        "startDate=2020-13-45T99:00:00",
        "startDate=yesterday",
        "startDate=05/12/2014",
        "startDate=2025-06-01",
        "endDate=notadate",
        "endDate=2025-06-01T00:00:00%2B02:00",
        "startDate=2025-06-01T05:00:00&endDate=2025-06-01T04:00:00",
        "pageSize=0",
        "pageSize=501",
        "pageSize=99999999999999999999",
        "page=0",
    ] {
        assert_eq!(is_refusal(&story.export(query).await, 400).len(), 1, "{query}");
    }
    let all = is_refusal(&story.export("messageType=1&startDate=1&endDate=1&pageSize=0&page=0").await, 400);
    assert_eq!(all.len(), 5, "{all:?}");
}

#[tokio::test]
async fn unknown_parameters_are_ignored() {
    let story = Story::new().await;
    let plain = story.export("").await.ok();
    for query in
        ["colour=red", "colour=red&colour=blue", "%ff=%ff", "&&", "PAGESIZE=1", "=", "from=yesterday"]
    {
        assert_eq!(story.export(query).await.ok(), plain, "{query}");
    }
    assert_eq!(messages(&plain).len(), 10);
    assert_eq!(story.export("").await.text, story.export("").await.text, "equal requests, equal answers");
}
