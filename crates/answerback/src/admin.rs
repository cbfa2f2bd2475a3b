//! Administration: one implementation of every command, run on the spot or by the server that owns the data
//! directory.
//!
//! A running server listens on the Unix socket `admin.sock` (mode 0600) in its data directory. A connection
//! is one command:
//!
//! ```text
//! client → server   one line of JSON: {"protocol":1,"command":"account_list"}, at most 1 MiB
//!                   for `import`, after it the records, until the client shuts its writing side down
//! server → client   frames: one octet (what), four octets (length, big-endian), the payload
//!                     1 data      octets of an export
//!                     2 progress  JSON, a `Progress`
//!                     3 result    JSON, a `Reply`; the last frame
//!                     4 error     JSON, a `Failure`; the last frame
//! ```
//!
//! A payload of data is at most 1 MiB, any other at most 1 GiB. A server refuses another protocol number than its own by name: client and
//! server are the same program, and an old server should be restarted after an update. Whoever may enter the
//! directory (mode 0700) may administer; the socket asks for nothing more.

pub(crate) mod answers;
pub(crate) mod approval;
pub(crate) mod carrier_view;
pub(crate) mod carriers;
pub(crate) mod client;
pub(crate) mod desk;
pub(crate) mod frame;
pub(crate) mod numbers;
pub(crate) mod open_view;
pub(crate) mod rates;
pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod run;
mod sending;
pub(crate) mod server;
pub(crate) mod settings;
pub(crate) mod socket;
pub(crate) mod webhooks;

pub(crate) use desk::Desk;
pub(crate) use reply::{Progress, Reply};
pub(crate) use request::Request;
pub(crate) use run::{Outlet, run};

/// The version of the protocol.
pub(crate) const PROTOCOL: u32 = 1;
