//! Connections: the host is resolved here, its addresses are judged here, and the one that is connected to is
//! one of those that were judged.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use service::webhooks::CourierError;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::Allowed;

/// How long one address may take to accept a connection, so that the next can be tried within the call's time.
const PATIENCE: Duration = Duration::from_secs(4);
/// Addresses of a host that are tried.
const MOST_ADDRESSES: usize = 4;

/// Why there is no connection, in our own words, on its way through hyper's errors.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Obstacle(pub(super) CourierError);

/// Makes connections.
#[derive(Clone)]
pub(super) struct Connector {
    allowed: Allowed,
    tls: Arc<OnceLock<Result<TlsConnector, String>>>,
}

impl Connector {
    pub(super) fn new(allowed: Allowed) -> Self {
        Self { allowed, tls: Arc::default() }
    }

    async fn connect(self, uri: Uri) -> Result<Stream, CourierError> {
        let host = uri.host().ok_or_else(|| CourierError::Url("it names no host".to_owned()))?;
        let secure = uri.scheme_str().is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let stream = tcp(self.addresses(bare, port).await?).await?;
        if !secure {
            return Ok(Stream::Plain(TokioIo::new(stream)));
        }
        let words = |error: &dyn std::fmt::Display| CourierError::Tls(error.to_string());
        let name = ServerName::try_from(bare.to_owned()).map_err(|error| words(&error))?;
        let tls = self.tls()?.connect(name, stream).await.map_err(|error| words(&error))?;
        Ok(Stream::Secure(Box::new(TokioIo::new(tls))))
    }

    /// The addresses of a host that may be called.
    async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, CourierError> {
        let found: Vec<SocketAddr> =
            tokio::net::lookup_host((host, port)).await.map_err(|_| CourierError::Resolve)?.collect();
        if found.is_empty() {
            return Err(CourierError::Resolve);
        }
        let mut allowed: Vec<SocketAddr> =
            found.into_iter().filter(|address| self.allowed.covers(address.ip())).collect();
        allowed.truncate(MOST_ADDRESSES);
        if allowed.is_empty() { Err(CourierError::Forbidden) } else { Ok(allowed) }
    }

    /// The system's certificates are read once, when they are first needed.
    fn tls(&self) -> Result<TlsConnector, CourierError> {
        self.tls.get_or_init(connector).clone().map_err(CourierError::Tls)
    }
}

/// Trust in whom the system trusts (or whom `SSL_CERT_FILE` and `SSL_CERT_DIR` name): an operator's own
/// authority works as everywhere else on the machine, and updates come with the system's.
fn connector() -> Result<TlsConnector, String> {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "webhooks: a certificate of the system's cannot be read");
    }
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        return Err("the system has no certificates to trust; install ca-certificates".to_owned());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| error.to_string())?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Connects to the first of these addresses that accepts.
async fn tcp(addresses: Vec<SocketAddr>) -> Result<TcpStream, CourierError> {
    let mut last = CourierError::Resolve;
    for address in addresses {
        last = match tokio::time::timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // A call is small and waits for its answer; without it some answers wait for nothing.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "webhooks: a connection keeps its delay");
                }
                return Ok(stream);
            }
            Ok(Err(error)) => CourierError::Connect(error.to_string()),
            Err(_) => CourierError::Connect("no answer from the host".to_owned()),
        };
    }
    Err(last)
}

impl tower_service::Service<Uri> for Connector {
    type Response = Stream;
    type Error = Obstacle;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, Obstacle>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Obstacle>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connector = self.clone();
        Box::pin(async move { connector.connect(uri).await.map_err(Obstacle) })
    }
}

/// A connection, with TLS or without.
pub(super) enum Stream {
    Plain(TokioIo<TcpStream>),
    Secure(Box<TokioIo<TlsStream<TcpStream>>>),
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Secure(stream) => Pin::new(stream.as_mut()).poll_read(context, buffer),
        }
    }
}

impl Write for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, octets),
            Self::Secure(stream) => Pin::new(stream.as_mut()).poll_write(context, octets),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            Self::Secure(stream) => Pin::new(stream.as_mut()).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Secure(stream) => Pin::new(stream.as_mut()).poll_shutdown(context),
        }
    }
}
