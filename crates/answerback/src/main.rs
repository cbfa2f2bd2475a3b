//! The binary: command line, configuration, data directory, administration, listeners, shutdown.
//!
//! * [`cli`]: what can be said; [`command`]: what is done about it;
//! * [`config`]: file, environment, command line; [`directory`]: the data directory and its one owner;
//! * [`admin`]: every administrative command, run on the spot or by the running server;
//! * [`ways`]: carriers as they are described, kept running; the gateway that works them is the service's;
//! * [`webhooks`] and [`courier`]: customers' servers are called, where calls may go;
//! * [`http`]: connections, limits, callers; [`figures`]: what `/metrics` is made of; [`store`]: the engine in use.
#![forbid(unsafe_code)]

mod admin;
mod cli;
mod command;
mod config;
mod courier;
mod directory;
mod failure;
mod figures;
mod http;
mod logging;
mod signals;
mod store;
mod ways;
mod webhooks;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use clap::error::ErrorKind;

use failure::Failure;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long threads that still read or write may keep a finished command.
const LAST_MOMENT: Duration = Duration::from_millis(100);

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return not_understood(&error),
    };
    let json = cli.globals.json;
    let result = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("no threads could be started: {error}")))
        .and_then(|runtime| {
            let result = runtime.block_on(command::run(cli));
            // A thread that waits for standard input would wait for ever.
            runtime.shutdown_timeout(LAST_MOMENT);
            result
        });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            command::complain(&failure, json);
            ExitCode::from(failure.kind.code())
        }
    }
}

/// A command line that makes no sense, or asks for help: told to people, or to the machine that asked for JSON.
fn not_understood(error: &clap::Error) -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).take_while(|argument| argument != "--");
    if !error.use_stderr() || !arguments.any(|argument| argument == "--json") {
        error.exit();
    }
    let failure = match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Failure::usage("a subcommand is missing; --help lists them")
        }
        _ => Failure::usage(in_short(&error.render().to_string())),
    };
    command::complain(&failure, true);
    ExitCode::from(failure.kind.code())
}

/// What is wrong, without the title before it and the usage behind it.
fn in_short(said: &str) -> &str {
    let said = said.strip_prefix("error: ").unwrap_or(said);
    said.split_once("\n\n").map_or(said, |(what, _)| what).trim_end()
}
