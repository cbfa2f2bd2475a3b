//! Walks by cursor and bound.

use sms::{Direction, Number};

use super::import::{past, row};
use super::messages::seven;
use super::stage::BEGINNING;
use super::{Stage, mt};
use crate::model::Message;
use crate::query::{Cursor, MessageQuery, Order};

async fn after(stage: &Stage, order: Order, descending: bool, date: u32, number: Number) -> Vec<Number> {
    let after = Some(Cursor { date, number });
    let query = MessageQuery { order, descending, after, ..MessageQuery::default() };
    let numbers = stage.list(query.clone()).await;
    let page = stage.page(MessageQuery { limit: 2, ..query }).await;
    assert_eq!(page.total, stage.page(MessageQuery::default()).await.total, "a cursor changes no total");
    assert_eq!(page.more, numbers.len() > 2);
    assert!(page.messages.iter().map(|message| message.number).eq(numbers.iter().copied().take(2)));
    numbers
}

/// What comes strictly after a place in time, both ways, whether a message stands there or not.
pub(super) async fn places_in_time(stage: &mut Stage) {
    seven(stage).await;
    let later = |shift| Message { date: BEGINNING + shift, ..mt("4601", "later", stage.now()) };
    stage.accept(vec![later(95), later(90)]).await;
    let up =
        |shift: i64, number| after(stage, Order::Time, false, (i64::from(BEGINNING) + shift) as u32, number);
    let down =
        |shift: i64, number| after(stage, Order::Time, true, (i64::from(BEGINNING) + shift) as u32, number);
    assert_eq!(up(0, 1).await, [2, 3, 4, 5, 6, 7, 9, 8]);
    assert_eq!(up(30, 5).await, [6, 7, 9, 8]);
    assert_eq!(up(30, 4).await, [5, 6, 7, 9, 8]);
    assert_eq!(up(35, 1).await, [7, 9, 8]);
    assert_eq!(up(40, 7).await, [9, 8]);
    assert_eq!(up(90, 9).await, [8]);
    assert_eq!(up(95, 8).await, [0; 0]);
    assert_eq!(up(-9, 0).await, [1, 2, 3, 4, 5, 6, 7, 9, 8]);
    assert_eq!(down(95, 8).await, [9, 7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(down(90, 9).await, [7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(down(30, 6).await, [5, 4, 3, 2, 1]);
    assert_eq!(down(30, 7).await, [6, 5, 4, 3, 2, 1]);
    assert_eq!(down(30, 0).await, [4, 3, 2, 1], "number 0 is before every message of its second");
    assert_eq!(down(0, 1).await, [0; 0]);
    assert_eq!(down(0, 0).await, [0; 0]);
    assert_eq!(after(stage, Order::Time, true, 0, 0).await, [0; 0]);
    assert_eq!(after(stage, Order::Time, false, 0, 0).await.len(), 9);
    assert_eq!(after(stage, Order::Time, false, u32::MAX, u32::MAX).await, [0; 0]);
    assert_eq!(after(stage, Order::Time, true, u32::MAX, u32::MAX).await.len(), 9);
}

/// What comes after a number; the date of the place is not asked.
pub(super) async fn places_by_number(stage: &mut Stage) {
    seven(stage).await;
    for _ in 0..2 {
        let highest = stage.ledger().highest(stage.account).await.expect("read");
        for number in [0, 1, 3, highest - 1, highest, highest + 1, u32::MAX - 1, u32::MAX] {
            let up: Vec<Number> = (1..=highest).filter(|other| *other > number).collect();
            let down: Vec<Number> = (1..=highest).rev().filter(|other| *other < number).collect();
            assert_eq!(after(stage, Order::Number, false, 7, number).await, up);
            assert_eq!(after(stage, Order::Number, true, 7, number).await, down);
        }
        stage.ledger().import(stage.account, vec![row(1, past(-5, &[]))]).await.expect("imported");
    }
}

/// A cursor with filters and an offset.
pub(super) async fn cursors_and_filters(stage: &mut Stage) {
    seven(stage).await;
    let query = MessageQuery {
        direction: Some(Direction::Mt),
        from: Some(BEGINNING + 5),
        after: Some(Cursor { date: BEGINNING, number: 1 }),
        ..MessageQuery::default()
    };
    assert_eq!(stage.list(query.clone()).await, [4, 5, 6]);
    assert_eq!(stage.list(MessageQuery { offset: 1, ..query.clone() }).await, [5, 6]);
    assert_eq!(stage.list(MessageQuery { offset: u64::MAX, ..query.clone() }).await, [0; 0]);
    let past_the_end = Some(Cursor { date: BEGINNING + 1000, number: 1 });
    let down = MessageQuery { descending: true, after: past_the_end, ..query.clone() };
    assert_eq!(stage.list(down.clone()).await, [6, 5, 4]);
    assert_eq!(stage.list(MessageQuery { offset: 2, ..down }).await, [4]);
    let before_all = Some(Cursor { date: BEGINNING, number: 9 });
    let down = MessageQuery { descending: true, after: before_all, ..query };
    assert_eq!(stage.list(down).await, [0; 0]);
}

/// Along cursor and bound each message that existed at the start comes exactly once, while live traffic,
/// history, states and deletions of others go on.
pub(super) async fn a_walk_is_whole(stage: &mut Stage) {
    for order in [Order::Time, Order::Number] {
        for descending in [false, true] {
            seven(stage).await;
            stage
                .accept(vec![Message { date: stage.later(3).seconds(), ..mt("4601", "soon", stage.now()) }])
                .await;
            let all = MessageQuery { order: order.clone(), descending, ..MessageQuery::default() };
            let wanted = stage.list(all.clone()).await;
            let highest = stage.ledger().highest(stage.account).await.expect("read");
            let mut query = MessageQuery { limit: 3, bound: Some(highest), ..all };
            let mut walked = Vec::new();
            for round in 0u8.. {
                let page = stage.page(query.clone()).await;
                let Some(last) = page.messages.last() else { break };
                query.after = Some(Cursor { date: last.date, number: last.number });
                walked.extend(page.messages.iter().map(|message| message.number));
                assert_eq!(page.total, wanted.len() as u64);
                if !page.more {
                    break;
                }
                stage.pass(1);
                stage.send("4601", "meanwhile").await;
                let id = walked.len() as u8 + highest as u8;
                let old = past(i64::from(round) * 7 - 3, &[]);
                stage.ledger().import(stage.account, vec![row(id, old)]).await.expect("imported");
                stage.step(wanted[0], sms::Outcome::Submitted).await.expect("legal or the same");
            }
            assert_eq!(walked, wanted, "{order:?} {descending}");
        }
    }
}
