//! Where the socket is, however long its path.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

/// The socket's name in the data directory.
const NAME: &str = "admin.sock";
/// Its name until it is ready to be found.
const NEW: &str = "admin.new";
/// What fits into a socket address on the systems we know, its final zero included: 104 on some, 108 on Linux.
const LONGEST: usize = 104;

/// A path short enough for a socket address, with what keeps it valid.
struct Short {
    path: PathBuf,
    _directory: Option<File>,
}

/// The path of a file in a directory; if it is too long, by way of the open directory's descriptor.
fn short(directory: &Path, name: &str) -> io::Result<Short> {
    let path = directory.join(name);
    if path.as_os_str().len() < LONGEST {
        return Ok(Short { path, _directory: None });
    }
    let open = File::open(directory)?;
    let by_descriptor = PathBuf::from(format!("/proc/self/fd/{}", open.as_raw_fd()));
    if !by_descriptor.exists() {
        let what = format!("the path of the data directory is too long for a socket ({})", path.display());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    Ok(Short { path: by_descriptor.join(name), _directory: Some(open) })
}

/// Listens in a directory that the caller owns. A socket that an earlier owner left is replaced; nobody but
/// the owner can connect at any moment.
pub(crate) fn listen(directory: &Path) -> io::Result<UnixListener> {
    let (new, ready) = (directory.join(NEW), directory.join(NAME));
    remove_if_there(&new)?;
    let short = short(directory, NEW)?;
    let socket = UnixListener::bind(&short.path)?;
    fs::set_permissions(&new, fs::Permissions::from_mode(0o600))?;
    fs::rename(&new, &ready)?;
    Ok(socket)
}

/// Removes the socket of a directory that the caller owns.
pub(crate) fn remove(directory: &Path) -> io::Result<()> {
    remove_if_there(&directory.join(NAME))
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Connects to the server that owns a directory; `None` when there is none.
pub(crate) async fn connect(directory: &Path) -> io::Result<Option<UnixStream>> {
    if !directory.join(NAME).exists() {
        return Ok(None);
    }
    let short = short(directory, NAME)?;
    match UnixStream::connect(&short.path).await {
        Ok(stream) => Ok(Some(stream)),
        Err(error) if is_nobody(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The socket is gone, or whoever made it is.
fn is_nobody(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn meet(directory: &Path) {
        assert!(connect(directory).await.expect("asked").is_none(), "nobody is there yet");
        let socket = listen(directory).expect("listening");
        let about = fs::metadata(directory.join(NAME)).expect("there");
        assert_eq!(about.permissions().mode() & 0o777, 0o600);
        let (client, server) = tokio::join!(connect(directory), socket.accept());
        assert!(client.expect("asked").is_some());
        server.expect("accepted");
        drop(socket);
        assert!(connect(directory).await.expect("asked").is_none(), "what is left behind answers nobody");
        drop(listen(directory).expect("replaced"));
        remove(directory).expect("removed");
        remove(directory).expect("nothing to remove");
    }

    #[tokio::test]
    async fn a_server_is_found() {
        meet(tempfile::tempdir().expect("a directory").path()).await;
    }

    #[tokio::test]
    async fn a_long_path_is_no_obstacle() {
        let parent = tempfile::tempdir().expect("a directory");
        let long = parent.path().join("d".repeat(120)).join("e".repeat(120));
        fs::create_dir_all(&long).expect("made");
        meet(&long).await;
    }
}
