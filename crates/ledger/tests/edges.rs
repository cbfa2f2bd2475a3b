//! The end of the numbers: an account gives its last number and then refuses by name.

mod support;

use std::sync::Arc;

use ledger::change::ImportRow;
use ledger::conformance::{Opener, Stage, mo, mt, submission};
use ledger::model::Contact;
use ledger::{LedgerError, Refusal};
use sms::id::MAX_NUMBER;
use support::InDirectory;

/// A store whose account has given nearly all of some number.
async fn nearly_exhausted(counter: &str, next: u32) -> Stage {
    // Without a budget nothing is loaded at the start: the numbers are not dense as they should be.
    let directory = Arc::new(InDirectory::with_budget(0));
    let stage = Stage::new(Arc::clone(&directory) as Arc<dyn Opener>).await;
    drop(stage);
    let conn = rusqlite::Connection::open(directory.database()).expect("open");
    conn.execute(&format!("UPDATE account SET {counter} = ?1"), [next]).expect("statement");
    conn.execute("UPDATE account SET name = 'old'", []).expect("statement");
    drop(conn);
    // The account of the stage is the second; the first is the one that was changed.
    let mut stage = Stage::new(directory).await;
    stage.account = sms::AccountId::new(1).expect("in range");
    stage
}

fn exhausted<T: std::fmt::Debug>(result: Result<T, LedgerError>) {
    assert!(matches!(result, Err(LedgerError::Refused(Refusal::NumbersExhausted))), "{result:?}");
}

#[tokio::test]
async fn the_last_message() {
    let stage = nearly_exhausted("next_message", MAX_NUMBER - 1).await;
    let at = stage.now();
    exhausted(stage.try_accept(vec![mt("4670", "x", at); 3]).await);
    assert_eq!(stage.send("4670", "x").await, MAX_NUMBER - 1);
    exhausted(stage.try_accept(vec![mt("4670", "x", at); 2]).await);
    assert_eq!(stage.hear("4670", "x").await.number, MAX_NUMBER);
    assert_eq!(stage.message(MAX_NUMBER).await.body, "x");
    exhausted(stage.try_accept(vec![mt("4670", "x", at)]).await);
    exhausted(stage.ledger().receive(stage.account, mo("4671", "x", at)).await);
    let row = ImportRow { id: [1; 16], own: None, batch: None, answers: None, message: mt("4670", "x", at) };
    let imported = stage.ledger().import(stage.account, vec![row]).await.expect("a place and a reason");
    assert_eq!(imported.refused, Some((0, Refusal::NumbersExhausted)));
    assert_eq!(stage.ledger().highest(stage.account).await.expect("read"), MAX_NUMBER);
    // Nothing of what was refused is there.
    let none = stage.ledger().batch(stage.account, sms::BatchKey::Mt(2)).await.expect("read");
    assert_eq!(none, None);
}

#[tokio::test]
async fn the_last_batch() {
    let stage = nearly_exhausted("next_batch", MAX_NUMBER).await;
    let at = stage.now();
    assert_eq!(stage.accept(vec![mt("4670", "x", at)]).await.batch, MAX_NUMBER);
    exhausted(stage.ledger().accept(stage.account, submission(vec![mt("4670", "x", at)], at)).await);
    assert_eq!(stage.hear("4670", "x").await.number, 2);
}

#[tokio::test]
async fn the_last_chat() {
    let stage = nearly_exhausted("next_chat", MAX_NUMBER + 1).await;
    exhausted(stage.ledger().open_chat(stage.account, "4670".to_owned()).await);
    exhausted(stage.ledger().receive(stage.account, mo("4670", "x", stage.now())).await);
    assert_eq!(stage.send("4670", "x").await, 1);
}

#[tokio::test]
async fn the_last_contact() {
    let stage = nearly_exhausted("next_contact", MAX_NUMBER).await;
    let contact = |phone: &str| Contact { phone: phone.to_owned(), ..Contact::default() };
    assert_eq!(stage.ledger().put_contact(stage.account, contact("1")).await.expect("put"), MAX_NUMBER);
    exhausted(stage.ledger().put_contact(stage.account, contact("2")).await);
    assert_eq!(stage.ledger().put_contact(stage.account, contact("1")).await.expect("known"), MAX_NUMBER);
}
