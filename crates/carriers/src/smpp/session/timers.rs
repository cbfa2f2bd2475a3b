//! What a session does when time passes.

use std::time::Duration;

use super::{Action, Body, CloseReason, Moment, Pdu, Role, Session, State};

impl<T: Copy> Session<T> {
    /// Time has passed. May be called at any time, and has to be called by [`Session::next_wake`].
    pub fn tick(&mut self, now: Moment) {
        if self.is_closed() {
            return;
        }
        while let Some(tag) = self.outstanding.time_out(now) {
            self.actions.push_back(Action::TimedOut { tag });
        }
        self.tick_state(now);
        self.tick_liveness(now);
    }

    /// The next moment at which [`Session::tick`] has something to do; `None` when it has nothing.
    pub fn next_wake(&self) -> Option<Moment> {
        let state = match self.state {
            State::Closed => return None,
            State::Open { until }
            | State::Binding { until, .. }
            | State::Draining { until, .. }
            | State::Unbinding { until, .. } => Some(until),
            State::Deciding { .. } | State::Bound { .. } => None,
        };
        let liveness = self.bound().and_then(|_| match self.enquiry {
            Some((_, sent)) => Some(sent.saturating_add(self.settings.bind_timeout)),
            None => self.after_silence(self.settings.enquire_interval),
        });
        let inactivity = self.bound().and_then(|_| self.after_silence(self.settings.inactivity_timeout));
        [state, self.outstanding.deadline(), liveness, inactivity].into_iter().flatten().min()
    }

    fn tick_state(&mut self, now: Moment) {
        match self.state {
            State::Open { until } | State::Binding { until, .. } if until <= now => {
                self.end(CloseReason::BindTimeout);
            }
            State::Draining { until, .. } if until <= now => self.send_unbind(now),
            State::Draining { .. } => self.continue_draining(now),
            State::Unbinding { until, .. } if until <= now => self.end(CloseReason::Unbound),
            State::Open { .. }
            | State::Binding { .. }
            | State::Deciding { .. }
            | State::Bound { .. }
            | State::Unbinding { .. }
            | State::Closed => {}
        }
    }

    fn tick_liveness(&mut self, now: Moment) {
        if self.bound().is_none() {
            return;
        }
        if self.after_silence(self.settings.inactivity_timeout).is_some_and(|due| due <= now) {
            self.end(CloseReason::Inactive);
            return;
        }
        match self.enquiry {
            Some((_, sent)) if sent.saturating_add(self.settings.bind_timeout) <= now => {
                // Whatever else came in meanwhile shows that the peer is there.
                if self.heard > sent {
                    self.enquiry = None;
                } else {
                    self.end(CloseReason::Silent);
                }
            }
            None if self.after_silence(self.settings.enquire_interval).is_some_and(|due| due <= now) => {
                let sequence = self.next_sequence();
                self.enquiry = Some((sequence, now));
                self.send(Pdu::request(sequence, Body::EnquireLink));
            }
            Some(_) | None => {}
        }
    }

    /// When the peer will have been silent for `time`; `None` where that is no limit.
    fn after_silence(&self, time: Duration) -> Option<Moment> {
        (!time.is_zero()).then(|| self.heard.saturating_add(time))
    }

    /// The role it plays.
    pub fn role(&self) -> Role {
        self.settings.role
    }
}
