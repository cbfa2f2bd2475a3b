//! Running a command on a service: the one implementation of each, wherever it runs.

use std::io;
use std::sync::Arc;

use service::change::NewProgram;
use service::export::{ExportError, ExportFormat};
use service::import::{ImportError, ImportOptions};
use service::manage::{KeyError, KeyRequest};
use service::model::Account;
use service::query::MessageQuery;
use service::{LedgerError, Service};
use sms::{Direction, Micros, Outcome, OutcomeSet};
use tokio::io::{AsyncBufRead, AsyncWrite};

use super::reply::{
    AccountView, ExportView, ImportView, KeyView, NewCredential, NewKeyView, NewProgramView, Progress, Reply,
};
use super::request::Request;
use super::{Desk, carriers, numbers, sending};
use crate::cli::transfer::{Filter, Format, Way};
use crate::failure::Failure;

/// Where a command's octets and its progress go.
pub(crate) struct Outlet<'o> {
    /// Takes the octets of an export.
    pub(crate) data: &'o mut (dyn AsyncWrite + Send + Unpin),
    /// Told now and then how far it has come; must not block.
    pub(crate) progress: Arc<dyn Fn(Progress) + Send + Sync>,
}

/// Runs a command to its end. `input` is read by `import` alone.
pub(crate) async fn run(
    desk: &Desk,
    request: Request,
    input: &mut (dyn AsyncBufRead + Send + Unpin),
    outlet: Outlet<'_>,
) -> Result<Reply, Failure> {
    let service = &desk.service;
    match request {
        Request::Import { account, lenient } => import(service, &account, lenient, input, outlet).await,
        Request::Export { account, format, filter } => {
            export(service, &account, format, filter, outlet).await
        }
        Request::Check => check(service, outlet).await,
        Request::CarrierAdd { .. }
        | Request::CarrierSet { .. }
        | Request::CarrierList
        | Request::CarrierShow { .. }
        | Request::CarrierTest { .. }
        | Request::CarrierPause { .. }
        | Request::CarrierRemove { .. } => carriers::run(&desk.fleet, request).await,
        Request::Receipts { .. }
        | Request::Uncertain { .. }
        | Request::RatesShow { .. }
        | Request::RatesSet { .. }
        | Request::SettingsShow { .. }
        | Request::SettingsSet { .. } => sending::run(service, request).await,
        Request::NumberClaim { .. }
        | Request::NumberList { .. }
        | Request::NumberRelease { .. }
        | Request::NumberUnrouted { .. }
        | Request::NumberRoute { .. } => numbers::run(service, request).await,
        Request::Webhook { ask } => super::webhooks::run(service, ask).await.map(Reply::Webhook),
        Request::Approval { ask } => super::approval::run(service, ask).await.map(Reply::Approval),
        Request::Answers { ask } => super::answers::run(service, ask).await.map(Reply::Answers),
        other => manage(service, other).await,
    }
}

/// The commands that are done at once.
async fn manage(service: &Service, request: Request) -> Result<Reply, Failure> {
    match request {
        Request::AccountCreate { name, username, currency, prepaid } => {
            let currency = currency.parse().map_err(Failure::usage)?;
            let made = service.create_account(&name, username.as_deref(), currency, prepaid).await;
            let (account, key) = made.map_err(key_failure)?;
            let id = account.id.get();
            let credential = NewCredential { account: account.name, username: account.username, key, id };
            Ok(Reply::AccountCreated(credential))
        }
        Request::AccountFund { account, amount } => fund(service, &account, &amount).await,
        Request::AccountList => {
            let accounts = service.accounts().await.map_err(ledger_failure)?;
            Ok(Reply::Accounts(accounts.into_iter().map(AccountView::from).collect()))
        }
        Request::AccountShow { account } => Ok(Reply::Account(find(service, &account).await?.into())),
        Request::AccountDisable { account } => set_disabled(service, &account, true).await,
        Request::AccountEnable { account } => set_disabled(service, &account, false).await,
        Request::ProgramCreate { account, name, campaign, kind } => {
            create_program(service, &account, NewProgram { name, campaign, kind }).await
        }
        Request::ProgramList { account } => {
            let account = find(service, &account).await?;
            let programs = service.programs(account.id).await.map_err(ledger_failure)?;
            Ok(Reply::Programs(programs.into_iter().map(Into::into).collect()))
        }
        other => keys(service, other).await,
    }
}

