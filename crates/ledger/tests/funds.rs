//! The balance moves with the messages it pays for, in the same commit.

mod support;

use ledger::change::{BatchDocument, Idempotency, Submission};
use ledger::conformance::{mt, submission};
use ledger::model::{Entry, Message, Word};
use ledger::sqlite::Sqlite;
use ledger::{Accounts, Changes, Documents, Ledger, LedgerError, Reading, Refusal, WayOut};
use sms::{AccountId, Micros, Money, Note, Outcome};

const T: u32 = 1_700_000_000;

fn at(seconds: u32) -> Micros {
    Micros::from_seconds(T + seconds)
}

fn money(millionths: i64) -> Money {
    Money::from_millionths(millionths)
}

/// A store with a prepaid account that holds a tenth of a unit.
async fn world() -> (tempfile::TempDir, Sqlite, AccountId) {
    let (directory, ledger, account) = support::store(true, at(0)).await;
    ledger.fund(account, money(100_000)).await.expect("funded");
    (directory, ledger, account)
}

/// An MT of 41,600 millionths that says it is paid for.
fn funded() -> Message {
    let mut message = mt("46700000001", "Hello", at(0));
    let note = Entry { at: at(0), word: Word::Note(Note::Funded), code: None, text: None };
    message.history.push(note);
    message
}

fn charged(count: usize) -> Submission {
    let charge = Some(money(41_600 * count as i64));
    Submission { charge, ..submission(vec![funded(); count], at(0)) }
}

async fn balance(ledger: &Sqlite, account: AccountId) -> i64 {
    ledger.account(account).await.expect("account").balance.millionths()
}

fn words(message: &Message) -> Vec<Word> {
    message.history.iter().map(|entry| entry.word).collect()
}

#[tokio::test]
async fn a_charge_is_covered_or_nothing_is_kept() {
    let (_directory, ledger, account) = world().await;
    let accepted = ledger.accept(account, charged(2)).await.expect("covered");
    assert_eq!(accepted.balance, Some(money(16_800)));
    let refused = ledger.accept(account, charged(1)).await;
    let wanted = Refusal::Funds { balance: money(16_800), charge: money(41_600) };
    assert!(matches!(refused, Err(LedgerError::Refused(refusal)) if refusal == wanted));
    assert_eq!(ledger.highest(account).await.expect("read"), 2);
    // What costs nothing is always covered, and a charge is what the funded messages cost.
    let free = Submission { charge: Some(Money::ZERO), ..submission(vec![mt("467", "x", at(0))], at(0)) };
    assert_eq!(ledger.accept(account, free).await.expect("free").balance, Some(money(16_800)));
    let wrong = Submission { charge: Some(money(1)), ..submission(vec![funded()], at(0)) };
    assert!(matches!(ledger.accept(account, wrong).await, Err(LedgerError::Refused(Refusal::Value(_)))));
    assert_eq!(balance(&ledger, account).await, 16_800);
}

#[tokio::test]
async fn what_never_left_is_refunded_once() {
    let (_directory, ledger, account) = world().await;
    let batch = ledger.accept(account, charged(2)).await.expect("covered").batch;
    let step = |number, outcome| ledger::change::Step { number, entry: Entry::new(at(1), outcome) };
    ledger.advance(account, vec![step(1, Outcome::Submitted)]).await.expect("legal");
    assert_eq!(ledger.cancel(account, batch, at(2)).await.expect("canceled"), 1);
    assert_eq!(balance(&ledger, account).await, 58_400);
    ledger.advance(account, vec![step(1, Outcome::Undelivered)]).await.expect("legal");
    ledger.cancel(account, batch, at(3)).await.expect("nothing left");
    assert_eq!(balance(&ledger, account).await, 58_400);
    let message = ledger.message(account, 2).await.expect("read").expect("there");
    let wanted = [
        Word::Outcome(Outcome::Queued),
        Word::Note(Note::Funded),
        Word::Outcome(Outcome::Canceled),
        Word::Note(Note::Refunded),
    ];
    assert_eq!(words(&message), wanted);
    let report = ledger.check(Box::new(|_| {})).await.expect("check");
    assert!(report.is_sound(), "{:?}", report.broken);
}

#[tokio::test]
async fn a_note_alone_brings_no_money() {
    let (_directory, ledger, account) = world().await;
    // Said to be funded, but nobody charged for it.
    let batch = ledger.accept(account, submission(vec![funded()], at(0))).await.expect("accepted").batch;
    assert_eq!(ledger.cancel(account, batch, at(2)).await.expect("canceled"), 1);
    assert_eq!(balance(&ledger, account).await, 100_000);
}

