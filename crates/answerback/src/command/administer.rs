//! The administrative commands: through the server that owns the data directory, or on the spot.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufRead, AsyncWrite, BufReader};

use super::output::{self, OnTheSpot};
use super::progress::Meter;
use super::render;
use super::target::Target;
use crate::admin::{self, Desk, Outlet, Reply, Request};
use crate::cli::Globals;
use crate::cli::accounts::{AccountCommand, KeyCommand, KeyLimits, ProgramCommand};
use crate::cli::transfer::{Filter, Format};
use crate::config::Config;
use crate::directory::{Directory, DirectoryError};
use crate::failure::Failure;
use crate::signals::{self, asked};
use crate::ways::{Fleet, StandIn};

/// How long a command waits for another to let go of the directory, or for a starting server to answer.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);

/// The request of `account …`.
pub(super) fn account(command: AccountCommand) -> Request {
    match command {
        AccountCommand::Create { name, username, currency, prepaid } => {
            Request::AccountCreate { name, username, currency, prepaid }
        }
        AccountCommand::Fund { account, amount } => Request::AccountFund { account, amount },
        AccountCommand::List => Request::AccountList,
        AccountCommand::Show { account } => Request::AccountShow { account },
        AccountCommand::Disable { account } => Request::AccountDisable { account },
        AccountCommand::Enable { account } => Request::AccountEnable { account },
    }
}

/// The request of `key …`; `read` fetches the secret to be adopted.
pub(super) fn key(
    command: KeyCommand,
    read: impl FnOnce(Option<String>, Option<&Path>) -> Result<String, Failure>,
) -> Result<Request, Failure> {
    Ok(match command {
        KeyCommand::Create { owner, limits: KeyLimits { username, expires, addresses } } => {
            Request::KeyCreate { account: owner.account, username, expires, addresses }
        }
        KeyCommand::Adopt { owner, limits, secret_file, secret } => {
            let KeyLimits { username, expires, addresses } = limits;
            let secret = read(secret, secret_file.as_deref())?;
            Request::KeyAdopt { account: owner.account, username, expires, addresses, secret }
        }
        KeyCommand::Revoke { owner, key } => Request::KeyRevoke { account: owner.account, key },
        KeyCommand::List { owner } => Request::KeyList { account: owner.account },
    })
}

/// The request of `program …`.
pub(super) fn program(command: ProgramCommand) -> Request {
    match command {
        ProgramCommand::Create { owner, name, campaign, kind } => {
            Request::ProgramCreate { account: owner.account, name, campaign, kind }
        }
        ProgramCommand::List { owner } => Request::ProgramList { account: owner.account },
    }
}

/// Runs a command that is done at once, and prints its reply.
pub(super) async fn run(globals: &Globals, request: Request) -> Result<(), Failure> {
    show(globals, &reply(globals, request).await?)
}

/// Runs a command that is done at once; gives its reply.
pub(super) async fn reply(globals: &Globals, request: Request) -> Result<Reply, Failure> {
    let mut nothing = tokio::io::empty();
    let mut nowhere = tokio::io::sink();
    execute(globals, request, &mut nothing, &mut nowhere, Meter::silent()).await
}

/// `check`: its findings decide the exit code.
pub(super) async fn check(globals: &Globals) -> Result<(), Failure> {
    let mut nothing = tokio::io::empty();
    let mut nowhere = tokio::io::sink();
    let reply = execute(globals, Request::Check, &mut nothing, &mut nowhere, Meter::new(None)).await?;
    show(globals, &reply)?;
    match reply {
        Reply::Checked(checked) if !checked.sound => {
            Err(Failure::failed(format!("{} invariants are broken", checked.broken_count)))
        }
        _ => Ok(()),
    }
}

/// `import`, from a file or from standard input.
pub(super) async fn import(
    globals: &Globals,
    account: String,
    file: &Path,
    lenient: bool,
) -> Result<(), Failure> {
    let request = Request::Import { account, lenient };
    let mut nowhere = tokio::io::sink();
    let reply = if file == Path::new("-") {
        if io::stdin().is_terminal() {
            output::note("reading records from the keyboard; Ctrl-D ends them, Ctrl-C gives up");
        }
        let mut input = BufReader::with_capacity(256 << 10, tokio::io::stdin());
        execute(globals, request, &mut input, &mut nowhere, Meter::new(None)).await?
    } else {
        let failure = |error: io::Error| Failure::failed(format!("{}: {error}", file.display()));
        let open = tokio::fs::File::open(file).await.map_err(failure)?;
        let about = open.metadata().await.map_err(failure)?;
        if about.is_dir() {
            return Err(Failure::usage(format!("{} is a directory", file.display())));
        }
        let total = about.is_file().then_some(about.len());
        let mut input = BufReader::with_capacity(256 << 10, open);
        execute(globals, request, &mut input, &mut nowhere, Meter::new(total)).await?
    };
    show(globals, &reply)
}

