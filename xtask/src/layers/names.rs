//! A vendor's name stands in its own dialect, its tests, the registry's line and `clients/`, and nowhere
//! else in source: the core does not know whose tongue it is read in.

use super::{Complaint, SourceFile, has_extension};

/// The sources that are searched, comments and strings included. Prose (`.md`) may name anyone.
const SEARCHED: &[&str] = &["rs", "toml", "sql"];
/// Where the dialects are listed: a module's declaration and its line in the list, no comment.
const REGISTRY: &str = "crates/dialects/src/lib.rs";
const LINES_IN_REGISTRY: usize = 2;

/// A complaint for every line, and every path, that names a vendor in the wrong place.
pub(super) fn judge(files: &[SourceFile], vendors: &[String]) -> Vec<Complaint> {
    let searched = files.iter().filter(|file| has_extension(&file.path, SEARCHED));
    searched.flat_map(|file| vendors.iter().flat_map(|vendor| judge_one(file, vendor))).collect()
}

fn judge_one(file: &SourceFile, vendor: &str) -> Vec<Complaint> {
    if is_home(&file.path, vendor) {
        return Vec::new();
    }
    let complaint = |line, what: String| Complaint { path: file.path.clone(), line, what };
    let mut complaints = Vec::new();
    if mentions(&file.path, vendor) {
        complaints.push(complaint(0, format!("the path names {vendor} outside its places")));
    }
    let mut left = if file.path == REGISTRY { LINES_IN_REGISTRY } else { 0 };
    for (at, line) in file.text.lines().enumerate().filter(|(_, line)| mentions(line, vendor)) {
        let is_comment = line.trim_start().starts_with("//");
        if left > 0 && !is_comment {
            left -= 1;
        } else {
            complaints.push(complaint(at + 1, format!("names {vendor} outside its dialect")));
        }
    }
    complaints
}

/// Whether the file belongs to this vendor's dialect, to its tests, or to the clients.
fn is_home(path: &str, vendor: &str) -> bool {
    let of_vendor = |rest: &str| rest.split('/').any(|part| part.starts_with(vendor));
    path.starts_with("clients/")
        || path == format!("crates/dialects/src/{vendor}.rs")
        || path.starts_with(&format!("crates/dialects/src/{vendor}/"))
        || path.strip_prefix("crates/dialects/tests/").is_some_and(of_vendor)
        // The benchmark asks for each vendor's lists from outside, as the clients do.
        || path.starts_with("bench/src/lists")
}

/// Whether `text` has `name` as a word, or as the beginning of one, in any case: `acme`, `Acme::new`,
/// `ACME_URL`, `toAcme`, `acme.example`, but not `pacmen`. A name that ends in a digit is not found where
/// another digit follows.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    let octets = text.as_bytes();
    let lower = text.to_ascii_lowercase();
    lower.match_indices(name).any(|(start, _)| {
        let before = start.checked_sub(1).map(|at| octets[at]);
        let after = octets.get(start + name.len());
        let begins = before.is_none_or(|octet| {
            !octet.is_ascii_alphanumeric()
                || (octets[start].is_ascii_uppercase() && octet.is_ascii_lowercase())
        });
        let number_goes_on =
            name.ends_with(|last: char| last.is_ascii_digit()) && after.is_some_and(u8::is_ascii_digit);
        begins && !number_goes_on
    })
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    fn said(path: &str, text: &str) -> Vec<String> {
        let vendors = ["acme".to_owned(), "zed1".to_owned()];
        judge(&[file(path, text)], &vendors).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn words_are_found_in_any_dress() {
        for text in [
            "acme",
            "// Acme says",
            "\"x-acme-key\"",
            "AcmeError",
            "ACME_URL",
            "to_acme",
            "acmeText",
            "toAcme",
        ] {
            assert!(mentions(text, "acme"), "{text}");
        }
        for text in ["pacmen", "grandacme", "ac me", ""] {
            assert!(!mentions(text, "acme"), "{text}");
        }
        assert!(mentions("Zed1Error", "zed1") && mentions("zed1sms.example", "zed1"));
        assert!(!mentions("zed10", "zed1") && !mentions("dazed1", "zed1"));
        assert!(mentions("é acme", "acme") && mentions("éacme", "acme"));
    }

    #[test]
    fn a_vendor_is_at_home_in_its_places() {
        for path in [
            "crates/dialects/src/acme.rs",
            "crates/dialects/src/acme/send.rs",
            "crates/dialects/tests/acme.rs",
            "crates/dialects/tests/acme_paging.rs",
            "crates/dialects/tests/reading/acme/chats.rs",
            "clients/acme/suite.toml",
            "bench/src/lists.rs",
            "bench/src/lists/acme.rs",
        ] {
            assert!(said(path, "use crate::acme; // Acme").is_empty(), "{path}");
        }
        assert!(said("docs/acme.md", "Acme").is_empty(), "prose may name anyone");
    }

    #[test]
    fn elsewhere_it_is_refused_with_its_line() {
        assert_eq!(
            said("crates/service/src/submit.rs", "fine\n// as Acme does"),
            ["crates/service/src/submit.rs:2: names acme outside its dialect"]
        );
        assert_eq!(said("crates/ledger/src/migrations/1.sql", "-- ACME").len(), 1);
        assert_eq!(said("Cargo.toml", "acme = \"1\"").len(), 1);
        assert_eq!(said("crates/answerback/tests/acme.rs", "").len(), 1, "the path counts");
        assert_eq!(said("crates/dialects/src/kit/auth.rs", "Acme").len(), 1);
    }

    #[test]
    fn a_dialect_does_not_know_another() {
        assert_eq!(said("crates/dialects/src/acme/read.rs", "use crate::zed1::x;").len(), 1);
        assert_eq!(said("crates/dialects/tests/acme.rs", "zed1").len(), 1);
        assert!(said("crates/dialects/src/acme/read.rs", "use crate::kit::x;").is_empty());
    }

    #[test]
    fn the_registry_has_its_lines_and_no_more() {
        assert!(said(REGISTRY, "pub mod acme;\nlist![acme, zed1];\npub mod zed1;").is_empty());
        assert_eq!(said(REGISTRY, "pub mod acme;\nlist![acme];\nfn acme() {}").len(), 1);
        assert_eq!(said(REGISTRY, "//! Acme first").len(), 1);
    }
}
