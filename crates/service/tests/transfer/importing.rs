//! Resuming, repeating, merging, refusing; and old history that lists where its date belongs.

use serde_json::json;
use service::import::{ImportError, ImportOptions, ImportProgress, ImportReport};
use service::interchange::LineFault;
use service::query::{ChatQuery, MessageQuery, Order};
use service::{LedgerError, Refusal};
use sms::{AccountId, BatchKey, Outcome};

use super::store::{Store, entry, line};

fn refused(result: Result<ImportReport, ImportError>) -> (u64, LineFault, ImportReport) {
    match result {
        Err(ImportError::Line { line, fault, report }) => (line, fault, report),
        other => panic!("no refused line: {other:?}"),
    }
}

fn report(lines: u64, added: u64, known: u64, merged: u64) -> ImportReport {
    ImportReport { lines, added, known, merged }
}

#[tokio::test]
async fn what_is_imported_reads_back() {
    let store = Store::new().await;
    let text = format!(
        "\u{feff}{}\r\n\n{}",
        line("a", 0, json!({"batch": "b", "history": [entry(1, "submitted"), entry(2, "delivered")]}))
            .trim_end(),
        line(
            "r",
            5,
            json!({"direction": "mo", "sender": "46701740605", "recipient": "72250", "answers": "a"})
        )
        .trim_end(),
    );
    assert_eq!(store.import(&text).await.expect("an import"), report(3, 2, 0, 0));
    let messages = store.messages(Order::Number, false).await;
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0].outcome, Outcome::Delivered);
    assert_eq!(messages[1].answers, Some(messages[0].number));
    assert_eq!(messages[1].batch, BatchKey::Mo(messages[1].number));
    store.sound().await;
}

#[tokio::test]
async fn nothing_is_nothing() {
    let store = Store::new().await;
    for text in ["", "\n \n", "\u{feff}"] {
        let done = store.import(text).await.expect("an import");
        assert_eq!((done.added, done.known), (0, 0), "{text:?}");
    }
}

#[tokio::test]
async fn a_bad_line_stops_the_run_and_the_next_run_resumes() {
    let store = Store::new().await;
    // More than two groups before the bad line, with blank lines that count.
    let good = |from: u32, to: u32| {
        (from..to).map(|id| line(&format!("m{id}"), id, json!({})) + "\n").collect::<String>()
    };
    let bad = line("bad", 600, json!({"price": "cheap"}));
    let rest = good(600, 700);
    let (number, fault, done) = refused(store.import(&format!("{}{bad}{rest}", good(0, 600))).await);
    assert_eq!(number, 1201);
    assert_eq!(fault.to_string(), "\"price\": not a decimal number");
    assert_eq!(done, report(1200, 600, 0, 0));
    assert_eq!(store.messages(Order::Time, false).await.len(), 600);

    let mended = format!("{}{}{rest}", good(0, 600), line("bad", 600, json!({"price": "0.1"})));
    let done = store.import(&mended).await.expect("an import");
    assert_eq!(done, report(1401, 101, 600, 0));
    assert_eq!(store.import(&mended).await.expect("an import"), report(1401, 0, 701, 0));
    assert_eq!(store.messages(Order::Time, false).await.len(), 701);
    store.sound().await;
}

#[tokio::test]
async fn every_kind_of_bad_line_is_named() {
    let store = Store::new().await;
    let long = format!("{{\"id\":\"{}\"}}", "x".repeat(1 << 20));
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"nonsense\n".to_vec(), "expected ident (column 2)"),
        (b"{\"id\":\"\xff\"}\n".to_vec(), "invalid UTF-8 after 7 octets"),
        (long.into_bytes(), "the line is longer than 1 MiB"),
        (line("x", 1, json!({"colour": 1})).into_bytes(), "unknown member \"colour\" ("),
        (line("x", 1, json!({"program": 999})).into_bytes(), "\"program\": the account has no program 999"),
        (line("x", 1, json!({"price": "1", "currency": "SEK"})).into_bytes(), "\"currency\": SEK, but"),
        (line("x", 1, json!({"history": [entry(0, "delivered")]})).into_bytes(), "\"history[0].at\": before"),
        (
            line("x", 1, json!({"history": [entry(1, "received")]})).into_bytes(),
            "\"history[0].state\": an MT",
        ),
    ];
    for (round, (bad, expected)) in cases.into_iter().enumerate() {
        let mut text = line(&format!("before {round}"), 0, json!({})).into_bytes();
        text.extend(b"\n");
        text.extend(bad);
        text.extend(line(&format!("behind {round}"), 0, json!({})).into_bytes());
        let mut input = text.as_slice();
        let options = ImportOptions::default();
        let result = store.service.import(store.account, &mut input, options, &mut |_| {}).await;
        let (number, fault, done) = refused(result);
        assert_eq!((number, done), (3, report(2, 1, 0, 0)), "{expected}");
        assert!(fault.to_string().starts_with(expected), "{fault} is not {expected}");
    }
}

#[tokio::test]
async fn a_known_id_with_another_story_is_refused_with_its_line() {
    let store = Store::new().await;
    store.import(&line("a", 0, json!({}))).await.expect("an import");
    let text = format!(
        "{}\n{}{}",
        line("b", 1, json!({})),
        line("a", 0, json!({"body": "other"})),
        line("c", 2, json!({}))
    );
    let (number, fault, done) = refused(store.import(&text).await);
    assert_eq!(number, 3);
    assert_eq!(fault, LineFault::Refused(Refusal::Differs("body")));
    assert_eq!(done, report(2, 1, 0, 0));
    let kept: Vec<String> = store.messages(Order::Number, false).await.into_iter().map(|m| m.body).collect();
    assert_eq!(kept, ["This is a", "This is b"]);
}

