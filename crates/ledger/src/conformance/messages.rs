//! Lists of messages: every filter, totals, sums.

use sms::{BatchKey, Country, Direction, Micros, Money, Number, Outcome, OutcomeSet};

use super::stage::BEGINNING;
use super::{Stage, mo, mt};
use crate::model::{Message, Sum};
use crate::query::{MessageQuery, Order};

/// Seven messages, ten seconds apart: 1 and 2 a batch to two peers, 3 an answer, 4 to France in another
/// program, 5 and 6 a batch, 7 an MO to another number.
pub(super) async fn seven(stage: &Stage) {
    let program = stage.program("second").await;
    let french =
        |message: Message| Message { country: Country::parse("FR").expect("two letters"), ..message };
    stage.accept(vec![mt("4601", "Hello", stage.now()), mt("4602", "Hello you", stage.now())]).await;
    stage.pass(10);
    stage.hear("4601", "hello back").await;
    stage.pass(10);
    let to_france = Message { program, segments: 2, ..french(mt("3301", "Salut, ÉTÉ", stage.now())) };
    stage.accept(vec![to_france]).await;
    stage.pass(10);
    stage.accept(vec![mt("4602", "Bye", stage.now()), mt("4603", "Bye", stage.now())]).await;
    stage.pass(10);
    let other = Message { recipient: "71000".to_owned(), ..french(mo("3301", "été", stage.now())) };
    stage.ledger().receive(stage.account, other).await.expect("received");
    stage.steps(1, &[Outcome::Submitted, Outcome::Delivered]).await;
    stage.steps(4, &[Outcome::Submitted]).await;
}

fn any() -> MessageQuery {
    MessageQuery::default()
}

async fn asked(stage: &Stage, query: MessageQuery, wanted: &[Number]) {
    for forget in [false, true] {
        let page = stage.page(MessageQuery { limit: 99, ..query.clone() }).await;
        let numbers: Vec<Number> = page.messages.iter().map(|message| message.number).collect();
        assert_eq!(numbers, wanted, "{query:?}");
        assert_eq!((page.total, page.more), (wanted.len() as u64, false), "{query:?}");
        let dates = || page.messages.iter().map(|message| message.date);
        assert_eq!((page.first_date, page.last_date), (dates().min(), dates().max()), "{query:?}");
        let none = stage.page(MessageQuery { limit: 0, ..query.clone() }).await;
        assert_eq!(
            (none.total, none.more, none.messages.len()),
            (page.total, page.total > 0, 0),
            "{query:?}"
        );
        let mut back = stage.list(MessageQuery { descending: true, ..query.clone() }).await;
        back.reverse();
        assert_eq!(back, wanted, "{query:?}");
        if forget {
            stage.forget();
        }
    }
}

