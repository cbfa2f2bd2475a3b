//! The configuration: one TOML file, overridden by `ANSWERBACK_…` variables, overridden by the command line.
//!
//! Every option is one entry of [`setting::settings`]; reading, overriding, printing and the documentation's
//! test go over that list. Mistakes are collected, each with its place, so that one run shows all.

pub(crate) mod document;
pub(crate) mod load;
pub(crate) mod print;
pub(crate) mod setting;
pub(crate) mod value;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

pub(crate) use load::{Loaded, Override, load};
use service::gateway::Pace;

use crate::http::origin::PublicUrl;
use crate::ways::Specs;

/// Everything that can be configured, with its value in force.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// Host and port to listen on.
    pub(crate) listen: String,
    /// The data directory.
    pub(crate) data: PathBuf,
    /// A database; refused in this release.
    pub(crate) database: Option<String>,
    /// The address that callers use.
    pub(crate) public_url: Option<PublicUrl>,
    /// Addresses and ranges whose forwarding headers are believed.
    pub(crate) trusted_proxies: Vec<String>,
    /// Certificate chain and key, in PEM.
    pub(crate) tls: TlsFiles,
    /// What a listener takes.
    pub(crate) limits: Limits,
    /// Requests a second and key; `None` for no limit.
    pub(crate) rate_limit: Option<u32>,
    /// Memory for derived state, in octets.
    pub(crate) memory_derived: u64,
    /// The dialects by their short names.
    pub(crate) dialects: BTreeMap<&'static str, DialectSettings>,
    /// Whether the built-in simulator stands in while no carrier is described.
    pub(crate) simulate: bool,
    /// Whether the server is ready only while a carrier takes messages.
    pub(crate) ready_needs_carrier: bool,
    /// What is logged, and how.
    pub(crate) log: LogSettings,
    /// Carriers by name.
    pub(crate) carriers: Specs,
    /// How customers' servers are told.
    pub(crate) webhooks: WebhookSettings,
    /// When what did not go out is tried again, and for how long.
    pub(crate) sending: SendingSettings,
}

/// When what did not go out is tried again, and for how long. [`service::gateway::Pace`] has the rest.
#[derive(Clone, Debug)]
pub(crate) struct SendingSettings {
    /// The pause after a carrier's first "not now"; it doubles with each.
    pub(crate) retry_first: Duration,
    /// The longest such pause.
    pub(crate) retry_most: Duration,
    /// How long an uncertain attempt rests before it is sent again, where that is its carrier's policy.
    pub(crate) resend_after: Duration,
    /// How long after its date a message may still be sent, where its sender does not say.
    pub(crate) validity: Duration,
    /// How long after its validity the last word on a message is waited for.
    pub(crate) silence: Duration,
}

impl Default for SendingSettings {
    fn default() -> Self {
        let Pace { retry_first, retry_most, resend_after, validity, silence, .. } = Pace::default();
        let seconds = |seconds: u32| Duration::from_secs(seconds.into());
        let (validity, silence) = (seconds(validity), seconds(silence));
        Self { retry_first, retry_most, resend_after, validity, silence }
    }
}

impl SendingSettings {
    /// The pace of a gateway with these settings.
    pub(crate) fn pace(&self) -> Pace {
        let seconds = |time: Duration| u32::try_from(time.as_secs()).unwrap_or(u32::MAX);
        Pace {
            retry_first: self.retry_first,
            retry_most: self.retry_most,
            resend_after: self.resend_after,
            validity: seconds(self.validity),
            silence: seconds(self.silence),
            ..Pace::default()
        }
    }
}

/// How customers' servers are told.
#[derive(Clone, Debug)]
pub(crate) struct WebhookSettings {
    /// Addresses and ranges of our own network that may be called.
    pub(crate) allow_private: Vec<String>,
    /// Days that events are kept for a replay, and dead letters.
    pub(crate) keep_days: u32,
}

/// Where the certificate is; both or none, which [`load()`] sees to.
#[derive(Clone, Debug, Default)]
pub(crate) struct TlsFiles {
    pub(crate) certificate: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
}

/// Limits of the listener.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// Octets of a request's body.
    pub(crate) body: usize,
    /// Connections open at once.
    pub(crate) connections: usize,
    /// Requests under way at once.
    pub(crate) requests: usize,
    /// How long a connection may be idle, shake hands, or take to send a head.
    pub(crate) header_timeout: Duration,
    /// How long a request may take to arrive, and again to be answered.
    pub(crate) request_timeout: Duration,
}

/// Whether a dialect is served, and where.
#[derive(Clone, Debug)]
pub(crate) struct DialectSettings {
    pub(crate) enabled: bool,
    /// A host name at which every path is this dialect's.
    pub(crate) host: Option<String>,
}

/// What is logged, and how.
#[derive(Clone, Debug)]
pub(crate) struct LogSettings {
    pub(crate) level: tracing::Level,
    pub(crate) format: LogFormat,
}

/// How a log line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        let dialects = dialects::all();
        let settings = |id| (id, DialectSettings { enabled: true, host: None });
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            data: PathBuf::from("answerback-data"),
            database: None,
            public_url: None,
            trusted_proxies: vec!["127.0.0.0/8".to_owned(), "::1".to_owned()],
            tls: TlsFiles::default(),
            limits: Limits {
                body: 10 << 20,
                connections: 1024,
                requests: 256,
                header_timeout: Duration::from_secs(15),
                request_timeout: Duration::from_secs(60),
            },
            rate_limit: None,
            memory_derived: 1 << 30,
            dialects: dialects.iter().map(|dialect| settings(dialect.id())).collect(),
            simulate: true,
            ready_needs_carrier: false,
            log: LogSettings { level: tracing::Level::INFO, format: LogFormat::Text },
            carriers: Specs::new(),
            webhooks: WebhookSettings { allow_private: Vec::new(), keep_days: 7 },
            sending: SendingSettings::default(),
        }
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Built in.
    Default,
    /// A line of the file; 0 is the file as a whole.
    File(PathBuf, usize),
    /// An environment variable.
    Environment(String),
    /// An option of the command line.
    CommandLine(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path, 0) => write!(f, "{}", path.display()),
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Environment(name) => write!(f, "environment variable {name}"),
            Self::CommandLine(flag) => f.write_str(flag),
        }
    }
}

/// A mistake in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Where it stands.
    pub(crate) source: Source,
    /// The option, in dotted form; empty when the file is no TOML at all.
    pub(crate) key: String,
    /// What is wrong, and what would be right.
    pub(crate) what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => write!(f, "{}: {}", self.source, self.what),
            key => write!(f, "{}: {key}: {}", self.source, self.what),
        }
    }
}
