//! What is answered. The members are those that `--json` prints.

use serde::{Deserialize, Serialize};
use service::account_settings::AccountSettings;
use service::check::CheckReport;
use service::model::{Account, Key, Program};
use service::rates::Rates;

use super::answers::AnswersReply;
use super::approval::ApprovalReply;
use super::carrier_view::{CarrierView, TestView};
use super::numbers::{ClaimView, UnroutedView};
use super::open_view::{ReceiptsView, UncertainView};

use super::webhooks::WebhookReply;

/// How far a long command has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub(crate) enum Progress {
    /// Octets of the input that are on disk, and messages they gave.
    Import { octets: u64, messages: u64 },
    /// Messages written; the highest number looked at, and the one at which it ends.
    Export { messages: u64, number: u32, bound: u32 },
    /// Messages verified.
    Check { messages: u64 },
    /// Messages generated for a demonstration, of how many.
    Generate { messages: u64, of: u64 },
}

/// The result of a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reply", content = "content", rename_all = "snake_case")]
pub(crate) enum Reply {
    AccountCreated(NewCredential),
    Account(AccountView),
    Accounts(Vec<AccountView>),
    KeyCreated(NewKeyView),
    Key(KeyView),
    Keys(Vec<KeyView>),
    ProgramCreated(NewProgramView),
    Programs(Vec<ProgramView>),
    Webhook(WebhookReply),
    Approval(ApprovalReply),
    Answers(AnswersReply),
    Imported(ImportView),
    Exported(ExportView),
    Checked(CheckView),
    Carriers(Vec<CarrierView>),
    Carrier(Box<CarrierView>),
    CarrierTested(TestView),
    CarrierRemoved { name: String },
    Receipts(ReceiptsView),
    Uncertain(UncertainView),
    Rates { currency: String, rates: Rates },
    Settings(Box<AccountSettings>),
    Numbers(Vec<ClaimView>),
    Unrouted(UnroutedView),
    Routed { messages: u64 },
}

/// A new account with its first key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct NewCredential {
    pub(crate) account: String,
    pub(crate) username: String,
    pub(crate) key: String,
    pub(crate) id: u32,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct AccountView {
    pub(crate) account: String,
    pub(crate) id: u32,
    pub(crate) username: String,
    pub(crate) currency: String,
    pub(crate) prepaid: bool,
    /// Decimal; null when not prepaid.
    pub(crate) balance: Option<String>,
    pub(crate) created: String,
    pub(crate) disabled: bool,
    pub(crate) default_program: u32,
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        Self {
            account: account.name,
            id: account.id.get(),
            username: account.username,
            currency: account.currency.to_string(),
            prepaid: account.prepaid,
            balance: account.prepaid.then(|| account.balance.to_string()),
            created: account.created.to_string(),
            disabled: account.disabled,
            default_program: account.default_program,
        }
    }
}

/// A key without its secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct KeyView {
    pub(crate) key: u32,
    pub(crate) username: String,
    pub(crate) created: String,
    pub(crate) expires: Option<String>,
    pub(crate) addresses: Vec<String>,
    pub(crate) revoked: bool,
}

impl From<Key> for KeyView {
    fn from(key: Key) -> Self {
        Self {
            key: key.id,
            username: key.username,
            created: key.created.to_string(),
            expires: key.expires.map(|expires| expires.to_string()),
            addresses: key.addresses,
            revoked: key.revoked,
        }
    }
}

/// A new key with its secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct NewKeyView {
    pub(crate) username: String,
    /// The secret; shown only here.
    pub(crate) key: String,
    pub(crate) id: u32,
}

/// A new program.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct NewProgramView {
    pub(crate) program: u32,
}

/// A program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ProgramView {
    pub(crate) program: u32,
    pub(crate) name: String,
    pub(crate) campaign: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

impl From<Program> for ProgramView {
    fn from(program: Program) -> Self {
        let Program { number, name, campaign, kind } = program;
        Self { program: number, name, campaign, kind }
    }
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ImportView {
    /// The last line, from 1, up to which everything is on disk.
    pub(crate) lines: u64,
    pub(crate) added: u64,
    pub(crate) known: u64,
    pub(crate) merged: u64,
}

/// What an export wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ExportView {
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    /// Of all octets, in hex.
    pub(crate) sha256: String,
}

/// What a check counted and found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CheckView {
    pub(crate) sound: bool,
    pub(crate) accounts: u64,
    pub(crate) messages: u64,
    pub(crate) entries: u64,
    pub(crate) batches: u64,
    pub(crate) day_sums: u64,
    pub(crate) chats: u64,
    pub(crate) others: u64,
    pub(crate) derived: u64,
    /// Broken invariants, of which at most a hundred are put in words.
    pub(crate) broken_count: u64,
    pub(crate) broken: Vec<String>,
}

impl From<CheckReport> for CheckView {
    fn from(report: CheckReport) -> Self {
        Self {
            sound: report.is_sound(),
            accounts: report.accounts,
            messages: report.messages,
            entries: report.entries,
            batches: report.batches,
            day_sums: report.day_sums,
            chats: report.chats,
            others: report.others,
            derived: report.derived,
            broken_count: report.broken_count,
            broken: report.broken,
        }
    }
}
