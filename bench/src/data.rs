//! The generated account: messages like those of a busy customer, made by a seeded generator.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ledger::change::{ImportRow, NewBatch, Submission};
use ledger::history::Entry;
use ledger::model::{BatchExtra, Message, Network, Source};
use ledger::sqlite::{Options, Sqlite};
use ledger::{Accounts, Changes};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use rusqlite::Connection;
use sms::{AccountId, BatchKey, Coding, Country, Direction, Micros, Money, Outcome};

use crate::process::answerback;

/// How far the generated history reaches back: just inside the year that one vendor's export shows.
const YEAR: u32 = 364 * 86_400;
const PEERS: u32 = 120_000;
const COUNTRIES: [&str; 30] = [
    "FR", "SE", "GB", "DE", "ES", "IT", "NL", "BE", "CH", "AT", "DK", "NO", "FI", "PL", "PT", "IE", "CZ",
    "GR", "HU", "RO", "US", "CA", "AU", "BR", "IN", "ZA", "MX", "TR", "IL", "JP",
];

/// A store whose one account holds the generated messages.
pub(crate) struct Store {
    pub(crate) ledger: Arc<Sqlite>,
    pub(crate) account: AccountId,
    pub(crate) program: u32,
}

/// How the account is reached over HTTP, and what is known of its messages.
pub(crate) struct Access {
    username: String,
    key: String,
    pub(crate) program: u32,
    pub(crate) messages: u64,
    pub(crate) mo: u64,
    pub(crate) busy_peer: String,
    pub(crate) large_batch: u32,
}

impl Access {
    /// Makes the account with the command line, as an operator does, and returns its credential.
    pub(crate) fn create(data: &Path) -> Result<(String, String)> {
        let made = answerback(&["account", "create", "Bench", "--username", "bench", "--json"], data)?;
        let made: serde_json::Value = serde_json::from_slice(&made)?;
        let text = |name: &str| made[name].as_str().map(str::to_owned).context("an incomplete answer");
        Ok((text("username")?, text("key")?))
    }

    /// Looks up what the page benchmarks ask for.
    pub(crate) fn new(credential: (String, String), program: u32, database: &Connection) -> Result<Self> {
        let one = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0));
        let busy_peer = database.query_row(
            "SELECT recipient FROM message WHERE NOT flags & 1 AND recipient IN
                (SELECT peer FROM chat) GROUP BY recipient ORDER BY count(*) DESC LIMIT 1",
            [],
            |row| row.get(0),
        )?;
        let large = one("SELECT id & 0xffffffff FROM batch ORDER BY count DESC LIMIT 1")?;
        Ok(Self {
            username: credential.0,
            key: credential.1,
            program,
            messages: one("SELECT count(*) FROM message")? as u64,
            mo: one("SELECT count(*) FROM message WHERE flags & 1")? as u64,
            busy_peer,
            large_batch: large as u32,
        })
    }

    pub(crate) fn header_pair(&self) -> String {
        format!("x-tm-username: {}\r\nx-tm-key: {}\r\n", self.username, self.key)
    }

    pub(crate) fn bearer(&self) -> String {
        format!("authorization: Bearer {}\r\n", self.key)
    }

    pub(crate) fn basic(&self) -> String {
        let text = format!("{}:{}", self.username, self.key);
        format!("authorization: Basic {}\r\n", STANDARD.encode(text))
    }
}

/// Makes messages; the same seed makes the same.
pub(crate) struct Maker {
    rng: SmallRng,
    words: Vec<String>,
    program: u32,
}

impl Maker {
    pub(crate) fn new(seed: u64, program: u32) -> Self {
        let mut rng = SmallRng::seed_from_u64(seed);
        let letters = b"eeeeettaaooiinnsshhrrddlluucmmwfgypbvk";
        let mut word = || {
            let length = rng.random_range(2..9);
            (0..length).map(|_| char::from(letters[rng.random_range(0..letters.len())])).collect::<String>()
        };
        let mut words: Vec<String> = (0..4000).map(|_| word()).collect();
        words[7] = "order".to_owned();
        Self { rng, words, program }
    }

    /// A body of 93 letters on the average, skewed towards the first words.
    fn body(&mut self) -> String {
        let length = self.rng.random_range(30..152);
        let mut body = String::with_capacity(length + 9);
        if self.rng.random_ratio(1, 100_000) {
            body.push_str("zanzibar ");
        }
        while body.len() < length {
            let skew: f64 = self.rng.random();
            let index = (skew * skew * skew * self.words.len() as f64) as usize;
            body.push_str(&self.words[index]);
            body.push(' ');
        }
        body
    }

