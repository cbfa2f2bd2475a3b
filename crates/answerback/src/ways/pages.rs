//! The documentation's pages of a link's options, made of the one table of them.
//!
//! `docs/carriers/NAME.md` begins with what the table says; below [`MARK`] stands what was written by hand.
//! `ANSWERBACK_WRITE_PAGES=1 cargo test -p answerback pages` writes the beginnings anew.

use std::fs;
use std::path::{Path, PathBuf};

use carriers::smpp::link::{OptionInfo, OptionRefused, Options};

/// Below it stands what was written by hand.
const MARK: &str = "<!-- Above: made of the table of options. Below: written by hand. -->\n";

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/carriers")
}

/// What an option takes, in its own words: it says so when it is given what nothing takes.
fn takes(name: &str) -> String {
    match Options::default().set(name, "\u{1}") {
        Err(OptionRefused::Value { takes, .. }) => takes,
        Err(OptionRefused::Unknown(_)) | Ok(()) => panic!("{name} takes everything"),
    }
}

fn default(option: &OptionInfo) -> String {
    if option.default.is_empty() { "empty".to_owned() } else { format!("`{}`", option.default) }
}

/// The beginning of an option's page.
fn beginning(option: &OptionInfo) -> String {
    let OptionInfo { name, help, danger, .. } = option;
    let mut text = format!("# {name}\n\n{help}\n\n");
    if let Some(danger) = danger {
        text.push_str(&format!("> [!CAUTION]\n> **This option can weaken a promise.** {danger}\n\n"));
    }
    let example = if option.default.is_empty() { "…" } else { &option.default };
    text.push_str(&format!(
        "| | |\n| --- | --- |\n| default | {} |\n| takes | {} |\n| by command | `answerback carrier set NAME --set \
         {name}={example}` |\n| in the configuration | `[carriers.NAME.options]`, `{name} = \"{example}\"` |\n\n\
         A change makes the link anew. All options: [README.md](README.md).\n\n{MARK}",
        default(option),
        takes(name),
    ));
    text
}

/// The list of all.
fn index(options: &[OptionInfo]) -> String {
    let mut text = "# Options of an SMPP link\n\nSet by `answerback carrier set NAME --set OPTION=VALUE`, or in \
                    `[carriers.NAME.options]` of the configuration. [carriers.md](../carriers.md) says how a carrier \
                    is set up. Options marked ⚠ can weaken a promise; their pages say how.\n\n\
                    | option | default | what it does |\n| --- | --- | --- |\n"
        .to_owned();
    for option in options {
        let mark = if option.danger.is_some() { " ⚠" } else { "" };
        let (name, help) = (option.name, option.help);
        text.push_str(&format!("| [{name}]({name}.md){mark} | {} | {help} |\n", default(option)));
    }
    text.push('\n');
    text.push_str(MARK);
    text
}

#[test]
fn every_option_has_its_page() {
    let options = Options::table();
    let mut pages: Vec<(String, String)> =
        options.iter().map(|option| (format!("{}.md", option.name), beginning(option))).collect();
    pages.push(("README.md".to_owned(), index(&options)));
    let write = std::env::var_os("ANSWERBACK_WRITE_PAGES").is_some();
    for (name, beginning) in &pages {
        let path = directory().join(name);
        let page = fs::read_to_string(&path).unwrap_or_default();
        let by_hand = page.split_once(MARK).map(|(_, rest)| rest).unwrap_or_default();
        if write {
            fs::write(&path, format!("{beginning}{by_hand}")).expect("written");
        } else {
            assert!(page.starts_with(beginning), "{name} is not as the table says; see ways/pages.rs");
        }
    }
    for entry in fs::read_dir(directory()).expect("docs/carriers") {
        let name = entry.expect("read").file_name().to_string_lossy().into_owned();
        assert!(pages.iter().any(|(page, _)| *page == name), "{name} is the page of no option");
    }
}
