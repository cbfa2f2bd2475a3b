//! A batch as a row: its sums packed, and what equals its first message left out.

use rusqlite::{Connection, OptionalExtension, params};
use sms::{AccountId, BatchKey, Coding, Micros, Number, Outcome};

use super::networks::Networks;
use super::{rows, store};
use crate::change::NewBatch;
use crate::error::{LedgerError, Result};
use crate::model::{Batch, BatchExtra, Message, Source, Sum};

const SOURCE: i64 = 3;
const TEMPLATED: i64 = 4;
const FLASH: i64 = 8;
const UCS2: i64 = 16;
const HIGH: i64 = 32;
pub(super) const HIDDEN: i64 = 64;
/// Its messages are not one range of numbers.
pub(super) const SCATTERED: i64 = 128;
/// The sender is the first message's.
const SAME_SENDER: i64 = 256;
/// The reference is the first message's.
const SAME_REFERENCE: i64 = 512;

/// Sums by outcome, by rising code.
pub(super) type Sums = Vec<(Outcome, Sum)>;

/// Adds (or, with a negative `sign`, takes away) one message's share of the sums.
pub(super) fn add(sums: &mut Sums, outcome: Outcome, sign: i64, segments: u16, price: i64) {
    let at = match sums.binary_search_by_key(&outcome.code(), |(known, _)| known.code()) {
        Ok(at) => at,
        Err(at) => {
            sums.insert(at, (outcome, Sum::default()));
            at
        }
    };
    let sum = &mut sums[at].1;
    sum.messages = sum.messages.wrapping_add_signed(sign);
    sum.segments = sum.segments.wrapping_add_signed(sign * i64::from(segments));
    sum.price += sign * price;
    if *sum == Sum::default() {
        sums.remove(at);
    }
}

/// The packed form: for each outcome its code and three variable-length numbers.
pub(super) fn pack(sums: &Sums) -> Vec<u8> {
    let mut out = Vec::with_capacity(sums.len() * 8);
    let mut put = |mut value: u64| {
        while value >= 0x80 {
            out.push(value as u8 | 0x80);
            value >>= 7;
        }
        out.push(value as u8);
    };
    for (outcome, sum) in sums {
        put(outcome.code().into());
        put(sum.messages);
        put(sum.segments);
        put(((sum.price << 1) ^ (sum.price >> 63)) as u64);
    }
    out
}

/// The reverse of [`pack`].
pub(super) fn unpack(packed: &[u8]) -> Result<Sums> {
    let broken = || LedgerError::Corrupt("a batch's packed sums make no sense".to_owned());
    let mut octets = packed.iter();
    let mut take = || {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let octet = *octets.next()?;
            value |= u64::from(octet & 0x7f) << shift;
            if octet & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    };
    let mut sums = Vec::new();
    while let Some(code) = take() {
        let outcome = u8::try_from(code).ok().and_then(Outcome::from_code).ok_or_else(broken)?;
        let (messages, segments, price) =
            (take().ok_or_else(broken)?, take().ok_or_else(broken)?, take().ok_or_else(broken)?);
        let price = (price >> 1) as i64 ^ -((price & 1) as i64);
        sums.push((outcome, Sum { messages, segments, price }));
    }
    Ok(sums)
}

/// Inserts the batch of `count` messages, the first of which is given.
pub(super) fn insert(
    conn: &Connection,
    id: i64,
    new: &NewBatch,
    created: Micros,
    first: &Message,
    count: u32,
    sums: &Sums,
) -> Result<()> {
    let flag = |set: bool, bit: i64| if set { bit } else { 0 };
    let same_sender = new.sender == first.sender;
    let same_reference = new.reference == first.reference;
    let flags = new.source as i64
        | flag(new.templated, TEMPLATED)
        | flag(new.flash, FLASH)
        | flag(new.coding == Coding::Ucs2, UCS2)
        | flag(new.priority > 1, HIGH)
        | flag(same_sender, SAME_SENDER)
        | flag(same_reference, SAME_REFERENCE);
    let extra = if new.extra == BatchExtra::default() {
        None
    } else {
        let text = serde_json::to_string(&new.extra);
        Some(text.map_err(|error| LedgerError::Store(error.to_string()))?)
    };
    conn.prepare_cached(
        "INSERT INTO batch (id, first, count, created, flags, text, sender, reference, extra, sums)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )
    .map_err(store)?
    .execute(params![
        id,
        first.number,
        count,
        created.get(),
        flags,
        Some(&new.text).filter(|text| **text != first.body),
        new.sender.as_ref().filter(|_| !same_sender),
        new.reference.as_ref().filter(|_| !same_reference),
        extra,
        pack(sums),
    ])
    .map_err(store)?;
    Ok(())
}

/// What the writer and the loader need of a batch.
#[derive(Clone, Debug)]
pub(super) struct BatchState {
    pub(super) first: Number,
    pub(super) count: u32,
    pub(super) created: Micros,
    pub(super) flags: i64,
    pub(super) sums: Sums,
}

/// Reads a batch's state.
pub(super) fn state(conn: &Connection, id: i64) -> Result<Option<BatchState>> {
    let row = conn
        .prepare_cached("SELECT first, count, created, flags, sums FROM batch WHERE id = ?1")
        .map_err(store)?
        .query_row([id], |row| {
            let created: i64 = row.get(2)?;
            let sums: Vec<u8> = row.get(4)?;
            Ok((row.get(0)?, row.get(1)?, created, row.get(3)?, sums))
        })
        .optional()
        .map_err(store)?;
    row.map(|(first, count, created, flags, sums)| {
        Ok(BatchState { first, count, created: Micros::new(created), flags, sums: unpack(&sums)? })
    })
    .transpose()
}

/// The last batch whose first message has a number up to `bound`; zero for none. Batches and messages are
/// numbered in the same commits, so first numbers rise with batches' numbers.
pub(super) fn last_up_to(conn: &Connection, account: AccountId, bound: Number) -> Result<Number> {
    let batches: Number = conn
        .prepare_cached("SELECT next_batch - 1 FROM account WHERE id = ?1")
        .map_err(store)?
        .query_row([account.get()], |row| row.get(0))
        .optional()
        .map_err(store)?
        .unwrap_or(0);
    let mut statement = conn.prepare_cached("SELECT first FROM batch WHERE id = ?1").map_err(store)?;
    let (mut low, mut high) = (0, batches);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        let first: Number = statement.query_row([account.key(middle)], |row| row.get(0)).map_err(store)?;
        if first <= bound { low = middle } else { high = middle - 1 }
    }
    Ok(low)
}

