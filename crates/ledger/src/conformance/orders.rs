//! Orders of messages, and pages cut out of them anywhere.

use sms::{Number, Outcome, OutcomeSet};

use super::import::{past, row};
use super::messages::seven;
use super::{Stage, mo, mt};
use crate::model::Message;
use crate::query::{MessageQuery, Order};

/// Every page of every size, both ways, is a cut out of the whole list.
async fn paged(stage: &Stage, order: Order, ascending: &[Number], descending: &[Number]) {
    for (down, wanted) in [(false, ascending), (true, descending)] {
        let query = MessageQuery { order: order.clone(), descending: down, ..MessageQuery::default() };
        assert_eq!(stage.list(query.clone()).await, wanted, "{query:?}");
        for (offset, limit) in (0..=wanted.len() + 1).flat_map(|offset| [(offset, 1), (offset, 3)]) {
            let query = MessageQuery { offset: offset as u64, limit: limit as u32, ..query.clone() };
            let page = stage.page(query.clone()).await;
            let numbers: Vec<Number> = page.messages.iter().map(|message| message.number).collect();
            let end = (offset + limit).min(wanted.len());
            assert_eq!(numbers, wanted[offset.min(end)..end], "{query:?}");
            assert_eq!(page.more, offset + limit < wanted.len(), "{query:?}");
        }
        let far = MessageQuery { offset: u64::MAX, limit: u32::MAX, ..query };
        let far = stage.page(far).await;
        assert_eq!((far.messages.len(), far.more), (0, false));
    }
}

fn reversed(numbers: &[Number]) -> Vec<Number> {
    numbers.iter().rev().copied().collect()
}

/// By (date, number), the exact reverse downwards, with ties, history and messages of the future.
pub(super) async fn by_time(stage: &mut Stage) {
    seven(stage).await;
    let wanted = [1, 2, 3, 4, 5, 6, 7];
    paged(stage, Order::Time, &wanted, &reversed(&wanted)).await;
    let late = Message { date: stage.later(50).seconds(), ..mt("4601", "later", stage.now()) };
    stage.accept(vec![late.clone(), Message { date: late.date - 10, ..late }]).await;
    let rows = vec![row(1, past(10, &[])), row(2, past(-5, &[])), row(3, past(10, &[]))];
    stage.ledger().import(stage.account, rows).await.expect("imported");
    let wanted = [11, 1, 2, 3, 10, 12, 4, 5, 6, 7, 9, 8];
    paged(stage, Order::Time, &wanted, &reversed(&wanted)).await;
}

/// As by time, but what is dated in the future stands where it was made, and moves once its date has come.
pub(super) async fn by_making(stage: &mut Stage) {
    seven(stage).await;
    let from = stage.now().seconds();
    let dated = |made, shift| Message { date: from + shift, ..mt("4601", "later", made) };
    stage.accept(vec![dated(stage.now(), 60), dated(stage.now(), 50)]).await;
    paged_by_making(stage, &[1, 2, 3, 4, 5, 6, 7, 8, 9]).await;
    stage.send("4601", "at once").await;
    stage.pass(5);
    stage.hear("4601", "an answer").await;
    stage.accept(vec![dated(stage.now(), 45)]).await;
    stage.pass(5);
    stage.send("4601", "newest").await;
    paged_by_making(stage, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]).await;
    // History stands where its date belongs, also when that lies between what is ahead and what is placed;
    // imported in the future it stands where it was made.
    let at = |shift: i64, date: u32| Message { date, ..past(shift, &[]) };
    let made = i64::from(from - super::stage::BEGINNING);
    let rows = vec![
        row(1, past(made + 2, &[])),
        row(2, past(-5, &[])),
        row(3, at(made + 7, from + 55)),
        row(4, at(15, from + 70)),
    ];
    stage.ledger().import(stage.account, rows).await.expect("imported");
    let wanted = [15, 1, 2, 3, 17, 4, 5, 6, 7, 8, 9, 10, 14, 11, 12, 16, 13];
    paged_by_making(stage, &wanted).await;
    let hidden = vec![9, 10, 17];
    stage.ledger().hide(stage.account, crate::change::Hide::Messages(hidden)).await.expect("hidden");
    paged_by_making(stage, &[15, 1, 2, 3, 4, 5, 6, 7, 8, 14, 11, 12, 16, 13]).await;
    stage.pass(40);
    // Two are due: they stand by their dates now, one at 45 and one (hidden) at 50.
    paged_by_making(stage, &[15, 1, 2, 3, 4, 5, 6, 7, 8, 14, 11, 16, 13, 12]).await;
    stage.send("4601", "after those that were due").await;
    paged_by_making(stage, &[15, 1, 2, 3, 4, 5, 6, 7, 8, 14, 11, 16, 13, 12, 18]).await;
    stage.pass(60);
    paged_by_making(stage, &[15, 1, 2, 3, 4, 5, 6, 7, 14, 11, 13, 12, 18, 16, 8]).await;
}

