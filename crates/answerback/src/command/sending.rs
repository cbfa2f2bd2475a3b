//! `rates …`, `settings …`, `number …`: what was typed becomes a request.

use std::io::Read;
use std::path::Path;

use service::rates::Rates;

use crate::admin::Request;
use crate::admin::request::RatesChange;
use crate::cli::numbers::{NumberArgs, NumberCommand};
use crate::cli::sending::{RatesArgs, RatesCommand, SettingsCommand};
use crate::failure::Failure;

/// More than any table of rates has.
const LONGEST: u64 = 1 << 20;

/// The request of `rates …`.
pub(super) fn rates(command: RatesCommand) -> Result<Request, Failure> {
    match command {
        RatesCommand::Show { owner } => Ok(Request::RatesShow { account: owner.account }),
        RatesCommand::Set(args) => {
            let RatesArgs { owner, default, high_priority, rates, removed, clear, file } = args;
            let begin = match file {
                Some(file) => Some(table(&file)?),
                None if clear => Some(Rates::default()),
                None => None,
            };
            let change = RatesChange { begin, default, high_priority, rates, removed };
            if change == RatesChange::default() {
                return Err(Failure::usage(
                    "nothing is to be set; `answerback rates set --help` lists what can be",
                ));
            }
            Ok(Request::RatesSet { account: owner.account, change })
        }
    }
}

/// A table as `rates show --json` prints it.
fn table(file: &Path) -> Result<Rates, Failure> {
    let failure = |error: std::io::Error| Failure::failed(format!("{}: {error}", file.display()));
    let from: Box<dyn Read> = if file == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(std::fs::File::open(file).map_err(failure)?)
    };
    let mut text = String::new();
    from.take(LONGEST).read_to_string(&mut text).map_err(failure)?;
    serde_json::from_str(&text).map_err(|error| Failure::usage(format!("{}: {error}", file.display())))
}

/// The request of `settings …`.
pub(super) fn settings(command: SettingsCommand) -> Request {
    match command {
        SettingsCommand::Show { owner } => Request::SettingsShow { account: owner.account },
        SettingsCommand::Set { owner, changes } => Request::SettingsSet { account: owner.account, changes },
    }
}

/// The request of `number …`.
pub(super) fn number(command: NumberCommand) -> Request {
    match command {
        NumberCommand::Claim { number: NumberArgs { owner, number, keyword }, program } => {
            Request::NumberClaim { account: owner.account, number, keyword, program }
        }
        NumberCommand::List { owner } => Request::NumberList { account: owner.account },
        NumberCommand::Release(NumberArgs { owner, number, keyword }) => {
            Request::NumberRelease { account: owner.account, number, keyword }
        }
        NumberCommand::Unrouted { limit } => Request::NumberUnrouted { limit },
        NumberCommand::Route { owner, number } => Request::NumberRoute { account: owner.account, number },
    }
}
