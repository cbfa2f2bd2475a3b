//! `check` names what is broken: rows are changed by hand in a closed store.

mod support;

use std::sync::Arc;

use ledger::Ledger;
use ledger::change::{ChatMark, Hide, Idempotency, ImportRow};
use ledger::check::CheckReport;
use ledger::conformance::{Opener, Stage, mo, mt, submission};
use ledger::query::MessageQuery;
use ledger::sqlite::{Options, Sqlite};
use sms::{Micros, Outcome};
use support::InDirectory;

/// A store with some of everything, closed.
async fn filled() -> Arc<InDirectory> {
    let directory = Arc::new(InDirectory::new());
    let stage = Stage::new(Arc::clone(&directory) as Arc<dyn Opener>).await;
    let (ledger, account, at) = (stage.ledger(), stage.account, stage.now());
    let mut first = submission(vec![mt("4601", "one", at), mt("4602", "two", at)], at);
    first.open_chats = true;
    first.idempotency = Some(Idempotency { key: [1; 32], request: [1; 32] });
    ledger.accept(account, first).await.expect("accepted");
    stage.send("4603", "three").await;
    stage.steps(1, &[Outcome::Submitted, Outcome::Delivered]).await;
    stage.hear("4601", "four").await;
    let row = |id: u8, shift: i64, message: ledger::model::Message| {
        let created = Micros::new(at.get() - shift * 1_000_000);
        let message = ledger::model::Message { created, date: created.seconds(), ..message };
        let history = vec![ledger::history::Entry::new(created, message.outcome)];
        let message = ledger::model::Message { history, ..message };
        ImportRow { id: [id; 16], own: None, batch: Some([1; 16]), answers: None, message }
    };
    let rows = vec![
        row(1, 50, mt("4601", "five", at)),
        row(2, 40, mo("4604", "six", at)),
        row(3, 30, mt("4601", "seven", at)),
    ];
    assert_eq!(ledger.import(account, rows).await.expect("imported").refused, None);
    stage.send("4605", "eight").await;
    ledger.hide(account, Hide::Batch(4)).await.expect("hidden");
    ledger.mark_chats(account, None, ChatMark::Read).await.expect("marked");
    let contact = ledger::model::Contact { phone: "4601".to_owned(), ..ledger::model::Contact::default() };
    ledger.put_contact(account, contact).await.expect("put");
    stage.sound().await;
    drop(stage);
    directory
}

async fn report(directory: &Arc<InDirectory>) -> CheckReport {
    let store = directory.open(Arc::new(Micros::now));
    let report = store.ledger().check(Box::new(|_| {})).await.expect("a report, whatever is broken");
    store.close();
    report
}

/// Breaks a new store with a statement; every one of `named` must be told.
async fn broken_by(statement: &str, named: &[&str]) {
    let directory = filled().await;
    let conn = rusqlite::Connection::open(directory.database()).expect("open");
    let changed = conn.execute(statement, []).expect("statement");
    assert!(changed > 0, "{statement}");
    conn.close().expect("close");
    let report = report(&directory).await;
    for name in named {
        assert!(
            report.broken.iter().any(|line| line.contains(name)),
            "{statement}: {name}: {:#?}",
            report.broken
        );
    }
}

const ONE: &str = "id = 1 << 32 | 1";

#[tokio::test]
async fn a_sound_store_is_sound_and_counted() {
    let report = report(&filled().await).await;
    assert!(report.is_sound(), "{:#?}", report.broken);
    assert_eq!((report.accounts, report.messages, report.batches, report.chats), (1, 8, 4, 3));
    assert_eq!((report.entries, report.day_sums, report.others), (11, 4, 2));
}

