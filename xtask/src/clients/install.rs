//! What the client suites need: Python with a virtual environment, Node with its packages, all of it under
//! `target/clients`. On a Debian machine where we are root, missing programs are installed by apt-get;
//! elsewhere the error says what to install.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::suites::{Need, Runtime, Suite};
use crate::step::{must, output, succeeds};

/// Where each runtime was found or made.
#[derive(Debug)]
pub(super) struct Runtimes {
    /// Any Python 3: the fixture is written by it.
    pub(super) python: PathBuf,
    /// The virtual environment's Python.
    pub(super) python_with_packages: PathBuf,
    pub(super) node: PathBuf,
    pub(super) node_modules: PathBuf,
}

/// Makes ready what the chosen suites need; what is there already, unchanged, is left as it is.
pub(super) fn prepare(root: &Path, scratch: &Path, suites: &[&Suite]) -> Result<Runtimes> {
    let needs = |runtime| suites.iter().any(|suite| suite.run == runtime);
    let runtimes = Runtimes {
        python: PathBuf::from("python3"),
        python_with_packages: scratch.join("venv/bin/python"),
        node: PathBuf::from("node"),
        node_modules: scratch.join("node/node_modules"),
    };
    let programs = suites.iter().flat_map(|suite| &suite.needs);
    install_missing(needs(Runtime::Node), programs)?;
    if needs(Runtime::Python) {
        python_packages(&root.join("clients/requirements.txt"), &scratch.join("venv"))?;
    }
    if needs(Runtime::Node) {
        node_packages(&root.join("clients"), &scratch.join("node"))?;
    }
    Ok(runtimes)
}

/// Makes sure that Python (with venv) and, where needed, Node and npm can be started.
fn install_missing<'a>(node: bool, programs: impl Iterator<Item = &'a Need>) -> Result<()> {
    let mut missing: Vec<&str> = Vec::new();
    if !has("python3", &["-c", "import venv, ensurepip, ssl"]) {
        missing.extend(["python3", "python3-venv"]);
    }
    if node && !has("node", &["--version"]) {
        missing.push("nodejs");
    }
    if node && !has("npm", &["--version"]) {
        missing.push("npm");
    }
    for Need { program, package } in programs {
        if !Path::new(program).exists() && !missing.contains(&package.as_str()) {
            missing.push(package);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !is_root() || !has("apt-get", &["--version"]) {
        bail!("the client suites need: {list} (Debian's names); install them and run this again");
    }
    println!("installing by apt-get: {list}");
    let mut update = Command::new("apt-get");
    output(update.args(["update", "--quiet"])).context("apt-get update")?;
    let mut install = Command::new("apt-get");
    install.args(["install", "--quiet", "--yes", "--no-install-recommends"]).args(&missing);
    output(install.env("DEBIAN_FRONTEND", "noninteractive")).context("apt-get install")?;
    Ok(())
}

fn has(program: &str, arguments: &[&str]) -> bool {
    succeeds(Command::new(program).args(arguments))
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// A virtual environment with exactly the pinned packages.
fn python_packages(requirements: &Path, venv: &Path) -> Result<()> {
    let stamp = Stamp::new(&[requirements], venv)?;
    if stamp.is_current() {
        return Ok(());
    }
    remove(venv)?;
    output(Command::new("python3").args(["-m", "venv"]).arg(venv))
        .context("making the virtual environment")?;
    let mut pip = Command::new(venv.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "--requirement",
    ]);
    output(pip.arg(requirements)).context("installing the Python clients")?;
    stamp.write()
}

/// Node's packages by the lock file, without running anybody's install scripts.
fn node_packages(clients: &Path, place: &Path) -> Result<()> {
    let sources = [clients.join("package.json"), clients.join("package-lock.json")];
    let stamp = Stamp::new(&[&sources[0], &sources[1]], place)?;
    if stamp.is_current() {
        return Ok(());
    }
    remove(place)?;
    fs::create_dir_all(place).with_context(|| format!("making {}", place.display()))?;
    for source in &sources {
        if let Some(name) = source.file_name() {
            fs::copy(source, place.join(name)).with_context(|| format!("copying {}", source.display()))?;
        }
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    must(npm.current_dir(place)).context("installing the Node clients")?;
    stamp.write()
}

fn remove(place: &Path) -> Result<()> {
    match fs::remove_dir_all(place) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", place.display()))
        }
        _ => Ok(()),
    }
}

/// What a place was made from, kept beside what was made: written last, so a half-made place has none.
struct Stamp {
    content: Vec<u8>,
    file: PathBuf,
}

impl Stamp {
    fn new(sources: &[&Path], place: &Path) -> Result<Self> {
        let mut content = Vec::new();
        for source in sources {
            content.extend(fs::read(source).with_context(|| format!("reading {}", source.display()))?);
        }
        Ok(Self { content, file: place.join("made-from") })
    }

    fn is_current(&self) -> bool {
        fs::read(&self.file).is_ok_and(|found| found == self.content)
    }

    fn write(&self) -> Result<()> {
        fs::write(&self.file, &self.content).with_context(|| format!("writing {}", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_current_until_its_source_changes() {
        let place = tempfile::tempdir().expect("a directory");
        let source = place.path().join("source");
        fs::write(&source, "one").expect("written");
        let stamp = || Stamp::new(&[&source], place.path()).expect("read");
        assert!(!stamp().is_current());
        stamp().write().expect("written");
        assert!(stamp().is_current());
        fs::write(&source, "two").expect("written");
        assert!(!stamp().is_current());
        assert!(Stamp::new(&[&place.path().join("none")], place.path()).is_err());
    }

    #[test]
    fn removing_what_is_not_there_is_fine() {
        let place = tempfile::tempdir().expect("a directory");
        assert!(remove(&place.path().join("none")).is_ok());
    }
}
