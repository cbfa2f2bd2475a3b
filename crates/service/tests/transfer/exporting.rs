//! What is exported reads back, holds exactly what was there, and takes no memory to speak of.

use std::collections::HashSet;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use ledger::conformance::{mo, mt, submission};
use serde_json::{Value, json};
use service::change::{Hide, Step};
use service::export::{ExportError, ExportFormat};
use service::generate::{GeneratePlan, generate};
use service::history::Word;
use service::import::ImportError;
use service::model::{Entry, Message};
use service::query::{MessageQuery, Order};
use sha2::{Digest, Sha256};
use sms::{BatchKey, Direction, Micros, Note, Outcome};
use tokio::io::AsyncWrite;

use super::store::{Store, line};

fn until() -> Micros {
    Micros::parse_rfc3339("2026-03-02T10:00:00Z").expect("a date")
}

async fn made_up(messages: u32) -> Store {
    let store = Store::new().await;
    let plan = GeneratePlan::new(messages, 5, until());
    generate(store.ledger.as_ref(), store.account, &[], plan, &mut |_| {}).await.expect("a year");
    store
}

fn records(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
}

/// A message without what is the account's own.
fn bare(message: &Message) -> Message {
    let batch = match message.batch {
        BatchKey::Mt(_) => BatchKey::Mt(0),
        BatchKey::Mo(_) => BatchKey::Mo(0),
    };
    Message { number: 0, batch, answers: message.answers.map(|_| 0), ..message.clone() }
}

#[tokio::test]
async fn a_whole_account_moves_to_another_store() {
    let store = made_up(6000).await;
    let (text, report) = store.export(MessageQuery::default(), ExportFormat::Ndjson).await;
    assert_eq!((report.rows, report.bytes), (6000, text.len() as u64));
    assert_eq!(report.sha256, <[u8; 32]>::from(Sha256::digest(text.as_bytes())));

    let other = Store::new().await;
    let done = other.import(&text).await.expect("an import");
    assert_eq!((done.lines, done.added), (6000, 6000));
    let (old, new) = (store.messages(Order::Number, false).await, other.messages(Order::Number, false).await);
    assert_eq!(old.len(), new.len());
    for (old, new) in old.iter().zip(&new) {
        assert_eq!(bare(old), bare(new));
        assert_eq!(old.answers, new.answers, "numbers are dense in both");
    }
    // Messages that stood together still do.
    let pairs: HashSet<(BatchKey, BatchKey)> =
        old.iter().zip(&new).map(|(old, new)| (old.batch, new.batch)).collect();
    let batches: HashSet<BatchKey> = old.iter().map(|message| message.batch).collect();
    assert_eq!(pairs.len(), batches.len());
    other.sound().await;

    let (again, _) = other.export(MessageQuery::default(), ExportFormat::Ndjson).await;
    assert_eq!(other.import(&text).await.expect("an import").known, 6000);
    assert_eq!(other.import(&again).await.expect("its own").known, 6000);
    assert_eq!(store.import(&text).await.expect("its own").known, 6000);
    store.sound().await;
    other.sound().await;
}

#[tokio::test]
async fn live_messages_move_too() {
    let store = Store::new().await;
    let at = Micros::from_seconds(1_700_000_000);
    let both = vec![mt("46700000001", "One \"two\"\n", at), mt("46700000002", "Hi", at)];
    store.service.accept(store.account, submission(both, at)).await.expect("accepted");
    store.service.receive(store.account, mo("46700000001", "=1+1", at)).await.expect("received");
    let said = |seconds: i64, word, text: &str| Step {
        number: 1,
        entry: Entry {
            at: Micros::new(at.get() + seconds * 1_500_000),
            word,
            code: Some("0".to_owned()),
            text: Some(text.to_owned()),
        },
    };
    let steps = vec![
        said(1, Word::Outcome(Outcome::Submitted), "taken"),
        said(2, Word::Outcome(Outcome::Delivered), "\u{1}"),
        said(3, Word::Note(Note::Refunded), ""),
    ];
    store.service.advance(store.account, steps).await.expect("advanced");
    let (text, _) = store.export(MessageQuery::default(), ExportFormat::Ndjson).await;
    let other = Store::new().await;
    other.import(&text).await.expect("an import");
    let (old, new) = (store.messages(Order::Number, false).await, other.messages(Order::Number, false).await);
    for (old, new) in old.iter().zip(&new) {
        assert_eq!(bare(old), bare(new));
    }
    assert_eq!(new.len(), 3);
    assert_eq!(new[0].history.last().map(|entry| entry.word), Some(Word::Note(Note::Refunded)));
    other.sound().await;
}

