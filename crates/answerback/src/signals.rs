//! SIGTERM and SIGINT: the first asks us to end, the second makes us.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// What a second signal does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Second {
    /// Ends the process at once: what was answered is on disk.
    Ends,
    /// Nothing: there is something to be cleared away first.
    IsIgnored,
}

/// Becomes true at the first signal.
pub(crate) fn watch(second: Second) -> io::Result<watch::Receiver<bool>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if tell.send_replace(true) && second == Second::Ends {
                tracing::warn!("ended by a second signal");
                std::process::exit(1);
            }
        }
    });
    Ok(told)
}