#[tokio::test]
async fn messages() {
    let of_one = |change: &str| format!("UPDATE message SET {change} WHERE {ONE}");
    let it = "account 1, message 1: ";
    let outcome = [
        &format!("{it}its history does not end in its outcome"),
        "account 1, batch 1: its row says",
        "sums by day differ",
    ]
    .map(str::to_owned);
    broken_by(&of_one("outcome = 11"), &outcome.each_ref().map(String::as_str)).await;
    let other_way = format!("{it}its outcome belongs to the other direction");
    broken_by(&of_one("outcome = 27"), &[&other_way]).await;
    broken_by(&of_one("outcome = 99"), &[&format!("{it}the ledger is damaged")]).await;
    broken_by(&of_one("history = x'0aff'"), &[&format!("{it}the ledger is damaged: a packed history")]).await;
    broken_by(&of_one("history = x''"), &[&format!("{it}its history does not end")]).await;
    broken_by(&of_one("history = 7"), &[&format!("{it}the ledger is damaged")]).await;
    broken_by(&of_one("country = 700"), &[&format!("{it}the ledger is damaged")]).await;
    broken_by(&of_one("network = 5"), &[&format!("{it}the ledger is damaged")]).await;
    broken_by(&of_one("body = x'ff'"), &[&format!("{it}the ledger is damaged")]).await;
    broken_by(&of_one("segments = 2"), &["batch 1: its row says", "sums by day differ"]).await;
    broken_by(&of_one("price = price + 1"), &["batch 1: its row says", "sums by day differ"]).await;
    broken_by(&of_one("flags = flags | 16"), &["batch 1: its row says"]).await;
    broken_by(&of_one("flags = flags | 1"), &[&format!("{it}its batch belongs to the other direction")])
        .await;
    broken_by(&of_one("date = date + 86400"), &["sums by day differ"]).await;
    broken_by(&of_one("created = created + 1"), &["batch 1: messages made with it"]).await;
    broken_by(&of_one("program = 9"), &[&format!("{it}its program is not the account's")]).await;
    broken_by(&of_one("answers = 99"), &[&format!("{it}it answers no message")]).await;
    broken_by(
        &of_one("batch = 9"),
        &["batch 9: messages name it and it does not exist", "batch 1: its row says"],
    )
    .await;
}

#[tokio::test]
async fn missing_messages() {
    let delete = |number: u32| format!("DELETE FROM message WHERE id = 1 << 32 | {number}");
    broken_by(&delete(2), &["message 3: the numbers before it have a gap", "batch 1: its row says"]).await;
    broken_by(&delete(2), &["outbox: message 2 does not exist"]).await;
    broken_by(&delete(8), &["account 1: counts 8 messages, has 7", "batch 4: it has no messages"]).await;
    broken_by("DELETE FROM message", &["counts 8 messages, has 0", "table import_id lead nowhere"]).await;
    broken_by(
        "UPDATE message SET id = 9 << 32 | 1 WHERE id = 1 << 32 | 8",
        &["1 rows of table message belong to no account"],
    )
    .await;
}

#[tokio::test]
async fn batches() {
    let of_one = |change: &str| format!("UPDATE batch SET {change} WHERE {ONE}");
    for change in ["count = 3", "count = 1", "first = 2", "sums = x''"] {
        broken_by(&of_one(change), &["account 1, batch 1: its row says"]).await;
    }
    broken_by(&of_one("sums = x'01'"), &["batch 1: the ledger is damaged: a batch's packed sums"]).await;
    broken_by(&of_one("created = created + 5"), &["batch 1: messages made with it"]).await;
    broken_by(&of_one("flags = flags | 64"), &["batch 1: it is hidden and 2 of its messages are not"]).await;
    let scattered = "UPDATE batch SET flags = flags & ~128 WHERE id = 1 << 32 | 3";
    broken_by(scattered, &["batch 3: it says that it is a range and is none"]).await;
    broken_by("DELETE FROM batch WHERE id = 1 << 32 | 2", &["batch 3: the numbers before it have a gap"])
        .await;
    broken_by(
        "DELETE FROM batch WHERE id = 1 << 32 | 4",
        &["batch 4: messages name it", "counts 4 batches, has 3"],
    )
    .await;
}

#[tokio::test]
async fn sums_by_day() {
    for change in [
        "messages = messages + 1",
        "segments = 9",
        "price = 0",
        "id = id + 4096",
        "messages = 'x'",
        "messages = -1",
    ] {
        broken_by(&format!("UPDATE day_sum SET {change} WHERE id & 31 = 10"), &["sums by day"]).await;
    }
    broken_by("DELETE FROM day_sum WHERE id & 31 = 10", &["sums by day differ"]).await;
    broken_by("INSERT INTO day_sum VALUES ((1 << 32) | (1 << 16) | 3, 1, 1, 1)", &["sums by day differ"])
        .await;
}

