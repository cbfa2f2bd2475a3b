//! Taking in a submission: plan, one commit, answer.

mod room;

use ledger::change::{Accepted, BatchDocument, Idempotency, Remembered, Submission};
use ledger::{LedgerError, Refusal};
use serde::{Deserialize, Serialize};
use sms::{AccountId, Money, Number};

use crate::plan::{
    Facts, MissingFunds, Plan, PlanSummary, Policy, RequestKey, SubmitError, SubmitRefusal, SubmitRequest,
    When,
};
use crate::schedules::Occurrence;
use crate::{Service, large};

pub(crate) use room::Room;

/// How often a plan is made anew because the balance has moved since it was read.
const MOST_PLANS: usize = 5;

/// What became of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmitAnswer {
    /// The batch's number.
    pub batch: Number,
    /// The first message's number; the rest follow it without a gap, in the order of the recipients.
    pub first: Number,
    /// How many messages: one a recipient, the refused ones among them.
    pub count: u32,
    /// Whether this is the answer to an earlier, equal request.
    pub repeated: bool,
    /// The schedule that was made, where it is sent later (once or again and again).
    pub schedule: Option<Number>,
    /// The record of a large submission, where one was asked for: see [`crate::large`].
    pub large: Option<Number>,
    /// What was left of the balance, of a prepaid account.
    pub balance: Option<Money>,
    /// What the messages add up to.
    pub summary: PlanSummary,
}

/// What goes into the commit beside the plan.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    pub(crate) idempotency: Option<Idempotency>,
    /// What it is the next occurrence of.
    pub(crate) occurrence: Option<Occurrence>,
}

/// What is kept with an idempotency key.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    summary: PlanSummary,
    /// Whether the document is that of a large submission, not a schedule.
    #[serde(default)]
    large: bool,
}

impl Service {
    /// Plans a submission without taking it in: what it would cost, and what would become of each recipient.
    /// Refused for whatever would refuse the submission, save the balance: see [`PlanSummary::covered`].
    pub async fn preview(
        &self,
        account: AccountId,
        request: SubmitRequest,
        policy: &Policy,
    ) -> Result<Plan, SubmitError> {
        let request = match &request.when {
            When::Recurring(recurrence) => {
                let second = self.first_occurrence(account, recurrence, policy).await?;
                SubmitRequest { when: When::At { second, zone: recurrence.zone.clone() }, ..request }
            }
            When::Now | When::At { .. } | When::Windows(_) => request,
        };
        let facts = self.facts(account, request, policy.clone()).await?;
        let _place = self.plans.of(facts.targets.all.len()).await;
        let (_, plan) = planned(facts, true).await?;
        Ok(plan?)
    }

    /// Takes a submission in. When it returns, the batch, its messages, what is to be sent, and what was paid
    /// are on disk, all of it; refused, there is nothing of it. With a key, a request that comes again within
    /// 24 hours has the first one's answer, whatever has changed since.
    pub async fn submit(
        &self,
        account: AccountId,
        request: SubmitRequest,
        policy: &Policy,
        key: Option<RequestKey>,
    ) -> Result<SubmitAnswer, SubmitError> {
        let idempotency = key.map(|RequestKey { key, request }| Idempotency { key, request });
        let answer = self.answer(account, request, policy, idempotency).await?;
        // Where the request's span has room for it, the log says which batch it made.
        tracing::Span::current().record("batch", answer.batch);
        Ok(answer)
    }

    async fn answer(
        &self,
        account: AccountId,
        request: SubmitRequest,
        policy: &Policy,
        idempotency: Option<Idempotency>,
    ) -> Result<SubmitAnswer, SubmitError> {
        if let Some(answer) = self.answered_before(account, idempotency).await? {
            return Ok(answer);
        }
        if let When::Recurring(recurrence) = &request.when {
            let recurrence = recurrence.clone();
            // Apart: few are, and all would carry what it holds.
            return Box::pin(self.submit_recurring(account, request, recurrence, policy, idempotency)).await;
        }
        // Apart, so that what it holds is not moved from one caller's future into the next one's.
        Box::pin(async move {
            let facts = self.facts(account, request, policy.clone()).await?;
            let beside = Beside { idempotency, occurrence: None };
            self.commit_plan(account, facts, beside).await
        })
        .await
    }

