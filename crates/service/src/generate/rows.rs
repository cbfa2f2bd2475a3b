//! The made-up messages in the order of their dates.

mod shape;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use ledger::change::{Answered, ImportRow};
use ledger::model::{Contact, Entry, Message};
use sms::{Direction, Micros, Money, Number, Outcome};

use super::GeneratePlan;
use super::calendar::Calendar;
use super::fates::fate;
use super::people::{People, Person};
use super::random::{Random, name};
use super::sizes::Sizes;
use super::texts::{self, STOP, Topic};
use shape::{blank, contact};

/// Of a hundred messages, how many are MO.
const MO_SHARE: u64 = 15;

/// Of a hundred messages, how many people there are.
const PEOPLE_SHARE: u64 = 6;

/// Names that the account sends under.
const NAMES: [&str; 5] = ["Parcelbee", "Lindgrove", "Northgate", "Tidebank", "Clinic"];

/// Short codes that people can answer to.
const SHORT_CODES: [&str; 2] = ["72250", "88440"];

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3600 * SECOND;

/// Time between two messages of a batch.
const PACE: i64 = 25;

/// What row ids are made of, so that those of messages and batches differ.
const MESSAGE: u64 = 1;
const BATCH: u64 = 2;

/// A batch that is being sent.
#[derive(Debug)]
struct Batch {
    id: [u8; 16],
    left: u32,
    at: Micros,
    topic: Topic,
    program: Number,
    sender: Option<String>,
    reference: Option<String>,
    list: Option<&'static str>,
    flash: bool,
    /// Where in the round of people the next recipient stands; none where one person is written to.
    place: Option<u64>,
}

/// An MO that will come. Ordered by when, then by which was thought of first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Coming {
    at: Micros,
    count: u64,
    person: u32,
    to: String,
    program: Number,
    answers: Option<[u8; 16]>,
}

/// The rows of a plan, in the order of their dates. What it remembers besides its place is the answers that
/// will still come and who said STOP, so two million rows take little more memory than a thousand.
#[derive(Debug)]
pub struct GeneratedRows {
    plan: GeneratePlan,
    programs: Vec<Number>,
    people: People,
    calendar: Calendar,
    random: Random,
    sizes: Sizes,
    /// Batches there will be, and there were.
    batches: u64,
    opened: u64,
    batch: Option<Batch>,
    coming: BinaryHeap<Reverse<Coming>>,
    stopped: HashSet<u32>,
    /// MT and MO there will be, besides the scheduled.
    mt: u64,
    mo: u64,
    mt_made: u64,
    /// MO thought of, and made.
    mo_meant: u64,
    mo_made: u64,
    scheduled_made: u64,
    count: u64,
    clock: Micros,
}

impl GeneratedRows {
    /// The rows of `plan`, whose batches belong to `programs`.
    pub fn new(plan: GeneratePlan, programs: &[Number]) -> Self {
        let messages = u64::from(plan.messages);
        let scheduled = u64::from(plan.scheduled).min(messages);
        let mo = (messages * MO_SHARE / 100).min(messages - scheduled);
        let mt = messages - mo - scheduled;
        let people = People::new((messages * PEOPLE_SHARE / 100) as u32, plan.home);
        let most = plan.largest_batch.min(plan.messages / 40).min(people.count());
        let sizes = Sizes::new(plan.seed, mt as u32, most);
        // Batches end an hour before the present, so that answers find a place before it.
        let calendar = Calendar::new(Micros::new(plan.until.get() - HOUR), plan.days.saturating_mul(24));
        Self {
            batches: sizes.clone().count() as u64,
            programs: programs.to_vec(),
            people,
            calendar,
            random: Random::new(plan.seed, 0xA5),
            sizes,
            opened: 0,
            batch: None,
            coming: BinaryHeap::new(),
            stopped: HashSet::new(),
            mt,
            mo,
            mt_made: 0,
            mo_meant: 0,
            mo_made: 0,
            scheduled_made: 0,
            count: 0,
            clock: Micros::MIN,
            plan,
        }
    }

    /// Contacts of the plan's first people.
    pub fn contacts(&self) -> impl Iterator<Item = Contact> {
        let mut random = Random::new(self.plan.seed, 0xC0);
        let created = self.calendar.at(0, 1);
        (0..u64::from(self.plan.contacts.min(self.people.count()))).map(move |place| {
            let person = self.people.at(place);
            contact(&mut random, person, created)
        })
    }

