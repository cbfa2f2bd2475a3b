//! What is answered by itself: confirmations of STOP and START, help, an account's own rules.
//!
//! An answer is owed from the commit of its MO on. It is submitted after that under an idempotency key made of
//! the MO, then settled: a process that ends in between submits it again at its next start, which the key makes
//! the same submission. What is owed longer than keys are sure to be remembered is given up rather than doubled.

use ledger::inbound::NewReply;
use ledger::{LedgerError, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sms::phone::Phone;
use sms::sender::Sender;
use sms::{AccountId, Micros, Number};

use super::{Arrival, Command, SECOND, fold};
use crate::Service;
use crate::account_settings::AccountSettings;
use crate::change::Idempotency;
use crate::documents;
use crate::plan::{Policy, Recipient, SubmitError, SubmitRequest, Text};
use crate::submit::Beside;

/// Between two answers of a kind to one handset.
const APART: i64 = 60 * SECOND;
/// Answers to one handset in a day: two machines that answer each other end here.
const MOST_A_DAY: u32 = 10;
/// How long an answer is of use, and its idempotency key sure to be remembered.
const OF_USE: i64 = 12 * 3600 * SECOND;
/// Owed answers sent at once.
const AT_ONCE: u32 = 200;

/// What is to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Answer {
    to: String,
    text: String,
    sender: Option<String>,
    program: Number,
    /// Whether it goes to somebody who opted out, too: the confirmation of just that, and help.
    past_opt_out: bool,
}

/// What an MO asks of an account.
pub(super) struct Asked<'a> {
    pub(super) account: AccountId,
    pub(super) program: Number,
    pub(super) command: Option<Command>,
    pub(super) words: &'a [String],
}

/// A text to answer with.
struct Choice {
    topic: String,
    text: String,
    sender: Option<String>,
    if_changed: bool,
    past_opt_out: bool,
}

impl Service {
    /// The answer that an MO is to get, if any. Only telephones are answered: a short code or a name is a
    /// machine, and so is a number that an account receives with.
    pub(super) async fn reply_to(
        &self,
        arrival: &Arrival,
        asked: &Asked<'_>,
        settings: &AccountSettings,
    ) -> Result<Option<NewReply>> {
        let Ok(phone) = Phone::parse(&arrival.sender) else { return Ok(None) };
        let peer = phone.to_string();
        if !phone.is_possible() || phone.is_short() || peer == arrival.recipient {
            return Ok(None);
        }
        let Some(choice) = self.choose(arrival, asked, settings).await? else { return Ok(None) };
        // Our own words come back: an echo.
        if fold::words(&choice.text) == asked.words || !self.claims_of(&peer).await?.is_empty() {
            return Ok(None);
        }
        if !choice.past_opt_out && !self.ledger.opted_out(asked.account, vec![peer.clone()]).await?.is_empty()
        {
            return Ok(None);
        }
        let own = Some(arrival.recipient.clone()).filter(|number| Sender::parse(number).is_ok());
        let answer = Answer {
            to: format!("+{peer}"),
            text: choice.text,
            sender: choice.sender.or(own),
            program: asked.program,
            past_opt_out: choice.past_opt_out,
        };
        let Choice { topic, if_changed, .. } = choice;
        let body = documents::write(&answer)?;
        Ok(Some(NewReply { peer, topic, body, if_changed, apart: APART, most: MOST_A_DAY }))
    }

    async fn choose(
        &self,
        arrival: &Arrival,
        asked: &Asked<'_>,
        settings: &AccountSettings,
    ) -> Result<Option<Choice>> {
        let said = |topic: &str, text: &Option<String>, if_changed: bool| {
            let text = text.clone()?;
            Some(Choice { topic: topic.to_owned(), text, sender: None, if_changed, past_opt_out: true })
        };
        let help = match asked.command {
            Some(Command::Stop) => return Ok(said("stop", &settings.stop_reply, true)),
            Some(Command::Start) => return Ok(said("start", &settings.start_reply, true)),
            Some(Command::Help) => said("help", &settings.help_reply, false),
            None => None,
        };
        if help.is_some() {
            return Ok(help);
        }
        let first = asked.words.first().map(String::as_str);
        let rule = self.auto_reply_for(asked.account, &arrival.recipient, first).await?;
        Ok(rule.map(|rule| Choice {
            topic: format!("rule {}", rule.number),
            text: rule.text,
            sender: rule.sender,
            if_changed: false,
            past_opt_out: false,
        }))
    }

