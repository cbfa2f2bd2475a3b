//! `rates` and `settings`: what an account decides about its sending.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::accounts::Owner;

pub(super) const RATES_HELP: &str = "\
Examples:
  answerback rates show --account acme
  answerback rates set --account acme --default 0.05 --rate SE=0.042 --rate 467=0.039:2";

const RATES_SET_HELP: &str = "\
Examples:
  answerback rates set --account acme --default 0.05
  answerback rates set --account acme --rate SE=0.042 --rate 240/01=0.04 --rate +467=0.039:2
  answerback rates set --account acme --remove SE
  answerback rates show --account acme --json > rates.json
  answerback rates set --account acme --file rates.json

A rate is what a segment costs in the account's currency and, behind a colon, in credits (1 if nothing is \
said). It is for a country (SE), a network (MCC/MNC), or a prefix of numbers; the longest prefix wins, then \
the network, then the country, then the default. Only what is named changes, unless --clear or --file begin anew.";

pub(super) const SETTINGS_HELP: &str = "\
Examples:
  answerback settings show --account acme
  answerback settings set --account acme default_country=SE timezone=Europe/Stockholm";

const SETTINGS_SET_HELP: &str = "\
Examples:
  answerback settings set --account acme default_sender=Acme default_country=SE
  answerback settings set --account acme quiet=21:00-08:00,00:00-12:00/67/promotional
  answerback settings set --account acme holds=promotional countries=SE,NO,DK
  answerback settings set --account acme default_sender=

default_sender     the sender of submissions that name none; empty for none
default_country    where numbers in national form belong to; empty for nowhere
timezone           the zone of the account's clocks, such as Europe/Stockholm
registers_senders  true: only registered senders may be used
reviews_senders    true: a new sender waits for an operator (`answerback sender`)
quiet              when nothing is sent: FROM-TO, then if wanted /DAYS (1 Monday to 7 Sunday) and
                   /promotional; several with commas between; empty for never
holds              nothing, promotional or everything waits for a person (`answerback batch`)
countries          the only countries written to, with commas between; empty for all
stop_reply, start_reply, help_reply
                   what answers STOP, START and HELP; empty for nothing
own_stop_words     words that mean STOP beside everybody's, with commas between";

/// What can be asked of rates.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum RatesCommand {
    /// Show what segments cost an account
    #[command(after_help = "Example:\n  answerback rates show --account acme")]
    Show {
        #[command(flatten)]
        owner: Owner,
    },
    /// Change what segments cost an account
    #[command(after_help = RATES_SET_HELP)]
    Set(RatesArgs),
}

/// What `rates set` changes.
#[derive(Clone, Debug, Args)]
pub(crate) struct RatesArgs {
    #[command(flatten)]
    pub(crate) owner: Owner,
    /// What a segment costs where no rate is for its handset
    #[arg(long, value_name = "PRICE[:CREDITS]")]
    pub(crate) default: Option<String>,
    /// What a segment of high priority costs beside
    #[arg(long, value_name = "PRICE")]
    pub(crate) high_priority: Option<String>,
    /// A rate for a country, a network or a prefix; may be given several times
    #[arg(long = "rate", value_name = "FOR=PRICE[:CREDITS]")]
    pub(crate) rates: Vec<String>,
    /// Forget the rate for a country, a network or a prefix; may be given several times
    #[arg(long = "remove", value_name = "FOR")]
    pub(crate) removed: Vec<String>,
    /// Begin with nothing
    #[arg(long)]
    pub(crate) clear: bool,
    /// Begin with the table in this file, as `rates show --json` prints it; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "clear")]
    pub(crate) file: Option<PathBuf>,
}

/// What can be asked of settings.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// Show an account's settings
    #[command(after_help = "Example:\n  answerback settings show --account acme")]
    Show {
        #[command(flatten)]
        owner: Owner,
    },
    /// Change some of an account's settings
    #[command(after_help = SETTINGS_SET_HELP)]
    Set {
        #[command(flatten)]
        owner: Owner,
        /// What to set
        #[arg(value_name = "KEY=VALUE", required = true)]
        changes: Vec<String>,
    },
}
