//! `serve`: answers until it is told to stop.

use std::sync::Arc;
use std::time::{Duration, Instant};

use carriers::simulator::Profile;
use serde_json::json;
use service::gateway::Gateway;
use service::webhooks::Webhooks;
use tokio::net::{TcpListener, UnixListener};
use tokio::runtime::Runtime;
use tokio::signal::unix::Signal;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::{configuration, output};
use crate::admin::{self, Desk};
use crate::cli::Globals;
use crate::cli::serving::ServeArgs;
use crate::config::{Config, Override};
use crate::directory::{Directory, DirectoryError};
use crate::failure::Failure;
use crate::http::{Front, Listener, acceptor, bind};
use crate::logging;
use crate::signals::{self, Asked, asked};
use crate::store::WARM_FOR_SERVING;
use crate::ways::intake::Intake;
use crate::ways::{Fleet, StandIn};
use crate::webhooks::webhooks;

/// How long a server waits for a command, or for its predecessor, to let go of the directory.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(50);
/// What the built-in simulator's fates follow from.
const SEED: u64 = 1;

/// Serves a data directory.
pub(super) async fn run(globals: &Globals, args: ServeArgs) -> Result<(), Failure> {
    let loaded = configuration::load(globals, overrides(args.clone()))?;
    let config = loaded.config;
    logging::start(&config.log);
    for warning in loaded.warnings {
        tracing::warn!("{warning}");
    }
    let mut signals = signals::watch().map_err(Failure::failed)?;
    let hangups = signals::hangups().map_err(Failure::failed)?;
    let tls = tls(&config)?;
    let directory = take(&config).await?;
    let socket = listen(&config.listen).await?;
    let (service, store) = tokio::task::block_in_place(|| directory.open(&config, WARM_FOR_SERVING))?;
    let commands = commands(&directory)?;
    let intake = Arc::new(Intake(service.clone()));
    let gateway = Gateway::with(service.clone(), intake, config.sending.pace());
    let carriers = config.carriers.clone();
    let stand_in = stand_in(&config);
    let fleet = Fleet::open(service.clone(), Some(gateway.clone()), directory.path(), carriers, stand_in)?;
    fleet.launch().await?;
    let webhooks = webhooks(&service, &config);
    let front = Front::new(service.clone(), store.figures(), &fleet, &webhooks, &config);
    let desk = Desk { service, fleet: fleet.clone() };
    let place = Place { listener: Listener::new(socket, front, tls), commands, gateway, webhooks };
    let address = place.address(&config)?;
    announce(globals, &address, &directory, &fleet).await;
    tokio::select! {
        ended = place.attend(desk, signals.stop) => ended?,
        () = asked(&mut signals.insist) => return Err(Failure::failed("ended by a second signal")),
        () = reread(globals, &args, &fleet, hangups) => {}
    }
    drop(fleet);
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

/// What takes messages while no carrier is described.
fn stand_in(config: &Config) -> StandIn {
    match Profile::builtin("plain").filter(|_| config.simulate) {
        Some(profile) => StandIn::Simulator(Box::new(profile), SEED),
        None => StandIn::None,
    }
}

/// Takes the configuration's carriers again at every SIGHUP, for as long as it is polled. A configuration
/// with mistakes changes nothing.
async fn reread(globals: &Globals, args: &ServeArgs, fleet: &Fleet, mut hangups: Signal) {
    while hangups.recv().await.is_some() {
        match tokio::task::block_in_place(|| configuration::load(globals, overrides(args.clone()))) {
            Ok(loaded) => {
                tracing::info!("carriers are read again; every other option takes a restart");
                for fault in fleet.reconfigure(loaded.config.carriers).await {
                    tracing::error!("{fault}");
                }
            }
            Err(failure) => tracing::error!("the configuration is not taken: {failure}"),
        }
    }
    // Without signals there is nothing to read again, which is no reason to end.
    std::future::pending::<()>().await;
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
    bind(address).await.map_err(|error| {
        let what = format!("cannot listen on {address}: {error}");
        // What is no address is a mistake of the command line, not of the machine.
        if error.kind() == std::io::ErrorKind::InvalidInput {
            Failure::usage(what)
        } else {
            Failure::failed(what)
        }
    })
}

/// Listens for administrative commands in a directory.
pub(super) fn commands(directory: &Directory) -> Result<UnixListener, Failure> {
    let socket = admin::socket::listen(directory.path());
    socket.map_err(|error| Failure::unreachable(format!("the administrative socket cannot be made: {error}")))
}

async fn announce(globals: &Globals, address: &str, directory: &Directory, fleet: &Fleet) {
    let data = directory.path().display().to_string();
    let carriers = fleet.reports().len();
    let simulating = fleet.is_standing_in().await;
    let said = if globals.json {
        output::print_json(&json!({
            "listening": address, "data": data, "process": std::process::id(),
            "simulating": simulating, "carriers": if simulating { 0 } else { carriers },
        }))
    } else {
        let mut text = format!("answering on {address} from {data}; Ctrl-C or SIGTERM stops it\n");
        match carriers {
            _ if simulating => text.push_str(
                "no carrier is configured: SIMULATING, and nothing leaves this machine; \
                 `answerback carrier add` adds one\n",
            ),
            0 => text.push_str("no carrier is configured, and `simulate` is off: messages wait\n"),
            1 => text.push_str("messages leave by 1 carrier\n"),
            more => text.push_str(&format!("messages leave by {more} carriers\n")),
        }
        output::print(text.as_bytes())
    };
    if let Err(failure) = said {
        // A server whose output nobody reads serves all the same.
        tracing::debug!(%failure, "nobody reads the announcement");
    }
}

/// Where requests and commands come in, and messages go out.
pub(super) struct Place {
    pub(super) listener: Listener,
    pub(super) commands: UnixListener,
    pub(super) gateway: Gateway,
    pub(super) webhooks: Webhooks,
}

impl Place {
    /// The address to be called, as a URL.
    pub(super) fn address(&self, config: &Config) -> Result<String, Failure> {
        let address = self.listener.address().map_err(Failure::failed)?;
        let scheme = if config.tls.certificate.is_some() { "https" } else { "http" };
        Ok(format!("{scheme}://{address}"))
    }

    /// Answers until told to stop; finishes what was accepted; then takes the carriers down in order. A
    /// gateway that breaks ends everything: a server that accepts what never leaves is worse than none.
    pub(super) async fn attend(self, desk: Desk, stop: Asked) -> Result<(), Failure> {
        let (end_gateway, mut gateway_ends) = watch::channel(false);
        let gateway = self.gateway;
        let mut running = tokio::spawn(async move { gateway.run(asked(&mut gateway_ends)).await });
        let commands = admin::server::serve(self.commands, desk, stop.clone());
        // What is not told by then is told after the next start: it is on disk.
        let mut telling_stops = stop.clone();
        let telling = self.webhooks.run(asked(&mut telling_stops));
        let threads = Answering::start()?;
        let listening = threads.spawn(self.listener.run(stop));
        let answering = async { tokio::join!(listening, commands, telling).0 };
        tokio::select! {
            ended = answering => ended.map_err(|error| Failure::failed(format!("the listener broke: {error}")))?,
            ended = &mut running => return Err(gateway_failure(ended.err())),
        }
        end_gateway.send_replace(true);
        running.await.map_err(|error| gateway_failure(Some(error)))
    }
}

/// Threads of their own for requests. On the same ones as the carriers', hundreds of callers would stand between
/// each step of a message's way out, and what is accepted would outrun what is sent.
struct Answering(Option<Runtime>);

impl Answering {
    fn start() -> Result<Self, Failure> {
        // Half of the machine: the writer, the carriers' threads and the system need the rest.
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads((cores / 2).max(1))
            .thread_name("answering")
            .enable_all()
            .build();
        let runtime =
            runtime.map_err(|error| Failure::failed(format!("no threads could be started: {error}")))?;
        Ok(Self(Some(runtime)))
    }

    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        match &self.0 {
            Some(runtime) => runtime.spawn(work),
            None => tokio::spawn(work),
        }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        // What was accepted is finished by now; a runtime must not wait for its threads inside another one.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

fn gateway_failure(error: Option<tokio::task::JoinError>) -> Failure {
    let why = error.map(|error| format!(": {error}")).unwrap_or_default();
    Failure::failed(format!("the work with the carriers ended by itself{why}"))
}
