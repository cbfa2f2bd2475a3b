//! Writers and readers at once: walks are whole, pages are of one moment.

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use ledger::change::{Answered, Hide, ImportRow, Step};
use ledger::conformance::{Collect, mo, mt, submission};
use ledger::history::Entry;
use ledger::model::{Message, Network};
use ledger::query::{BatchQuery, ChatQuery, Cursor, MessageQuery, Order};
use ledger::row::Scan;
use ledger::sqlite::{Options, Sqlite};
use ledger::{Changes, Ledger, LedgerError, Reading, WayIn, WayOut};
use sms::{AccountId, Micros, Number, Outcome};

/// What each writer does before it ends; readers go on as long.
const SUBMISSIONS: u32 = 500;
const IMPORTS: u32 = 120;
const PEERS: u32 = 40;

struct Store {
    _directory: support::InDirectory,
    ledger: Sqlite,
    account: AccountId,
    /// Everybody's clock, in seconds; it goes on with the traffic.
    now: Arc<AtomicU64>,
    done: AtomicBool,
}

impl Store {
    async fn new() -> Arc<Self> {
        let directory = support::InDirectory::new();
        let now = Arc::new(AtomicU64::new(1_700_000_000));
        let told = Arc::clone(&now);
        let clock = Arc::new(move || Micros::from_seconds(told.load(Ordering::SeqCst) as u32));
        let options = Options { clock, ..Options::default() };
        let ledger = Sqlite::open(directory.path(), options).expect("open");
        let account = support::account(&ledger, false, Micros::now()).await;
        Arc::new(Self { _directory: directory, ledger, account, now, done: AtomicBool::new(false) })
    }

    fn now(&self) -> Micros {
        Micros::from_seconds(self.now.load(Ordering::SeqCst) as u32)
    }

    async fn page(&self, query: MessageQuery) -> ledger::query::MessagePage {
        self.ledger.messages(self.account, query).await.expect("page")
    }
}

fn peer(index: u32) -> String {
    format!("467000000{:02}", index % PEERS)
}

/// Each message gets a network of its own now and then: readers must know it by the time they see it.
fn message(store: &Store, index: u32) -> Message {
    let name = format!("network {}", index / 5);
    let network = Network { name: Some(name), ..Network::default() };
    Message { network, ..mt(&peer(index), &format!("body {index}"), store.now()) }
}

async fn submit(store: Arc<Store>, salt: u32) {
    for index in 0..SUBMISSIONS {
        store.now.fetch_add(u64::from(index.is_multiple_of(5)), Ordering::SeqCst);
        let index = index * 16 + salt;
        let count = index % 4 + 1;
        let mut messages: Vec<Message> = (0..count).map(|offset| message(&store, index + offset)).collect();
        // Some wait, and come due while others walk by.
        messages[0].date += if index.is_multiple_of(7) { index % 20 } else { 0 };
        let accepted = store.ledger.accept(store.account, submission(messages, store.now())).await;
        let accepted = accepted.expect("accepted");
        if index.is_multiple_of(3) {
            store
                .ledger
                .receive(store.account, mo(&peer(index), "reply", store.now()))
                .await
                .expect("received");
        }
        let outcome = if index.is_multiple_of(2) { Outcome::Delivered } else { Outcome::Undelivered };
        let steps = [Outcome::Submitted, outcome]
            .map(|outcome| Step { number: accepted.first, entry: Entry::new(store.now(), outcome) });
        // Where it was deleted before it was sent, which canceled it, contradictions are noted.
        store.ledger.advance(store.account, steps.to_vec()).await.expect("legal");
    }
}

/// History that belongs between what is there.
async fn import(store: Arc<Store>) {
    for index in 0..IMPORTS {
        let rows = (0..8).map(|offset| {
            let id = index * 8 + offset;
            let created = Micros::from_seconds(1_700_000_000 - 5_000 + id * 37 % 6_000);
            let mut hash = [0; 16];
            hash[..4].copy_from_slice(&id.to_be_bytes());
            let answers = Answered { id: hash, own: None, optional: true };
            let message = if id.is_multiple_of(5) {
                mo(&peer(id), "old", created)
            } else {
                mt(&peer(id), "old", created)
            };
            ImportRow {
                id: hash,
                own: None,
                batch: Some([(id % 3) as u8; 16]),
                answers: id.is_multiple_of(5).then_some(answers),
                message,
            }
        });
        let imported = store.ledger.import(store.account, rows.collect()).await.expect("imported");
        assert_eq!((imported.added, imported.refused), (8, None));
    }
}

