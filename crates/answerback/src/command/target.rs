//! The file that an export is written to.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A file open for writing. A regular one appears, or changes, only when it is complete; a device or a pipe
/// is written as it is.
pub(super) struct Target {
    pub(super) file: File,
    unfinished: Option<Unfinished>,
}

/// A file beside the one that is to be, removed again if it never gets its name.
struct Unfinished {
    path: PathBuf,
    becomes: PathBuf,
}

impl Target {
    /// Opens what is to be written.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        match fs::metadata(path) {
            Ok(about) if about.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(about) if about.is_file() => Self::beside(fs::canonicalize(path)?),
            // To be renamed over would be the end of a device.
            Ok(_) => Ok(Self { file: File::options().write(true).open(path)?, unfinished: None }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::beside(path.to_owned()),
            Err(error) => Err(error),
        }
    }

    fn beside(becomes: PathBuf) -> io::Result<Self> {
        let Some(name) = becomes.file_name() else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "names no file"));
        };
        let mut unfinished = name.to_owned();
        unfinished.push(format!(".{}.unfinished", std::process::id()));
        let path = becomes.with_file_name(unfinished);
        let file = File::options().write(true).create_new(true).open(&path)?;
        Ok(Self { file, unfinished: Some(Unfinished { path, becomes }) })
    }

    /// Gives a complete file its name.
    pub(super) fn finish(self) -> io::Result<()> {
        let Some(unfinished) = &self.unfinished else { return Ok(()) };
        self.file.sync_all()?;
        fs::rename(&unfinished.path, &unfinished.becomes)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // It is gone when it was given its final name; nothing else can be done about it here.
        let _gone = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::unix::fs::{FileTypeExt, symlink};

    fn names(directory: &Path) -> usize {
        fs::read_dir(directory).expect("read").count()
    }

    #[test]
    fn a_file_appears_when_it_is_complete() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("a.csv");
        let mut target = Target::open(&path).expect("opened");
        target.file.write_all(b"x").expect("written");
        assert!(!path.exists());
        target.finish().expect("finished");
        assert_eq!((fs::read(&path).expect("there"), names(directory.path())), (b"x".to_vec(), 1));
        drop(Target::open(&path).expect("opened"));
        assert_eq!((fs::read(&path).expect("as before"), names(directory.path())), (b"x".to_vec(), 1));
        assert!(Target::open(directory.path()).is_err() && Target::open(Path::new("/")).is_err());
    }

    #[test]
    fn links_and_devices_stay_what_they_are() {
        let directory = tempfile::tempdir().expect("a directory");
        let (path, link) = (directory.path().join("a.csv"), directory.path().join("link"));
        fs::write(&path, "before").expect("written");
        symlink(&path, &link).expect("linked");
        Target::open(&link).expect("opened").finish().expect("finished");
        assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
        assert_eq!(fs::read(&path).expect("there"), b"");
        // Not the device itself: a mistake here would replace it.
        let socket = directory.path().join("socket");
        drop(std::os::unix::net::UnixListener::bind(&socket).expect("bound"));
        assert!(Target::open(&socket).is_err(), "a socket cannot be opened, and is not replaced");
        assert!(fs::metadata(&socket).expect("there").file_type().is_socket());
        let null = Target::open(Path::new("/dev/null")).expect("opened");
        assert!(null.unfinished.is_none(), "a device is written as it is");
    }
}
