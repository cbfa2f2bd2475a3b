//! How schedules stand. What is sent once depends on its batch, which may have been withdrawn, refused or deleted for
//! itself, through any dialect: then nothing of it is to come, and none of it was sent.

use ledger::Result;
use ledger::model::Batch;
use sms::{AccountId, BatchKey, Number, Outcome};

use super::{Body, KIND, Schedule, schedule};
use crate::Service;
use crate::documents::Typed;

/// Schedules whose batches are looked at together.
const SETTLED_AT_ONCE: usize = 500;

/// When something of a schedule is sent: what is known of every schedule at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) number: Number,
    /// The batch of what is sent once.
    once: Option<Number>,
    first: u32,
    pub(super) next: Option<u32>,
    pub(super) last: Option<u32>,
}

/// Whether nothing of a batch was or will be sent: it was withdrawn, refused, or its messages deleted before. A
/// batch that is gone may have been sent when it was due.
fn is_idle(batch: Option<&Batch>, past: bool) -> bool {
    let Some(batch) = batch else { return !past };
    let goes = |outcome: Outcome| !outcome.is_final() || outcome.was_submitted();
    !batch.sums.iter().any(|(outcome, sum)| sum.messages > 0 && goes(*outcome))
}

impl Schedule {
    pub(super) fn standing(&self) -> Standing {
        let Self { number, first, next, last, .. } = *self;
        Standing { number, once: Some(self.batch).filter(|_| self.rule.is_none()), first, next, last }
    }

    /// Whether it was to be sent once, and neither was nor will be.
    fn was_never_sent(&self) -> bool {
        self.rule.is_none() && self.is_completed() && self.last.is_none()
    }
}

impl Service {
    /// Schedules as they stand now.
    pub(super) async fn as_they_stand(
        &self,
        account: AccountId,
        documents: Vec<Typed<Body>>,
    ) -> Result<Vec<Schedule>> {
        let now = self.now().seconds();
        let mut all: Vec<Schedule> = documents.into_iter().map(|document| schedule(document, now)).collect();
        let mut standings: Vec<Standing> = all.iter().map(Schedule::standing).collect();
        self.settle(account, &mut standings, now).await?;
        for (schedule, standing) in all.iter_mut().zip(standings) {
            (schedule.next, schedule.last) = (standing.next, standing.last);
        }
        Ok(all)
    }

    /// Takes the times from what is sent once where nothing of its batch was or will be.
    pub(super) async fn settle(
        &self,
        account: AccountId,
        standings: &mut [Standing],
        now: u32,
    ) -> Result<()> {
        for standings in standings.chunks_mut(SETTLED_AT_ONCE) {
            let keys: Vec<BatchKey> = standings.iter().filter_map(|one| one.once.map(BatchKey::Mt)).collect();
            if keys.is_empty() {
                continue;
            }
            let batches = self.ledger.batches_by_key(account, keys).await?;
            for standing in standings {
                let Some(batch) = standing.once else { continue };
                if is_idle(batches.get(&BatchKey::Mt(batch)), standing.first <= now) {
                    (standing.next, standing.last) = (None, None);
                }
            }
        }
        Ok(())
    }

    /// Removes the schedule of a batch that was to be sent once and later, and was withdrawn as a whole.
    pub(crate) async fn forget_schedule_of(&self, account: AccountId, batch: Number) -> Result<()> {
        match self.schedule_of_batch(account, batch).await? {
            Some(known) if known.was_never_sent() => {
                self.remove_schedule(account, known.number).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Notes with the schedule of such a batch, which was deleted, that it was never sent.
    pub(crate) async fn end_schedule_of(&self, account: AccountId, batch: Number) -> Result<()> {
        let name = batch.to_string();
        let Some(document) = self.typed_by_name::<Body>(account, KIND, &name).await? else { return Ok(()) };
        let Typed { number, body, .. } = document.clone();
        let found = self.as_they_stand(account, vec![document]).await?;
        if found.iter().all(Schedule::was_never_sent) {
            self.put_typed(account, KIND, number, Some(name), &Body { deleted: true, ..body }).await?;
        }
        Ok(())
    }
}
