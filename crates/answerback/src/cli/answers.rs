//! `reply` and `opt-out`: what is answered by itself, and who is not written to.

use clap::{Args, Subcommand};

use super::accounts::Owner;

pub(super) const REPLY_HELP: &str = "\
Examples:
  answerback reply add --account acme \"Thank you, we call you back.\"
  answerback reply add --account acme --to 71717 --keyword WIN --sender Acme \"You take part.\"
  answerback reply list --account acme
  answerback reply remove --account acme 2

One rule answers: that with number and keyword before that with a keyword before that with a number before that
with neither; among equals the oldest. What answers STOP, START and HELP are settings (`answerback settings`).";

pub(super) const OPT_OUT_HELP: &str = "\
Examples:
  answerback opt-out list --account acme
  answerback opt-out add --account acme 46701740605
  answerback opt-out lift --account acme 46701740605

Nothing is sent to a number that opted out. STOP adds one by itself and START lifts it: docs/receiving.md.";

const ADD_HELP: &str = "\
Examples:
  answerback reply add --account acme \"Thank you, we call you back.\"
  answerback reply add --account acme --to 71717 --keyword WIN --sender Acme \"You take part.\"";

/// A rule to be added.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReplyArgs {
    #[command(flatten)]
    pub(crate) owner: Owner,
    /// Answer only what is written to this number [default: to any]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) to: Option<String>,
    /// Answer only texts that begin with this word [default: all]
    #[arg(long, value_name = "WORD")]
    pub(crate) keyword: Option<String>,
    /// Who the answer comes from [default: the number written to]
    #[arg(long)]
    pub(crate) sender: Option<String>,
    /// The answer
    pub(crate) text: String,
}

/// What can be asked of automatic answers.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ReplyCommand {
    /// Answer what people write by itself
    #[command(after_help = ADD_HELP)]
    Add(ReplyArgs),
    /// List the rules of an account
    #[command(after_help = "Example:\n  answerback reply list --account acme")]
    List {
        #[command(flatten)]
        owner: Owner,
    },
    /// Remove a rule
    #[command(after_help = "Example:\n  answerback reply remove --account acme 2")]
    Remove {
        #[command(flatten)]
        owner: Owner,
        /// The rule, by its number
        rule: u32,
    },
}

/// A number of an account's.
#[derive(Clone, Debug, Args)]
pub(crate) struct PhoneArgs {
    #[command(flatten)]
    pub(crate) owner: Owner,
    /// The number, in international form or as the account's country writes it
    pub(crate) phone: String,
}

/// What can be asked of opt-outs.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum OptOutCommand {
    /// List the opt-outs in force, each with where it came from
    #[command(after_help = "Example:\n  answerback opt-out list --account acme --json")]
    List {
        #[command(flatten)]
        owner: Owner,
        /// Only of this number
        phone: Option<String>,
        /// How many, the newest first
        #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        limit: u32,
    },
    /// Send nothing more to a number
    #[command(after_help = "Example:\n  answerback opt-out add --account acme 46701740605")]
    Add(PhoneArgs),
    /// Lift an opt-out; it stays as history
    #[command(after_help = "Example:\n  answerback opt-out lift --account acme 46701740605")]
    Lift(PhoneArgs),
}
