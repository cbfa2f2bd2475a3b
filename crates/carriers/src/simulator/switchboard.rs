//! One centre and the connections to it: whatever the centre decides reaches the connection it is for.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sms::Micros;
use tokio::sync::Notify;

use super::centre::{Action, Centre, Duplicate, LinkId, Standing, WriteError};
use super::clock::Clock;
use super::counters::Counters;
use super::delivery::{Delivery, DeliveryKey};
use super::dice::Dice;
use super::mo::Mo;
use super::profile::Profile;
use crate::smpp::pdu::{Bind, ShortMessage, Status};

/// A centre shared by its connections.
#[derive(Debug)]
pub(super) struct Switchboard {
    pub(super) clock: Clock,
    pub(super) profile: Arc<Profile>,
    state: Mutex<State>,
    /// Rung when something is due earlier than the pump thought.
    alarm: Notify,
}

#[derive(Debug)]
struct State {
    centre: Centre,
    links: BTreeMap<LinkId, End>,
    next_link: u64,
    /// Up to when the pump sleeps.
    asleep_until: Option<Micros>,
}

/// The centre's end of a connection.
#[derive(Debug)]
struct End {
    owner: Option<Arc<str>>,
    receives: bool,
    /// What the connection has to do. At most its window of answers, and one cut.
    orders: VecDeque<Action>,
    bell: Arc<Notify>,
}

/// A connection's end: by this it is known, and by this it is called.
#[derive(Clone, Debug)]
pub(super) struct Handle {
    pub(super) link: LinkId,
    /// Rung when there is something to do.
    pub(super) bell: Arc<Notify>,
}