async fn paged_by_making(stage: &mut Stage, wanted: &[Number]) {
    paged(stage, Order::Made, wanted, &reversed(wanted)).await;
    stage.reopen();
    paged(stage, Order::Made, wanted, &reversed(wanted)).await;
}

/// By number, whatever the dates.
pub(super) async fn by_number(stage: &mut Stage) {
    seven(stage).await;
    let late = Message { date: stage.later(50).seconds(), ..mt("4601", "later", stage.now()) };
    stage.accept(vec![late.clone(), Message { date: late.date - 10, ..late }]).await;
    let wanted = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    paged(stage, Order::Number, &wanted, &reversed(&wanted)).await;
    stage.ledger().import(stage.account, vec![row(1, past(-5, &[]))]).await.expect("imported");
    let wanted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    paged(stage, Order::Number, &wanted, &reversed(&wanted)).await;
}

/// By the sender given, as text, none first; ties by rising number both ways.
pub(super) async fn by_sender(stage: &mut Stage) {
    let at = stage.now();
    let from = |sender: Option<&str>, used: Option<&str>| Message {
        sender: sender.map(str::to_owned),
        sender_used: used.map(str::to_owned),
        ..mt("4601", "x", at)
    };
    stage.accept(vec![from(Some("b"), None), from(Some("a"), None), from(None, None)]).await;
    stage.accept(vec![from(Some("z"), Some("a")), from(None, Some("c")), from(Some("B"), None)]).await;
    stage.ledger().receive(stage.account, mo("b", "x", at)).await.expect("received");
    let late = Message { date: stage.later(50).seconds(), ..from(Some("a"), None) };
    stage.accept(vec![late]).await;
    for _ in 0..2 {
        paged(stage, Order::Sender, &[3, 5, 6, 2, 8, 1, 7, 4], &[4, 1, 7, 2, 8, 6, 3, 5]).await;
        stage.reopen();
    }
    stage
        .ledger()
        .import(stage.account, vec![row(1, Message { sender: Some("b".to_owned()), ..past(-5, &[]) })])
        .await
        .expect("imported");
    paged(stage, Order::Sender, &[3, 5, 6, 2, 8, 1, 7, 9, 4], &[4, 1, 7, 9, 2, 8, 6, 3, 5]).await;
}

/// By the recipient of either direction, as text; ties by rising number both ways.
pub(super) async fn by_destination(stage: &mut Stage) {
    seven(stage).await;
    paged(stage, Order::Destination, &[4, 3, 1, 2, 5, 6, 7], &[7, 6, 2, 5, 1, 3, 4]).await;
    let late = Message { date: stage.later(50).seconds(), ..mt("36000", "later", stage.now()) };
    stage.accept(vec![late]).await;
    paged(stage, Order::Destination, &[4, 3, 8, 1, 2, 5, 6, 7], &[7, 6, 2, 5, 1, 3, 8, 4]).await;
}

/// By groups of outcomes; ties by rising number both ways; what is in no group is not listed.
pub(super) async fn by_state(stage: &mut Stage) {
    seven(stage).await;
    let late = Message { date: stage.later(50).seconds(), ..mt("4601", "later", stage.now()) };
    stage.accept(vec![late]).await;
    let rows = vec![row(1, past(-5, &[Outcome::Submitted, Outcome::Undelivered]))];
    stage.ledger().import(stage.account, rows).await.expect("imported");
    let set = |outcomes: &[Outcome]| outcomes.iter().copied().collect::<OutcomeSet>();
    let groups = vec![
        set(&[Outcome::Delivered, Outcome::Undelivered]),
        set(&[Outcome::Expired]),
        set(&[Outcome::Queued]),
        set(&[Outcome::Submitted, Outcome::Received]),
    ];
    let order = Order::State(groups);
    paged(stage, order, &[1, 9, 2, 5, 6, 8, 3, 4, 7], &[3, 4, 7, 2, 5, 6, 8, 1, 9]).await;
    let some = Order::State(vec![set(&[Outcome::Received]), set(&[Outcome::Delivered])]);
    paged(stage, some.clone(), &[3, 7, 1], &[1, 3, 7]).await;
    let page = stage.page(MessageQuery { order: some, limit: 1, ..MessageQuery::default() }).await;
    assert_eq!((page.total, page.more), (9, true));
}
