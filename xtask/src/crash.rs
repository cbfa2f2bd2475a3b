//! `cargo xtask crash`: builds a server that can be made to end at named places, and the trial, and runs it.

use anyhow::Result;

use crate::step::{cargo, must};
use crate::workspace;

/// The feature that arms the places; nothing else is built with it.
const ARMED: &str = "answerback/fault-points";

/// Runs the trial with these arguments; what it prints is the matrix.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let root = workspace::root()?;
    let packages = ["--locked", "--package", "answerback", "--package", "bench", "--features", ARMED];
    // A directory of its own: a server for people is never found where an armed one was built.
    let target = workspace::metadata(&root)?.target_directory.join("armed");
    must(cargo(&["build"]).args(packages).arg("--target-dir").arg(&target).current_dir(&root))?;
    let mut trial = std::process::Command::new(target.join("debug").join("bench"));
    must(trial.arg("crash").args(arguments).current_dir(&root))
}
