//! Everything that telling an event needs to know, looked up for a stretch of events at once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ledger::Result;
use ledger::hooks::HookTry;
use ledger::model::{Account, Batch, Contact, Message, Sent};
use ledger::outbound::Event;
use ledger::query::MessageQuery;
use sms::{AccountId, BatchKey, Direction, Micros, Number, Outcome};

use crate::Service;

/// Something that happened to a message, with what shapes may want to say of it.
#[derive(Clone, Debug)]
pub struct Happening {
    /// Whose message it is.
    pub account: Arc<Account>,
    /// Its place in the account's sequence, from 1.
    pub sequence: u64,
    /// The outcome the message got; it may have another by now.
    pub outcome: Outcome,
    /// When.
    pub at: Micros,
    /// The message as it is now.
    pub message: Message,
    /// The batch of an MT, unless it was hidden.
    pub batch: Option<Batch>,
    /// The contact with the other party's number, if there is one.
    pub contact: Option<Contact>,
    /// What an MO answers.
    pub answers: Option<Sent>,
    /// Whether an MO is one by which its sender opted out.
    pub opt_out: bool,
}

/// One event on its way to a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) sequence: u64,
    pub(super) number: Number,
    pub(super) outcome: Outcome,
    pub(super) at: Micros,
    /// Attempts made before.
    pub(super) attempts: u16,
    /// Whether it is kept as a try.
    pub(super) kept: bool,
}

impl From<Event> for Item {
    fn from(event: Event) -> Self {
        let Event { sequence, number, outcome, at } = event;
        Self { sequence, number, outcome, at, attempts: 0, kept: false }
    }
}

impl From<HookTry> for Item {
    fn from(one: HookTry) -> Self {
        let HookTry { sequence, number, outcome, at, attempts, .. } = one;
        Self { sequence, number, outcome, at, attempts, kept: true }
    }
}

impl Service {
    /// The happenings of these events by sequence number; those whose message was deleted are missing.
    pub(super) async fn happenings(
        &self,
        account: AccountId,
        items: &[Item],
    ) -> Result<HashMap<u64, Arc<Happening>>> {
        let numbers: HashSet<Number> = items.iter().map(|item| item.number).collect();
        if numbers.is_empty() {
            return Ok(HashMap::new());
        }
        let owner = Arc::new(self.ledger.account(account).await?);
        let found = self.webhook_facts(account, numbers).await?;
        let happening = |item: &Item| {
            let message = found.messages.get(&item.number)?.clone();
            let happening = Happening {
                account: Arc::clone(&owner),
                sequence: item.sequence,
                outcome: item.outcome,
                at: item.at,
                batch: found.batches.get(&message.batch).cloned(),
                contact: found.contacts.get(message.peer()).cloned(),
                answers: found.answers.get(&item.number).cloned(),
                opt_out: found.opted_out.contains(&item.number),
                message,
            };
            Some((item.sequence, Arc::new(happening)))
        };
        Ok(items.iter().filter_map(happening).collect())
    }

    async fn webhook_facts(&self, account: AccountId, numbers: HashSet<Number>) -> Result<Facts> {
        let limit = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        let query =
            MessageQuery { numbers: Some(numbers.into_iter().collect()), limit, ..MessageQuery::default() };
        let messages = self.ledger.messages(account, query).await?.messages;
        let mut keys: Vec<BatchKey> = messages
            .iter()
            .filter(|message| message.direction == Direction::Mt)
            .map(|message| message.batch)
            .collect();
        keys.sort_unstable();
        keys.dedup();
        let mut peers: Vec<String> = messages.iter().map(|message| message.peer().to_owned()).collect();
        peers.sort_unstable();
        peers.dedup();
        let received: Vec<&Message> =
            messages.iter().filter(|message| message.direction == Direction::Mo).collect();
        let batches =
            if keys.is_empty() { HashMap::new() } else { self.ledger.batches_by_key(account, keys).await? };
        let contacts = self.ledger.contacts_by_phone(account, peers).await?;
        let (mut answers, mut opted_out) = (HashMap::new(), HashSet::new());
        if !received.is_empty() {
            let numbers = received.iter().map(|message| message.number).collect();
            answers = self.ledger.answered(account, numbers).await?;
            let phones = received.iter().map(|message| message.peer().to_owned()).collect();
            // The MO that is the proof of an opt-out is the one by which somebody opted out.
            let proofs = self.ledger.opted_out(account, phones).await?;
            opted_out.extend(proofs.into_values().filter_map(|opt_out| opt_out.message));
        }
        let messages = messages.into_iter().map(|message| (message.number, message)).collect();
        Ok(Facts { messages, batches, contacts, answers, opted_out })
    }
}

struct Facts {
    messages: HashMap<Number, Message>,
    batches: HashMap<BatchKey, Batch>,
    contacts: HashMap<String, Contact>,
    answers: HashMap<Number, Sent>,
    opted_out: HashSet<Number>,
}
