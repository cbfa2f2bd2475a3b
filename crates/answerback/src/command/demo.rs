//! `demo`: a throw-away ledger with a generated year of history, served until it is told to stop, with live
//! traffic over a real SMPP link to a simulated SMSC.
//!
//! * [`centre`] is the SMSC, [`traffic`] who writes;
//! * [`lines`] is what it says of itself; [`story`] one text followed through all dialects.

mod centre;
mod lines;
mod story;
mod traffic;

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use dialects::kit::Holdings;
use dialects::kit::story::Scene;
use service::Service;
use service::gateway::Gateway;
use service::generate::{GeneratePlan, generate};
use service::model::{Account, Batch, Message};
use service::numbers::NumberClaim;
use service::query::{BatchQuery, ChatOrder, ChatQuery, MessageQuery};
use service::rates::{Rate, RateFor, RateRow, Rates};
use sms::{AccountId, Currency, Money};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::output;
use super::progress::Meter;
use super::serve::{Place, commands, listen};
use crate::admin::{self, Desk, Progress};
use crate::cli::Globals;
use crate::cli::serving::DemoArgs;
use crate::config::{Config, LogFormat, LogSettings};
use crate::directory::Directory;
use crate::failure::{Failure, Kind};
use crate::http::{Front, Listener, bind};
use crate::signals::{self, Asked, asked};
use crate::store::{Store, StoreFigures};
use crate::ways::intake::Intake;
use crate::ways::{Fleet, StandIn};
use crate::webhooks::webhooks;
use centre::Centre;
use story::Telling;
use traffic::Traffic;

/// Where it listens unless told otherwise; if that is taken, on a free port.
const USUAL: &str = "127.0.0.1:8080";
const ANY: &str = "127.0.0.1:0";
/// The account, and the user name of its key.
const NAME: &str = "demo";
/// Programs that the messages belong to.
const PROGRAMS: [(&str, &str, &str); 3] = [
    ("Orders", "Shop", "Notifications"),
    ("Appointments", "Clinic", "Reminders"),
    ("Spring offer", "Spring", "Promotion"),
];
/// What a segment costs in EUR, by country and elsewhere.
const PRICES: [(&str, &str); 3] = [("SE", "0.042"), ("US", "0.0095"), ("GB", "0.038")];
const PRICE: &str = "0.06";
/// The period that examples with dates ask for: the last thirty days that have messages.
const PERIOD: u32 = 30 * 86_400;

/// Makes the ledger, serves it, and clears it away.
pub(super) async fn run(globals: &Globals, args: DemoArgs) -> Result<(), Failure> {
    if globals.data.is_some() || globals.database.is_some() || globals.config.is_some() {
        let what = "demo makes a ledger of its own: --data, --database and --config mean nothing to it";
        return Err(Failure::usage(what));
    }
    // A second signal is ignored: the first one's clearing away takes but a moment.
    let stop = signals::watch().map_err(Failure::failed)?.stop;
    let socket = socket(args.listen.as_deref()).await?;
    let ours_alone = std::fs::Permissions::from_mode(0o700);
    let temporary = tempfile::Builder::new().prefix("answerback-demo-").permissions(ours_alone).tempdir();
    let temporary =
        temporary.map_err(|error| Failure::unreachable(format!("no temporary directory: {error}")))?;
    let served = in_directory(globals, &args, temporary.path(), socket, stop).await;
    let path = temporary.path().to_owned();
    temporary
        .close()
        .map_err(|error| Failure::failed(format!("{} could not be removed: {error}", path.display())))?;
    served
}

async fn socket(asked: Option<&str>) -> Result<TcpListener, Failure> {
    if let Some(address) = asked {
        return listen(address).await;
    }
    match bind(USUAL).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            output::note(&format!("{USUAL} is taken; a free port is used instead (--listen names one)"));
            listen(ANY).await
        }
        result => result.map_err(|error| Failure::failed(format!("cannot listen on {USUAL}: {error}"))),
    }
}

