//! The sending side over the embedded engine.

#[path = "submit/contacts.rs"]
mod contacts;
#[path = "submit/funds.rs"]
mod funds;
#[path = "submit/keeping.rs"]
mod keeping;
#[path = "submit/people.rs"]
mod people;
#[path = "submit/schedules.rs"]
mod schedules;
#[path = "submit/sending.rs"]
mod sending;
mod support;
#[path = "submit/world.rs"]
mod world;
