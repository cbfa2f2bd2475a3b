//! The configuration gives a route to another carrier while the server runs: what is sent after it goes there,
//! no session is made anew, and nothing is sent twice.

use crate::process::{Simulator, until};
use crate::world::{HANDSET, World};

fn carriers(north: &Simulator, south: &Simulator, north_has: &str, south_has: &str) -> String {
    let one = |name: &str, smsc: &Simulator, route: &str| {
        let address = &smsc.address;
        format!("[carriers.{name}]\nsmpp = \"{address}\"\nsystem_id = \"me\"\nroute = [\"{route}\"]\n")
    };
    one("north", north, north_has) + &one("south", south, south_has)
}

#[test]
fn what_is_sent_after_it_goes_the_new_way() {
    let world = World::new();
    let north = Simulator::start(&world.home, &["--profile", "swift"]);
    let south = Simulator::start(&world.home, &["--profile", "swift"]);
    world.configure(&carriers(&north, &south, "46", "47"));
    let server = world.serve();
    world.until_up("north");
    world.until_up("south");
    world.accept(&server, &[HANDSET], "Before");
    world.until_all(1, "delivered");
    assert_eq!((&north.stats()["accepted"], &south.stats()["accepted"]), (&1.into(), &0.into()));

    world.configure(&carriers(&north, &south, "47", "46"));
    server.hang_up();
    until(|| world.home.ask(&["carrier", "show", "south"])["route"] == serde_json::json!(["46"]));
    world.accept(&server, &[HANDSET], "After");
    world.until_all(2, "delivered");
    assert_eq!((&north.stats()["accepted"], &south.stats()["accepted"]), (&1.into(), &1.into()));
    assert_eq!((&north.stats()["binds"], &south.stats()["binds"]), (&1.into(), &1.into()));
    server.stop();
    world.sound();
}
