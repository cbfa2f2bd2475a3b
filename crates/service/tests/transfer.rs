//! Import, export and the generator against the embedded engine.

#[path = "transfer/exporting.rs"]
mod exporting;
#[path = "transfer/generating.rs"]
mod generating;
#[path = "transfer/importing.rs"]
mod importing;
#[path = "transfer/store.rs"]
mod store;
mod support;
