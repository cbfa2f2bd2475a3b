//! What is taken in while nothing waits goes to its carrier without standing in the queue.

use carriers::carrier::Cutting;
use service::plan::SubmitRequest;
use sms::Outcome;
use sms::segment::ReferenceSize;

use super::fake::{Reply, fake, fake_with, taken_as};
use super::world::{World, request, way};

/// Waits until submissions are let past the queue, as one after the other shows, and all of these are gone.
async fn until_the_door_is_open(world: &World, gateway: &service::gateway::Gateway) {
    let last = std::cell::Cell::new(0);
    world
        .eventually(
            || format!("{:?}", gateway.figures()),
            async || {
                last.set(world.send("46701740605", "Anybody in?").await);
                gateway.figures().straight > 0
            },
        )
        .await;
    until_all_went(world, gateway, last.get()).await;
}

/// Waits until all messages up to this one were submitted and recorded.
async fn until_all_went(world: &World, gateway: &service::gateway::Gateway, last: u32) {
    world
        .eventually(
            || format!("{:?}", gateway.figures()),
            async || {
                world.count(world.account, Outcome::Submitted).await == u64::from(last)
                    && gateway.figures().in_flight == 0
            },
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn segments_and_many_recipients_go_straight_with_their_numbers() {
    let mut world = World::new().await;
    let (carrier, events) = fake("north");
    let gateway = world.begin_with(vec![way(carrier.clone(), events)]).await;
    until_the_door_is_open(&world, &gateway).await;
    let (before, sent) = (gateway.figures().straight, carrier.count());
    let text = "0123456789".repeat(20);
    let recipients = ["46701740605", "46701740606", "46701740607"];
    let first = world.submit(world.account, request(&recipients, &text)).await;
    for number in first..first + 3 {
        world.until(number, Outcome::Submitted).await;
        assert_eq!(world.story(number).await, [Outcome::Queued, Outcome::Sending, Outcome::Submitted]);
    }
    assert_eq!(gateway.figures().straight - before, 6);
    let got = carrier.got().split_off(sent);
    for (to, number) in recipients.iter().zip(first..) {
        let segments: Vec<_> = got.iter().filter(|segment| segment.recipient.as_str() == *to).collect();
        assert_eq!(segments.len(), 2);
        assert!(segments.iter().all(|one| one.place.is_some_and(|place| place.reference == number as u16)));
    }
    let keys: std::collections::HashSet<_> = got.iter().map(|segment| segment.key).collect();
    assert_eq!(keys.len(), 6);
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_finds_the_window_full_stands_in_the_queue_and_nothing_stays_behind() {
    let mut world = World::new().await;
    let (carrier, events) = fake_with("north", 3, Cutting::Segments(ReferenceSize::Eight));
    carrier
        .answer(|_, count| Reply::Later(std::time::Duration::from_millis(3), taken_as(&format!("{count}"))));
    let gateway = world.begin_with(vec![way(carrier.clone(), events)]).await;
    until_the_door_is_open(&world, &gateway).await;
    let before = carrier.count();
    let sends = (0..60).map(|_| world.send("46701740605", "Hello"));
    let numbers = futures_util::future::join_all(sends).await;
    for number in &numbers {
        world.until(*number, Outcome::Submitted).await;
    }
    until_all_went(&world, &gateway, numbers.iter().copied().max().expect("some")).await;
    assert_eq!(carrier.count() - before, numbers.len());
    assert!(carrier.most_open() <= 4, "{}", carrier.most_open());
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_not_go_yet_or_nowhere_waits() {
    let mut world = World::new().await;
    let (carrier, events) = fake("north");
    let gateway = world.begin_with(vec![way(carrier.clone(), events)]).await;
    until_the_door_is_open(&world, &gateway).await;
    let before = gateway.figures().straight;

    carrier.set_up(false);
    let number = world.send("46701740605", "Hello").await;
    world.rest().await;
    assert_eq!((world.outcome(number).await, gateway.figures().straight), (Outcome::Queued, before));
    carrier.set_up(true);
    world.until(number, Outcome::Submitted).await;

    let when = service::plan::When::At { second: world.now() + 3600, zone: None };
    let later =
        world.submit(world.account, SubmitRequest { when, ..request(&["46701740605"], "Later") }).await;
    world.rest().await;
    assert_eq!(world.outcome(later).await, Outcome::Scheduled);
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_goes_away_leaves_no_lease_behind() {
    let mut world = World::new().await;
    let (carrier, events) = fake("north");
    let gateway = world.begin_with(vec![way(carrier.clone(), events)]).await;
    until_the_door_is_open(&world, &gateway).await;
    let before = carrier.count();
    for turn in 0..50 {
        // Gone again as soon as it waits for anything, or a turn later.
        tokio::select! {
            biased;
            _ = world.send("46701740605", "Hello") => {}
            () = async { if turn % 2 == 0 { tokio::task::yield_now().await } } => {}
        }
    }
    let last = world.send("46701740605", "Goodbye").await;
    world.until(last, Outcome::Submitted).await;
    until_all_went(&world, &gateway, last).await;
    assert!(carrier.count() > before);
    assert!(world.ledger_has_no_open_lease().await);
    world.stop().await;
    world.sound().await;
}
