//! Pages: numbers picked from derived state, rows fetched by key.

use std::borrow::Cow;
use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};
use sms::{AccountId, BatchKey, Direction, Number, Outcome};

use super::networks::Networks;
use super::reader::Engine;
use super::{batch_rows, rows, store};
use crate::derived::Derived;
use crate::derived::select::Span;
use crate::error::{LedgerError, Result};
use crate::model::{Batch, Chat, ChatStatus, Message, Sent, Sum};
use crate::query::{BatchQuery, ChatOrder, ChatQuery, MessagePage, MessageQuery, Page};

/// A page longer than this many times its numbers' span is read by key, not as a range.
const DENSE: usize = 4;
/// How many messages to a peer are looked at for the sender they had.
const MOST_SENT: usize = 32;
/// Rows summed in one go.
const PORTION: usize = 4096;

/// Which numbers a submission's batch has; `None` when there is no such visible batch.
pub(super) fn span(conn: &Connection, account: AccountId, batch: Number) -> Result<Option<Span>> {
    let state = batch_rows::state(conn, account.key(batch))?;
    Ok(state.filter(|state| state.flags & batch_rows::HIDDEN == 0).map(|state| {
        if state.flags & batch_rows::SCATTERED == 0 {
            Span::Range { first: state.first, count: state.count }
        } else {
            Span::Scattered(batch)
        }
    }))
}

/// The span a query filters by. A batch that does not exist has no numbers.
pub(super) fn query_span(
    conn: &Connection,
    account: AccountId,
    query: &MessageQuery,
) -> Result<Option<Span>> {
    match query.batch {
        Some(BatchKey::Mt(batch)) => {
            Ok(Some(span(conn, account, batch)?.unwrap_or(Span::Range { first: Number::MAX, count: 0 })))
        }
        Some(BatchKey::Mo(_)) | None => Ok(None),
    }
}

/// Messages by number in the order given; all of them exist.
pub(super) fn fetch_all(
    conn: &Connection,
    networks: &Networks,
    account: AccountId,
    numbers: &[Number],
) -> Result<Vec<Message>> {
    let (Some(lowest), Some(highest)) = (numbers.iter().min(), numbers.iter().max()) else {
        return Ok(Vec::new());
    };
    let mut found: Vec<Option<Message>> = vec![None; numbers.len()];
    if ((highest - lowest) as usize) < numbers.len() * DENSE {
        let mut places: Vec<(Number, usize)> = numbers.iter().copied().zip(0..).collect();
        places.sort_unstable();
        let sql = format!("SELECT {} FROM message WHERE id BETWEEN ?1 AND ?2 ORDER BY id", rows::COLUMNS);
        let mut statement = conn.prepare_cached(&sql).map_err(store)?;
        let mut range = statement.query([account.key(*lowest), account.key(*highest)]).map_err(store)?;
        let mut places = places.into_iter().peekable();
        while let (Some(row), Some((number, place))) = (range.next().map_err(store)?, places.peek().copied())
        {
            let id: i64 = row.get(0).map_err(store)?;
            if id == account.key(number) {
                found[place] = Some(rows::owned(&rows::read(row, networks)?.0)?);
                places.next();
            }
        }
    } else {
        let sql = format!("SELECT {} FROM message WHERE id = ?1", rows::COLUMNS);
        let mut statement = conn.prepare_cached(&sql).map_err(store)?;
        for (number, place) in numbers.iter().zip(&mut found) {
            let mut one = statement.query([account.key(*number)]).map_err(store)?;
            if let Some(row) = one.next().map_err(store)? {
                *place = Some(rows::owned(&rows::read(row, networks)?.0)?);
            }
        }
    }
    let missing = || LedgerError::Corrupt(format!("account {account} lacks a message it should have"));
    found.into_iter().map(|message| message.ok_or_else(missing)).collect()
}

impl Engine {
    pub(super) fn messages(&self, account: AccountId, query: &MessageQuery) -> Result<MessagePage> {
        self.pick(
            account,
            |derived, conn| {
                let span = query_span(conn, account, query)?;
                Ok((derived.select(query, span), derived.highest))
            },
            |conn, (selected, bound)| {
                Ok(MessagePage {
                    messages: fetch_all(conn, &self.networks.get(), account, &selected.numbers)?,
                    total: selected.total,
                    in_period: selected.in_period,
                    more: selected.more,
                    bound,
                    first_date: selected.dates.map(|dates| dates.0),
                    last_date: selected.dates.map(|dates| dates.1),
                })
            },
        )
    }

