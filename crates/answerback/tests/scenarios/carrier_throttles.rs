//! The carrier asks for less: nothing fails, nothing is lost, and throttling counts as no attempt.

use crate::process::Simulator;
use crate::world::{World, all, handsets, metric};

#[test]
fn throttled_messages_go_later() {
    let world = World::new();
    let smsc = Simulator::start(&world.home, &[]);
    let options = ["--set", "throttle_pause=50ms", "--set", "throttle_max=200ms"];
    world.link("out", &smsc.address, &options);
    let server = world.serve();
    // Each is throttled twice before it is taken.
    let numbers = handsets(10, "0004");
    world.accept(&server, &all(&numbers), "Hello");
    let stories = world.until_all(10, "delivered");
    assert!(stories.iter().all(|story| story.times("uncertain") + story.times("retry") == 0), "{stories:?}");
    let stats = smsc.stats();
    assert_eq!((&stats["submitted"], &stats["refused"]), (&30.into(), &20.into()));
    assert_eq!((&stats["accepted"], &stats["duplicates"]), (&10.into(), &0.into()));
    assert_eq!(metric(&server, "answerback_attempts_submitted_total"), 10);
    server.stop();
    world.sound();
}
