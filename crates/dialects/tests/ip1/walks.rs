//! Walks along `next` while traffic goes on: what existed at the start comes exactly once.

use ledger::change::Hide;
use sms::{Number, Outcome};

use crate::story::{R, Story, ids};
use crate::world::{at, batch, mo, mt};

/// One bout of traffic: a new batch, a new MO of the same party, and news of an old message.
async fn traffic(story: &Story, turn: usize) {
    let (world, tester) = (&story.world, &story.tester);
    world.wait(1);
    let program = tester.program;
    let messages = vec![mt(world.now(), program, R[0], "news"), mt(world.now(), program, R[1], "news")];
    let accepted = world.submit(tester, batch(world.now(), messages)).await;
    world.receive(tester, mo(world.now(), program, R[0], "answer")).await;
    world.step(tester, accepted.first, Outcome::Sending).await;
    // History below the walk and in the middle of it.
    for date in ["2025-01-01T00:00:00Z", "2025-06-01T10:03:05Z"] {
        let old = mt(at(date), program, R[0], &format!("history of {}", world.now()));
        world.import(tester, None, old).await;
    }
    if turn == 0 {
        world.step(tester, story.numbers[2], Outcome::Sending).await;
        world.step(tester, story.numbers[2], Outcome::Submitted).await;
    }
}

async fn grow(story: &Story, turns: usize) {
    for _ in 0..turns {
        traffic(story, usize::MAX).await;
    }
}

/// The ids along `next`, with traffic between any two pages.
async fn walk(story: &Story, target: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut next = Some(target.to_owned());
    let mut turn = 0;
    while let Some(target) = next {
        let page = story.get(&target).await;
        let documents = page.list();
        assert!(!documents.is_empty(), "no link to an empty page");
        found.extend(ids(&documents));
        next = page.links().remove("next");
        traffic(story, turn).await;
        turn += 1;
    }
    found
}

async fn is_whole(path: &str, order: &str, limit: usize) {
    let story = Story::new().await;
    grow(&story, 9).await;
    let many = story.many(23).await;
    let path = path.replace("{many}", &many).replace("{peer}", R[0]);
    let expected = ids(&story.get(&format!("{path}?limit=1000&order={order}")).await.list());
    assert!(expected.len() > 8, "{path} has something to walk along");
    let found = walk(&story, &format!("{path}?limit={limit}&order={order}")).await;
    assert_eq!(found, expected, "{path} {order} by {limit}");
}

#[tokio::test]
async fn every_collection_both_ways() {
    for path in [
        "/v2/batches",
        "/v2/batches/{many}/messages",
        "/v2/conversations/{peer}",
        "/v2/conversations/{peer}/mt",
        "/v2/conversations/{peer}/mo",
    ] {
        for order in ["ASC", "DESC"] {
            for limit in [3, 1000] {
                is_whole(path, order, limit).await;
            }
        }
    }
}

#[tokio::test]
async fn numbered_pages_are_a_walk_too_in_rising_order() {
    let story = Story::new().await;
    grow(&story, 9).await;
    let expected = ids(&story.get("/v2/batches?limit=1000").await.list());
    let mut found = Vec::new();
    for start in (0..expected.len()).step_by(4) {
        found.extend(ids(&story.get(&format!("/v2/batches?start={start}&limit=4")).await.list()));
        story.many(3).await;
    }
    assert_eq!(found[..expected.len()], expected);
}

#[tokio::test]
async fn a_deletion_behind_the_walk_loses_nothing() {
    let path = format!("/v2/conversations/{}", R[0]);
    for order in ["ASC", "DESC"] {
        let story = Story::new().await;
        grow(&story, 9).await;
        let expected = ids(&story.get(&format!("{path}?limit=1000&order={order}")).await.list());
        let first = story.get(&format!("{path}?limit=4&order={order}")).await;
        let mut found = ids(&first.list());
        let gone = Number::from_str_radix(&found[0][16..], 16).expect("the number in an id");
        story.world.service.hide(story.tester.id, Hide::Messages(vec![gone])).await.expect("hidden");
        found.extend(walk(&story, &first.links()["next"]).await);
        assert_eq!(found, expected, "{order}");
    }
}
