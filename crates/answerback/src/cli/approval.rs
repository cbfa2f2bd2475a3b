//! `batch` and `sender`: what waits for a person's word.

use clap::{Args, Subcommand};

use super::accounts::Owner;

pub(super) const BATCH_HELP: &str = "\
Examples:
  answerback batch held --account acme
  answerback batch release --account acme 17
  answerback batch refuse --account acme 18

`answerback settings set holds=…` decides which messages wait. Those that wait when it is set to nothing go on
waiting until they are released or refused.";

pub(super) const SENDER_HELP: &str = "\
Examples:
  answerback sender list --account acme
  answerback sender approve --account acme Acme
  answerback sender refuse --account acme Police

`answerback settings set reviews_senders=true` lets new senders wait. Both words may be taken back: a sender that
is in use can be refused, and a refused one approved.";

/// A batch of an account.
#[derive(Clone, Debug, Args)]
pub(crate) struct BatchArgs {
    #[command(flatten)]
    pub(crate) owner: Owner,
    /// The batch, by its number
    pub(crate) batch: u32,
}

/// What can be asked of batches.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum BatchCommand {
    /// List the batches with messages that wait for a person
    #[command(after_help = "Example:\n  answerback batch held --account acme --json")]
    Held {
        #[command(flatten)]
        owner: Owner,
    },
    /// Let what waits of a batch go out: now, or when it is due
    #[command(after_help = "Example:\n  answerback batch release --account acme 17")]
    Release(BatchArgs),
    /// Refuse what waits of a batch; what was paid for it goes back
    #[command(after_help = "Example:\n  answerback batch refuse --account acme 17")]
    Refuse(BatchArgs),
}

/// A sender of an account.
#[derive(Clone, Debug, Args)]
pub(crate) struct SenderArgs {
    #[command(flatten)]
    pub(crate) owner: Owner,
    /// The sender: a number, a short code or a name
    pub(crate) sender: String,
}

/// What can be asked of registered senders.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum SenderCommand {
    /// List the registered senders of an account, with what they are for
    #[command(after_help = "Example:\n  answerback sender list --account acme --pending")]
    List {
        #[command(flatten)]
        owner: Owner,
        /// Only those that wait for review
        #[arg(long)]
        pending: bool,
    },
    /// Let a registered sender be used
    #[command(after_help = "Example:\n  answerback sender approve --account acme Acme")]
    Approve(SenderArgs),
    /// Let a registered sender not be used
    #[command(after_help = "Example:\n  answerback sender refuse --account acme Police")]
    Refuse(SenderArgs),
}
