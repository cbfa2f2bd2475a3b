//! Pages of batches.

use sms::BatchKey::{self, Mo, Mt};
use sms::Outcome;

use super::Stage;
use super::import::{past, row};
use super::messages::seven;
use super::stage::BEGINNING;
use crate::model::Sum;
use crate::query::BatchQuery;

fn all() -> BatchQuery {
    BatchQuery { limit: 99, ..BatchQuery::default() }
}

async fn list(stage: &Stage, query: BatchQuery) -> Vec<BatchKey> {
    let page = stage.ledger().batches(stage.account, query).await.expect("page");
    page.items.iter().map(|batch| batch.key).collect()
}

/// By creation, both ways; every page a cut out of the whole.
pub(super) async fn by_creation(stage: &mut Stage) {
    seven(stage).await;
    let rows = vec![row(1, past(10, &[])), row(2, past(-5, &[])), row(3, past(40, &[]))];
    stage.ledger().import(stage.account, rows).await.expect("imported");
    let wanted = [Mt(5), Mt(1), Mt(4), Mo(3), Mt(2), Mt(3), Mt(6), Mo(7)];
    let submissions = [Mt(5), Mt(1), Mt(4), Mt(2), Mt(3), Mt(6)];
    for (submissions_only, wanted) in [(false, &wanted[..]), (true, &submissions[..])] {
        let query = BatchQuery { submissions_only, ..all() };
        assert_eq!(list(stage, query.clone()).await, wanted);
        let down: Vec<BatchKey> = wanted.iter().rev().copied().collect();
        assert_eq!(list(stage, BatchQuery { descending: true, ..query.clone() }).await, down);
        for (descending, wanted) in [(false, wanted), (true, &down[..])] {
            for offset in 0..=wanted.len() {
                let end = (offset + 2).min(wanted.len());
                let query = BatchQuery { descending, offset: offset as u64, limit: 2, ..query.clone() };
                let page = stage.ledger().batches(stage.account, query).await.expect("page");
                let keys: Vec<BatchKey> = page.items.iter().map(|batch| batch.key).collect();
                assert_eq!(keys, wanted[offset..end]);
                assert_eq!((page.total, page.bound), (wanted.len() as u64, 10));
            }
        }
        assert_eq!(list(stage, BatchQuery { offset: u64::MAX, ..query }).await, []);
    }
}

/// A range of creation, inclusive, to the second.
pub(super) async fn of_a_range(stage: &mut Stage) {
    seven(stage).await;
    let range = |from, to| BatchQuery { from, to, ..all() };
    assert_eq!(list(stage, range(Some(BEGINNING + 10), Some(BEGINNING + 30))).await, [Mo(3), Mt(2), Mt(3)]);
    assert_eq!(list(stage, range(Some(BEGINNING + 31), None)).await, [Mo(7)]);
    assert_eq!(list(stage, range(None, Some(BEGINNING))).await, [Mt(1)]);
    assert_eq!(list(stage, range(Some(BEGINNING + 30), Some(BEGINNING))).await, []);
    assert_eq!(list(stage, range(Some(0), Some(u32::MAX))).await.len(), 5);
    let page = BatchQuery { limit: 1, ..range(Some(BEGINNING + 10), None) };
    let page = stage.ledger().batches(stage.account, page).await.expect("page");
    assert_eq!((page.total, page.items.len()), (4, 1));
}

/// A walk: what comes after a batch, up to a bound, with exact totals and full pages.
pub(super) async fn after_and_bound(stage: &mut Stage) {
    seven(stage).await;
    stage.ledger().import(stage.account, vec![row(1, past(15, &[]))]).await.expect("imported");
    let after = |shift, key| BatchQuery { after: Some((BEGINNING + shift, key)), ..all() };
    assert_eq!(list(stage, after(10, Mo(3))).await, [Mt(4), Mt(2), Mt(3), Mo(7)]);
    assert_eq!(list(stage, after(15, Mt(9))).await, [Mt(2), Mt(3), Mo(7)]);
    let down = |query| BatchQuery { descending: true, ..query };
    assert_eq!(list(stage, down(after(20, Mt(2)))).await, [Mt(4), Mo(3), Mt(1)]);
    assert_eq!(list(stage, down(after(0, Mt(0)))).await, []);
    assert_eq!(list(stage, after(99, Mt(1))).await, []);
    assert_eq!(list(stage, BatchQuery { offset: u64::MAX, ..after(10, Mo(3)) }).await, []);
    assert_eq!(list(stage, BatchQuery { offset: u64::MAX, ..down(after(10, Mo(3))) }).await, []);

    // Up to message 5, the first of batch 3: neither the MO nor the imported batch, whatever its date.
    let bound = BatchQuery { bound: Some(5), ..all() };
    let wanted = [Mt(1), Mo(3), Mt(2), Mt(3)];
    assert_eq!(list(stage, bound.clone()).await, wanted);
    let mut walked = Vec::new();
    let mut query = BatchQuery { limit: 2, ..bound };
    loop {
        let page = stage.ledger().batches(stage.account, query.clone()).await.expect("page");
        assert_eq!(page.total, 4, "totals count what the bound leaves");
        let Some(last) = page.items.last() else { break };
        assert_eq!(page.items.len(), 2, "pages are full");
        query.after = Some((last.created.seconds(), last.key));
        walked.extend(page.items.iter().map(|batch| batch.key));
    }
    assert_eq!(walked, wanted);
    for (bound, count) in [(0, 0), (1, 1), (4, 3), (8, 6), (u32::MAX, 6)] {
        assert_eq!(list(stage, BatchQuery { bound: Some(bound), ..all() }).await.len(), count);
    }
}

/// Sums are those of the visible messages, by outcome; unknown keys are missing.
pub(super) async fn sums_and_keys(stage: &mut Stage) {
    seven(stage).await;
    let keys = vec![Mt(1), Mt(2), Mo(3), Mo(1), Mt(9), Mo(99), Mt(0), Mo(0)];
    let mut found = stage.ledger().batches_by_key(stage.account, keys).await.expect("read");
    assert_eq!(found.len(), 3);
    let one = Sum { messages: 1, segments: 1, price: 41_600 };
    let first = found.remove(&Mt(1)).expect("there");
    assert_eq!(first.sums, [(Outcome::Queued, one), (Outcome::Delivered, one)]);
    assert_eq!(first.total(), Sum { messages: 2, segments: 2, price: 83_200 });
    assert_eq!(found[&Mt(2)].sums, [(Outcome::Submitted, Sum { segments: 2, ..one })]);
    assert_eq!(found[&Mo(3)].sums, [(Outcome::Received, Sum { price: 0, ..one })]);
}
