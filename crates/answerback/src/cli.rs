//! The command line: what can be said, and the help that teaches it.

pub(crate) mod accounts;
pub(crate) mod answers;
pub(crate) mod approval;
pub(crate) mod carriers;
pub(crate) mod numbers;
pub(crate) mod sending;
pub(crate) mod serving;
pub(crate) mod transfer;
pub(crate) mod webhooks;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use accounts::{AccountCommand, KeyCommand, ProgramCommand};
use answers::{OptOutCommand, ReplyCommand};
use approval::{BatchCommand, SenderCommand};
use carriers::{CarrierCommand, ReceiptsArgs, SimulateArgs, UncertainArgs};
use numbers::NumberCommand;
use sending::{RatesCommand, SettingsCommand};
use serving::{ConfigCommand, DemoArgs, ServeArgs};
use transfer::{ExportArgs, ImportArgs};
use webhooks::WebhookCommand;

const AFTER_HELP: &str = "\
First steps:
  answerback demo                  a throw-away ledger with a year of history
  answerback account create acme   an account; prints its first key, once
  answerback serve                 answer on http://127.0.0.1:8080; simulates without a carrier
  answerback carrier add …         an SMPP link that messages leave by

The ledger lives in one data directory: --data, or ANSWERBACK_DATA, or `data`
in the configuration, or ./answerback-data. One process owns it; while a
server runs, every other command speaks to that server.

Exit codes:
  0  done
  1  what was asked failed, or a check found faults
  2  the command line or the configuration is wrong
  3  the data directory is in use or cannot be reached";

/// One ledger for text messages, answered in several vendors' HTTP APIs.
#[derive(Debug, Parser)]
#[command(name = "answerback", version, about, after_help = AFTER_HELP, max_term_width = 100)]
#[command(disable_help_subcommand = true, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command understands.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Globals {
    /// The data directory [env: ANSWERBACK_DATA] [default: ./answerback-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// A PostgreSQL database instead; comes with a later release [env: ANSWERBACK_DATABASE]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// The configuration file, in TOML [env: ANSWERBACK_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Print for machines: one JSON document on standard output, errors as JSON on standard error
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// What can be asked.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Answer HTTP requests from the ledger in the data directory
    #[command(after_help = serving::SERVE_HELP)]
    Serve(ServeArgs),
    /// Try it: a throw-away ledger with a generated year of history and live traffic
    #[command(after_help = serving::DEMO_HELP)]
    Demo(DemoArgs),
    /// Make and manage accounts
    #[command(subcommand, after_help = accounts::ACCOUNT_HELP)]
    Account(AccountCommand),
    /// Make, adopt, list and revoke the keys of an account
    #[command(subcommand, after_help = accounts::KEY_HELP)]
    Key(KeyCommand),
    /// Make and list the programs of an account
    #[command(subcommand, after_help = accounts::PROGRAM_HELP)]
    Program(ProgramCommand),
    /// Tell an account's own addresses what happens to its messages
    #[command(subcommand, after_help = webhooks::WEBHOOK_HELP)]
    Webhook(WebhookCommand),
    /// Bring history into an account, one JSON record a line
    #[command(after_help = transfer::IMPORT_HELP)]
    Import(ImportArgs),
    /// Write an account's messages out, exactly those that exist when it begins
    #[command(after_help = transfer::EXPORT_HELP)]
    Export(ExportArgs),
    /// Verify every invariant of the ledger and say what was counted
    #[command(after_help = transfer::CHECK_HELP)]
    Check,
    /// Set up the carriers that messages leave and arrive by
    #[command(subcommand, after_help = carriers::CARRIER_HELP)]
    Carrier(CarrierCommand),
    /// Be an SMSC that sends nothing: for trials and tests
    #[command(after_help = carriers::SIMULATE_HELP)]
    Simulate(SimulateArgs),
    /// Claim the numbers that people write to
    #[command(subcommand, after_help = numbers::NUMBER_HELP)]
    Number(NumberCommand),
    /// Answer what people write by itself
    #[command(subcommand, after_help = answers::REPLY_HELP)]
    Reply(ReplyCommand),
    /// List, add and lift the opt-outs of an account
    #[command(subcommand, after_help = answers::OPT_OUT_HELP)]
    OptOut(OptOutCommand),
    /// Release or refuse messages that wait for a person
    #[command(subcommand, after_help = approval::BATCH_HELP)]
    Batch(BatchCommand),
    /// List the registered senders of an account, approve or refuse them
    #[command(subcommand, after_help = approval::SENDER_HELP)]
    Sender(SenderCommand),
    /// List receipts whose message is not known
    #[command(after_help = carriers::RECEIPTS_HELP)]
    Receipts(ReceiptsArgs),
    /// List messages of which nobody knows whether they were sent
    #[command(after_help = carriers::UNCERTAIN_HELP)]
    Uncertain(UncertainArgs),
    /// Show and set what segments cost an account
    #[command(subcommand, after_help = sending::RATES_HELP)]
    Rates(RatesCommand),
    /// Show and set what an account has decided about its sending
    #[command(subcommand, after_help = sending::SETTINGS_HELP)]
    Settings(SettingsCommand),
    /// Show or validate the configuration
    #[command(subcommand, after_help = serving::CONFIG_HELP)]
    Config(ConfigCommand),
    /// Print a completion script for a shell
    #[command(after_help = serving::COMPLETIONS_HELP)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_an_example_in_its_help() {
        fn walk(command: &clap::Command, path: &str) {
            for sub in command.get_subcommands() {
                let path = format!("{path} {}", sub.get_name());
                let help = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
                assert!(help.contains("answerback "), "{path} shows no example");
                // Prose is wrapped to the terminal; what is copied must not be.
                let wrapped = help.lines().find(|line| line.starts_with(' ') && line.chars().count() > 100);
                assert_eq!(wrapped, None, "{path}");
                if sub.get_name() != "completions" {
                    walk(sub, &path);
                }
            }
        }
        walk(&Cli::command(), "answerback");
    }

    #[test]
    fn globals_may_stand_anywhere() {
        let cli = Cli::try_parse_from(["answerback", "account", "list", "--data", "x", "--json"]);
        let globals = cli.expect("parsed").globals;
        assert!(globals.json && globals.data == Some(PathBuf::from("x")));
    }
}