#[tokio::test]
async fn a_repeat_is_charged_once_and_answered_alike() {
    let (_directory, ledger, account) = world().await;
    let key = Idempotency { key: [1; 32], request: [2; 32] };
    let document = BatchDocument { kind: "schedule".to_owned(), number: 0, body: "{}".to_owned() };
    let submission = Submission {
        idempotency: Some(key),
        answer: Some("the first".to_owned()),
        document: Some(document),
        ..charged(1)
    };
    assert_eq!(ledger.remembered(account, key, at(0)).await.expect("read"), None);
    let first = ledger.accept(account, submission.clone()).await.expect("covered");
    assert_eq!((first.document, first.balance, first.repeated), (Some(1), Some(money(58_400)), false));
    let again = ledger.accept(account, submission).await.expect("again");
    assert_eq!(again, ledger::change::Accepted { repeated: true, ..first });
    assert_eq!(balance(&ledger, account).await, 58_400);
    let remembered = ledger.remembered(account, key, at(5)).await.expect("read").expect("known");
    assert_eq!((remembered.accepted, remembered.answer.as_deref()), (again, Some("the first")));
    let other = Idempotency { request: [3; 32], ..key };
    let reused = ledger.remembered(account, other, at(5)).await;
    assert!(matches!(reused, Err(LedgerError::Refused(Refusal::KeyReused))));
    assert_eq!(ledger.remembered(account, key, at(24 * 3600)).await.expect("read"), None);
    let kept = ledger.document_by_name(account, "schedule".to_owned(), "1".to_owned()).await.expect("read");
    assert_eq!(kept.map(|document| document.number), Some(1));
}

#[tokio::test]
async fn two_at_once_cannot_overdraw() {
    let (_directory, ledger, account) = world().await;
    let ledger = std::sync::Arc::new(ledger);
    let mut pending = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let ledger = std::sync::Arc::clone(&ledger);
        pending.spawn(async move { ledger.accept(account, charged(1)).await });
    }
    let (mut kept, mut refused) = (0, 0);
    for result in pending.join_all().await {
        match result {
            Ok(_) => kept += 1,
            Err(LedgerError::Refused(Refusal::Funds { .. })) => refused += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((kept, refused, balance(&ledger, account).await), (2, 10, 16_800));
}

#[tokio::test]
async fn a_part_that_left_is_not_refunded() {
    use ledger::outbound::{Attempt, AttemptResult, Lease};
    for (first, left) in [
        (AttemptResult::Submitted { id: "x".to_owned() }, 58_400),
        (AttemptResult::Ended(Outcome::RefusedByCarrier), 100_000),
    ] {
        let (_directory, ledger, account) = world().await;
        let submission = Submission { messages: vec![Message { segments: 2, ..funded() }], ..charged(1) };
        ledger.accept(account, submission).await.expect("covered");
        let lease = |part| Lease { number: 1, part, due: T, carrier: "north".to_owned() };
        let attempt =
            |part, result| Attempt { lease: lease(part), at: at(2), result, code: None, text: None };
        ledger.lease(account, vec![lease(1), lease(2)], at(1)).await.expect("leased");
        ledger.record_attempts(account, vec![attempt(1, first)]).await.expect("recorded");
        let refused = AttemptResult::Ended(Outcome::RefusedByCarrier);
        ledger.record_attempts(account, vec![attempt(2, refused)]).await.expect("recorded");
        assert_eq!(balance(&ledger, account).await, left);
    }
}

/// A charge, a document and chats are written beside the batch: what is refused after them is undone alone and
/// told by its own name, not as a failure of the store that takes its whole group along.
#[tokio::test]
async fn a_refusal_after_the_charge_is_undone_alone() {
    let (_directory, ledger, account) = world().await;
    let mut unknown = charged(1);
    unknown.messages[0].program = 999;
    let refused = ledger.accept(account, unknown).await;
    assert!(matches!(refused, Err(LedgerError::Refused(Refusal::NoProgram(999)))), "{refused:?}");
    let document = BatchDocument { kind: "schedule".to_owned(), number: 77, body: "{}".to_owned() };
    let missing = Submission { document: Some(document), ..submission(vec![mt("467", "x", at(0))], at(0)) };
    let refused = ledger.accept(account, missing).await;
    assert!(matches!(refused, Err(LedgerError::NotFound)), "{refused:?}");
    assert_eq!(balance(&ledger, account).await, 100_000);
    assert_eq!(ledger.highest(account).await.expect("read"), 0);
}
