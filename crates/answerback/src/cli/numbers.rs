//! `number`: whose it is what people write.

use clap::{Args, Subcommand};

use super::accounts::Owner;

pub(super) const NUMBER_HELP: &str = "\
Examples:
  answerback number claim --account acme 46737494990
  answerback number claim --account acme 71717 --keyword WIN --program 3
  answerback number list --account acme
  answerback number release --account acme 71717 --keyword WIN
  answerback number unrouted
  answerback number route --account acme 46737494990

What people write to a number belongs to the account that claims it: alone, or with the first word of the \
text. docs/receiving.md has the rules.";

/// A number, and a keyword where several share it.
#[derive(Clone, Debug, Args)]
pub(crate) struct NumberArgs {
    #[command(flatten)]
    pub(crate) owner: Owner,
    /// The number in international form, or a short code
    pub(crate) number: String,
    /// The first word of the texts that are claimed [default: all that no keyword claims]
    #[arg(long, value_name = "WORD")]
    pub(crate) keyword: Option<String>,
}

/// What can be asked of numbers.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum NumberCommand {
    /// Claim what is written to a number, or give what was claimed another program
    #[command(
        after_help = "Example:\n  answerback number claim --account acme 71717 --keyword WIN --program 3"
    )]
    Claim {
        #[command(flatten)]
        number: NumberArgs,
        /// The program that its messages belong to [default: the account's]
        #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
        program: u32,
    },
    /// List the numbers of an account
    #[command(after_help = "Example:\n  answerback number list --account acme")]
    List {
        #[command(flatten)]
        owner: Owner,
    },
    /// Give a claim up; what was written stays the account's
    #[command(after_help = "Example:\n  answerback number release --account acme 71717 --keyword WIN")]
    Release(NumberArgs),
    /// List what was written to numbers that nobody claims
    #[command(after_help = "Example:\n  answerback number unrouted --json")]
    Unrouted {
        /// How many, the oldest first
        #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        limit: u32,
    },
    /// Give what nobody claimed to an account
    #[command(after_help = "Example:\n  answerback number route --account acme 46737494990")]
    Route {
        #[command(flatten)]
        owner: Owner,
        /// What was written to this number [default: all of it]
        number: Option<String>,
    },
}