    /// Opens the next batch if none is open and one is left.
    fn open(&mut self) {
        if self.batch.is_some() {
            return;
        }
        let Some(size) = self.sizes.next() else { return };
        let random = &mut self.random;
        let jitter = random.below(1000);
        let at = self.calendar.at(self.opened * 1000 + jitter, self.batches * 1000);
        let topic = Topic::draw(random);
        let reference =
            random.per_mille(700).then(|| format!("{}-{}", topic.reference(), 1000 + self.opened));
        let sender = match random.below(100) {
            0..4 => None,
            4..54 => Some(NAMES[random.below(NAMES.len() as u64) as usize].to_owned()),
            54..80 => Some(SHORT_CODES[random.below(SHORT_CODES.len() as u64) as usize].to_owned()),
            _ => Some(self.own_number(self.opened % 3)),
        };
        let program = self.program();
        let random = &mut self.random;
        self.batch = Some(Batch {
            id: name(self.plan.seed, BATCH, self.opened),
            left: size,
            at: at.max(self.clock),
            topic,
            program,
            sender,
            reference,
            list: (size >= 20 && random.per_mille(400)).then(|| topic.list()),
            flash: random.per_mille(3),
            place: (size > 1).then(|| random.next() >> 32),
        });
        self.opened += 1;
    }

    /// A number of the account's own, at home, where nobody lives.
    fn own_number(&self, which: u64) -> String {
        let home = self.people.person(0).place;
        home.phone(self.people.count() + which as u32)
    }

    /// The programs by falling shares: of two or more the first has four in ten.
    fn program(&mut self) -> Number {
        let first = self.programs.first().copied().unwrap_or_default();
        if self.random.per_mille(390) {
            return first;
        }
        self.random.pick(&self.programs).copied().unwrap_or(first)
    }

    fn mt(&mut self) -> Option<ImportRow> {
        let mut batch = self.batch.take()?;
        let person = match &mut batch.place {
            Some(place) => {
                *place += 1;
                self.people.at(*place)
            }
            None => self.people.regular(&mut self.random),
        };
        let created = batch.at;
        let stopped = self.stopped.contains(&person.index);
        let (outcome, history) = fate(&mut self.random, created, self.plan.until, stopped);
        let body = texts::message(&mut self.random, person.place.language, batch.topic);
        let row = self.outbound(&batch, &person, body, outcome, history);
        self.mt_made += 1;
        self.maybe_answered(&batch, &person, &row);
        batch.left -= 1;
        batch.at = Micros::new(created.get() + PACE);
        if batch.left > 0 {
            self.batch = Some(batch);
        }
        Some(row)
    }

    fn outbound(
        &mut self,
        batch: &Batch,
        person: &Person,
        body: String,
        outcome: Outcome,
        history: Vec<Entry>,
    ) -> ImportRow {
        let created = batch.at;
        let measure = sms::coding::measure(&body);
        let charged = outcome.was_submitted();
        let message = Message {
            outcome,
            sender: batch.sender.clone(),
            recipient: person.phone.clone(),
            flash: batch.flash,
            program: batch.program,
            list: batch.list.map(str::to_owned),
            reference: batch.reference.clone(),
            price: if charged { person.place.price(measure.segments) } else { Money::ZERO },
            credits: if charged { measure.segments.into() } else { 0 },
            history,
            ..blank(Direction::Mt, created, person, body, &measure)
        };
        ImportRow { id: self.id(), own: None, batch: Some(batch.id), answers: None, message }
    }

    /// Lets as many MO come as are due by now; some answer, some just come.
    fn maybe_answered(&mut self, batch: &Batch, person: &Person, row: &ImportRow) {
        let due = self.mo * self.mt_made / self.mt.max(1);
        if due <= self.mo_meant || !self.random.per_mille(500) {
            return;
        }
        let (answers, person) = match self.random.per_mille(880) {
            true => (Some(row.id), person.index),
            false => (None, self.people.regular(&mut self.random).index),
        };
        let to = match &batch.sender {
            Some(sender) if sender.starts_with(|c: char| c.is_ascii_digit()) => sender.clone(),
            _ => SHORT_CODES[0].to_owned(),
        };
        let program = batch.program;
        self.let_come(batch.at, Coming { at: batch.at, count: self.mo_meant, person, to, program, answers });
    }

