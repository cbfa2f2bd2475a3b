//! Attempts whose answer never came, by what their carrier's operator wants.

use std::sync::Arc;

use carriers::Carrier;
use carriers::carrier::SubmitError;
use ledger::change::Step;
use ledger::model::Entry;
use service::gateway::{Doubt, Gateway, Routing};
use sms::{Micros, Outcome};

use super::fake::{Fake, Reply, fake, no_answer, taken_as};
use super::world::{World, way_with};

/// Six days: past the usual validity and the silence after it.
const SIX_DAYS: u32 = 6 * 86_400;

/// The first attempt has no answer; those after it are taken.
async fn doubtful(doubt: Doubt) -> (World, Gateway, Arc<Fake>) {
    let mut world = World::new().await;
    let (carrier, events) = fake("north");
    carrier.answer(|_, count| match count {
        0 => Reply::Now(no_answer()),
        count => Reply::Now(taken_as(&format!("id-{count}"))),
    });
    let gateway = world.begin_with(vec![way_with(carrier.clone(), events, Routing::default(), doubt)]).await;
    (world, gateway, carrier)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uncertain_hold() {
    let (mut world, gateway, carrier) = doubtful(Doubt::Hold).await;
    let number = world.send("46701740605", "Hello").await;
    world.until(number, Outcome::Uncertain).await;
    world.rest().await;
    assert_eq!(carrier.count(), 1, "it is never sent again");
    let page = world.service.uncertain(world.account, 0, 10).await.expect("a page");
    assert_eq!((page.total, page.messages[0].number), (1, number));
    assert_eq!(gateway.figures().uncertain_open, 1);
    world.pass(SIX_DAYS);
    world.until(number, Outcome::Unknown).await;
    assert_eq!(carrier.count(), 1);
    assert_eq!(gateway.figures().unknown, 1);
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uncertain_resend() {
    let (mut world, gateway, carrier) = doubtful(Doubt::Resend).await;
    let number = world.send("46701740605", "Hello").await;
    world.until(number, Outcome::Submitted).await;
    assert_eq!(carrier.count(), 2);
    assert_eq!((gateway.figures().resends, gateway.figures().uncertain), (1, 1));
    let story = world.story(number).await;
    assert!(story.contains(&Outcome::Uncertain), "{story:?}");
    // The late answer to the first attempt is kept, and sends nothing.
    let key = carrier.got()[0].key;
    carrier.settle(key, taken_as("late")).await;
    carrier.receipt("late", "DELIVRD").await;
    world.until(number, Outcome::Delivered).await;
    world.rest().await;
    assert_eq!(carrier.count(), 2);
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uncertain_fail() {
    let (mut world, _, carrier) = doubtful(Doubt::Fail).await;
    let number = world.send("46701740605", "Hello").await;
    world.until(number, Outcome::Failed).await;
    world.rest().await;
    assert_eq!(carrier.count(), 1);
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_doubtful_segment_is_sent_again() {
    let (mut world, _, carrier) = doubtful(Doubt::Resend).await;
    let number = world.send("46701740605", &"0123456789".repeat(40)).await;
    world.until(number, Outcome::Submitted).await;
    let mut segments: Vec<_> =
        carrier.got().iter().map(|segment| segment.place.map(|place| place.index)).collect();
    segments.sort();
    let again = carrier.got()[0].place.map(|place| place.index);
    let mut wanted = vec![Some(1), Some(2), Some(3), again];
    wanted.sort();
    assert_eq!(segments, wanted);
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settled_late() {
    let (mut world, gateway, carrier) = doubtful(Doubt::Hold).await;
    carrier.answer(|_, count| match count {
        0..3 => Reply::Now(no_answer()),
        count => Reply::Now(taken_as(&format!("id-{count}"))),
    });
    let mut numbers = Vec::new();
    for count in 0..3 {
        let number = world.send("46701740605", &format!("Hello {count}")).await;
        world.until(number, Outcome::Uncertain).await;
        numbers.push(number);
    }
    let keys: Vec<_> = carrier.got().iter().map(|segment| segment.key).collect();
    carrier.settle(keys[0], taken_as("late")).await;
    world.until(numbers[0], Outcome::Submitted).await;
    carrier.receipt("late", "DELIVRD").await;
    world.until(numbers[0], Outcome::Delivered).await;
    let refused = SubmitError::Rejected { code: Some("0x0b".to_owned()), words: "bad address".to_owned() };
    carrier.settle(keys[1], Err(refused)).await;
    world.until(numbers[1], Outcome::RefusedByCarrier).await;
    let last = world.message(numbers[1]).await.history.last().cloned().expect("an entry");
    assert_eq!((last.code.as_deref(), last.text.as_deref()), (Some("0x0b"), Some("bad address")));
    // Surely not taken: it may be sent again.
    let retry = SubmitError::Retry { code: None, words: "queue full".to_owned() };
    carrier.settle(keys[2], Err(retry)).await;
    world.until(numbers[2], Outcome::Submitted).await;
    assert_eq!((carrier.count(), gateway.figures().settled), (4, 3));
    // An answer to nothing does nothing.
    carrier.settle(7, taken_as("none")).await;
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_lets_an_uncertain_message_be_sent_again() {
    let (mut world, _, carrier) = doubtful(Doubt::Hold).await;
    let number = world.send("46701740605", &"0123456789".repeat(20)).await;
    world.until(number, Outcome::Uncertain).await;
    world.rest().await;
    assert_eq!(carrier.count(), 2);
    let entry = Entry::new(Micros::now(), Outcome::Queued);
    world.service.advance(world.account, vec![Step { number, entry }]).await.expect("legal");
    world.until(number, Outcome::Submitted).await;
    assert_eq!(carrier.count(), 3, "the doubtful segment alone");
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_carrier_is_asked_about_what_it_took() {
    let mut world = World::new().await;
    let (carrier, events) = fake("north");
    world.begin_with(vec![way_with(carrier.clone(), events, Routing::default(), Doubt::Hold)]).await;
    let number = world.send("46701740605", "Hello").await;
    world.until(number, Outcome::Submitted).await;
    assert!(carrier.queries().is_empty() && carrier.state().takes_segments());
    world.pass(3 * 86_400);
    world.until(number, Outcome::Delivered).await;
    assert_eq!(carrier.queries()[0].id, "id-0");
    world.stop().await;
    world.sound().await;
}
