//! Measurements, to be asked for: `cargo test --release -p service --test gateway speed -- --ignored --nocapture`.

use std::sync::Arc;
use std::time::Instant;

use carriers::simulator::{Profile, SimulatedCarrier};
use sms::Outcome;

use super::world::{World, request, way};

async fn all_delivered(world: &World, count: u64) {
    world
        .eventually(
            || format!("{count} are to be delivered"),
            async || world.count(world.account, Outcome::Delivered).await == count,
        )
        .await;
}

fn swift() -> (Arc<SimulatedCarrier>, carriers::Events) {
    let (carrier, events) =
        SimulatedCarrier::start("swift", Profile::builtin("swift").expect("a profile"), 1);
    (Arc::new(carrier), events)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn speed_of_a_full_queue() {
    let mut world = World::new().await;
    for _ in 0..6 {
        world.send_many(world.account, 10_000).await;
    }
    let (carrier, events) = swift();
    let started = Instant::now();
    let gateway = world.begin_with(vec![way(carrier, events)]).await;
    all_delivered(&world, 60_000).await;
    println!("60,000 from a queue in {:?}: {:?}", started.elapsed(), gateway.figures());
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn speed_of_single_submissions() {
    let mut world = World::new().await;
    let (carrier, events) = swift();
    let gateway = world.begin_with(vec![way(carrier, events)]).await;
    let started = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for worker in 0..256_u32 {
        let (service, account) = (world.service.clone(), world.account);
        tasks.spawn(async move {
            for index in 0..200_u32 {
                let to = format!("467{:08}", worker * 1000 + index);
                let policy = service::plan::Policy::default();
                let sent = service.submit(account, request(&[&to], "Hello there"), &policy, None).await;
                sent.expect("accepted");
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.expect("sent");
    }
    println!("51,200 accepted in {:?}", started.elapsed());
    all_delivered(&world, 51_200).await;
    println!("and delivered in {:?}: {:?}", started.elapsed(), gateway.figures());
    world.stop().await;
}
