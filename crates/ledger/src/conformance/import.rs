//! History that is brought in, row by row.

use sms::{BatchKey, Micros, Outcome};

use super::stage::BEGINNING;
use super::{Stage, mo, mt};
use crate::change::{Answered, ImportRow, Imported};
use crate::error::Refusal;
use crate::history::Entry;
use crate::model::Message;
use crate::query::{BatchQuery, ChatOrder, ChatQuery, MessageQuery, Order};

/// A row of an id.
pub(super) fn row(id: u8, message: Message) -> ImportRow {
    ImportRow { id: [id; 16], own: None, batch: None, answers: None, message }
}

/// The MT of an id, which must be there.
pub(super) fn answers(id: u8, own: Option<sms::Number>) -> Option<Answered> {
    Some(Answered { id: [id; 16], own, optional: false })
}

/// An MT made `shift` seconds from the beginning that went through outcomes, one a second.
pub(super) fn past(shift: i64, outcomes: &[Outcome]) -> Message {
    let at = |seconds: i64| Micros::new((i64::from(BEGINNING) + shift + seconds) * 1_000_000);
    let history: Vec<Entry> =
        outcomes.iter().zip(1..).map(|(outcome, seconds)| Entry::new(at(seconds), *outcome)).collect();
    let outcome = outcomes.last().copied().unwrap_or(Outcome::Queued);
    Message { outcome, history, ..mt("46700000001", "Hello", at(0)) }
}

fn past_mo(shift: i64) -> Message {
    mo("46700000002", "Hi", Micros::new((i64::from(BEGINNING) + shift) * 1_000_000))
}

impl Stage {
    async fn import(&self, rows: Vec<ImportRow>) -> Imported {
        self.ledger().import(self.account, rows).await.expect("imported")
    }
}

fn counts(imported: &Imported) -> (u64, u64, u64) {
    assert_eq!(imported.refused, None);
    (imported.added, imported.known, imported.merged)
}

const SENT: [Outcome; 2] = [Outcome::Submitted, Outcome::Delivered];

/// The same rows again are passed over, in the same call and after a restart.
pub(super) async fn rows_are_known_by_id(stage: &mut Stage) {
    let rows = || {
        vec![row(1, past(-90, &SENT)), row(2, past_mo(-80)), row(3, past(-70, &[])), row(1, past(-90, &SENT))]
    };
    assert_eq!(counts(&stage.import(rows()).await), (3, 1, 0));
    stage.reopen();
    assert_eq!(counts(&stage.import(rows()).await), (0, 4, 0));
    assert_eq!(stage.list(MessageQuery::default()).await, [1, 2, 3]);
    // Ids are an account's own.
    let other = stage.account("other").await;
    assert_eq!(stage.ledger().import(other, rows()).await.expect("imported").added, 3);
}

/// A record without history is queued, or received, when it was made.
pub(super) async fn missing_history_is_implied(stage: &mut Stage) {
    let bare = |message: Message| Message { history: Vec::new(), ..message };
    stage.import(vec![row(1, bare(past(-90, &[]))), row(2, bare(past_mo(-80)))]).await;
    let message = stage.message(1).await;
    assert_eq!(message.history, [Entry::new(message.created, Outcome::Queued)]);
    let message = stage.message(2).await;
    assert_eq!(message.history, [Entry::new(message.created, Outcome::Received)]);
}

/// A longer history of a known row is merged; it moves sums and sets.
pub(super) async fn longer_history_is_merged(stage: &mut Stage) {
    stage.import(vec![row(1, past(-90, &[Outcome::Submitted])), row(2, past(-80, &[]))]).await;
    let longer = || vec![row(1, past(-90, &SENT)), row(2, past(-80, &SENT))];
    assert_eq!(counts(&stage.import(longer()).await), (0, 0, 2));
    assert_eq!(counts(&stage.import(longer()).await), (0, 2, 0));
    // What is shorter, or says nothing, is no news.
    let shorter = vec![row(1, past(-90, &[Outcome::Submitted])), row(2, past(-80, &[]))];
    assert_eq!(counts(&stage.import(shorter).await), (0, 2, 0));
    // Both in one call.
    let grown =
        vec![row(3, past(-70, &[])), row(3, past(-70, &[Outcome::Submitted])), row(3, past(-70, &SENT))];
    assert_eq!(counts(&stage.import(grown).await), (1, 0, 2));
    for _ in 0..2 {
        let delivered = MessageQuery { outcomes: Some(Outcome::Delivered.only()), ..MessageQuery::default() };
        assert_eq!(stage.list(delivered).await, [1, 2, 3]);
        assert_eq!(stage.message(3).await.history, past(-70, &SENT).history);
        stage.reopen();
    }
}

