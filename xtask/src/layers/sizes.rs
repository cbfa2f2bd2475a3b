//! How long a file of code may be: past 400 lines it is listed, past 800 it is refused.

use super::{Complaint, SourceFile, has_extension};

const CODE: &[&str] = &["cjs", "css", "html", "js", "mjs", "py", "rs", "sh", "sql"];
const LOOK_AGAIN: usize = 400;
const LIMIT: usize = 800;

/// A complaint for every file past the limit.
pub(super) fn judge(files: &[SourceFile]) -> Vec<Complaint> {
    let long = long(files).into_iter().filter(|(lines, _)| *lines > LIMIT);
    long.map(|(lines, path)| Complaint {
        path: path.to_owned(),
        line: 0,
        what: format!("has {lines} lines, {LIMIT} at most"),
    })
    .collect()
}

/// The files that are worth another look, longest first.
pub(super) fn long(files: &[SourceFile]) -> Vec<(usize, &str)> {
    let code = files.iter().filter(|file| has_extension(&file.path, CODE));
    let mut long: Vec<(usize, &str)> = code
        .map(|file| (file.text.lines().count(), file.path.as_str()))
        .filter(|(lines, _)| *lines > LOOK_AGAIN)
        .collect();
    long.sort_by(|a, b| b.cmp(a));
    long
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    #[test]
    fn the_limit_is_inclusive() {
        let files = [
            file("a.rs", &"x\n".repeat(LIMIT)),
            file("b.rs", &"x\n".repeat(LIMIT + 1)),
            file("c.rs", &"x\n".repeat(LOOK_AGAIN)),
            file("package-lock.json", &"x\n".repeat(9 * LIMIT)),
        ];
        assert_eq!(judge(&files).iter().map(|it| it.path.as_str()).collect::<Vec<_>>(), ["b.rs"]);
        assert_eq!(long(&files), [(LIMIT + 1, "b.rs"), (LIMIT, "a.rs")]);
    }
}
