//! Sending later, and withdrawing it (checks 14, 99 and 105).

use crate::fixture::{Call, Fixture};

#[tokio::test]
async fn a_date_is_paris_time_or_utc_with_its_mark() {
    let fixture = Fixture::empty().await;
    for (delay, date) in [
        ("2025-08-02+18:30:00", "2025-08-02 18:30:00"),
        ("2025-08-02T18:30:00Z", "2025-08-02 20:30:00"),
        ("2025-12-24+18:30:00", "2025-12-24 18:30:00"),
        ("2025-09-31+08:00:00", "2025-10-01 08:00:00"),
        // The hour that comes twice is meant the first time.
        ("2025-10-26+02:30:00", "2025-10-26 02:30:00"),
    ] {
        let ticket = fixture.send(&format!("text=a&to=33612345678&delay={delay}")).await;
        let message = fixture.list("length=1000&sort=date&message=a").await;
        let index = message.column("campaign_id").iter().position(|id| *id == ticket).expect("listed");
        assert_eq!(message.column("date")[index], date, "{delay}");
        assert_eq!(message.column("status")[index], "WAITING");
    }
    let day = "/messages?date_start=2025-08-02+00:00:00&date_end=2025-08-02+23:59:59";
    assert_eq!(fixture.get(day).await.totals(), (2, 2), "found by the day it is due");
    fixture.sound().await;
}

#[tokio::test]
async fn bad_dates_and_late_ones() {
    let fixture = Fixture::empty().await;
    // It is 12:00:00 in Paris.
    for delay in [
        "not-a-date",
        "2025-08-02",
        "2025-13-01+00:00:00",
        "2025-08-02+25:00:00",
        "2025-08-02T10:00:00",
        "2025-08-02T10:00:00%2B02:00",
        "2025-08-01+11:54:59",
        "1900-01-01+00:00:00",
        "9999-01-01+00:00:00",
    ] {
        for path in ["/send", "/send/simulate"] {
            let answer = fixture.get(&format!("{path}?text=a&to=33612345678&delay={delay}")).await;
            answer.assert_error(-4, delay);
            assert_eq!(answer.value()["message"], "Incorrect date delay");
        }
    }
    assert_eq!(fixture.list("").await.totals(), (0, 0));
    // A clock that goes five minutes wrong means now.
    fixture.send("text=a&to=33612345678&delay=2025-08-01+11:55:00").await;
    assert_eq!(fixture.list("").await.column("date"), ["2025-08-01 12:00:00"]);
    let body = r#"{"sms":{"message":{"text":"a","delay":"soon"},"recipients":{"gsm":["33612345678"]}}}"#;
    fixture.ask("POST", "/send", body).await.assert_error(-4, "in a body");
}

#[tokio::test]
async fn a_campaign_is_withdrawn_once() {
    let fixture = Fixture::empty().await;
    let ticket = fixture.send("text=a&to=33612345678&delay=2025-08-02+18:30:00").await;
    let other = fixture.send("text=b&to=33612345678&delay=2025-08-02+18:30:00").await;
    let target = format!("/send/{ticket}");
    let foreign = Call::new("DELETE", &target).bearer(&fixture.world.other_key).json();
    fixture.call(foreign).await.assert_error(-5, "another account's");
    let answer = fixture.done("DELETE", &target, "[]").await;
    let keys: Vec<_> = answer.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["status", "message", "credits"]);
    assert!(answer["credits"].is_i64());
    assert_eq!(fixture.list("status=waiting").await.column("campaign_id"), [other]);
    assert_eq!(fixture.list("").await.totals(), (1, 1), "neither shown nor counted");
    for gone in [target.as_str(), "/send/999999999", "/send/abc", "/send/0", "/send/99999999999999999999"] {
        fixture.ask("DELETE", gone, "").await.assert_error(-5, gone);
    }
    let shown = fixture.get(&format!("/campaign/{ticket}")).await.value();
    assert_eq!(shown["campaign"][0]["status"], "Canceled");
    assert_eq!(shown["campaign"][0]["cost"], "0");
    // Nothing of it waits anywhere else.
    let schedules = fixture.world.service.schedules(fixture.world.account, Default::default()).await;
    assert_eq!(schedules.expect("read").total, 1);
    fixture.sound().await;
}
