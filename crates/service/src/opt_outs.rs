//! People who do not want to be written to by an account, each with where that came from.

use std::collections::{HashMap, HashSet};

use ledger::people::{OptOut, Slice};
use ledger::query::{MessageQuery, Page};
use ledger::{LedgerError, Refusal, Result};
use sms::phone::Phone;
use sms::{AccountId, Direction, Number, Outcome, OutcomeSet};

use crate::Service;

/// How an opt-out came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptOutSource {
    /// The person wrote so; the number is that MO, the proof.
    Message(Number),
    /// The account said so through an API.
    Api,
    /// A person said so at the console.
    Console,
    /// It was brought in with a history.
    Import,
}

impl OptOutSource {
    fn word(self) -> &'static str {
        match self {
            Self::Message(_) => "stop",
            Self::Api => "api",
            Self::Console => "console",
            Self::Import => "import",
        }
    }
}

impl Service {
    /// A page of the opt-outs in force, by number.
    pub async fn opt_outs(&self, account: AccountId, slice: Slice) -> Result<Page<OptOut>> {
        self.ledger.opt_outs(account, slice).await
    }

    /// The opt-out of a number, if it is in force.
    pub async fn opt_out_of_number(&self, account: AccountId, number: Number) -> Result<Option<OptOut>> {
        self.ledger.opt_out_of_number(account, number).await
    }

    /// The opt-out of a phone, if one is in force.
    pub async fn opt_out_of(&self, account: AccountId, phone: &str) -> Result<Option<OptOut>> {
        let Ok(phone) = self.phone(account, phone).await? else { return Ok(None) };
        let phone = phone.to_string();
        Ok(self.ledger.opted_out(account, vec![phone.clone()]).await?.remove(&phone))
    }

    /// The opt-out that an MO is the proof of, in force or lifted since: whether it was a STOP that counted.
    pub async fn opt_out_of_message(&self, account: AccountId, message: Number) -> Result<Option<OptOut>> {
        self.ledger.opt_out_of_message(account, message).await
    }

    /// Adds an opt-out; a phone that has one keeps it as it is. Refused ([`Refusal::Value`]) where the text is
    /// no number. It holds for every submission that is accepted after it returns, and ends what was accepted
    /// before and still waits here.
    pub async fn opt_out(&self, account: AccountId, phone: &str, source: OptOutSource) -> Result<OptOut> {
        let phone = self.phone(account, phone).await?;
        let phone = phone.map_err(|error| LedgerError::Refused(Refusal::Value(error.to_string())))?;
        let message = match source {
            OptOutSource::Message(number) => Some(number),
            OptOutSource::Api | OptOutSource::Console | OptOutSource::Import => None,
        };
        let phone = phone.to_string();
        let waiting = self.waiting_for(account, &phone).await?;
        let source = source.word().to_owned();
        let new = OptOut { number: 0, phone, since: self.now(), source, message, waiting };
        let number = self.ledger.opt_out(account, new.clone()).await?;
        // Another may have been in force.
        let kept = self.ledger.opt_out_of_number(account, number).await?;
        Ok(kept.unwrap_or(OptOut { number, waiting: Vec::new(), ..new }))
    }

    /// The messages to a phone (digits) that wait here: due, planned or held.
    pub(crate) async fn waiting_for(&self, account: AccountId, phone: &str) -> Result<Vec<Number>> {
        let waits = |outcome| matches!(outcome, Outcome::Scheduled | Outcome::Held | Outcome::Queued);
        let query = MessageQuery {
            direction: Some(Direction::Mt),
            outcomes: Some(OutcomeSet::matching(waits)),
            peer: Some(phone.to_owned()),
            ..MessageQuery::default()
        };
        self.ledger.numbers(account, query).await
    }

    /// The opt-outs in force among these phones (digits), by phone.
    pub async fn opt_outs_among(
        &self,
        account: AccountId,
        phones: Vec<String>,
    ) -> Result<HashMap<String, OptOut>> {
        self.ledger.opted_out(account, phones).await
    }

    /// Adds opt-outs of many phones (digits); those that have one keep it. Returns how many had none.
    pub async fn opt_out_all(
        &self,
        account: AccountId,
        phones: Vec<String>,
        source: OptOutSource,
    ) -> Result<u64> {
        let known = self.ledger.opted_out(account, phones.clone()).await?;
        let mut seen: HashSet<String> = known.into_keys().collect();
        let new: Vec<String> = phones.into_iter().filter(|phone| seen.insert(phone.clone())).collect();
        let count = new.len() as u64;
        let put = |service: Self, phone: String| async move {
            service.opt_out(account, &phone, source).await.map(drop)
        };
        self.together(new, put).await?;
        Ok(count)
    }

    /// Lifts the opt-out of a phone; [`LedgerError::NotFound`] without one. It stays as history.
    pub async fn lift_opt_out(&self, account: AccountId, phone: &str) -> Result<()> {
        let phone = self.phone(account, phone).await?.map_err(|_| LedgerError::NotFound)?;
        self.ledger.lift_opt_out(account, phone.to_string(), self.now()).await
    }

    /// A number as the account writes it.
    async fn phone(&self, account: AccountId, text: &str) -> Result<Result<Phone, sms::phone::PhoneError>> {
        let country = self.rules(account).await?.settings.default_country;
        Ok(match country {
            Some(country) => Phone::parse_in(text, country),
            None => Phone::parse(text),
        })
    }
}
