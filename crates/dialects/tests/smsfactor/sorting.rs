//! Sorts (checks 55 to 65).

use serde_json::Value;
use sms::Outcome;

use crate::fixture::{Fixture, LISTED, Record, history};

async fn sorted(fixture: &Fixture, sort: &str, key: &str) -> Vec<(Value, u64)> {
    let answer = fixture.list(&format!("sort={sort}&length=1000")).await;
    let ids = answer.column("message_id").into_iter().map(|id| id.as_u64().expect("a number"));
    answer.column(key).into_iter().zip(ids).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[tokio::test]
async fn by_date() {
    let fixture = Fixture::with(history()).await;
    assert_eq!(fixture.ids("sort=date").await, LISTED);
    assert_eq!(fixture.ids("").await, LISTED);
    assert_eq!(fixture.ids("sort=").await, LISTED);
    assert_eq!(fixture.ids("sort=DATE").await, LISTED);
    let mut reversed = LISTED;
    reversed.reverse();
    assert_eq!(fixture.ids("sort=-date").await, reversed);
    assert_eq!(fixture.list("").await.body, fixture.list("").await.body);
}

#[tokio::test]
async fn by_text_fields() {
    let fixture = Fixture::with(history()).await;
    for (sort, key) in [("destination", "destination"), ("sender", "sender"), ("status", "status")] {
        let ascending = sorted(&fixture, sort, key).await;
        let descending = sorted(&fixture, &format!("-{sort}"), key).await;
        assert_eq!(ascending.len(), LISTED.len());
        // Equal keys stand by rising number in both directions.
        let mut expected = ascending.clone();
        expected.sort_by(|(a, one), (b, two)| text(a).cmp(text(b)).then(one.cmp(two)));
        assert_eq!(ascending, expected, "{sort}");
        expected.sort_by(|(a, one), (b, two)| text(b).cmp(text(a)).then(one.cmp(two)));
        assert_eq!(descending, expected, "-{sort}");
    }
    let senders = sorted(&fixture, "sender", "sender").await;
    assert_eq!((text(&senders[0].0), text(&senders[9].0)), ("", "BAKERY"));
    let states: Vec<Value> =
        sorted(&fixture, "status", "status").await.into_iter().map(|(key, _)| key).collect();
    let words = ["DELIVERED", "DENIED", "MODERATION", "NOT_SENT", "SENT", "UNDELIVERED", "WAITING"];
    assert_eq!(states[..7], words);
    assert_eq!(states[7..], ["incoming_message"; 3]);
}

#[tokio::test]
async fn senders_sort_as_they_are_shown() {
    let mt = |sender_used: &str| {
        Record::mt("2025-05-01T10:00:00Z", "33612345678", "x", Outcome::Delivered).used(sender_used)
    };
    let fixture =
        Fixture::with(vec![mt("ZZZ").sender("BBB"), mt("YYY"), mt("AAA").sender("CCC"), mt("XXX")]).await;
    assert_eq!(fixture.ids("sort=sender").await, [2, 4, 1, 3]);
    assert_eq!(fixture.ids("sort=-sender").await, [3, 1, 2, 4]);
}
