//! The process is killed when one part of a long MO is acknowledged and the other has not come: the MO is whole
//! all the same, once.

use crate::process::{Simulator, until};
use crate::world::{World, write};

#[test]
fn the_first_part_waits_on_disk() {
    let world = World::new();
    let smsc = Simulator::start(&world.home, &["--profile", "swift"]);
    world.link("out", &smsc.address, &[]);
    let server = world.serve();
    world.until_up("out");
    let text = format!("It begins here{} and ends there", " and goes on".repeat(14));
    write(&smsc, &text, "&gap=1500ms");
    until(|| smsc.stats()["mo_acknowledged"] == 1);
    server.kill();
    assert!(world.stories("mo").is_empty(), "half of it is no message");
    let server = world.serve();
    until(|| smsc.stats()["mo_acknowledged"] == 2);
    let received = world.stories("mo");
    assert_eq!(received.iter().map(|story| story.body.as_str()).collect::<Vec<_>>(), [text.as_str()]);
    server.stop();
    world.sound();
}
