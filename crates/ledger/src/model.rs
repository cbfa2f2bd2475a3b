//! What is kept: accounts, keys, programs, contacts, batches, messages, chats.

use sms::{AccountId, BatchKey, Coding, Country, Currency, Direction, Micros, Money, Number, Outcome};

pub use crate::history::{Entry, Word};

/// An account: the owner of everything below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: AccountId,
    /// Its name, unique in the store.
    pub name: String,
    /// The user name its keys get unless told otherwise.
    pub username: String,
    /// The currency of every price.
    pub currency: Currency,
    /// Whether sending stops when the balance is used up.
    pub prepaid: bool,
    /// What is left to spend; zero and meaningless when not prepaid.
    pub balance: Money,
    /// When it was made.
    pub created: Micros,
    /// Whether its keys are refused.
    pub disabled: bool,
    /// The program of messages that name none.
    pub default_program: Number,
}

/// A credential as the store knows it: the secret only as a keyed hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its number, unique in the store.
    pub id: u32,
    /// Whose it is.
    pub account: AccountId,
    /// The user name that goes with the secret.
    pub username: String,
    /// HMAC-SHA-256 of the secret under the store's server key.
    pub hash: [u8; 32],
    /// When it was made.
    pub created: Micros,
    /// From when on it is refused.
    pub expires: Option<Micros>,
    /// Addresses it may be used from (`192.0.2.7`, `2001:db8::/32`); empty for anywhere.
    pub addresses: Vec<String>,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// A program: a named purpose whose messages are exported together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its number, unique in the store.
    pub number: Number,
    /// Its name.
    pub name: String,
    /// The campaign it belongs to; may be empty.
    pub campaign: String,
    /// What kind of program it is, in the operator's words; may be empty.
    pub kind: String,
}

/// A person known to the account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// Its number; zero in a contact to be added.
    pub number: Number,
    /// The phone in E.164 digits; one contact a phone.
    pub phone: String,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether it is one of the account's favorites.
    pub favorite: bool,
    /// Whether nothing is to be sent to it.
    pub blocked: bool,
    /// When it was added, in microseconds since 1970.
    pub created: Micros,
}

/// The network a message's handset is on, as far as anyone said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Network {
    /// Mobile country code, three digits.
    pub mcc: Option<String>,
    /// Mobile network code, two or three digits.
    pub mnc: Option<String>,
    /// The operator's name.
    pub name: Option<String>,
}

impl Network {
    /// Whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        self.mcc.is_none() && self.mnc.is_none() && self.name.is_none()
    }
}

/// One message, MT or MO, with all that is kept of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its number in the account.
    pub number: Number,
    /// Which way it travels.
    pub direction: Direction,
    /// The newest word on it.
    pub outcome: Outcome,
    /// When it was accepted or received, exact.
    pub created: Micros,
    /// When it is due: the send or receive date, in seconds since 1970, fixed at accept.
    pub date: u32,
    /// The sender the caller gave, if any; for an MO the handset.
    pub sender: Option<String>,
    /// The sender used on the air, where it differs from what was given.
    pub sender_used: Option<String>,
    /// The recipient; for an MO the number written to.
    pub recipient: String,
    /// The text after any substitution.
    pub body: String,
    /// How the text is coded.
    pub coding: Coding,
    /// The character that forced UCS-2, if one did.
    pub forced_by: Option<char>,
    /// Segments on the air, at least 1.
    pub segments: u16,
    /// Shown at once and not stored (class 0).
    pub flash: bool,
    /// 1 normal, 2 high.
    pub priority: u8,
    /// The batch it stands in.
    pub batch: BatchKey,
    /// The program it belongs to.
    pub program: Number,
    /// The contact list it was sent through: its number, or the name that an imported history gives.
    pub list: Option<String>,
    /// The caller's own reference.
    pub reference: Option<String>,
    /// The MT that this MO answers.
    pub answers: Option<Number>,
    /// Price of the whole message in the account's currency.
    pub price: Money,
    /// Credits charged.
    pub credits: u32,
    /// Country of the handset.
    pub country: Country,
    /// Network of the handset.
    pub network: Network,
    /// Whether it was deleted: hidden in every dialect.
    pub hidden: bool,
    /// Everything that was ever said of it, oldest first; the last outcome in it is [`Message::outcome`].
    pub history: Vec<Entry>,
}

impl Message {
    /// The sender as the handset sees it; empty when none is known.
    pub fn shown_sender(&self) -> &str {
        self.sender_used.as_deref().or(self.sender.as_deref()).unwrap_or_default()
    }

