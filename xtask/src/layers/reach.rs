//! What the dialects may reach: the service, never an engine, a carrier or a store; and every folder
//! under them is either the kit or a vendor with a client suite.

use std::collections::BTreeSet;

use super::{Complaint, SourceFile, has_extension};

const DIALECTS: &str = "crates/dialects/src/";
/// Folders of the dialects that are no vendor's.
const NEUTRAL: &[&str] = &["kit"];
/// Crates whose paths a dialect must not spell.
const OUT_OF_REACH: &[&str] = &["ledger", "carriers", "rusqlite"];

/// A complaint for every line of code that reaches too deep, and for a folder without a suite.
pub(super) fn judge(files: &[SourceFile], vendors: &[String]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut folders = BTreeSet::new();
    for file in files.iter().filter(|file| has_extension(&file.path, &["rs"])) {
        let Some(inside) = file.path.strip_prefix(DIALECTS) else { continue };
        folders.extend(inside.split_once('/').map(|(folder, _)| folder));
        for (at, line) in file.text.lines().enumerate() {
            let found = OUT_OF_REACH.iter().filter(|name| names_crate(code(line), name));
            complaints.extend(found.map(|name| Complaint {
                path: file.path.clone(),
                line: at + 1,
                what: format!("a dialect asks the service, never {name}"),
            }));
        }
    }
    let known = |folder: &str| NEUTRAL.contains(&folder) || vendors.iter().any(|vendor| vendor == folder);
    complaints.extend(folders.into_iter().filter(|folder| !known(folder)).map(|folder| Complaint {
        path: format!("{DIALECTS}{folder}"),
        line: 0,
        what: "is neither the kit nor a vendor of clients/suites.toml".to_owned(),
    }));
    complaints
}

/// The line without its comment. (A `//` in a string cuts it short, which hides nothing a path can be in.)
fn code(line: &str) -> &str {
    line.split_once("//").map_or(line, |(code, _)| code)
}

/// Whether the code spells a path into the crate, or imports it whole.
fn names_crate(code: &str, name: &str) -> bool {
    let is_part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(start, _)| {
        let (before, after) = (&code[..start], &code[start + name.len()..]);
        let is_word = !before.ends_with(is_part_of_word) && !after.starts_with(is_part_of_word);
        let is_import = before.trim_end().ends_with("use") || before.trim_end().ends_with("extern crate");
        is_word && (after.trim_start().starts_with("::") || is_import)
    })
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    fn said(path: &str, text: &str) -> Vec<String> {
        judge(&[file(path, text)], &["acme".to_owned()]).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_service_is_in_reach() {
        let text = "use service::{Query, Refusal};\n// as ledger::Row has it\nlet ledger = service.open();\n\
                    call(ledger);\nsubledger::x();";
        assert!(said("crates/dialects/src/acme/read.rs", text).is_empty());
    }

    #[test]
    fn engines_and_carriers_are_not() {
        for text in [
            "use ledger::Row;",
            "use service::ledger::Row;",
            "use {sms::Money, ledger::Row};",
            "use ledger as book;",
            "let x = carriers::Carrier::new();",
            "fn f(c: &rusqlite::Connection) {}",
        ] {
            assert_eq!(said("crates/dialects/src/acme.rs", text).len(), 1, "{text}");
        }
        assert!(said("crates/service/src/query.rs", "use ledger::Row;").is_empty(), "others are not asked");
        assert!(said("crates/dialects/tests/acme.rs", "use ledger::Row;").is_empty(), "nor are tests");
    }

    #[test]
    fn every_folder_is_the_kit_or_a_vendor() {
        assert!(said("crates/dialects/src/kit/body.rs", "").is_empty());
        assert!(said("crates/dialects/src/paging.rs", "").is_empty(), "a file is no folder");
        assert_eq!(
            said("crates/dialects/src/newcomer/read.rs", ""),
            ["crates/dialects/src/newcomer: is neither the kit nor a vendor of clients/suites.toml"]
        );
    }
}
