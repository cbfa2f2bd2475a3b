//! One transaction of the writer: counters, sums and news gathered while its writes run.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use sms::id::MAX_NUMBER;
use sms::{AccountId, BatchKey, Direction, Number, Outcome};

use super::batch_rows::{self, BatchState};
use super::effect::Effect;
use super::forms::Forms;
use super::loaded::Loaded;
use super::networks::NetworkIds;
use super::store;
use crate::error::{Refusal, Result};
use crate::model::Message;

/// An account's counters, kept by the writer between transactions.
#[derive(Clone, Debug)]
pub(super) struct Counters {
    pub(super) next_message: Number,
    pub(super) next_batch: Number,
    pub(super) next_chat: Number,
    pub(super) next_contact: Number,
    pub(super) last_date: u32,
    pub(super) next_event: u64,
    pub(super) wants_events: bool,
    pub(super) default_program: Number,
    pub(super) programs: Arc<HashSet<Number>>,
}

/// What the writer keeps between transactions; thrown away when one fails.
#[derive(Debug)]
pub(super) struct WriterState {
    pub(super) counters: HashMap<AccountId, Counters>,
    pub(super) networks: NetworkIds,
    pub(super) forms: Forms,
    /// Whether no receipt is in quarantine, where that is known.
    pub(super) quarantine_empty: Option<bool>,
}

/// Key of a sum by day.
type DayKey = i64;

/// The key of a sum by day; see the table.
pub(super) fn day_key(
    account: AccountId,
    date: u32,
    direction: Direction,
    country: u16,
    outcome: Outcome,
) -> DayKey {
    let day = date / 86_400;
    let rest = (direction as u32) << 15 | u32::from(country) << 5 | u32::from(outcome.code());
    account.key(day << 16 | rest)
}

/// A message's share in the sums, moved from one outcome to another.
#[derive(Clone, Copy, Debug)]
struct Share {
    account: AccountId,
    batch: BatchKey,
    date: u32,
    direction: Direction,
    country: u16,
    segments: u16,
    price: i64,
}

#[derive(Clone, Copy, Debug)]
enum Log {
    /// A batch's visible sum of an outcome moves by one message.
    Batch { id: i64, outcome: Outcome, sign: i64, segments: u16, price: i64 },
    /// A batch grows by a message.
    Joined { id: i64, number: Number },
    /// A day's sum of an outcome moves by one message.
    Day { key: DayKey, sign: i64, segments: u16, price: i64 },
}

/// A transaction under way on the writer's connection.
pub(super) struct Transaction<'w> {
    pub(super) conn: &'w Connection,
    pub(super) state: &'w mut WriterState,
    /// Accounts whose counters moved.
    dirty: HashSet<AccountId>,
    /// Counters as they were before the write under way touched them.
    before: Vec<(AccountId, Option<Counters>)>,
    log: Vec<Log>,
    effects: Vec<(AccountId, Effect)>,
    /// Messages that were looked up; see [`super::loaded`].
    pub(super) loaded: BTreeMap<i64, Loaded>,
    /// How often a message was changed.
    pub(super) changes: u64,
}

/// Where a write began, to go back there.
pub(super) struct Mark {
    log: usize,
    effects: usize,
    networks: usize,
    changes: u64,
}

impl<'w> Transaction<'w> {
    pub(super) fn new(conn: &'w Connection, state: &'w mut WriterState) -> Self {
        Self {
            conn,
            state,
            dirty: HashSet::new(),
            before: Vec::new(),
            log: Vec::new(),
            effects: Vec::new(),
            loaded: BTreeMap::new(),
            changes: 0,
        }
    }

    /// Remembers where a write begins.
    pub(super) fn mark(&mut self) -> Mark {
        self.before.clear();
        Mark {
            log: self.log.len(),
            effects: self.effects.len(),
            networks: self.state.networks.count(),
            changes: self.changes,
        }
    }

    /// Whether a message was changed since the mark, of which no row may tell yet.
    pub(super) fn has_changed_since(&self, mark: &Mark) -> bool {
        self.changes > mark.changes
    }

    /// Forgets what was gathered since the mark; the caller rolls the rows back first.
    pub(super) fn rewind(&mut self, mark: &Mark) {
        self.log.truncate(mark.log);
        self.effects.truncate(mark.effects);
        for (account, counters) in self.before.drain(..) {
            match counters {
                Some(counters) => self.state.counters.insert(account, counters),
                None => self.state.counters.remove(&account),
            };
        }
        self.state.networks.rewind(mark.networks);
        self.state.quarantine_empty = None;
    }

