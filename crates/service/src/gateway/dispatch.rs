//! The loop that takes what is due to the carriers.
//!
//! One task reads the queues of accounts in turn, leases what has room and hands it over; reading, leasing
//! and submitting go on at once. How much is read follows from the room that carriers have, shared between
//! the accounts that have something due.

mod hand_over;
pub(super) mod queue;
pub(super) mod sort;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use ledger::Result;
use ledger::outbound::Due;
use sms::AccountId;

use self::hand_over::hand_over;
use self::queue::Queue;
use self::sort::Sorter;
use super::Inner;
use super::commit::Done;
use super::figures::add;
use super::lane::by_lane;
use super::offer::{Offer, alike};
use super::parcel::Parcel;
use crate::rules::Rules;

/// Rows read at once, at least and at most.
const LEAST_READ: usize = 32;
const MOST_READ: usize = 1024;
/// The least where a carrier takes messages whole: all segments of one.
const LEAST_READ_WHOLE: usize = 256;
/// Queues read at once.
const MOST_READING: usize = 4;
/// Leases of one account that are written at once: while one is, room for the next one gathers.
const MOST_LEASING: u8 = 2;
/// Segments that wait for a carrier from which on the queues are looked through less often.
const MANY_WAITING: u64 = 100_000;
/// How much less often.
const SELDOM: u32 = 10;

/// What the loop waits for.
enum Step {
    Accounts(Result<Vec<AccountId>>),
    Read {
        account: AccountId,
        only: Option<String>,
        limit: usize,
        read: Result<(Vec<Due>, Arc<Rules>)>,
    },
    Leased(AccountId),
    /// What ended is on its way to be recorded.
    Told,
}

pub(super) struct Dispatcher {
    inner: Arc<Inner>,
    queues: HashMap<AccountId, Queue>,
    /// Accounts with something to look at, in turn.
    line: VecDeque<AccountId>,
    offers: Vec<Offer>,
    /// Since when the carriers have been the same.
    same_since: Instant,
    work: FuturesUnordered<BoxFuture<'static, Step>>,
    reading: usize,
    asking: bool,
    ask_again: bool,
    rescanned: Instant,
    /// Segments that were passed and wait for a carrier, since the queues were looked through last.
    waiting: u64,
}

impl Dispatcher {
    pub(super) fn new(inner: Arc<Inner>) -> Self {
        Self {
            inner,
            queues: HashMap::new(),
            line: VecDeque::new(),
            offers: Vec::new(),
            same_since: Instant::now(),
            work: FuturesUnordered::new(),
            reading: 0,
            asking: false,
            ask_again: true,
            rescanned: Instant::now(),
            waiting: 0,
        }
    }

