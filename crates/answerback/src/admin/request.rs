//! What can be asked.

use serde::{Deserialize, Serialize};
use service::rates::Rates;

use super::answers::AnswersRequest;
use super::approval::ApprovalRequest;
use super::carriers::Said;
use super::webhooks::WebhookRequest;
use crate::cli::transfer::{Filter, Format};

/// A command as it travels: with the version of the protocol it is written in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Envelope {
    pub(crate) protocol: u32,
    #[serde(flatten)]
    pub(crate) request: Request,
}

/// One administrative command. Accounts are named by name or number; instants are RFC 3339, amounts decimal.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub(crate) enum Request {
    AccountCreate {
        name: String,
        username: Option<String>,
        currency: String,
        prepaid: bool,
    },
    AccountFund {
        account: String,
        amount: String,
    },
    AccountList,
    AccountShow {
        account: String,
    },
    AccountDisable {
        account: String,
    },
    AccountEnable {
        account: String,
    },
    KeyCreate {
        account: String,
        username: Option<String>,
        expires: Option<String>,
        addresses: Vec<String>,
    },
    KeyAdopt {
        account: String,
        username: Option<String>,
        expires: Option<String>,
        addresses: Vec<String>,
        secret: String,
    },
    KeyRevoke {
        account: String,
        key: u32,
    },
    KeyList {
        account: String,
    },
    ProgramCreate {
        account: String,
        name: String,
        campaign: String,
        kind: String,
    },
    ProgramList {
        account: String,
    },
    Webhook {
        ask: WebhookRequest,
    },
    Approval {
        ask: ApprovalRequest,
    },
    Answers {
        ask: AnswersRequest,
    },
    Import {
        account: String,
        lenient: bool,
    },
    Export {
        account: String,
        format: Format,
        filter: Filter,
    },
    Check,
    CarrierAdd {
        name: String,
        said: Vec<Said>,
    },
    CarrierSet {
        name: String,
        said: Vec<Said>,
    },
    CarrierList,
    CarrierShow {
        name: String,
    },
    CarrierTest {
        name: String,
        seconds: u32,
    },
    CarrierPause {
        name: String,
        paused: bool,
    },
    CarrierRemove {
        name: String,
    },
    Receipts {
        limit: u32,
    },
    Uncertain {
        account: Option<String>,
        limit: u32,
    },
    RatesShow {
        account: String,
    },
    RatesSet {
        account: String,
        change: RatesChange,
    },
    SettingsShow {
        account: String,
    },
    SettingsSet {
        account: String,
        changes: Vec<String>,
    },
    NumberClaim {
        account: String,
        number: String,
        keyword: Option<String>,
        program: u32,
    },
    NumberList {
        account: String,
    },
    NumberRelease {
        account: String,
        number: String,
        keyword: Option<String>,
    },
    NumberUnrouted {
        limit: u32,
    },
    NumberRoute {
        account: String,
        number: Option<String>,
    },
}

/// What `rates set` changes, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct RatesChange {
    /// The table to begin with, instead of the account's.
    pub(crate) begin: Option<Rates>,
    pub(crate) default: Option<String>,
    pub(crate) high_priority: Option<String>,
    pub(crate) rates: Vec<String>,
    pub(crate) removed: Vec<String>,
}

impl Request {
    /// Its name, for the log and for whoever finds the directory in use.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::AccountCreate { .. } => "account create",
            Self::AccountFund { .. } => "account fund",
            Self::AccountList => "account list",
            Self::AccountShow { .. } => "account show",
            Self::AccountDisable { .. } => "account disable",
            Self::AccountEnable { .. } => "account enable",
            Self::KeyCreate { .. } => "key create",
            Self::KeyAdopt { .. } => "key adopt",
            Self::KeyRevoke { .. } => "key revoke",
            Self::KeyList { .. } => "key list",
            Self::ProgramCreate { .. } => "program create",
            Self::ProgramList { .. } => "program list",
            Self::Webhook { ask } => ask.name(),
            Self::Approval { ask } => ask.name(),
            Self::Answers { ask } => ask.name(),
            Self::Import { .. } => "import",
            Self::Export { .. } => "export",
            Self::Check => "check",
            Self::CarrierAdd { .. } => "carrier add",
            Self::CarrierSet { .. } => "carrier set",
            Self::CarrierList => "carrier list",
            Self::CarrierShow { .. } => "carrier show",
            Self::CarrierTest { .. } => "carrier test",
            Self::CarrierPause { paused: true, .. } => "carrier pause",
            Self::CarrierPause { paused: false, .. } => "carrier resume",
            Self::CarrierRemove { .. } => "carrier remove",
            Self::Receipts { .. } => "receipts",
            Self::Uncertain { .. } => "uncertain",
            Self::RatesShow { .. } => "rates show",
            Self::RatesSet { .. } => "rates set",
            Self::SettingsShow { .. } => "settings show",
            Self::SettingsSet { .. } => "settings set",
            Self::NumberClaim { .. } => "number claim",
            Self::NumberList { .. } => "number list",
            Self::NumberRelease { .. } => "number release",
            Self::NumberUnrouted { .. } => "number unrouted",
            Self::NumberRoute { .. } => "number route",
        }
    }

    /// Whether it makes a missing data directory ready: only what a new server may begin with.
    pub(crate) fn makes_directory(&self) -> bool {
        matches!(self, Self::AccountCreate { .. } | Self::CarrierAdd { .. })
    }
}

impl std::fmt::Debug for Request {
    /// The name alone: a request may carry a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_travel_as_one_line() {
        let secret = "line\nbreak and \"quotes\"".to_owned();
        let request = Request::KeyAdopt {
            account: "a".to_owned(),
            username: None,
            expires: None,
            addresses: vec!["::1".to_owned()],
            secret,
        };
        let line =
            serde_json::to_string(&Envelope { protocol: 1, request: request.clone() }).expect("written");
        assert!(
            !line.contains('\n') && line.starts_with("{\"protocol\":1,\"command\":\"key_adopt\""),
            "{line}"
        );
        let read: Envelope = serde_json::from_str(&line).expect("read");
        assert_eq!(read, Envelope { protocol: 1, request });
        assert!(!format!("{read:?}").contains("quotes"), "secrets are not shown");
    }
}
