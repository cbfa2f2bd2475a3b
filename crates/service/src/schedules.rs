//! What is sent later, once or again and again.
//!
//! Every submission with a due time to come leaves a schedule beside its batch, in the same commit; batch,
//! messages and numbers are there at once. A recurring one keeps the request: its next occurrence always
//! waits as such a batch, and when that is due the one after it is made ([`Service::materialise_due`]). The
//! schedule is named by the batch of its newest occurrence.

mod agenda;
mod materialise;
mod query;
mod rule;
mod standing;

use ledger::change::{BatchDocument, Idempotency};
use ledger::{LedgerError, Result};
use serde::{Deserialize, Serialize};
use sms::{AccountId, Country, Micros, Money, Number};

use crate::Service;
use crate::documents::{Typed, write};
use crate::plan::{Facts, PlanSummary, Policy, Recurrence, SubmitError, SubmitRefusal, SubmitRequest, When};
use crate::submit::{Beside, SubmitAnswer};

pub(crate) use agenda::Agenda;
pub use materialise::Materialised;
pub use query::{ScheduleOrder, ScheduleQuery};
pub use rule::{Rule, RuleError};

/// The kind of the documents.
const KIND: &str = "schedule";
/// How long the start of a recurring submission may be past and still be its first occurrence, in seconds.
const JUST_NOW: u32 = 60;
/// Numbers that a schedule shows: a page of them must not hold a million.
const SHOWN: usize = 1000;

/// Something that is sent later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Its number among the account's schedules.
    pub number: Number,
    /// The batch of its newest occurrence, which waits until [`Schedule::next`].
    pub batch: Number,
    /// The rule by which it recurs; `None` of what is sent once.
    pub rule: Option<String>,
    /// The zone it was given in.
    pub zone: Option<String>,
    /// When it was made.
    pub created: Micros,
    /// Its first occurrence, in seconds since 1970.
    pub first: u32,
    /// The next one; `None` when it is completed.
    pub next: Option<u32>,
    /// The last one that is past.
    pub last: Option<u32>,
    /// The very last one; `None` where the rule has no end, or one too far away to be looked for.
    pub ends: Option<u32>,
    /// Occurrences made so far, the waiting one included.
    pub occurrences: u32,
    /// Why the newest occurrence has no batch, if it was refused.
    pub trouble: Option<String>,
    /// The text before any substitution.
    pub text: String,
    /// The sender given.
    pub sender: Option<String>,
    /// Recipients of the newest occurrence.
    pub recipients: u64,
    /// The first thousand numbers it goes to: of what is sent once in digits, of what recurs as they were
    /// given.
    pub numbers: Vec<String>,
    /// Contacts it goes to.
    pub contacts: Vec<Number>,
    /// Lists it goes to.
    pub lists: Vec<Number>,
    /// Segments of the longest message of the newest occurrence.
    pub segments: u16,
    /// The price of the newest occurrence.
    pub price: Money,
    /// Countries that the newest occurrence goes to, by rising code.
    pub countries: Vec<Country>,
}

impl Schedule {
    /// Whether nothing of it is to come.
    pub fn is_completed(&self) -> bool {
        self.next.is_none()
    }
}

/// A schedule as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Body {
    created: i64,
    first: u32,
    /// Of the batch that the document is named by.
    next: u32,
    #[serde(default)]
    last: Option<u32>,
    #[serde(default)]
    zone: Option<String>,
    occurrences: u32,
    #[serde(default)]
    trouble: Option<String>,
    text: String,
    #[serde(default)]
    sender: Option<String>,
    recipients: u64,
    #[serde(default)]
    numbers: Vec<String>,
    #[serde(default)]
    contacts: Vec<Number>,
    #[serde(default)]
    lists: Vec<Number>,
    #[serde(default)]
    segments: u16,
    #[serde(default)]
    price: Money,
    #[serde(default)]
    countries: Vec<Country>,
    #[serde(default)]
    ends: Option<u32>,
    /// What is sent again, and under which policy.
    #[serde(default)]
    recurring: Option<Box<Recurring>>,
    /// Whether the rule names no later occurrence.
    #[serde(default)]
    ended: bool,
    /// Whether its batch was deleted before any of it was sent.
    #[serde(default)]
    deleted: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Recurring {
    recurrence: Recurrence,
    request: SubmitRequest,
    policy: Policy,
}

