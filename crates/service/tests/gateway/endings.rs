//! Ends of the process, in good order and otherwise.

use std::time::Duration;

use carriers::carrier::Cutting;
use service::gateway::{Doubt, Routing};
use service::import::ImportOptions;
use sms::Outcome;

use super::fake::{Reply, fake, fake_with, taken_as};
use super::world::{World, way, way_with};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_are_out_are_waited_for() {
    let mut world = World::new().await;
    let (carrier, events) = fake("north");
    carrier.answer(|_, count| Reply::Later(Duration::from_millis(300), taken_as(&format!("id-{count}"))));
    world.begin_with(vec![way(carrier.clone(), events)]).await;
    let number = world.send("46701740605", "Hello").await;
    world.eventually(|| "it goes out".to_owned(), async || carrier.count() == 1).await;
    carrier.receipt("unknown", "DELIVRD").await;
    world.stop().await;
    assert_eq!(world.outcome(number).await, Outcome::Submitted);
    let slice = ledger::people::Slice { limit: 10, ..ledger::people::Slice::default() };
    let waiting = ledger::WayOut::unmatched(world.ledger.as_ref(), slice).await.expect("read");
    assert_eq!(waiting.total, 1, "what had come is kept");
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_is_sent_after_the_restart() {
    let mut world = World::new().await;
    let (carrier, events) = fake_with("north", 5, Cutting::Segments(sms::segment::ReferenceSize::Eight));
    carrier.answer(|_, count| Reply::Later(Duration::from_millis(20), taken_as(&format!("a{count}"))));
    world.begin_with(vec![way(carrier.clone(), events)]).await;
    world.send_many(world.account, 200).await;
    world.eventually(|| "it begins".to_owned(), async || carrier.count() > 10).await;
    world.stop().await;
    assert_eq!(world.count(world.account, Outcome::Uncertain).await, 0, "nothing is in doubt");
    let (next, events) = fake("north");
    next.answer(|_, count| Reply::Now(taken_as(&format!("b{count}"))));
    world.begin_with(vec![way(next.clone(), events)]).await;
    world
        .eventually(
            || format!("{} and {}", carrier.count(), next.count()),
            async || world.count(world.account, Outcome::Submitted).await == 200,
        )
        .await;
    assert_eq!(carrier.count() + next.count(), 200, "each once");
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restart_with_open_leases() {
    for (doubt, name, wanted) in [
        (Doubt::Hold, "north", Outcome::Uncertain),
        (Doubt::Resend, "north", Outcome::Submitted),
        (Doubt::Fail, "north", Outcome::Failed),
        (Doubt::Resend, "another", Outcome::Uncertain),
    ] {
        let mut world = World::new().await;
        let (carrier, events) = fake("north");
        carrier.answer(|_, _| Reply::Later(Duration::from_secs(3600), taken_as("never")));
        world.begin_with(vec![way(carrier.clone(), events)]).await;
        let number = world.send("46701740605", "Hello").await;
        world.until(number, Outcome::Sending).await;
        world.eventually(|| "it goes out".to_owned(), async || carrier.count() == 1).await;
        world.crash();
        let (next, events) = fake(name);
        world.begin_with(vec![way_with(next.clone(), events, Routing::default(), doubt)]).await;
        world.until(number, wanted).await;
        world.rest().await;
        assert_eq!(world.outcome(number).await, wanted);
        assert_eq!(next.count(), usize::from(wanted == Outcome::Submitted), "{doubt:?} {name}");
        world.stop().await;
        world.sound().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_imported_stays_as_it_was_told() {
    let mut world = World::new().await;
    let entry = |state: &str| format!(r#"{{"at":"2020-01-01T10:00:00Z","state":"{state}"}}"#);
    let line = |id: &str, history: &str| {
        format!(
            r#"{{"id":"{id}","direction":"mt","recipient":"46701740605","body":"x","created":"2020-01-01T10:00:00Z","history":[{history}]}}"#
        ) + "\n"
    };
    let sent = [entry("queued"), entry("sending"), entry("submitted")].join(",");
    let doubtful = [entry("sending"), entry("uncertain")].join(",");
    let text = line("a", &sent) + &line("b", &doubtful);
    let options = ImportOptions { lenient: false };
    world.service.import(world.account, &mut text.as_bytes(), options, &mut |_| {}).await.expect("an import");
    let (carrier, events) = fake("north");
    world.begin_with(vec![way(carrier.clone(), events)]).await;
    // A message of our own that is over is ended by the same rounds: then both were looked at.
    let own = world.send("46701740606", "Hello").await;
    world.until(own, Outcome::Submitted).await;
    world.pass(6 * 86_400);
    world.until(own, Outcome::Unknown).await;
    assert_eq!(world.count(world.account, Outcome::Submitted).await, 1);
    assert_eq!(world.count(world.account, Outcome::Uncertain).await, 1);
    world.stop().await;
    world.sound().await;
}