/// Deletes batches of imports while they grow, and messages.
async fn delete(store: Arc<Store>, first: Number) {
    for round in 0u32.. {
        if store.done.load(Ordering::SeqCst) {
            return;
        }
        let query = BatchQuery {
            submissions_only: true,
            limit: 3,
            offset: 2,
            descending: true,
            ..BatchQuery::default()
        };
        let batches = store.ledger.batches(store.account, query).await.expect("page");
        for batch in batches.items {
            // What existed before the readers began is theirs.
            if let sms::BatchKey::Mt(number) = batch.key
                && batch.first > first
                && round.is_multiple_of(4)
            {
                match store.ledger.hide(store.account, Hide::Batch(number)).await {
                    Ok(_) | Err(LedgerError::NotFound) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        }
        let highest = store.ledger.highest(store.account).await.expect("read");
        let victim = first + 1 + round % (highest - first).max(1);
        store.ledger.hide(store.account, Hide::Messages(vec![victim])).await.expect("hidden");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Walks by cursor and bound; everything up to `first` exists and is never deleted.
async fn walk(store: Arc<Store>, order: Order, descending: bool, first: Number) {
    for round in 0u32.. {
        if round > 0 && store.done.load(Ordering::SeqCst) {
            return;
        }
        let mut query = MessageQuery {
            order: order.clone(),
            descending,
            limit: 20 + round * 7,
            ..MessageQuery::default()
        };
        let mut seen = BTreeSet::new();
        let mut last = None;
        loop {
            let page = store.page(query.clone()).await;
            query.bound = query.bound.or(Some(page.bound));
            for message in &page.messages {
                assert!(seen.insert(message.number), "message {} came twice", message.number);
                let key =
                    if order == Order::Number { (0, message.number) } else { (message.date, message.number) };
                assert!(
                    last.is_none_or(|last| if descending { key < last } else { key > last }),
                    "out of order"
                );
                last = Some(key);
            }
            let Some(last) = page.messages.last() else { break };
            query.after = Some(Cursor { date: last.date, number: last.number });
            if !page.more {
                break;
            }
        }
        let bound = query.bound.unwrap_or(0);
        assert!(seen.iter().all(|number| *number <= bound));
        let missing: Vec<Number> = (1..=first).filter(|number| !seen.contains(number)).collect();
        assert!(missing.is_empty(), "{missing:?} did not come");
    }
}

/// Pages whose parts must agree with each other if they are of one moment.
async fn look(store: Arc<Store>) {
    while !store.done.load(Ordering::SeqCst) {
        let all = store.page(MessageQuery { limit: u32::MAX, ..MessageQuery::default() }).await;
        assert_eq!((all.total, all.in_period), (all.messages.len() as u64, all.total));
        assert!(all.messages.iter().all(|message| message.number <= all.bound && !message.hidden));
        assert_eq!(all.first_date, all.messages.first().map(|message| message.date));
        assert_eq!(all.last_date, all.messages.last().map(|message| message.date));
        for outcome in [Outcome::Queued, Outcome::Submitted, Outcome::Delivered, Outcome::Undelivered] {
            let query =
                MessageQuery { outcomes: Some(outcome.only()), limit: 100, ..MessageQuery::default() };
            let page = store.page(query).await;
            assert!(page.messages.iter().all(|message| message.outcome == outcome), "{outcome}");
            assert_eq!(page.messages.len() as u64, page.total.min(100));
        }
        let batches = BatchQuery { limit: 50, descending: true, ..BatchQuery::default() };
        let batches = store.ledger.batches(store.account, batches).await.expect("page");
        assert_eq!(batches.items.len() as u64, batches.total.min(50));
        let due = store.ledger.due(store.account, u32::MAX, 10_000).await.expect("due");
        assert!(due.iter().all(|due| due.message.direction == sms::Direction::Mt));
        // The chat's count and the peer's list are two readings; each must be one moment.
        let chats = ChatQuery { limit: 100, ..ChatQuery::default() };
        let chats = store.ledger.chats(store.account, chats).await.expect("page");
        assert!(chats.items.iter().all(|chat| chat.last <= Some(chats.bound)));
        let scan = Scan { bound: u32::MAX, limit: u32::MAX, ..Scan::default() };
        let scanned = store.ledger.scan(store.account, scan, Arc::new(Collect)).await.expect("scan");
        assert!(scanned.next.is_none() && scanned.rows > 0);
        for one in all.messages.iter().step_by(50) {
            let again = store.ledger.message(store.account, one.number).await.expect("read");
            assert!(again.is_none_or(|again| again.history.starts_with(&one.history[..1])));
        }
    }
}

/// Drops what is in memory again and again, so that accounts are loaded while they are written.
async fn forget(store: Arc<Store>) {
    while !store.done.load(Ordering::SeqCst) {
        store.ledger.forget();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn walks_are_whole_while_traffic_goes_on() {
    let store = Store::new().await;
    for _ in 0..30 {
        let messages = (0..5).map(|offset| message(&store, offset)).collect();
        store.ledger.accept(store.account, submission(messages, store.now())).await.expect("accepted");
        store.now.fetch_add(1, Ordering::SeqCst);
    }
    let first = store.ledger.highest(store.account).await.expect("read");
    let mut writers: Vec<_> = (0..3).map(|salt| tokio::spawn(submit(Arc::clone(&store), salt))).collect();
    writers.push(tokio::spawn(import(Arc::clone(&store))));
    let mut others = vec![
        tokio::spawn(delete(Arc::clone(&store), first)),
        tokio::spawn(look(Arc::clone(&store))),
        tokio::spawn(forget(Arc::clone(&store))),
    ];
    for order in [Order::Time, Order::Number] {
        for descending in [false, true] {
            others.push(tokio::spawn(walk(Arc::clone(&store), order.clone(), descending, first)));
        }
    }
    for writer in writers {
        writer.await.expect("undisturbed");
    }
    store.done.store(true, Ordering::SeqCst);
    for other in others {
        other.await.expect("undisturbed");
    }
    let report = store.ledger.check(Box::new(|_| {})).await.expect("check");
    assert!(report.is_sound(), "{:#?}", report.broken);
    println!("{} messages, {} batches", report.messages, report.batches);
}

/// A batch that grows while it is deleted goes whole: what comes later makes a new one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_growing_batch_is_deleted_whole() {
    let store = Store::new().await;
    let importer = tokio::spawn(grow(Arc::clone(&store)));
    let mut deleted = 0;
    for batch in 1.. {
        loop {
            match store.ledger.hide(store.account, Hide::Batch(batch)).await {
                Ok(_) => break,
                Err(LedgerError::NotFound) if !importer.is_finished() => tokio::task::yield_now().await,
                Err(LedgerError::NotFound) => {
                    deleted = batch - 1;
                    break;
                }
                Err(error) => panic!("{error}"),
            }
        }
        if deleted > 0 {
            break;
        }
    }
    importer.await.expect("imported");
    let report = store.ledger.check(Box::new(|_| {})).await.expect("check");
    assert!(report.is_sound(), "{:#?}", report.broken);
    println!("{deleted} batches deleted of {}", report.batches);
}

/// Two rows of one name at a time.
async fn grow(store: Arc<Store>) {
    for id in 0..400u32 {
        let rows = (0..2u8).map(|offset| {
            let mut hash = [offset; 16];
            hash[..4].copy_from_slice(&id.to_be_bytes());
            let message = mt(&peer(id), "old", store.now());
            ImportRow { id: hash, own: None, batch: Some([9; 16]), answers: None, message }
        });
        store.ledger.import(store.account, rows.collect()).await.expect("imported");
    }
}
