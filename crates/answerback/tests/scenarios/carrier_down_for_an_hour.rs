//! The only carrier cannot be reached, for longer than anything that is tried again takes: what was accepted
//! waits and fails in nothing, over a restart too, and leaves once when the carrier is back.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::process::{Simulator, until};
use crate::world::{World, all, handsets, metric};

/// Longer than a carrier that is there and down may be taken for no route (5 s), many times the pauses between
/// attempts to connect.
const HOUR: Duration = Duration::from_secs(6);

#[test]
fn what_was_accepted_waits_and_leaves_once() {
    let world = World::new();
    let address = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port");
    let address = address.to_string();
    world.link("out", &address, &[]);
    let server = world.serve();
    let down = Instant::now();
    let numbers = handsets(20, "0605");
    world.accept(&server, &all(&numbers[..10]), "At its beginning");
    until(|| down.elapsed() > HOUR);
    let waiting = world.stories("mt");
    assert!(waiting.iter().all(|story| story.states == ["queued"]), "{waiting:?}");
    assert_eq!(metric(&server, "answerback_attempts_submitted_total"), 0);
    server.stop();
    let server = world.serve();
    world.accept(&server, &all(&numbers[10..]), "At its end");
    let smsc = Simulator::start_at(&world.home, &address, &["--profile", "swift"]);
    let stories = world.until_all(20, "delivered");
    assert!(stories.iter().all(|story| story.times("sending") == 1), "{stories:?}");
    assert_eq!((&smsc.stats()["submitted"], &smsc.stats()["duplicates"]), (&20.into(), &0.into()));
    server.stop();
    world.sound();
}
