//! The ESME link over real sockets, against a peer that the test plays.

#[path = "link/peer.rs"]
mod peer;

#[path = "link/ending.rs"]
mod ending;
#[path = "link/receiving.rs"]
mod receiving;
#[path = "link/submitting.rs"]
mod submitting;
#[path = "link/tls.rs"]
mod tls;
#[path = "link/trouble.rs"]
mod trouble;