    /// An account's counters, read on first use.
    pub(super) fn counters(&mut self, account: AccountId) -> Result<&mut Counters> {
        if !self.before.iter().any(|(known, _)| *known == account) {
            self.before.push((account, self.state.counters.get(&account).cloned()));
        }
        if !self.state.counters.contains_key(&account) {
            let counters = read_counters(self.conn, account)?.ok_or(Refusal::NoAccount)?;
            self.state.counters.insert(account, counters);
        }
        self.dirty.insert(account);
        self.state.counters.get_mut(&account).ok_or_else(|| Refusal::NoAccount.into())
    }

    /// Takes `count` message numbers; returns the first.
    pub(super) fn take_numbers(&mut self, account: AccountId, count: u32) -> Result<Number> {
        let counters = self.counters(account)?;
        let first = counters.next_message;
        let next = u64::from(first) + u64::from(count);
        if next > u64::from(MAX_NUMBER) + 1 {
            return Err(Refusal::NumbersExhausted.into());
        }
        counters.next_message = next as Number;
        Ok(first)
    }

    /// The program a message is to belong to: the account's default for zero.
    pub(super) fn program(&mut self, account: AccountId, program: Number) -> Result<Number> {
        let counters = self.counters(account)?;
        if program == 0 {
            return Ok(counters.default_program);
        }
        if counters.programs.contains(&program) {
            return Ok(program);
        }
        // Made since the counters were read?
        let programs = read_programs(self.conn, account)?;
        let known = programs.contains(&program);
        self.counters(account)?.programs = programs;
        if known { Ok(program) } else { Err(Refusal::NoProgram(program).into()) }
    }

    /// The id of a message's network.
    pub(super) fn network(&mut self, message: &Message) -> Result<Option<i64>> {
        self.state.networks.id(self.conn, &message.network)
    }

    /// News for derived state.
    pub(super) fn effect(&mut self, account: AccountId, effect: Effect) {
        self.effects.push((account, effect));
    }

    /// Counts a new message in its day; in its batch too, unless the batch's row was written with it.
    pub(super) fn count_new(&mut self, account: AccountId, message: &Message, joins: bool) {
        let share = share(account, message);
        self.log_day(&share, message.outcome, 1);
        if joins {
            self.log_batch(&share, message.outcome, 1);
            if let BatchKey::Mt(batch) = message.batch {
                self.log.push(Log::Joined { id: account.key(batch), number: message.number });
            }
        }
    }

    /// Moves a message from one outcome to another in every sum.
    pub(super) fn count_change(&mut self, account: AccountId, message: &Message, from: Outcome, to: Outcome) {
        let share = share(account, message);
        self.log_day(&share, from, -1);
        self.log_day(&share, to, 1);
        if !message.hidden {
            self.log_batch(&share, from, -1);
            self.log_batch(&share, to, 1);
        }
    }

    /// Takes a message out of the visible sums; billed sums stay.
    pub(super) fn count_hidden(&mut self, account: AccountId, message: &Message) {
        let share = share(account, message);
        self.log_batch(&share, message.outcome, -1);
    }

    fn log_day(&mut self, share: &Share, outcome: Outcome, sign: i64) {
        let key = day_key(share.account, share.date, share.direction, share.country, outcome);
        self.log.push(Log::Day { key, sign, segments: share.segments, price: share.price });
    }

    fn log_batch(&mut self, share: &Share, outcome: Outcome, sign: i64) {
        if let BatchKey::Mt(batch) = share.batch {
            let (id, segments, price) = (share.account.key(batch), share.segments, share.price);
            self.log.push(Log::Batch { id, outcome, sign, segments, price });
        }
    }

    /// Writes counters and sums, each key once; returns the news by account, ascending.
    pub(super) fn finish(mut self) -> Result<BTreeMap<AccountId, Vec<Effect>>> {
        super::loaded::write(&mut self)?;
        for account in std::mem::take(&mut self.dirty) {
            if let Some(counters) = self.state.counters.get(&account) {
                write_counters(self.conn, account, counters)?;
            }
        }
        let mut days: HashMap<DayKey, (i64, i64, i64)> = HashMap::new();
        let mut batches: BTreeMap<i64, Vec<Log>> = BTreeMap::new();
        for entry in std::mem::take(&mut self.log) {
            match entry {
                Log::Day { key, sign, segments, price } => {
                    let sum = days.entry(key).or_default();
                    sum.0 += sign;
                    sum.1 += sign * i64::from(segments);
                    sum.2 += sign * price;
                }
                Log::Batch { id, .. } | Log::Joined { id, .. } => batches.entry(id).or_default().push(entry),
            }
        }
        for (id, entries) in batches {
            self.write_batch(id, &entries)?;
        }
        write_days(self.conn, days)?;
        let mut by_account: BTreeMap<AccountId, Vec<Effect>> = BTreeMap::new();
        for (account, effect) in self.effects {
            by_account.entry(account).or_default().push(effect);
        }
        Ok(by_account)
    }

