//! Requests that show what a dialect answers, made of what an account really holds.

use service::model::{Batch, Chat, Message};
use sms::{AccountId, Number};

/// What an account holds that a request can name.
#[derive(Clone, Debug)]
pub struct Holdings {
    /// The account.
    pub account: AccountId,
    /// The user name of a key.
    pub username: String,
    /// Its secret.
    pub secret: String,
    /// A program with messages.
    pub program: Number,
    /// The newest batch that was submitted, with its first message.
    pub batch: Option<(Batch, Message)>,
    /// The chat that was written in last.
    pub chat: Option<Chat>,
    /// The beginning of a period with messages, in seconds since 1970.
    pub from: u32,
    /// Its end.
    pub to: u32,
}

/// How a request says who sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    /// By these headers.
    Headers(Vec<(&'static str, String)>),
    /// By user name and secret in the `Basic` scheme.
    Basic,
}

/// A `GET` that answers 200 with something to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What it shows, in a few words: `the newest messages`.
    pub shows: &'static str,
    /// How it says who sends it.
    pub login: Login,
    /// Path and query, percent-encoded.
    pub target: String,
}
