//! SIGTERM and SIGINT: the first asks us to end, the second insists. SIGHUP asks to read carriers again.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Becomes true when a signal comes.
pub(crate) type Asked = watch::Receiver<bool>;

/// What the signals of a process say.
pub(crate) struct Signals {
    /// The first came: finish what was accepted.
    pub(crate) stop: Asked,
    /// The second came: end at once.
    pub(crate) insist: Asked,
}

/// Listens to the signals from here on.
pub(crate) fn watch() -> io::Result<Signals> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (ask, stop) = watch::channel(false);
    let (press, insist) = watch::channel(false);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if ask.send_replace(true) {
                press.send_replace(true);
            }
        }
    });
    Ok(Signals { stop, insist })
}

/// SIGHUP from here on: read the configuration again. Not for commands, which a closed terminal ends.
pub(crate) fn hangups() -> io::Result<tokio::signal::unix::Signal> {
    signal(SignalKind::hangup())
}

/// Waits until asked.
pub(crate) async fn asked(by: &mut Asked) {
    // An error means that whoever could ask us is gone: the same thing.
    let _gone = by.wait_for(|asked| *asked).await;
}
