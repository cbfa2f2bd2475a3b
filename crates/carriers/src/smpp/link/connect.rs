//! Connections: TCP, with TLS where the link wants it.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::settings::LinkSettings;
use super::values::Tls;

/// Where the systems we know keep the certificates they trust.
const SYSTEM_BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// A connection in both directions.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Makes a link's connections.
#[derive(Clone)]
pub(super) struct Connector {
    host: String,
    port: u16,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

impl Connector {
    /// Reads the certificates where TLS is wanted; the error is for the operator.
    pub(super) fn new(settings: &LinkSettings) -> Result<Self, String> {
        let tls = match settings.options.tls {
            Tls::Off => None,
            Tls::On => Some(encryption(settings)?),
        };
        Ok(Self { host: settings.host.clone(), port: settings.port, tls })
    }

    /// Connects; the error is for the operator.
    pub(super) async fn connect(&self) -> Result<Box<dyn Stream>, String> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await;
        let stream = stream.map_err(|error| format!("{}:{}: {error}", self.host, self.port))?;
        // PDUs are small and each is waited for.
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        let Some((connector, name)) = &self.tls else { return Ok(Box::new(stream)) };
        let stream = connector.connect(name.clone(), stream).await;
        Ok(Box::new(stream.map_err(|error| format!("TLS with {}: {}", self.host, in_words(&error)))?))
    }
}

fn encryption(settings: &LinkSettings) -> Result<(TlsConnector, ServerName<'static>), String> {
    let options = &settings.options;
    let name = if options.tls_name.is_empty() { &settings.host } else { &options.tls_name };
    let name = ServerName::try_from(name.clone()).map_err(|_| format!("{name:?} is no name of a server"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(trusted(&options.tls_ca)?)
        .with_no_client_auth();
    Ok((TlsConnector::from(Arc::new(config)), name))
}

/// What is wrong with TLS, for who can do something about it.
fn in_words(error: &std::io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    let Some(rustls::Error::InvalidCertificate(certificate)) = inner else { return error.to_string() };
    let what = match certificate {
        CertificateError::UnknownIssuer => "it is signed by nobody who is trusted (tls_ca)",
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it is out of date",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "it is not valid yet",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is another name's (tls_name)"
        }
        CertificateError::Revoked => "it was revoked",
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "it is an authority's own, such as a self-signed one marked as that (CA:TRUE); a server needs one of its own"
        }
        other => return format!("the certificate is not taken: {other}"),
    };
    format!("the certificate is not taken: {what}")
}

fn trusted(file: &str) -> Result<RootCertStore, String> {
    let file = match file {
        "" => SYSTEM_BUNDLES.into_iter().find(|path| Path::new(path).exists()),
        named => Some(named),
    };
    let file = file.ok_or("this system has no certificates in a known place; set tls_ca")?;
    let mut roots = RootCertStore::empty();
    let read = CertificateDer::pem_file_iter(file).map_err(|error| format!("{file}: {error}"))?;
    for certificate in read {
        let certificate = certificate.map_err(|error| format!("{file}: {error}"))?;
        roots.add(certificate).map_err(|error| format!("{file}: {error}"))?;
    }
    if roots.is_empty() { Err(format!("{file} has no certificate in it")) } else { Ok(roots) }
}
