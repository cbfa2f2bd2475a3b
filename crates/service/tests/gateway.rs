//! The gateway over the embedded engine, with carriers made by hand and simulated ones.

#[path = "gateway/carriers_come_and_go.rs"]
mod carriers_come_and_go;
#[path = "gateway/coming_in.rs"]
mod coming_in;
#[path = "gateway/doubt.rs"]
mod doubt;
#[path = "gateway/endings.rs"]
mod endings;
#[path = "gateway/fake.rs"]
mod fake;
#[path = "gateway/hostile.rs"]
mod hostile;
#[path = "gateway/plain.rs"]
mod plain;
#[path = "gateway/speed.rs"]
mod speed;
#[path = "gateway/straight.rs"]
mod straight;
mod support;
#[path = "gateway/times.rs"]
mod times;
#[path = "gateway/world.rs"]
mod world;
