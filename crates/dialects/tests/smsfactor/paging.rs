//! Pages (checks 66 to 75).

use std::collections::BTreeSet;

use sms::Outcome;

use crate::fixture::{Fixture, LISTED, Record, history};

/// So many messages a second apart, in turns of outcome, recipient and sender, with an MO for each tenth.
fn many(count: u32) -> Vec<Record> {
    let outcomes = [Outcome::Delivered, Outcome::Submitted, Outcome::Failed, Outcome::Undelivered];
    let record = |index: u32| {
        let at = format!("2025-04-01T{:02}:{:02}:{:02}Z", index / 3600, index / 60 % 60, index % 60);
        let phone = format!("336123456{:02}", index * 7 % 100);
        match index % 10 {
            9 => Record::mo(&at, &phone, "36000", "reply"),
            place => Record::mt(&at, &phone, "text", outcomes[place as usize % 4])
                .sender(["", "ACME", "ZOO"][place as usize % 3]),
        }
    };
    (0..count).map(record).collect()
}

/// Follows `start` in steps of what came back until nothing does.
async fn walk(fixture: &Fixture, rest: &str, length: usize) -> Vec<u64> {
    let mut seen = Vec::new();
    loop {
        let page = fixture.ids(&format!("{rest}&start={}&length={length}", seen.len())).await;
        let whole = page.len() == length;
        seen.extend(page);
        if !whole {
            return seen;
        }
    }
}

#[tokio::test]
async fn pages_follow_each_other() {
    let fixture = Fixture::with(many(150)).await;
    let first = fixture.list("").await;
    assert_eq!(first.column("message_id").len(), 100);
    assert_eq!(first.totals(), (150, 150));
    assert_eq!(fixture.ids("start=0&length=2").await, [1, 2]);
    assert_eq!(fixture.ids("start=2&length=2").await, [3, 4]);
    for sort in ["", "date", "-date", "destination", "-destination", "sender", "-sender", "status", "-status"]
    {
        let rest = format!("sort={sort}");
        let whole = fixture.ids(&format!("{rest}&length=1000")).await;
        assert_eq!(walk(&fixture, &rest, 7).await, whole, "{sort}");
        assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), 150, "{sort}");
    }
}

#[tokio::test]
async fn loops_by_either_total_end_with_everything() {
    let fixture = Fixture::with(many(150)).await;
    for rest in ["", "status=delivered", "type=messages-in", "country=FR&sort=-status"] {
        let all = fixture.ids(&format!("{rest}&length=1000")).await;
        for by_records in [true, false] {
            let (mut start, mut seen) = (0, Vec::new());
            loop {
                let page = fixture.list(&format!("{rest}&start={start}&length=20")).await;
                let (records, displayed) = page.totals();
                assert!(displayed <= records && records == 150 && displayed == all.len() as u64);
                let ids = page.column("message_id");
                assert!(ids.len() as u64 <= displayed);
                seen.extend(ids.into_iter().filter_map(|id| id.as_u64()));
                start += 20;
                if start >= if by_records { records } else { displayed } {
                    break;
                }
            }
            assert_eq!(seen, all, "{rest}");
        }
    }
}

#[tokio::test]
async fn lengths_are_capped() {
    let fixture = Fixture::with(many(1030)).await;
    for length in ["1000", "1001", "5000", "99999999999999999999"] {
        let answer = fixture.list(&format!("length={length}")).await;
        assert_eq!((answer.status(), answer.column("message_id").len()), (1, 1000), "{length}");
        assert_eq!(answer.totals(), (1030, 1030));
    }
}

#[tokio::test]
async fn past_the_end_there_is_nothing() {
    let fixture = Fixture::with(history()).await;
    let total = LISTED.len() as u64;
    for start in ["10", "11", "1000000", "4294967295", "4294967296", "99999999999999999999"] {
        for sort in ["date", "-date", "destination", "-sender", "status"] {
            let answer = fixture.list(&format!("start={start}&sort={sort}")).await;
            assert_eq!((answer.status(), answer.totals()), (1, (total, total)), "{start} {sort}");
            assert!(answer.column("message_id").is_empty());
        }
    }
}