    pub(super) fn numbers(&self, account: AccountId, query: &MessageQuery) -> Result<Vec<Number>> {
        self.pick(
            account,
            |derived, conn| Ok(derived.matching(query, query_span(conn, account, query)?)),
            |_, numbers| Ok(numbers.iter().collect()),
        )
    }

    pub(super) fn message(&self, account: AccountId, number: Number) -> Result<Option<Message>> {
        self.in_transaction(|conn| {
            let found = rows::fetch(conn, &self.networks.get(), account, number)?;
            Ok(found.filter(|message| !message.hidden))
        })
    }

    pub(super) fn batch(&self, account: AccountId, key: BatchKey) -> Result<Option<Batch>> {
        self.in_transaction(|conn| batch_rows::fetch(conn, &self.networks.get(), account, key))
    }

    pub(super) fn batches_by_key(
        &self,
        account: AccountId,
        keys: &[BatchKey],
    ) -> Result<HashMap<BatchKey, Batch>> {
        self.in_transaction(|conn| {
            let networks = self.networks.get();
            let mut found = HashMap::with_capacity(keys.len());
            for key in keys {
                if !found.contains_key(key)
                    && let Some(batch) = batch_rows::fetch(conn, &networks, account, *key)?
                {
                    found.insert(*key, batch);
                }
            }
            Ok(found)
        })
    }

    pub(super) fn batches(&self, account: AccountId, query: &BatchQuery) -> Result<Page<Batch>> {
        self.pick(
            account,
            |derived, conn| {
                let bound = query.bound.filter(|bound| *bound < derived.highest);
                let bound = match bound {
                    Some(bound) => Some((batch_rows::last_up_to(conn, account, bound)?, bound)),
                    None => None,
                };
                Ok((pick_batches(derived, query, bound), derived.highest))
            },
            |conn, ((total, keys), bound)| {
                let networks = self.networks.get();
                let mut items = Vec::with_capacity(keys.len());
                for key in keys {
                    let batch = batch_rows::fetch(conn, &networks, account, key)?;
                    items.push(batch.ok_or_else(|| rows::broken("batch order"))?);
                }
                Ok(Page { total, items, bound })
            },
        )
    }

    pub(super) fn chats(&self, account: AccountId, query: &ChatQuery) -> Result<Page<Chat>> {
        self.pick(
            account,
            |derived, _| {
                let (total, numbers) = pick_chats(derived, query);
                let chats: Vec<Picked> = numbers.iter().map(|number| Picked::of(derived, *number)).collect();
                Ok((total, chats, derived.highest))
            },
            |conn, (total, picked, bound)| {
                let items = picked.into_iter().map(|picked| picked.read(conn, account));
                Ok(Page { total, items: items.collect::<Result<_>>()?, bound })
            },
        )
    }

    pub(super) fn chat(&self, account: AccountId, number: Number) -> Result<Option<Chat>> {
        self.pick(
            account,
            |derived, _| Ok(derived.chats.chat(number).map(|_| Picked::of(derived, number))),
            |conn, picked| picked.map(|picked| picked.read(conn, account)).transpose(),
        )
    }

    pub(super) fn unread(&self, account: AccountId) -> Result<u64> {
        self.pick(
            account,
            |derived, _| {
                let open = derived.chats.of_status(None);
                Ok(open.iter().map(|number| u64::from(derived.chats.unread(number))).sum())
            },
            |_, unread| Ok(unread),
        )
    }

    pub(super) fn chat_with(&self, account: AccountId, peer: &str) -> Result<Option<Chat>> {
        self.pick(
            account,
            |derived, _| {
                let chat = derived.addresses.code(peer).map(|code| derived.chats.peer(code).chat);
                Ok(chat.filter(|chat| *chat != 0).map(|chat| Picked::of(derived, chat)))
            },
            |conn, picked| picked.map(|picked| picked.read(conn, account)).transpose(),
        )
    }

