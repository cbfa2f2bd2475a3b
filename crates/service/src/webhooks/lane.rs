//! One target's way through its account's events.
//!
//! A turn is made of windows. A window takes tries that are due and events after the lane's position, tells
//! them (messages side by side, the events of one message one after the other), and records what came of it
//! in one commit. A process that ends between the two tells the window again: twice, not never.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ledger::hooks::{HookState, HookTries, HookTry, HookWork};
use ledger::{LedgerError, Result};
use sms::{AccountId, Direction, Micros, Number};
use tokio::sync::Semaphore;

use super::breaker::{Breakers, Stance};
use super::gather::{Happening, Item};
use super::lanes::Slot;
use super::target::{Target, Wants, shown};
use super::{CourierError, OF_BATCHES, Reply, Shape, Shared, micros};

/// Events, and tries, of a window.
const WINDOW: u32 = 64;
/// Calls to one target under way at once.
const AT_ONCE: usize = 4;
/// The same for the addresses of an account's batches, which are many.
const AT_ONCE_OF_BATCHES: usize = 16;
/// Events that may be passed over before that is written down.
const PASSED_OVER: u64 = 1000;
/// An MO is told once it is this old: by then what its text means has been recorded beside it.
const SETTLED: i64 = 1_000_000;
/// The longest complaint that is kept with a try, in characters.
const LONGEST_WORDS: usize = 200;

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

/// How telling one event ended.
struct Told {
    item: Item,
    end: End,
}

enum End {
    /// The target took it.
    Taken(u16),
    /// It failed; to be tried again then, or given up.
    Failed { code: Option<u16>, words: String, next: Option<Micros> },
    /// It was not tried, and is to be from then on.
    Waits(Micros),
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

    /// Writes down what came of a window.
    async fn record(
        &mut self,
        told: Vec<Told>,
        mut work: HookWork,
        target: &Target,
        shape: &Arc<dyn Shape>,
    ) -> Result<()> {
        let now = self.shared.service.now();
        let (mut taken, mut failed) = (false, false);
        for Told { item, end } in told {
            match end {
                End::Taken(code) => {
                    taken = true;
                    work.state.last_code = Some(code);
                    if item.kept {
                        work.ended.push(item.sequence);
                    }
                }
                End::Failed { code, words, next } => {
                    failed = true;
                    work.state.last_code = code.or(work.state.last_code);
                    if next.is_none() {
                        self.shared.dead.fetch_add(1, Ordering::Relaxed);
                        tracing::warn!(account = %self.account, webhook = self.hook, event = item.sequence,
                            error = words, "webhooks: an event was given up");
                    }
                    let attempted = Item { attempts: item.attempts.saturating_add(1), ..item };
                    let dead = next.is_none();
                    let one = kept(&attempted, next.unwrap_or(now), code, words);
                    work.kept.push(HookTry { dead, ..one });
                }
                End::Waits(until) => work.kept.push(kept(&item, until, None, String::new())),
            }
        }
        if taken {
            work.state.failing_since = None;
        } else if failed {
            work.state.failing_since = work.state.failing_since.or(Some(now));
        }
        let state = work.state;
        let quiet = !taken && !failed && work.kept.is_empty() && work.ended.is_empty();
        if !quiet || state.position.saturating_sub(self.written) >= PASSED_OVER {
            self.shared.service.ledger.record_hook(self.account, self.hook, work).await?;
            self.written = state.position;
        }
        self.state = Some(state);
        if failed && self.hook != OF_BATCHES {
            self.lose_patience(state, target, shape, now).await?;
        }
        Ok(())
    }

    /// Disables a target that has done nothing but fail for longer than its shape bears with.
    async fn lose_patience(
        &mut self,
        state: HookState,
        target: &Target,
        shape: &Arc<dyn Shape>,
        now: Micros,
    ) -> Result<()> {
        let (Some(since), Some(patience)) = (state.failing_since, shape.patience()) else { return Ok(()) };
        if now.get().saturating_sub(since.get()) < micros(patience) {
            return Ok(());
        }
        tracing::warn!(account = %self.account, webhook = self.hook, url = shown(&target.url), %since,
            "webhooks: disabled, for every call has failed");
        // Enabled again, it has as much time as before.
        let work = HookWork { state: HookState { failing_since: None, ..state }, ..HookWork::default() };
        self.shared.service.ledger.record_hook(self.account, self.hook, work).await?;
        self.state = None;
        self.breakers.reset();
        let reason = format!("every call has failed since {since}");
        self.shared.service.disable_webhook(self.account, self.hook, Some(&reason)).await?;
        Ok(())
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

fn kept(item: &Item, due: Micros, code: Option<u16>, error: String) -> HookTry {
    let Item { sequence, number, outcome, at, attempts, kept: _ } = *item;
    HookTry { sequence, number, outcome, at, attempts, due, dead: false, code, error }
}

/// One event, ready to be told.
struct Step {
    item: Item,
    happening: Arc<Happening>,
    target: Arc<Target>,
}

/// The events of one message, in order.
struct Group {
    shape: Arc<dyn Shape>,
    steps: Vec<Step>,
}

impl Group {
    /// Tells them one after the other; after one that is to be tried again the rest waits for it.
    async fn tell(self, shared: &Shared, breakers: &Breakers, at_once: &Semaphore) -> Vec<Told> {
        let mut told = Vec::with_capacity(self.steps.len());
        let mut waits: Option<Micros> = None;
        for Step { item, happening, target } in self.steps {
            let end = match waits {
                Some(until) => End::Waits(until),
                None => one(shared, breakers, at_once, &self.shape, &item, &happening, &target).await,
            };
            waits = match &end {
                End::Taken(_) | End::Failed { next: None, .. } => None,
                End::Failed { next: Some(until), .. } | End::Waits(until) => Some(*until),
            };
            told.push(Told { item, end });
        }
        told
    }
}

/// Makes one call, if its host is not at rest.
async fn one(
    shared: &Shared,
    breakers: &Breakers,
    at_once: &Semaphore,
    shape: &Arc<dyn Shape>,
    item: &Item,
    happening: &Happening,
    target: &Target,
) -> End {
    // Neither is ever closed.
    let _places = (at_once.acquire().await, shared.calls.acquire().await);
    let now = shared.service.now();
    if let Stance::Resting(until) = breakers.stance(&target.url, now) {
        return End::Waits(until);
    }
    let result = shared.courier.deliver(shape.compose(happening, target, now)).await;
    let taken = result.as_ref().is_ok_and(|reply| shape.succeeded(reply));
    let now = shared.service.now();
    breakers.note(&target.url, taken, now);
    let count = if taken { &shared.delivered } else { &shared.failed };
    count.fetch_add(1, Ordering::Relaxed);
    if let (true, Ok(reply)) = (taken, &result) {
        return End::Taken(reply.status);
    }
    let (code, words) = complaint(&result);
    tracing::debug!(account = %happening.account.id, webhook = target.number, event = item.sequence,
        url = shown(&target.url), error = words, "webhooks: a call failed");
    let wait = shape.next_try(item.attempts.saturating_add(1));
    let next = wait.map(|wait: Duration| Micros::new(now.get().saturating_add(micros(wait))));
    End::Failed { code, words, next }
}

fn complaint(result: &Result<Reply, CourierError>) -> (Option<u16>, String) {
    match result {
        Ok(reply) => (Some(reply.status), format!("answered with status {}", reply.status)),
        Err(error) => (None, error.to_string().chars().take(LONGEST_WORDS).collect()),
    }
}
