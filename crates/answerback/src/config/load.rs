//! Bringing file, environment and command line together.

use std::collections::HashMap;
use std::path::Path;

use super::document::entries;
use super::setting::{Setting, settings};
use super::value::Given;
use super::{Config, Fault, Source};
use crate::ways;

/// An option given on the command line.
pub(crate) struct Override {
    /// The dotted key.
    pub(crate) key: &'static str,
    /// The option as it is typed: `--listen`.
    pub(crate) flag: &'static str,
    /// Its value.
    pub(crate) value: String,
}

/// A configuration with the origin of each value.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) config: Config,
    sources: HashMap<String, Source>,
    /// What looks like a mistake but need not be one.
    pub(crate) warnings: Vec<String>,
}

impl Loaded {
    /// Where the value of an option comes from.
    pub(crate) fn source(&self, key: &str) -> Source {
        self.sources.get(key).cloned().unwrap_or(Source::Default)
    }
}

/// Variables that are ours but no option of the file.
const OTHER_VARIABLES: &[&str] = &["ANSWERBACK_CONFIG"];

/// Reads the configuration. All mistakes are reported, not only the first.
pub(crate) fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
    command_line: Vec<Override>,
) -> Result<Loaded, Vec<Fault>> {
    let mut reading = Reading { settings: settings(), ..Reading::default() };
    if let Some(path) = file {
        reading.file(path);
    }
    reading.environment(environment);
    for Override { key, flag, value } in command_line {
        reading.take(key, &Given::Loose(value), Source::CommandLine(flag), Path::new(""));
    }
    reading.finish()
}

#[derive(Default)]
struct Reading {
    settings: Vec<Setting>,
    config: Config,
    sources: HashMap<String, Source>,
    carriers: ways::Reading,
    faults: Vec<Fault>,
    warnings: Vec<String>,
}

impl Reading {
    fn file(&mut self, path: &Path) {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                let what = format!("cannot be read: {error}");
                let source = Source::File(path.to_owned(), 0);
                self.faults.push(Fault { source, key: String::new(), what });
                return;
            }
        };
        // Paths in the file are relative to the file, wherever the command is started.
        let base = path.parent().unwrap_or(Path::new(""));
        match entries(path, &text) {
            Err(fault) => self.faults.push(fault),
            Ok(entries) => {
                for entry in entries {
                    let source = Source::File(path.to_owned(), entry.line);
                    self.take(&entry.key, &entry.given, source, base);
                }
            }
        }
    }

    fn environment(&mut self, variables: impl IntoIterator<Item = (String, String)>) {
        let mut known: Vec<(String, String)> =
            self.settings.iter().map(|setting| (setting.variable(), setting.key.clone())).collect();
        known.sort();
        let mut variables: Vec<(String, String)> =
            variables.into_iter().filter(|(name, _)| name.starts_with("ANSWERBACK_")).collect();
        variables.sort();
        for (name, value) in variables {
            match known.binary_search_by(|(variable, _)| variable.cmp(&name)) {
                // An empty variable is one that is not set, as deployment tools write it.
                Ok(_) if value.is_empty() => {}
                Ok(at) => {
                    let source = Source::Environment(name);
                    self.take(&known[at].1, &Given::Loose(value), source, Path::new(""));
                }
                Err(_) if OTHER_VARIABLES.contains(&name.as_str()) => {}
                // Not refused: orchestrators set variables such as ANSWERBACK_PORT for a service's name.
                Err(_) => self.warnings.push(format!("environment variable {name} means nothing here")),
            }
        }
    }

    fn take(&mut self, key: &str, given: &Given, source: Source, base: &Path) {
        // A table that is there and empty says nothing.
        let within =
            |setting: &Setting| setting.key.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
        if *given == Given::Other("table") && self.settings.iter().any(within) {
            return;
        }
        let of_a_carrier = self.carriers.take(key, given, &source, base);
        let result = match self.settings.iter().find(|setting| setting.key == key) {
            Some(setting) => (setting.read)(&mut self.config, given, base),
            None => of_a_carrier.unwrap_or_else(|| Err(self.unknown(key))),
        };
        match result {
            Ok(()) => {
                if let Some(option) = ways::keys::long_for(key) {
                    self.sources.insert(option, source.clone());
                }
                self.sources.insert(key.to_owned(), source);
            }
            Err(what) => self.faults.push(Fault { source, key: key.to_owned(), what }),
        }
    }

    /// A complaint about a key, with the keys that stand beside it.
    fn unknown(&self, key: &str) -> String {
        let table = key.rsplit_once('.').map_or("", |(table, _)| table);
        let beside = |known: &&str| known.rsplit_once('.').map_or("", |(table, _)| table) == table;
        let keys: Vec<&str> = self.settings.iter().map(|setting| setting.key.as_str()).collect();
        let near: Vec<&str> = keys.iter().copied().filter(beside).collect();
        let near = if near.is_empty() { keys } else { near };
        format!("unknown option; known are {}", near.join(", "))
    }

    fn finish(mut self) -> Result<Loaded, Vec<Fault>> {
        self.check_tls();
        self.check_hosts();
        let (carriers, faults) = std::mem::take(&mut self.carriers).finish();
        self.config.carriers = carriers;
        self.faults.extend(faults);
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        Ok(Loaded { config: self.config, sources: self.sources, warnings: self.warnings })
    }

    fn check_tls(&mut self) {
        let (key, what) = match (&self.config.tls.certificate, &self.config.tls.key) {
            (Some(_), None) => ("tls.certificate", "tls.key is missing beside it"),
            (None, Some(_)) => ("tls.key", "tls.certificate is missing beside it"),
            (Some(_), Some(_)) | (None, None) => return,
        };
        self.fault(key, what.to_owned());
    }

    fn check_hosts(&mut self) {
        let mut hosts: HashMap<String, &'static str> = HashMap::new();
        let mut doubled = Vec::new();
        for (id, dialect) in &self.config.dialects {
            let Some(host) = &dialect.host else { continue };
            if let Some(other) = hosts.insert(host.clone(), id) {
                doubled.push((format!("dialects.{id}.host"), format!("{host} is already bound to {other}")));
            }
        }
        for (key, what) in doubled {
            self.fault(&key, what);
        }
    }

    fn fault(&mut self, key: &str, what: String) {
        let source = self.sources.get(key).cloned().unwrap_or(Source::Default);
        self.faults.push(Fault { source, key: key.to_owned(), what });
    }
}

#[cfg(test)]
mod tests;
