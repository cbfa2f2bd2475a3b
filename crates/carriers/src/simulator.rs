//! The simulated carrier: a message centre that behaves as carriers do, well or badly, and the same way each
//! time it is given the same seed.
//!
//! * [`centre`] decides and remembers, without a socket or a clock: what a submission is answered and when,
//!   which receipts follow, which MO come. What becomes of one message ([`fate`]) follows from the seed, its
//!   content and how often that content was submitted before, never from what else is going on; only the
//!   limits of rate and memory ([`profile::Profile::rate`], [`profile::Profile::pending`]) look at the rest.
//! * [`profile`] is how it behaves: a TOML file, or one of the built-in ones: `plain` (as carriers are on most
//!   days), `lossy` (loses, does not lie), `hostile` (everything at once), `slow` (a bad line), `swift`
//!   (faultless and without delay, for measurements).
//! * [`inbox`] is a [`crate::Carrier`] without sockets, for demonstrations and for a server without a carrier.
//! * [`smsc`] is a stand-alone SMSC on TCP that any SMPP 3.4 client may bind to, and [`control`] an HTTP
//!   listener beside it: `POST /mo`, `GET /stats` and the rest.
//!
//! # Magic numbers
//! Recipients that end so get what the table says in every profile that does not switch them off
//! (`magic_numbers = false`), after the profile's own delays and free from its other faults. "First" is the
//! first attempt at the same text from the same sender to the same recipient; the attempts after it are
//! accepted and delivered.
//!
//! | ends in | what happens |
//! | --- | --- |
//! | 0001 | undelivered |
//! | 0002 | expired |
//! | 0003 | refused at submission (ESME_RINVDSTADR) |
//! | 0004 | throttled twice first (ESME_RTHROTTLED) |
//! | 0005 | delivered, but no receipt ever comes |
//! | 0006 | the receipt comes before the answer to the submission |
//! | 0007 | every receipt comes twice |
//! | 0008 | first: the connection is cut instead of an answer; not taken |
//! | 0009 | first: no answer; not taken |
//! | 0010 | first: no answer, though taken: its receipt has an id that nobody was told |
//! | 0011 | first: the connection is cut instead of an answer, though taken |
//! | 0012 | first: accepted, then the connection is cut |
//! | 0013, 0014, 0015 | receipt REJECTD, UNKNOWN, DELETED |
//! | 0016 | receipts ACCEPTD, ENROUTE, DELIVRD |
//! | 0017 | the same, DELIVRD coming first |
//! | 0018 | DELIVRD, contradicted by UNDELIV |
//! | 0019 | the receipt is a minute late |
//! | 0020, 0021 | first: ESME_RMSGQFUL, ESME_RSYSERR |
//! | 0022 | refused with the carrier's own status 0x00000400 |
//! | 0023 | accepted without an id |
//! | 0024 | the answer comes twice |
//! | 0025 | besides its own a receipt with an id that nobody was told |
//! | 0026, 0027 | the receipt has only its TLVs, only its text |
//! | 0028 | the receipt's text is no receipt; its TLVs are |
//! | 0029 | the receipt has only a text, which quotes another receipt |
//! | 0031 to 0035 | the receipt writes the id in hexadecimal, capitals, padded, decimal, padded decimal |
//! | 0036 | the receipt has only a text, with dates to the second in the zone +05:30 |
//! | 0040, 0041 | the recipient answers `Yes`, `STOP` |
//! | 0042 | answers in two parts |
//! | 0043 | answers in two parts, the second one first |
//! | 0044 | answers in two parts, the second of which never comes |
//! | 0045 | answers in two parts of UCS-2 |
//! | 0046 | answers in two parts marked by sar parameters |
//! | 0047 | answers at length in one `message_payload` |
//! | 0048 | answers in two parts with a reference of 16 bits, the first of them twice |
//! | 0049 | answers with the text it got |

mod agenda;
pub mod answer;
pub mod behaviour;
pub mod centre;
mod clock;
pub mod control;
pub mod counters;
pub mod delivery;
pub mod dice;
pub mod fate;
pub mod inbox;
pub mod message_id;
pub mod mix;
pub mod mo;
mod overlay;
pub mod pattern;
pub mod profile;
pub mod receipt;
mod recent;
pub mod segment;
pub mod smsc;
pub mod span;
pub mod state;
mod switchboard;

pub use centre::Centre;
pub use counters::Counters;
pub use inbox::SimulatedCarrier;
pub use mo::Mo;
pub use profile::{Profile, ProfileError};
pub use smsc::Smsc;
