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
    /// The program of messages that name none.
    pub default_program: Number,
    /// The second at which the examples are made: whatever they send is dated at or after it.
    pub now: u32,
    /// A handset that may be written to, in E.164 digits.
    pub handset: String,
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

/// What a request brings along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its `Content-Type`.
    pub media_type: &'static str,
    /// The body.
    pub body: String,
}

/// A request that succeeds: a `GET` that answers 200 with something to look at, or a `POST` with a content,
/// which sends something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What it shows, in a few words: `the newest messages`.
    pub shows: &'static str,
    /// How it says who sends it.
    pub login: Login,
    /// Path and query, percent-encoded.
    pub target: String,
    /// What is posted; `None` is a `GET`.
    pub content: Option<Content>,
}

impl Example {
    /// The same request as a `POST` of this.
    #[must_use]
    pub fn posting(self, media_type: &'static str, body: String) -> Self {
        Self { content: Some(Content { media_type, body }), ..self }
    }
}
