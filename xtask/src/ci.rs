//! `cargo xtask ci`: what every change must pass, cheapest first, stopping at the first failure.
//!
//! No step sets RUSTFLAGS: that would build every dependency again. Warnings are denied by clippy's own
//! argument and, for documentation, by RUSTDOCFLAGS, which only rustdoc reads.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::step::{cargo, must, step};
use crate::{layers, policy, test, workspace};

/// Runs every step in order.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let Some(word) = arguments.first() {
        bail!("`ci` takes no argument, got {word}");
    }
    let start = Instant::now();
    let root = workspace::root()?;
    step("format", || must(cargo(&["fmt", "--all", "--check"]).current_dir(&root)))?;
    step("layers", || layers::run(&[]))?;
    step("dependency policy", || policy::run(&[]))?;
    step("clippy", || clippy(&root))?;
    step("docs", || docs(&root))?;
    step("test", || test::run(&[]))?;
    println!("== ci: all steps passed, {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn clippy(root: &Path) -> Result<()> {
    let arguments = ["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"];
    must(cargo(&arguments).current_dir(root))
}

fn docs(root: &Path) -> Result<()> {
    let arguments = ["doc", "--locked", "--workspace", "--no-deps"];
    must(cargo(&arguments).env("RUSTDOCFLAGS", "-D warnings").current_dir(root))
}
