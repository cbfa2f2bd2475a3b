//! `demo`: a throw-away ledger with a generated year of history, served until it is told to stop.

mod traffic;

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use dialects::kit::{Content, Example, Holdings, Login};
use serde_json::json;
use service::Service;
use service::gateway::Gateway;
use service::generate::{GeneratePlan, generate};
use service::model::{Account, Batch, Message};
use service::numbers::NumberClaim;
use service::query::{BatchQuery, ChatOrder, ChatQuery, MessageQuery};
use sms::{AccountId, Currency};
use tokio::net::TcpListener;

use super::output;
use super::progress::Meter;
use super::serve::{Place, commands, listen};
use crate::admin::{self, Desk, Progress};
use crate::cli::Globals;
use crate::cli::serving::DemoArgs;
use crate::config::{Config, LogFormat, LogSettings};
use crate::directory::Directory;
use crate::failure::Failure;
use crate::http::{Front, Listener, bind};
use crate::signals::{self, Asked, asked};
use crate::store::Store;
use crate::ways::intake::Intake;
use crate::ways::{Fleet, Specs, StandIn};
use crate::webhooks::webhooks;

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
    if let Some((account, secret)) = made {
        let gateway = Gateway::with_intake(service.clone(), Arc::new(Intake(service.clone())));
        let stand_in = StandIn::Simulator(Box::new(traffic::profile()?), args.seed);
        let fleet = Fleet::open(service.clone(), Some(gateway.clone()), path, Specs::new(), stand_in)?;
        fleet.launch().await?;
        let webhooks = webhooks(&service, &config);
        let front = Front::new(service.clone(), store.figures(), &fleet, &webhooks, &config);
        let commands = commands(&directory)?;
        let place = Place { listener: Listener::new(socket, front, None), commands, gateway, webhooks };
        let address = place.address(&config)?;
        let holdings = holdings(&service, &account, secret).await?;
        announce(globals, args, path, &address, &holdings)?;
        let traffic = traffic::run(service.clone(), account.id, args.rate, args.seed, stop.clone());
        let attending = place.attend(Desk { service, fleet }, stop);
        // Traffic ends at the signal, while what was accepted is finished.
        let traffic = async {
            traffic.await;
            std::future::pending::<()>().await;
        };
        let ended = tokio::select! {
            ended = attending => ended,
            () = traffic => Ok(()),
        };
        admin::server::leave(directory.path());
        ended?;
    } else {
        drop(service);
    }
    store.close().map_err(Failure::failed)
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

fn announce(
    globals: &Globals,
    args: &DemoArgs,
    path: &Path,
    address: &str,
    holdings: &Holdings,
) -> Result<(), Failure> {
    let examples: Vec<(&'static str, Example)> = dialects::all()
        .iter()
        .flat_map(|dialect| dialect.examples(holdings).into_iter().map(|example| (dialect.id(), example)))
        .collect();
    if globals.json {
        let told: Vec<_> = examples
            .iter()
            .map(|(dialect, example)| {
                json!({ "dialect": dialect, "shows": example.shows, "curl": curl(address, holdings, example) })
            })
            .collect();
        return output::print_json(&json!({
            "listening": address, "data": path.display().to_string(),
            "username": holdings.username, "key": holdings.secret, "examples": told,
        }));
    }
    let live = match args.rate {
        0 => String::new(),
        rate => format!(
            "Some {rate} messages a second are being sent, and people answer: by the built-in simulator, so that\n\
             nothing leaves this machine.\n\n"
        ),
    };
    let mut text = format!(
        "\nAnswering on {address}: {} messages of a year, in a ledger that is gone when this ends.\n\n\
         {live}\
         user name  {}\nkey        {}\n\nOne key works in every dialect. Try:\n\n",
        args.messages, holdings.username, holdings.secret
    );
    for (dialect, example) in &examples {
        text.push_str(&format!("# {dialect}: {}\n{}\n\n", example.shows, curl(address, holdings, example)));
    }
    text.push_str(&format!(
        "Commands work beside it, such as: answerback check --data {}\n\
         Ctrl-C stops it; nothing stays behind.\n",
        path.display()
    ));
    output::print(text.as_bytes())
}

/// A line for a shell.
fn curl(address: &str, holdings: &Holdings, example: &Example) -> String {
    let mut line = "curl -s".to_owned();
    match &example.login {
        Login::Basic => {
            let login = format!("{}:{}", holdings.username, holdings.secret);
            line.push_str(&format!(" -u {}", quoted(&login)));
        }
        Login::Headers(headers) => {
            for (name, value) in headers {
                line.push_str(&format!(" -H {}", quoted(&format!("{name}: {value}"))));
            }
        }
    }
    if let Some(Content { media_type, body }) = &example.content {
        // `-d` makes it a POST.
        line.push_str(&format!(" -H {} -d {}", quoted(&format!("Content-Type: {media_type}")), quoted(body)));
    }
    line.push_str(&format!(" {}", quoted(&format!("{address}{}", example.target))));
    line
}

/// As one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_ready_for_a_shell() {
        let holdings = Holdings {
            account: AccountId::new(1).expect("in range"),
            username: "demo".to_owned(),
            secret: "s'1".to_owned(),
            program: 1,
            batch: None,
            default_program: 1,
            now: 0,
            handset: "46701740605".to_owned(),
            chat: None,
            from: 0,
            to: 0,
        };
        let mut example =
            Example { shows: "all", login: Login::Basic, target: "/a?b=c&d".to_owned(), content: None };
        let line = curl("http://127.0.0.1:1", &holdings, &example);
        assert_eq!(line, "curl -s -u 'demo:s'\\''1' 'http://127.0.0.1:1/a?b=c&d'");
        example.login = Login::Headers(vec![("X-Key", "k".to_owned())]);
        let line = curl("http://127.0.0.1:1", &holdings, &example);
        assert_eq!(line, "curl -s -H 'X-Key: k' 'http://127.0.0.1:1/a?b=c&d'");
        let line = curl("http://127.0.0.1:1", &holdings, &example.posting("text/plain", "it's".to_owned()));
        let posted =
            "curl -s -H 'X-Key: k' -H 'Content-Type: text/plain' -d 'it'\\''s' 'http://127.0.0.1:1/a?b=c&d'";
        assert_eq!(line, posted);
    }
}