/// Each filter alone.
pub(super) async fn every_filter(stage: &mut Stage) {
    seven(stage).await;
    let text = |text: &str| Some(text.to_owned());
    let only = |outcome: Outcome| Some(outcome.only());
    asked(stage, any(), &[1, 2, 3, 4, 5, 6, 7]).await;
    asked(stage, MessageQuery { direction: Some(Direction::Mo), ..any() }, &[3, 7]).await;
    asked(stage, MessageQuery { direction: Some(Direction::Mt), ..any() }, &[1, 2, 4, 5, 6]).await;
    asked(stage, MessageQuery { outcomes: only(Outcome::Delivered), ..any() }, &[1]).await;
    asked(stage, MessageQuery { outcomes: Some(OutcomeSet::NONE), ..any() }, &[]).await;
    asked(stage, MessageQuery { country: Country::parse("FR"), ..any() }, &[4, 7]).await;
    asked(stage, MessageQuery { country: Country::parse("NO"), ..any() }, &[]).await;
    asked(stage, MessageQuery { program: Some(2), ..any() }, &[4]).await;
    asked(stage, MessageQuery { program: Some(99), ..any() }, &[]).await;
    asked(stage, MessageQuery { peer: text("4601"), ..any() }, &[1, 3]).await;
    asked(stage, MessageQuery { peer: text("36000"), ..any() }, &[]).await;
    asked(stage, MessageQuery { destination: text("4601"), ..any() }, &[1]).await;
    asked(stage, MessageQuery { destination: text("36000"), ..any() }, &[3]).await;
    asked(stage, MessageQuery { destination: text("Acme"), ..any() }, &[]).await;
    asked(stage, MessageQuery { destination: text("nobody"), ..any() }, &[]).await;
    asked(stage, MessageQuery { text: text("HELLO"), ..any() }, &[1, 2, 3]).await;
    asked(stage, MessageQuery { text: text("Été"), ..any() }, &[4, 7]).await;
    asked(stage, MessageQuery { text: text("%"), ..any() }, &[]).await;
    asked(stage, MessageQuery { text: text(""), ..any() }, &[1, 2, 3, 4, 5, 6, 7]).await;
    asked(stage, MessageQuery { batch: Some(BatchKey::Mt(1)), ..any() }, &[1, 2]).await;
    asked(stage, MessageQuery { batch: Some(BatchKey::Mt(3)), ..any() }, &[5, 6]).await;
    asked(stage, MessageQuery { batch: Some(BatchKey::Mt(9)), ..any() }, &[]).await;
    asked(stage, MessageQuery { numbers: Some(vec![7, 2, 2, 0, 99]), ..any() }, &[2, 7]).await;
    asked(stage, MessageQuery { numbers: Some(Vec::new()), ..any() }, &[]).await;
}

/// An MO is a batch of one; the number of an MT names no such batch.
pub(super) async fn mo_batches(stage: &mut Stage) {
    seven(stage).await;
    asked(stage, MessageQuery { batch: Some(BatchKey::Mo(3)), ..any() }, &[3]).await;
    asked(stage, MessageQuery { batch: Some(BatchKey::Mo(2)), ..any() }, &[]).await;
    asked(stage, MessageQuery { batch: Some(BatchKey::Mo(99)), ..any() }, &[]).await;
    asked(stage, MessageQuery { batch: Some(BatchKey::Mo(u32::MAX)), ..any() }, &[]).await;
    asked(stage, MessageQuery { batch: Some(BatchKey::Mt(u32::MAX)), ..any() }, &[]).await;
    // The same once positions are no numbers any more.
    let past = super::import::past(-100, &[Outcome::Delivered]);
    let rows = vec![super::import::row(1, past)];
    stage.ledger().import(stage.account, rows).await.expect("imported");
    asked(stage, MessageQuery { batch: Some(BatchKey::Mo(3)), ..any() }, &[3]).await;
    asked(stage, MessageQuery { batch: Some(BatchKey::Mo(2)), ..any() }, &[]).await;
    asked(stage, MessageQuery { batch: Some(BatchKey::Mt(9)), ..any() }, &[]).await;
    asked(stage, MessageQuery { batch: Some(BatchKey::Mo(u32::MAX)), ..any() }, &[]).await;
    asked(stage, MessageQuery { batch: Some(BatchKey::Mt(3)), ..any() }, &[5, 6]).await;
}

/// Ranges of dates are inclusive; the far ends are no trouble.
pub(super) async fn dates(stage: &mut Stage) {
    seven(stage).await;
    let range = |from, to| MessageQuery { from, to, ..any() };
    asked(stage, range(Some(BEGINNING), Some(BEGINNING)), &[1, 2]).await;
    asked(stage, range(Some(BEGINNING + 1), None), &[3, 4, 5, 6, 7]).await;
    asked(stage, range(None, Some(BEGINNING + 20)), &[1, 2, 3, 4]).await;
    asked(stage, range(Some(BEGINNING + 11), Some(BEGINNING + 19)), &[]).await;
    asked(stage, range(Some(BEGINNING + 30), Some(BEGINNING)), &[]).await;
    asked(stage, range(Some(0), Some(u32::MAX)), &[1, 2, 3, 4, 5, 6, 7]).await;
    asked(stage, range(Some(u32::MAX), None), &[]).await;
    asked(stage, range(None, Some(0)), &[]).await;
    let last = Message { date: u32::MAX, ..mt("4601", "in 2106", stage.now()) };
    stage.accept(vec![last]).await;
    asked(stage, range(Some(u32::MAX), None), &[8]).await;
    asked(stage, range(Some(u32::MAX), Some(u32::MAX)), &[8]).await;
}