    /// A message at `at`, MT or (one in seven) MO, with whole history when it is `past`.
    pub(crate) fn message(&mut self, at: Micros, past: bool, may_be_mo: bool) -> Message {
        let body = self.body();
        let skew: f64 = self.rng.random();
        let peer = (skew * skew * f64::from(PEERS)) as u32;
        let country = COUNTRIES[if peer % 20 < 11 { 0 } else { (peer % 30) as usize }];
        let phone = format!("336{peer:08}");
        let is_mo = may_be_mo && self.rng.random_ratio(15, 100);
        let outcome = match (is_mo, past) {
            (true, _) => Outcome::Received,
            (false, false) => Outcome::Queued,
            (false, true) => match self.rng.random_range(0..100) {
                0..88 => Outcome::Delivered,
                88..92 => Outcome::Undelivered,
                92..95 => Outcome::Expired,
                95..97 => Outcome::Rejected,
                97..98 => Outcome::Failed,
                98..99 => Outcome::Submitted,
                _ => Outcome::Unknown,
            },
        };
        let later = |seconds: i64| Micros::new(at.get() + seconds * 1_000_000);
        let history = match outcome {
            Outcome::Received | Outcome::Queued => vec![Entry::new(at, outcome)],
            _ => vec![
                Entry::new(at, Outcome::Queued),
                Entry::new(later(1), Outcome::Submitted),
                Entry::new(later(self.rng.random_range(3..60)), outcome),
            ],
        };
        let segments = if body.len() > 160 { 2 } else { 1 };
        Message {
            number: 0,
            direction: if is_mo { Direction::Mo } else { Direction::Mt },
            outcome,
            created: at,
            date: at.seconds(),
            sender: Some(if is_mo { phone.clone() } else { "ACME".to_owned() }),
            sender_used: None,
            recipient: if is_mo { "36000".to_owned() } else { phone },
            body,
            coding: Coding::Gsm7,
            forced_by: None,
            segments,
            flash: false,
            priority: 1,
            batch: BatchKey::Mt(0),
            program: self.program,
            list: None,
            reference: None,
            answers: None,
            price: if is_mo { Money::ZERO } else { Money::from_millionths(41_600 * i64::from(segments)) },
            credits: if is_mo { 0 } else { segments.into() },
            country: Country::parse(country).unwrap_or(Country::UNKNOWN),
            network: Network {
                mcc: Some("208".to_owned()),
                mnc: Some(format!("{:02}", peer % 4)),
                name: Some("Operator".to_owned()),
            },
            hidden: false,
            history,
        }
    }

    /// A submission of `count` messages at `at`.
    pub(crate) fn submission(&mut self, count: usize, at: Micros) -> Submission {
        let messages: Vec<Message> = (0..count).map(|_| self.message(at, false, false)).collect();
        Submission {
            batch: NewBatch {
                text: messages[0].body.clone(),
                sender: Some("ACME".to_owned()),
                reference: None,
                source: Source::Api,
                templated: false,
                flash: false,
                coding: Coding::Gsm7,
                priority: 1,
                extra: BatchExtra::default(),
            },
            messages,
            at,
            open_chats: false,
            enqueue: true,
            idempotency: None,
            answer: None,
            charge: None,
            document: None,
        }
    }

    /// The next batch's size: most are small, some large.
    fn batch_size(&mut self) -> u32 {
        let skew: f64 = self.rng.random();
        (1.0 / (1.0 - skew * 0.99995)).powf(1.15).min(50_000.0) as u32
    }
}

impl Store {
    /// Opens a store in which [`Access::create`] made the account.
    pub(crate) async fn open(directory: &Path) -> Result<Self> {
        let ledger = Arc::new(Sqlite::open(directory, Options::default())?);
        let account = ledger.accounts().await?.into_iter().next().context("no account")?;
        Ok(Self { ledger, account: account.id, program: account.default_program })
    }

    /// Ends the store, its log folded into the file.
    pub(crate) fn close(self) -> Result<()> {
        let ledger = Arc::into_inner(self.ledger).context("the ledger is still in use")?;
        Ok(ledger.close()?)
    }

    /// Fills the account with `messages` messages over a year, in order of time.
    pub(crate) async fn fill(&self, messages: u32) -> Result<()> {
        let present = Micros::now().seconds() - 60;
        let mut maker = Maker::new(1, self.program);
        let mut left_in_batch = 0u32;
        let mut batch = 0u64;
        let mut rows = Vec::with_capacity(2048);
        for index in 0..messages {
            let seconds =
                present - YEAR + (u64::from(index) * u64::from(YEAR - 60) / u64::from(messages)) as u32;
            let message = maker.message(Micros::from_seconds(seconds), true, true);
            if left_in_batch == 0 {
                left_in_batch = maker.batch_size();
                batch += 1;
            }
            left_in_batch -= 1;
            let mut id = [0; 16];
            id[..4].copy_from_slice(&index.to_be_bytes());
            let mut name = [0; 16];
            name[..8].copy_from_slice(&batch.to_be_bytes());
            rows.push(ImportRow { id, own: None, batch: Some(name), answers: None, message });
            if rows.len() == 2048 {
                self.import(std::mem::take(&mut rows)).await?;
            }
        }
        self.import(rows).await
    }

    async fn import(&self, rows: Vec<ImportRow>) -> Result<()> {
        let imported = self.ledger.import(self.account, rows).await?;
        if let Some((_, refusal)) = imported.refused {
            anyhow::bail!("the generator's row was refused: {refusal}");
        }
        Ok(())
    }
}
