//! A receipt overtakes the answer to its submission: it waits for its id, and is matched when that comes.

use serde_json::json;

use crate::process::{Simulator, until};
use crate::world::{World, all, handsets, metric};

#[test]
fn the_receipt_is_matched_when_its_id_turns_up() {
    let world = World::new();
    let profile =
        world.profile("base = \"swift\"\nmagic_numbers = true\n[behaviour]\nanswer_after = \"300ms\"\nfinal_after = \"0ms\"\n");
    let smsc = Simulator::start(&world.home, &["--profile", &profile]);
    world.link("out", &smsc.address, &[]);
    let server = world.serve();
    let numbers = handsets(5, "0006");
    world.accept(&server, &all(&numbers), "Hello");
    let stories = world.until_all(5, "delivered");
    assert!(stories.iter().all(|story| story.times("uncertain") == 0), "{stories:?}");
    assert_eq!(world.home.ask(&["receipts"]), json!({ "total": 0, "receipts": [] }), "none waits");
    until(|| smsc.stats()["receipts_acknowledged"] == smsc.stats()["receipts_planned"]);
    assert_eq!(smsc.stats()["duplicates"], 0);
    assert!(metric(&server, "answerback_attempts_submitted_total") >= 5);
    server.stop();
    world.sound();
}
