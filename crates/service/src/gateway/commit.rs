//! The way back into the ledger: results of attempts and receipts, group by group.
//!
//! While one group is committed the next one gathers, so there is no delay but the commit's own. The results
//! of a group are written before its receipts: a receipt mostly finds the id of its submission.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use carriers::carrier::Ack;
use futures_util::future::{join, join_all};
use ledger::outbound::{Attempt, AttemptResult, Place, ReceiptFate, ReceiptRecord, Receipted, Settlement};
use ledger::{Ledger, LedgerError, Result};
use sms::AccountId;
use tokio::sync::{Mutex, mpsc};

use super::Inner;
use super::figures::{add, count};
use super::lane::gone;
use super::parcel::place_of;

/// The most results, and the most receipts, of one group.
const GROUP: usize = 2048;
/// Results, and receipts, that may wait for their group; further ones wait with their carriers.
const WAITING: usize = 4096;
/// The pause after a failure of the store, at first and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const MOST_PAUSE: Duration = Duration::from_secs(5);

/// What became of attempts of one account.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) account: AccountId,
    pub(super) attempts: Vec<Attempt>,
}

/// A receipt, and who waits for its commit.
pub(super) struct Arrived {
    pub(super) record: ReceiptRecord,
    pub(super) ack: Ack,
}

/// Where results and receipts are put.
pub(super) struct Commits {
    done: mpsc::Sender<Done>,
    arrived: mpsc::Sender<Arrived>,
    /// The other ends, until the committing begins.
    ends: Mutex<Option<Ends>>,
}

struct Ends {
    done: mpsc::Receiver<Done>,
    arrived: mpsc::Receiver<Arrived>,
}

impl Commits {
    pub(super) fn new() -> Self {
        let (done, done_end) = mpsc::channel(WAITING);
        let (arrived, arrived_end) = mpsc::channel(WAITING);
        let ends = Ends { done: done_end, arrived: arrived_end };
        Self { done, arrived, ends: Mutex::new(Some(ends)) }
    }

    /// Results are to be recorded; waits while too many are.
    pub(super) async fn done(&self, done: Done) {
        if self.done.send(done).await.is_err() {
            // After the end: the leases are open still, and uncertain at the next start.
            tracing::warn!("an answer came after the end");
        }
    }

    /// A receipt is to be committed and acknowledged; waits while too many do.
    pub(super) async fn arrived(&self, arrived: Arrived) {
        if let Err(mpsc::error::SendError(late)) = self.arrived.send(arrived).await {
            // Not acknowledged, so it comes again.
            drop(late);
        }
    }
}

/// Commits, group by group, until `last` says that nothing more will come and all that came is committed.
pub(super) async fn run(inner: Arc<Inner>, mut last: tokio::sync::watch::Receiver<bool>) {
    let Some(mut ends) = inner.commits.ends.lock().await.take() else { return };
    loop {
        let mut group = Group::default();
        tokio::select! {
            biased;
            Some(done) = ends.done.recv() => group.done.push(done),
            Some(arrived) = ends.arrived.recv() => group.arrived.push(arrived),
            () = gone(&mut last) => {}
        }
        // Whoever is ready may pass on the answer to what a receipt is about.
        tokio::task::yield_now().await;
        group.gather(&mut ends);
        if group.is_empty() {
            return;
        }
        group.commit(&inner).await;
    }
}

#[derive(Default)]
struct Group {
    done: Vec<Done>,
    arrived: Vec<Arrived>,
}

impl Group {
    fn is_empty(&self) -> bool {
        self.done.is_empty() && self.arrived.is_empty()
    }

    /// Takes what is there. Receipts first: what they are about was answered before, so it is there too.
    fn gather(&mut self, ends: &mut Ends) {
        while self.arrived.len() < GROUP
            && let Ok(arrived) = ends.arrived.try_recv()
        {
            self.arrived.push(arrived);
        }
        while self.done.len() < GROUP
            && let Ok(done) = ends.done.try_recv()
        {
            self.done.push(done);
        }
    }

    async fn commit(self, inner: &Inner) {
        let mut by_account: BTreeMap<AccountId, Vec<Attempt>> = BTreeMap::new();
        for done in self.done {
            by_account.entry(done.account).or_default().extend(done.attempts);
        }
        let results = by_account.into_iter().map(|(account, attempts)| record(inner, account, attempts));
        // Asked for in this order, so written in this order.
        join(join_all(results), receive(inner, self.arrived)).await;
    }
}

