//! A customer's server.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, sync_channel};

/// A customer's server that answers 200 to every call and passes it on: head and body.
pub(crate) fn far_end() -> (String, Receiver<(String, String)>) {
    far_end_at("127.0.0.1:0")
}

/// The same at an address.
pub(crate) fn far_end_at(address: &str) -> (String, Receiver<(String, String)>) {
    let listener = TcpListener::bind(address).expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("bound"));
    let (tell, told) = sync_channel(64);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let (mut text, mut octets) = (String::new(), [0; 4096]);
            let call = loop {
                let count = stream.read(&mut octets).expect("read");
                text.push_str(&String::from_utf8_lossy(&octets[..count]));
                let whole = text.split_once("\r\n\r\n").filter(|(_, body)| body.ends_with("}}"));
                if let Some((head, body)) = whole {
                    break (head.to_owned(), body.to_owned());
                }
                assert!(count > 0, "cut off: {text}");
            };
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .expect("sent");
            if tell.send(call).is_err() {
                return;
            }
        }
    });
    (url, told)
}

/// A header of a call.
pub(crate) fn header<'h>(head: &'h str, name: &str) -> &'h str {
    let line = head.lines().find_map(|line| {
        let (known, value) = line.split_once(": ")?;
        known.eq_ignore_ascii_case(name).then_some(value)
    });
    line.unwrap_or_else(|| panic!("no {name} in {head}"))
}
