//! A process that ends between a delivery and its record tells the event twice, never not at all.

use std::time::Duration;

use super::world::{Does, World};

const URL: &str = "https://one.example/";

#[tokio::test]
async fn what_was_not_recorded_is_told_again() {
    let world = World::new().await;
    world.target("answerback", URL).await;
    world.accept(2).await;
    // The far end gets the calls; the process ends before it hears of it.
    world.far.does(URL, Does::Hangs);
    let cut_off = tokio::time::timeout(Duration::from_millis(500), world.webhooks.settle()).await;
    assert!(cut_off.is_err());
    let first = world.far.take(URL);
    assert_eq!(first.len(), 2);
    world.far.does(URL, Does::Answers(200));
    let restarted = world.restarted();
    assert_eq!(restarted.settle().await.expect("settled"), 2);
    let second = world.far.take(URL);
    let ids = |calls: &[service::webhooks::Call]| {
        let mut ids: Vec<String> = calls.iter().map(|call| call.headers[0].1.clone()).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&first), ids(&second), "under the same ids, so that the receiver can tell");
    assert_eq!(world.restarted().settle().await.expect("settled"), 0, "recorded: not again");
    assert!(world.far.take(URL).is_empty());
}

#[tokio::test]
async fn tries_survive() {
    let world = World::new().await;
    let hook = world.target("answerback", URL).await;
    world.far.does(URL, Does::IsAway);
    world.accept(1).await;
    world.settle().await;
    world.far.does(URL, Does::Answers(200));
    let restarted = world.restarted();
    assert_eq!(restarted.settle().await.expect("settled"), 0, "not before its time");
    world.pass(10);
    assert_eq!(restarted.settle().await.expect("settled"), 1);
    assert_eq!(world.counts(hook).await, (0, 0));
}
