//! `cargo xtask bench NAME …`: builds the benchmarks in release mode and hands the arguments on.

use anyhow::{Result, bail};

use crate::{step, workspace};

/// The package whose binary holds every benchmark, by name.
const PACKAGE: &str = "bench";

/// Runs one benchmark; what it prints is its result.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if arguments.is_empty() {
        bail!("usage: cargo xtask bench NAME [ARGS]; NAME `ledger` is the one of bench/RESULTS.md");
    }
    let root = workspace::root()?;
    let mut command = step::cargo(&["run", "--locked", "--release", "--package", PACKAGE, "--"]);
    step::must(command.args(arguments).current_dir(root))
}