#[tokio::test]
async fn a_longer_history_is_merged() {
    let store = Store::new().await;
    let with = |entries: &[serde_json::Value]| line("a", 0, json!({ "history": entries }));
    let steps = [entry(1, "submitted"), entry(2, "buffered"), entry(3, "delivered")];
    // What has no history yet is queued, and any history may follow.
    assert_eq!(store.import(&line("a", 0, json!({}))).await.expect("an import").added, 1);
    for upto in 1..=3 {
        assert_eq!(store.import(&with(&steps[..upto])).await.expect("an import").merged, 1, "{upto}");
        assert_eq!(store.import(&with(&steps[..upto])).await.expect("an import").known, 1, "{upto}");
    }
    assert_eq!(store.import(&with(&steps[..1])).await.expect("an import").known, 1);
    let message = store.messages(Order::Number, false).await.remove(0);
    assert_eq!((message.outcome, message.history.len()), (Outcome::Delivered, 3));
    let (_, fault, _) = refused(store.import(&with(&[entry(1, "submitted"), entry(2, "expired")])).await);
    assert_eq!(fault, LineFault::Refused(Refusal::Differs("history")));
    store.sound().await;
}

#[tokio::test]
async fn older_history_lists_where_its_date_belongs() {
    let store = Store::new().await;
    let ids = |from: u32, to: u32| {
        (from..to)
            .map(|second| {
                let peer = format!("4670174{:04}", second % 7);
                line(
                    &format!("m{second}"),
                    second,
                    json!({"batch": format!("b{}", second % 5), "recipient": peer}),
                )
            })
            .collect::<String>()
    };
    let replies = line("r", 450, json!({"direction": "mo", "sender": "46701740003", "recipient": "72250"}));
    // Newest first, then the middle, then the oldest.
    for part in [ids(600, 900), replies, ids(300, 600), ids(0, 300)] {
        store.import(&part).await.expect("an import");
        let messages = store.messages(Order::Time, false).await;
        assert!(messages.is_sorted_by_key(|message| (message.date, message.number)));
        let mut reverse = store.messages(Order::Time, true).await;
        reverse.reverse();
        assert_eq!(messages, reverse);
    }
    assert_eq!(store.messages(Order::Time, false).await.len(), 901);
    let of_peer =
        MessageQuery { peer: Some("46701740003".to_owned()), limit: 1000, ..MessageQuery::default() };
    let of_batch = MessageQuery { batch: Some(BatchKey::Mt(1)), limit: 1000, ..MessageQuery::default() };
    for query in [of_peer, of_batch] {
        let page = store.service.messages(store.account, query).await.expect("a page");
        assert_eq!(page.total, page.messages.len() as u64);
        assert!(page.total > 100);
        assert!(page.messages.is_sorted_by_key(|message| (message.date, message.number)));
    }
    let chats = store
        .service
        .chats(store.account, ChatQuery { limit: 10, ..ChatQuery::default() })
        .await
        .expect("chats");
    assert_eq!((chats.total, chats.items[0].unread), (1, 1));
    store.sound().await;
    store.ledger.forget();
    assert_eq!(store.messages(Order::Time, false).await.len(), 901);
    store.sound().await;
}

#[tokio::test]
async fn ids_are_of_the_account() {
    let store = Store::new().await;
    let other = store.another("second").await;
    let text = line("a", 0, json!({}));
    assert_eq!(store.import(&text).await.expect("an import").added, 1);
    assert_eq!(store.import_as(other, &text, false).await.expect("an import").added, 1);
    let nobody = AccountId::new(77).expect("in range");
    let error = store.import_as(nobody, &text, false).await.expect_err("nobody's");
    assert!(matches!(
        error,
        ImportError::Ledger { source: LedgerError::NotFound | LedgerError::Refused(_), .. }
    ));
    assert_eq!(error.report(), ImportReport::default());
}

#[tokio::test]
async fn lenient_passes_over_what_it_does_not_know() {
    let store = Store::new().await;
    let text =
        line("a", 0, json!({"colour": "red", "history": [entry(1, "delivered"), entry(2, "expired")]}));
    assert_eq!(refused(store.import(&text).await).0, 1);
    assert_eq!(store.import_as(store.account, &text, true).await.expect("an import").added, 1);
    assert_eq!(store.messages(Order::Time, false).await[0].outcome, Outcome::Delivered);
    store.sound().await;
}

#[tokio::test]
async fn progress_rises_to_the_end() {
    let store = Store::new().await;
    let text: String = (0..1000).map(|id| line(&format!("m{id}"), id, json!({}))).collect();
    let mut told: Vec<ImportProgress> = Vec::new();
    let mut input = text.as_bytes();
    let options = ImportOptions::default();
    let done = store
        .service
        .import(store.account, &mut input, options, &mut |progress| told.push(progress))
        .await
        .expect("an import");
    assert_eq!(done, report(1000, 1000, 0, 0));
    assert!(told.len() >= 4 && told.is_sorted_by_key(|progress| progress.octets));
    let last = told.last().expect("progress");
    assert_eq!((last.octets, last.report), (text.len() as u64, done));
}
