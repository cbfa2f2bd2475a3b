//! What the model does with history that is brought in.

use sms::{BatchKey, Direction, Number, Outcome};

use super::{Model, Result, Wrong};
use crate::change::{Answered, ImportRow, Imported};
use crate::error::Refusal;
use crate::history::Entry;
use crate::model::{Batch, BatchExtra, Message, Source};

enum Fate {
    Added,
    Known,
    Merged,
}

impl Model {
    /// [`crate::Changes::import`].
    pub fn import(&mut self, rows: Vec<ImportRow>) -> Imported {
        let mut imported = Imported::default();
        for (place, row) in rows.into_iter().enumerate() {
            match self.import_one(row) {
                Ok(Fate::Added) => imported.added += 1,
                Ok(Fate::Known) => imported.known += 1,
                Ok(Fate::Merged) => imported.merged += 1,
                Err(Wrong::Refused(refusal)) => {
                    imported.refused = Some((place, refusal));
                    break;
                }
                Err(Wrong::NotFound) => unreachable!("an import finds nothing missing"),
            }
        }
        imported
    }

    fn import_one(&mut self, row: ImportRow) -> Result<Fate> {
        let by_id = self.imported.get(&row.id).copied();
        let own = row
            .own
            .filter(|number| self.any(*number).is_some_and(|held| held.created == row.message.created));
        match by_id.or(own) {
            Some(number) => self.import_again(number, row),
            None => self.import_fresh(row),
        }
    }

    fn import_fresh(&mut self, row: ImportRow) -> Result<Fate> {
        let number = self.highest() + 1;
        let mut message = self.finished(Message { number, ..row.message })?;
        if message.outcome.direction() != message.direction {
            return Err(Refusal::Value("an outcome of the other direction".to_owned()).into());
        }
        message.answers = self.answered_by_row(row.answers)?;
        message.batch = match message.direction {
            Direction::Mo => {
                self.open_chat(message.peer(), message.created);
                BatchKey::Mo(number)
            }
            Direction::Mt => BatchKey::Mt(self.batch_of(row.batch, &message)),
        };
        if message.date <= self.now.seconds() {
            self.newest = self.newest.max(message.date);
        }
        self.imported.insert(row.id, number);
        self.messages.push(message);
        Ok(Fate::Added)
    }

    /// The number of the MT that a row names, where it is there.
    fn answered_by_row(&self, answers: Option<Answered>) -> Result<Option<Number>> {
        let Some(named) = answers else { return Ok(None) };
        let by_id = self.imported.get(&named.id).copied();
        let number = by_id.or(named.own.filter(|number| self.any(*number).is_some()));
        if number.is_none() && !named.optional { Err(Refusal::UnknownAnswer.into()) } else { Ok(number) }
    }

    /// The batch of that name unless it was deleted, else a new one.
    fn batch_of(&mut self, name: Option<[u8; 16]>, message: &Message) -> Number {
        let known = name.and_then(|name| self.named.get(&name).copied());
        if let Some(known) = known.filter(|known| !self.batches[*known as usize - 1].1) {
            return known;
        }
        let number = self.submissions() + 1;
        let batch = Batch {
            key: BatchKey::Mt(number),
            created: message.created,
            text: message.body.clone(),
            sender: message.sender.clone(),
            reference: message.reference.clone(),
            source: Source::Api,
            templated: false,
            flash: message.flash,
            coding: message.coding,
            priority: message.priority,
            extra: BatchExtra { list: message.list.clone(), imported: true, ..BatchExtra::default() },
            sums: Vec::new(),
            first: message.number,
        };
        self.batches.push((batch, false));
        if let Some(name) = name {
            self.named.insert(name, number);
        }
        number
    }

    fn import_again(&mut self, number: Number, row: ImportRow) -> Result<Fate> {
        let stored = self.any(number).cloned().ok_or(Wrong::NotFound)?;
        let same_program = row.message.program == 0 || row.message.program == stored.program;
        let given = self.finished(Message { program: stored.program, ..row.message })?;
        let answers = self.answered_by_row(row.answers)?;
        // Own exports name batches in another way; what was deleted is asked no more.
        let asked = row.own.is_none() && !stored.hidden && given.direction == Direction::Mt;
        let same_batch = row.batch.filter(|_| asked).is_none_or(|name| {
            self.named.get(&name).is_some_and(|batch| BatchKey::Mt(*batch) == stored.batch)
        });
        let members: [(&'static str, bool); 16] = [
            ("direction", stored.direction == given.direction),
            ("sender", stored.sender == given.sender),
            ("recipient", stored.recipient == given.recipient),
            ("body", stored.body == given.body),
            ("created", stored.created == given.created),
            ("date", stored.date == given.date),
            ("reference", stored.reference == given.reference),
            ("price", stored.price == given.price),
            ("credits", stored.credits == given.credits),
            ("country", stored.country == given.country),
            ("network", stored.network == given.network),
            ("flash", stored.flash == given.flash),
            ("list", stored.list == given.list),
            ("answers", stored.answers == answers),
            ("program", same_program),
            ("batch", same_batch),
        ];
        if let Some((member, _)) = members.iter().find(|(_, same)| !same) {
            return Err(Refusal::Differs(member).into());
        }
        if given.outcome.direction() != given.direction {
            return Err(Refusal::Value("an outcome of the other direction".to_owned()).into());
        }
        if stored.history.starts_with(&given.history) {
            return Ok(Fate::Known);
        }
        if !is_bare(&stored) && !given.history.starts_with(&stored.history) {
            return if is_bare(&given) { Ok(Fate::Known) } else { Err(Refusal::Differs("history").into()) };
        }
        let (from, to) = (stored.outcome, given.outcome);
        if from != to && from.is_final() && from != Outcome::Unknown {
            return Err(Refusal::IllegalStep { from, to }.into());
        }
        if let Some(held) = self.any_mut(number) {
            (held.outcome, held.history) = (to, given.history);
        }
        Ok(Fate::Merged)
    }
}

/// Whether a history is only what a record without one gets.
fn is_bare(message: &Message) -> bool {
    let outcome = match message.direction {
        Direction::Mt => Outcome::Queued,
        Direction::Mo => Outcome::Received,
    };
    message.history == [Entry::new(message.created, outcome)]
}
