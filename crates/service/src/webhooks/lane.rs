//! One target's way through its account's events.
//!
//! A turn is made of windows. A window takes tries that are due and events after the lane's position, tells
//! them (messages side by side, the events of one message one after the other), and records what came of it
//! in one commit. A process that ends between the two tells the window again: twice, not never.

mod recording;
mod telling;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use ledger::hooks::{HookState, HookTries, HookWork};
use ledger::{LedgerError, Result};
use sms::{AccountId, Direction, Micros, Number};
use tokio::sync::Semaphore;

use super::breaker::{Breakers, Stance};
use super::gather::{Happening, Item};
use super::lanes::Slot;
use super::target::{Target, Wants};
use super::{OF_BATCHES, Shape, Shared};
use recording::kept;
use telling::{Group, Step, Told};

/// Events, and tries, of a window.
const WINDOW: u32 = 64;
/// Calls to one target under way at once.
const AT_ONCE: usize = 4;
/// The same for the addresses of an account's batches, which are many.
const AT_ONCE_OF_BATCHES: usize = 16;
/// An MO is told once it is this old: by then what its text means has been recorded beside it.
const SETTLED: i64 = 1_000_000;

/// A target's lane.
pub(super) struct Lane {
    shared: Arc<Shared>,
    account: AccountId,
    hook: Number,
    /// How far it has come; `None` before it was read.
    state: Option<HookState>,
    /// The position that is on disk.
    written: u64,
    breakers: Arc<Breakers>,
    at_once: Arc<Semaphore>,
}

/// What a window came to.
enum Window {
    /// There may be more.
    Worked,
    /// There is nothing to do before then, unless something happens.
    Idle(Option<Micros>),
}

impl Lane {
    pub(super) fn new(
        shared: Arc<Shared>,
        account: AccountId,
        hook: Number,
        breakers: Arc<Breakers>,
    ) -> Self {
        let at_once = if hook == OF_BATCHES { AT_ONCE_OF_BATCHES } else { AT_ONCE };
        Self {
            shared,
            account,
            hook,
            state: None,
            written: 0,
            breakers,
            at_once: Arc::new(Semaphore::new(at_once)),
        }
    }

    /// Tells what is to be told now. Returns when there is something to do next, as far as that is known.
    pub(super) async fn turn(&mut self, slot: &Slot) -> Result<Option<Micros>> {
        loop {
            let target = slot.target();
            let stopped = self.shared.stopping.load(Ordering::SeqCst);
            if stopped || slot.is_gone() || target.disabled.is_some() {
                return Ok(None);
            }
            let window = match self.window(&target).await {
                // The target was removed meanwhile.
                Err(LedgerError::NotFound) => return Ok(None),
                result => result?,
            };
            slot.position.store(self.state.map_or(0, |state| state.position), Ordering::Relaxed);
            if let Window::Idle(next) = window {
                let counts = self.shared.service.ledger.hook_counts(self.account, self.hook).await?;
                slot.waiting.store(counts.waiting, Ordering::Relaxed);
                return Ok(next);
            }
        }
    }

    async fn window(&mut self, target: &Arc<Target>) -> Result<Window> {
        let now = self.shared.service.now();
        let Some(shape) = self.shared.shapes.get(target.shape.as_str()).map(Arc::clone) else {
            // Of a release that knew more shapes: it waits for one that does again.
            return Ok(Window::Idle(None));
        };
        // The batches' own addresses are many: each rests by itself.
        let stance = match self.hook {
            OF_BATCHES => Stance::Open,
            _ => self.breakers.stance(&target.url, now),
        };
        let room = match stance {
            Stance::Open => WINDOW,
            Stance::Probing => 1,
            Stance::Resting(until) => return Ok(Window::Idle(Some(until))),
        };
        let state = self.state().await?;
        let ledger = Arc::clone(&self.shared.service.ledger);
        let tries = ledger.hook_tries(self.account, self.hook, HookTries::Due(now), room).await?;
        let room = if stance == Stance::Probing && !tries.is_empty() { 0 } else { room };
        let mut events: Vec<Item> =
            ledger.events(self.account, state.position, room).await?.into_iter().map(Item::from).collect();
        let mut items: Vec<Item> = tries.into_iter().map(Item::from).collect();
        let happenings =
            self.shared.service.happenings(self.account, &[items.as_slice(), &events].concat()).await?;
        let settles = unsettled(&events, &happenings, now);
        if let Some((place, _)) = settles {
            events.truncate(place);
        }
        if items.is_empty() && events.is_empty() {
            let next = ledger.hook_counts(self.account, self.hook).await?.next;
            let soonest = next.into_iter().chain(settles.map(|(_, at)| at)).min();
            return Ok(Window::Idle(soonest.map(|at| at.max(Micros::new(now.get() + 1000)))));
        }
        let position = events.last().map_or(state.position, |event| event.sequence);
        items.extend(events);
        let mut work = HookWork { state: HookState { position, ..state }, ..HookWork::default() };
        let groups = self.sort(items, &happenings, target, &shape, &mut work, now).await?;
        let told = self.tell(groups).await?;
        faults::place("webhook.told");
        self.record(told, work, target, &shape).await?;
        faults::place("webhook.recorded");
        Ok(Window::Worked)
    }

