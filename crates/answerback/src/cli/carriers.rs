//! `carrier`, `simulate`, `receipts`, `uncertain`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

pub(super) const CARRIER_HELP: &str = "\
Examples:
  answerback carrier add telia --smpp smsc.example.org:2775 --system-id acme --password-file p
  answerback carrier test telia
  answerback carrier list
  answerback carrier set telia --route 46,47 --rate 50
  answerback carrier pause telia
  answerback carrier remove telia

A carrier without a route takes everything that no other claims. Changes apply at once while a server \
runs, and are kept in the data directory. Carriers of the configuration file are changed there; SIGHUP \
makes a server read them again. docs/carriers.md says how carriers are chosen.";

const ADD_HELP: &str = "\
Examples:
  answerback carrier add out --smpp smsc.example.org:2775 --system-id acme --password-stdin < p.txt
  answerback carrier add nordic --smpp [2001:db8::1]:2775 --tls --system-id a --route 46,47,45
  answerback carrier add bulk --smpp 192.0.2.7:2775 --system-id b --binds 2 --window 50 --rank 200
  answerback carrier add lab --simulator hostile --seed 7 --account test
  answerback carrier add old --smpp 192.0.2.8:2775 --system-id c --set gsm=latin1 --set long=sar

`answerback carrier options` lists what --set takes.";

const SET_HELP: &str = "\
Examples:
  answerback carrier set out --route 46,47
  answerback carrier set out --route ''
  answerback carrier set out --window 20 --set response_timeout=60s

Only what is named changes. Other rules (route, account, sender, priority, rank, cost, doubt) take effect \
without a new session; anything else makes the link anew.";

const TEST_HELP: &str = "\
Examples:
  answerback carrier test out
  answerback carrier test out --timeout 30 --json

While a server runs, its own link is looked at; otherwise one is made for the purpose and closed again. \
Ends with 1 when it is not bound, with the peer's words.";

pub(super) const SIMULATE_HELP: &str = "\
Examples:
  answerback simulate
  answerback simulate --listen 127.0.0.1:2775 --seed 7 --profile hostile
  answerback simulate --profile mine.toml --control 127.0.0.1:2780
  answerback simulate --system-id acme --password secret

An SMSC that any SMPP 3.4 client may bind to. docs/simulator.md has the magic numbers and profiles. \
Nothing is ever sent to anybody.";

pub(super) const RECEIPTS_HELP: &str = "\
Examples:
  answerback receipts
  answerback receipts --limit 1000 --json

Receipts whose id is not known, or leads to several messages. They wait 30 days and are tried again when \
their id turns up.";

pub(super) const UNCERTAIN_HELP: &str = "\
Examples:
  answerback uncertain
  answerback uncertain --account acme --json

Messages of which an attempt had no answer: nobody knows whether they were sent. docs/sending.md says what \
becomes of them.";

/// What can be asked of carriers.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum CarrierCommand {
    /// Add a carrier: an SMPP link, or a simulator
    #[command(after_help = ADD_HELP)]
    Add(Box<CarrierArgs>),
    /// Change a carrier that was added
    #[command(after_help = SET_HELP)]
    Set(Box<CarrierArgs>),
    /// List every carrier with its state
    #[command(after_help = "Example:\n  answerback carrier list --json")]
    List,
    /// Show one carrier; its password is never shown
    #[command(after_help = "Example:\n  answerback carrier show out")]
    Show {
        /// Its name
        name: String,
    },
    /// Try whether a carrier binds
    #[command(after_help = TEST_HELP)]
    Test {
        /// Its name
        name: String,
        /// How long to wait, in seconds
        #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=300))]
        timeout: u32,
    },
    /// Submit nothing over a carrier; receipts and replies keep coming
    #[command(after_help = "Example:\n  answerback carrier pause out")]
    Pause {
        /// Its name
        name: String,
    },
    /// Submit over a paused carrier again
    #[command(after_help = "Example:\n  answerback carrier resume out")]
    Resume {
        /// Its name
        name: String,
    },
    /// Take away a carrier that was added
    #[command(after_help = "Example:\n  answerback carrier remove out")]
    Remove {
        /// Its name
        name: String,
    },
    /// List what --set takes, with defaults and dangers
    #[command(after_help = "Example:\n  answerback carrier options")]
    Options,
}

/// A carrier's name and what is said of it.
#[derive(Clone, Debug, Args)]
pub(crate) struct CarrierArgs {
    /// Its name: letters, digits, - and _, at most 32
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) peer: PeerArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
}