    pub(super) fn answered(&self, account: AccountId, replies: &[Number]) -> Result<HashMap<Number, Sent>> {
        self.pick(
            account,
            |derived, _| Ok(derived.answered(replies)),
            |conn, inferred| {
                let mut found = HashMap::with_capacity(replies.len());
                let mut sent = conn
                    .prepare_cached(
                        "SELECT sent.id & 0xffffffff, sent.batch, sent.reference FROM message AS mo
                         JOIN message AS sent ON sent.id = ?2 | ifnull(mo.answers, ?3)
                         WHERE mo.id = ?1 AND mo.flags & 17 = 1 AND sent.flags & 17 = 0",
                    )
                    .map_err(store)?;
                for reply in replies {
                    let inferred = inferred.get(reply).copied().unwrap_or(0);
                    let keys = [account.key(*reply), account.key(0), i64::from(inferred)];
                    let mt = sent.query_row(keys, |row| {
                        let batch = BatchKey::Mt(row.get(1)?);
                        Ok(Sent { number: row.get(0)?, batch, reference: row.get(2)? })
                    });
                    found.extend(mt.optional().map_err(store)?.map(|mt| (*reply, mt)));
                }
                Ok(found)
            },
        )
    }

    /// The account whose message to `peer` from `sender` was submitted last. The latest active account is asked
    /// first, so that most of the others need not be.
    pub(super) fn last_sent_to(
        &self,
        peer: &str,
        sender: &str,
        among: Option<&[AccountId]>,
    ) -> Result<Option<AccountId>> {
        let plain = |text: &str| text.strip_prefix('+').unwrap_or(text).to_owned();
        let sender = plain(sender);
        let mut all = self.with_connection(super::accounts::by_last_date)?;
        all.retain(|(account, _)| among.is_none_or(|among| among.contains(account)));
        let mut newest: Option<(u32, sms::Micros, AccountId)> = None;
        for (account, active) in all {
            if newest.is_some_and(|(date, ..)| date > active) {
                break;
            }
            let sent = self.pick(
                account,
                |derived, _| Ok(derived.sent_to(peer, MOST_SENT)),
                |conn, numbers| fetch_all(conn, &self.networks.get(), account, &numbers),
            )?;
            let last = sent.iter().find(|message| plain(message.shown_sender()) == sender);
            newest = newest.max(last.map(|message| (message.date, message.created, account)));
        }
        Ok(newest.map(|(_, _, account)| account))
    }

    pub(super) fn sums(
        &self,
        account: AccountId,
        query: &MessageQuery,
    ) -> Result<Vec<(Direction, Outcome, Sum)>> {
        self.pick(
            account,
            |derived, conn| Ok(derived.matching(query, query_span(conn, account, query)?)),
            |conn, numbers| {
                let networks = self.networks.get();
                let mut sums: Vec<(Direction, Outcome, Sum)> = Vec::new();
                let numbers: Vec<Number> = numbers.iter().collect();
                for portion in numbers.chunks(PORTION) {
                    for message in fetch_all(conn, &networks, account, portion)? {
                        add_to(&mut sums, &message);
                    }
                }
                Ok(sums)
            },
        )
    }
}

fn add_to(sums: &mut Vec<(Direction, Outcome, Sum)>, message: &Message) {
    let key = (message.direction, message.outcome);
    let at = match sums.iter().position(|(direction, outcome, _)| (*direction, *outcome) == key) {
        Some(at) => at,
        None => {
            sums.push((key.0, key.1, Sum::default()));
            sums.len() - 1
        }
    };
    let sum = &mut sums[at].2;
    sum.messages += 1;
    sum.segments += u64::from(message.segments);
    sum.price += message.price.millionths();
}

