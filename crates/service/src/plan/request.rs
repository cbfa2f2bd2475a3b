//! What a dialect asks to be sent.

use ledger::model::{Network, Source};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sms::{Country, Number};

use crate::contact_values::Values;

/// A submission, in nobody's dialect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SubmitRequest {
    /// The text, before any substitution.
    pub text: Text,
    /// Numbers, in the order given.
    pub recipients: Vec<Recipient>,
    /// Contacts of the account, after the numbers.
    pub contacts: Vec<Number>,
    /// Contact lists of the account, after the contacts.
    pub lists: Vec<Number>,
    /// What stands for a placeholder where the recipient has no value of its own.
    pub defaults: Values,
    /// The sender; the account's default where there is none.
    pub sender: Option<String>,
    /// The largest coding that may be used.
    pub coding: CodingLimit,
    /// Whether UCS-2 is used even where GSM 7-bit would do.
    pub unicode: bool,
    /// Class 0: shown at once and not stored.
    pub flash: bool,
    /// 1 normal, 2 high.
    pub priority: u8,
    /// When it is to be sent.
    pub when: When,
    /// How long after its due date a message may still be sent, in seconds.
    pub validity: Option<u32>,
    /// The most segments a message may have; never more than 255.
    pub most_segments: Option<u16>,
    /// Whether a longer text is cut, rather than refused under the policy.
    pub cut_extra: bool,
    /// The caller's own reference, of the batch and of messages whose recipient has none.
    pub reference: Option<String>,
    /// Free labels.
    pub tags: Vec<String>,
    /// Where receipts are reported to.
    pub report_url: Option<String>,
    /// Where the submission came from.
    pub source: Source,
    /// The program; zero is the account's default.
    pub program: Number,
    /// Whether a chat is opened with each recipient.
    pub open_chats: bool,
    /// Whether it is advertising, to which some quiet hours apply alone.
    pub promotional: bool,
    /// Where numbers in national form belong to; the account's setting where there is none.
    pub country: Option<Country>,
}

impl Default for SubmitRequest {
    /// Nothing to nobody, now, in any coding.
    fn default() -> Self {
        Self {
            text: Text::Plain(String::new()),
            recipients: Vec::new(),
            contacts: Vec::new(),
            lists: Vec::new(),
            defaults: Values::new(),
            sender: None,
            coding: CodingLimit::Any,
            unicode: false,
            flash: false,
            priority: 1,
            when: When::Now,
            validity: None,
            most_segments: None,
            cut_extra: false,
            reference: None,
            tags: Vec::new(),
            report_url: None,
            source: Source::Api,
            program: 0,
            open_chats: false,
            promotional: false,
            country: None,
        }
    }
}

/// The text of a submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Text {
    /// This text.
    Plain(String),
    /// The content of a template of the account.
    Template(Number),
}

/// One recipient by number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recipient {
    /// The number as the caller writes it.
    pub to: String,
    /// The caller's own reference of this message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Its own values of placeholders.
    #[serde(skip_serializing_if = "Values::is_empty")]
    pub values: Values,
    /// The list it was taken from, by its number, where the caller knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// The network of the handset, where the caller knows.
    #[serde(skip)]
    pub network: Network,
}

impl Recipient {
    /// A number alone.
    pub fn of(to: impl Into<String>) -> Self {
        Self { to: to.into(), ..Self::default() }
    }
}

/// The largest coding that may be used. What does not fit is refused message by message
/// ([`sms::Outcome::DeniedBody`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodingLimit {
    /// Whatever the text takes; the batch shows what it took.
    #[default]
    Any,
    /// GSM 7-bit only.
    Gsm,
    /// Up to UCS-2; the batch shows that, whatever the text takes.
    Ucs,
}

/// When a submission is to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    /// At once.
    #[default]
    Now,
    /// At a second since 1970. One that is past is sent at once, if the policy does not refuse it.
    At {
        /// The second.
        second: u32,
        /// The zone it was given in, by its IANA id; only shown.
        #[serde(default)]
        zone: Option<String>,
    },
    /// At the beginning of the first window that is not over. Where all are over, the messages are expired
    /// from the start.
    Windows(Vec<Window>),
    /// Again and again: a schedule is made, whose next occurrence always waits as a batch.
    Recurring(Recurrence),
}

/// A stretch of time in which messages may be sent, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Its first second.
    pub opens: u32,
    /// The first second after it.
    pub closes: u32,
}

/// How a submission recurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurrence {
    /// An RRULE of RFC 5545 section 3.3.10, hourly or rarer, such as `FREQ=DAILY;INTERVAL=2;COUNT=5`.
    pub rule: String,
    /// The first occurrence, in seconds since 1970; the rule counts from here.
    pub start: u32,
    /// The zone whose clocks the rule follows, by its IANA id; the account's where there is none.
    pub zone: Option<String>,
}

/// A request that has the same answer when it comes again within 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestKey {
    pub(crate) key: [u8; 32],
    pub(crate) request: [u8; 32],
}

/// The longest idempotency key, in octets.
pub const LONGEST_KEY: usize = 255;

impl RequestKey {
    /// The key that the caller gave, with everything that makes its request what it is: method, path with
    /// query, body. `None` for a key that is empty, longer than [`LONGEST_KEY`] or not plain visible text,
    /// which is the caller's mistake.
    pub fn new(key: &str, request: &[&[u8]]) -> Option<Self> {
        let key = key.trim();
        if key.is_empty() || key.len() > LONGEST_KEY || key.contains(char::is_control) {
            return None;
        }
        let mut hash = Sha256::new();
        for part in request {
            // The length before each part: the same octets cut elsewhere are another request.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Some(Self { key: Sha256::digest(key.as_bytes()).into(), request: hash.finalize().into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_requests_apart() {
        let key = |key: &str, parts: &[&[u8]]| RequestKey::new(key, parts);
        assert_eq!(key("a", &[b"x", b"y"]), key(" a ", &[b"x", b"y"]));
        assert_ne!(key("a", &[b"x", b"y"]), key("a", &[b"xy", b""]));
        assert_ne!(key("a", &[b"x"]), key("b", &[b"x"]));
        assert!(key("", &[]).is_none() && key("a\nb", &[]).is_none());
        assert!(key(&"k".repeat(256), &[]).is_none() && key(&"k".repeat(255), &[]).is_some());
    }

    #[test]
    fn requests_are_kept_as_json() {
        let request = SubmitRequest {
            text: Text::Template(3),
            recipients: vec![Recipient::of("46701740605")],
            when: When::Recurring(Recurrence { rule: "FREQ=DAILY".to_owned(), start: 1, zone: None }),
            ..SubmitRequest::default()
        };
        let json = serde_json::to_string(&request).expect("JSON");
        assert_eq!(serde_json::from_str::<SubmitRequest>(&json).expect("read"), request);
        assert_eq!(serde_json::from_str::<SubmitRequest>("{}").expect("read"), SubmitRequest::default());
    }
}
