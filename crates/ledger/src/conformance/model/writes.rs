//! What the model does when told to write.

use sms::{BatchKey, Direction, Micros, Note, Number, Outcome};

use super::{ChatRow, Model, Result, Wrong, is_unsent};
use crate::change::{Accepted, ChatMark, Hide, Received, Step, Submission};
use crate::error::Refusal;
use crate::history::{Entry, MOST_ENTRIES, Word};
use crate::model::{Batch, ChatStatus, Contact, Message};

/// A million units of the currency, either way.
const LARGEST_PRICE: u64 = 1_000_000_000_000;
const DAY: i64 = 24 * 3600 * 1_000_000;

fn value<T>(what: &str) -> Result<T> {
    Err(Refusal::Value(what.to_owned()).into())
}

impl Model {
    /// [`crate::Changes::accept`].
    pub fn accept(&mut self, submission: Submission) -> Result<Accepted> {
        // The suite's accounts are not prepaid: there is nothing to charge.
        let Submission { batch, messages, at, open_chats, idempotency, .. } = submission;
        if let Some(key) = &idempotency
            && let Some((request, accepted, then)) = self.answers.get(&key.key)
            && at.get() - then.get() < DAY
        {
            if *request != key.request {
                return Err(Refusal::KeyReused.into());
            }
            return Ok(Accepted { repeated: true, ..*accepted });
        }
        if messages.is_empty() {
            return value("nothing to send");
        }
        let number = self.submissions() + 1;
        let first = self.highest() + 1;
        let newest = self.newest.max(at.seconds());
        let mut ready = Vec::new();
        for (message, given) in messages.into_iter().zip(first..) {
            let date = message.date.max(newest);
            let message =
                self.finished(Message { number: given, date, batch: BatchKey::Mt(number), ..message })?;
            if message.direction != Direction::Mt || message.outcome.direction() != Direction::Mt {
                return value("no MT");
            }
            if message.segments > 255 {
                return value("too long");
            }
            ready.push(message);
        }
        self.newest = newest;
        let count = ready.len() as u32;
        self.batches.push((
            Batch {
                key: BatchKey::Mt(number),
                created: at,
                text: batch.text,
                sender: batch.sender,
                reference: batch.reference,
                source: batch.source,
                templated: batch.templated,
                flash: batch.flash,
                coding: batch.coding,
                priority: batch.priority,
                extra: batch.extra,
                sums: Vec::new(),
                first,
            },
            false,
        ));
        for message in &ready {
            if open_chats && !message.outcome.is_final() {
                self.open_chat(&message.recipient, at);
            }
        }
        self.messages.extend(ready);
        let accepted =
            Accepted { batch: number, first, count, repeated: false, balance: None, document: None };
        if let Some(key) = idempotency {
            self.answers.insert(key.key, (key.request, accepted, at));
        }
        Ok(accepted)
    }

    /// [`crate::WayIn::receive`].
    pub fn receive(&mut self, message: Message) -> Result<Received> {
        let number = self.highest() + 1;
        let date = message.date.max(self.newest);
        let message = self.finished(Message { number, date, batch: BatchKey::Mo(number), ..message })?;
        if message.direction != Direction::Mo || message.outcome.direction() != Direction::Mo {
            return value("no MO");
        }
        // A date that lies ahead of the clock must not drag all later traffic with it.
        if message.date <= self.now.seconds() {
            self.newest = message.date;
        }
        let chat = self.open_chat(message.peer(), message.created);
        self.messages.push(message);
        Ok(Received { number, chat })
    }

    /// A message as the ledger keeps it, if it can.
    pub(super) fn finished(&self, mut message: Message) -> Result<Message> {
        message.hidden = false;
        if message.program == 0 {
            message.program = self.default_program;
        }
        if !self.programs.contains(&message.program) {
            return Err(Refusal::NoProgram(message.program).into());
        }
        let newest = message.history.iter().filter_map(Entry::outcome).next_back();
        if newest != Some(message.outcome) {
            message.history.push(Entry::new(message.created, message.outcome));
        }
        if message.history.len() > MOST_ENTRIES {
            return value("too much history");
        }
        if !message.created.in_range() || message.history.iter().any(|entry| !entry.at.in_range()) {
            return value("dates");
        }
        if message.direction == Direction::Mo && message.sender.is_none() {
            return value("a sender");
        }
        if message.price.millionths().unsigned_abs() > LARGEST_PRICE {
            return value("a price");
        }
        message.segments = message.segments.max(1);
        message.priority = if message.priority > 1 { 2 } else { 1 };
        for part in [&mut message.network.mcc, &mut message.network.mnc, &mut message.network.name] {
            *part = part.take().filter(|text| !text.is_empty());
        }
        Ok(message)
    }

    /// [`crate::Changes::advance`].
    pub fn advance(&mut self, steps: Vec<Step>) -> Result<()> {
        let before = self.messages.clone();
        for Step { number, entry } in steps {
            if let Err(wrong) = self.step(number, entry) {
                self.messages = before;
                return Err(wrong);
            }
        }
        Ok(())
    }

