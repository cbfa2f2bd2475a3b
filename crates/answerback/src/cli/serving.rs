//! `serve`, `demo`, `config`, `completions`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

pub(super) const SERVE_HELP: &str = "\
Examples:
  answerback serve
  answerback serve --data /var/lib/answerback --listen 0.0.0.0:8080
  answerback serve --public-url https://sms.example.org
  answerback serve --config /etc/answerback.toml
  answerback serve --tls-cert cert.pem --tls-key key.pem --listen 0.0.0.0:8443

Prints the address once it answers. SIGTERM and SIGINT stop it after what was accepted is finished. \
An empty or missing data directory is made ready. /healthz, /readyz and /metrics are for operators.";

pub(super) const DEMO_HELP: &str = "\
Examples:
  answerback demo
  answerback demo --messages 2000000 --listen 127.0.0.1:9000
  answerback demo --rate 20
  answerback demo --messages 200 --once

Prints a credential, follows one text through every dialect, prints ready curl lines, and lets simulated \
traffic flow both ways, over SMPP to a simulated SMSC on a loopback port. Nothing leaves the machine, and \
nothing stays behind when it is stopped. With --once it ends after that text: with 0 if every dialect showed \
what it should, with 1 otherwise.";

pub(super) const CONFIG_HELP: &str = "\
Examples:
  answerback config print --config /etc/answerback.toml
  answerback config check --config /etc/answerback.toml";

const CONFIG_PRINT_HELP: &str = "\
Example:
  answerback config print --config /etc/answerback.toml

The output is itself a configuration file; a comment at each option says where its value comes from.";

const CONFIG_CHECK_HELP: &str = "\
Examples:
  answerback config check --config /etc/answerback.toml
  answerback config check /etc/answerback.toml

Names every mistake with file, line and key, and ends with 1 if there is one.";

pub(super) const COMPLETIONS_HELP: &str = "\
Examples:
  answerback completions bash > /etc/bash_completion.d/answerback
  answerback completions zsh > ~/.zfunc/_answerback
  answerback completions fish > ~/.config/fish/completions/answerback.fish";

/// The options of `serve`; each wins over the environment, which wins over the configuration file.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ServeArgs {
    /// Where to listen; port 0 takes a free one [env: ANSWERBACK_LISTEN] [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<String>,
    /// The address that callers use, for links in answers [env: ANSWERBACK_PUBLIC_URL]
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// Certificate chain in PEM, to answer by TLS [env: ANSWERBACK_TLS_CERTIFICATE]
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its private key in PEM [env: ANSWERBACK_TLS_KEY]
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
}

/// The options of `demo`.
#[derive(Clone, Debug, Args)]
pub(crate) struct DemoArgs {
    /// How many messages to generate
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(100..=50_000_000))]
    pub(crate) messages: u32,
    /// Where to listen; without this, a free port is taken when 8080 is not free [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<String>,
    /// The number that the generated history follows from: the same seed, the same history
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many messages are sent a second while it runs, about; 0 for none
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) rate: u32,
    /// End when the one text has been followed through every dialect; 1 if one did not show what it should
    #[arg(long)]
    pub(crate) once: bool,
}

/// What can be asked of the configuration.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print every option in force and where its value comes from
    #[command(after_help = CONFIG_PRINT_HELP)]
    Print,
    /// Validate the configuration, naming every mistake
    #[command(after_help = CONFIG_CHECK_HELP)]
    Check {
        /// The file to validate, instead of --config
        file: Option<PathBuf>,
    },
}