async fn in_directory(
    globals: &Globals,
    args: &DemoArgs,
    path: &Path,
    socket: TcpListener,
    mut stop: Asked,
) -> Result<(), Failure> {
    let config = Config { data: path.to_owned(), log: quiet(), ..Config::default() };
    let directory = Directory::take(path, true, "demo")?;
    let (service, store) = directory.open(&config, 0)?;
    let made = tokio::select! {
        made = fill(&service, &store, args) => Some(made?),
        () = asked(&mut stop) => None,
    };
    let served = match made {
        Some((account, secret)) => {
            let demo = Demo { globals, args, config: &config, directory: &directory, service: &service };
            let holdings = holdings(&service, &account, secret).await?;
            demo.serve(holdings, store.figures(), socket, stop).await
        }
        None if args.once => Err(interrupted()),
        None => Ok(()),
    };
    drop(service);
    store.close().map_err(Failure::failed)?;
    served
}

/// A ledger that is filled.
struct Demo<'a> {
    globals: &'a Globals,
    args: &'a DemoArgs,
    config: &'a Config,
    directory: &'a Directory,
    service: &'a Service,
}

impl Demo<'_> {
    /// Serves it until told to stop, or until the story is told where that is all.
    async fn serve(
        &self,
        holdings: Holdings,
        figures: StoreFigures,
        socket: TcpListener,
        mut stop: Asked,
    ) -> Result<(), Failure> {
        let Self { args, config, directory, service, .. } = *self;
        let traffic = Traffic::of(service, holdings.account).await?;
        let centre = Centre::start(args.seed).await?;
        let gateway = Gateway::with_intake(service.clone(), Arc::new(Intake(service.clone())));
        let (path, carriers) = (directory.path(), centre.carriers());
        let fleet = Fleet::open(service.clone(), Some(gateway.clone()), path, carriers, StandIn::None)?;
        fleet.launch().await?;
        let webhooks = webhooks(service, config);
        let front = Front::new(service.clone(), figures, &fleet, &webhooks, config);
        let commands = commands(directory)?;
        let place = Place { listener: Listener::new(socket, front, None), commands, gateway, webhooks };
        let address = place.address(config)?;
        // Whatever ends first ends all: the server by a failure, the telling, or a signal.
        let (end, ended) = watch::channel(false);
        let attending = async {
            let attended = place.attend(Desk { service: service.clone(), fleet }, ended.clone()).await;
            end.send_replace(true);
            attended
        };
        let telling = async {
            let told = self.tell(&address, &centre, &holdings, ended.clone()).await;
            end.send_replace(true);
            told
        };
        let mut over = ended.clone();
        let signalled = async {
            tokio::select! {
                () = asked(&mut stop) => {}
                () = asked(&mut over) => {}
            }
            end.send_replace(true);
        };
        let traffic = traffic.run(args.rate, args.seed, ended.clone());
        let (attended, told, (), ()) = tokio::join!(attending, telling, signalled, traffic);
        admin::server::leave(path);
        centre.stop().await?;
        attended.and(told)
    }

    /// Says what there is and plays the story; unless that is all, waits for the end.
    async fn tell(
        &self,
        address: &str,
        centre: &Centre,
        holdings: &Holdings,
        mut ended: Asked,
    ) -> Result<(), Failure> {
        let (globals, args, path) = (self.globals, self.args, self.directory.path());
        lines::greet(globals, args, path, address, holdings)?;
        let Holdings { username, secret, default_program, .. } = holdings;
        let scene = Scene::new(username, secret, *default_program, self.service.now().seconds());
        let telling = Telling { address, smsc: centre.address(), json: globals.json };
        let told = tokio::select! {
            told = telling.play(scene) => told,
            () = asked(&mut ended) => Err(interrupted()),
        };
        if args.once {
            return told;
        }
        if *ended.borrow() {
            return Ok(());
        }
        match told {
            Err(failure) if failure.kind == Kind::Enough => return Err(failure),
            Err(failure) => output::note(&format!("answerback: {failure}\n")),
            Ok(()) => {}
        }
        if !globals.json {
            lines::invite(path, address, holdings)?;
        }
        asked(&mut ended).await;
        Ok(())
    }
}

fn interrupted() -> Failure {
    Failure::failed("interrupted before the story was told")
}

/// Requests are not logged: their lines would push the examples off the screen.
fn quiet() -> LogSettings {
    LogSettings { level: tracing::Level::WARN, format: LogFormat::Text }
}

