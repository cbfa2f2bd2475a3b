//! One connection from its first octet to its last.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::Front;
use super::exchange::{Ends, answer};
use super::metrics::Under;
use super::stall::Stall;
use crate::signals::{Asked, asked};

/// The most a request line and its headers may take together.
const HEAD_OCTETS: usize = 64 << 10;

/// Serves a connection until the caller closes it, is too slow, or the server stops.
pub(super) async fn serve(
    front: Arc<Front>,
    stream: TcpStream,
    ends: Ends,
    tls: Option<TlsAcceptor>,
    mut stop: Asked,
) {
    let _open = Under::way(&front.metrics.connections);
    if ends.surplus {
        front.metrics.connections_refused.fetch_add(1, Ordering::Relaxed);
    }
    // Answers are written whole; waiting for more to fill a packet only delays them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no-delay could not be set");
    }
    let stream = Stall::new(stream, front.limits.request_timeout);
    let Some(tls) = tls else { return speak(&front, stream, ends, stop).await };
    let handshake = tokio::time::timeout(front.limits.header_timeout, tls.accept(stream));
    let shaken = tokio::select! {
        shaken = handshake => shaken,
        () = asked(&mut stop) => return,
    };
    match shaken {
        Ok(Ok(stream)) => speak(&front, stream, ends, stop).await,
        Ok(Err(error)) => tracing::debug!(peer = %ends.peer, %error, "TLS handshake failed"),
        Err(_) => tracing::debug!(peer = %ends.peer, "TLS handshake took too long"),
    }
}

async fn speak<S>(front: &Arc<Front>, stream: S, ends: Ends, mut stop: Asked)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(|request| answer(Arc::clone(front), ends, request));
    let connection =
        builder(front.limits.header_timeout, ends.surplus).serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = asked(&mut stop) => {
            // What is under way is finished; an idle connection ends at once.
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        // Callers that go away, send no HTTP or are too slow: theirs to notice, not ours to be alarmed by.
        tracing::debug!(peer = %ends.peer, %error, "connection ended");
    }
}

fn builder(header_timeout: Duration, surplus: bool) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_header_size(HEAD_OCTETS)
        // A caller may close his side once he has asked; he still gets his answer.
        .half_close(true)
        .keep_alive(!surplus);
    builder
}
