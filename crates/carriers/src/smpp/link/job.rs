//! A request on its way to a session, and the way back of its answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::sync::oneshot;

use crate::carrier::SubmitError;
use crate::smpp::pdu::Body;
use crate::smpp::session::Answer;

const QUEUED: u8 = 0;
const TAKEN: u8 = 1;
const WITHDRAWN: u8 = 2;

/// How a request ended without an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Failure {
    /// It was never written.
    #[error("not sent: {0}")]
    NotSent(String),
    /// It was never written, because there was no room in time.
    #[error("no room in the window in time")]
    Busy,
    /// It was or may have been written.
    #[error("no answer: {0}")]
    Uncertain(String),
}

impl From<Failure> for SubmitError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotSent(reason) => Self::NotSent { reason },
            Failure::Busy => Self::Retry { code: None, words: Failure::Busy.to_string() },
            Failure::Uncertain(reason) => Self::Uncertain { reason },
        }
    }
}

/// A request that waits for a session.
#[derive(Debug)]
pub(super) struct Job {
    /// The segment's key, 0 for queries.
    pub(super) key: u128,
    body: Option<Body>,
    claim: Arc<AtomicU8>,
    reply: oneshot::Sender<Result<Answer, Failure>>,
}

/// Who waits for its answer. Dropped, it withdraws what no session has taken.
#[derive(Debug)]
pub(super) struct Waiter {
    claim: Arc<AtomicU8>,
    reply: oneshot::Receiver<Result<Answer, Failure>>,
}

/// A request that a session has taken.
#[derive(Debug)]
pub(super) struct Taken {
    /// The segment's key, 0 for queries.
    pub(super) key: u128,
    reply: oneshot::Sender<Result<Answer, Failure>>,
}

impl Job {
    pub(super) fn new(key: u128, body: Body) -> (Self, Waiter) {
        let claim = Arc::new(AtomicU8::new(QUEUED));
        let (reply, answer) = oneshot::channel();
        (Self { key, body: Some(body), claim: Arc::clone(&claim), reply }, Waiter { claim, reply: answer })
    }

    /// Takes it for a session; `None` where it was withdrawn.
    pub(super) fn take(mut self) -> Option<(Taken, Body)> {
        let claimed = self.claim.compare_exchange(QUEUED, TAKEN, Ordering::AcqRel, Ordering::Acquire);
        let body = self.body.take().filter(|_| claimed.is_ok())?;
        Some((Taken { key: self.key, reply: self.reply }, body))
    }
}

impl Taken {
    /// Answers whoever waits; gives false where nobody does.
    pub(super) fn answer(self, answer: Result<Answer, Failure>) -> bool {
        self.reply.send(answer).is_ok()
    }
}

impl Waiter {
    /// The answer. Safe to be dropped and called again.
    pub(super) async fn answer(&mut self) -> Result<Answer, Failure> {
        match (&mut self.reply).await {
            Ok(answer) => answer,
            Err(_) if self.withdraw() => Err(Failure::NotSent("the link is closed".to_owned())),
            Err(_) => Err(Failure::Uncertain("the session was cut".to_owned())),
        }
    }

    /// Takes the request back; false where a session has taken it.
    pub(super) fn withdraw(&self) -> bool {
        let was = self.claim.compare_exchange(QUEUED, WITHDRAWN, Ordering::AcqRel, Ordering::Acquire);
        was.is_ok() || was == Err(WITHDRAWN)
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.withdraw();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_withdrawn_is_not_taken() {
        let (job, waiter) = Job::new(1, Body::EnquireLink);
        drop(waiter);
        assert!(job.take().is_none());
        let (job, waiter) = Job::new(1, Body::EnquireLink);
        let (taken, _) = job.take().expect("queued");
        assert!(!waiter.withdraw());
        drop(waiter);
        assert!(!taken.answer(Err(Failure::Busy)));
    }

    #[tokio::test]
    async fn a_request_whose_session_is_cut_is_uncertain_and_a_queued_one_is_not() {
        let (job, mut waiter) = Job::new(1, Body::EnquireLink);
        drop(job.take());
        assert!(matches!(waiter.answer().await, Err(Failure::Uncertain(_))));
        let (job, mut waiter) = Job::new(1, Body::EnquireLink);
        drop(job);
        assert!(matches!(waiter.answer().await, Err(Failure::NotSent(_))));
    }
}
