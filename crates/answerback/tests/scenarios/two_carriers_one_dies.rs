//! Two carriers may take a message: the first in rank takes it while it lives, the other when it is gone, and
//! the first again when it is back.

use crate::process::{Simulator, until};
use crate::world::{World, all, handsets};

#[test]
fn the_other_one_takes_over_and_gives_back() {
    let world = World::new();
    let first = Simulator::start(&world.home, &["--profile", "swift"]);
    let second = Simulator::start(&world.home, &["--profile", "swift"]);
    let address = first.address.clone();
    world.link("first", &address, &["--rank", "1"]);
    world.link("second", &second.address, &["--rank", "2"]);
    let server = world.serve();
    world.until_up("first");
    world.until_up("second");
    let numbers = handsets(30, "0605");
    world.accept(&server, &all(&numbers[..10]), "Both are there");
    world.until_all(10, "delivered");
    assert_eq!((&first.stats()["accepted"], &second.stats()["accepted"]), (&10.into(), &0.into()));

    drop(first);
    world.accept(&server, &all(&numbers[10..20]), "One is gone");
    world.until_all(20, "delivered");
    assert_eq!(second.stats()["accepted"], 10);

    let first = Simulator::start_at(&world.home, &address, &["--profile", "swift"]);
    world.until_up("first");
    world.accept(&server, &all(&numbers[20..]), "It is back");
    world.until_all(30, "delivered");
    until(|| first.stats()["accepted"] == 10);
    assert_eq!(second.stats()["accepted"], 10);
    server.stop();
    world.sound();
}
