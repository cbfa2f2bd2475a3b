//! Submissions that wait for their answers.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, oneshot};

use super::{ANSWER_TIMEOUT, Shared, count};
use crate::carrier::{SubmitError, Submitted};
use crate::simulator::centre::{LinkId, Verdict};
use crate::smpp::pdu::ShortMessage;

/// Late answers that are waited for; beyond it the oldest are given up.
const LATE: usize = 1_000;

type Outcome = Result<Submitted, SubmitError>;

/// All of them, by token.
#[derive(Debug, Default)]
pub(super) struct Open {
    table: Mutex<Table>,
    answered: Notify,
}

#[derive(Debug, Default)]
struct Table {
    next: u64,
    /// The connection of now; nothing is submitted without one.
    link: Option<LinkId>,
    waiting: HashMap<u64, Waiting>,
    /// Attempts that timed out, by token, which rises: their keys, for an answer that comes yet.
    late: std::collections::BTreeMap<u64, u128>,
}

#[derive(Debug)]
struct Waiting {
    key: u128,
    outcome: oneshot::Sender<Outcome>,
    /// Whether the centre said that no answer will come.
    forgotten: bool,
}

impl Open {
    fn lock(&self) -> MutexGuard<'_, Table> {
        // The table is whole between statements, so what a panic elsewhere left is usable.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn waiting(&self) -> usize {
        self.lock().waiting.len()
    }

    /// Waits for the next end of a submission.
    pub(super) async fn answered(&self) {
        self.answered.notified().await;
    }

    /// Begins or ends a connection.
    pub(super) fn set_link(&self, link: Option<LinkId>) {
        self.lock().link = link;
    }

    /// An answer came. Gives the key of the attempt where it had been given up.
    pub(super) fn settle(&self, token: u64, outcome: Outcome) -> Option<(u128, Outcome)> {
        let mut table = self.lock();
        if let Some(waiting) = table.waiting.remove(&token) {
            drop(table);
            // A caller that is gone no longer wants to know.
            drop(waiting.outcome.send(outcome));
            self.answered.notify_one();
            return None;
        }
        table.late.remove(&token).map(|key| (key, outcome))
    }

    /// No answer will come.
    pub(super) fn forget(&self, token: u64) {
        if let Some(waiting) = self.lock().waiting.get_mut(&token) {
            waiting.forgotten = true;
        }
    }

    /// The connection is gone: nobody will know.
    pub(super) fn lose_all(&self, reason: &str) {
        let mut table = self.lock();
        table.link = None;
        table.late.clear();
        for (_, waiting) in table.waiting.drain() {
            let lost = SubmitError::Uncertain { reason: reason.to_owned() };
            drop(waiting.outcome.send(Err(lost)));
        }
        self.answered.notify_one();
    }

    /// An attempt took too long, or its caller went away.
    fn give_up(&self, token: u64) {
        let mut table = self.lock();
        if let Some(waiting) = table.waiting.remove(&token) {
            if !waiting.forgotten {
                table.late.insert(token, waiting.key);
                if table.late.len() > LATE {
                    table.late.pop_first();
                }
            }
            self.answered.notify_one();
        }
    }
}

/// Gives an attempt up when its caller drops it.
struct Guard<'a> {
    open: &'a Open,
    token: u64,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.open.give_up(self.token);
    }
}

impl Shared {
    /// Submits and waits for the answer.
    pub(super) async fn submit(&self, key: u128, message: &ShortMessage) -> Outcome {
        let (sender, receiver) = oneshot::channel();
        let (token, link) = {
            let mut table = self.open.lock();
            let Some(link) = table.link else {
                return Err(SubmitError::NotSent { reason: "the carrier is down".to_owned() });
            };
            let token = table.next;
            table.next += 1;
            table.waiting.insert(token, Waiting { key, outcome: sender, forgotten: false });
            (token, link)
        };
        let _guard = Guard { open: &self.open, token };
        count(&self.figures.submitted);
        self.board.submit(link, token, message);
        match tokio::time::timeout(ANSWER_TIMEOUT, receiver).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(SubmitError::Uncertain { reason: "the carrier ended".to_owned() }),
            Err(_) => {
                let reason = format!("no answer in {} seconds", ANSWER_TIMEOUT.as_secs());
                Err(SubmitError::Uncertain { reason })
            }
        }
    }
}

/// What a verdict is for the one who submitted.
pub(super) fn outcome(verdict: Verdict) -> Outcome {
    use crate::smpp::pdu::Class;
    let status = match verdict {
        Verdict::Accepted(id) => return Ok(Submitted { id: (!id.is_empty()).then_some(id) }),
        Verdict::Refused(status) => status,
    };
    let (code, words) = (Some(format!("{:#010x}", status.0)), status.to_string());
    Err(match status.class() {
        Class::Throttled => SubmitError::Throttled { after: super::session::THROTTLE_PAUSE },
        Class::Retry | Class::Session => SubmitError::Retry { code, words },
        Class::Ok | Class::Permanent => SubmitError::Rejected { code, words },
    })
}