    /// Sends the answers that are still owed: at the start, those that the last end of the process cut off.
    /// Returns how many were settled.
    pub async fn send_owed_replies(&self) -> Result<u64> {
        let mut settled = 0;
        loop {
            let owed = self.ledger.owed_replies(AT_ONCE).await?;
            let full = owed.len() == AT_ONCE as usize;
            let mut now = 0;
            for reply in owed {
                match self.send_reply(reply.account, reply.number, reply.at, &reply.body).await {
                    Ok(()) => now += 1,
                    Err(error) => {
                        tracing::warn!(account = %reply.account, message = reply.number, %error,
                            "an answer could not be sent yet");
                    }
                }
            }
            settled += now;
            if !full || now == 0 {
                return Ok(settled);
            }
        }
    }

    /// Sends an answer; what fails stays owed.
    pub(crate) async fn send_reply_now(&self, account: AccountId, number: Number, at: Micros, body: &str) {
        if let Err(error) = self.send_reply(account, number, at, body).await {
            tracing::warn!(%account, message = number, %error, "an answer could not be sent yet");
        }
    }

    /// Submits an answer and settles it.
    async fn send_reply(&self, account: AccountId, number: Number, at: Micros, body: &str) -> Result<()> {
        if self.now().get() - at.get() > OF_USE {
            tracing::warn!(%account, message = number, "an answer comes too late and is given up");
            return self.ledger.settle_reply(account, number).await;
        }
        if self.ledger.account(account).await?.disabled {
            return self.ledger.settle_reply(account, number).await;
        }
        let answer: Answer = serde_json::from_str(body)
            .map_err(|error| LedgerError::Corrupt(format!("an answer cannot be read: {error}")))?;
        match self.submit_answer(account, number, answer).await {
            Ok(()) => faults::place("reply.submitted"),
            Err(SubmitError::Refused(refusal)) => {
                tracing::warn!(%account, message = number, %refusal, "an answer is refused");
            }
            Err(SubmitError::Ledger(error)) => return Err(error),
        }
        self.ledger.settle_reply(account, number).await
    }

    async fn submit_answer(
        &self,
        account: AccountId,
        number: Number,
        answer: Answer,
    ) -> std::result::Result<(), SubmitError> {
        // No caller's key has a control character, so none is the same.
        let key = Sha256::digest(format!("\0answer to {number}")).into();
        let idempotency = Idempotency { key, request: Sha256::digest(documents::write(&answer)?).into() };
        let Answer { to, text, sender, program, past_opt_out } = answer;
        let request = SubmitRequest {
            text: Text::Plain(text),
            recipients: vec![Recipient::of(to)],
            sender,
            program,
            ..SubmitRequest::default()
        };
        let mut facts = self.facts(account, request, Policy::default()).await?;
        if past_opt_out {
            facts.opted_out.clear();
        }
        let beside = Beside { idempotency: Some(idempotency), occurrence: None };
        self.commit_plan(account, facts, beside).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ledger::WayIn;
    use ledger::conformance::mo;
    use ledger::inbound::TakeIn;
    use ledger::query::MessageQuery;
    use ledger::sqlite::{Options, Sqlite};

    use super::*;
    use crate::ServerKey;

    async fn bodies(service: &Service, account: AccountId) -> Vec<String> {
        let query = MessageQuery { direction: Some(sms::Direction::Mt), limit: 9, ..MessageQuery::default() };
        let page = service.messages(account, query).await.expect("read");
        page.messages.into_iter().map(|message| message.body).collect()
    }

    #[tokio::test]
    async fn a_crash_neither_loses_nor_doubles_an_answer() {
        let directory = tempfile::tempdir().expect("a directory");
        let ledger = Arc::new(Sqlite::open(directory.path(), Options::default()).expect("a ledger"));
        let service = Service::new(ledger.clone(), ServerKey::from_octets([7; 32]));
        let currency = "EUR".parse().expect("a currency");
        let account = service.create_account("a", None, currency, false).await.expect("an account").0.id;
        let answer = Answer {
            to: "+46701740605".to_owned(),
            text: "Thanks".to_owned(),
            sender: None,
            program: 0,
            past_opt_out: false,
        };
        let reply = NewReply {
            peer: "46701740605".to_owned(),
            topic: "rule 1".to_owned(),
            body: documents::write(&answer).expect("JSON"),
            if_changed: false,
            apart: APART,
            most: MOST_A_DAY,
        };
        let take = TakeIn { reply: Some(reply), ..mo("46701740605", "Hi", service.now()).into() };
        let taken = ledger.take_in(account, take).await.expect("taken in").expect("new");
        assert!(taken.owed);
        assert_eq!(bodies(&service, account).await, Vec::<String>::new(), "the process ends here");
        // The next one sends it, and ends before it is settled.
        service.submit_answer(account, taken.received.number, answer).await.expect("sent");
        assert_eq!(ledger.owed_replies(9).await.expect("read").len(), 1);
        assert_eq!(service.send_owed_replies().await.expect("sent"), 1);
        assert_eq!(service.send_owed_replies().await.expect("nothing"), 0);
        assert_eq!(bodies(&service, account).await, ["Thanks"]);
    }
}
