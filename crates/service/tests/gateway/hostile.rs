//! Simulated carriers on their worst days: every accepted message ends, and none is sent twice unless counted.

use std::sync::Arc;
use std::time::Duration;

use carriers::simulator::{Profile, SimulatedCarrier};
use service::gateway::{Doubt, Routing};
use sms::{Outcome, OutcomeSet};

use super::world::{World, way_with};

/// Runs messages over a carrier of a profile until nothing moves any more; then lets time pass.
async fn all_end(profile: &str, doubt: Doubt, count: u32) {
    let mut world = World::new().await;
    let profile = Profile::builtin(profile).expect("a profile");
    let (carrier, events) = SimulatedCarrier::start("simulated", profile, 7);
    let carrier = Arc::new(carrier);
    let ways = vec![way_with(carrier.clone(), events, Routing::default(), doubt)];
    let gateway = world.begin_with(ways).await;
    world.send_many(world.account, count).await;
    let waiting = [Outcome::Queued, Outcome::Sending];
    world
        .eventually(
            || format!("{:?}", gateway.figures()),
            async || {
                let mut left = 0;
                for outcome in waiting {
                    left += world.count(world.account, outcome).await;
                }
                left == 0 && gateway.figures().in_flight == 0
            },
        )
        .await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let figures = gateway.figures();
    println!("{figures:?}");
    let twice = carrier.duplicates().len() as u64;
    match doubt {
        Doubt::Resend => assert!(twice <= figures.resends, "{twice} of {}", figures.resends),
        Doubt::Hold | Doubt::Fail => assert_eq!((twice, figures.resends), (0, 0)),
    }
    assert_eq!(figures.attempts_refused + figures.receipts_refused, 0);
    world.pass(7 * 86_400);
    let open = OutcomeSet::matching(|outcome| !outcome.is_final());
    world
        .eventually(
            || format!("{:?}", gateway.figures()),
            async || {
                let mut left = 0;
                for outcome in open.iter() {
                    left += world.count(world.account, outcome).await;
                }
                left == 0
            },
        )
        .await;
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_held() {
    all_end("hostile", Doubt::Hold, 400).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_resent() {
    all_end("hostile", Doubt::Resend, 400).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_failed() {
    all_end("hostile", Doubt::Fail, 200).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lossy() {
    all_end("lossy", Doubt::Hold, 400).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow() {
    all_end("slow", Doubt::Hold, 20).await;
}
