//! Making the next occurrence of what recurs.

use std::collections::BTreeSet;

use ledger::change::Idempotency;
use ledger::{LedgerError, Result};
use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};
use sms::{AccountId, Number};

use super::{Body, KIND, Occurrence, Recurring};
use crate::Service;
use crate::documents::Typed;
use crate::plan::{SubmitError, SubmitRequest, When};
use crate::submit::Beside;

/// What a round of making occurrences did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Materialised {
    /// Occurrences that now wait as batches.
    pub made: u32,
    /// Occurrences that were refused; their schedules say why and go on with the next.
    pub refused: u32,
    /// Schedules that have come to their end.
    pub ended: u32,
}

/// What the agenda has to know of a schedule: its request, with all recipients, is not kept.
#[derive(Deserialize)]
struct Waiting {
    next: u32,
    #[serde(default)]
    recurring: Option<IgnoredAny>,
    #[serde(default)]
    ended: bool,
}

impl Waiting {
    fn goes_on(&self) -> bool {
        self.recurring.is_some() && !self.ended
    }
}

impl Service {
    /// Makes the next occurrence of every recurring schedule whose waiting one is due, of all accounts. To be
    /// called every second or so; it costs nothing while nothing is due. Occurrences that were missed while
    /// nobody called are passed over, save the one that waited. An occurrence is made once, however many
    /// processes call this.
    pub async fn materialise_due(&self) -> Result<Materialised> {
        let mut agenda = self.agenda.lock().await;
        let now = self.now();
        if agenda.is_stale(now) {
            agenda.replace(self.read_agenda().await?, now);
        }
        let mut done = Materialised::default();
        while let Some((second, account, number)) = agenda.take_due(now.seconds()) {
            match self.next_occurrence(account, number, now.seconds(), &mut done).await {
                Ok(Some(next)) => agenda.add(next, account, number),
                Ok(None) => {}
                Err(error) => {
                    agenda.add(second, account, number);
                    return Err(error);
                }
            }
        }
        Ok(done)
    }

    /// Every schedule that goes on, by when its waiting occurrence is due.
    async fn read_agenda(&self) -> Result<BTreeSet<(u32, AccountId, Number)>> {
        let mut entries = BTreeSet::new();
        for account in self.ledger.accounts().await? {
            let note = |document: Typed<Waiting>| {
                if document.body.goes_on() {
                    entries.insert((document.body.next, account.id, document.number));
                }
            };
            self.typed_each(account.id, KIND, note).await?;
        }
        Ok(entries)
    }

    /// Makes the occurrence after the waiting one; returns when it is due, if there is one.
    async fn next_occurrence(
        &self,
        account: AccountId,
        number: Number,
        now: u32,
        done: &mut Materialised,
    ) -> Result<Option<u32>> {
        let Some(document) = self.typed::<Body>(account, KIND, number).await? else { return Ok(None) };
        let Typed { name, body, .. } = document;
        let Some(recurring) = body.recurring.clone().filter(|_| !body.ended) else { return Ok(None) };
        if body.next > now {
            return Ok(Some(body.next));
        }
        // A rule that was followed before can be followed again.
        let rule = self.rule(account, &recurring.recurrence).await?.ok();
        let Some(second) = rule.and_then(|rule| rule.after(body.next.max(now))) else {
            self.put_typed(account, KIND, number, name, &Body { ended: true, ..body }).await?;
            done.ended += 1;
            return Ok(None);
        };
        let last = Some(body.next);
        let next = Body { next: second, last, occurrences: body.occurrences + 1, trouble: None, ..body };
        match self.make_occurrence(account, number, *recurring, next.clone()).await {
            Ok(()) => {
                faults::place("schedule.made");
                done.made += 1;
            }
            Err(SubmitError::Refused(refusal)) => {
                let trouble = Some(refusal.to_string());
                self.put_typed(account, KIND, number, name, &Body { trouble, ..next }).await?;
                done.refused += 1;
            }
            // Removed meanwhile, by another process.
            Err(SubmitError::Ledger(LedgerError::NotFound)) => return Ok(None),
            Err(SubmitError::Ledger(error)) => return Err(error),
        }
        Ok(Some(second))
    }

    async fn make_occurrence(
        &self,
        account: AccountId,
        number: Number,
        recurring: Recurring,
        body: Body,
    ) -> Result<(), SubmitError> {
        let Recurring { recurrence, request, policy } = recurring;
        let when = When::At { second: body.next, zone: recurrence.zone };
        let facts = self.facts(account, SubmitRequest { when, ..request }, policy).await?;
        let idempotency = Some(occurrence_key(number, body.next));
        let occurrence = Some(Occurrence { number, body });
        self.commit_plan(account, facts, Beside { idempotency, occurrence }).await.map(drop)
    }
}

/// What tells an occurrence from every other, and from what callers choose as their keys (which hold no
/// control characters).
fn occurrence_key(schedule: Number, second: u32) -> Idempotency {
    let hash = Sha256::digest(format!("occurrence\u{0}{schedule}\u{0}{second}").as_bytes()).into();
    Idempotency { key: hash, request: hash }
}
