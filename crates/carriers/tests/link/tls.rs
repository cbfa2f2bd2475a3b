use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use carriers::carrier::{Carrier, LinkState};
use carriers::smpp::link::{LinkError, LinkSettings, SmppLink};
use carriers::smpp::pdu::{self, BindResp, Body, Pdu, Status};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::peer::{soon, until_up};

fn file(name: &str) -> String {
    format!("{}/tests/link/tls/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_file(file("certificate.pem")).expect("read");
    let key = PrivateKeyDer::from_pem_file(file("key.pem")).expect("read");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a key that fits");
    TlsAcceptor::from(Arc::new(config))
}

/// Takes connections and binds, as long as the test runs.
async fn serve(listener: TcpListener) {
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        // A client that does not trust us breaks it off.
        let Ok(mut stream) = acceptor().accept(stream).await else { continue };
        tokio::spawn(async move {
            let mut received = BytesMut::new();
            while stream.read_buf(&mut received).await.is_ok_and(|count| count > 0) {
                while let Some(frame) = pdu::take(&mut received).expect("SMPP") {
                    let Pdu { sequence, body, .. } = Pdu::decode(&frame).expect("whole");
                    let Body::Bind(kind, _) = body else { continue };
                    let resp = Body::BindResp(kind, BindResp::default());
                    let octets = Pdu::response(sequence, Status::OK, resp).to_octets();
                    stream.write_all(&octets).await.expect("written");
                }
            }
        });
    }
}

async fn settings(name: &str, ca: &str) -> LinkSettings {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(serve(listener));
    let mut settings = LinkSettings::new("test", "127.0.0.1", port, "esme", "secret");
    settings.options.reconnect_min = Duration::from_millis(5);
    for (option, value) in [("tls", "on"), ("tls_name", name), ("tls_ca", ca)] {
        settings.options.set(option, value).expect("an option");
    }
    settings
}

#[tokio::test]
async fn a_link_binds_over_tls() {
    for name in ["smsc.test", ""] {
        let (link, _events) =
            SmppLink::start(settings(name, &file("certificate.pem")).await).expect("a link");
        until_up(&link).await;
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let settings = settings("other.test", &file("certificate.pem")).await;
    let (link, _events) = SmppLink::start(settings).expect("a link");
    let mut state = link.watch();
    let told =
        |state: &LinkState| matches!(state, LinkState::Down { reason } if reason.starts_with("TLS with"));
    let state = soon(state.wait_for(told)).await.expect("alive").clone();
    let LinkState::Down { reason } = state else { panic!("{state:?}") };
    assert!(reason.ends_with("the certificate is not taken: it is another name's (tls_name)"), "{reason}");
    assert_eq!(link.figures().binds, 0);
}

/// What an operator meets first: an SMSC whose certificate nobody here knows.
#[tokio::test]
async fn a_certificate_of_nobody_who_is_trusted_says_so() {
    let settings = settings("smsc.test", &file("another.pem")).await;
    let (link, _events) = SmppLink::start(settings).expect("a link");
    let mut state = link.watch();
    let told =
        |state: &LinkState| matches!(state, LinkState::Down { reason } if reason.starts_with("TLS with"));
    let state = soon(state.wait_for(told)).await.expect("alive").clone();
    let LinkState::Down { reason } = state else { panic!("{state:?}") };
    assert!(reason.ends_with("it is signed by nobody who is trusted (tls_ca)"), "{reason}");
}

#[tokio::test]
async fn certificates_that_cannot_be_used_are_named() {
    for (name, ca, words) in [
        ("", file("none.pem"), "none.pem"),
        ("", file("key.pem"), "no certificate"),
        ("not a name", file("certificate.pem"), "not a name"),
    ] {
        let Err(LinkError::Tls(error)) = SmppLink::start(settings(name, &ca).await) else {
            panic!("started")
        };
        assert!(error.contains(words), "{error}");
    }
}
