//! The answer to a submission comes after its time: the attempt is in doubt until then, and settled by it.

use crate::process::{Simulator, until};
use crate::world::{HANDSET, World};

#[test]
fn a_late_answer_settles_what_was_in_doubt() {
    let world = World::new();
    let profile =
        world.profile("base = \"swift\"\nmagic_numbers = true\n[behaviour]\nanswer_after = \"1500ms\"\nfinal_after = \"0ms\"\n");
    let smsc = Simulator::start(&world.home, &["--profile", &profile]);
    world.link("out", &smsc.address, &["--doubt", "hold", "--set", "response_timeout=500ms"]);
    let server = world.serve();
    world.accept(&server, &[HANDSET], "Hello");
    let story = world.until_all(1, "delivered").remove(0);
    assert_eq!(story.times("uncertain"), 1, "{story:?}");
    let stats = smsc.stats();
    assert_eq!((&stats["submitted"], &stats["duplicates"]), (&1.into(), &0.into()), "never sent again");
    until(|| world.home.ask(&["carrier", "show", "out"])["figures"]["late"] == 1);
    assert_eq!(world.home.ask(&["uncertain", "--account", "acme"])["total"], 0);
    server.stop();
    world.sound();
}