/// Makes the account and its year.
async fn fill(service: &Service, store: &Store, args: &DemoArgs) -> Result<(Account, String), Failure> {
    let currency: Currency = "EUR".parse().map_err(Failure::failed)?;
    let made = service.create_account(NAME, None, currency, false).await;
    let (account, secret) = made.map_err(Failure::failed)?;
    let mut programs = Vec::new();
    for (name, campaign, kind) in PROGRAMS {
        let new = service::change::NewProgram {
            name: name.to_owned(),
            campaign: campaign.to_owned(),
            kind: kind.to_owned(),
        };
        programs.push(service.create_program(account.id, new).await.map_err(Failure::failed)?.number);
    }
    let program = programs.first().copied().unwrap_or_default();
    let claim = NumberClaim { number: traffic::OWN_NUMBER.to_owned(), keyword: None, program };
    service.claim_number(account.id, claim).await.map_err(Failure::failed)?;
    service.put_rates(account.id, &rates()?).await.map_err(Failure::failed)?;
    output::note(&format!("generating {} messages of a year …", args.messages));
    let plan = GeneratePlan::new(args.messages, args.seed, service.now());
    let meter = Meter::new(None);
    let tell = meter.tell();
    let of = u64::from(args.messages);
    let mut progress = |messages| tell(Progress::Generate { messages, of });
    let ledger = store.ledger();
    let generated = generate(ledger.as_ref(), account.id, &programs, plan, &mut progress).await;
    meter.finish();
    generated.map_err(Failure::failed)?;
    Ok((account, secret))
}

/// What the live messages cost.
fn rates() -> Result<Rates, Failure> {
    let rate = |price: &str| price.parse().map(|price: Money| Rate { price, credits: 1 });
    let mut rows = Vec::with_capacity(PRICES.len());
    for (country, price) in PRICES {
        let handsets = RateFor::Country(country.parse().map_err(Failure::failed)?);
        rows.push(RateRow { handsets, rate: rate(price).map_err(Failure::failed)? });
    }
    Ok(Rates { default: rate(PRICE).map_err(Failure::failed)?, rows, ..Rates::default() })
}

/// What the account holds that examples can name, read back from the ledger.
async fn holdings(service: &Service, account: &Account, secret: String) -> Result<Holdings, Failure> {
    let id = account.id;
    let newest = MessageQuery { limit: 1, descending: true, ..MessageQuery::default() };
    let page = service.messages(id, newest).await.map_err(Failure::failed)?;
    let now = service.now().seconds();
    let to = page.last_date.unwrap_or(now).min(now);
    let chats =
        ChatQuery { order: ChatOrder::LastInbound, descending: true, limit: 1, ..ChatQuery::default() };
    let chat = service.chats(id, chats).await.map_err(Failure::failed)?.items.into_iter().next();
    let programs = service.programs(id).await.map_err(Failure::failed)?;
    let program = programs.iter().find(|program| program.name == PROGRAMS[0].0);
    Ok(Holdings {
        account: id,
        username: account.username.clone(),
        secret,
        program: program.map_or(account.default_program, |program| program.number),
        default_program: account.default_program,
        now,
        handset: chat.as_ref().map_or_else(|| traffic::SOMEBODY.to_owned(), |chat| chat.peer.clone()),
        batch: batch(service, id).await?,
        chat,
        from: to.saturating_sub(PERIOD),
        to,
    })
}

/// The batch of the newest that has several messages, with its first message.
async fn batch(service: &Service, account: AccountId) -> Result<Option<(Batch, Message)>, Failure> {
    let newest = BatchQuery { submissions_only: true, descending: true, limit: 100, ..BatchQuery::default() };
    let page = service.batches(account, newest).await.map_err(Failure::failed)?;
    let sizes = page.items.iter().map(|batch| batch.total().messages);
    let largest = sizes.max().unwrap_or(0);
    let several = page.items.into_iter().find(|batch| batch.total().messages >= largest.min(2));
    let Some(batch) = several else { return Ok(None) };
    let first = MessageQuery { batch: Some(batch.key), limit: 1, ..MessageQuery::default() };
    let messages = service.messages(account, first).await.map_err(Failure::failed)?.messages;
    Ok(messages.into_iter().next().map(|message| (batch, message)))
}