/// The keys of a page. `bound` is given where it cuts something off: the last submission and the last MO
/// before it.
fn pick_batches(
    derived: &Derived,
    query: &BatchQuery,
    bound: Option<(Number, Number)>,
) -> (u64, Vec<BatchKey>) {
    let batches = &derived.batches;
    let set = match bound {
        None => Cow::Borrowed(batches.set(query.submissions_only)),
        Some((mt, mo)) => Cow::Owned(batches.up_to(query.submissions_only, mt, mo)),
    };
    let mut lo = query.from.map_or(0, |from| batches.index_of(from, 0, false));
    let mut hi = query.to.map_or(batches.len(), |to| batches.index_of(to, u32::MAX, true));
    let count = |lo: u32, hi: u32| if lo < hi { set.range_cardinality(lo..hi) } else { 0 };
    let total = count(lo, hi);
    if let Some((created, key)) = query.after {
        if query.descending {
            hi = hi.min(batches.index_of(created, key.pack(), false));
        } else {
            lo = lo.max(batches.index_of(created, key.pack(), true));
        }
    }
    let available = count(lo, hi);
    let wanted = available.saturating_sub(query.offset).min(u64::from(query.limit));
    let skip = if query.descending { available.saturating_sub(query.offset) - wanted } else { query.offset };
    let before = if lo == 0 { 0 } else { set.rank(lo - 1) };
    let first = u32::try_from(before.saturating_add(skip)).ok().and_then(|index| set.select(index));
    let mut keys: Vec<BatchKey> = match first {
        Some(first) if wanted > 0 => {
            set.range(first..hi).take(wanted as usize).map(|index| batches.at(index).1).collect()
        }
        _ => Vec::new(),
    };
    if query.descending {
        keys.reverse();
    }
    (total, keys)
}

fn pick_chats(derived: &Derived, query: &ChatQuery) -> (u64, Vec<Number>) {
    let chats = &derived.chats;
    let mut set = chats.of_status(query.status);
    if let Some(text) = &query.text {
        set &= derived.chats_with_text(text);
    }
    if let Some(numbers) = &query.numbers {
        set &= numbers.iter().copied().collect::<roaring::RoaringBitmap>();
    }
    let peer = |number: Number| chats.chat(number).map_or("", |chat| derived.addresses.text(chat.peer));
    if let Some(digits) = &query.peer_contains {
        let kept = set.iter().filter(|number| {
            let peer = peer(*number);
            peer.contains(digits.as_str()) || query.peers.iter().any(|known| known == peer)
        });
        set = kept.collect();
    }
    let mut keyed: Vec<(u64, Number)> = match query.order {
        ChatOrder::Number => set.iter().map(|number| (0, number)).collect(),
        ChatOrder::Unread => set.iter().map(|number| (u64::from(chats.unread(number)), number)).collect(),
        ChatOrder::LastInbound => {
            set.iter().map(|number| (derived.last_inbound_key(number), number)).collect()
        }
    };
    if query.order != ChatOrder::Number {
        keyed.sort_unstable();
    }
    if query.descending {
        keyed.reverse();
    }
    let offset = usize::try_from(query.offset).unwrap_or(usize::MAX);
    let page = keyed.iter().skip(offset).take(query.limit as usize).map(|(_, number)| *number);
    (set.len(), page.collect())
}

/// A chat's figures at the moment of the pick.
struct Picked {
    number: Number,
    status: ChatStatus,
    unread: u32,
    messages: u64,
    last_inbound: Option<u32>,
    last: Option<Number>,
}

impl Picked {
    fn of(derived: &Derived, number: Number) -> Self {
        let chat = derived.chats.chat(number);
        let peer = chat.map(|chat| derived.chats.peer(chat.peer)).unwrap_or_default();
        Self {
            number,
            status: chat.map(|chat| chat.status).unwrap_or_default(),
            unread: derived.chats.unread(number),
            messages: peer.count.into(),
            last_inbound: Some(peer.last_inbound).filter(|n| *n != 0).and_then(|n| derived.date_of(n)),
            last: Some(peer.last).filter(|number| *number != 0),
        }
    }

    fn read(self, conn: &Connection, account: AccountId) -> Result<Chat> {
        let (peer, opened, muted): (String, i64, Option<i64>) = conn
            .prepare_cached("SELECT peer, opened, muted_until FROM chat WHERE id = ?1")
            .map_err(store)?
            .query_row([account.key(self.number)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .map_err(store)?;
        Ok(Chat {
            number: self.number,
            peer,
            opened: sms::Micros::new(opened),
            status: self.status,
            muted_until: muted.map(sms::Micros::new),
            unread: self.unread,
            messages: self.messages,
            last_inbound: self.last_inbound,
            last: self.last,
        })
    }
}
