//! Reading descriptions out of a file's entries: `carriers.NAME.key`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::keys;
use super::spec::{Spec, Specs};
use crate::config::value::Given;
use crate::config::{Fault, Source};

/// What carriers stand under, in both files.
pub(crate) const TABLE: &str = "carriers";
/// The longest name.
const LONGEST_NAME: usize = 32;

/// Descriptions while they are being read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    specs: BTreeMap<String, (Spec, BTreeMap<String, Source>)>,
    /// Keys whose values were refused, by carrier: what is there is not missing as well.
    refused: BTreeSet<(String, String)>,
}

/// Whether a carrier may be called so: letters, digits, `-` and `_`, beginning with a letter or digit.
pub(crate) fn is_name(name: &str) -> bool {
    let sound = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_');
    name.len() <= LONGEST_NAME
        && name.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
        && name.bytes().all(sound)
}

impl Reading {
    /// Takes an entry in, if it is one of a carrier: `None` where it is not.
    pub(crate) fn take(
        &mut self,
        key: &str,
        given: &Given,
        source: &Source,
        base: &Path,
    ) -> Option<Result<(), String>> {
        let rest = match key.strip_prefix(TABLE)? {
            "" if *given == Given::Other("table") => return Some(Ok(())),
            "" => return Some(Err(given.unlike("tables such as [carriers.NAME]"))),
            rest => rest.strip_prefix('.')?,
        };
        let (name, rest) = rest.split_once('.').unwrap_or((rest, ""));
        if !is_name(name) {
            return Some(Err(format!(
                "{name:?} is no name of a carrier: letters, digits, - and _, at most 32"
            )));
        }
        if rest.is_empty() && *given != Given::Other("table") {
            return Some(Err(given.unlike("a table such as [carriers.NAME]")));
        }
        let (spec, sources) = self.specs.entry(name.to_owned()).or_default();
        sources.insert(rest.to_owned(), source.clone());
        if rest.is_empty() {
            return Some(Ok(()));
        }
        let taken = keys::take(spec, rest, given, base);
        if taken.is_err() {
            self.refused.insert((name.to_owned(), rest.to_owned()));
        }
        Some(taken)
    }

    /// The descriptions, with what is wrong with each as a whole.
    pub(crate) fn finish(self) -> (Specs, Vec<Fault>) {
        let mut specs = Specs::new();
        let mut faults = Vec::new();
        for (name, (spec, sources)) in self.specs {
            let known = |key: &str| self.refused.contains(&(name.clone(), key.to_owned()));
            if let Some((key, what)) = spec.fault().filter(|(key, _)| !known(key)) {
                let first = sources.values().min_by_key(|source| line(source));
                let source = sources.get(key).or(first).cloned().unwrap_or(Source::Default);
                faults.push(Fault { source, key: format!("{TABLE}.{name}.{key}"), what });
            }
            specs.insert(name, spec);
        }
        (specs, faults)
    }
}

fn line(source: &Source) -> usize {
    match source {
        Source::File(_, line) => *line,
        Source::Default | Source::Environment(_) | Source::CommandLine(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["acme", "Telia-2", "0x", "a_b"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "-a", "a.b", "a b", "å", &"a".repeat(33)] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
