//! Walks along `nextPageUrl` while traffic goes on: what matched at the start comes exactly once.

use sms::Outcome;

use crate::story::{Story, bodies, link};

/// The bodies along the links from `query`, with `meanwhile` done between any two pages.
async fn walk(story: &Story, query: &str, meanwhile: impl AsyncFn(usize)) -> Vec<String> {
    let mut found = Vec::new();
    let mut next = Some(format!("{}?{query}", story.path()));
    let mut turn = 0;
    while let Some(target) = next {
        let page = story.get(&target).await.ok();
        let here = bodies(&page);
        assert!(!here.is_empty(), "no link to an empty page");
        found.extend(here);
        next = link(&page);
        meanwhile(turn).await;
        turn += 1;
    }
    found
}

/// Walks while messages are sent, history is brought in below the walk and above it, and states change.
async fn is_whole(filter: &str, size: usize) {
    let story = Story::new().await;
    for index in 10..40 {
        // Two in every second.
        story.one(index).await;
        story.world.wait(i64::from(index % 2 == 0));
    }
    let expected = story.bodies(&format!("pageSize=500{filter}")).await;
    let query = format!("pageSize={size}{filter}");
    let found = walk(&story, &query, async |turn| {
        story.world.wait(1);
        story.send(&format!("new {turn}")).await;
        if turn.is_multiple_of(5) {
            story.import(&format!("2025-06-01T01:00:{:02}Z", turn % 60), &format!("early {turn}")).await;
            story.import(&format!("2025-06-01T09:00:{:02}Z", 30 + turn % 30), &format!("late {turn}")).await;
        }
        story.world.step(&story.tester, story.send("moving").await, Outcome::Sending).await;
    });
    assert_eq!(found.await, expected, "by {size}{filter}");
}

#[tokio::test]
async fn while_everything_goes_on() {
    for filter in ["", "&messageType=MT", "&messageType=MO", "&startDate=2025-06-01T02:00:00"] {
        for size in [3, 20, 500] {
            is_whole(filter, size).await;
        }
    }
}

#[tokio::test]
async fn a_state_that_changes_moves_nothing() {
    let story = Story::empty().await;
    let mut numbers = Vec::new();
    for index in 0..9 {
        numbers.push(story.send(&format!("No. {index}")).await);
    }
    let expected = story.bodies("").await;
    let found = walk(&story, "pageSize=2", async |turn| {
        for outcome in [Outcome::Sending, Outcome::Submitted, Outcome::Delivered] {
            story.world.step(&story.tester, numbers[turn * 2], outcome).await;
        }
    });
    assert_eq!(found.await, expected);
}

#[tokio::test]
async fn what_falls_due_meanwhile_belongs_to_the_next_walk() {
    for query in ["pageSize=4", "pageSize=4&endDate=2030-01-01T00:00:00"] {
        let story = Story::new().await;
        story.plan(2, "due soon").await;
        let expected = story.bodies("").await;
        assert_eq!(expected.len(), 10);
        let found = walk(&story, query, async |_| story.world.wait(1)).await;
        assert_eq!(found, expected);
        assert_eq!(story.bodies("").await.len(), 11);
    }
}

#[tokio::test]
async fn what_was_a_year_old_at_the_start_stays_in_the_walk() {
    let story = Story::empty().await;
    for index in 0..20 {
        story.import(&format!("2024-06-01T10:00:{index:02}Z"), &format!("old {index}")).await;
    }
    let expected = story.bodies("").await;
    assert_eq!(expected.len(), 20);
    let found = walk(&story, "pageSize=1", async |_| story.world.wait(30)).await;
    assert_eq!(found, expected);
    assert_eq!(story.bodies("").await, [""; 0], "a new walk sees none of it");
}

#[tokio::test]
async fn a_deletion_behind_the_walk_loses_nothing() {
    let story = Story::new().await;
    let first = story.export("pageSize=4").await.ok();
    let gone = story.export("pageSize=500").await.ok();
    assert_eq!(bodies(&gone).len(), 10);
    let hide = service::change::Hide::Messages(vec![1, 2]);
    assert_eq!(story.world.service.hide(story.tester.id, hide).await.expect("hidden"), 2);
    let rest = story.get(&link(&first).expect("a link")).await.ok();
    assert_eq!(bodies(&rest), ["No. 4", "No. 5", "No. 6", "No. 7"]);
    assert_eq!(story.bodies("page=1&pageSize=2").await, ["No. 2", "No. 3"]);
}
