//! What each command does once its words are understood.

mod administer;
mod answers;
mod approval;
mod carriers;
mod configuration;
mod demo;
mod output;
mod progress;
mod render;
mod render_sending;
mod secret;
mod sending;
mod serve;
mod simulate;
mod table;
mod target;
mod webhooks;

use clap::CommandFactory;

use crate::admin::Request;
use crate::cli::carriers::{ReceiptsArgs, UncertainArgs};
use crate::cli::transfer::{ExportArgs, ImportArgs};
use crate::cli::{Cli, Command, Globals};
use crate::failure::Failure;
use crate::logging;

pub(crate) use output::complain;

/// Runs a command to its end.
pub(crate) async fn run(cli: Cli) -> Result<(), Failure> {
    let Cli { globals, command } = cli;
    if !matches!(command, Command::Serve(_)) {
        logging::start_quietly(globals.json);
    }
    match command {
        Command::Serve(args) => serve::run(&globals, args).await,
        Command::Demo(args) => demo::run(&globals, args).await,
        Command::Account(command) => administer::run(&globals, administer::account(command)).await,
        Command::Key(command) => {
            let request = administer::key(command, secret::read)?;
            administer::run(&globals, request).await
        }
        Command::Program(command) => administer::run(&globals, administer::program(command)).await,
        Command::Webhook(command) => {
            administer::run(&globals, webhooks::request(command, secret::read)?).await
        }
        Command::Import(ImportArgs { account, file, lenient }) => {
            administer::import(&globals, account, &file, lenient).await
        }
        Command::Export(ExportArgs { account, format, output, filter }) => {
            administer::export(&globals, account, format, output.as_deref(), filter).await
        }
        Command::Check => administer::check(&globals).await,
        Command::Carrier(command) => carriers::run(&globals, command).await,
        Command::Simulate(args) => simulate::run(&globals, args).await,
        Command::Receipts(ReceiptsArgs { limit }) => {
            administer::run(&globals, Request::Receipts { limit }).await
        }
        Command::Uncertain(UncertainArgs { account, limit }) => {
            administer::run(&globals, Request::Uncertain { account, limit }).await
        }
        Command::Rates(command) => administer::run(&globals, sending::rates(command)?).await,
        Command::Number(command) => administer::run(&globals, sending::number(command)).await,
        Command::Reply(command) => administer::run(&globals, answers::reply(command)).await,
        Command::OptOut(command) => administer::run(&globals, answers::opt_out(command)).await,
        Command::Batch(command) => administer::run(&globals, approval::batch(command)).await,
        Command::Sender(command) => administer::run(&globals, approval::sender(command)).await,
        Command::Settings(command) => administer::run(&globals, sending::settings(command)).await,
        Command::Config(command) => configuration::run(&globals, command),
        Command::Completions { shell } => completions(shell),
    }
}

fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    // Into memory first: the generator panics where a pipe is closed early.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "answerback", &mut script);
    output::print(&script)
}

/// The configuration for a command that has no options of its own to override it with.
fn configured(globals: &Globals) -> Result<crate::config::Config, Failure> {
    configuration::load(globals, Vec::new()).map(|loaded| loaded.config)
}
