//! The lock that makes a process the owner of a data directory.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::DirectoryError;

const NAME: &str = "lock";

/// Held while it lives; the system takes it back when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, or says who holds it.
    pub(super) fn take(directory: &Path, role: &str) -> Result<Self, DirectoryError> {
        let path = directory.join(NAME);
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(DirectoryError::io(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                // The name is a courtesy: a file that cannot be read, or is just being written, has none.
                let owner = fs::read_to_string(&path).unwrap_or_default();
                let owner = owner.trim();
                let owner = if owner.is_empty() { String::new() } else { format!(" by {owner}") };
                return Err(DirectoryError::InUse { path: directory.to_owned(), owner });
            }
            Err(TryLockError::Error(error)) => return Err(DirectoryError::Io { path, error }),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "process {} ({role})", std::process::id()))
            .map_err(DirectoryError::io(&path))?;
        Ok(Self { _file: file })
    }
}
