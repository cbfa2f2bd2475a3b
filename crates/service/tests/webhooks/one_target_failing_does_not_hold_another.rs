//! Targets do not wait for each other, nor messages of one target for one that fails.

use std::time::Duration;

use super::world::{Does, World};

#[tokio::test]
async fn another_target_is_told_at_once() {
    let world = World::new().await;
    let failing = world.target("answerback", "https://failing.example/").await;
    let working = world.target("answerback", "https://working.example/").await;
    world.far.does("https://failing.example/", Does::IsAway);
    world.accept(200).await;
    world.settle().await;
    assert_eq!(world.far.take("https://working.example/").len(), 200);
    assert_eq!(world.counts(working).await, (0, 0));
    assert!(world.counts(failing).await.0 >= 8);
}

#[tokio::test]
async fn one_that_hangs_holds_up_nobody() {
    let world = World::new().await;
    world.target("answerback", "https://hangs.example/").await;
    world.target("answerback", "https://working.example/").await;
    world.far.does("https://hangs.example/", Does::Hangs);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let webhooks = world.webhooks.clone();
    let running = tokio::spawn(async move {
        let stop = async {
            let _ended = stopped.await;
        };
        webhooks.run(stop).await;
    });
    world.accept(100).await;
    let mut told = 0;
    for _ in 0..600 {
        told += world.far.take("https://working.example/").len();
        if told == 100 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(told, 100);
    let hanging = world.far.take("https://hangs.example/").len();
    assert_eq!(hanging, 4, "no more at once than a target is given");
    running.abort();
    drop(stop);
}

#[tokio::test]
async fn the_addresses_of_batches_do_not_hold_each_other() {
    let world = World::new().await;
    world.far.does("https://dead.example/", Does::IsAway);
    world.submit(100, Some("https://dead.example/")).await;
    world.submit(3, Some("https://alive.example/")).await;
    world.accept(1).await;
    world.settle().await;
    assert_eq!(world.far.told("https://alive.example/").len(), 3);
    let dead = world.far.take("https://dead.example/").len();
    assert!((8..40).contains(&dead), "{dead} calls before it was given a rest");
    assert_eq!(world.counts(0).await, (100, 0), "each message by itself");
    world.far.does("https://dead.example/", Does::Answers(200));
    world.live(1200, 60).await;
    assert_eq!(world.far.take("https://dead.example/").len(), 100);
    assert_eq!(world.counts(0).await, (0, 0));
}