async fn keys(service: &Service, request: Request) -> Result<Reply, Failure> {
    match request {
        Request::KeyCreate { account, username, expires, addresses } => {
            let account = find(service, &account).await?;
            let made = service.create_key(account.id, limits(username, expires, addresses)?).await;
            let (key, secret) = made.map_err(key_failure)?;
            Ok(Reply::KeyCreated(NewKeyView { username: key.username, key: secret, id: key.id }))
        }
        Request::KeyAdopt { account, username, expires, addresses, secret } => {
            let account = find(service, &account).await?;
            let limits = limits(username, expires, addresses)?;
            let key = service.adopt_key(account.id, &secret, limits).await.map_err(key_failure)?;
            Ok(Reply::Key(key.into()))
        }
        Request::KeyRevoke { account, key } => {
            let account = find(service, &account).await?;
            service.revoke_key(account.id, key).await.map_err(|error| match error {
                LedgerError::NotFound => {
                    Failure::failed(format!("the account {} has no key {key}", account.name))
                }
                other => ledger_failure(other),
            })?;
            let keys = service.keys(account.id).await.map_err(ledger_failure)?;
            let revoked = keys.into_iter().find(|known| known.id == key);
            revoked.map(|key| Reply::Key(key.into())).ok_or_else(|| Failure::failed("the key is gone"))
        }
        Request::KeyList { account } => {
            let account = find(service, &account).await?;
            let keys = service.keys(account.id).await.map_err(ledger_failure)?;
            Ok(Reply::Keys(keys.into_iter().map(KeyView::from).collect()))
        }
        other => Err(Failure::failed(format!("{} is no command about keys", other.name()))),
    }
}

pub(super) async fn find(service: &Service, account: &str) -> Result<Account, Failure> {
    service.find_account(account).await.map_err(|error| match error {
        LedgerError::NotFound => {
            Failure::failed(format!("there is no account {account}; `answerback account list` shows all"))
        }
        other => ledger_failure(other),
    })
}

async fn fund(service: &Service, account: &str, amount: &str) -> Result<Reply, Failure> {
    let amount = amount.parse().map_err(|error| Failure::usage(format!("{amount}: {error}")))?;
    let account = find(service, account).await?;
    if !account.prepaid {
        let what = format!("the account {} is not prepaid: it has no balance to fund", account.name);
        return Err(Failure::failed(what));
    }
    let balance = service.fund(account.id, amount).await.map_err(ledger_failure)?;
    Ok(Reply::Account(Account { balance, ..account }.into()))
}

async fn set_disabled(service: &Service, account: &str, disabled: bool) -> Result<Reply, Failure> {
    let account = find(service, account).await?;
    service.set_disabled(account.id, disabled).await.map_err(ledger_failure)?;
    Ok(Reply::Account(Account { disabled, ..account }.into()))
}

async fn create_program(service: &Service, account: &str, new: NewProgram) -> Result<Reply, Failure> {
    let account = find(service, account).await?;
    if new.name.trim().is_empty() {
        return Err(Failure::usage("a program needs a name"));
    }
    let program = service.create_program(account.id, new).await.map_err(ledger_failure)?;
    Ok(Reply::ProgramCreated(NewProgramView { program: program.number }))
}

fn limits(
    username: Option<String>,
    expires: Option<String>,
    addresses: Vec<String>,
) -> Result<KeyRequest, Failure> {
    Ok(KeyRequest { username, expires: expires.as_deref().map(instant).transpose()?, addresses })
}

fn instant(text: &str) -> Result<Micros, Failure> {
    Micros::parse_rfc3339(text).ok_or_else(|| Failure::usage(format!("{text} is no instant")))
}

async fn import(
    service: &Service,
    account: &str,
    lenient: bool,
    input: &mut (dyn AsyncBufRead + Send + Unpin),
    outlet: Outlet<'_>,
) -> Result<Reply, Failure> {
    let account = find(service, account).await?;
    let tell = outlet.progress;
    let mut progress = |now: service::import::ImportProgress| {
        let messages = now.report.added + now.report.known + now.report.merged;
        tell(Progress::Import { octets: now.octets, messages });
    };
    let done = service.import(account.id, input, ImportOptions { lenient }, &mut progress).await;
    let report = done.map_err(|error| import_failure(&error))?;
    let service::import::ImportReport { lines, added, known, merged } = report;
    Ok(Reply::Imported(ImportView { lines, added, known, merged }))
}

/// An import that ended early says what stays, so that nobody wonders whether to run it again.
fn import_failure(error: &ImportError) -> Failure {
    let report = error.report();
    Failure::failed(format!(
        "{error}\n{} messages up to line {} are in the ledger ({} added, {} known, {} merged); running it again resumes",
        report.added + report.known + report.merged,
        report.lines,
        report.added,
        report.known,
        report.merged,
    ))
}

