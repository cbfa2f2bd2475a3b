//! Scans: what exports are made of.

use std::sync::Arc;

use sms::{BatchKey, Direction, Number};

use super::messages::seven;
use super::{Collect, Stage};
use crate::change::Hide;
use crate::query::{Cursor, MessageQuery, Order};
use crate::row::Scan;

/// The rows of a whole scan, and how many stretches it took.
async fn whole(stage: &Stage, scan: Scan) -> (Vec<Number>, usize) {
    let (mut numbers, mut stretches, mut next) = (Vec::new(), 0, Some(scan.above));
    while let Some(above) = next {
        let scan = Scan { above, ..scan.clone() };
        let scanned = stage.ledger().scan(stage.account, scan, Arc::new(Collect)).await.expect("scan");
        let text = String::from_utf8(scanned.octets).expect("text");
        assert_eq!(scanned.rows, text.lines().count() as u64);
        let first = |line: &str| line.split(' ').next().and_then(|word| word.parse::<Number>().ok());
        numbers.extend(text.lines().filter_map(first));
        assert!(scanned.next.is_none_or(|next| next > above), "a scan stands still at {above}");
        (next, stretches) = (scanned.next, stretches + 1);
    }
    (numbers, stretches)
}

fn scan(filter: MessageQuery) -> Scan {
    Scan { above: 0, bound: u32::MAX, filter, octets: 0, limit: 1000 }
}

/// All visible rows by rising number, in stretches of rows or of octets.
pub(super) async fn in_stretches(stage: &mut Stage) {
    seven(stage).await;
    stage.ledger().hide(stage.account, Hide::Messages(vec![2, 7])).await.expect("hidden");
    let all = || Scan { bound: 7, ..scan(MessageQuery::default()) };
    assert_eq!(whole(stage, all()).await, (vec![1, 3, 4, 5, 6], 1));
    assert_eq!(whole(stage, Scan { limit: 3, ..all() }).await, (vec![1, 3, 4, 5, 6], 3));
    assert_eq!(whole(stage, Scan { limit: 1, ..all() }).await, (vec![1, 3, 4, 5, 6], 7));
    assert_eq!(whole(stage, Scan { octets: 1, ..all() }).await, (vec![1, 3, 4, 5, 6], 6));
    assert_eq!(whole(stage, Scan { octets: 1 << 20, ..all() }).await, (vec![1, 3, 4, 5, 6], 1));
    assert_eq!(whole(stage, Scan { above: 3, bound: 5, ..all() }).await, (vec![4, 5], 1));
    assert_eq!(whole(stage, Scan { above: 7, ..all() }).await.0, [0; 0]);
    assert_eq!(whole(stage, Scan { above: 9, bound: 5, ..all() }).await.0, [0; 0]);
    assert_eq!(whole(stage, Scan { bound: 0, ..all() }).await.0, [0; 0]);
    let far = Scan { above: u32::MAX - 1, bound: u32::MAX, ..all() };
    assert_eq!(whole(stage, far).await.0, [0; 0]);
}

/// Filters hold; order, page, cursor and bound of the query do not.
pub(super) async fn with_filters(stage: &mut Stage) {
    seven(stage).await;
    let filtered = |filter| whole(stage, scan(filter));
    let any = MessageQuery::default;
    assert_eq!(filtered(MessageQuery { direction: Some(Direction::Mo), ..any() }).await.0, [3, 7]);
    assert_eq!(filtered(MessageQuery { text: Some("bye".to_owned()), ..any() }).await.0, [5, 6]);
    assert_eq!(filtered(MessageQuery { below: Some(4), ..any() }).await.0, [1, 2, 3]);
    assert_eq!(filtered(MessageQuery { batch: Some(BatchKey::Mt(1)), ..any() }).await.0, [1, 2]);
    assert_eq!(filtered(MessageQuery { batch: Some(BatchKey::Mt(99)), ..any() }).await.0, [0; 0]);
    assert_eq!(filtered(MessageQuery { batch: Some(BatchKey::Mo(7)), ..any() }).await.0, [7]);
    let ignored = MessageQuery {
        order: Order::Sender,
        descending: true,
        offset: 3,
        limit: 1,
        after: Some(Cursor { date: u32::MAX, number: 5 }),
        bound: Some(2),
        ..any()
    };
    assert_eq!(filtered(ignored.clone()).await.0, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(filtered(MessageQuery { direction: Some(Direction::Mt), ..ignored }).await.0, [1, 2, 4, 5, 6]);
    let small = Scan { limit: 2, ..scan(MessageQuery { peer: Some("4602".to_owned()), ..any() }) };
    assert_eq!(whole(stage, Scan { bound: 7, ..small }).await.0, [2, 5]);
    stage.ledger().hide(stage.account, Hide::Batch(1)).await.expect("hidden");
    assert_eq!(whole(stage, scan(MessageQuery { batch: Some(BatchKey::Mt(1)), ..any() })).await.0, [0; 0]);
}

/// Rows know when their batch and the MT they answer were made.
pub(super) async fn times_of_others(stage: &mut Stage) {
    use crate::row::{MessageRef, RowEncoder};

    struct Times;
    impl RowEncoder for Times {
        fn encode(&self, row: &MessageRef<'_>, out: &mut Vec<u8>) {
            let answers = row.answers_created.map(|at| at.seconds() - super::stage::BEGINNING);
            let batch = row.batch_created.seconds() - super::stage::BEGINNING;
            out.extend_from_slice(format!("{} {batch} {answers:?};", row.number).as_bytes());
        }
    }

    let at = |seconds: i64| super::import::past(seconds, &[]);
    let named = |id: u8, message| crate::change::ImportRow {
        batch: Some([1; 16]),
        ..super::import::row(id, message)
    };
    let answer = crate::change::ImportRow {
        answers: super::import::answers(2, None),
        ..super::import::row(3, super::mo("4601", "yes", stage.later(30)))
    };
    let rows = vec![named(1, at(5)), named(2, at(7)), answer, named(4, at(9))];
    stage.ledger().import(stage.account, rows).await.expect("imported");
    let scan = Scan { bound: 9, ..scan(MessageQuery::default()) };
    let scanned = stage.ledger().scan(stage.account, scan, Arc::new(Times)).await.expect("scan");
    let text = String::from_utf8(scanned.octets).expect("text");
    assert_eq!(text, "1 5 None;2 5 None;3 30 Some(7);4 5 None;");
}