    /// Works until `stop`; then finishes what is being leased.
    pub(super) async fn run(mut self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let inner = Arc::clone(&self.inner);
        let mut tick = tokio::time::interval(inner.pace.tick);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            self.take_news();
            self.look_at_carriers();
            self.begin();
            self.mind_the_door();
            tokio::select! {
                biased;
                () = &mut stop => break,
                Some(step) = self.work.next(), if !self.work.is_empty() => self.step(step),
                () = inner.service.wake.rung() => {}
                _ = tick.tick() => self.tick(),
            }
        }
        inner.service.door.set_open(false);
        while self.work.next().await.is_some() {}
    }

    /// Lets submissions past the queues while nobody waits in them.
    fn mind_the_door(&self) {
        let nobody_waits = self.line.is_empty() && self.reading == 0;
        let was_open = self.inner.service.door.set_open(nobody_waits);
        if was_open && !nobody_waits {
            // While it was open nobody said that there is room again.
            self.inner.service.wake.ring();
        }
    }

    fn now(&self) -> u32 {
        self.inner.service.now().seconds()
    }

    fn take_news(&mut self) {
        let news = self.inner.service.wake.take();
        let now = self.now();
        for (account, place) in news.again {
            self.queues.entry(account).or_default().go_back(place, now);
            self.line_up(account);
        }
        for account in news.due {
            self.queues.entry(account).or_default().more = true;
            self.line_up(account);
        }
    }

    fn line_up(&mut self, account: AccountId) {
        if let Some(queue) = self.queues.get_mut(&account)
            && !queue.in_line
        {
            queue.in_line = true;
            self.line.push_back(account);
        }
    }

    /// Where another carrier may take something now, everything is looked at again.
    fn look_at_carriers(&mut self) {
        let offers = self.inner.offers();
        let alike = alike(&self.offers, &offers);
        self.offers = offers;
        if !alike {
            self.same_since = Instant::now();
            self.rewind();
        }
    }

    fn rewind(&mut self) {
        self.rescanned = Instant::now();
        self.waiting = 0;
        self.queues.retain(|_, queue| !queue.is_idle() || queue.in_line);
        self.queues.values_mut().for_each(Queue::rewind);
        let accounts: Vec<_> = self.queues.keys().copied().collect();
        accounts.into_iter().for_each(|account| self.line_up(account));
        self.ask_again = true;
    }

    /// Once a second or so.
    fn tick(&mut self) {
        self.ask_again = true;
        let now = self.now();
        let mut opened = Vec::new();
        for (account, queue) in &mut self.queues {
            if queue.opens.is_some_and(|second| second <= now) {
                queue.rewind();
                opened.push(*account);
            }
        }
        opened.into_iter().for_each(|account| self.line_up(account));
        let pace = &self.inner.pace;
        let seldom = if self.waiting > MANY_WAITING { SELDOM } else { 1 };
        let routes_settle = self.waiting > 0
            && self.same_since.elapsed() >= pace.no_route
            && self.rescanned < self.same_since + pace.no_route;
        if routes_settle || self.rescanned.elapsed() >= pace.rescan * seldom {
            self.rewind();
        }
    }

    /// Begins to read, as far as there is anything to read for.
    fn begin(&mut self) {
        if self.ask_again && !self.asking {
            (self.ask_again, self.asking) = (false, true);
            let (inner, now) = (Arc::clone(&self.inner), self.now());
            let asked = async move { Step::Accounts(inner.service.ledger.due_accounts(now).await) };
            self.work.push(Box::pin(asked));
        }
        let up = self.offers.iter().filter(|offer| offer.up);
        let room = up.map(|offer| offer.lane.room()).reduce(usize::saturating_add);
        // Without any carrier it is read all the same, for what expires.
        let most = room.unwrap_or(MOST_READING).min(MOST_READING);
        for _ in 0..self.line.len() {
            if self.reading >= most {
                return;
            }
            let Some(account) = self.line.pop_front() else { return };
            match self.next_reading(account) {
                Next::Read(only) => self.read(account, only),
                Next::Wait => self.line.push_back(account),
                Next::Nothing => {
                    if let Some(queue) = self.queues.get_mut(&account) {
                        queue.in_line = false;
                    }
                }
            }
        }
    }

    /// What is to be read of an account next: what one carrier has room for again, or what is new.
    fn next_reading(&self, account: AccountId) -> Next {
        let Some(queue) = self.queues.get(&account) else { return Next::Nothing };
        if queue.reading || queue.leasing >= MOST_LEASING {
            return Next::Wait;
        }
        let mut up = self.offers.iter().filter(|offer| offer.up).peekable();
        let has_room = |offer: &&Offer| offer.lane.room() > 0;
        let held_up = |offer: &&Offer| queue.held_up.contains_key(&offer.lane.name);
        if let Some(offer) = up.clone().find(|offer| has_room(offer) && held_up(offer)) {
            return Next::Read(Some(offer.lane.name.clone()));
        }
        if queue.more && (up.peek().is_none() || up.any(|offer| has_room(&offer))) {
            return Next::Read(None);
        }
        if queue.more || !queue.held_up.is_empty() { Next::Wait } else { Next::Nothing }
    }

    fn read(&mut self, account: AccountId, only: Option<String>) {
        let limit = self.share(only.as_deref());
        let now = self.now();
        let Some(queue) = self.queues.get_mut(&account) else { return };
        let after = match &only {
            Some(carrier) => queue.held_up.get(carrier).copied(),
            None => {
                queue.more = false;
                queue.seen
            }
        };
        queue.reading = true;
        queue.in_line = false;
        self.reading += 1;
        let inner = Arc::clone(&self.inner);
        self.work.push(Box::pin(async move {
            let read = async {
                let rules = inner.service.rules(account).await?;
                let rows = inner.service.ledger.due_after(account, after, now, limit as u32).await?;
                Ok((rows, rules))
            };
            Step::Read { account, only, limit, read: read.await }
        }));
    }

    /// How many rows are worth reading for one account: its share of the room.
    fn share(&self, only: Option<&str>) -> usize {
        let up = self.offers.iter().filter(|offer| offer.up);
        let least = match up.clone().any(|offer| offer.cutting == carriers::carrier::Cutting::Whole) {
            true => LEAST_READ_WHOLE,
            false => LEAST_READ,
        };
        let wanted = up.filter(|offer| only.is_none_or(|only| offer.lane.name == only));
        let Some(room) = wanted.map(|offer| offer.lane.room()).reduce(usize::saturating_add) else {
            return MOST_READ;
        };
        (room / (self.line.len() + 1)).clamp(least, MOST_READ)
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Accounts(accounts) => {
                self.asking = false;
                match accounts {
                    Ok(accounts) => {
                        for account in accounts {
                            self.queues.entry(account).or_default().more = true;
                            self.line_up(account);
                        }
                    }
                    Err(error) => tracing::error!(%error, "queues cannot be read"),
                }
            }
            Step::Read { account, only, limit, read } => {
                self.reading -= 1;
                match read {
                    Ok((rows, rules)) => self.sort(account, only.as_deref(), limit, &rows, &rules),
                    Err(error) => {
                        // The next tick asks again.
                        tracing::error!(%account, %error, "a queue cannot be read");
                        if let Some(queue) = self.queues.get_mut(&account) {
                            queue.end_of_reading();
                        }
                    }
                }
                self.line_up(account);
            }
            Step::Told => {}
            Step::Leased(account) => {
                if let Some(queue) = self.queues.get_mut(&account) {
                    queue.leasing -= 1;
                }
                self.line_up(account);
            }
        }
    }

    /// Decides about what was read.
    fn sort(&mut self, account: AccountId, only: Option<&str>, limit: usize, rows: &[Due], rules: &Rules) {
        let Some(queue) = self.queues.get_mut(&account) else { return };
        if only.is_some_and(|only| !queue.held_up.contains_key(only)) {
            // Everything is looked at again since.
            queue.end_of_reading();
            return;
        }
        let to_the_end = rows.len() < limit;
        let sorter = Sorter {
            account,
            offers: &self.offers,
            settled: self.same_since.elapsed() >= self.inner.pace.no_route,
            rules,
            pace: &self.inner.pace,
            now: self.inner.service.now(),
            only,
        };
        let sorted = sorter.sort(rows, to_the_end, queue);
        let last = rows[..sorted.looked].last().map(Due::place);
        let all = to_the_end && sorted.looked == rows.len();
        match only {
            None => queue.looked_up_to(last, !all),
            Some(carrier) => {
                // Behind what was looked at for all carriers it waits for nobody's room.
                if all || last >= queue.seen {
                    queue.held_up.remove(carrier);
                } else if let Some(last) = last {
                    queue.held_up.insert(carrier.to_owned(), last);
                }
                queue.end_of_reading();
            }
        }
        self.waiting += sorted.waiting;
        if !sorted.ended.is_empty() {
            self.tell_ended(&sorted.ended);
            let (inner, attempts) = (Arc::clone(&self.inner), sorted.ended);
            self.work.push(Box::pin(async move {
                inner.commits.done(Done { account, attempts }).await;
                Step::Told
            }));
        }
        if !sorted.parcels.is_empty() {
            self.lease(account, sorted.parcels);
        }
    }

    fn tell_ended(&self, ended: &[ledger::outbound::Attempt]) {
        let expired = ended.iter().filter(|attempt| {
            let result = ledger::outbound::AttemptResult::Ended(sms::Outcome::ExpiredUnsent);
            attempt.result == result
        });
        let expired = expired.count() as u64;
        add(&self.inner.tally.expired, expired);
        add(&self.inner.tally.failed, ended.len() as u64 - expired);
    }

    /// Writes the leases, then hands over what was still to be had.
    fn lease(&mut self, account: AccountId, parcels: Vec<(usize, Parcel)>) {
        let reserved = parcels.into_iter().map(|(place, parcel)| {
            let lane = &self.offers[place].lane;
            lane.reserve(1);
            (Arc::clone(lane), parcel)
        });
        let by_lane = by_lane(reserved);
        if let Some(queue) = self.queues.get_mut(&account) {
            queue.leasing += 1;
        }
        let inner = Arc::clone(&self.inner);
        self.work.push(Box::pin(async move {
            hand_over(&inner, account, by_lane).await;
            Step::Leased(account)
        }));
    }
}

/// What is to be read of an account.
enum Next {
    /// What one carrier was passed for, or what is new.
    Read(Option<String>),
    /// Something, once there is room.
    Wait,
    Nothing,
}