/// Records results of one account; does not give up while the store fails, because leases are open.
async fn record(inner: &Inner, account: AccountId, attempts: Vec<Attempt>) {
    let again = attempts.iter().filter_map(due_again).min();
    let ledger = inner.service.ledger.as_ref();
    if let Err(error) = lasting(|| ledger.record_attempts(account, attempts.clone())).await {
        tracing::error!(%account, %error, "results of attempts were refused together");
        for attempt in attempts {
            let number = attempt.lease.number;
            if let Err(error) = lasting(|| ledger.record_attempts(account, vec![attempt.clone()])).await {
                count(&inner.tally.attempts_refused);
                tracing::error!(%account, number, %error, "the result of an attempt was refused");
            }
        }
    }
    faults::place("dispatch.recorded");
    if let Some(place) = again {
        inner.service.wake.again(account, place);
    }
}

/// Where in the queue a segment stands again.
fn due_again(attempt: &Attempt) -> Option<Place> {
    let due = match &attempt.result {
        AttemptResult::Retry { due }
        | AttemptResult::Unsent { due }
        | AttemptResult::Uncertain { resend: Some(due) }
        | AttemptResult::Settled(Settlement::NotTaken { due }) => *due,
        AttemptResult::Submitted { .. }
        | AttemptResult::SubmittedWhole { .. }
        | AttemptResult::Ended(_)
        | AttemptResult::Uncertain { resend: None }
        | AttemptResult::Settled(_) => return None,
    };
    Some(Place { due, ..place_of(&attempt.lease) })
}

/// Does something again, with pauses, for as long as the store fails.
pub(super) async fn lasting<T, F: Future<Output = Result<T>>>(mut work: impl FnMut() -> F) -> Result<T> {
    let mut pause = FIRST_PAUSE;
    loop {
        match work().await {
            Err(error @ (LedgerError::Store(_) | LedgerError::Busy)) => {
                tracing::error!(%error, "what came back from carriers cannot be recorded yet");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(MOST_PAUSE);
            }
            result => return result,
        }
    }
}

/// Commits receipts and acknowledges them; those that are not committed come again.
async fn receive(inner: &Inner, arrived: Vec<Arrived>) {
    if arrived.is_empty() {
        return;
    }
    let ledger = inner.service.ledger.as_ref();
    let (records, acks): (Vec<_>, Vec<_>) =
        arrived.into_iter().map(|arrived| (arrived.record, arrived.ack)).unzip();
    let times: Vec<_> = records.iter().map(|record| record.received).collect();
    match ledger.receipts(records.clone()).await {
        Ok(fates) => {
            faults::place("receipt.recorded");
            for ((fate, ack), received) in fates.into_iter().zip(acks).zip(times) {
                // Counted first: who sees the acknowledgement finds it in the figures.
                tell(inner, fate, received);
                ack.done();
            }
        }
        Err(LedgerError::Store(_) | LedgerError::Busy) => {
            add(&inner.tally.receipts_refused, acks.len() as u64);
            tracing::error!(count = acks.len(), "receipts could not be committed");
            tokio::time::sleep(FIRST_PAUSE).await;
        }
        Err(_) => receive_one_by_one(inner, ledger, records, acks).await,
    }
}

/// One of them cannot be taken; the others can.
async fn receive_one_by_one(inner: &Inner, ledger: &dyn Ledger, records: Vec<ReceiptRecord>, acks: Vec<Ack>) {
    for (record, ack) in records.into_iter().zip(acks) {
        let received = record.received;
        match ledger.receipts(vec![record]).await {
            Ok(fates) => {
                fates.into_iter().for_each(|fate| tell(inner, fate, received));
                ack.done();
            }
            Err(error) => {
                count(&inner.tally.receipts_refused);
                tracing::error!(%error, "a receipt was refused");
            }
        }
    }
}

fn tell(inner: &Inner, receipted: Receipted, received: sms::Micros) {
    let tally = &inner.tally;
    count(match receipted.fate {
        ReceiptFate::Matched { .. } => &tally.receipts_matched,
        ReceiptFate::Quarantined => &tally.receipts_quarantined,
        ReceiptFate::Repeated => &tally.receipts_repeated,
    });
    let since = |then: sms::Micros, now: sms::Micros| u64::try_from(now.get() - then.get()).unwrap_or(0);
    add(&tally.receipt_commit_micros, since(received, inner.service.now()));
    if let Some(submitted) = receipted.submitted {
        add(&tally.receipt_lag_micros, since(submitted, received));
    }
}
