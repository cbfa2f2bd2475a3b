//! No path of the machine a change was made on: not of this checkout, nor of anybody's home.

use std::path::{Path, PathBuf};

use super::{Complaint, SourceFile};

/// Directories that belong to every machine; a path through them gives nobody away.
const ORDINARY: &[&str] =
    &["/", "/home", "/mnt", "/opt", "/srv", "/tmp", "/usr", "/usr/src", "/var", "/var/tmp"];
/// Where people live, by convention: a name after one of these is somebody's.
const HOMES: &[&str] = &["/home/", "/Users/", "\\Users\\"];

/// What is known of this machine.
pub(super) struct Machine {
    /// Beginnings of paths that exist only here, without the last slash.
    private: Vec<String>,
}

impl Machine {
    /// The checkout, its parent and the caller's home, as far as they are not every machine's.
    pub(super) fn of(root: &Path) -> Self {
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let candidates = [Some(root.to_path_buf()), root.parent().map(Path::to_path_buf), home];
        let paths = candidates.into_iter().flatten().map(|path| path.to_string_lossy().into_owned());
        Self { private: paths.filter(|path| !ORDINARY.contains(&path.as_str())).collect() }
    }
}

/// A complaint for every line with such a path.
pub(super) fn judge(files: &[SourceFile], machine: &Machine) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in files {
        for (at, line) in file.text.lines().enumerate() {
            if is_private(line, machine) || is_in_a_home(line) {
                let what = "has a path of somebody's machine".to_owned();
                complaints.push(Complaint { path: file.path.clone(), line: at + 1, what });
            }
        }
    }
    complaints
}

/// Whether a private path begins in the line: not as the tail of a longer path or of a URL.
fn is_private(line: &str, machine: &Machine) -> bool {
    machine.private.iter().any(|path| {
        line.match_indices(path.as_str()).any(|(start, _)| {
            let ends = line[start + path.len()..].chars().next();
            !line[..start].ends_with(is_in_path) && ends.is_none_or(|c| c == '/' || !is_in_path(c))
        })
    })
}

fn is_in_a_home(line: &str) -> bool {
    HOMES.iter().any(|home| {
        line.match_indices(home).any(|(start, _)| {
            let goes_on = line[start + home.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
            let is_tail = line[..start].ends_with(is_in_path) && !line[..start].ends_with(':');
            goes_on && !is_tail
        })
    })
}

fn is_in_path(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '~' | '/' | '}')
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    /// Joined here, so that this file has no such path itself.
    fn path(parts: &[&str]) -> String {
        format!("/{}", parts.join("/"))
    }

    fn complaints(line: &str) -> usize {
        let machine = Machine { private: vec![path(&["depot", "checkout"]), path(&["depot"])] };
        judge(&[file("a.txt", line)], &machine).len()
    }

    #[test]
    fn private_paths_are_refused() {
        assert_eq!(complaints(&format!("open(\"{}\")", path(&["depot", "checkout", "x"]))), 1);
        assert_eq!(complaints(&path(&["depot"])), 1);
        assert_eq!(complaints(&path(&["home", "alice", "notes"])), 1);
        assert_eq!(complaints(&format!("see {}", path(&["Users", "bob"]))), 1);
    }

    #[test]
    fn others_are_not() {
        for line in [
            format!("https://example.org{}", path(&["depot", "x"])),
            format!("a{}", path(&["depot", "x"])),
            path(&["depots", "x"]),
            path(&["tmp", "x"]),
            format!("{}/", path(&["home"])),
            format!("https://example.org{}", path(&["home", "alice"])),
            "./target/x".to_owned(),
        ] {
            assert_eq!(complaints(&line), 0, "{line}");
        }
    }

    #[test]
    fn ordinary_directories_are_nobodys() {
        let machine = Machine::of(Path::new("/tmp/clone"));
        assert!(machine.private.contains(&"/tmp/clone".to_owned()));
        assert!(!machine.private.contains(&"/tmp".to_owned()));
    }
}
