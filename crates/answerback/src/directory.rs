//! The data directory: made ready on first use, owned by one process at a time.
//!
//! | file | what |
//! | --- | --- |
//! | `answerback.db` … | the store; the engine's own |
//! | `server.key` | 32 random octets, the key under which secrets are hashed; keep a copy apart from the store |
//! | `lock` | held by the owner while it runs; names it |
//! | `admin.sock` | where a running server takes commands |

mod lock;
mod server_key;

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use service::Service;

pub(crate) use lock::Lock;

use crate::config::Config;
use crate::store::{self, Store};

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DirectoryError {
    /// Nothing is there, and the command does not make one.
    #[error(
        "there is no ledger in {0}; `answerback serve` or `answerback account create` makes one, --data names another"
    )]
    Missing(PathBuf),
    /// Something else is in it.
    #[error("{0} is not empty and holds no ledger; name an empty or a new directory with --data")]
    Foreign(PathBuf),
    /// Another process owns it.
    #[error("the data directory {path} is in use{owner}")]
    InUse {
        /// The directory.
        path: PathBuf,
        /// ` by process 12 (serve)`, when that is known.
        owner: String,
    },
    /// The store is there and its key is not: every credential would be unknown.
    #[error("{0} is missing beside the ledger: put it back from your copy, or no key will be recognised")]
    KeyLost(PathBuf),
    /// The key is not 32 octets.
    #[error("{0} is damaged: it must be 32 octets; put it back from your copy")]
    KeyDamaged(PathBuf),
    /// The system refused.
    #[error("{path}: {error}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The system gave no random octets.
    #[error(transparent)]
    Random(#[from] service::secret::RandomError),
    /// The store could not be opened.
    #[error("the ledger in {path} cannot be opened: {error}")]
    Store {
        /// The directory.
        path: PathBuf,
        /// What the engine said.
        error: service::LedgerError,
    },
}

impl DirectoryError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io { path, error }
    }
}

/// A directory that is ours until this is dropped.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
    _lock: Lock,
}

impl Directory {
    /// Takes the directory; with `create`, makes a missing or empty one ready. `role` is told to whoever
    /// finds it in use.
    pub(crate) fn take(path: &Path, create: bool, role: &str) -> Result<Self, DirectoryError> {
        prepare(path, create)?;
        let lock = Lock::take(path, role)?;
        let directory = Self { path: path.to_owned(), _lock: lock };
        warn_if_open_to_others(path);
        Ok(directory)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the store in it, and a service over it; `warm` accounts are made ready for the first request.
    pub(crate) fn open(&self, config: &Config, warm: u32) -> Result<(Service, Store), DirectoryError> {
        let key = server_key::read_or_make(&self.path, store::is_in(&self.path))?;
        let store = store::open(&self.path, config, warm)
            .map_err(|error| DirectoryError::Store { path: self.path.clone(), error })?;
        let service = Service::new(store.ledger(), key).with_rate_limit(config.rate_limit);
        Ok((service, store))
    }
}

fn prepare(path: &Path, create: bool) -> Result<(), DirectoryError> {
    match fs::read_dir(path) {
        Ok(entries) => {
            if server_key::is_in(path) || store::is_in(path) {
                return Ok(());
            }
            for entry in entries {
                let name = entry.map_err(DirectoryError::io(path))?.file_name();
                if !is_harmless(&name.to_string_lossy()) {
                    return Err(DirectoryError::Foreign(path.to_owned()));
                }
            }
            if create { Ok(()) } else { Err(DirectoryError::Missing(path.to_owned())) }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound && create => {
            let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
            made.map_err(DirectoryError::io(path))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(DirectoryError::Missing(path.to_owned()))
        }
        Err(error) => Err(DirectoryError::Io { path: path.to_owned(), error }),
    }
}

/// What may lie in a directory that counts as empty: what an interrupted first start or a file system left.
fn is_harmless(name: &str) -> bool {
    matches!(name, "lock" | "lost+found") || name.starts_with(server_key::TEMPORARY)
}

fn warn_if_open_to_others(path: &Path) {
    if let Ok(about) = fs::metadata(path)
        && about.mode() & 0o077 != 0
    {
        tracing::warn!(path = %path.display(), "others may enter the data directory; chmod 700 keeps them out");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(path: &Path, create: bool) -> Result<Directory, DirectoryError> {
        Directory::take(path, create, "test")
    }

    #[test]
    fn a_new_directory_is_made_for_us_alone() {
        let parent = tempfile::tempdir().expect("a directory");
        let path = parent.path().join("a/b");
        assert!(matches!(take(&path, false), Err(DirectoryError::Missing(_))));
        assert!(!path.exists(), "asking makes nothing");
        drop(take(&path, true).expect("made"));
        assert_eq!(fs::metadata(&path).expect("there").mode() & 0o777, 0o700);
    }

    #[test]
    fn a_directory_has_one_owner() {
        let directory = tempfile::tempdir().expect("a directory");
        let first = take(directory.path(), true).expect("taken");
        let second = take(directory.path(), true).expect_err("in use").to_string();
        let process = std::process::id();
        assert!(second.ends_with(&format!("is in use by process {process} (test)")), "{second}");
        drop(first);
        drop(take(directory.path(), true).expect("free again"));
    }

    #[test]
    fn a_directory_of_other_things_is_left_alone() {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join("thesis.txt"), "x").expect("written");
        assert!(matches!(take(directory.path(), true), Err(DirectoryError::Foreign(_))));
        assert!(!directory.path().join("lock").exists());
    }
}
