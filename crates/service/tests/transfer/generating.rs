//! The made-up year in a real ledger.

use std::collections::HashSet;

use service::change::NewProgram;
use service::generate::{GeneratePlan, generate};
use service::query::{BatchQuery, ChatQuery, ContactQuery, MessageQuery, Order};
use sms::{Direction, Micros, Outcome};

use super::store::Store;

fn plan(messages: u32) -> GeneratePlan {
    let until = Micros::parse_rfc3339("2026-03-02T10:00:00Z").expect("a date");
    GeneratePlan::new(messages, 11, until)
}

#[tokio::test]
async fn a_year_is_sound_and_shows_every_side() {
    let store = Store::new().await;
    let mut programs = Vec::new();
    for name in ["News", "Orders"] {
        let new = NewProgram { name: name.to_owned(), campaign: String::new(), kind: String::new() };
        programs.push(store.service.create_program(store.account, new).await.expect("a program").number);
    }
    let mut told = Vec::new();
    generate(store.ledger.as_ref(), store.account, &programs, plan(10_000), &mut |written| {
        told.push(written);
    })
    .await
    .expect("a year");
    assert!(told.is_sorted() && told.last() == Some(&10_000));
    store.sound().await;

    let messages = store.messages(Order::Time, false).await;
    assert_eq!(messages.len(), 10_000);
    let numbers: Vec<u32> = messages.iter().map(|message| message.number).collect();
    assert!(numbers.is_sorted(), "written in the order of dates");
    assert_eq!(messages.iter().filter(|message| message.direction == Direction::Mt).count(), 8500);
    assert!(messages.iter().any(|message| message.outcome == Outcome::Scheduled));
    let used: HashSet<u32> = messages.iter().map(|message| message.program).collect();
    assert_eq!(used, programs.into_iter().collect());

    let batches = BatchQuery { submissions_only: true, limit: 1, ..BatchQuery::default() };
    assert!(store.service.batches(store.account, batches).await.expect("batches").total > 100);
    let chats = ChatQuery { limit: 10_000, ..ChatQuery::default() };
    let chats = store.service.chats(store.account, chats).await.expect("chats");
    let unread = chats.items.iter().filter(|chat| chat.unread > 0).count();
    assert!(chats.total > 300 && unread > 0 && unread < 60, "{unread} of {}", chats.total);
    let contacts = ContactQuery { limit: 1000, ..ContactQuery::default() };
    assert_eq!(store.service.contacts(store.account, contacts).await.expect("contacts").total, 50);
}

#[tokio::test]
async fn the_same_plan_twice_adds_nothing() {
    let store = Store::new().await;
    for _ in 0..2 {
        generate(store.ledger.as_ref(), store.account, &[], plan(2000), &mut |_| {}).await.expect("a year");
        let page =
            store.service.messages(store.account, MessageQuery { limit: 1, ..MessageQuery::default() });
        assert_eq!(page.await.expect("a page").total, 2000);
    }
    store.sound().await;
}
