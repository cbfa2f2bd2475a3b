//! The process is killed while a large batch is being written: all of it is there or nothing, and the same
//! request with its key makes it be there once.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::http::{Answer, Wire};
use crate::process::Server;
use crate::world::World;

/// Messages of a batch.
const MANY: usize = 2_000;

fn request(key: &str, text: &str) -> String {
    let recipients: Vec<String> = (0..MANY).map(|at| format!("4670174{at:04}")).collect();
    let body = json!({ "sender": "acme", "recipients": recipients, "body": text }).to_string();
    format!(
        "POST /v2/batches HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nIdempotency-Key: {text}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn ask(server: &Server, request: &str) -> Answer {
    let mut wire = Wire::open(server.address);
    wire.send(request);
    wire.answer(true)
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a process is killed at a moment, not at an event")]
fn a_batch_is_there_whole_or_not_at_all() {
    let world = World::new();
    // They stay where they are.
    world.home.file("waiting.toml", "simulate = false\n");
    let mut whole = 0;
    // Whatever the machine's speed, some of these moments are before the commit and some behind it.
    for (round, moment) in [0, 30, 90, 250].into_iter().enumerate() {
        let server = world.home.serve(&["--config", "waiting.toml"]);
        let request = request(&world.key, &format!("batch{round}"));
        let mut stream = TcpStream::connect(server.address).expect("connected");
        stream.write_all(request.as_bytes()).expect("sent");
        std::thread::sleep(Duration::from_millis(moment));
        server.kill();
        let there = world.stories("mt").iter().filter(|story| story.body == format!("batch{round}")).count();
        assert!(there == 0 || there == MANY, "round {round}: {there} of {MANY}");

        let server = world.home.serve(&["--config", "waiting.toml"]);
        let answer = ask(&server, &request);
        assert_eq!(answer.status, 201, "{}", answer.text());
        server.kill();
        whole += MANY;
        assert_eq!(world.stories("mt").len(), whole, "round {round}: accepted once");
    }
    world.sound();
}
