//! Carriers as they are answered.

use std::collections::BTreeMap;

use carriers::carrier::{Figures, LinkState};
use serde::{Deserialize, Serialize};

use crate::ways::fleet::Described;
use crate::ways::keys::doubt_word;
use crate::ways::probe::Found;

/// A carrier. The password is not among its members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CarrierView {
    pub(crate) name: String,
    /// `configuration`, `command` or `built-in`.
    pub(crate) described_by: String,
    pub(crate) peer: String,
    /// `up`, `throttled`, `down`, `paused`, `closed`; `not running` where no server runs and it is not paused.
    pub(crate) state: String,
    /// Why it is down, in the peer's words where it gave any.
    pub(crate) reason: Option<String>,
    pub(crate) sessions: usize,
    pub(crate) system_id: String,
    pub(crate) has_password: bool,
    pub(crate) bind: String,
    pub(crate) binds: usize,
    pub(crate) window: usize,
    pub(crate) rate: Option<u32>,
    pub(crate) options: BTreeMap<String, String>,
    pub(crate) accounts: Vec<String>,
    pub(crate) route: Vec<String>,
    pub(crate) senders: Vec<String>,
    pub(crate) least_priority: u8,
    pub(crate) rank: u16,
    pub(crate) cost: String,
    pub(crate) doubt: String,
    pub(crate) paused: bool,
    /// Counts since it was started, where it runs.
    pub(crate) figures: Option<FiguresView>,
}

/// A carrier's counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FiguresView {
    pub(crate) in_flight: u64,
    pub(crate) submitted: u64,
    pub(crate) accepted: u64,
    pub(crate) rejected: u64,
    pub(crate) throttled: u64,
    pub(crate) uncertain: u64,
    pub(crate) late: u64,
    pub(crate) receipts: u64,
    pub(crate) messages: u64,
    pub(crate) binds: u64,
}

impl From<Figures> for FiguresView {
    fn from(figures: Figures) -> Self {
        let Figures {
            submitted,
            accepted,
            rejected,
            throttled,
            uncertain,
            late,
            receipts,
            messages,
            binds,
            in_flight,
        } = figures;
        Self {
            in_flight,
            submitted,
            accepted,
            rejected,
            throttled,
            uncertain,
            late,
            receipts,
            messages,
            binds,
        }
    }
}

/// A state in a word, and why.
fn told(state: &LinkState) -> (&'static str, Option<String>, usize) {
    match state {
        LinkState::Up { sessions, throttled: false } => ("up", None, *sessions),
        LinkState::Up { sessions, throttled: true } => ("throttled", None, *sessions),
        LinkState::Down { reason } => ("down", Some(reason.clone()).filter(|reason| !reason.is_empty()), 0),
        LinkState::Paused { sessions } => ("paused", None, *sessions),
        LinkState::Closed => ("closed", None, 0),
    }
}

impl From<Described> for CarrierView {
    fn from(described: Described) -> Self {
        let Described { name, spec, origin, report } = described;
        let (state, reason, sessions) = match &report {
            Some(report) => told(&report.state),
            None if spec.paused => ("paused", None, 0),
            None => ("not running", None, 0),
        };
        Self {
            name,
            described_by: origin.word().to_owned(),
            peer: spec.peer(),
            state: state.to_owned(),
            reason,
            sessions,
            system_id: spec.system_id,
            has_password: !spec.password.is_empty(),
            bind: spec.bind.word().to_owned(),
            binds: spec.binds,
            window: spec.window,
            rate: spec.rate,
            options: spec.options,
            accounts: spec.accounts,
            route: spec.route,
            senders: spec.senders,
            least_priority: spec.least_priority,
            rank: spec.rank,
            cost: sms::Money::from_millionths(i64::try_from(spec.cost).unwrap_or(i64::MAX)).to_string(),
            doubt: doubt_word(spec.doubt).to_owned(),
            paused: spec.paused,
            figures: report.map(|report| report.figures.into()),
        }
    }
}

/// What a trial found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TestView {
    pub(crate) name: String,
    pub(crate) bound: bool,
    pub(crate) state: String,
    /// What the peer, or the way to it, said.
    pub(crate) reason: Option<String>,
    pub(crate) sessions: usize,
    pub(crate) milliseconds: u64,
    /// Whether it is the running server's link; else one made for the purpose.
    pub(crate) live: bool,
}

impl TestView {
    pub(super) fn new(name: String, found: Found, live: bool) -> Self {
        let (state, reason, sessions) = told(&found.state);
        Self {
            name,
            bound: found.bound,
            state: state.to_owned(),
            reason,
            sessions,
            milliseconds: u64::try_from(found.took.as_millis()).unwrap_or(u64::MAX),
            live,
        }
    }
}