#[tokio::test]
async fn deleted_messages_are_left_out_and_the_rest_moves() {
    let store = made_up(3000).await;
    let answered: Vec<u32> = store
        .messages(Order::Number, false)
        .await
        .iter()
        .filter_map(|message| message.answers)
        .take(5)
        .collect();
    assert_eq!(answered.len(), 5);
    store.service.hide(store.account, Hide::Messages(answered.clone())).await.expect("hidden");
    let (text, report) = store.export(MessageQuery::default(), ExportFormat::Ndjson).await;
    assert_eq!(report.rows, 3000 - answered.iter().collect::<HashSet<_>>().len() as u64);
    let text = without_lost_answers(&text);
    // Its account has the number that the first store's has, so ids look like its own, and are not.
    let other = Store::new().await;
    assert_eq!(other.account, store.account);
    let done = other.import(&text).await.expect("an import");
    assert_eq!(done.added, report.rows);
    assert_eq!(other.import(&text).await.expect("an import").known, report.rows);
    other.sound().await;
    let messages = other.messages(Order::Number, false).await;
    let mut answers = 0;
    for message in &messages {
        if let Some(number) = message.answers {
            assert_eq!(messages[number as usize - 1].peer(), message.peer());
            answers += 1;
        }
    }
    assert!(answers > 100, "{answers}");
}

#[tokio::test]
async fn an_answer_to_what_is_not_there_is_refused() {
    let store = made_up(1000).await;
    let replies = MessageQuery { direction: Some(Direction::Mo), ..MessageQuery::default() };
    let (text, _) = store.export(replies, ExportFormat::Ndjson).await;
    let empty = Store::new().await;
    let error = empty.import(&text).await.expect_err("nothing to answer");
    assert!(matches!(error, ImportError::Line { .. }), "{error}");
    let first = records(&text).iter().position(|record| !record["answers"].is_null()).expect("an answer");
    assert_eq!(error.report().added, first as u64);
}

/// The records, without the ids of answered messages that are not among them.
fn without_lost_answers(text: &str) -> String {
    let mut records = records(text);
    let ids: HashSet<String> = records.iter().map(|record| record["id"].to_string()).collect();
    for record in &mut records {
        if !ids.contains(&record["answers"].to_string()) {
            record["answers"] = Value::Null;
        }
    }
    records.iter().map(|record| format!("{record}\n")).collect()
}

#[tokio::test]
async fn filters_and_forms() {
    let store = made_up(4000).await;
    let all = store.messages(Order::Number, false).await;
    let expected = |keep: &dyn Fn(&Message) -> bool| all.iter().filter(|m| keep(m)).count() as u64;
    let replies =
        MessageQuery { direction: Some(Direction::Mo), limit: 1, offset: 9, ..MessageQuery::default() };
    let delivered = MessageQuery {
        outcomes: Some([Outcome::Delivered].into_iter().collect()),
        ..MessageQuery::default()
    };
    let middle = (all[1000].date, all[3000].date);
    let dated = MessageQuery { from: Some(middle.0), to: Some(middle.1), ..MessageQuery::default() };
    let peer = all[0].peer().to_owned();
    let of_peer = MessageQuery { peer: Some(peer.clone()), ..MessageQuery::default() };
    for (filter, rows) in [
        (replies, expected(&|m| m.direction == Direction::Mo)),
        (delivered, expected(&|m| m.outcome == Outcome::Delivered)),
        (dated, expected(&|m| (middle.0..=middle.1).contains(&m.date))),
        (of_peer, expected(&|m| m.peer() == peer)),
    ] {
        assert!(rows > 0 && rows < 4000);
        let (lines, report) = store.export(filter.clone(), ExportFormat::Ndjson).await;
        assert_eq!((report.rows, records(&lines).len() as u64), (rows, rows));
        let (array, report) = store.export(filter.clone(), ExportFormat::Json).await;
        assert_eq!(report.rows, rows);
        assert_eq!(serde_json::from_str::<Vec<Value>>(&array).expect("an array"), records(&lines));
        let (cells, report) = store.export(filter, ExportFormat::Csv).await;
        assert_eq!(report.rows, rows);
        assert_eq!(csv::Reader::from_reader(cells.as_bytes()).records().count() as u64, rows);
    }
}

