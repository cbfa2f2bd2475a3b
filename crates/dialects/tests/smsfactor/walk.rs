//! Walks by `start` while traffic goes on: every message that existed when one began comes exactly once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ledger::change::{NewBatch, Step, Submission};
use ledger::model::{BatchExtra, Entry, Source};
use serde_json::Value;
use service::Service;
use sms::{AccountId, Coding, Micros, Outcome};

use crate::fixture::{Fixture, Record};

const PHONE: &str = "33612345678";
const LIVE: &str = "2025-08-01T10:00:00Z";

fn submission(at: Micros) -> Submission {
    let batch = NewBatch {
        text: "live".to_owned(),
        sender: None,
        reference: None,
        source: Source::Api,
        templated: false,
        flash: false,
        coding: Coding::Gsm7,
        priority: 1,
        extra: BatchExtra::default(),
    };
    let live = Record::mt(LIVE, PHONE, "live", Outcome::Queued).into_message();
    let messages = vec![live.clone(), live];
    Submission {
        batch,
        messages,
        at,
        open_chats: false,
        enqueue: false,
        idempotency: None,
        answer: None,
        charge: None,
        document: None,
    }
}

/// Adds messages both ways and delivers the old ones, one after the other, until it is told to stop.
async fn write(service: Service, account: AccountId, stop: Arc<AtomicBool>) -> u32 {
    let mut rounds = 0;
    while !stop.load(Ordering::Relaxed) {
        service.accept(account, submission(service.now())).await.expect("accepted");
        let reply = Record::mo(LIVE, PHONE, "36000", "live").into_message();
        service.receive(account, reply).await.expect("received");
        if let Some(number) = (1..=400).filter(|number| number % 4 != 0).nth(rounds as usize) {
            let entry = Entry::new(service.now(), Outcome::Delivered);
            service.advance(account, vec![Step { number, entry }]).await.expect("advanced");
        }
        rounds += 1;
        tokio::task::yield_now().await;
    }
    rounds
}

/// How often each number came, following `start` by what came back until `most` records did.
async fn walk(fixture: &Fixture, target: &str, list: &str, most: usize) -> BTreeMap<u64, u32> {
    let (mut start, mut seen) = (0, BTreeMap::new());
    loop {
        let period = "date_start=2025-01-01+00:00:00&date_end=2030-01-01+00:00:00";
        let page = fixture.get(&format!("{target}&{period}&start={start}&length=7")).await.value();
        let records = page[list].as_array().expect("a list");
        for record in records {
            let id = &record["message_id"];
            let id = id.as_u64().or_else(|| id.as_str()?.parse().ok()).expect("a number");
            *seen.entry(id).or_default() += 1;
        }
        start += records.len();
        // Traffic may outrun the walk, which by then has passed what was there before.
        if records.len() < 7 || start > most {
            return seen;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_repeated() {
    // Each fourth was received.
    let old = (1..=400).map(|number| {
        let at = format!("2025-06-01T10:{:02}:{:02}Z", number / 60, number % 60);
        match number % 4 {
            0 => Record::mo(&at, PHONE, "36000", "old"),
            _ => Record::mt(&at, PHONE, "old", Outcome::Submitted),
        }
    });
    let fixture = Fixture::with(old.collect()).await;
    let stop = Arc::new(AtomicBool::new(false));
    let writer = tokio::spawn(write(fixture.world.service.clone(), fixture.world.account, stop.clone()));
    let any = |_: &u64| true;
    let sent = |number: &u64| !number.is_multiple_of(4);
    let received = |number: &u64| number.is_multiple_of(4);
    for (target, list, wanted) in [
        ("/messages?", "messages", &any as &dyn Fn(&u64) -> bool),
        ("/messages?sort=date", "messages", &any),
        ("/messages?sort=destination&type=messages-out", "messages", &sent),
        ("/messages?sort=sender&type=messages-out", "messages", &sent),
        ("/messages?type=messages-in", "messages", &received),
        ("/messages?country=FR&message=old", "messages", &sent),
        ("/messages/mo?", "replies", &received),
        ("/messages/mo?sort=id", "replies", &received),
        ("/messages/mo?sort=-text", "replies", &received),
    ] {
        let seen = walk(&fixture, target, list, 420).await;
        for number in (1..=400).filter(wanted) {
            assert_eq!(seen.get(&number), Some(&1), "{target}: {number}");
        }
    }
    stop.store(true, Ordering::Relaxed);
    assert!(writer.await.expect("the writer ends") > 0);
}

#[tokio::test]
async fn what_is_deleted_or_withdrawn_is_gone_from_list_and_totals() {
    let record = |outcome| Record::mt("2025-06-01T10:00:00Z", PHONE, "x", outcome);
    let fixture =
        Fixture::with(vec![record(Outcome::Queued), record(Outcome::Delivered), record(Outcome::Held)]).await;
    let (service, account) = (&fixture.world.service, fixture.world.account);
    let entry = Entry::new(service.now(), Outcome::Canceled);
    service.advance(account, vec![Step { number: 1, entry }]).await.expect("withdrawn");
    let answer = fixture.list("").await;
    assert_eq!(
        (answer.totals(), answer.column("message_id")),
        ((2, 2), vec![Value::from(2), Value::from(3)])
    );
    service.hide(account, ledger::change::Hide::Messages(vec![2])).await.expect("hidden");
    let answer = fixture.list("").await;
    assert_eq!((answer.totals(), answer.column("message_id")), ((1, 1), vec![Value::from(3)]));
}