async fn export(
    service: &Service,
    account: &str,
    format: Format,
    filter: Filter,
    outlet: Outlet<'_>,
) -> Result<Reply, Failure> {
    let account = find(service, account).await?;
    let filter = query(filter)?;
    let format = match format {
        Format::Ndjson => ExportFormat::Ndjson,
        Format::Csv => ExportFormat::Csv,
        Format::Json => ExportFormat::Json,
    };
    let tell = outlet.progress;
    let mut progress = |now: service::export::ExportProgress| {
        tell(Progress::Export { messages: now.rows, number: now.number, bound: now.bound });
    };
    let done = service.export(account.id, filter, format, outlet.data, &mut progress).await;
    let report = done.map_err(|error| match error {
        ExportError::Ledger(error) => ledger_failure(error),
        ExportError::Output(error) => Failure::output(&error),
        other => Failure::failed(other),
    })?;
    let sha256 = report.sha256_hex();
    Ok(Reply::Exported(ExportView { rows: report.rows, bytes: report.bytes, sha256 }))
}

/// The ledger's query for a filter.
fn query(filter: Filter) -> Result<MessageQuery, Failure> {
    let seconds = |text: Option<String>| text.as_deref().map(instant).transpose();
    let states = filter.states;
    let in_states = |outcome: Outcome| states.iter().any(|state| state == outcome.state());
    let outcomes = if states.is_empty() { None } else { Some(OutcomeSet::matching(in_states)) };
    let country = filter.country.map(|country| country.parse()).transpose().map_err(Failure::usage)?;
    Ok(MessageQuery {
        from: seconds(filter.from)?.map(ceiling),
        to: seconds(filter.to)?.map(Micros::seconds),
        direction: filter.direction.map(|way| match way {
            Way::Mt => Direction::Mt,
            Way::Mo => Direction::Mo,
        }),
        outcomes,
        country,
        program: filter.program,
        peer: filter.peer.map(|peer| peer.trim_start_matches('+').to_owned()),
        text: filter.text,
        ..MessageQuery::default()
    })
}

/// Dates are whole seconds: at or after half past one second is at or after the next.
fn ceiling(instant: Micros) -> u32 {
    instant.seconds().saturating_add(u32::from(instant.get().rem_euclid(1_000_000) != 0))
}

async fn check(service: &Service, outlet: Outlet<'_>) -> Result<Reply, Failure> {
    let tell = outlet.progress;
    let progress = Box::new(move |messages| tell(Progress::Check { messages }));
    let report = service.check(progress).await.map_err(ledger_failure)?;
    Ok(Reply::Checked(report.into()))
}

fn key_failure(error: KeyError) -> Failure {
    match error {
        KeyError::Ledger(error) => ledger_failure(error),
        KeyError::Weak | KeyError::Address(_) => Failure::usage(error),
        KeyError::Random(_) => Failure::failed(error),
    }
}

fn ledger_failure(error: LedgerError) -> Failure {
    Failure::failed(error)
}

impl Failure {
    /// Output that cannot be written; a reader that has had enough is no failure worth a word.
    pub(crate) fn output(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::enough(),
            _ => Self::failed(format!("the output cannot be written: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_become_queries() {
        let filter = Filter {
            from: Some("2026-01-01T00:00:00.5Z".to_owned()),
            to: Some("2026-01-31T23:59:59Z".to_owned()),
            direction: Some(Way::Mo),
            states: vec!["received".to_owned(), "denied".to_owned()],
            country: Some("SE".to_owned()),
            program: Some(3),
            peer: Some("+46701740605".to_owned()),
            text: Some("x".to_owned()),
        };
        let query = query(filter).expect("sound");
        assert_eq!((query.from, query.to), (Some(1_767_225_601), Some(1_769_903_999)));
        let outcomes = query.outcomes.expect("some");
        assert!(outcomes.contains(Outcome::Received));
        assert!(outcomes.iter().filter(|outcome| outcome.state() == "denied").count() > 5);
        assert_eq!(query.peer.as_deref(), Some("46701740605"));
        assert!(super::query(Filter::default()).is_ok_and(|query| query == MessageQuery::default()));
    }

    #[test]
    fn a_reader_that_has_had_enough_is_told_apart() {
        let gone = Failure::output(&io::ErrorKind::BrokenPipe.into());
        assert_eq!(gone, Failure::enough());
        assert_ne!(Failure::output(&io::ErrorKind::StorageFull.into()), Failure::enough());
    }
}
