//! What happens on a good day.

use std::sync::Arc;
use std::time::{Duration, Instant};

use carriers::carrier::Cutting;
use carriers::simulator::{Profile, SimulatedCarrier};
use sms::Outcome;

use super::fake::{fake, fake_with};
use super::world::{World, way};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_goes_out_and_its_receipt_comes_back() {
    let mut world = World::new().await;
    let (carrier, events) = fake("north");
    world.begin_with(vec![way(carrier.clone(), events)]).await;
    let number = world.send("46701740605", "Hello").await;
    world.until(number, Outcome::Submitted).await;
    let got = carrier.got();
    assert_eq!((got.len(), got[0].text.as_str(), got[0].recipient.as_str()), (1, "Hello", "46701740605"));
    assert!(got[0].receipt && got[0].place.is_none() && got[0].valid_until.is_some());
    carrier.receipt("id-0", "DELIVRD").await;
    world.until(number, Outcome::Delivered).await;
    assert_eq!(
        world.story(number).await,
        [Outcome::Queued, Outcome::Sending, Outcome::Submitted, Outcome::Delivered]
    );
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_submission_goes_out_at_once() {
    let mut world = World::new().await;
    world.pace.tick = Duration::from_secs(3600);
    let (carrier, events) = fake("north");
    world.begin_with(vec![way(carrier.clone(), events)]).await;
    let started = Instant::now();
    for count in 1..=5 {
        let number = world.send("46701740605", &format!("Hello {count}")).await;
        world.until(number, Outcome::Submitted).await;
    }
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_are_open_than_the_window_holds() {
    let mut world = World::new().await;
    let (carrier, events) = fake_with("north", 7, Cutting::Segments(sms::segment::ReferenceSize::Eight));
    carrier.answer(|_, count| {
        super::fake::Reply::Later(Duration::from_millis(1), super::fake::taken_as(&format!("{count}")))
    });
    world.begin_with(vec![way(carrier.clone(), events)]).await;
    world.send_many(world.account, 300).await;
    world
        .eventually(
            || format!("{} of 300", carrier.count()),
            async || world.count(world.account, Outcome::Submitted).await == 300,
        )
        .await;
    assert_eq!(carrier.count(), 300);
    assert!((2..=7).contains(&carrier.most_open()), "{}", carrier.most_open());
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_texts_go_in_segments_or_whole() {
    let text = "0123456789".repeat(40);
    for cutting in [Cutting::Segments(sms::segment::ReferenceSize::Eight), Cutting::Whole] {
        let mut world = World::new().await;
        let (carrier, events) = fake_with("north", 10, cutting);
        world.begin_with(vec![way(carrier.clone(), events)]).await;
        let number = world.send("46701740605", &text).await;
        world.until(number, Outcome::Submitted).await;
        let mut got = carrier.got();
        got.sort_by_key(|segment| segment.place.map(|place| place.index));
        let whole: String = got.iter().map(|segment| segment.text.as_str()).collect();
        assert_eq!(whole, text);
        assert_eq!(got.len(), if cutting == Cutting::Whole { 1 } else { 3 });
        for count in 0..got.len() {
            assert_eq!(world.outcome(number).await, Outcome::Submitted);
            carrier.receipt(&format!("id-{count}"), "DELIVRD").await;
            world.rest().await;
        }
        world.until(number, Outcome::Delivered).await;
        world.stop().await;
        world.sound().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_faultless_carrier_delivers_all_of_many() {
    let mut world = World::new().await;
    let profile = Profile::builtin("swift").expect("a profile");
    let (carrier, events) = SimulatedCarrier::start("swift", profile, 1);
    let gateway = world.begin_with(vec![way(Arc::new(carrier), events)]).await;
    let count = 5_000;
    let started = Instant::now();
    world.send_many(world.account, count).await;
    world
        .eventually(
            || format!("{:?}", gateway.figures()),
            async || world.count(world.account, Outcome::Delivered).await == u64::from(count),
        )
        .await;
    println!("{count} sent and delivered in {:?}: {:?}", started.elapsed(), gateway.figures());
    world.stop().await;
    world.sound().await;
}