    fn step(&mut self, number: Number, mut entry: Entry) -> Result<()> {
        let message = self.any_mut(number).ok_or(Wrong::NotFound)?;
        if !entry.at.in_range() {
            return value("dates");
        }
        let from = message.outcome;
        match entry.word {
            Word::Note(_) => {}
            Word::Outcome(to) if to == from => return Ok(()),
            Word::Outcome(to) if from.may_become(to) => {}
            Word::Outcome(to) if from.is_final() => {
                entry.word = Word::Note(Note::Contradiction);
                entry.text.get_or_insert_with(|| to.to_string());
            }
            Word::Outcome(to) => return Err(Refusal::IllegalStep { from, to }.into()),
        }
        append(message, entry);
        Ok(())
    }

    /// [`crate::Changes::hide`].
    pub fn hide(&mut self, what: Hide) -> Result<u64> {
        let numbers = match what {
            Hide::Messages(numbers) => numbers,
            Hide::Batch(batch) => {
                let numbers = self.visible_of(batch)?;
                self.batches[batch as usize - 1].1 = true;
                numbers
            }
        };
        let now = self.now;
        let mut hidden = 0;
        for number in numbers {
            let Some(message) = self.any_mut(number).filter(|message| !message.hidden) else { continue };
            if is_unsent(message.outcome) {
                append(message, Entry::new(now, Outcome::Canceled));
            }
            message.hidden = true;
            hidden += 1;
        }
        Ok(hidden)
    }

    /// [`crate::Changes::cancel`].
    pub fn cancel(&mut self, batch: Number, at: Micros) -> Result<u64> {
        let mut canceled = 0;
        for number in self.visible_of(batch)? {
            let Some(message) = self.any_mut(number) else { continue };
            if is_unsent(message.outcome) {
                append(message, Entry::new(at, Outcome::Canceled));
                canceled += 1;
            }
        }
        Ok(canceled)
    }

    fn visible_of(&self, batch: Number) -> Result<Vec<Number>> {
        let known = (batch as usize).checked_sub(1).and_then(|index| self.batches.get(index));
        if known.is_none_or(|(_, hidden)| *hidden) {
            return Err(Wrong::NotFound);
        }
        let of_it = self.visible().filter(|message| message.batch == BatchKey::Mt(batch));
        Ok(of_it.map(|message| message.number).collect())
    }

    /// [`crate::Changes::open_chat`].
    pub fn open_chat(&mut self, peer: &str, at: Micros) -> Number {
        if let Some(index) = self.chats.iter().position(|chat| chat.peer == peer) {
            self.chats[index].status = ChatStatus::Active;
            return index as Number + 1;
        }
        self.chats.push(ChatRow {
            peer: peer.to_owned(),
            opened: at,
            read_up_to: 0,
            marked_unread: false,
            status: ChatStatus::Active,
            muted_until: None,
        });
        self.chats_made()
    }

    /// [`crate::Changes::mark_chats`].
    pub fn mark_chats(&mut self, chats: Option<Vec<Number>>, mark: ChatMark) -> u64 {
        let highest = self.highest();
        let mut marked = 0;
        for (chat, number) in self.chats.iter_mut().zip(1..) {
            if chats.as_ref().is_some_and(|chats| !chats.contains(&number)) {
                continue;
            }
            if let ChatMark::Turn(turn) = mark {
                let stands = turn.from.map_or(chat.status != ChatStatus::Deleted, |from| chat.status == from);
                let heard = |seen| {
                    self.messages.iter().any(|message| {
                        message.direction == Direction::Mo
                            && message.number > seen
                            && message.sender.as_deref() == Some(chat.peer.as_str())
                    })
                };
                if !stands || turn.seen.is_some_and(heard) {
                    continue;
                }
            }
            marked += 1;
            match mark {
                ChatMark::Read => (chat.read_up_to, chat.marked_unread) = (highest, false),
                ChatMark::Unread => chat.marked_unread = true,
                ChatMark::Status(status) => chat.status = status,
                ChatMark::Turn(turn) => chat.status = turn.to,
                ChatMark::Mute(until) => chat.muted_until = until,
            }
        }
        marked
    }

    /// [`crate::People::put_contact`].
    pub fn put_contact(&mut self, contact: Contact) -> Result<Number> {
        let holder = self.contacts.values().find(|known| known.phone == contact.phone);
        let holder = holder.map(|known| known.number);
        let number = match (contact.number, holder) {
            (0, Some(known)) => known,
            (0, None) => {
                self.contacts_made += 1;
                self.contacts_made
            }
            (number, Some(known)) if known != number => return Err(Refusal::Taken("the phone").into()),
            (number, _) if self.contacts.contains_key(&number) => number,
            _ => return Err(Wrong::NotFound),
        };
        let created = self.contacts.get(&number).map_or(contact.created, |known| known.created);
        self.contacts.insert(number, Contact { number, created, ..contact });
        Ok(number)
    }

    /// [`crate::People::remove_contact`].
    pub fn remove_contact(&mut self, number: Number) -> Result<()> {
        self.contacts.remove(&number).map(drop).ok_or(Wrong::NotFound)
    }
}

/// Adds an entry; a row keeps the first entries and, whatever there are, the newest outcome.
fn append(message: &mut Message, mut entry: Entry) {
    // News is never older than what was known before it.
    entry.at = entry.at.max(message.history.last().map_or(message.created, |last| last.at));
    if message.history.len() >= MOST_ENTRIES {
        if entry.outcome().is_none() {
            return;
        }
        message.history.pop();
    }
    message.outcome = entry.outcome().unwrap_or(message.outcome);
    message.history.push(entry);
}