/// A row that differs stops the run; what came before it stays.
pub(super) async fn a_differing_row_stops_the_run(stage: &mut Stage) {
    stage.import(vec![row(1, past(-90, &SENT)), row(2, past_mo(-80))]).await;
    let differing: [(&'static str, Message); 5] = [
        ("body", Message { body: "hello".to_owned(), ..past(-90, &SENT) }),
        ("recipient", Message { recipient: "1".to_owned(), ..past(-90, &SENT) }),
        ("created", past(-91, &SENT)),
        ("history", past(-90, &[Outcome::Submitted, Outcome::Undelivered])),
        ("direction", Message { recipient: "46700000001".to_owned(), ..past_mo(-90) }),
    ];
    for ((member, message), id) in differing.into_iter().zip(100..) {
        let rows =
            vec![row(2, past_mo(-80)), row(id, past(-1, &[])), row(1, message), row(255, past(0, &[]))];
        let imported = stage.import(rows).await;
        assert_eq!(imported.refused, Some((2, Refusal::Differs(member))));
        assert_eq!((imported.added, imported.known), (1, 1), "{member}");
    }
    let ended = past(-90, &[Outcome::Submitted, Outcome::Delivered, Outcome::Undelivered]);
    let refused = stage.import(vec![row(1, ended)]).await.refused.map(|(_, refusal)| refusal);
    let illegal = Refusal::IllegalStep { from: Outcome::Delivered, to: Outcome::Undelivered };
    assert_eq!(refused, Some(illegal));
    assert_eq!(stage.ledger().highest(stage.account).await.expect("read"), 7);
}

/// What no row can hold is refused by its place, and leaves nothing.
pub(super) async fn impossible_rows_are_refused(stage: &mut Stage) {
    stage.import(vec![row(1, past(-90, &[]))]).await;
    let impossible = [
        Message { outcome: Outcome::Received, history: Vec::new(), ..past(-80, &[]) },
        Message { outcome: Outcome::Queued, history: Vec::new(), ..past_mo(-80) },
        Message { program: 99, ..past(-80, &[]) },
        Message { sender: None, ..past_mo(-80) },
        Message { history: vec![Entry::new(Micros::new(-5), Outcome::Queued)], ..past(-80, &[]) },
        Message { price: sms::Money::from_millionths(i64::MAX), ..past(-80, &[]) },
    ];
    for message in impossible {
        let told = format!("{message:?}");
        let refused = stage.import(vec![row(9, message)]).await.refused.map(|(place, _)| place);
        assert_eq!(refused, Some(0), "{told}");
        stage.sound().await;
    }
    // A known row cannot be turned into an impossible one either.
    let turned = Message { outcome: Outcome::Received, history: Vec::new(), ..past(-90, &[]) };
    assert_eq!(stage.import(vec![row(1, turned)]).await.refused.map(|(place, _)| place), Some(0));
    assert_eq!(counts(&stage.import(vec![row(9, past(-80, &[]))]).await), (1, 0, 0));
    assert_eq!(stage.list(MessageQuery::default()).await, [1, 2]);
}

/// History older than what is there lists in its right place by date, everywhere.
pub(super) async fn older_history_lists_in_its_place(stage: &mut Stage) {
    stage.send("46700000001", "live").await;
    stage.hear("46700000002", "live").await;
    stage.pass(5);
    stage.send("46700000001", "live").await;
    stage.list(MessageQuery::default()).await;
    let rows =
        vec![row(1, past(-90, &SENT)), row(2, past_mo(-95)), row(3, past(2, &SENT)), row(4, past(900, &[]))];
    stage.import(rows).await;
    let peer = |peer: &str| MessageQuery { peer: Some(peer.to_owned()), ..MessageQuery::default() };
    for _ in 0..3 {
        assert_eq!(stage.list(MessageQuery::default()).await, [5, 4, 1, 2, 6, 3, 7]);
        let newest_first = MessageQuery { descending: true, ..MessageQuery::default() };
        assert_eq!(stage.list(newest_first).await, [7, 3, 6, 2, 1, 4, 5]);
        assert_eq!(stage.list(peer("46700000001")).await, [4, 1, 6, 3, 7]);
        assert_eq!(stage.list(peer("46700000002")).await, [5, 2]);
        let until =
            MessageQuery { to: Some(BEGINNING), from: Some(BEGINNING - 92), ..MessageQuery::default() };
        let page = stage.page(MessageQuery { limit: 9, ..until }).await;
        assert_eq!((page.total, page.in_period), (3, 3));
        assert_eq!((page.first_date, page.last_date), (Some(BEGINNING - 90), Some(BEGINNING)));
        let by_number = MessageQuery { order: Order::Number, ..MessageQuery::default() };
        assert_eq!(stage.list(by_number).await, [1, 2, 3, 4, 5, 6, 7]);
        let batches = BatchQuery { limit: 9, ..BatchQuery::default() };
        let batches = stage.ledger().batches(stage.account, batches).await.expect("page").items;
        let keys: Vec<BatchKey> = batches.iter().map(|batch| batch.key).collect();
        use BatchKey::{Mo, Mt};
        assert_eq!(keys, [Mo(5), Mt(3), Mt(1), Mo(2), Mt(4), Mt(2), Mt(5)]);
        let chats = ChatQuery { order: ChatOrder::LastInbound, limit: 9, ..ChatQuery::default() };
        let chats = stage.ledger().chats(stage.account, chats).await.expect("page").items;
        assert_eq!((chats[0].last, chats[0].last_inbound), (Some(2), Some(BEGINNING)));
        stage.forget();
    }
}

/// An id that the account's own export wrote is known, and what it answers too.
pub(super) async fn own_exports_are_known(stage: &mut Stage) {
    let sent = stage.send("46700000001", "live").await;
    stage.hear("46700000001", "reply").await;
    let own = |id: u8, message: &Message| ImportRow { own: Some(message.number), ..row(id, message.clone()) };
    let (first, second) = (stage.message(1).await, stage.message(2).await);
    assert_eq!(counts(&stage.import(vec![own(1, &first), own(2, &second)]).await), (0, 2, 0));
    let mut longer = first.clone();
    longer.history.push(Entry::new(stage.later(1), Outcome::Submitted));
    longer.history.push(Entry::new(stage.later(2), Outcome::Delivered));
    longer.outcome = Outcome::Delivered;
    assert_eq!(counts(&stage.import(vec![own(1, &longer)]).await), (0, 0, 1));
    assert_eq!(stage.message(sent).await.outcome, Outcome::Delivered);
    // Another store's account of the same number gives equal ids; its rows were made at another time.
    let theirs = Message { created: Micros::new(first.created.get() - 1), ..first.clone() };
    assert_eq!(counts(&stage.import(vec![own(3, &theirs)]).await), (1, 0, 0));
    let answer = ImportRow { answers: answers(1, Some(1)), ..row(5, past_mo(-1)) };
    assert_eq!(counts(&stage.import(vec![answer]).await), (1, 0, 0));
    assert_eq!(stage.message(4).await.answers, Some(1));
}

/// An MO answers what was imported before it; what is not there cannot be answered.
pub(super) async fn answers_name_what_is_there(stage: &mut Stage) {
    let answer = |id: u8, to: u8, own| ImportRow { answers: answers(to, own), ..row(id, past_mo(-50)) };
    let rows = vec![row(1, past(-90, &SENT)), answer(2, 1, None), answer(3, 77, None), answer(4, 1, None)];
    let imported = stage.import(rows).await;
    assert_eq!(imported.refused.as_ref().map(|(place, _)| *place), Some(2));
    assert_eq!(imported.added, 2);
    assert_eq!(stage.message(2).await.answers, Some(1));
    let none = stage.import(vec![answer(3, 77, Some(77))]).await;
    assert_eq!(none.refused, Some((0, Refusal::UnknownAnswer)));
    let optional = |id| ImportRow {
        answers: Some(Answered { id: [77; 16], own: Some(77), optional: true }),
        ..row(id, past_mo(-50))
    };
    assert_eq!(counts(&stage.import(vec![optional(9), optional(9)]).await), (1, 1, 0));
    assert_eq!(stage.message(3).await.answers, None);
    let other = ImportRow { answers: answers(1, None), ..row(9, past_mo(-50)) };
    assert_eq!(stage.import(vec![other]).await.refused, Some((0, Refusal::Differs("answers"))));
    assert_eq!(counts(&stage.import(vec![answer(3, 77, Some(1))]).await), (1, 0, 0));
    let found = stage.ledger().answered(stage.account, vec![2, 3, 4]).await.expect("read");
    let mut numbers: Vec<_> = found.iter().map(|(reply, sent)| (*reply, sent.number)).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [(2, 1), (4, 1)]);
}
