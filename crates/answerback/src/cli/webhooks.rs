//! `webhook`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::accounts::Owner;

pub(super) const WEBHOOK_HELP: &str = "\
Examples:
  answerback webhook add --account acme https://example.com/hook
  answerback webhook list --account acme
  answerback webhook dead --account acme 1
  answerback webhook retry --account acme 1
  answerback webhook replay --account acme 1 --from 1000 --to 1999

What a call looks like, how to verify it, and when it is tried again: docs/webhooks.md.";

const ADD_HELP: &str = "\
Examples:
  answerback webhook add --account acme https://example.com/hook
  answerback webhook add --account acme https://example.com/hook --what mo --option outcomes=final
  answerback webhook add --account acme https://example.com/in --shape DIALECT --what mo

In our own shape, `answerback`, calls are signed with a secret that is printed once. A vendor's shape says \
what that vendor would have said, and is tried again as often.";

const REPLAY_HELP: &str = "\
Example:
  answerback webhook replay --account acme 1 --from 1000 --to 1999

Events are kept for a week. Those of the range that this webhook wants are told again, under the ids that \
they had.";

/// What can be asked of webhooks.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum WebhookCommand {
    /// Let an address be told of what happens from now on
    #[command(after_help = ADD_HELP)]
    Add(AddArgs),
    /// List the webhooks of an account
    #[command(after_help = "Example:\n  answerback webhook list --account acme")]
    List {
        #[command(flatten)]
        owner: Owner,
    },
    /// Show one webhook, with how far it was told
    #[command(after_help = "Example:\n  answerback webhook show --account acme 1")]
    Show(One),
    /// Remove a webhook with all that it was still to be told
    #[command(after_help = "Example:\n  answerback webhook remove --account acme 1")]
    Remove(One),
    /// Tell a webhook nothing until it is enabled again
    #[command(after_help = "Example:\n  answerback webhook disable --account acme 1")]
    Disable(One),
    /// Tell a disabled webhook again, from where it was stopped
    #[command(after_help = "Example:\n  answerback webhook enable --account acme 1")]
    Enable(One),
    /// List events that were given up
    #[command(after_help = "Example:\n  answerback webhook dead --account acme 1 --limit 20")]
    Dead {
        #[command(flatten)]
        one: One,
        /// Only events after this sequence number
        #[arg(long, default_value_t = 0, value_name = "SEQUENCE")]
        after: u64,
        /// How many at most
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
    },
    /// Tell events that were given up again
    #[command(after_help = "Example:\n  answerback webhook retry --account acme 1 --event 1234")]
    Retry {
        #[command(flatten)]
        one: One,
        /// Only the event of this sequence number [default: all of them]
        #[arg(long, value_name = "SEQUENCE")]
        event: Option<u64>,
    },
    /// Tell the events of a range again, whether they were taken or not
    #[command(after_help = REPLAY_HELP)]
    Replay {
        #[command(flatten)]
        one: One,
        /// The first event's sequence number
        #[arg(long, value_name = "SEQUENCE")]
        from: u64,
        /// The last event's sequence number
        #[arg(long, value_name = "SEQUENCE")]
        to: u64,
    },
}

/// Which webhook.
#[derive(Clone, Debug, Args)]
pub(crate) struct One {
    #[command(flatten)]
    pub(crate) owner: Owner,
    /// The webhook's number, as `webhook list` shows it; 0 stands for the addresses that batches name
    pub(crate) webhook: u32,
}

/// A webhook to be added.
#[derive(Clone, Debug, Args)]
pub(crate) struct AddArgs {
    #[command(flatten)]
    pub(crate) owner: Owner,
    /// Its address: http or https
    pub(crate) url: String,
    /// How it is spoken to: `answerback`, or a dialect's name
    #[arg(long, default_value = "answerback")]
    pub(crate) shape: String,
    /// What it is told of; may be given several times [default: all]
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) what: Vec<What>,
    /// An option of the shape, as KEY=VALUE; may be given several times
    #[arg(long = "option", value_name = "KEY=VALUE", value_parser = option)]
    pub(crate) options: Vec<(String, String)>,
    /// Sign with the secret in this file, instead of a new one; `-` reads it from standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
}

/// What a webhook may be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// What became of messages sent
    Mt,
    /// Messages received
    Mo,
    /// Messages received by which somebody opted out
    OptOut,
}

fn option(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}