impl Body {
    /// What a submission due at `second` leaves behind.
    fn of(facts: &Facts, second: u32, zone: Option<String>) -> Self {
        let request = &facts.request;
        let given = facts.targets.all.iter().take(facts.targets.given.min(SHOWN));
        Self {
            created: facts.now.get(),
            first: second,
            next: second,
            last: None,
            zone,
            occurrences: 1,
            trouble: None,
            text: facts.text.clone(),
            sender: request.sender.clone(),
            recipients: facts.targets.all.len() as u64,
            numbers: given.map(|target| target.to.clone()).collect(),
            contacts: request.contacts.clone(),
            lists: request.lists.clone(),
            segments: 0,
            price: Money::ZERO,
            countries: Vec::new(),
            ends: Some(second),
            recurring: None,
            ended: false,
            deleted: false,
        }
    }

    /// The same with what its newest occurrence adds up to.
    fn with(self, summary: &PlanSummary) -> Self {
        Self {
            segments: summary.most_segments,
            price: summary.price,
            countries: summary.countries.iter().map(|total| total.country).collect(),
            ..self
        }
    }

    /// Whether an occurrence is to be made when the waiting one is due.
    fn goes_on(&self) -> bool {
        self.recurring.is_some() && !self.ended
    }
}

/// An occurrence of what recurs, which becomes its schedule's newest.
#[derive(Debug)]
pub(crate) struct Occurrence {
    /// The schedule, or zero for the first of a new one.
    number: Number,
    body: Body,
}

impl Occurrence {
    /// The schedule's document as it is with this occurrence.
    pub(crate) fn document(&self, facts: &Facts, summary: &PlanSummary) -> Result<BatchDocument> {
        let recipients = facts.targets.all.len() as u64;
        let body = Body { recipients, text: facts.text.clone(), ..self.body.clone() }.with(summary);
        Ok(BatchDocument { kind: KIND.to_owned(), number: self.number, body: write(&body)? })
    }
}

/// The document that a submission with a due time to come leaves behind.
pub(crate) fn document_of_one_off(facts: &Facts, summary: &PlanSummary) -> Result<Option<BatchDocument>> {
    match &facts.request.when {
        // Whether a person releases it before then or not.
        When::At { zone, .. } if summary.counts.sendable > 0 && summary.due > facts.now.seconds() => {
            let body = write(&Body::of(facts, summary.due, zone.clone()).with(summary))?;
            Ok(Some(BatchDocument { kind: KIND.to_owned(), number: 0, body }))
        }
        When::Now | When::At { .. } | When::Windows(_) | When::Recurring(_) => Ok(None),
    }
}

/// The batch that a document is named by; zero where it is named by none.
fn batch_of(document: &Typed<Body>) -> Number {
    document.name.as_deref().and_then(|name| name.parse().ok()).unwrap_or(0)
}

/// A schedule by its times alone: see [`Service::settle`].
fn schedule(document: Typed<Body>, now: u32) -> Schedule {
    let number_of_batch = batch_of(&document);
    let Typed { number, name: _, body } = document;
    let past = body.next <= now;
    let idle = body.deleted;
    let numbers = match &body.recurring {
        Some(recurring) => recurring.request.recipients.iter().take(SHOWN).map(|it| it.to.clone()).collect(),
        None => body.numbers.clone(),
    };
    Schedule {
        number,
        batch: number_of_batch,
        rule: body.recurring.as_ref().map(|recurring| recurring.recurrence.rule.clone()),
        zone: body.zone.clone(),
        created: Micros::new(body.created),
        first: body.first,
        next: (!idle && (!past || body.goes_on())).then_some(body.next),
        last: if past && !idle { Some(body.next) } else { body.last },
        ends: body.ends,
        occurrences: body.occurrences,
        trouble: body.trouble,
        text: body.text,
        sender: body.sender,
        recipients: body.recipients,
        numbers,
        contacts: body.contacts,
        lists: body.lists,
        segments: body.segments,
        price: body.price,
        countries: body.countries,
    }
}

