//! `clients/suites.toml`: which suites there are, in whose name, and how each is run.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// The whole file.
#[derive(Debug, Deserialize)]
pub(crate) struct Suites {
    suite: Vec<Suite>,
}

/// One script that drives a client and exits with 0 when all is as it should be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Suite {
    /// What `--only` calls it.
    pub(crate) name: String,
    /// The dialect it speaks: the folder's name under the dialects. None where it speaks SMPP to us.
    pub(crate) vendor: Option<String>,
    /// What runs it.
    pub(crate) run: Runtime,
    /// Its path under `clients/`.
    pub(crate) script: String,
    /// Programs that it starts, beside what runs it.
    #[serde(default)]
    pub(crate) needs: Vec<Need>,
}

/// A program of Debian's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Need {
    /// Where it is once it is installed.
    pub(crate) program: String,
    /// The package it comes with.
    pub(crate) package: String,
}

/// What a suite is written in.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Runtime {
    /// The Python of the virtual environment that has `clients/requirements.txt`.
    Python,
    /// Node with the packages of `clients/package-lock.json`.
    Node,
}

/// Reads the file of the tree at `root`.
pub(crate) fn read(root: &Path) -> Result<Suites> {
    let text = fs::read_to_string(root.join("clients/suites.toml")).context("reading clients/suites.toml")?;
    toml::from_str(&text).context("reading clients/suites.toml")
}

impl Suites {
    /// Every vendor once, in the file's order.
    pub(crate) fn vendors(&self) -> Vec<String> {
        let mut vendors: Vec<String> = Vec::new();
        for suite in &self.suite {
            vendors.extend(suite.vendor.clone().filter(|vendor| !vendors.contains(vendor)));
        }
        vendors
    }

    /// All of them, or the one that is called so.
    pub(crate) fn choose(&self, only: Option<&str>) -> Result<Vec<&Suite>> {
        let chosen: Vec<&Suite> =
            self.suite.iter().filter(|suite| only.is_none_or(|name| name == suite.name)).collect();
        if chosen.is_empty() {
            let names: Vec<&str> = self.suite.iter().map(|suite| suite.name.as_str()).collect();
            bail!("no client suite is called {}; there are: {}", only.unwrap_or_default(), names.join(", "));
        }
        Ok(chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn the_projects_file_is_read_and_its_scripts_exist() {
        let root = workspace::root().expect("a root");
        let suites = read(&root).expect("the file");
        for suite in suites.choose(None).expect("some") {
            assert!(root.join("clients").join(&suite.script).is_file(), "{}", suite.script);
        }
        assert!(suites.vendors().len() >= 4);
    }

    #[test]
    fn one_suite_is_chosen_by_its_name() {
        let suites: Suites = toml::from_str(
            r#"
            [[suite]]
            name = "one"
            vendor = "acme"
            run = "python"
            script = "one.py"
            [[suite]]
            name = "two"
            vendor = "acme"
            run = "node"
            script = "two.cjs"
            "#,
        )
        .expect("good");
        assert_eq!(suites.vendors(), ["acme"]);
        assert_eq!(suites.choose(None).expect("both").len(), 2);
        let two = suites.choose(Some("two")).expect("one");
        assert!(two.len() == 1 && two[0].run == Runtime::Node);
        let error = suites.choose(Some("three")).expect_err("none").to_string();
        assert!(error.contains("one, two"), "{error}");
    }
}
