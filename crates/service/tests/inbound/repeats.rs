//! MO that a carrier brings again, and people who say a thing twice.

use service::receive_message::Intake;
use sms::Micros;

use super::world::World;

#[tokio::test(start_paused = true)]
async fn a_person_writes_ok_twice() {
    let world = World::new().await;
    world.write("ok").await;
    assert!(matches!(world.write("ok").await, Intake::Received { .. }));
    world.pass(5);
    world.write("ok").await;
    assert_eq!(world.received().await, ["ok", "ok", "ok"]);
}

#[tokio::test]
async fn brought_again_after_a_restart() {
    let world = World::new().await;
    world.write("ok").await;
    world.pass(30);
    let world = world.restart();
    world.pass(30);
    assert_eq!(world.write("ok").await, Intake::Repeated);
    assert!(matches!(world.write("OK").await, Intake::Received { .. }), "another text");
    // The doubt was about one message.
    world.pass(1);
    assert!(matches!(world.write("ok").await, Intake::Received { .. }));
    assert_eq!(world.received().await, ["ok", "OK", "ok"]);
    let world = world.restart();
    world.pass(601);
    assert!(matches!(world.write("ok").await, Intake::Received { .. }), "too long ago");
    world.sound().await;
}

#[tokio::test]
async fn brought_again_after_its_link_broke() {
    let world = World::new().await;
    world.write("ok").await;
    world.service.carrier_link_lost("south", 1);
    assert!(matches!(world.write("ok").await, Intake::Received { .. }), "another carrier's link");
    world.service.carrier_link_lost("north", 1);
    world.pass(10);
    assert_eq!(world.write("ok").await, Intake::Repeated);
    world.pass(10);
    assert!(matches!(world.write("ok").await, Intake::Received { .. }));
    assert_eq!(world.received().await.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn two_breaks_that_are_noticed_at_once_excuse_two_repetitions() {
    let world = World::new().await;
    world.write("ok").await;
    // Its session broke, and so did the one over which it came again; a busy machine tells of both late.
    let breaks_are_noticed = async {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        world.pass(1);
        world.service.carrier_link_lost("north", 2);
    };
    let (again, ()) = tokio::join!(world.write("ok"), breaks_are_noticed);
    assert_eq!(again, Intake::Repeated);
    assert_eq!(world.write("ok").await, Intake::Repeated, "over a third session");
    world.pass(1);
    assert!(matches!(world.write("ok").await, Intake::Received { .. }), "a person who writes it twice");
    assert_eq!(world.received().await, ["ok", "ok"]);
    world.sound().await;
}

#[tokio::test(start_paused = true)]
async fn brought_again_before_it_is_seen_that_its_link_broke() {
    let world = World::new().await;
    world.write("ok").await;
    // Over another session, a moment before the end of the first one is noticed.
    let break_is_noticed = async {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        world.pass(1);
        world.service.carrier_link_lost("north", 1);
    };
    let (again, ()) = tokio::join!(world.write("ok"), break_is_noticed);
    assert_eq!(again, Intake::Repeated);
    // The doubt was about one message.
    assert!(matches!(world.write("ok").await, Intake::Received { .. }), "a person");
    assert_eq!(world.received().await, ["ok", "ok"]);
}

#[tokio::test(start_paused = true)]
async fn brought_again_twice_over_two_sessions_that_break() {
    let world = World::new().await;
    world.write("ok").await;
    let moment = || tokio::time::sleep(std::time::Duration::from_millis(20));
    // The second one is still looked at when its session breaks, too, and a third one comes.
    let breaks = async {
        moment().await;
        world.pass(1);
        world.service.carrier_link_lost("north", 1);
        moment().await;
        world.pass(1);
        world.service.carrier_link_lost("north", 1);
        world.pass(1);
        world.write("ok").await
    };
    let both = tokio::join!(world.write("ok"), breaks);
    assert_eq!(both, (Intake::Repeated, Intake::Repeated));
    world.pass(1);
    assert!(matches!(world.write("ok").await, Intake::Received { .. }), "a person");
    assert_eq!(world.received().await, ["ok", "ok"]);
}

#[tokio::test]
async fn brought_again_because_the_answer_took_too_long() {
    let world = World::new().await;
    let mut slow = world.pieces("ok", 0).remove(0);
    slow.place = None;
    slow.at = Micros::new(world.service.now().get() - 10_000_000);
    let mut again = slow.clone();
    again.at = world.service.now();
    // Not doubted for the start of the process, which was before it.
    world.pass(20);
    slow.at = Micros::new(world.service.now().get() - 10_000_000);
    again.at = world.service.now();
    assert!(matches!(world.bring(slow).await, Intake::Received { .. }));
    assert_eq!(world.bring(again).await, Intake::Repeated);
}

#[tokio::test]
async fn brought_again_though_nobody_claims_it() {
    let world = World::new().await;
    world.another("second").await;
    assert!(matches!(world.write("ok").await, Intake::Unrouted { number: 1 }));
    world.service.carrier_link_lost("north", 1);
    assert_eq!(world.write("ok").await, Intake::Repeated);
}
