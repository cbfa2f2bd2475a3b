//! Where we are: the workspace's root, its packages by `cargo metadata`, and the files of the tree.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::step;

/// The workspace's root directory.
pub(crate) fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(Path::to_path_buf).context("xtask stands in the workspace's root")
}

/// What `cargo metadata` says, as far as the chores need it.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    /// The packages of the workspace.
    pub(crate) packages: Vec<Package>,
    /// Where cargo puts what it builds.
    pub(crate) target_directory: PathBuf,
}

/// One package.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// What its manifest asks for, of every kind.
    pub(crate) dependencies: Vec<Dependency>,
}

/// One line under a package's dependencies.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Dependency {
    /// The package's name, not what it is renamed to.
    pub(crate) name: String,
    /// `None` normal, else `dev` or `build`.
    pub(crate) kind: Option<String>,
}

/// Asks `cargo metadata` about the workspace's own packages.
pub(crate) fn metadata(root: &Path) -> Result<Metadata> {
    let mut command = step::cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let text = step::output(command.current_dir(root))?;
    serde_json::from_str(&text).context("reading cargo metadata")
}

/// The files of the tree, relative to `root`: tracked ones and new ones that are not ignored.
pub(crate) fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut git = Command::new("git");
    // A checkout may belong to another user than the one who runs CI; we only list it.
    git.args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listing = step::output(git.current_dir(root)).context("listing the tree's files with git")?;
    let mut files: Vec<PathBuf> = listing
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(PathBuf::from)
        .filter(|name| root.join(name).is_file())
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_and_its_packages_are_found() {
        let root = root().expect("a root");
        let files = files(&root).expect("a listing");
        assert!(files.contains(&PathBuf::from("xtask/src/workspace.rs")));
        assert!(!files.iter().any(|file| file.starts_with("target")));
        let metadata = metadata(&root).expect("metadata");
        assert!(metadata.packages.iter().any(|package| package.name == "xtask"));
    }
}
