//! News of messages.

use sms::{BatchKey, Note, Outcome};

use super::stage::{not_found, refusal};
use super::{Stage, mt};
use crate::change::{Hide, Step};
use crate::error::Refusal;
use crate::history::{Entry, MOST_ENTRIES, Word};
use crate::model::Sum;
use crate::query::MessageQuery;

async fn sums(stage: &Stage, batch: u32) -> Vec<(Outcome, Sum)> {
    let batch = stage.ledger().batch(stage.account, BatchKey::Mt(batch)).await.expect("read");
    batch.expect("there").sums
}

async fn with(stage: &Stage, outcome: Outcome) -> Vec<u32> {
    stage.list(MessageQuery { outcomes: Some(outcome.only()), ..MessageQuery::default() }).await
}

/// A legal step moves the message from one sum and set to the other and stands in its history.
pub(super) async fn legal_steps_move_everything(stage: &mut Stage) {
    let at = stage.now();
    stage.accept(vec![mt("4670", "x", at), mt("4671", "x", at)]).await;
    stage.pass(1);
    stage.step(1, Outcome::Submitted).await.expect("legal");
    let one = Sum { messages: 1, segments: 1, price: 41_600 };
    assert_eq!(sums(stage, 1).await, [(Outcome::Queued, one), (Outcome::Submitted, one)]);
    stage.pass(1);
    let words = Entry {
        code: Some("000".to_owned()),
        text: Some("DELIVRD".to_owned()),
        ..Entry::new(stage.now(), Outcome::Delivered)
    };
    let steps = vec![Step { number: 1, entry: words.clone() }];
    stage.ledger().advance(stage.account, steps).await.expect("legal");
    let message = stage.message(1).await;
    let submitted = Entry::new(stage.later(-1), Outcome::Submitted);
    assert_eq!(message.history, [Entry::new(at, Outcome::Queued), submitted, words]);
    assert_eq!((message.outcome, message.modified()), (Outcome::Delivered, stage.now()));
    for _ in 0..2 {
        assert_eq!(sums(stage, 1).await, [(Outcome::Queued, one), (Outcome::Delivered, one)]);
        assert_eq!(with(stage, Outcome::Delivered).await, [1]);
        assert_eq!(with(stage, Outcome::Queued).await, [2]);
        assert!(with(stage, Outcome::Submitted).await.is_empty());
        stage.reopen();
    }
}

/// One illegal step refuses the whole write.
pub(super) async fn an_illegal_step_refuses_the_whole(stage: &mut Stage) {
    let at = stage.now();
    stage.accept(vec![mt("4670", "x", at), mt("4671", "x", at)]).await;
    stage.step(2, Outcome::Submitted).await.expect("legal");
    let step = |number, outcome| Step { number, entry: Entry::new(at, outcome) };
    let steps = vec![step(1, Outcome::Submitted), step(1, Outcome::Delivered), step(2, Outcome::Queued)];
    let wanted = Refusal::IllegalStep { from: Outcome::Submitted, to: Outcome::Queued };
    assert_eq!(refusal(stage.ledger().advance(stage.account, steps).await), wanted);
    assert_eq!(stage.message(1).await.outcome, Outcome::Queued);
    let missing = vec![step(1, Outcome::Submitted), step(3, Outcome::Delivered)];
    not_found(stage.ledger().advance(stage.account, missing).await);
    let never = Entry::new(sms::Micros::new(-1), Outcome::Submitted);
    let never = vec![step(1, Outcome::Submitted), Step { number: 1, entry: never }];
    assert!(matches!(refusal(stage.ledger().advance(stage.account, never).await), Refusal::Value(_)));
    assert_eq!(
        (with(stage, Outcome::Queued).await, with(stage, Outcome::Submitted).await),
        (vec![1], vec![2])
    );
    stage.ledger().advance(stage.account, Vec::new()).await.expect("nothing to do");
}

/// A final outcome is never left: what contradicts it is kept as a note. Only the unknown is replaced.
pub(super) async fn a_contradiction_is_kept_beside(stage: &mut Stage) {
    let number = stage.send("4670", "x").await;
    stage.steps(number, &[Outcome::Submitted, Outcome::Delivered]).await;
    stage.step(number, Outcome::Undelivered).await.expect("kept");
    let said = Entry { text: Some("UNDELIV".to_owned()), ..Entry::new(stage.now(), Outcome::Queued) };
    let steps = vec![Step { number, entry: said }];
    stage.ledger().advance(stage.account, steps).await.expect("kept");
    let message = stage.message(number).await;
    assert_eq!((message.outcome, message.history.len()), (Outcome::Delivered, 5));
    let told: Vec<_> = message.history[3..].iter().map(|e| (e.word, e.text.as_deref())).collect();
    let note = Word::Note(Note::Contradiction);
    assert_eq!(told, [(note, Some("undelivered")), (note, Some("UNDELIV"))]);
    // The same word again says nothing.
    stage.step(number, Outcome::Delivered).await.expect("passed over");
    assert_eq!(stage.message(number).await.history.len(), 5);

    let silent = stage.send("4670", "x").await;
    stage.steps(silent, &[Outcome::Submitted, Outcome::Unknown, Outcome::Delivered]).await;
    assert_eq!(stage.message(silent).await.outcome, Outcome::Delivered);
}

/// Notes change no outcome.
pub(super) async fn notes_change_nothing(stage: &mut Stage) {
    let number = stage.send("4670", "x").await;
    let entry = Entry { word: Word::Note(Note::Funded), ..Entry::new(stage.later(3), Outcome::Queued) };
    let steps = vec![Step { number, entry: entry.clone() }];
    stage.ledger().advance(stage.account, steps).await.expect("noted");
    let message = stage.message(number).await;
    assert_eq!((message.outcome, message.history.last()), (Outcome::Queued, Some(&entry)));
    assert_eq!(message.modified(), stage.later(3));
}

/// A row keeps 64 entries, and the newest outcome whatever happens.
pub(super) async fn a_history_has_an_end(stage: &mut Stage) {
    let number = stage.send("4670", "x").await;
    let note = Entry { word: Word::Note(Note::Retry), ..Entry::new(stage.now(), Outcome::Queued) };
    let steps = vec![Step { number, entry: note }; 100];
    stage.ledger().advance(stage.account, steps).await.expect("noted");
    assert_eq!(stage.message(number).await.history.len(), MOST_ENTRIES);
    for outcome in [Outcome::Sending, Outcome::Submitted, Outcome::Delivered] {
        stage.step(number, outcome).await.expect("legal");
        let message = stage.message(number).await;
        assert_eq!((message.history.len(), message.outcome), (MOST_ENTRIES, outcome));
        assert_eq!(message.history.last().and_then(Entry::outcome), Some(outcome));
    }
    stage.step(number, Outcome::Undelivered).await.expect("passed over");
    assert_eq!(stage.message(number).await.outcome, Outcome::Delivered);
}

/// Receipts of hidden messages still match; nobody sees them, billed sums follow.
pub(super) async fn hidden_messages_take_receipts(stage: &mut Stage) {
    let number = stage.send("4670", "x").await;
    stage.step(number, Outcome::Submitted).await.expect("legal");
    let hidden = stage.ledger().hide(stage.account, Hide::Messages(vec![number])).await.expect("hidden");
    assert_eq!(hidden, 1);
    stage.step(number, Outcome::Delivered).await.expect("legal");
    assert!(with(stage, Outcome::Delivered).await.is_empty());
    assert!(sums(stage, 1).await.is_empty());
}
