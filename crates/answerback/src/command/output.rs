//! Standard output and standard error.

use std::io::{self, IsTerminal, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;

use crate::failure::{Failure, Kind};

/// Prints octets on standard output.
pub(super) fn print(octets: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(octets).and_then(|()| out.flush()).map_err(|error| Failure::output(&error))
}

/// Prints one JSON document on a line of its own.
pub(super) fn print_json(document: &impl serde::Serialize) -> Result<(), Failure> {
    let mut line = serde_json::to_vec(document).map_err(Failure::failed)?;
    line.push(b'\n');
    print(&line)
}

/// Says something on standard error. Nobody is left to tell if that fails.
pub(super) fn note(text: &str) {
    let _told = writeln!(io::stderr().lock(), "{text}");
}

/// Whether standard error is a terminal, on which bars may be drawn.
pub(super) fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// Says why a command failed: for people, or as one JSON object.
pub(crate) fn complain(failure: &Failure, json: bool) {
    match failure.kind {
        Kind::Enough => {}
        _ if json => {
            let object = serde_json::json!({ "error": failure.message, "exit": failure.kind.code() });
            note(&object.to_string());
        }
        _ => note(&format!("answerback: {}", failure.message)),
    }
}

/// Writes to a file or to standard output where they are asked for, on the spot: a command has nothing else
/// to do meanwhile.
pub(super) struct OnTheSpot<W>(pub(super) W);

impl<W: Write + Unpin> AsyncWrite for OnTheSpot<W> {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            match self.0.write(octets) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return Poll::Ready(result),
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.0.flush())
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(context)
    }
}
