//! `cargo xtask test`: the workspace's own tests, a short crash trial, then the vendors' official clients
//! against our server.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::step::{cargo, must, step, succeeds};
use crate::{clients, crash, workspace};

/// Enough lives for a place of every kind; the whole trial is `cargo xtask crash`.
const SHORT_TRIAL: [&str; 2] = ["--rounds", "6"];

/// What the caller asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    /// One client suite instead of everything.
    only: Option<String>,
    skip_clients: bool,
    release: bool,
    /// A server that is built already.
    binary: Option<PathBuf>,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--only" => match words.next() {
                    Some(suite) => options.only = Some(suite.clone()),
                    None => bail!("--only needs the name of a suite of clients/suites.toml"),
                },
                "--skip-clients" => options.skip_clients = true,
                "--release" => options.release = true,
                "--binary" => match words.next() {
                    Some(path) => options.binary = Some(PathBuf::from(path)),
                    None => bail!("--binary needs the path of a server"),
                },
                other => bail!("`test` does not know {other}; `cargo xtask help` lists what it takes"),
            }
        }
        if options.only.is_some() && options.skip_clients {
            bail!("--only and --skip-clients leave nothing to run");
        }
        Ok(options)
    }
}

/// Runs what was asked for; everything without arguments.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let root = workspace::root()?;
    if options.only.is_none() {
        step("unit and integration tests", || rust_tests(&root))?;
        step("examples in documentation", || doc_tests(&root))?;
        step("crash trial, short", || crash::run(&SHORT_TRIAL.map(str::to_owned)))?;
    }
    if options.skip_clients {
        return Ok(());
    }
    let binary = match options.binary {
        Some(path) => path.canonicalize().with_context(|| format!("no server at {}", path.display()))?,
        None => step("server for the clients", || build(&root, options.release))?,
    };
    clients::run(&root, &binary, options.only.as_deref())
}

/// By nextest where it is installed: it runs test binaries side by side.
fn rust_tests(root: &Path) -> Result<()> {
    let runner: &[&str] = match succeeds(cargo(&["nextest", "--version"]).current_dir(root)) {
        true => &["nextest", "run", "--locked", "--workspace"],
        false => &["test", "--locked", "--workspace", "--all-targets"],
    };
    must(cargo(runner).current_dir(root))
}

fn doc_tests(root: &Path) -> Result<()> {
    must(cargo(&["test", "--locked", "--workspace", "--doc"]).current_dir(root))
}

/// Builds the server and gives its path.
fn build(root: &Path, release: bool) -> Result<PathBuf> {
    let mut command: Command = cargo(&["build", "--locked", "--package", "answerback"]);
    if release {
        command.arg("--release");
    }
    must(command.current_dir(root))?;
    let profile = if release { "release" } else { "debug" };
    Ok(workspace::metadata(root)?.target_directory.join(profile).join("answerback"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Options> {
        Options::parse(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn arguments_are_read_or_refused() {
        assert_eq!(parse(&[]).ok(), Some(Options::default()));
        let one = parse(&["--release", "--only", "reader"]).expect("good");
        assert_eq!((one.only.as_deref(), one.release), (Some("reader"), true));
        assert!(parse(&["--skip-clients"]).is_ok_and(|options| options.skip_clients));
        assert!(parse(&["--binary", "x"]).is_ok_and(|options| options.binary == Some(PathBuf::from("x"))));
        for bad in
            [&["--only"][..], &["--binary"], &["--fast"], &["reader"], &["--only", "x", "--skip-clients"]]
        {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }
}
