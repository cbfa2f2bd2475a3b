//! `cargo xtask layers`: the walls of the design that the compiler does not hold.
//!
//! Who may use whom ([`crates`]), whose name stands where ([`names`]), what a dialect may reach
//! ([`reach`]), how long a file may grow ([`sizes`]), and no path of anyone's machine ([`machine`]).

mod crates;
mod machine;
mod names;
mod reach;
mod sizes;

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::{clients, workspace};

/// A text file of the tree.
struct SourceFile {
    /// Relative to the root, with `/` between its parts.
    path: String,
    text: String,
}

/// Something that is not as it should be.
#[derive(Debug, PartialEq, Eq)]
struct Complaint {
    path: String,
    /// From 1; 0 when it is about the file as a whole.
    line: usize,
    what: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.what),
            line => write!(f, "{}:{line}: {}", self.path, self.what),
        }
    }
}

/// Checks every rule and prints all that is wrong, not only the first.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let Some(word) = arguments.first() {
        bail!("`layers` takes no argument, got {word}");
    }
    let root = workspace::root()?;
    let files = read_tree(&root)?;
    let vendors = clients::suites::read(&root)?.vendors();
    let mut complaints = crates::judge(&workspace::metadata(&root)?.packages);
    complaints.extend(names::judge(&files, &vendors));
    complaints.extend(reach::judge(&files, &vendors));
    complaints.extend(sizes::judge(&files));
    complaints.extend(machine::judge(&files, &machine::Machine::of(&root)));
    for (lines, path) in sizes::long(&files) {
        println!("worth another look: {path} has {lines} lines");
    }
    for complaint in &complaints {
        println!("{complaint}");
    }
    if !complaints.is_empty() {
        bail!("{} complaints; ARCHITECTURE.md says what the walls are for", complaints.len());
    }
    println!("layers: {} files of {} vendors and the core are in order", files.len(), vendors.len());
    Ok(())
}

/// Every file of the tree that is text; what is not UTF-8 is none.
fn read_tree(root: &Path) -> Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    for path in workspace::files(root)? {
        let octets = fs::read(root.join(&path)).with_context(|| format!("reading {}", path.display()))?;
        if let Ok(text) = String::from_utf8(octets) {
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            files.push(SourceFile { path: parts.join("/"), text });
        }
    }
    Ok(files)
}

/// Whether the path ends in one of `extensions`.
fn has_extension(path: &str, extensions: &[&str]) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension))
}

#[cfg(test)]
fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_points_at_its_line() {
        let mut complaint = Complaint { path: "a/b.rs".to_owned(), line: 7, what: "wrong".to_owned() };
        assert_eq!(complaint.to_string(), "a/b.rs:7: wrong");
        complaint.line = 0;
        assert_eq!(complaint.to_string(), "a/b.rs: wrong");
    }

    #[test]
    fn extensions_are_whole() {
        assert!(has_extension("a/b.rs", &["rs"]));
        assert!(!has_extension("a/b.rst", &["rs"]) && !has_extension("a/rs", &["rs"]));
    }
}