impl Service {
    /// One schedule.
    pub async fn schedule(&self, account: AccountId, number: Number) -> Result<Option<Schedule>> {
        let found = self.typed(account, KIND, number).await?;
        Ok(self.as_they_stand(account, found.into_iter().collect()).await?.pop())
    }

    /// The schedule whose newest occurrence is a batch.
    pub async fn schedule_of_batch(&self, account: AccountId, batch: Number) -> Result<Option<Schedule>> {
        let found = self.typed_by_name(account, KIND, &batch.to_string()).await?;
        Ok(self.as_they_stand(account, found.into_iter().collect()).await?.pop())
    }

    /// Removes a schedule: what of its newest occurrence still waits is canceled, and what was paid for it
    /// goes back. Returns how many messages that were; [`LedgerError::NotFound`] without the schedule.
    pub async fn remove_schedule(&self, account: AccountId, number: Number) -> Result<u64> {
        let _no_occurrence_meanwhile = self.agenda.lock().await;
        let known = self.schedule(account, number).await?.ok_or(LedgerError::NotFound)?;
        let canceled = match self.ledger.cancel(account, known.batch, self.now()).await {
            // Its batch may have been deleted for itself.
            Err(LedgerError::NotFound) => 0,
            result => result?,
        };
        match self.ledger.remove_document(account, KIND.to_owned(), number).await {
            // Somebody was faster.
            Err(LedgerError::NotFound) => Ok(canceled),
            result => result.map(|()| canceled),
        }
    }

    /// Takes in a recurring submission: its schedule, and the batch of its first occurrence.
    pub(crate) async fn submit_recurring(
        &self,
        account: AccountId,
        request: SubmitRequest,
        recurrence: Recurrence,
        policy: &Policy,
        idempotency: Option<Idempotency>,
    ) -> Result<SubmitAnswer, SubmitError> {
        let second = self.first_occurrence(account, &recurrence, policy).await?;
        let when = When::At { second, zone: recurrence.zone.clone() };
        let request = SubmitRequest { when, ..request };
        let facts = self.facts(account, request.clone(), policy.clone()).await?;
        let rule = self.rule(account, &recurrence).await?.map_err(SubmitRefusal::Rule)?;
        let body = Body {
            // They are in the request.
            numbers: Vec::new(),
            ends: rule.last(),
            recurring: None,
            ..Body::of(&facts, second, recurrence.zone.clone())
        };
        let recurring = Some(Box::new(Recurring { recurrence, request, policy: policy.clone() }));
        let occurrence = Occurrence { number: 0, body: Body { recurring, ..body } };
        let beside = Beside { idempotency, occurrence: Some(occurrence) };
        let answer = self.commit_plan(account, facts, beside).await?;
        if let Some(number) = answer.schedule {
            self.agenda.lock().await.add(second, account, number);
        }
        Ok(answer)
    }

    /// The first occurrence that is not past.
    pub(crate) async fn first_occurrence(
        &self,
        account: AccountId,
        recurrence: &Recurrence,
        policy: &Policy,
    ) -> Result<u32, SubmitError> {
        let now = self.now().seconds();
        if policy.late.is_some_and(|late| recurrence.start.saturating_add(late) < now) {
            return Err(SubmitRefusal::Past.into());
        }
        let rule = self.rule(account, recurrence).await?.map_err(SubmitRefusal::Rule)?;
        let from = recurrence.start.max(now.saturating_sub(JUST_NOW));
        let first = rule.after(from.saturating_sub(1)).ok_or(SubmitRefusal::Rule(RuleError::Never))?;
        Ok(first)
    }

    /// The rule of a recurrence, by the account's clocks where it names no zone.
    async fn rule(
        &self,
        account: AccountId,
        recurrence: &Recurrence,
    ) -> Result<std::result::Result<Rule, RuleError>> {
        let rules = self.rules(account).await?;
        Ok(Rule::read(recurrence, &rules.zone))
    }
}
