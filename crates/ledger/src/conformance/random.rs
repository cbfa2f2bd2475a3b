//! An engine and the model do the same things and must say the same at every turn.
//!
//! [`play`] takes any list of moves; where moves come from (a property test) is the caller's business.

use std::fmt::Debug;
use std::sync::Arc;

use sms::{AccountId, BatchKey, Micros, Number};

use super::model::{Model, Wrong};
use super::{Collect, Opener, Stage};
use crate::change::{ChatMark, Hide, ImportRow, Imported, Step, Submission};
use crate::error::{Refusal, Result};
use crate::history::Entry;
use crate::model::{Contact, Message};
use crate::query::{BatchQuery, ChatQuery, ContactQuery, Cursor, MessageQuery, Order};
use crate::row::Scan;

/// Something to be written. Numbers of messages, batches, chats and contacts are taken modulo a little more
/// than there are, so that most of them exist.
#[derive(Clone, Debug)]
pub enum Write {
    /// Accept; its time and its messages' creation become now.
    Accept(Submission),
    /// Receive; its creation becomes now.
    Receive(Message),
    /// Advance.
    Advance(Vec<Step>),
    /// Hide messages or a batch.
    Hide(Hide),
    /// Cancel a batch, now.
    Cancel(Number),
    /// Import.
    Import(Vec<ImportRow>),
    /// Import a message as the account's own export wrote it, with more history perhaps.
    ImportOwn(Number, Option<Entry>),
    /// Open a chat.
    OpenChat(String),
    /// Mark chats.
    Mark(Option<Vec<Number>>, ChatMark),
    /// Put a contact.
    PutContact(Contact),
    /// Remove a contact.
    RemoveContact(Number),
}

/// Something to be asked.
#[derive(Clone, Debug)]
pub enum Question {
    /// A page of messages.
    Messages(MessageQuery),
    /// A walk by cursor and bound, page after page, in the order of time or of number.
    Walk(MessageQuery),
    /// One message.
    Message(Number),
    /// A page of batches.
    Batches(BatchQuery),
    /// Batches by key, one by one and together.
    BatchesByKey(Vec<BatchKey>),
    /// A page of chats.
    Chats(ChatQuery),
    /// One chat.
    ChatWith(String),
    /// A page of contacts.
    Contacts(ContactQuery),
    /// Contacts by phone.
    ContactsByPhone(Vec<String>),
    /// What MO answer.
    Answered(Vec<Number>),
    /// Sums.
    Sums(MessageQuery),
    /// A scan to its end, in stretches of rows and octets.
    Scan(MessageQuery, u32, usize),
}

/// One move.
#[derive(Clone, Debug)]
pub enum Move {
    /// Write to the first or the second account.
    Write(usize, Box<Write>),
    /// Ask of the first or the second account.
    Ask(usize, Box<Question>),
    /// Let seconds pass; below zero the clock is set back.
    Pass(i32),
    /// Drop what is held in memory.
    Forget,
    /// Close and open again.
    Reopen,
    /// Verify the store.
    Check,
}

struct Player {
    stage: Stage,
    accounts: [AccountId; 2],
    models: [Model; 2],
    /// The latest that the clock ever told.
    latest: Micros,
}

/// Plays the moves on a new store and on the model.
///
/// # Panics
/// When they differ in anything.
pub async fn play(opener: Arc<dyn Opener>, moves: &[Move]) {
    let stage = Stage::new(opener).await;
    let accounts = [stage.account, stage.account("other").await];
    let mut models = [Model::default(), Model::default()];
    for (account, model) in accounts.iter().zip(&mut models) {
        let ledger = stage.ledger();
        model.default_program = ledger.account(*account).await.expect("account").default_program;
        let new = crate::change::NewProgram {
            name: "second".to_owned(),
            campaign: String::new(),
            kind: String::new(),
        };
        ledger.create_program(*account, new).await.expect("program");
        let programs = ledger.programs(*account).await.expect("programs");
        model.programs = programs.iter().map(|program| program.number).collect();
        model.now = stage.now();
    }
    let latest = stage.now();
    let mut player = Player { stage, accounts, models, latest };
    for one in moves {
        player.make(one).await;
    }
    player.stage.finish().await;
}

/// Asserts that the engine did what the model did.
fn agree<T: PartialEq + Debug>(what: &dyn Debug, engine: Result<T>, model: Result<T, Wrong>) {
    match (engine, model) {
        (Ok(engine), Ok(model)) => assert_eq!(engine, model, "engine ≠ model after {what:?}"),
        (Err(engine), Err(model)) if model.is(&engine) => {}
        (engine, model) => panic!("engine {engine:?} ≠ model {model:?} after {what:?}"),
    }
}

