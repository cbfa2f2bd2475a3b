//! What was given up is listed, can be tried again, and a range can be told anew.

use std::time::Duration;

use ledger::Events;
use service::LedgerError;
use sms::Outcome;

use super::world::{Does, World};

const URL: &str = "https://one.example/";

#[tokio::test]
async fn a_dead_letter_is_told_after_all() {
    let world = World::new().await;
    let hook = world.target("brief", URL).await;
    world.far.does(URL, Does::Answers(400));
    world.accept(2).await;
    world.settle().await;
    world.live(1200, 600).await;
    assert_eq!(world.counts(hook).await, (0, 2));
    assert_eq!(world.webhooks.figures().dead, 2);
    let dead = world.service.dead_letters(world.account, hook, 0, 10).await.expect("read");
    assert_eq!(dead.iter().map(|one| one.sequence).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((dead[0].attempts, dead[0].code), (3, Some(400)));
    assert_eq!(dead[0].error, "answered with status 400");
    let after = world.service.dead_letters(world.account, hook, 1, 10).await.expect("read");
    assert_eq!(after.len(), 1);
    world.far.take(URL);
    world.far.does(URL, Does::Answers(200));
    assert_eq!(world.service.retry_dead_letters(world.account, hook, Some(2)).await.expect("one"), 1);
    world.settle().await;
    assert_eq!(world.far.told(URL), [(2, "queued".to_owned())]);
    assert_eq!(world.service.retry_dead_letters(world.account, hook, None).await.expect("all"), 1);
    world.settle().await;
    assert_eq!(world.far.told(URL), [(1, "queued".to_owned())]);
    assert_eq!(world.counts(hook).await, (0, 0));
    let unknown = world.service.retry_dead_letters(world.account, 99, None).await;
    assert!(matches!(unknown, Err(LedgerError::NotFound)));
}

#[tokio::test]
async fn a_range_is_told_anew_in_order() {
    let world = World::new().await;
    let hook = world.target("answerback", URL).await;
    let number = world.accept(1).await;
    for outcome in [Outcome::Sending, Outcome::Submitted, Outcome::Delivered] {
        world.step(number, outcome).await;
    }
    world.settle().await;
    assert_eq!(world.far.take(URL).len(), 4);
    let replay = |from, to| world.service.replay_events(world.account, hook, from, to);
    assert_eq!(replay(2, 3).await.expect("a range"), 2);
    world.settle().await;
    let states: Vec<String> = world.far.told(URL).into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, ["sending", "submitted"]);
    assert_eq!(replay(0, u64::MAX).await.expect("all"), 4);
    assert_eq!(replay(9, 3).await.expect("nothing"), 0);
    world.settle().await;
    assert_eq!(world.far.take(URL).len(), 4);
}

#[tokio::test]
async fn what_is_old_is_cleared_away_once_everybody_knows() {
    let world = World::new().await;
    let one = world.target("brief", URL).await;
    let other = world.target("answerback", "https://other.example/").await;
    world.far.does(URL, Does::Answers(400));
    world.far.does("https://other.example/", Does::IsAway);
    world.accept(1000).await;
    world.live(3600, 60).await;
    let webhooks = world.webhooks.clone().keeping(Duration::from_secs(3600));
    world.pass(3600);
    webhooks.clear().await;
    let kept = world.ledger.events(world.account, 0, 2000).await.expect("read");
    assert!(!kept.is_empty(), "somebody was not told yet");
    world.far.does(URL, Does::Answers(200));
    world.far.does("https://other.example/", Does::Answers(200));
    world.live(86_400, 600).await;
    webhooks.clear().await;
    assert!(world.ledger.events(world.account, 0, 10).await.expect("read").is_empty());
    assert_eq!((world.counts(one).await, world.counts(other).await), ((0, 0), (0, 0)));
    let calls = world.far.take("https://other.example/");
    let told: std::collections::HashSet<&str> = calls.iter().map(|call| call.headers[0].1.as_str()).collect();
    assert_eq!(told.len(), 1000);
}