impl Switchboard {
    pub(super) fn new(profile: Profile, seed: u64) -> Arc<Self> {
        let (profile, clock) = (Arc::new(profile), Clock::start());
        let state = State {
            centre: Centre::new(Arc::clone(&profile), seed, clock.now()),
            links: BTreeMap::new(),
            next_link: 0,
            asleep_until: None,
        };
        Arc::new(Self { clock, profile, state: Mutex::new(state), alarm: Notify::new() })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is whole between statements, so what a panic elsewhere left is usable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` on the centre, then hands out what it decided.
    fn with<R>(&self, work: impl FnOnce(&mut State, Micros) -> R) -> R {
        let mut state = self.lock();
        let result = work(&mut state, self.clock.now());
        state.hand_out();
        let earlier = match (state.centre.next_due(), state.asleep_until) {
            (Some(due), Some(until)) => due < until,
            _ => false,
        };
        if earlier {
            state.asleep_until = None;
            self.alarm.notify_one();
        }
        result
    }

    /// A new connection; `None` where there are too many.
    pub(super) fn open(&self) -> Option<Handle> {
        let mut state = self.lock();
        if state.links.len() >= self.profile.link.connections {
            return None;
        }
        let link = LinkId(state.next_link);
        state.next_link += 1;
        let bell = Arc::new(Notify::new());
        let end = End { owner: None, receives: false, orders: VecDeque::new(), bell: Arc::clone(&bell) };
        state.links.insert(link, end);
        Some(Handle { link, bell })
    }

    /// A connection has ended; what it had in hand is to be released by it before.
    pub(super) fn close(&self, link: LinkId) {
        self.with(|state, now| {
            let Some(end) = state.links.remove(&link) else { return };
            if let Some(owner) = end.owner {
                state.centre.unbound(now, &owner, end.receives);
            }
        });
    }

    /// A client wants to bind over a connection.
    ///
    /// # Errors
    /// The status to refuse it with.
    pub(super) fn bind(&self, link: LinkId, bind: &Bind, receives: bool) -> Result<(), Status> {
        self.with(|state, _| {
            let decision = state.judge(link, bind, &self.profile);
            match decision {
                Ok(()) => {
                    state.centre.bound(&bind.system_id, receives);
                    if let Some(end) = state.links.get_mut(&link) {
                        (end.owner, end.receives) = (Some(Arc::from(bind.system_id.as_str())), receives);
                    }
                    state.call_receivers();
                }
                Err(_) => state.centre.bind_refused(),
            }
            decision
        })
    }

    /// A bound client submits; the answer comes as an order under `token`.
    pub(super) fn submit(&self, link: LinkId, token: u64, message: &ShortMessage) {
        self.with(|state, now| {
            if let Some(owner) = state.owner(link) {
                state.centre.submit(now, &owner, link, token, message);
            }
        });
    }

    pub(super) fn query(&self, id: &str) -> Option<Standing> {
        self.with(|state, now| state.centre.query(now, id))
    }

    /// What a connection has to do next.
    pub(super) fn order(&self, link: LinkId) -> Option<Action> {
        self.lock().links.get_mut(&link)?.orders.pop_front()
    }

    /// The next delivery for a connection that receives.
    pub(super) fn take(&self, link: LinkId) -> Option<Delivery> {
        let mut state = self.lock();
        let owner = state.links.get(&link).filter(|end| end.receives)?.owner.clone()?;
        state.centre.take(self.clock.now(), &owner)
    }

    /// Whether something waits for a connection that receives.
    pub(super) fn has_delivery(&self, link: LinkId) -> bool {
        let state = self.lock();
        let owner = state.links.get(&link).filter(|end| end.receives).and_then(|end| end.owner.as_ref());
        owner.is_some_and(|owner| state.centre.has_delivery(owner))
    }

    pub(super) fn acknowledge(&self, key: DeliveryKey) {
        self.lock().centre.acknowledge(key);
    }

    pub(super) fn give_up(&self, key: DeliveryKey) {
        self.lock().centre.give_up(key);
    }

    pub(super) fn refused(&self, key: DeliveryKey) {
        self.with(|state, now| state.centre.refused(now, key));
    }

    pub(super) fn release(&self, key: DeliveryKey) {
        self.with(|state, _| {
            state.centre.release(key);
            state.call_receivers();
        });
    }

    /// A handset writes.
    pub(super) fn write(&self, mo: &Mo) -> Result<usize, WriteError> {
        self.with(|state, now| state.centre.write(now, mo))
    }

    pub(super) fn counters(&self) -> Counters {
        self.lock().centre.counters()
    }

    pub(super) fn duplicates(&self) -> Vec<Duplicate> {
        self.lock().centre.duplicates().cloned().collect()
    }

    pub(super) fn seed(&self) -> u64 {
        self.lock().centre.seed()
    }

    /// Cuts every connection; gives their number.
    pub(super) fn cut_all(&self) -> usize {
        let mut state = self.lock();
        for (link, end) in &mut state.links {
            end.orders.push_back(Action::Cut { link: *link });
            end.bell.notify_one();
        }
        state.links.len()
    }

    /// Lets time pass, until dropped.
    pub(super) async fn pump(&self) {
        loop {
            let due = self.step();
            tokio::select! {
                () = tokio::time::sleep_until(self.clock.instant(due)) => {}
                () = self.alarm.notified() => {}
            }
        }
    }

    /// Does what is due; gives the time of what is due next.
    fn step(&self) -> Micros {
        let mut state = self.lock();
        let now = self.clock.now();
        state.centre.advance(now);
        state.hand_out();
        state.call_receivers();
        let due = state.centre.next_due().unwrap_or(Micros::new(i64::MAX));
        state.asleep_until = Some(due);
        due
    }
}

impl State {
    fn owner(&self, link: LinkId) -> Option<Arc<str>> {
        self.links.get(&link)?.owner.clone()
    }

    fn hand_out(&mut self) {
        while let Some(action) = self.centre.poll() {
            let (Action::Answer { link, .. } | Action::Forget { link, .. } | Action::Cut { link }) = &action;
            // A connection that has ended needs no orders.
            if let Some(end) = self.links.get_mut(link) {
                end.orders.push_back(action);
                end.bell.notify_one();
            }
        }
    }

    /// Rings every connection that could take a delivery.
    fn call_receivers(&self) {
        for end in self.links.values().filter(|end| end.receives) {
            if end.owner.as_ref().is_some_and(|owner| self.centre.has_delivery(owner)) {
                end.bell.notify_one();
            }
        }
    }

    fn judge(&self, link: LinkId, bind: &Bind, profile: &Profile) -> Result<(), Status> {
        if !profile.binds.is_empty() {
            let known = profile.binds.iter().find(|known| known.system_id == bind.system_id);
            let known = known.ok_or(Status::INVALID_SYSTEM_ID)?;
            if known.password != bind.password {
                return Err(Status::INVALID_PASSWORD);
            }
        }
        let mut dice = Dice::keyed(self.centre.seed(), &[link.0]);
        if dice.happens(profile.link.refused_binds) { Err(Status::BIND_FAILED) } else { Ok(()) }
    }
}