/// `export`, to a file or to standard output; rows and hash go where they do not mix with the data.
pub(super) async fn export(
    globals: &Globals,
    account: String,
    format: Format,
    output: Option<&Path>,
    filter: Filter,
) -> Result<(), Failure> {
    let request = Request::Export { account, format, filter };
    let mut nothing = tokio::io::empty();
    let Some(path) = output else {
        let mut out = OnTheSpot(BufWriter::with_capacity(256 << 10, io::stdout()));
        let reply = execute(globals, request, &mut nothing, &mut out, Meter::new(None)).await?;
        output::note(summary(globals, &reply)?.trim_end());
        return Ok(());
    };
    let failure = |error: io::Error| Failure::failed(format!("{}: {error}", path.display()));
    let mut target = Target::open(path).map_err(failure)?;
    let mut out = OnTheSpot(BufWriter::with_capacity(256 << 10, &mut target.file));
    let reply = execute(globals, request, &mut nothing, &mut out, Meter::new(None)).await?;
    out.0.flush().map_err(failure)?;
    drop(out);
    target.finish().map_err(failure)?;
    show(globals, &reply)
}

/// Prints a reply.
pub(super) fn show(globals: &Globals, reply: &Reply) -> Result<(), Failure> {
    output::print(summary(globals, reply)?.as_bytes())
}

fn summary(globals: &Globals, reply: &Reply) -> Result<String, Failure> {
    if globals.json {
        return render::document(reply).map(|document| format!("{document}\n")).map_err(Failure::failed);
    }
    Ok(render::words(reply))
}

/// Executes a request wherever the directory's owner is: in a running server, or here, as its owner.
async fn execute(
    globals: &Globals,
    request: Request,
    input: &mut (dyn AsyncBufRead + Send + Unpin),
    data: &mut (dyn AsyncWrite + Send + Unpin),
    meter: Meter,
) -> Result<Reply, Failure> {
    let config = super::configured(globals)?;
    let outlet = Outlet { data, progress: meter.tell() };
    let mut stop = signals::watch().map_err(Failure::failed)?.stop;
    let done = async {
        match owner(&config, &request).await? {
            Owner::Server(stream) => admin::client::ask(stream, request, input, outlet).await,
            Owner::Ourselves(directory) => on_the_spot(&directory, &config, request, input, outlet).await,
        }
    };
    // Not left to the system: what is unfinished is cleared away, and the store is closed in order.
    let reply = tokio::select! {
        reply = done => reply,
        () = asked(&mut stop) => Err(Failure::failed("interrupted")),
    };
    meter.finish();
    reply
}

enum Owner {
    Server(tokio::net::UnixStream),
    Ourselves(Directory),
}

/// Finds the owner of the directory, or becomes it. Another command that owns it is waited for a while, and
/// so is a server that has just begun.
async fn owner(config: &Config, request: &Request) -> Result<Owner, Failure> {
    let end = Instant::now() + PATIENCE;
    loop {
        let stream = admin::socket::connect(&config.data).await;
        let refused = |error| Failure::unreachable(format!("the running server cannot be reached: {error}"));
        if let Some(stream) = stream.map_err(refused)? {
            return Ok(Owner::Server(stream));
        }
        match Directory::take(&config.data, request.makes_directory(), request.name()) {
            Ok(directory) => return Ok(Owner::Ourselves(directory)),
            Err(DirectoryError::InUse { .. }) if Instant::now() < end => tokio::time::sleep(PAUSE).await,
            Err(error) => return Err(error.into()),
        }
    }
}

async fn on_the_spot(
    directory: &Directory,
    config: &Config,
    request: Request,
    input: &mut (dyn AsyncBufRead + Send + Unpin),
    outlet: Outlet<'_>,
) -> Result<Reply, Failure> {
    // Nothing is made ready beforehand: a command asks little.
    let (service, store) = directory.open(config, 0)?;
    let carriers = config.carriers.clone();
    let reply = match Fleet::open(service.clone(), None, directory.path(), carriers, StandIn::None) {
        Ok(fleet) => admin::run(&Desk { service, fleet }, request, input, outlet).await,
        Err(failure) => {
            drop(service);
            Err(failure)
        }
    };
    store.close().map_err(|error| Failure::failed(format!("the ledger could not be closed: {error}")))?;
    reply
}