    /// The answer to an earlier request of the same key.
    async fn answered_before(
        &self,
        account: AccountId,
        idempotency: Option<Idempotency>,
    ) -> Result<Option<SubmitAnswer>, SubmitError> {
        let Some(idempotency) = idempotency else { return Ok(None) };
        let remembered = self.ledger.remembered(account, idempotency, self.now()).await?;
        let Some(Remembered { accepted, answer }) = remembered else { return Ok(None) };
        let Some(kept) = answer else {
            // The key of something else than a submission.
            return Err(SubmitRefusal::KeyReused.into());
        };
        let kept = serde_json::from_str(&kept)
            .map_err(|error| LedgerError::Corrupt(format!("an answer cannot be read: {error}")))?;
        Ok(Some(answer_of(accepted, kept)))
    }

    /// Plans and commits, again where the balance has moved in between.
    pub(crate) async fn commit_plan(
        &self,
        account: AccountId,
        mut facts: Box<Facts>,
        beside: Beside,
    ) -> Result<SubmitAnswer, SubmitError> {
        // Until the commit: the messages wait with the writer.
        let _place = self.plans.of(facts.targets.all.len()).await;
        let mut plans = 0;
        loop {
            let (made_from, plan) = planned(facts, false).await?;
            facts = made_from;
            plans += 1;
            let Plan { batch, messages, summary, charge } = plan?;
            let document = document_of(&facts, &summary, beside.occurrence.as_ref())?;
            let large = document.as_ref().is_some_and(|document| document.kind == large::KIND);
            let kept = Kept { summary, large };
            let submission = Submission {
                batch,
                messages,
                at: facts.now,
                open_chats: facts.request.open_chats,
                enqueue: true,
                answer: match beside.idempotency {
                    Some(_) => Some(crate::documents::write(&kept)?),
                    None => None,
                },
                idempotency: beside.idempotency,
                charge,
                document,
            };
            let straight = self.door.pass(account, &submission, &facts.rules);
            let goes_straight = straight.is_some();
            let accepted = match straight {
                Some(straight) => self.ledger.accept_straight(account, submission, straight).await,
                None => self.ledger.accept(account, submission).await,
            };
            match accepted {
                Ok(accepted) if accepted.repeated => {
                    // An equal request was faster.
                    let earlier = self.answered_before(account, beside.idempotency).await?;
                    return Ok(earlier.unwrap_or_else(|| answer_of(accepted, kept)));
                }
                Ok(accepted) => {
                    let due = kept.summary.counts.sendable > 0 && kept.summary.due <= facts.now.seconds();
                    if due && !goes_straight {
                        self.wake.due(account);
                    }
                    return Ok(answer_of(accepted, kept));
                }
                Err(LedgerError::Refused(Refusal::Funds { balance, .. }))
                    if facts.policy.funds == MissingFunds::Deny && plans < MOST_PLANS =>
                {
                    facts.balance = Some(balance);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn answer_of(accepted: Accepted, kept: Kept) -> SubmitAnswer {
    let Accepted { batch, first, count, repeated, balance, document } = accepted;
    let Kept { summary, large } = kept;
    let (schedule, large) = if large { (None, document) } else { (document, None) };
    SubmitAnswer { batch, first, count, repeated, schedule, large, balance, summary }
}

/// The document that is written with a batch, if there is one: its schedule's, or the record of its size.
fn document_of(
    facts: &Facts,
    summary: &PlanSummary,
    occurrence: Option<&Occurrence>,
) -> Result<Option<BatchDocument>, LedgerError> {
    if let Some(occurrence) = occurrence {
        return occurrence.document(facts, summary).map(Some);
    }
    match crate::schedules::document_of_one_off(facts, summary)? {
        Some(document) => Ok(Some(document)),
        None => large::document_of(facts),
    }
}

/// The plan made from facts, which are given back; a large one on a thread that may be busy.
async fn planned(
    facts: Box<Facts>,
    dry: bool,
) -> Result<(Box<Facts>, Result<Plan, SubmitRefusal>), LedgerError> {
    if facts.targets.all.len() <= room::SMALL {
        let plan = facts.plan(dry);
        return Ok((facts, plan));
    }
    let make = move || {
        let plan = facts.plan(dry);
        (facts, plan)
    };
    tokio::task::spawn_blocking(make)
        .await
        .map_err(|error| LedgerError::Store(format!("a plan broke: {error}")))
}