/// The same without texts for people, which may differ.
fn plain(mut imported: Imported) -> Imported {
    if let Some((_, Refusal::Value(text))) = &mut imported.refused {
        text.clear();
    }
    imported
}

/// Asserts that the engine answered what the model answered.
fn equal<T: PartialEq + Debug>(question: &dyn Debug, engine: Result<T>, model: T) {
    let engine = engine.expect("an answer");
    assert!(engine == model, "engine {engine:#?}\n≠ model {model:#?}\nto {question:#?}");
}

impl Player {
    async fn make(&mut self, one: &Move) {
        match one {
            Move::Write(which, write) => self.write(which % 2, write).await,
            Move::Ask(which, question) => self.ask(which % 2, question).await,
            Move::Pass(seconds) => {
                if *seconds < 0 {
                    // An engine knows of the time that it was asked something.
                    self.stage.page(MessageQuery::default()).await;
                }
                self.stage.pass(i64::from(*seconds));
                self.latest = self.latest.max(self.stage.now());
                for model in &mut self.models {
                    // What was due stays due while the store is open.
                    model.now = model.now.max(self.stage.now());
                }
            }
            Move::Forget => self.stage.forget(),
            Move::Reopen => {
                self.stage.reopen();
                self.models.iter_mut().for_each(|model| model.now = self.stage.now());
            }
            Move::Check => self.stage.sound().await,
        }
    }

    async fn write(&mut self, which: usize, write: &Write) {
        let (account, ledger, at) = (self.accounts[which], self.stage.ledger(), self.stage.now());
        let model = &mut self.models[which];
        let near = |number: Number, highest: Number| number % (highest + 2);
        match write.clone() {
            Write::Accept(mut submission) => {
                submission.at = at;
                submission.messages.iter_mut().for_each(|message| message.created = at);
                let done = ledger.accept(account, submission.clone()).await;
                agree(write, done, model.accept(submission));
            }
            Write::Receive(message) => {
                let message = Message { created: at, ..message };
                agree(write, ledger.receive(account, message.clone()).await, model.receive(message));
            }
            Write::Advance(mut steps) => {
                let highest = model.highest();
                steps.iter_mut().for_each(|step| step.number = near(step.number, highest));
                agree(write, ledger.advance(account, steps.clone()).await, model.advance(steps));
            }
            Write::Hide(what) => {
                let what = match what {
                    Hide::Batch(batch) => Hide::Batch(near(batch, model.submissions())),
                    Hide::Messages(numbers) => {
                        let highest = model.highest();
                        Hide::Messages(numbers.into_iter().map(|number| near(number, highest)).collect())
                    }
                };
                agree(write, ledger.hide(account, what.clone()).await, model.hide(what));
            }
            Write::Cancel(batch) => {
                let batch = near(batch, model.submissions());
                agree(write, ledger.cancel(account, batch, at).await, model.cancel(batch, at));
            }
            Write::Import(rows) => {
                let done = ledger.import(account, rows.clone()).await;
                agree(write, done.map(plain), Ok(plain(model.import(rows))));
            }
            Write::ImportOwn(number, entry) => {
                let Some(row) = own_row(model, near(number, model.highest()), entry) else { return };
                let done = ledger.import(account, vec![row.clone()]).await;
                agree(write, done.map(plain), Ok(plain(model.import(vec![row]))));
            }
            Write::OpenChat(peer) => {
                let now = model.now;
                agree(write, ledger.open_chat(account, peer.clone()).await, Ok(model.open_chat(&peer, now)));
            }
            Write::Mark(chats, mark) => {
                let made = model.chats_made();
                let chats = chats.map(|chats| chats.into_iter().map(|chat| near(chat, made)).collect());
                let done = ledger.mark_chats(account, chats.clone(), mark).await;
                agree(write, done, Ok(model.mark_chats(chats, mark)));
            }
            Write::PutContact(contact) => {
                let number = near(contact.number, model.contacts_made());
                let contact = Contact { number, ..contact };
                let done = ledger.put_contact(account, contact.clone()).await;
                agree(write, done, model.put_contact(contact));
            }
            Write::RemoveContact(number) => {
                let number = near(number, model.contacts_made());
                agree(write, ledger.remove_contact(account, number).await, model.remove_contact(number));
            }
        }
    }