    fn write_batch(&mut self, id: i64, entries: &[Log]) -> Result<()> {
        let Some(mut state) = batch_rows::state(self.conn, id)? else {
            return Err(crate::error::LedgerError::Corrupt("a message's batch does not exist".to_owned()));
        };
        let mut joined = Vec::new();
        for entry in entries {
            match *entry {
                Log::Batch { outcome, sign, segments, price, .. } => {
                    batch_rows::add(&mut state.sums, outcome, sign, segments, price);
                }
                Log::Joined { number, .. } => joined.push(number),
                Log::Day { .. } => {}
            }
        }
        self.join(id, &mut state, joined);
        batch_rows::update(self.conn, id, &state)
    }

    fn join(&mut self, id: i64, state: &mut BatchState, joined: Vec<Number>) {
        if joined.is_empty() {
            return;
        }
        let in_a_row = joined.iter().zip(state.first + state.count..).all(|(number, next)| *number == next);
        if !in_a_row && state.flags & batch_rows::SCATTERED == 0 {
            state.flags |= batch_rows::SCATTERED;
            let (first, count) = (state.first, state.count);
            let batch = (id & 0xffff_ffff) as Number;
            if let Some(account) = AccountId::new((id >> 32) as u32) {
                let joined = joined.clone();
                self.effects.push((account, Effect::Scattered { batch, first, count, joined }));
            }
        }
        state.count += joined.len() as u32;
    }
}

fn share(account: AccountId, message: &Message) -> Share {
    Share {
        account,
        batch: message.batch,
        date: message.date,
        direction: message.direction,
        country: message.country.code(),
        segments: message.segments,
        price: message.price.millionths(),
    }
}

fn read_counters(conn: &Connection, account: AccountId) -> Result<Option<Counters>> {
    let counters = conn
        .prepare_cached(
            "SELECT next_message, next_batch, next_chat, next_contact, last_date, default_program, next_event,
                 wants_events
             FROM account WHERE id = ?1",
        )
        .map_err(store)?
        .query_row([account.get()], |row| {
            Ok(Counters {
                next_message: row.get(0)?,
                next_batch: row.get(1)?,
                next_chat: row.get(2)?,
                next_contact: row.get(3)?,
                last_date: row.get(4)?,
                default_program: row.get(5)?,
                next_event: row.get(6)?,
                wants_events: row.get(7)?,
                programs: Arc::default(),
            })
        })
        .optional()
        .map_err(store)?;
    let Some(mut counters) = counters else { return Ok(None) };
    counters.programs = read_programs(conn, account)?;
    Ok(Some(counters))
}

fn read_programs(conn: &Connection, account: AccountId) -> Result<Arc<HashSet<Number>>> {
    let mut statement =
        conn.prepare_cached("SELECT number FROM program WHERE account = ?1").map_err(store)?;
    let numbers = statement.query_map([account.get()], |row| row.get(0)).map_err(store)?;
    Ok(Arc::new(numbers.collect::<rusqlite::Result<_>>().map_err(store)?))
}

fn write_counters(conn: &Connection, account: AccountId, counters: &Counters) -> Result<()> {
    conn.prepare_cached(
        "UPDATE account SET next_message = ?2, next_batch = ?3, next_chat = ?4, next_contact = ?5,
         last_date = ?6, next_event = ?7 WHERE id = ?1",
    )
    .map_err(store)?
    .execute(params![
        account.get(),
        counters.next_message,
        counters.next_batch,
        counters.next_chat,
        counters.next_contact,
        counters.last_date,
        counters.next_event
    ])
    .map_err(store)?;
    Ok(())
}

fn write_days(conn: &Connection, days: HashMap<DayKey, (i64, i64, i64)>) -> Result<()> {
    let mut known = conn
        .prepare_cached(
            "UPDATE day_sum SET messages = messages + ?2, segments = segments + ?3, price = price + ?4
             WHERE id = ?1",
        )
        .map_err(store)?;
    let mut new = conn
        .prepare_cached("INSERT INTO day_sum (id, messages, segments, price) VALUES (?1, ?2, ?3, ?4)")
        .map_err(store)?;
    let mut days: Vec<_> = days.into_iter().filter(|(_, sum)| *sum != (0, 0, 0)).collect();
    days.sort_unstable();
    for (key, (messages, segments, price)) in days {
        let values = [key, messages, segments, price];
        if known.execute(values).map_err(store)? == 0 {
            new.execute(values).map_err(store)?;
        }
    }
    Ok(())
}
