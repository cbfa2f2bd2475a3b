//! `serve`: answers until it is told to stop.

use std::time::{Duration, Instant};

use serde_json::json;
use service::Service;
use tokio::net::{TcpListener, UnixListener};
use tokio_rustls::TlsAcceptor;

use super::{configuration, output};
use crate::admin;
use crate::cli::Globals;
use crate::cli::serving::ServeArgs;
use crate::config::{Config, Override};
use crate::directory::{Directory, DirectoryError};
use crate::failure::Failure;
use crate::http::{Front, Listener, acceptor, bind};
use crate::logging;
use crate::signals::{self, Asked, asked};
use crate::store::WARM_FOR_SERVING;
use crate::webhooks::{webhooks, with_figures};

/// How long a server waits for a command, or for its predecessor, to let go of the directory.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(50);

/// Serves a data directory.
pub(super) async fn run(globals: &Globals, args: ServeArgs) -> Result<(), Failure> {
    let loaded = configuration::load(globals, overrides(args))?;
    let config = loaded.config;
    logging::start(&config.log);
    for warning in loaded.warnings {
        tracing::warn!("{warning}");
    }
    let mut signals = signals::watch().map_err(Failure::failed)?;
    let tls = tls(&config)?;
    let directory = take(&config).await?;
    let socket = listen(&config.listen).await?;
    let (service, store) = tokio::task::block_in_place(|| directory.open(&config, WARM_FOR_SERVING))?;
    let commands = commands(&directory)?;
    let webhooks = webhooks(&service, &config);
    let figures = with_figures(store.figures(), &webhooks);
    let front = Front::new(service.clone(), figures, &config);
    let place = Place { listener: Listener::new(socket, front, tls), commands };
    let address = place.address(&config)?;
    announce(globals, &address, &directory);
    let mut stop = signals.stop.clone();
    let telling = webhooks.run(asked(&mut stop));
    let working = async { tokio::join!(place.attend(service, signals.stop), telling) };
    tokio::select! {
        _ = working => {}
        () = asked(&mut signals.insist) => return Err(Failure::failed("ended by a second signal")),
    }
    drop(webhooks);
    admin::server::leave(directory.path());
    store.close().map_err(|error| Failure::failed(format!("the ledger could not be closed: {error}")))?;
    tracing::info!("stopped");
    Ok(())
}

fn overrides(args: ServeArgs) -> Vec<Override> {
    let path = |path: std::path::PathBuf| path.to_string_lossy().into_owned();
    let given = [
        ("listen", "--listen", args.listen),
        ("public_url", "--public-url", args.public_url),
        ("tls.certificate", "--tls-cert", args.tls_cert.map(path)),
        ("tls.key", "--tls-key", args.tls_key.map(path)),
    ];
    given.into_iter().filter_map(|(key, flag, value)| Some(Override { key, flag, value: value? })).collect()
}

fn tls(config: &Config) -> Result<Option<TlsAcceptor>, Failure> {
    match (&config.tls.certificate, &config.tls.key) {
        (Some(certificate), Some(key)) => acceptor(certificate, key).map(Some).map_err(Failure::usage),
        _ => Ok(None),
    }
}

async fn take(config: &Config) -> Result<Directory, Failure> {
    let end = Instant::now() + PATIENCE;
    loop {
        match Directory::take(&config.data, true, "serve") {
            Err(DirectoryError::InUse { .. }) if Instant::now() < end => tokio::time::sleep(PAUSE).await,
            result => return Ok(result?),
        }
    }
}

/// Binds a socket, or says which address was not free.
pub(super) async fn listen(address: &str) -> Result<TcpListener, Failure> {
    bind(address).await.map_err(|error| Failure::failed(format!("cannot listen on {address}: {error}")))
}

/// Listens for administrative commands in a directory.
pub(super) fn commands(directory: &Directory) -> Result<UnixListener, Failure> {
    let socket = admin::socket::listen(directory.path());
    socket.map_err(|error| Failure::unreachable(format!("the administrative socket cannot be made: {error}")))
}

fn announce(globals: &Globals, address: &str, directory: &Directory) {
    let data = directory.path().display().to_string();
    let said = if globals.json {
        output::print_json(&json!({ "listening": address, "data": data, "process": std::process::id() }))
    } else {
        output::print(format!("answering on {address} from {data}; Ctrl-C or SIGTERM stops it\n").as_bytes())
    };
    if let Err(failure) = said {
        // A server whose output nobody reads serves all the same.
        tracing::debug!(%failure, "nobody reads the announcement");
    }
}

/// Where requests and commands come in.
pub(super) struct Place {
    pub(super) listener: Listener,
    pub(super) commands: UnixListener,
}

impl Place {
    /// The address to be called, as a URL.
    pub(super) fn address(&self, config: &Config) -> Result<String, Failure> {
        let address = self.listener.address().map_err(Failure::failed)?;
        let scheme = if config.tls.certificate.is_some() { "https" } else { "http" };
        Ok(format!("{scheme}://{address}"))
    }

    /// Answers until told to stop, and finishes what was accepted.
    pub(super) async fn attend(self, service: Service, stop: Asked) {
        let commands = admin::server::serve(self.commands, service, stop.clone());
        tokio::join!(self.listener.run(stop), commands);
    }
}