    async fn ask(&self, which: usize, question: &Question) {
        let (account, ledger, model) = (self.accounts[which], self.stage.ledger(), &self.models[which]);
        match question.clone() {
            Question::Messages(mut query) => {
                // What is ahead of a clock that was set back depends on what is in memory.
                if query.order == Order::Made && self.stage.now() < self.latest {
                    query.order = Order::Time;
                }
                equal(question, ledger.messages(account, query.clone()).await, model.messages(&query));
                equal(question, ledger.numbers(account, query.clone()).await, model.numbers(&query));
            }
            Question::Walk(query) => self.walk(which, query).await,
            Question::Message(number) => {
                equal(question, ledger.message(account, number).await, model.message(number).cloned());
                equal(question, ledger.highest(account).await, model.highest());
            }
            Question::Batches(query) => {
                equal(question, ledger.batches(account, query.clone()).await, model.batches(&query));
            }
            Question::BatchesByKey(keys) => {
                let mut wanted = std::collections::HashMap::new();
                for key in &keys {
                    equal(question, ledger.batch(account, *key).await, model.batch(*key));
                    wanted.extend(model.batch(*key).map(|batch| (*key, batch)));
                }
                equal(question, ledger.batches_by_key(account, keys).await, wanted);
            }
            Question::Chats(query) => {
                equal(question, ledger.chats(account, query.clone()).await, model.chats(&query));
                equal(question, ledger.unread(account).await, model.unread());
                for number in query.numbers.unwrap_or_default() {
                    equal(question, ledger.chat(account, number).await, model.chat(number));
                }
            }
            Question::ChatWith(peer) => {
                equal(question, ledger.chat_with(account, peer.clone()).await, model.chat_with(&peer));
            }
            Question::Contacts(query) => {
                equal(question, ledger.contacts(account, query.clone()).await, model.contacts(&query));
            }
            Question::ContactsByPhone(phones) => {
                let known = |phone: &String| Some((phone.clone(), model.contact_of(phone)?.clone()));
                let wanted = phones.iter().filter_map(known).collect();
                equal(question, ledger.contacts_by_phone(account, phones).await, wanted);
            }
            Question::Answered(replies) => {
                equal(question, ledger.answered(account, replies.clone()).await, model.answered(&replies));
            }
            Question::Sums(query) => {
                let sums = ledger.sums(account, query.clone()).await.map(|mut sums| {
                    sums.sort_by_key(|(direction, outcome, _)| (*direction, outcome.code()));
                    sums
                });
                equal(question, sums, model.sums(&query));
            }
            Question::Scan(filter, limit, octets) => self.scan(which, filter, limit.max(1), octets).await,
        }
    }

    /// Page after page by the last item's place must give what one long page gives.
    async fn walk(&self, which: usize, query: MessageQuery) {
        let (account, ledger, model) = (self.accounts[which], self.stage.ledger(), &self.models[which]);
        let order = if query.order == Order::Number { Order::Number } else { Order::Time };
        let mut query = MessageQuery { order, offset: 0, after: None, ..query };
        query.bound = query.bound.or(Some(model.highest()));
        query.limit = query.limit.clamp(1, 50);
        let wanted = model.messages(&MessageQuery { limit: u32::MAX, ..query.clone() }).messages;
        let mut walked = Vec::new();
        loop {
            let page = ledger.messages(account, query.clone()).await.expect("page");
            let Some(last) = page.messages.last() else { break };
            query.after = Some(Cursor { date: last.date, number: last.number });
            walked.extend(page.messages);
            if !page.more {
                break;
            }
        }
        equal(&query, Ok(walked), wanted);
    }

    async fn scan(&self, which: usize, filter: MessageQuery, limit: u32, octets: usize) {
        let (account, ledger, model) = (self.accounts[which], self.stage.ledger(), &self.models[which]);
        let (first, bound) = (filter.after.map_or(0, |after| after.number), filter.bound.unwrap_or(u32::MAX));
        let bound = bound.min(model.highest());
        let mut text = Vec::new();
        let (mut rows, mut above) = (0, Some(first));
        while let Some(from) = above {
            let scan = Scan { above: from, bound, filter: filter.clone(), octets, limit };
            let scanned = ledger.scan(account, scan, Arc::new(Collect)).await.expect("scan");
            rows += scanned.rows;
            text.extend(scanned.octets);
            assert!(scanned.next.is_none_or(|next| next > from), "a scan stands still");
            above = scanned.next;
        }
        let text = String::from_utf8(text).expect("lines");
        let number = |line: &str| line.split(' ').next().and_then(|word| word.parse().ok());
        let numbers: Vec<Number> = text.lines().filter_map(number).collect();
        assert_eq!(rows, numbers.len() as u64);
        equal(&filter, Ok(numbers), model.scan(first, bound, &filter));
    }
}

/// A message as an export of this account wrote it.
fn own_row(model: &Model, number: Number, entry: Option<Entry>) -> Option<ImportRow> {
    let mut message = model.any(number)?.clone();
    if let Some(entry) = entry {
        message.outcome = entry.outcome().unwrap_or(message.outcome);
        message.history.push(Entry { at: message.modified().max(Micros::MIN), ..entry });
    }
    let mut id = [0xee; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    Some(ImportRow { id, own: Some(number), batch: None, answers: None, message })
}
