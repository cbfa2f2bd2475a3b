//! Filters (checks 35 to 54), and what each parameter takes.

use crate::fixture::{Fixture, LISTED, history};

async fn expect(fixture: &Fixture, cases: &[(&str, &[u64])]) {
    for (rest, expected) in cases {
        assert_eq!(fixture.ids(rest).await, *expected, "{rest}");
        let totals = fixture.list(rest).await.totals();
        assert_eq!(totals, (LISTED.len() as u64, expected.len() as u64), "{rest}");
    }
}

#[tokio::test]
async fn by_destination() {
    let fixture = Fixture::with(history()).await;
    let to_france: &[u64] = &[1, 3, 7, 8];
    let cases: &[(&str, &[u64])] = &[
        ("destination=33612345678", to_france),
        ("destination=%2B33612345678", to_france),
        ("destination=+33612345678", to_france),
        ("destination=0033612345678", to_france),
        ("destination=33+6.12-34%2056+78", to_france),
        ("destination=336123", &[]),
        ("destination=36000", &[4, 5]),
        ("destination=ACME", &[]),
        ("destination=%2B", &[]),
        ("destination='%20OR%201=1%20--", &[]),
        ("destination=%3Ca%3E%26", &[]),
        ("destination=999999999999999999999999999999999999999999", &[]),
    ];
    expect(&fixture, cases).await;
}

#[tokio::test]
async fn by_text() {
    let fixture = Fixture::with(history()).await;
    let cases: &[(&str, &[u64])] = &[
        ("message=ell", &[1, 2, 4]),
        ("message=HELLO", &[1, 2, 4]),
        ("message=%25", &[4]),
        ("message=_", &[4]),
        ("message=%26+%3Cyou%3E", &[2]),
        ("message=%C3%A9%E2%82%AC", &[2]),
        ("message=nowhere", &[]),
        ("message='%20OR%201=1%20--", &[]),
        ("message=%00", &[]),
        ("message=%5C", &[]),
    ];
    expect(&fixture, cases).await;
    let long = format!("message={}", "x".repeat(10_000));
    assert!(fixture.ids(&long).await.is_empty());
}

#[tokio::test]
async fn by_type_and_country() {
    let fixture = Fixture::with(history()).await;
    let cases: &[(&str, &[u64])] = &[
        ("type=messages-out", &[1, 2, 3, 7, 8, 9, 6]),
        ("type=messages-in", &[4, 5, 12]),
        ("type=MESSAGES-IN", &[4, 5, 12]),
        ("country=FR", &[1, 3, 7, 8]),
        ("country=fr", &[1, 3, 7, 8]),
        ("country=CH", &[2]),
        ("country=SE", &[]),
        ("country=ZZ", &[]),
    ];
    expect(&fixture, cases).await;
}

#[tokio::test]
async fn by_status() {
    let fixture = Fixture::with(history()).await;
    let cases: &[(&str, &[u64])] = &[
        ("status=delivered", &[1]),
        ("status=undelivered", &[2]),
        ("status=sent", &[3]),
        ("status=SENT", &[3]),
        ("status=waiting", &[6]),
        ("status=moderation", &[7]),
        ("status=denied", &[8]),
        ("status=not_sent", &[9]),
        ("status=Not_Sent", &[9]),
    ];
    expect(&fixture, cases).await;
    for word in ["delivered", "undelivered", "sent", "waiting", "moderation", "denied", "not_sent"] {
        let states = fixture.list(&format!("status={word}")).await.column("status");
        assert!(states.iter().all(|state| *state == word.to_uppercase()), "{word}: {states:?}");
    }
}

#[tokio::test]
async fn together() {
    let fixture = Fixture::with(history()).await;
    let cases: &[(&str, &[u64])] = &[
        ("destination=4917012345678&status=waiting", &[6]),
        ("destination=33612345678&status=waiting", &[]),
        ("message=l&country=FR&type=messages-out", &[1]),
        ("type=messages-in&status=delivered", &[]),
        ("type=messages-in&country=FR", &[]),
        ("country=ZZ&type=messages-out", &[]),
        ("foo=bar&null", &LISTED),
        ("country=&status=&destination=&message=&type=&start=&length=&sort=", &LISTED),
        ("status=sent&status=denied", &[8]),
    ];
    expect(&fixture, cases).await;
    // Filter, then sort, then cut.
    assert_eq!(fixture.ids("type=messages-out&country=FR&sort=-date&start=1&length=2").await, [7, 3]);
}

#[tokio::test]
async fn unknown_words_are_refused_by_name() {
    let fixture = Fixture::with(history()).await;
    for (parameter, values) in [
        ("status", &["incoming_message", "lost", "sent,denied", "%ff", "'%20OR%201=1%20--", "%3C%26"][..]),
        ("type", &["sms_mt", "sms_mo", "all", "%ff", "'%20OR%201=1%20--"]),
        ("country", &["FRA", "F1", "F", "33", "%C3%A9", "%ff", "'%20OR%201=1%20--", "%3C%26"]),
        ("sort", &["cost", "message_id", "--date", "-", "date;", "%ff", "'%20OR%201=1%20--"]),
        ("start", &["-1", "x", "1.5", "%ff", "'%20OR%201=1%20--"]),
        ("length", &["-5", "x", "0", "1.5", "%ff", "'%20OR%201=1%20--"]),
        ("destination", &["%ff"]),
        ("message", &["%ff"]),
    ] {
        for value in values {
            let rest = format!("{parameter}={value}");
            fixture.list(&rest).await.assert_refuses(parameter, &rest);
        }
    }
}
