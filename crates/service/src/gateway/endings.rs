//! Messages whose last word never came: their carriers are asked, and at last they end as unknown.
//!
//! A carrier can be asked only by an id it gave, so an attempt without an answer cannot be asked about: it is
//! a taken segment whose receipt is missing that can.

use std::collections::HashMap;

use carriers::carrier::{Ack, QueryError, Question};
use ledger::Result;
use ledger::change::Step;
use ledger::model::{Entry, Message};
use ledger::outbound::CarrierId;
use ledger::query::{Cursor, MessageQuery};
use sms::sender::Sender;
use sms::{AccountId, Direction, Number, Outcome, OutcomeSet};

use super::Inner;
use super::commit::Arrived;
use super::events::record;
use super::figures::add;

/// Messages looked at together.
const AT_ONCE: u32 = 500;
/// Messages whose questions are remembered; those beyond it are asked about again.
const MOST_ASKED: usize = 10_000;
/// How often it is asked about a message.
const MOST_QUESTIONS: u8 = 4;
/// The pause after the first question, in seconds; it doubles with each.
const FIRST_PAUSE: u32 = 3600;

/// Rounds after which everything is looked at again.
const FROM_THE_BEGINNING: u32 = 144;

/// What is remembered from one round to the next.
#[derive(Debug, Default)]
pub(super) struct Endings {
    /// By account: what comes before has its last word, or was never ours to end.
    done: HashMap<AccountId, Cursor>,
    rounds: u32,
    asked: HashMap<(AccountId, Number), Asked>,
}

#[derive(Clone, Copy, Debug)]
struct Asked {
    times: u8,
    next: u32,
}

/// What is expected to go on.
fn open() -> OutcomeSet {
    use Outcome::{Acknowledged, Buffered, Radio, Submitted, Uncertain};
    [Submitted, Acknowledged, Radio, Buffered, Uncertain].into_iter().collect()
}

impl Endings {
    /// Looks at every message that went out and whose usual validity is over.
    pub(super) async fn go_round(&mut self, inner: &Inner) -> Result<()> {
        let now = inner.service.now().seconds();
        let until = now.saturating_sub(inner.pace.validity.min(inner.pace.silence));
        let accounts = inner.service.ledger.silent_accounts(open(), until).await?;
        self.rounds += 1;
        if self.rounds.is_multiple_of(FROM_THE_BEGINNING) {
            // A message of long validity may have gone out long after its date.
            self.done.clear();
        }
        self.done.retain(|account, _| accounts.contains(account));
        self.asked.retain(|_, asked| asked.next.saturating_add(inner.pace.silence) > now);
        for account in accounts {
            self.account(inner, account, now, until).await?;
        }
        Ok(())
    }

    async fn account(&mut self, inner: &Inner, account: AccountId, now: u32, until: u32) -> Result<()> {
        let mut after = self.done.get(&account).copied();
        let mut all_done = true;
        loop {
            let query = MessageQuery {
                direction: Some(Direction::Mt),
                outcomes: Some(open()),
                to: Some(until),
                after,
                limit: AT_ONCE,
                ..MessageQuery::default()
            };
            let page = inner.service.ledger.messages(account, query).await?;
            let Some(last) = page.messages.last() else { return Ok(()) };
            let cursor = Cursor { date: last.date, number: last.number };
            let open = self.page(inner, account, now, page.messages).await?;
            all_done &= !open;
            if all_done {
                self.done.insert(account, cursor);
            }
            if !page.more {
                return Ok(());
            }
            after = Some(cursor);
        }
    }

    /// Ends and asks about some messages; returns whether one of them is still waited for.
    async fn page(
        &mut self,
        inner: &Inner,
        account: AccountId,
        now: u32,
        mut messages: Vec<Message>,
    ) -> Result<bool> {
        let batches = messages.iter().map(|message| message.batch).collect();
        let batches = inner.service.ledger.batches_by_key(account, batches).await?;
        // What was imported was never sent from here, and stays as it was told.
        messages.retain(|message| batches.get(&message.batch).is_none_or(|batch| !batch.extra.imported));
        let validity = |message: &Message| {
            let own = batches.get(&message.batch).and_then(|batch| batch.extra.validity);
            message.date.saturating_add(own.unwrap_or(inner.pace.validity))
        };
        let over = |message: &Message| validity(message).saturating_add(inner.pace.silence) <= now;
        let (ended, open): (Vec<_>, Vec<_>) = messages.into_iter().partition(over);
        if !ended.is_empty() {
            let at = inner.service.now();
            let entry =
                || Entry { text: Some("no word came".to_owned()), ..Entry::new(at, Outcome::Unknown) };
            let steps: Vec<_> =
                ended.iter().map(|message| Step { number: message.number, entry: entry() }).collect();
            add(&inner.tally.unknown, steps.len() as u64);
            inner.service.ledger.advance(account, steps).await?;
        }
        let may_ask = |message: &&Message| self.may_ask(account, message, validity(message), now);
        let due: Vec<Message> = open.iter().filter(may_ask).cloned().collect();
        self.ask(inner, account, &due, now).await?;
        Ok(!open.is_empty())
    }

    fn may_ask(&self, account: AccountId, message: &Message, from: u32, now: u32) -> bool {
        let asked = self.asked.get(&(account, message.number));
        let next = asked.map_or(from, |asked| asked.next);
        next <= now && asked.is_none_or(|asked| asked.times < MOST_QUESTIONS)
    }

    /// Asks the carriers that took these messages' segments.
    async fn ask(&mut self, inner: &Inner, account: AccountId, due: &[Message], now: u32) -> Result<()> {
        if due.is_empty() {
            return Ok(());
        }
        if self.asked.len() >= MOST_ASKED {
            self.asked.clear();
        }
        let numbers = due.iter().map(|message| message.number).collect();
        for id in inner.service.ledger.carrier_ids(account, numbers).await? {
            let Some(message) = due.iter().find(|message| message.number == id.number) else { continue };
            ask_one(inner, message, id).await;
        }
        for message in due {
            let asked = self.asked.entry((account, message.number)).or_insert(Asked { times: 0, next: now });
            asked.next = now.saturating_add(FIRST_PAUSE << asked.times.min(MOST_QUESTIONS));
            asked.times = asked.times.saturating_add(1);
        }
        Ok(())
    }
}

/// Asks about a segment; an answer goes the way of receipts.
async fn ask_one(inner: &Inner, message: &Message, id: CarrierId) {
    let Some(lane) = inner.lane(&id.carrier) else { return };
    let question = Question { id: id.id.clone(), sender: Sender::parse(message.shown_sender()).ok() };
    match lane.carrier.query(question).await {
        Ok(receipt) if receipt.outcome.is_final() => {
            let mut record = record(&lane.name, receipt);
            // By the id it was asked for, whatever form the answer writes it in.
            record.ids = vec![(0, id.id)];
            inner.commits.arrived(Arrived { record, ack: Ack::unheard() }).await;
        }
        Ok(_) | Err(QueryError::Unsupported) => {}
        Err(error) => tracing::debug!(carrier = lane.name, %error, "a question was not answered"),
    }
}
