//! The receiving side over the embedded engine, scenario by scenario.

#[path = "inbound/addresses.rs"]
mod addresses;
#[path = "inbound/answers.rs"]
mod answers;
#[path = "inbound/any_text.rs"]
mod any_text;
#[path = "inbound/commands.rs"]
mod commands;
#[path = "inbound/repeats.rs"]
mod repeats;
#[path = "inbound/routing.rs"]
mod routing;
#[path = "inbound/segments.rs"]
mod segments;
mod support;
#[path = "inbound/world.rs"]
mod world;
