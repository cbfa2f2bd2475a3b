//! `account`, `key`, `program`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

pub(super) const ACCOUNT_HELP: &str = "\
Examples:
  answerback account create acme --currency SEK
  answerback account create shop --prepaid && answerback account fund shop 100
  answerback account list
  answerback account disable acme";

pub(super) const KEY_HELP: &str = "\
Examples:
  answerback key create --account acme --allow-address 192.0.2.0/24
  answerback key adopt --account acme --username acme < old-secret.txt
  answerback key list --account acme
  answerback key revoke --account acme 3";

pub(super) const PROGRAM_HELP: &str = "\
Examples:
  answerback program create --account acme --name \"Spring offer\" --campaign Spring
  answerback program list --account acme";

const CREATE_HELP: &str = "\
Examples:
  answerback account create acme
  answerback account create acme --username acme-api --currency SEK --json

The first key's secret is printed once and kept nowhere. One key works in every dialect.
With --json:
  {\"account\":\"acme\",\"username\":\"acme\",\"key\":\"…\",\"id\":1}";

const FUND_HELP: &str = "\
Example:
  answerback account fund shop 250.50

The amount is added in the account's currency; a negative one (after `--`) is taken away.";

const ADOPT_HELP: &str = "\
Examples:
  answerback key adopt --account acme < old-secret.txt
  answerback key adopt --account acme --secret-file old-secret.txt --username acme

The secret that a customer's programs already use keeps working, so that not even the credential changes. \
It is read from standard input unless a file is named; a final newline is no part of it. `--secret` shows \
it to everybody who sees the process list or the shell's history.";

/// What can be asked of accounts.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Make an account with its first key and its default program
    #[command(after_help = CREATE_HELP)]
    Create {
        /// Its name, unique in the ledger
        name: String,
        /// The user name of its keys [default: its name]
        #[arg(long)]
        username: Option<String>,
        /// The currency of its prices
        #[arg(long, default_value = "EUR", value_parser = currency)]
        currency: String,
        /// Let it send only what it has been funded for
        #[arg(long)]
        prepaid: bool,
    },
    /// Add to the balance of a prepaid account
    #[command(after_help = FUND_HELP)]
    Fund {
        /// The account, by name or number
        account: String,
        /// How much, such as 100 or 12.50
        #[arg(allow_negative_numbers = true, value_parser = amount)]
        amount: String,
    },
    /// List every account
    #[command(after_help = "Example:\n  answerback account list --json")]
    List,
    /// Show one account
    #[command(after_help = "Example:\n  answerback account show acme")]
    Show {
        /// The account, by name or number
        account: String,
    },
    /// Refuse all keys of an account
    #[command(after_help = "Example:\n  answerback account disable acme")]
    Disable {
        /// The account, by name or number
        account: String,
    },
    /// Accept the keys of a disabled account again
    #[command(after_help = "Example:\n  answerback account enable acme")]
    Enable {
        /// The account, by name or number
        account: String,
    },
}

/// Whose keys or programs.
#[derive(Clone, Debug, Args)]
pub(crate) struct Owner {
    /// The account, by name or number
    #[arg(long)]
    pub(crate) account: String,
}

/// What a key may be restricted to.
#[derive(Clone, Debug, Args)]
pub(crate) struct KeyLimits {
    /// The user name that goes with the secret [default: the account's]
    #[arg(long)]
    pub(crate) username: Option<String>,
    /// From when on the key is refused: 2027-01-31 or 2027-01-31T12:00:00Z
    #[arg(long, value_name = "DATE", value_parser = crate::cli::transfer::instant)]
    pub(crate) expires: Option<String>,
    /// An address or range it may be used from; may be given several times [default: anywhere]
    #[arg(long = "allow-address", value_name = "ADDR")]
    pub(crate) addresses: Vec<String>,
}

/// What can be asked of keys.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key with a new secret, which is printed once
    #[command(after_help = "Example:\n  answerback key create --account acme --expires 2027-01-31")]
    Create {
        #[command(flatten)]
        owner: Owner,
        #[command(flatten)]
        limits: KeyLimits,
    },
    /// Make a key of a secret that is already in use elsewhere
    #[command(after_help = ADOPT_HELP)]
    Adopt {
        #[command(flatten)]
        owner: Owner,
        #[command(flatten)]
        limits: KeyLimits,
        /// Read the secret from this file
        #[arg(long, value_name = "FILE", conflicts_with = "secret")]
        secret_file: Option<PathBuf>,
        /// The secret itself; it is left behind in the shell's history
        #[arg(long, value_name = "SECRET")]
        secret: Option<String>,
    },
    /// Refuse a key for good
    #[command(after_help = "Example:\n  answerback key revoke --account acme 3")]
    Revoke {
        #[command(flatten)]
        owner: Owner,
        /// The key's number, as `key list` shows it
        key: u32,
    },
    /// List the keys of an account; secrets are never shown
    #[command(after_help = "Example:\n  answerback key list --account acme")]
    List {
        #[command(flatten)]
        owner: Owner,
    },
}

/// What can be asked of programs.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ProgramCommand {
    /// Make a program: a named purpose whose messages are exported together
    #[command(after_help = "Example:\n  answerback program create --account acme --name Alerts --json")]
    Create {
        #[command(flatten)]
        owner: Owner,
        /// Its name
        #[arg(long)]
        name: String,
        /// The campaign it belongs to
        #[arg(long, default_value = "")]
        campaign: String,
        /// What kind of program it is, in your words
        #[arg(long = "type", value_name = "TYPE", default_value = "")]
        kind: String,
    },
    /// List the programs of an account
    #[command(after_help = "Example:\n  answerback program list --account acme")]
    List {
        #[command(flatten)]
        owner: Owner,
    },
}

fn currency(text: &str) -> Result<String, sms::money::CurrencyError> {
    text.parse::<sms::Currency>().map(|currency| currency.to_string())
}

fn amount(text: &str) -> Result<String, sms::money::MoneyError> {
    text.parse::<sms::Money>().map(|amount| amount.to_string())
}