/// The clock may reach the end of its count.
pub(super) async fn the_last_second(stage: &mut Stage) {
    stage.accept(vec![Message { date: u32::MAX, ..mt("4601", "in 2106", stage.now()) }]).await;
    stage.send("4601", "now").await;
    stage.pass(i64::from(u32::MAX - BEGINNING));
    asked(stage, any(), &[2, 1]).await;
    stage.send("4601", "in the last second").await;
    asked(stage, any(), &[2, 1, 3]).await;
    stage.pass(10);
    asked(stage, any(), &[2, 1, 3]).await;
    stage.reopen();
    asked(stage, any(), &[2, 1, 3]).await;
}

/// `above`, `below` and `bound` cut by number, in any order.
pub(super) async fn cut_by_number(stage: &mut Stage) {
    seven(stage).await;
    for round in 0..2 {
        let all = [1, 2, 3, 4, 5, 6, 7];
        for order in [Order::Time, Order::Made, Order::Number] {
            let query = |below, bound| MessageQuery { below, bound, order: order.clone(), ..any() };
            asked(stage, query(Some(4), None), &[1, 2, 3]).await;
            asked(stage, query(None, Some(4)), &[1, 2, 3, 4]).await;
            asked(stage, query(Some(3), Some(6)), &[1, 2]).await;
            let above = |above, below| MessageQuery { above: Some(above), ..query(below, None) };
            asked(stage, above(3, Some(6)), &[4, 5]).await;
            asked(stage, above(5, Some(6)), &[]).await;
            asked(stage, above(6, Some(3)), &[]).await;
            asked(stage, above(u32::MAX, None), &[]).await;
            asked(stage, above(0, Some(3)), &[1, 2]).await;
            asked(stage, query(Some(0), None), &[]).await;
            asked(stage, query(None, Some(0)), &[]).await;
            if round == 0 {
                asked(stage, query(Some(u32::MAX), None), &all).await;
                asked(stage, query(None, Some(u32::MAX)), &all).await;
                asked(stage, query(Some(u32::MAX), Some(u32::MAX)), &all).await;
            }
        }
        let rows = vec![super::import::row(1, super::import::past(100, &[Outcome::Delivered]))];
        stage.ledger().import(stage.account, rows).await.expect("imported");
        let late = Message { date: BEGINNING + 5000, ..mt("4601", "later", stage.now()) };
        stage.accept(vec![late]).await;
    }
}

/// All filters at once, and two at a time.
pub(super) async fn filters_combine(stage: &mut Stage) {
    seven(stage).await;
    let mo = MessageQuery { direction: Some(Direction::Mo), ..any() };
    asked(stage, MessageQuery { country: Country::parse("FR"), ..mo.clone() }, &[7]).await;
    asked(stage, MessageQuery { text: Some("hello".to_owned()), ..mo.clone() }, &[3]).await;
    asked(stage, MessageQuery { outcomes: Some(Outcome::Queued.only()), ..mo }, &[]).await;
    let one = MessageQuery {
        direction: Some(Direction::Mt),
        outcomes: Some(Outcome::Submitted.only()),
        scope: Some(OutcomeSet::matching(|outcome| outcome != Outcome::Canceled)),
        from: Some(BEGINNING + 20),
        to: Some(BEGINNING + 20),
        country: Country::parse("FR"),
        destination: Some("3301".to_owned()),
        peer: Some("3301".to_owned()),
        text: Some("salut".to_owned()),
        batch: Some(BatchKey::Mt(2)),
        program: Some(2),
        numbers: Some(vec![4]),
        below: Some(5),
        bound: Some(4),
        ..any()
    };
    asked(stage, one.clone(), &[4]).await;
    asked(stage, MessageQuery { bound: Some(3), ..one }, &[]).await;
}

