//! `carriers.toml` in the data directory: carriers added by command, with their passwords.
//!
//! Written whole or not at all, by the owner of the directory alone; only its user may read it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use toml::Value;
use toml::map::Map;

use super::keys::{KEYS, OPTIONS};
use super::reading::TABLE;
use super::{Reading, Spec, Specs};
use crate::config::document::entries;
use crate::config::{Fault, Source};

/// The name of the file.
pub(crate) const FILE: &str = "carriers.toml";
/// Its name while it is being written.
const NEW: &str = "carriers.toml.new";

const HEAD: &str = "\
# Carriers added by `answerback carrier add`, with their passwords. Written by those commands; what is
# changed here by hand while no server runs is read at its next start.
";

/// The carriers of a directory; none where there is no file.
pub(crate) fn read(directory: &Path) -> Result<Specs, Vec<Fault>> {
    let path = directory.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Specs::new()),
        Err(error) => {
            let what = format!("cannot be read: {error}");
            return Err(vec![Fault { source: Source::File(path, 1), key: String::new(), what }]);
        }
    };
    let mut reading = Reading::default();
    let mut faults = Vec::new();
    for entry in entries(&path, &text).map_err(|fault| vec![fault])? {
        let source = Source::File(path.clone(), entry.line);
        let taken = reading.take(&entry.key, &entry.given, &source, directory);
        if let Err(what) = taken.unwrap_or_else(|| Err("only [carriers.NAME] stands here".to_owned())) {
            faults.push(Fault { source, key: entry.key, what });
        }
    }
    let (specs, more) = reading.finish();
    faults.extend(more);
    if faults.is_empty() { Ok(specs) } else { Err(faults) }
}

/// Replaces the file.
pub(crate) fn write(directory: &Path, specs: &Specs) -> io::Result<()> {
    let tables = specs.iter().map(|(name, spec)| (name.clone(), Value::Table(table(spec))));
    let all: Map<String, Value> = tables.collect();
    let mut text = HEAD.to_owned();
    if !all.is_empty() {
        let document = Map::from_iter([(TABLE.to_owned(), Value::Table(all))]);
        text.push('\n');
        text.push_str(&toml::to_string(&document).map_err(io::Error::other)?);
    }
    let temporary = directory.join(NEW);
    let mut options = fs::OpenOptions::new();
    let mut file = options.create(true).truncate(true).write(true).mode(0o600).open(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&temporary, directory.join(FILE))?;
    File::open(directory)?.sync_all()
}

/// What is not as by default, with the password.
fn table(spec: &Spec) -> Map<String, Value> {
    let usual = Spec::default();
    let mut table = Map::new();
    for key in &KEYS {
        let value = (key.show)(spec);
        if let Some(value) = value.filter(|value| (key.show)(&usual).as_ref() != Some(value)) {
            table.insert(key.name.to_owned(), value);
        }
    }
    if spec.password_file.is_none() && !spec.password.is_empty() {
        table.insert("password".to_owned(), Value::String(spec.password.clone()));
    }
    if !spec.options.is_empty() {
        let options = spec.options.iter().map(|(name, value)| (name.clone(), Value::String(value.clone())));
        table.insert(OPTIONS.to_owned(), Value::Table(options.collect()));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

    fn link() -> Spec {
        Spec {
            smpp: Some("smsc.example.org:2775".to_owned()),
            system_id: "acme".to_owned(),
            password: "p\"w\\1".to_owned(),
            route: vec!["46".to_owned()],
            accounts: vec!["acme".to_owned(), "2".to_owned()],
            cost: 42_000,
            rate: Some(50),
            paused: true,
            options: [("tls".to_owned(), "on".to_owned()), ("long".to_owned(), "sar".to_owned())].into(),
            ..Spec::default()
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let directory = tempfile::tempdir().expect("a directory");
        assert_eq!(read(directory.path()), Ok(Specs::new()));
        let simulator = Spec { simulator: Some("hostile".to_owned()), seed: 7, ..Spec::default() };
        let specs = Specs::from([("out".to_owned(), link()), ("sim".to_owned(), simulator)]);
        write(directory.path(), &specs).expect("written");
        assert_eq!(read(directory.path()), Ok(specs));
        let about = fs::metadata(directory.path().join(FILE)).expect("there");
        assert_eq!(about.mode() & 0o777, 0o600);
        assert!(!directory.path().join(NEW).exists());
        write(directory.path(), &Specs::new()).expect("written");
        assert_eq!(read(directory.path()), Ok(Specs::new()));
    }

    #[test]
    fn mistakes_have_their_line() {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join(FILE), "x = 1\n[carriers.a]\nsmpp = \"b:1\"\ncolour = 2\n")
            .expect("written");
        let faults = read(directory.path()).expect_err("three mistakes");
        let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(said[0].contains("carriers.toml:1: x: only [carriers.NAME]"), "{said:?}");
        assert!(said[1].contains("carriers.toml:4: carriers.a.colour: unknown key"), "{said:?}");
        assert!(said[2].contains("carriers.toml:3: carriers.a.system_id: is missing"), "{said:?}");
    }
}
