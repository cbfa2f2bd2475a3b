//! Receipts in every order, and MO.

use std::time::Duration;

use carriers::carrier::{Ack, MessageIn, Verdict};
use service::receive_message::Intake;
use sms::{Coding, Micros, Outcome};
use tokio::sync::mpsc;

use super::fake::{Reply, fake, taken_as};
use super::world::{World, way};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receipt_before_submit_response() {
    let mut world = World::new().await;
    let (carrier, events) = fake("north");
    carrier.answer(|_, _| Reply::Later(Duration::from_millis(300), taken_as("1E240")));
    let gateway = world.begin_with(vec![way(carrier.clone(), events)]).await;
    let number = world.send("46701740605", "Hello").await;
    world.eventually(|| "it goes out".to_owned(), async || carrier.count() == 1).await;
    // In another form than the answer will have.
    carrier.receipt("123456", "DELIVRD").await;
    world.eventually(|| "it waits".to_owned(), async || gateway.figures().receipts_quarantined == 1).await;
    assert_eq!(world.outcome(number).await, Outcome::Sending);
    world.until(number, Outcome::Delivered).await;
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receipts_doubled() {
    let mut world = World::new().await;
    let (carrier, events) = fake("north");
    let gateway = world.begin_with(vec![way(carrier.clone(), events)]).await;
    let number = world.send("46701740605", "Hello").await;
    world.until(number, Outcome::Submitted).await;
    for _ in 0..3 {
        carrier.receipt("id-0", "DELIVRD").await;
    }
    world.eventually(|| "counted".to_owned(), async || gateway.figures().receipts_repeated == 2).await;
    // Contradicted, it stays as it is and says so.
    carrier.receipt("id-0", "UNDELIV").await;
    world.eventually(|| "noted".to_owned(), async || world.message(number).await.history.len() == 5).await;
    assert_eq!(world.outcome(number).await, Outcome::Delivered);
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_without_an_id_is_kept() {
    let mut world = World::new().await;
    let (carrier, events) = fake("north");
    // A segment whose answer had no id is not what it is about.
    carrier.answer(|_, _| Reply::Now(Ok(carriers::carrier::Submitted { id: None })));
    let gateway = world.begin_with(vec![way(carrier.clone(), events)]).await;
    let number = world.send("46701740605", "Hello").await;
    world.until(number, Outcome::Submitted).await;
    carrier.receipt("", "DELIVRD").await;
    world.eventually(|| "it is kept".to_owned(), async || gateway.figures().quarantined == 1).await;
    assert_eq!(world.outcome(number).await, Outcome::Submitted);
    // For thirty days.
    world.pass(31 * 86_400);
    world.eventually(|| "it expires".to_owned(), async || gateway.figures().receipts_expired == 1).await;
    world.stop().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_mo_is_taken_and_then_acknowledged() {
    let mut world = World::new().await;
    let (carrier, events) = fake("north");
    world.begin_with(vec![way(carrier.clone(), events)]).await;
    let message = hello();
    let (answers, mut answered) = mpsc::channel(1);
    carrier.message(message.clone(), Ack::new(5, answers)).await;
    assert_eq!(answered.recv().await, Some((5, Verdict::Taken)));
    assert_eq!(*world.messages_in.0.lock().expect("a lock"), [("north".to_owned(), message)]);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_claims_is_counted_until_somebody_gets_it() {
    let mut world = World::new().await;
    // With one account alone it would be that account's.
    let other = world.another("second").await;
    let (carrier, events) = fake("north");
    let gateway = world.begin_with(vec![way(carrier.clone(), events)]).await;
    let taken = world.service.receive_segment("north", hello()).await.expect("taken");
    assert!(matches!(taken, Intake::Unrouted { .. }), "{taken:?}");
    world.eventually(|| "it is counted".to_owned(), async || gateway.figures().unrouted == 1).await;
    assert_eq!(world.service.route_unrouted(other, Some("36000")).await.expect("routed"), 1);
    world.eventually(|| "none is left".to_owned(), async || gateway.figures().unrouted == 0).await;
    world.stop().await;
    world.sound().await;
}

fn hello() -> MessageIn {
    MessageIn {
        sender: "46701740605".to_owned(),
        recipient: "36000".to_owned(),
        place: None,
        coding: Some(Coding::Gsm7),
        octets: b"Hello".to_vec(),
        data_coding: 0,
        header: Vec::new(),
        at: Micros::now(),
    }
}
