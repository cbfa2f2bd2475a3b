//! Somebody writes STOP: the very next message to them is refused, with its reason, until they write START.

use crate::process::{Simulator, until};
use crate::world::{HANDSET, World, write};

#[test]
fn stop_stops_and_start_starts() {
    let world = World::new();
    let smsc = Simulator::start(&world.home, &["--profile", "swift"]);
    world.link("out", &smsc.address, &[]);
    let server = world.serve();
    world.accept(&server, &[HANDSET], "Before");
    world.until_all(1, "delivered");

    write(&smsc, "Stop", "");
    // The carrier's receipt for the MO says that it is on disk.
    until(|| smsc.stats()["mo_acknowledged"] == 1);
    world.accept(&server, &[HANDSET], "Between");
    until(|| world.stories("mt").len() == 2);
    let refused = world.stories("mt").remove(1);
    assert_eq!((refused.state(), refused.reason.as_deref()), ("denied", Some("opt-out")), "{refused:?}");

    write(&smsc, "START", "");
    until(|| smsc.stats()["mo_acknowledged"] == 2);
    world.accept(&server, &[HANDSET], "After");
    until(|| world.stories("mt").iter().any(|story| story.body == "After" && story.state() == "delivered"));
    assert_eq!(smsc.stats()["submitted"], 2, "nothing went out between");
    server.stop();
    world.sound();
}
