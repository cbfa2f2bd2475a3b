//! `cargo xtask crash`: builds a server that can be made to end at named places, and the trial, and runs it.

use std::fs;

use anyhow::{Context, Result};

use crate::step::{cargo, must};
use crate::workspace;

/// The feature that arms the places; nothing else is built with it.
const ARMED: &str = "answerback/fault-points";

/// Runs the trial with these arguments; what it prints is the matrix.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let root = workspace::root()?;
    let packages = ["--locked", "--package", "answerback", "--package", "bench", "--features", ARMED];
    must(cargo(&["build"]).args(packages).current_dir(&root))?;
    let target = workspace::metadata(&root)?.target_directory;
    // Out of the way of the next build, and of whoever looks for a server to use.
    let armed = target.join("armed");
    fs::create_dir_all(&armed)?;
    for name in ["answerback", "bench"] {
        fs::rename(target.join("debug").join(name), armed.join(name))
            .with_context(|| format!("no {name} was built"))?;
    }
    must(std::process::Command::new(armed.join("bench")).arg("crash").args(arguments).current_dir(&root))
}