/// `in_period` counts everything visible of the dates and the scope, whatever else is asked.
pub(super) async fn what_is_in_the_period(stage: &mut Stage) {
    seven(stage).await;
    let scope = Some(OutcomeSet::matching(|outcome| outcome != Outcome::Queued));
    let query = MessageQuery {
        scope,
        from: Some(BEGINNING + 10),
        peer: Some("3301".to_owned()),
        bound: Some(4),
        limit: 9,
        ..any()
    };
    let page = stage.page(query).await;
    assert_eq!((page.total, page.in_period, page.bound), (1, 3, 7));
    let scoped = MessageQuery { scope, ..any() };
    asked(stage, scoped.clone(), &[1, 3, 4, 7]).await;
    let both = MessageQuery { outcomes: Some(Outcome::Queued.only()), ..scoped };
    asked(stage, both, &[]).await;
}

/// An account without messages answers every question.
pub(super) async fn nothing_there(stage: &mut Stage) {
    let text = |text: &str| MessageQuery { text: Some(text.to_owned()), ..any() };
    for query in [any(), text(""), text("x"), MessageQuery { batch: Some(BatchKey::Mo(1)), ..any() }] {
        for order in [
            Order::Time,
            Order::Made,
            Order::Number,
            Order::Sender,
            Order::Destination,
            Order::State(Vec::new()),
        ] {
            asked(stage, MessageQuery { order, ..query.clone() }, &[]).await;
        }
    }
    assert_eq!(stage.page(any()).await.bound, 0);
    assert!(stage.ledger().sums(stage.account, any()).await.expect("sums").is_empty());
    assert_eq!(stage.ledger().message(stage.account, 1).await.expect("read"), None);
    assert_eq!(stage.ledger().message(stage.account, u32::MAX).await.expect("read"), None);
}

/// Sums are those of exactly the messages that match.
pub(super) async fn sums(stage: &mut Stage) {
    seven(stage).await;
    let sums = |query| async {
        let mut sums = stage.ledger().sums(stage.account, query).await.expect("sums");
        sums.sort_by_key(|(direction, outcome, _)| (*direction, outcome.code()));
        sums
    };
    let sum = |messages, segments| Sum { messages, segments, price: 41_600 * messages as i64 };
    let all = [
        (Direction::Mt, Outcome::Queued, sum(3, 3)),
        (Direction::Mt, Outcome::Submitted, sum(1, 2)),
        (Direction::Mt, Outcome::Delivered, sum(1, 1)),
        (Direction::Mo, Outcome::Received, Sum { price: 0, ..sum(2, 2) }),
    ];
    assert_eq!(sums(any()).await, all);
    let page = MessageQuery { offset: 5, limit: 1, descending: true, order: Order::Sender, ..any() };
    assert_eq!(sums(page).await, all, "order and page are ignored");
    let of_batch = MessageQuery { batch: Some(BatchKey::Mt(1)), ..any() };
    assert_eq!(sums(of_batch).await, [(Direction::Mt, Outcome::Queued, sum(1, 1)), all[2]]);
    assert_eq!(sums(MessageQuery { batch: Some(BatchKey::Mt(9)), ..any() }).await, []);
    let largest = Message { price: Money::from_millionths(1_000_000_000_000), ..mt("1", "x", stage.now()) };
    stage.accept(vec![largest; 100]).await;
    let to_one = MessageQuery { peer: Some("1".to_owned()), ..any() };
    assert_eq!(sums(to_one).await[0].2.price, 100_000_000_000_000);
}

/// Dates, created and modified times are exact to the microsecond.
pub(super) async fn times_are_exact(stage: &mut Stage) {
    let created = Micros::new(stage.now().get() + 654_321);
    let message = Message { history: Vec::new(), ..mt("4601", "x", created) };
    stage.accept(vec![message]).await;
    let entry = crate::history::Entry::new(Micros::new(created.get() + 1), Outcome::Submitted);
    let steps = vec![crate::change::Step { number: 1, entry }];
    stage.ledger().advance(stage.account, steps).await.expect("legal");
    stage.reopen();
    let message = stage.message(1).await;
    assert_eq!((message.created, message.modified().get()), (created, created.get() + 1));
}