#[tokio::test]
async fn chats() {
    broken_by(
        "UPDATE chat_peer SET chat = 2 WHERE chat = 1",
        &["chat 1: the index of chats does not lead to it"],
    )
    .await;
    broken_by(
        "DELETE FROM chat_peer WHERE chat = 3",
        &["chat 3: the index", "2 peers are indexed, 3 chats exist"],
    )
    .await;
    broken_by("DELETE FROM chat_peer WHERE peer = '4604'", &["1 peers wrote and have no chat"]).await;
    broken_by("UPDATE chat SET peer = 'x' WHERE id & 255 = 1", &["chat 1: the index"]).await;
    broken_by(
        "UPDATE chat SET read_up_to = 99 WHERE id & 255 = 1",
        &["chat 1: it is read past the last message"],
    )
    .await;
    broken_by("UPDATE chat SET status = 7 WHERE id & 255 = 1", &["chat 1: "]).await;
    broken_by("DELETE FROM chat WHERE id & 255 = 2", &["chat 3: the numbers before it have a gap"]).await;
    broken_by("DELETE FROM chat WHERE id & 255 = 3", &["counts 3 chats, has 2"]).await;
}

#[tokio::test]
async fn everything_else() {
    broken_by("UPDATE outbox SET due = due + 1 WHERE number = 2", &["outbox: message 2 is due at"]).await;
    broken_by(
        "INSERT INTO outbox (account, due, number, part)
            SELECT 1, date, 1, 1 FROM message WHERE id = 1 << 32 | 1",
        &["outbox: message 1 is delivered and does not wait"],
    )
    .await;
    broken_by("UPDATE account SET next_message = 20", &["counts 19 messages, has 8"]).await;
    broken_by("UPDATE account SET next_contact = 1", &["counts 0 contacts, has 1"]).await;
    broken_by("UPDATE account SET next_batch = 9", &["counts 8 batches, has 4"]).await;
    broken_by(
        "UPDATE import_id SET number = 77 WHERE number = 5",
        &["1 rows of table import_id lead nowhere"],
    )
    .await;
    broken_by("UPDATE import_batch SET batch = 77", &["1 rows of table import_batch lead nowhere"]).await;
    broken_by("UPDATE idempotency SET count = 50", &["1 rows of table idempotency lead nowhere"]).await;
    broken_by("UPDATE idempotency SET account = 5", &["1 rows of table idempotency belong to no account"])
        .await;
    broken_by("DELETE FROM program", &["its program is not the account's"]).await;
}

#[tokio::test]
async fn the_file_itself() {
    let directory = filled().await;
    let mut octets = std::fs::read(directory.database()).expect("read");
    let at = memchr::memmem::find(&octets, b"eight").expect("a body");
    let page = at / 4096 * 4096;
    octets[page..page + 300].fill(0x5a);
    std::fs::write(directory.database(), octets).expect("write");
    // What can still be opened is checked; the rest says why it cannot.
    let opened = Sqlite::open(directory.path(), Options::default());
    let checked = match &opened {
        Ok(ledger) => ledger.check(Box::new(|_| {})).await,
        Err(error) => panic!("pages past the schema are not needed to open: {error}"),
    };
    match checked {
        Ok(report) => assert!(report.broken.iter().any(|line| line.contains("the database file"))),
        Err(error) => assert!(error.to_string().contains("malformed"), "{error}"),
    }
}

#[tokio::test]
async fn what_is_in_memory_is_compared() {
    let directory = filled().await;
    let store = directory.open(Arc::new(Micros::now));
    let account = sms::AccountId::new(1).expect("in range");
    store.ledger().messages(account, MessageQuery::default()).await.expect("loaded");
    let conn = rusqlite::Connection::open(directory.database()).expect("open");
    conn.execute(&format!("UPDATE message SET recipient = '47', body = 'other' WHERE {ONE}"), [])
        .expect("statement");
    let report = store.ledger().check(Box::new(|_| {})).await.expect("a report");
    for name in
        ["derived state: position ", "derived state: the text of message 1 differs", "derived state: chats"]
    {
        assert!(report.broken.iter().any(|line| line.contains(name)), "{name}: {:#?}", report.broken);
    }
}

#[tokio::test]
async fn a_broken_row_is_an_error_to_readers() {
    let directory = filled().await;
    let conn = rusqlite::Connection::open(directory.database()).expect("open");
    conn.execute(&format!("UPDATE message SET outcome = 99 WHERE {ONE}"), []).expect("statement");
    drop(conn);
    let store = directory.open(Arc::new(Micros::now));
    let account = sms::AccountId::new(1).expect("in range");
    for _ in 0..2 {
        let read = store.ledger().messages(account, MessageQuery::default()).await;
        assert!(matches!(read, Err(ledger::LedgerError::Corrupt(_))), "{read:?}");
    }
}
