//! Carriers as their operator set them up: described in the configuration file or by command, kept running.
//!
//! * [`spec`] is one carrier's description, [`keys`] the one list of what it may say, in a file or by option;
//! * [`kept`] is `carriers.toml` in the data directory, where carriers added by command live;
//! * [`fleet`] keeps the gateway's carriers as described, restarting only what changed; [`probe`] tries one.

mod figures;
pub(crate) mod fleet;
pub(crate) mod intake;
pub(crate) mod kept;
pub(crate) mod keys;
#[cfg(test)]
mod pages;
pub(crate) mod probe;
mod reading;
mod routes;
pub(crate) mod spec;
mod start;

pub(crate) use fleet::{Fleet, StandIn};
pub(crate) use reading::{Reading, is_name};
pub(crate) use spec::{Spec, Specs};
