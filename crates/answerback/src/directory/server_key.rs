//! `server.key`: made once, written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use service::ServerKey;

use super::DirectoryError;

const NAME: &str = "server.key";
/// The name while it is being written.
pub(super) const TEMPORARY: &str = "server.key.new";

/// Whether a directory holds a key.
pub(super) fn is_in(directory: &Path) -> bool {
    directory.join(NAME).exists()
}

/// The key of a directory; made if there is neither a key nor a store yet. The caller holds the lock.
pub(super) fn read_or_make(directory: &Path, has_store: bool) -> Result<ServerKey, DirectoryError> {
    let path = directory.join(NAME);
    match fs::read(&path) {
        Ok(octets) => {
            let octets = octets.try_into().map_err(|_| DirectoryError::KeyDamaged(path))?;
            Ok(ServerKey::from_octets(octets))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound && has_store => {
            Err(DirectoryError::KeyLost(path))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = ServerKey::generate()?;
            write(directory, &key).map_err(DirectoryError::io(&path))?;
            Ok(key)
        }
        Err(error) => Err(DirectoryError::Io { path, error }),
    }
}

fn write(directory: &Path, key: &ServerKey) -> io::Result<()> {
    let temporary = directory.join(TEMPORARY);
    let mut options = fs::OpenOptions::new();
    let mut file = options.create(true).truncate(true).write(true).mode(0o600).open(&temporary)?;
    file.write_all(&key.octets())?;
    file.sync_all()?;
    fs::rename(&temporary, directory.join(NAME))?;
    // The name must be on disk before any key is hashed under it.
    File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn the_key_is_made_once_and_never_replaced() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join(NAME);
        let made = read_or_make(directory.path(), false).expect("made");
        assert_eq!(fs::metadata(&path).expect("there").mode() & 0o777, 0o600);
        assert!(!directory.path().join(TEMPORARY).exists());
        let read = read_or_make(directory.path(), true).expect("read");
        assert_eq!(made.octets(), read.octets());
        fs::write(&path, "short").expect("written");
        assert!(matches!(read_or_make(directory.path(), true), Err(DirectoryError::KeyDamaged(_))));
        fs::remove_file(&path).expect("removed");
        assert!(matches!(read_or_make(directory.path(), true), Err(DirectoryError::KeyLost(_))));
    }
}