#[tokio::test]
async fn an_empty_account_is_exported_whole() {
    let store = Store::new().await;
    for (format, expected) in [(ExportFormat::Ndjson, ""), (ExportFormat::Json, "[\n]\n")] {
        let (text, report) = store.export(MessageQuery::default(), format).await;
        assert_eq!((text.as_str(), report.rows, report.bytes), (expected, 0, expected.len() as u64));
    }
    let (text, _) = store.export(MessageQuery::default(), ExportFormat::Csv).await;
    assert!(text.starts_with("id,direction,") && text.ends_with(",text\r\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_traffic_goes_on_exactly_what_was_there_is_written() {
    let store = made_up(20_000).await;
    let (service, account) = (store.service.clone(), store.account);
    let writer = tokio::spawn(async move {
        for round in 0..200u32 {
            let at = service.now();
            let messages = (0..10).map(|n| mt(&format!("4670{:07}", round * 10 + n), "new", at)).collect();
            service.accept(account, submission(messages, at)).await.expect("accepted");
        }
    });
    // Read as slowly as the writer writes, so that both overlap.
    let mut slow = Slow::default();
    let mut bounds = HashSet::new();
    let report = store
        .service
        .export(account, MessageQuery::default(), ExportFormat::Ndjson, &mut slow, &mut |progress| {
            bounds.insert(progress.bound);
        })
        .await
        .expect("an export");
    writer.await.expect("the writer");
    assert_eq!(bounds.len(), 1, "the bound is fixed at the start");
    let bound = bounds.into_iter().next().expect("one");
    assert!(bound >= 20_000);
    assert_eq!(report.rows, u64::from(bound));
    let ids: Vec<u32> = records(&String::from_utf8(slow.octets).expect("UTF-8"))
        .iter()
        .map(|record| {
            let id = record["id"].as_str().expect("an id");
            sms::id::PackedId::parse(id).expect("packed").number
        })
        .collect();
    assert_eq!(ids, (1..=bound).collect::<Vec<_>>(), "each once, by rising number");
    assert!(store.service.highest(account).await.expect("a number") > bound, "the writer wrote meanwhile");
}

/// Takes a few octets at a time, and remembers the largest piece it was offered.
#[derive(Default)]
struct Slow {
    octets: Vec<u8>,
    largest: usize,
    /// Fails after so many octets.
    room: Option<usize>,
}

impl AsyncWrite for Slow {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, part: &[u8]) -> Poll<io::Result<usize>> {
        if self.room.is_some_and(|room| self.octets.len() >= room) {
            return Poll::Ready(Err(io::ErrorKind::StorageFull.into()));
        }
        self.largest = self.largest.max(part.len());
        let taken = part.len().min(100_000);
        self.octets.extend_from_slice(&part[..taken]);
        // Lets others run between two pieces.
        cx.waker().wake_by_ref();
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn stretches_are_bounded_whatever_the_rows_hold() {
    let store = Store::new().await;
    let body = "x".repeat(700_000);
    let text: String = (0..40).map(|id| line(&format!("m{id}"), id, json!({ "body": body }))).collect();
    store.import(&text).await.expect("an import");
    let mut slow = Slow::default();
    let report = store
        .service
        .export(store.account, MessageQuery::default(), ExportFormat::Ndjson, &mut slow, &mut |_| {})
        .await
        .expect("an export");
    assert_eq!(report.rows, 40);
    assert!(report.bytes > 28_000_000);
    assert!(slow.largest < 2 << 20, "{}", slow.largest);
}

#[tokio::test]
async fn an_output_that_fails_is_told() {
    let store = made_up(3000).await;
    let mut full = Slow { room: Some(200_000), ..Slow::default() };
    let error = store
        .service
        .export(store.account, MessageQuery::default(), ExportFormat::Csv, &mut full, &mut |_| {})
        .await
        .expect_err("no room");
    assert!(matches!(error, ExportError::Output(_)), "{error}");
}