/// Writes back what [`state`] read and the caller changed.
pub(super) fn update(conn: &Connection, id: i64, state: &BatchState) -> Result<()> {
    conn.prepare_cached("UPDATE batch SET first = ?2, count = ?3, flags = ?4, sums = ?5 WHERE id = ?1")
        .map_err(store)?
        .execute(params![id, state.first, state.count, state.flags, pack(&state.sums)])
        .map_err(store)?;
    Ok(())
}

/// Reads a visible batch whole.
pub(super) fn fetch(
    conn: &Connection,
    networks: &Networks,
    account: AccountId,
    key: BatchKey,
) -> Result<Option<Batch>> {
    match key {
        BatchKey::Mo(number) => {
            let message = rows::fetch(conn, networks, account, number)?;
            Ok(message
                .filter(|m| m.batch == key && !m.hidden && m.outcome != Outcome::Incomplete)
                .map(of_one))
        }
        BatchKey::Mt(number) => submission(conn, networks, account, number),
    }
}

/// An MO as its own batch.
fn of_one(message: Message) -> Batch {
    let sum = Sum { messages: 1, segments: u64::from(message.segments), price: message.price.millionths() };
    Batch {
        key: message.batch,
        created: message.created,
        first: message.number,
        sums: vec![(message.outcome, sum)],
        text: message.body,
        sender: message.sender,
        reference: message.reference,
        source: Source::Api,
        templated: false,
        flash: message.flash,
        coding: message.coding,
        priority: message.priority,
        extra: BatchExtra::default(),
    }
}

fn submission(
    conn: &Connection,
    networks: &Networks,
    account: AccountId,
    number: Number,
) -> Result<Option<Batch>> {
    let id = account.key(number);
    let Some(state) = state(conn, id)? else { return Ok(None) };
    if state.flags & HIDDEN != 0 {
        return Ok(None);
    }
    let (text, sender, reference, extra): (Option<String>, Option<String>, Option<String>, Option<String>) =
        conn.prepare_cached("SELECT text, sender, reference, extra FROM batch WHERE id = ?1")
            .map_err(store)?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .map_err(store)?;
    let first = rows::fetch(conn, networks, account, state.first)?
        .ok_or_else(|| LedgerError::Corrupt("a batch has no first message".to_owned()))?;
    let flag = |bit: i64| state.flags & bit != 0;
    let extra = read_extra(extra)?.unwrap_or_default();
    Ok(Some(Batch {
        key: BatchKey::Mt(number),
        created: state.created,
        text: text.unwrap_or(first.body),
        sender: if flag(SAME_SENDER) { first.sender } else { sender },
        reference: if flag(SAME_REFERENCE) { first.reference } else { reference },
        source: Source::from_code((state.flags & SOURCE) as u8).ok_or_else(|| rows::broken("source"))?,
        templated: flag(TEMPLATED),
        flash: flag(FLASH),
        coding: if flag(UCS2) { Coding::Ucs2 } else { Coding::Gsm7 },
        priority: if flag(HIGH) { 2 } else { 1 },
        extra,
        sums: state.sums,
        first: state.first,
    }))
}

fn read_extra(extra: Option<String>) -> Result<Option<BatchExtra>> {
    extra.map(|extra| serde_json::from_str(&extra).map_err(|_| rows::broken("batch"))).transpose()
}

/// The rarely used rest of a batch, hidden or not; `None` where there is nothing of it.
pub(super) fn extra(conn: &Connection, account: AccountId, key: BatchKey) -> Result<Option<BatchExtra>> {
    let BatchKey::Mt(number) = key else { return Ok(None) };
    let extra = conn
        .prepare_cached("SELECT extra FROM batch WHERE id = ?1")
        .map_err(store)?
        .query_row([account.key(number)], |row| row.get(0))
        .optional()
        .map_err(store)?;
    read_extra(extra.flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_kept_and_packed() {
        let mut sums = Sums::new();
        add(&mut sums, Outcome::Delivered, 1, 2, 41_600);
        add(&mut sums, Outcome::Queued, 1, 1, -5);
        add(&mut sums, Outcome::Delivered, 1, 1, 20_800);
        assert_eq!(sums[0].0, Outcome::Queued);
        assert_eq!(sums[1].1, Sum { messages: 2, segments: 3, price: 62_400 });
        assert_eq!(unpack(&pack(&sums)).expect("sound"), sums);
        add(&mut sums, Outcome::Queued, -1, 1, -5);
        assert_eq!(sums.len(), 1);
        assert!(unpack(&[10]).is_err() && unpack(&[255, 1]).is_err());
    }
}