    fn let_come(&mut self, after: Micros, coming: Coming) {
        let slow = self.random.fraction();
        let delay = 15 * SECOND + (slow * slow * slow * slow * (5 * HOUR) as f64) as i64;
        let at = Micros::new((after.get() + delay).min(self.plan.until.get())).max(after);
        self.mo_meant += 1;
        self.coming.push(Reverse(Coming { at, ..coming }));
    }

    fn mo(&mut self, coming: Coming) -> ImportRow {
        let person = self.people.person(coming.person);
        let stop = self.random.per_mille(5);
        let body = if stop {
            self.stopped.insert(person.index);
            STOP.to_owned()
        } else {
            texts::reply(&mut self.random, person.place.language)
        };
        self.mo_made += 1;
        let created = coming.at.max(self.clock);
        let measure = sms::coding::measure(&body);
        let message = Message {
            outcome: Outcome::Received,
            sender: Some(person.phone.clone()),
            recipient: coming.to,
            program: coming.program,
            history: vec![Entry::new(created, Outcome::Received)],
            ..blank(Direction::Mo, created, &person, body, &measure)
        };
        let answers = coming.answers.map(|id| Answered { id, own: None, optional: false });
        ImportRow { id: self.id(), own: None, batch: None, answers, message }
    }

    /// An MO to nobody's message, for what the batches left over.
    fn stray(&mut self) -> ImportRow {
        let person = self.people.regular(&mut self.random).index;
        let at = Micros::new((self.clock.get() + 7 * SECOND).min(self.plan.until.get())).max(self.clock);
        let (count, program) = (self.mo_meant, self.program());
        self.mo_meant += 1;
        self.mo(Coming { at, count, person, to: SHORT_CODES[0].to_owned(), program, answers: None })
    }

    /// A message that waits for its date within the next two weeks.
    fn scheduled(&mut self) -> ImportRow {
        let total = u64::from(self.plan.scheduled).min(u64::from(self.plan.messages));
        let step = 14 * 24 * HOUR / (total as i64 + 1);
        let place = self.scheduled_made as i64;
        self.scheduled_made += 1;
        let due = self.plan.until.get() + step * (place + 1) + self.random.below(step as u64 / 2) as i64;
        let created = Micros::new(self.plan.until.get() - (total as i64 - place) * SECOND).max(Micros::MIN);
        let person = self.people.regular(&mut self.random);
        let topic = Topic::Appointment;
        let batch = Batch {
            id: name(self.plan.seed, BATCH, self.batches + self.scheduled_made),
            left: 1,
            at: created,
            topic,
            program: self.program(),
            sender: Some(NAMES[4].to_owned()),
            reference: None,
            list: None,
            flash: false,
            place: None,
        };
        let body = texts::message(&mut self.random, person.place.language, topic);
        let history = vec![Entry::new(created, Outcome::Scheduled)];
        let mut row = self.outbound(&batch, &person, body, Outcome::Scheduled, history);
        row.message.date = Micros::new(due).seconds();
        row
    }

    fn id(&mut self) -> [u8; 16] {
        self.count += 1;
        name(self.plan.seed, MESSAGE, self.count)
    }
}

impl Iterator for GeneratedRows {
    type Item = ImportRow;

    fn next(&mut self) -> Option<ImportRow> {
        self.open();
        let sending = self.batch.as_ref().map(|batch| batch.at);
        let comes = self.coming.peek().map(|Reverse(coming)| coming.at);
        let row = match (sending, comes) {
            (Some(sending), Some(comes)) if comes > sending => self.mt(),
            (Some(_), None) => self.mt(),
            (_, Some(_)) => self.coming.pop().map(|Reverse(coming)| self.mo(coming)),
            (None, None) if self.mo_made < self.mo => Some(self.stray()),
            (None, None)
                if self.scheduled_made < u64::from(self.plan.scheduled)
                    && self.count < u64::from(self.plan.messages) =>
            {
                return Some(self.scheduled());
            }
            (None, None) => None,
        }?;
        self.clock = row.message.created;
        Some(row)
    }
}