    async fn state(&mut self) -> Result<HookState> {
        if let Some(state) = self.state {
            return Ok(state);
        }
        let ledger = &self.shared.service.ledger;
        let state = match ledger.hook_state(self.account, self.hook).await? {
            Some(state) => state,
            None => {
                // Batches are told of from the first event on that is kept; a target whose making was cut
                // off, from now on.
                let position = match self.hook {
                    OF_BATCHES => 0,
                    _ => self.shared.service.newest_event(self.account).await?,
                };
                ledger.begin_hook(self.account, self.hook, position).await?;
                HookState { position, ..HookState::default() }
            }
        };
        self.written = state.position;
        self.state = Some(state);
        Ok(state)
    }

    /// Sorts out what nobody wants and what has to wait for an earlier event; the rest by message.
    async fn sort(
        &self,
        items: Vec<Item>,
        happenings: &HashMap<u64, Arc<Happening>>,
        target: &Arc<Target>,
        shape: &Arc<dyn Shape>,
        work: &mut HookWork,
        now: Micros,
    ) -> Result<Vec<Group>> {
        let fresh: Vec<Number> = items.iter().filter(|item| !item.kept).map(|item| item.number).collect();
        let busy = self.shared.service.ledger.hook_busy(self.account, self.hook, fresh).await?;
        let mut groups: Vec<Group> = Vec::new();
        let mut places: HashMap<Number, usize> = HashMap::new();
        for item in items {
            let wanted = happenings.get(&item.sequence).and_then(|happening| {
                let target = self.addressed(target, happening)?;
                shape.wants(happening, &target).then(|| (Arc::clone(happening), target))
            });
            let Some((happening, target)) = wanted else {
                if item.kept {
                    work.ended.push(item.sequence);
                }
                continue;
            };
            if !item.kept && busy.contains(&item.number) {
                work.kept.push(kept(&item, now, None, String::new()));
                continue;
            }
            let place = *places.entry(item.number).or_insert_with(|| {
                groups.push(Group { shape: Arc::clone(shape), steps: Vec::new() });
                groups.len() - 1
            });
            groups[place].steps.push(Step { item, happening, target });
        }
        Ok(groups)
    }

    /// The target of an event: this lane's, or the one that the message's batch names.
    fn addressed(&self, target: &Arc<Target>, happening: &Happening) -> Option<Arc<Target>> {
        if self.hook != OF_BATCHES {
            return Some(Arc::clone(target));
        }
        let url = happening.batch.as_ref()?.extra.report_url.as_deref()?;
        let wants = Wants { mt: true, ..Wants::default() };
        Some(Arc::new(Target::new(&target.shape, url, wants)))
    }

    async fn tell(&self, groups: Vec<Group>) -> Result<Vec<Told>> {
        let mut tasks = tokio::task::JoinSet::new();
        for group in groups {
            let (shared, breakers) = (Arc::clone(&self.shared), Arc::clone(&self.breakers));
            let at_once = Arc::clone(&self.at_once);
            tasks.spawn(async move { group.tell(&shared, &breakers, &at_once).await });
        }
        let mut told = Vec::new();
        while let Some(ended) = tasks.join_next().await {
            told.extend(ended.map_err(|error| LedgerError::Store(format!("a call broke: {error}")))?);
        }
        Ok(told)
    }
}

/// The first event that is too young to be told, by its place, and when it is old enough.
fn unsettled(
    events: &[Item],
    happenings: &HashMap<u64, Arc<Happening>>,
    now: Micros,
) -> Option<(usize, Micros)> {
    events.iter().enumerate().find_map(|(place, item)| {
        let mo = happenings.get(&item.sequence)?.message.direction == Direction::Mo;
        // One that seems to come from the future is not waited for: a clock was set back.
        let young = (0..SETTLED).contains(&(now.get() - item.at.get()));
        (mo && young).then(|| (place, Micros::new(item.at.get() + SETTLED)))
    })
}
