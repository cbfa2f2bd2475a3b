//! The disk is full: the answer is a refusal in the dialect's shape, what was accepted before is whole, nothing
//! is half written, reading goes on, and with room again so does sending.

use serde_json::Value;

use crate::http::ask;
use crate::process::until;
use crate::world::World;

#[test]
fn what_does_not_fit_is_refused_and_what_was_accepted_is_whole() {
    let world = World::new();
    // Room for some requests: the ledger's file and its log each end at 2 MiB.
    let server = world.home.serve_on_a_small_disk(4096);
    let recipients: Vec<String> = (0..500).map(|at| format!("4670174{at:04}")).collect();
    let recipients: Vec<&str> = recipients.iter().map(String::as_str).collect();
    let mut accepted = 0;
    let refused = loop {
        let answer = world.send(&server, &recipients, &format!("Number {accepted}"));
        match answer.status {
            201 => accepted += 1,
            _ => break answer,
        }
        assert!(accepted < 1000, "the disk is never full");
    };
    assert!(accepted > 0, "{}", refused.text());
    assert_eq!(refused.status, 500, "{}", refused.text());
    let body: Value = serde_json::from_slice(&refused.body).expect("the dialect's shape");
    assert!(body.is_object() && !refused.text().contains("disk I/O"), "{body}");

    let bearer = format!("Authorization: Bearer {}", world.key);
    let listed = ask(server.address, "GET", "/v2/batches", &[&bearer]);
    assert_eq!(listed.status, 200, "reading goes on: {} {}", listed.text(), server.log());
    server.kill();

    world.sound();
    let server = world.serve();
    world.accept(&server, &recipients, "There is room again");
    until(|| world.stories("mt").iter().filter(|story| story.body == "There is room again").count() == 500);
    let stories = world.stories("mt");
    for round in 0..accepted {
        let body = format!("Number {round}");
        assert_eq!(stories.iter().filter(|story| story.body == body).count(), 500, "{body} was accepted");
    }
    assert_eq!(stories.len(), (accepted + 1) * 500, "what was refused is not there");
    server.stop();
    world.sound();
}
