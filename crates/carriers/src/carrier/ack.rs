//! The handle that keeps a carrier's peer waiting until the ledger has committed.

use tokio::sync::mpsc;

/// What a receipt or an MO is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is committed; the peer may forget it.
    Taken,
    /// Not now; the peer is to send it again.
    Later,
    /// Never; the peer is to forget it.
    Never,
}

/// The open acknowledgement of one receipt or MO. The peer gets its answer when this is used; dropped
/// unused, it answers [`Verdict::Later`], so that what was not committed comes again. Used after its session
/// ended it does nothing: the peer then sends again over the next one.
#[derive(Debug)]
#[must_use = "dropping it makes the peer send again"]
pub struct Ack {
    ticket: Option<u64>,
    answers: Option<mpsc::Sender<(u64, Verdict)>>,
}

impl Ack {
    /// A handle that answers `ticket` over `answers`. For carriers: the channel must have room for every
    /// ticket that can be open at once, because an answer that finds it full is lost.
    pub fn new(ticket: u64, answers: mpsc::Sender<(u64, Verdict)>) -> Self {
        Self { ticket: Some(ticket), answers: Some(answers) }
    }

    /// A handle that nobody waits for, for carriers whose peer cannot be answered and for tests.
    pub fn unheard() -> Self {
        Self { ticket: None, answers: None }
    }

    /// The ledger has committed it.
    pub fn done(self) {
        self.answer(Verdict::Taken);
    }

    /// It could not be taken; `verdict` says whether it may come again.
    pub fn refuse(self, verdict: Verdict) {
        self.answer(verdict);
    }

    fn answer(mut self, verdict: Verdict) {
        self.send(verdict);
    }

    fn send(&mut self, verdict: Verdict) {
        if let (Some(ticket), Some(answers)) = (self.ticket.take(), self.answers.take())
            && answers.try_send((ticket, verdict)).is_err()
        {
            tracing::debug!(ticket, ?verdict, "the session of an acknowledgement is gone");
        }
    }
}

impl Drop for Ack {
    fn drop(&mut self) {
        self.send(Verdict::Later);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_handle_answers_once() {
        let (sender, mut answers) = mpsc::channel(4);
        Ack::new(1, sender.clone()).done();
        Ack::new(2, sender.clone()).refuse(Verdict::Never);
        drop(Ack::new(3, sender));
        Ack::unheard().done();
        let mut seen = Vec::new();
        while let Ok(answer) = answers.try_recv() {
            seen.push(answer);
        }
        assert_eq!(seen, [(1, Verdict::Taken), (2, Verdict::Never), (3, Verdict::Later)]);
    }

    #[test]
    fn a_session_that_is_gone_is_harmless() {
        let (sender, answers) = mpsc::channel(1);
        drop(answers);
        Ack::new(1, sender).done();
    }
}
