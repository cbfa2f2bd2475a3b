//! What an account keeps beside its messages: small documents, list members, opt-outs.

use std::collections::HashSet;

use sms::{Micros, Number};

/// Who is not to be written to, of those asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unwanted {
    /// Phones whose contact is blocked.
    pub blocked: HashSet<String>,
    /// Phones of people who said STOP.
    pub opted_out: HashSet<String>,
}

/// The kind of the documents that are contact lists: those that have members.
pub const LIST: &str = "list";

/// A small thing an account keeps, such as a template or a hook. What stands in the body is the service's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its number among the account's documents of its kind; zero in one to be added.
    pub number: Number,
    /// A name that is unique among them, if it has one.
    pub name: Option<String>,
    /// JSON.
    pub body: String,
}

/// A person who said STOP to this account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptOut {
    /// Its number in the account; zero in one to be added.
    pub number: Number,
    /// The phone in E.164 digits.
    pub phone: String,
    /// Since when.
    pub since: Micros,
    /// How it came about, in a word: `stop`, `api`, `import`.
    pub source: String,
    /// The MO that is the proof, if one said so.
    pub message: Option<Number>,
}

/// Which documents or opt-outs, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// Highest first.
    pub descending: bool,
    /// Items passed over.
    pub offset: u64,
    /// Items wanted at most.
    pub limit: u32,
}
