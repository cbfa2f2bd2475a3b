//! TLS, with a client that trusts the test's own certificate.

use std::io::BufReader;
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::http::Wire;
use crate::process::{Home, LONG};

fn file(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/binary/tls", name].iter().collect();
    path.to_str().expect("UTF-8").to_owned()
}

fn client() -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file("certificate.pem")).expect("read")).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Arc::new(config.expect("versions").with_root_certificates(roots).with_no_client_auth())
}

#[test]
fn answers_are_encrypted() {
    let home = Home::new();
    let server = home.serve(&["--tls-cert", &file("certificate.pem"), "--tls-key", &file("key.pem")]);
    let stream = TcpStream::connect(server.address).expect("connected");
    stream.set_read_timeout(Some(LONG)).expect("set");
    let name = "localhost".try_into().expect("a name");
    let session = ClientConnection::new(client(), name).expect("a session");
    let mut wire = Wire(BufReader::new(StreamOwned::new(session, stream)));
    assert_eq!(wire.ask("GET", "/healthz", &[]).text(), "ok\n");
    let page = wire.ask("GET", "/", &["Accept: text/html"]);
    assert!(page.text().contains("at https://localhost "), "{}", page.text());
    let mut plain = Wire::open(server.address);
    plain.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(plain.try_answer(true).is_err(), "nothing is answered in the clear");
    server.stop();
}

#[test]
fn certificates_that_cannot_be_used_are_named() {
    let home = Home::new();
    let nothing = home.file("empty.pem", "");
    let nothing = nothing.to_str().expect("UTF-8");
    let (certificate, key) = (file("certificate.pem"), file("key.pem"));
    for (certificate, key, named) in [
        (nothing, key.as_str(), "empty.pem"),
        (certificate.as_str(), nothing, "empty.pem"),
        ("none.pem", key.as_str(), "none.pem"),
    ] {
        let said = home.run(&["serve", "--tls-cert", certificate, "--tls-key", key]).ends_with(2);
        assert!(said.err.contains(named), "{said:?}");
    }
    assert!(!home.path("data").exists(), "nothing was begun");
}
