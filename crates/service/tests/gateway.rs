//! The gateway over the embedded engine, with carriers made by hand and simulated ones.

#[path = "gateway/fake.rs"]
mod fake;
#[path = "gateway/plain.rs"]
mod plain;
#[path = "gateway/world.rs"]
mod world;