    /// The other party: the recipient of an MT, the sender of an MO.
    pub fn peer(&self) -> &str {
        match self.direction {
            Direction::Mt => &self.recipient,
            Direction::Mo => self.sender.as_deref().unwrap_or_default(),
        }
    }

    /// When it last changed: its newest history entry, or its creation.
    pub fn modified(&self) -> Micros {
        self.history.iter().map(|entry| entry.at).max().map_or(self.created, |at| at.max(self.created))
    }
}

/// The MT that an MO answers, as far as readers of the MO want to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its number.
    pub number: Number,
    /// Its batch.
    pub batch: BatchKey,
    /// The caller's own reference.
    pub reference: Option<String>,
}

/// Sums of the messages of a batch (or of anything) under one outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Messages.
    pub messages: u64,
    /// Segments.
    pub segments: u64,
    /// Price in millionths.
    pub price: i64,
}

/// Where a submission came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Source {
    /// A program calling one of the APIs, or an import.
    #[default]
    Api = 0,
    /// A person at the console.
    Console = 1,
    /// E-mail.
    Email = 2,
    /// A distribution list.
    List = 3,
}

impl Source {
    /// The source of a stored code.
    pub fn from_code(code: u8) -> Option<Self> {
        [Self::Api, Self::Console, Self::Email, Self::List].into_iter().find(|source| *source as u8 == code)
    }
}

/// What one submission said, besides its messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its key; an MO is a batch of one of its own kind.
    pub key: BatchKey,
    /// When it was accepted.
    pub created: Micros,
    /// The text as submitted, before any substitution.
    pub text: String,
    /// The sender given, if any.
    pub sender: Option<String>,
    /// The caller's own reference.
    pub reference: Option<String>,
    /// Where it came from.
    pub source: Source,
    /// Whether values were substituted per recipient.
    pub templated: bool,
    /// Class 0.
    pub flash: bool,
    /// The largest coding allowed.
    pub coding: Coding,
    /// 1 normal, 2 high.
    pub priority: u8,
    /// Rarely used rest.
    pub extra: BatchExtra,
    /// Visible messages by outcome: hidden ones are not counted.
    pub sums: Vec<(Outcome, Sum)>,
    /// The lowest number among its messages.
    pub first: Number,
}

impl Batch {
    /// The sums over every outcome.
    pub fn total(&self) -> Sum {
        self.sums.iter().fold(Sum::default(), |mut total, (_, sum)| {
            total.messages += sum.messages;
            total.segments += sum.segments;
            total.price += sum.price;
            total
        })
    }
}

/// The parts of a batch that few submissions have.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct BatchExtra {
    /// Free labels, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Times between which it may be sent: opening and closing, in microseconds since 1970.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<(i64, i64)>,
    /// Where receipts are reported to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_url: Option<String>,
    /// The contact lists it was sent through: their numbers, with commas between, or the name that an
    /// imported history gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// How long after its date a message may still be sent, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validity: Option<u32>,
    /// The credits of all its messages as they were accepted, where they are not as many as the segments of
    /// those that were to be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credits: Option<u64>,
    /// How many of its recipients were named again and are no message, where they count at all.
    #[serde(skip_serializing_if = "is_zero")]
    pub repeated: u32,
    /// Whether it is advertising, to which some quiet hours apply alone.
    #[serde(skip_serializing_if = "is_false")]
    pub promotional: bool,
    /// Whether it came with an imported history: what is said of its messages is for whoever sent them to say,
    /// and nothing is ever sent, asked or ended here.
    #[serde(skip_serializing_if = "is_false")]
    pub imported: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// How a chat stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum ChatStatus {
    /// Open.
    #[default]
    Active = 0,
    /// Put aside by a person.
    Closed = 1,
    /// Removed by a person; a new MO opens it again.
    Deleted = 2,
}

impl ChatStatus {
    /// The status of a stored code.
    pub fn from_code(code: u8) -> Option<Self> {
        [Self::Active, Self::Closed, Self::Deleted].into_iter().find(|status| *status as u8 == code)
    }
}

/// A conversation with one peer, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chat {
    /// Its number.
    pub number: Number,
    /// The other party.
    pub peer: String,
    /// When it was opened.
    pub opened: Micros,
    /// How it stands.
    pub status: ChatStatus,
    /// Until when its news is muted.
    pub muted_until: Option<Micros>,
    /// Visible MO after the last one read.
    pub unread: u32,
    /// Visible messages either way.
    pub messages: u64,
    /// The date of the newest visible MO, in seconds since 1970.
    pub last_inbound: Option<u32>,
    /// The newest visible message either way.
    pub last: Option<Number>,
}
