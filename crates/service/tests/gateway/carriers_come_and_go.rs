//! Carriers that are down, come up, hand over to others, are put in and taken out.

use std::time::Duration;

use carriers::carrier::Cutting;
use service::gateway::{Doubt, Routing};
use sms::Outcome;

use super::fake::{Reply, fake, fake_with, not_sent, taken_as};
use super::world::{World, way, way_with};

fn rank(rank: u16) -> Routing {
    Routing { rank, ..Routing::default() }
}

fn to(prefix: &str) -> Routing {
    Routing { prefixes: vec![prefix.to_owned()], ..Routing::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn carrier_down_then_up() {
    let mut world = World::new().await;
    let (carrier, events) = fake("north");
    carrier.set_up(false);
    world.begin_with(vec![way(carrier.clone(), events)]).await;
    let number = world.send("46701740605", "Hello").await;
    world.rest().await;
    assert_eq!((world.outcome(number).await, carrier.count()), (Outcome::Queued, 0));
    carrier.set_up(true);
    world.until(number, Outcome::Submitted).await;
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fail_over() {
    let mut world = World::new().await;
    let (first, first_events) = fake("north");
    let (second, second_events) = fake("south");
    first.answer(|_, _| Reply::Now(not_sent()));
    let ways = vec![
        way_with(first.clone(), first_events, rank(1), Doubt::Hold),
        way_with(second.clone(), second_events, rank(2), Doubt::Hold),
    ];
    let gateway = world.begin_with(ways).await;
    // Up, and takes nothing.
    let number = world.send("46701740605", "Hello").await;
    world.until(number, Outcome::Submitted).await;
    assert_eq!(second.count(), 1);
    assert!(gateway.figures().not_sent >= 1);
    // Down: it is not even asked.
    first.set_up(false);
    let asked = first.count();
    let number = world.send("46701740605", "Hello again").await;
    world.until(number, Outcome::Submitted).await;
    assert_eq!((first.count(), second.count()), (asked, 2));
    // The receipt of the one that took it.
    second.receipt("id-1", "DELIVRD").await;
    world.until(number, Outcome::Delivered).await;
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_bound_anew_is_not_passed_over_for_what_was_before() {
    let mut world = World::new().await;
    world.pace.shy = Duration::from_secs(3600);
    let (first, first_events) = fake("north");
    let (second, second_events) = fake("south");
    // Its session is dying, and nobody has noticed yet.
    first.answer(|_, count| Reply::Now(if count == 0 { not_sent() } else { taken_as(&format!("n{count}")) }));
    let ways = vec![
        way_with(first.clone(), first_events, rank(1), Doubt::Hold),
        way_with(second.clone(), second_events, rank(2), Doubt::Hold),
    ];
    world.begin_with(ways).await;
    for _ in 0..2 {
        let number = world.send("46701740605", "Hello").await;
        world.until(number, Outcome::Submitted).await;
    }
    assert_eq!((first.count(), second.count()), (1, 2));
    first.set_up(false);
    first.set_up(true);
    let number = world.send("46701740605", "Hello again").await;
    world.until(number, Outcome::Submitted).await;
    assert_eq!((first.count(), second.count()), (2, 2));
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_carrier_takes_it_back_when_it_is_up_again() {
    let mut world = World::new().await;
    let (first, first_events) = fake("north");
    let (second, second_events) = fake("south");
    first.set_up(false);
    let ways = vec![
        way_with(first.clone(), first_events, rank(1), Doubt::Hold),
        way_with(second.clone(), second_events, rank(2), Doubt::Hold),
    ];
    world.begin_with(ways).await;
    let number = world.send("46701740605", "Hello").await;
    world.until(number, Outcome::Submitted).await;
    first.set_up(true);
    let number = world.send("46701740605", "Hello again").await;
    world.until(number, Outcome::Submitted).await;
    assert_eq!((first.count(), second.count()), (1, 1));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_carriers_it_waits_and_without_a_route_it_fails() {
    let mut world = World::new().await;
    let gateway = world.begin().await;
    let number = world.send("46701740605", "Hello").await;
    world.rest().await;
    world.rest().await;
    assert_eq!(world.outcome(number).await, Outcome::Queued);
    let (carrier, events) = fake("france");
    gateway.install(way_with(carrier.clone(), events, to("33"), Doubt::Hold)).await;
    world.until(number, Outcome::Failed).await;
    let last = world.message(number).await.history.last().cloned().expect("an entry");
    assert_eq!(last.text.as_deref(), Some("no route"));
    // Other rules, other routes.
    assert!(gateway.reroute("france", Routing::default(), Doubt::Hold));
    let number = world.send("46701740605", "Hello again").await;
    world.until(number, Outcome::Submitted).await;
    assert!(gateway.remove("france").await && !gateway.remove("france").await);
    assert!(!gateway.reroute("france", Routing::default(), Doubt::Hold));
    assert!(gateway.carrier("france").is_none());
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_carrier_holds_up_no_other() {
    let mut world = World::new().await;
    let (slow, slow_events) = fake_with("sweden", 1, Cutting::Segments(sms::segment::ReferenceSize::Eight));
    slow.answer(|_, count| Reply::Later(Duration::from_millis(50), taken_as(&format!("s{count}"))));
    let (other, other_events) = fake("france");
    let ways = vec![
        way_with(slow.clone(), slow_events, to("46"), Doubt::Hold),
        way_with(other.clone(), other_events, to("33"), Doubt::Hold),
    ];
    world.begin_with(ways).await;
    world.send_many(world.account, 300).await;
    let number = world.send("33612345678", "Bonjour").await;
    world.until(number, Outcome::Submitted).await;
    assert!(slow.count() < 300, "it waited for {} others", slow.count());
    // And what waited goes on by itself, in its order, each once.
    slow.answer(|_, count| Reply::Now(taken_as(&format!("t{count}"))));
    world
        .eventually(
            || format!("{} of 300", slow.count()),
            async || world.count(world.account, Outcome::Submitted).await == 301,
        )
        .await;
    assert_eq!(slow.count(), 300);
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_accounts_fair() {
    let mut world = World::new().await;
    let second = world.another("second").await;
    let (carrier, events) = fake_with("north", 10, Cutting::Segments(sms::segment::ReferenceSize::Eight));
    carrier.answer(|_, count| Reply::Later(Duration::from_millis(5), taken_as(&format!("{count}"))));
    world.begin_with(vec![way(carrier.clone(), events)]).await;
    world.send_many(world.account, 3000).await;
    world.eventually(|| "it begins".to_owned(), async || carrier.count() > 50).await;
    world.send_many(second, 20).await;
    world
        .eventually(
            || format!("{} went before", carrier.count()),
            async || world.count(second, Outcome::Submitted).await == 20,
        )
        .await;
    assert!(carrier.count() < 1500, "{} went before", carrier.count());
    carrier.answer(|_, count| Reply::Now(taken_as(&format!("{count}"))));
    world
        .eventually(
            || format!("{} of 3020", carrier.count()),
            async || world.count(world.account, Outcome::Submitted).await == 3000,
        )
        .await;
    assert_eq!(carrier.count(), 3020);
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_carrier_is_replaced_under_traffic() {
    let mut world = World::new().await;
    let (old, old_events) = fake("north");
    old.answer(|_, count| Reply::Later(Duration::from_millis(30), taken_as(&format!("old-{count}"))));
    let gateway = world.begin_with(vec![way(old.clone(), old_events)]).await;
    world.send_many(world.account, 500).await;
    world.eventually(|| "it begins".to_owned(), async || old.count() > 0).await;
    let (new, new_events) = fake("north");
    new.answer(|_, count| Reply::Now(taken_as(&format!("new-{count}"))));
    gateway.install(way(new.clone(), new_events)).await;
    world
        .eventually(
            || format!("{:?}", gateway.figures()),
            async || world.count(world.account, Outcome::Submitted).await == 500,
        )
        .await;
    assert_eq!(old.count() + new.count(), 500);
    assert!(new.count() > 0);
    world.stop().await;
    world.sound().await;
}
