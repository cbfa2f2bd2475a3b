//! Listening: accepts connections while there are places for them.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;

use super::Front;
use super::connection::serve;
use super::exchange::Ends;
use crate::signals::{Asked, asked};

/// A bound socket and what serves it.
pub(crate) struct Listener {
    socket: TcpListener,
    front: Arc<Front>,
    tls: Option<TlsAcceptor>,
}

/// Binds the first address that a `host:port` stands for.
pub(crate) async fn bind(address: &str) -> io::Result<TcpListener> {
    TcpListener::bind(address).await
}

/// A place for a connection; given back when it is dropped.
struct Place {
    _permit: OwnedSemaphorePermit,
    surplus: bool,
}

impl Listener {
    /// Serves a bound socket.
    pub(crate) fn new(socket: TcpListener, front: Arc<Front>, tls: Option<TlsAcceptor>) -> Self {
        Self { socket, front, tls }
    }

    /// The address in force, with the port that was found when port 0 was asked for.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Accepts until told to stop, then waits for the connections to end, each after the request it is
    /// busy with. What takes longer than any request may is cut off.
    pub(crate) async fn run(self, mut stop: Asked) {
        let limits = &self.front.limits;
        let places = Arc::new(Semaphore::new(limits.connections));
        // A few more are taken in, only to be told that there is no place.
        let spare = Arc::new(Semaphore::new(limits.connections / 8 + 8));
        let grace = limits.header_timeout + limits.request_timeout * 2;
        let (alive, mut ended) = mpsc::channel::<()>(1);
        loop {
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                () = asked(&mut stop) => break,
            };
            match accepted {
                Ok((stream, peer)) => {
                    if let Some(place) = place(&places, &spare) {
                        self.begin(stream, peer, place, stop.clone(), alive.clone());
                    }
                }
                Err(error) => pause_after(&error).await,
            }
        }
        let front = Arc::clone(&self.front);
        // New callers are refused by the system from here on.
        drop(self.socket);
        drop(alive);
        if tokio::time::timeout(grace, ended.recv()).await.is_err() {
            let left = front.metrics.connections.load(std::sync::atomic::Ordering::Relaxed);
            tracing::warn!(left, "connections were cut off");
        }
    }

    fn begin(&self, stream: TcpStream, peer: SocketAddr, place: Place, stop: Asked, alive: mpsc::Sender<()>) {
        let local = match stream.local_addr() {
            Ok(local) => local,
            Err(error) => return tracing::debug!(%error, "a connection was gone at once"),
        };
        let ends = Ends { peer, local, surplus: place.surplus };
        let connection = serve(Arc::clone(&self.front), stream, ends, self.tls.clone(), stop);
        tokio::spawn(async move {
            connection.await;
            drop((place, alive));
        });
    }
}

fn place(places: &Arc<Semaphore>, spare: &Arc<Semaphore>) -> Option<Place> {
    let take = |from: &Arc<Semaphore>, surplus| {
        let permit = Arc::clone(from).try_acquire_owned().ok()?;
        Some(Place { _permit: permit, surplus })
    };
    take(places, false).or_else(|| take(spare, true))
}

/// A caller who gave up while waiting is no reason to pause; being out of descriptors is.
async fn pause_after(error: &io::Error) {
    if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
        return;
    }
    tracing::warn!(%error, "no connection could be accepted");
    tokio::time::sleep(Duration::from_millis(100)).await;
}