/// Where a carrier leads, and how.
#[derive(Clone, Default, Args)]
#[command(next_help_heading = "The link")]
pub(crate) struct PeerArgs {
    /// The SMSC
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) smpp: Option<String>,
    /// A simulator instead, by a built-in profile's name or a file
    #[arg(long, value_name = "PROFILE", conflicts_with = "smpp")]
    pub(crate) simulator: Option<String>,
    /// The number that the simulator's fates follow from
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<String>,
    /// Who binds
    #[arg(long, value_name = "NAME")]
    pub(crate) system_id: Option<String>,
    /// The password itself; it is left behind in the shell's history
    #[arg(long, value_name = "PASSWORD", conflicts_with_all = ["password_file", "password_stdin"])]
    pub(crate) password: Option<String>,
    /// Read the password from this file, now
    #[arg(long, value_name = "FILE", conflicts_with = "password_stdin")]
    pub(crate) password_file: Option<PathBuf>,
    /// Read the password from standard input
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// transceiver, transmitter, receiver or pair [default: transceiver]
    #[arg(long, value_name = "HOW")]
    pub(crate) bind: Option<String>,
    /// Sessions, or pairs of them [default: 1]
    #[arg(long, value_name = "N")]
    pub(crate) binds: Option<String>,
    /// Submissions open at once in each session [default: 10]
    #[arg(long, value_name = "N")]
    pub(crate) window: Option<String>,
    /// Submissions a second over all sessions; 0 for no limit [default: 0]
    #[arg(long, value_name = "N")]
    pub(crate) rate: Option<String>,
    /// Encrypt the connection; the same as --set tls=on
    #[arg(long)]
    pub(crate) tls: bool,
    /// Set an option; may be given several times
    #[arg(long = "set", value_name = "OPTION=VALUE")]
    pub(crate) options: Vec<String>,
}

impl std::fmt::Debug for PeerArgs {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PeerArgs").field("smpp", &self.smpp).finish_non_exhaustive()
    }
}

/// What goes over a carrier.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "What goes over it")]
pub(crate) struct RuleArgs {
    /// Only numbers that begin so, in international form [default: all]
    #[arg(long = "route", value_name = "PREFIX,…")]
    pub(crate) route: Vec<String>,
    /// Only messages of these accounts, by name or number [default: all]
    #[arg(long = "account", value_name = "A,…")]
    pub(crate) accounts: Vec<String>,
    /// Only messages from these senders [default: all]
    #[arg(long = "sender", value_name = "S,…")]
    pub(crate) senders: Vec<String>,
    /// Only messages of at least this priority: 1 normal, 2 high [default: 0]
    #[arg(long, value_name = "N")]
    pub(crate) priority: Option<String>,
    /// Of several that fit, the lower rank is tried first [default: 100]
    #[arg(long, value_name = "N")]
    pub(crate) rank: Option<String>,
    /// What a segment costs; of equal rank, the cheaper is tried first [default: 0]
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) cost: Option<String>,
    /// What becomes of an attempt without an answer: hold, resend or fail [default: hold]
    #[arg(long, value_name = "WHAT")]
    pub(crate) doubt: Option<String>,
}

/// The options of `simulate`.
#[derive(Clone, Args)]
pub(crate) struct SimulateArgs {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:2775")]
    pub(crate) listen: String,
    /// The number that fates follow from: the same seed, the same fates
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// A built-in profile (plain, lossy, hostile, slow, swift), or the file of one
    #[arg(long, value_name = "PROFILE", default_value = "plain")]
    pub(crate) profile: String,
    /// Where to listen for control by HTTP: keep it on loopback
    #[arg(long, value_name = "ADDR")]
    pub(crate) control: Option<String>,
    /// Let nobody else bind
    #[arg(long, value_name = "NAME", requires = "password")]
    pub(crate) system_id: Option<String>,
    /// With this password
    #[arg(long, value_name = "PASSWORD", requires = "system_id")]
    pub(crate) password: Option<String>,
}

impl std::fmt::Debug for SimulateArgs {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimulateArgs").field("listen", &self.listen).finish_non_exhaustive()
    }
}

/// The options of `receipts`.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReceiptsArgs {
    /// How many, the oldest first
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) limit: u32,
}

/// The options of `uncertain`.
#[derive(Clone, Debug, Args)]
pub(crate) struct UncertainArgs {
    /// One account, by name or number [default: all]
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// How many of each account, the oldest first
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) limit: u32,
}
