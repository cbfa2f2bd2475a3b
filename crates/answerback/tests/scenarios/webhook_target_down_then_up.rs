//! A customer's server is down while messages go out: they go out all the same, and it is told everything, in
//! order, when it is back, over a restart of ours too.

use std::net::TcpListener;

use serde_json::Value;

use crate::far_end::far_end_at;
use crate::process::{LONG, Simulator, until};
use crate::world::{HANDSET, World};

#[test]
fn it_is_told_everything_when_it_is_back() {
    let world = World::new();
    let address = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port");
    let smsc = Simulator::start(&world.home, &["--profile", "swift"]);
    world.link("out", &smsc.address, &[]);
    world.home.ask(&["webhook", "add", "--account", "acme", &format!("http://{address}/hook")]);
    let server = world.serve();
    world.accept(&server, &[HANDSET], "Hello");
    world.until_all(1, "delivered");
    let shown = || world.home.ask(&["webhook", "show", "--account", "acme", "1"]);
    until(|| shown()["failing_since"].is_string() && shown()["waiting"].as_u64() > Some(0));
    server.kill();

    let (_, told) = far_end_at(&address.to_string());
    let server = world.serve();
    let mut sequences = Vec::new();
    loop {
        let (_, body) = told.recv_timeout(LONG).expect("a call");
        let call: Value = serde_json::from_str(&body).expect("JSON");
        sequences.push(call["sequence"].as_u64().expect("a number"));
        if call["message"]["state"] == "delivered" {
            break;
        }
    }
    assert_eq!(sequences, (1..=sequences.len() as u64).collect::<Vec<_>>(), "every event, in order");
    until(|| shown()["waiting"] == 0 && shown()["failing_since"].is_null());
    server.stop();
    world.sound();
}
