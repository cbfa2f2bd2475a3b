//! A stand-alone SMSC on TCP. Any SMPP 3.4 client may bind to it, with any system id and password unless the
//! profile names them, as transmitter, receiver or transceiver, and as often as it likes: receipts and MO go
//! to any connection that receives for the same system id.

mod connection;
mod faults;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::centre::{Duplicate, WriteError};
use super::counters::Counters;
use super::mo::Mo;
use super::profile::Profile;
use super::switchboard::Switchboard;

/// After a failed accept, usually for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long stopping waits for clients to answer the unbind.
const PATIENCE: Duration = Duration::from_secs(8);

/// A stand-alone SMSC. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Smsc {
    pub(super) board: Arc<Switchboard>,
}

impl Smsc {
    /// An SMSC that behaves by `profile`; its fates follow from `seed`. To be made within a tokio runtime.
    pub fn new(profile: Profile, seed: u64) -> Self {
        Self { board: Switchboard::new(profile, seed) }
    }

    /// Serves `listener` until `shutdown` is done, then unbinds its clients and waits for that, eight seconds
    /// at most.
    pub async fn serve(&self, listener: TcpListener, shutdown: impl Future<Output = ()>) {
        let (stop, stopped) = watch::channel(false);
        let mut connections = JoinSet::new();
        tokio::pin!(shutdown);
        let pump = self.board.pump();
        tokio::pin!(pump);
        loop {
            tokio::select! {
                () = &mut shutdown => break,
                () = &mut pump => {}
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => self.begin(stream, &stopped, &mut connections),
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                },
                Some(ended) = connections.join_next() => report(ended),
            }
        }
        stop.send_replace(true);
        drop(listener);
        let ending = async {
            while let Some(ended) = connections.join_next().await {
                report(ended);
            }
        };
        tokio::select! {
            () = ending => {}
            () = &mut pump => {}
            () = tokio::time::sleep(PATIENCE) => tracing::warn!("clients that answer no unbind are cut off"),
        }
    }

    fn begin(&self, stream: TcpStream, stopped: &watch::Receiver<bool>, connections: &mut JoinSet<()>) {
        // Without a handle there are too many; dropping the stream closes it.
        if let Some(handle) = self.board.open() {
            connections.spawn(connection::run(Arc::clone(&self.board), handle, stream, stopped.clone()));
        }
    }

    /// A handset writes a message. Gives the number of parts to be delivered.
    ///
    /// # Errors
    /// [`WriteError`]; then nothing is delivered.
    pub fn write(&self, mo: &Mo) -> Result<usize, WriteError> {
        self.board.write(mo)
    }

    /// What happened so far.
    pub fn counters(&self) -> Counters {
        self.board.counters()
    }

    /// The messages that were taken more than once, the first ten thousand of them, in no order.
    pub fn duplicates(&self) -> Vec<Duplicate> {
        self.board.duplicates()
    }

    /// Cuts every connection, as if the network had failed; gives their number.
    pub fn disconnect(&self) -> usize {
        self.board.cut_all()
    }
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a connection of the simulator ended badly");
    }
}

/// Serves `listener` with a new SMSC until `shutdown` is done; see [`Smsc::serve`].
pub async fn serve(listener: TcpListener, profile: Profile, seed: u64, shutdown: impl Future<Output = ()>) {
    Smsc::new(profile, seed).serve(listener, shutdown).await;
}

#[cfg(test)]
mod tests;
