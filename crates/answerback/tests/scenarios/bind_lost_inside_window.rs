//! The connection breaks while submissions are out: what has no answer is in doubt, is sent again because the
//! operator said so, and is counted; nothing else is sent twice.

use serde_json::Value;

use crate::http::get;
use crate::process::Simulator;
use crate::world::{World, all, handsets};

#[test]
fn everything_arrives_and_every_double_is_a_counted_doubt() {
    let world = World::new();
    let profile =
        world.profile("base = \"swift\"\nmagic_numbers = true\n[behaviour]\nanswer_after = \"100ms\"\nfinal_after = \"0ms\"\n");
    let smsc = Simulator::start(&world.home, &["--profile", &profile]);
    world.link("out", &smsc.address, &["--window", "10", "--doubt", "resend"]);
    let server = world.serve();
    // Taken, and the connection cut instead of the answer; and cut without being taken.
    let mut numbers = handsets(20, "0605");
    numbers.extend(["46701990011".to_owned(), "46701990008".to_owned()]);
    world.accept(&server, &all(&numbers), "Hello");
    let stories = world.until_all(22, "delivered");
    let doubts: usize = stories.iter().map(|story| story.times("uncertain")).sum();
    assert!(doubts >= 2, "{stories:?}");
    let twice: Vec<Value> = serde_json::from_slice(&get(smsc.control, "/duplicates").body).expect("JSON");
    for double in &twice {
        let story = stories.iter().find(|story| story.recipient == double["recipient"]).expect("known");
        let times = double["times"].as_u64().expect("a count");
        assert!(times as usize - 1 <= story.times("uncertain"), "{double} {story:?}");
    }
    assert!(twice.iter().any(|double| double["recipient"] == "46701990011"), "the SMSC had it: {twice:?}");
    server.stop();
    world.sound();
}
