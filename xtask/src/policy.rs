//! `cargo xtask policy`: licences, bans and sources of every dependency, by cargo-deny and `deny.toml`.
//!
//! The tool is pinned and, where it is not installed already, built once under `target/tools` (about two
//! minutes on two cores). Advisories are not checked: their database is not part of the tree.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::step::{cargo, must, output};
use crate::workspace;

/// The version that CI uses; another one may read `deny.toml` differently.
const VERSION: &str = "0.20.2";

/// Checks the whole graph.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let Some(word) = arguments.first() {
        bail!("`policy` takes no argument, got {word}");
    }
    let root = workspace::root()?;
    let tool = tool(&workspace::metadata(&root)?.target_directory.join("tools"))?;
    let mut check = Command::new(tool);
    check.args(["--locked", "check", "licenses", "bans", "sources"]);
    must(check.current_dir(root))
}

/// The path of a cargo-deny of the right version: the caller's own, else the one under `tools`.
fn tool(tools: &Path) -> Result<PathBuf> {
    let own = tools.join("bin").join("cargo-deny");
    for candidate in [PathBuf::from("cargo-deny"), own.clone()] {
        if is_right(&candidate) {
            return Ok(candidate);
        }
    }
    println!("building cargo-deny {VERSION} under {}", tools.display());
    let arguments = ["install", "--quiet", "--locked", "cargo-deny", "--version", VERSION, "--root"];
    // Its own target directory, so that the workspace's build lock is not held meanwhile.
    must(cargo(&arguments).arg(tools).env("CARGO_TARGET_DIR", tools.join("build")))
        .context("cargo-deny could not be built; `cargo install --locked cargo-deny` by hand helps too")?;
    Ok(own)
}

fn is_right(candidate: &Path) -> bool {
    output(Command::new(candidate).arg("--version")).is_ok_and(|said| is_version(&said))
}

/// Whether `said`, as `cargo-deny --version` prints it, names [`VERSION`].
fn is_version(said: &str) -> bool {
    said.split_whitespace().last() == Some(VERSION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pinned_version_is_used() {
        assert!(is_version(&format!("cargo-deny {VERSION}\n")));
        assert!(!is_version("cargo-deny 0.1.0\n"));
        assert!(!is_version(""));
        assert!(!is_right(Path::new("no-such-program-here")));
    }
}
