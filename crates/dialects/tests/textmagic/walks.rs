//! Walks over every style of paging while messages arrive and change.

use std::collections::BTreeMap;

use sms::Outcome;

use super::world::{JOHN, MARIA, World, batch, ids};

/// Sixty messages of either kind in Alice's account, some in one submission.
async fn busy() -> World {
    let world = World::empty().await;
    for round in 0..12 {
        world.send(&world.alice, world.mt(JOHN, "single", Outcome::Queued)).await;
        let pair = vec![world.mt(JOHN, "pair", Outcome::Submitted), world.mt(MARIA, "pair", Outcome::Queued)];
        world.submit(&world.alice, batch("pair"), pair).await;
        world.reply(&world.alice, JOHN, "reply").await;
        world.reply(&world.alice, MARIA, "reply").await;
        world.pass(round % 2);
    }
    world
}

/// What goes on between two pages: new messages, news of old ones, now and then at the same second.
async fn traffic(world: &World, round: u64) {
    let (_, id) = world.send(&world.alice, world.mt(JOHN, "meanwhile", Outcome::Queued)).await;
    world.news(id, Outcome::Submitted).await;
    world.reply(&world.alice, JOHN, "meanwhile").await;
    world.pass(i64::from(round.is_multiple_of(3)));
}

/// How often each id came on the numbered pages of a list, until a page is not full.
async fn by_page(world: &World, path: &str, limit: u64) -> BTreeMap<u64, u32> {
    let mut seen = BTreeMap::new();
    for page in 1.. {
        let separator = if path.contains('?') { '&' } else { '?' };
        let found = world.ids(&format!("{path}{separator}page={page}&limit={limit}")).await;
        found.iter().for_each(|id| *seen.entry(*id).or_default() += 1);
        if (found.len() as u64) < limit {
            break;
        }
        traffic(world, page).await;
    }
    seen
}

/// The same along a falling id: the last on the page, or the one that the body names.
async fn by_last_id(world: &World, path: &str, from_body: bool) -> BTreeMap<u64, u32> {
    let mut seen = BTreeMap::new();
    let mut last = 2_147_483_647;
    for round in 0.. {
        let body = world.read(&format!("{path}?lastId={last}&limit=7")).await;
        let found = ids(&body);
        found.iter().for_each(|id| *seen.entry(*id).or_default() += 1);
        let Some(lowest) = found.last() else { break };
        last = if from_body { body["nextLastId"].as_u64().expect("an id") } else { *lowest };
        traffic(world, round).await;
    }
    seen
}

/// Every id of a list, read at rest.
async fn at_rest(world: &World, path: &str) -> Vec<u64> {
    let separator = if path.contains('?') { '&' } else { '?' };
    let ids = world.ids(&format!("{path}{separator}limit=100")).await;
    assert!(!ids.is_empty() && ids.len() < 100);
    ids
}

#[tokio::test]
async fn rising_pages_give_each_exactly_once() {
    for path in [
        "/chats/447860021130",
        "/chats/1/message?direction=asc",
        "/replies?direction=asc",
        "/replies?orderBy=id&direction=asc",
    ] {
        let world = busy().await;
        let before = at_rest(&world, path).await;
        // New messages come to the end, so the walk ends only because it is faster than two a page.
        let seen = by_page(&world, path, 7).await;
        assert!(before.iter().all(|id| seen.contains_key(id)), "{path}");
        assert!(seen.values().all(|count| *count == 1), "{path}");
    }
}

#[tokio::test]
async fn falling_ids_give_each_exactly_once() {
    for (path, from_body) in [("/messages", false), ("/messages/search", false), ("/history", true)] {
        let world = busy().await;
        let mut before = at_rest(&world, path).await;
        before.reverse();
        let seen = by_last_id(&world, path, from_body).await;
        assert_eq!(seen.keys().copied().collect::<Vec<_>>(), before, "{path}");
        assert!(seen.values().all(|count| *count == 1), "{path}");
    }
}

#[tokio::test]
async fn newest_first_pages_may_repeat_but_lose_nothing() {
    for path in ["/messages", "/messages/search?query=i", "/replies", "/sessions", "/chats/1/message"] {
        let world = busy().await;
        let before = at_rest(&world, path).await;
        let seen = by_page(&world, path, 5).await;
        assert!(before.iter().all(|id| seen.contains_key(id)), "{path}");
    }
}

#[tokio::test]
async fn pages_at_rest_are_the_whole_list_in_its_order() {
    let world = busy().await;
    for path in [
        "/messages",
        "/replies",
        "/sessions",
        "/chats/447860021130",
        "/chats/1/message",
        "/replies?orderBy=sender",
        "/messages/search?statuses=q",
    ] {
        let whole = at_rest(&world, path).await;
        for limit in [1, 4, 9] {
            let mut found = Vec::new();
            let separator = if path.contains('?') { '&' } else { '?' };
            for page in 1..=whole.len().div_ceil(limit) {
                let body = world.read(&format!("{path}{separator}page={page}&limit={limit}")).await;
                assert_eq!(body["pageCount"], whole.len().div_ceil(limit));
                found.extend(ids(&body));
            }
            assert_eq!(found, whole, "{path} by {limit}");
        }
    }
}

#[tokio::test]
async fn imported_history_stands_where_its_date_belongs() {
    let world = World::filled().await;
    world.import(world.mt(JOHN, "long ago", Outcome::Delivered), 1, 3600).await;
    world.import(world.mo(JOHN, "even longer ago"), 2, 7200).await;
    world.import(world.mt(MARIA, "the day before", Outcome::Delivered), 3, 86_400).await;
    assert_eq!(world.ids("/messages").await, [7, 6, 3, 2, 1, 8, 10]);
    assert_eq!(world.ids("/replies").await, [5, 4, 9]);
    assert_eq!(world.ids("/replies?orderBy=id").await, [9, 5, 4]);
    assert_eq!(world.ids(&format!("/chats/{JOHN}")).await, [9, 8, 1, 3, 4, 6]);
    assert_eq!(world.ids("/chats/1/message").await, [6, 4, 3, 1, 8, 9]);
    assert_eq!(world.ids("/history").await, [10, 8, 7, 6, 3, 2, 1], "a walk by id");
    assert_eq!(world.ids("/history?lastId=10&limit=2").await, [8, 7]);
    assert_eq!(world.ids("/messages?lastId=2147483647").await, [10, 8, 7, 6, 3, 2, 1]);
    assert_eq!(world.read("/chats/1").await["updatedAt"], "2024-06-15T12:00:02+0000");
    assert_eq!(world.read("/messages/10").await["messageTime"], "2024-06-14T12:00:00+0000");
    let session = world.read("/messages/8").await["sessionId"].clone();
    assert_eq!(world.read(&format!("/sessions/{session}")).await["startTime"], "2024-06-15T11:00:00+0000");
}
