//! Receipts: stored, matched, obeyed in one transaction; what does not match waits in quarantine.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use sms::{AccountId, Micros, Number};

use super::loaded::{Loaded, with_message};
use super::outbox::{has_segment, set_part};
use super::transaction::Transaction;
use super::{rows, store};
use crate::error::{LedgerError, Result};
use crate::history::{Entry, Word};
use crate::outbound::{CarrierId, Lease, ReceiptFate, ReceiptRecord, Receipted, Unmatched};
use crate::people::Slice;
use crate::query::Page;

/// A segment that a carrier's id leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Target {
    message: i64,
    /// Zero: all of them.
    part: u8,
    /// Since when the id is known.
    at: Micros,
}

impl Target {
    fn account(self) -> Result<AccountId> {
        AccountId::new((self.message >> 32) as u32).ok_or_else(|| rows::broken("account"))
    }

    fn number(self) -> Number {
        (self.message & 0xffff_ffff) as Number
    }

    /// Whether both are the same segment.
    fn is(self, other: Self) -> bool {
        (self.message, self.part) == (other.message, other.part)
    }
}

/// Stores receipts and matches them, in order; see [`crate::WayOut::receipts`].
pub(super) fn receive_all(t: &mut Transaction<'_>, receipts: &[ReceiptRecord]) -> Result<Vec<Receipted>> {
    // All of them are looked at before the first row is written.
    let mut found = Vec::with_capacity(receipts.len());
    for receipt in receipts {
        let one = find(t, receipt)?;
        if let Some((target, _)) = one
            && !has_segment(t, target.account()?, target.number(), target.part)?
        {
            return Err(lost());
        }
        found.push(one);
    }
    receipts.iter().zip(found).map(|(receipt, found)| receive(t, receipt, found)).collect()
}

fn receive(
    t: &mut Transaction<'_>,
    receipt: &ReceiptRecord,
    found: Option<(Target, u8)>,
) -> Result<Receipted> {
    let Some(number) = keep(t, receipt, found.map(|(target, _)| target))? else {
        return Ok(Receipted { fate: ReceiptFate::Repeated, submitted: None });
    };
    let Some((target, form)) = found else {
        t.state.quarantine_empty = Some(false);
        for (form, id) in &receipt.ids {
            t.conn
                .prepare_cached(
                    "INSERT OR IGNORE INTO quarantine (carrier, id, form, receipt) VALUES (?1, ?2, ?3, ?4)",
                )
                .map_err(store)?
                .execute(params![receipt.carrier, id, form, number])
                .map_err(store)?;
        }
        return Ok(Receipted { fate: ReceiptFate::Quarantined, submitted: None });
    };
    obey(t, &receipt.carrier, form, target, &entry_of(receipt))?;
    let fate =
        ReceiptFate::Matched { account: target.account()?, number: target.number(), part: target.part };
    Ok(Receipted { fate, submitted: Some(target.at) })
}

fn entry_of(receipt: &ReceiptRecord) -> Entry {
    Entry {
        at: receipt.at,
        word: Word::Outcome(receipt.outcome),
        code: receipt.code.clone(),
        text: receipt.text.clone(),
    }
}

/// Stores it with what it was matched to; `None` when the very same is there, which is counted instead.
fn keep(t: &Transaction<'_>, receipt: &ReceiptRecord, target: Option<Target>) -> Result<Option<i64>> {
    let id = receipt.ids.first().map_or("", |(_, id)| id.as_str());
    let (number, count): (i64, i64) = t
        .conn
        .prepare_cached(
            "INSERT INTO receipt
                 (hash, carrier, id, outcome, code, text, at, received, raw, message, part, count)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1)
             ON CONFLICT (message, hash) WHERE message IS NOT NULL DO UPDATE SET count = count + 1
             ON CONFLICT (hash) WHERE message IS NULL DO UPDATE SET count = count + 1
             RETURNING number, count",
        )
        .map_err(store)?
        .query_row(
            params![
                fingerprint(receipt),
                receipt.carrier,
                id,
                receipt.outcome.code(),
                receipt.code,
                receipt.text,
                receipt.at.get(),
                receipt.received.get(),
                receipt.raw,
                target.map(|target| target.message),
                target.map(|target| target.part),
            ],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .map_err(store)?;
    Ok((count == 1).then_some(number))
}

/// The first half of a SHA-256 over carrier, id, outcome and octets: the same receipt has the same, whenever
/// it came, in every release. Rows of the first development versions have others; what comes again of those
/// is stored once more.
fn fingerprint(receipt: &ReceiptRecord) -> [u8; 16] {
    let mut hash = Sha256::new();
    let id = receipt.ids.first().map_or("", |(_, id)| id.as_str());
    for part in [receipt.carrier.as_bytes(), id.as_bytes(), &[receipt.outcome.code()], &receipt.raw] {
        // The length before each part: the same octets cut elsewhere are another receipt.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let whole: [u8; 32] = hash.finalize().into();
    let mut half = [0; 16];
    half.copy_from_slice(&whole[..16]);
    half
}

/// The one segment that a receipt means. The form this carrier is known to use decides; where that leads
/// nowhere the others may, if they agree.
fn find(t: &mut Transaction<'_>, receipt: &ReceiptRecord) -> Result<Option<(Target, u8)>> {
    let carrier = receipt.carrier.as_str();
    let learned = t.state.forms.usual(t.conn, carrier)?;
    let usual = receipt.ids.iter().find(|(form, _)| Some(*form) == learned);
    if let Some((form, id)) = usual
        && let Some(target) = target(t.conn, carrier, id)?
    {
        return Ok(Some((target, *form)));
    }
    let mut found: Option<(Target, u8)> = None;
    for (form, id) in receipt.ids.iter().filter(|(form, _)| Some(*form) != learned) {
        match (target(t.conn, carrier, id)?, found) {
            (Some(target), None) => found = Some((target, *form)),
            (Some(target), Some((known, _))) if !target.is(known) => return Ok(None),
            (Some(_), Some(_)) | (None, _) => {}
        }
    }
    Ok(found)
}

fn target(conn: &Connection, carrier: &str, id: &str) -> Result<Option<Target>> {
    conn.prepare_cached("SELECT message, part, at FROM carrier_id WHERE carrier = ?1 AND id = ?2")
        .map_err(store)?
        .query_row(params![carrier, id], |row| {
            Ok(Target { message: row.get(0)?, part: row.get(1)?, at: Micros::new(row.get(2)?) })
        })
        .optional()
        .map_err(store)
}

/// Gives the segment of a receipt its outcome.
fn obey(t: &mut Transaction<'_>, carrier: &str, form: u8, target: Target, entry: &Entry) -> Result<()> {
    t.state.forms.learn(t.conn, carrier, form)?;
    let account = target.account()?;
    with_message(t, account, target.number(), |t, message| set_part(t, account, message, target.part, entry))?
        .ok_or_else(lost)
}

fn lost() -> LedgerError {
    LedgerError::Corrupt("a carrier's id leads to no message".to_owned())
}

/// Remembers the id a carrier gave to a segment, and obeys the receipts that came before it.
pub(super) fn know(
    t: &mut Transaction<'_>,
    account: AccountId,
    message: &mut Loaded,
    lease: &Lease,
    id: &str,
    at: Micros,
) -> Result<()> {
    if id.is_empty() {
        return Ok(());
    }
    let target = Target { message: account.key(lease.number), part: lease.part, at };
    // A carrier that gives an id twice means the newer segment from now on.
    t.conn
        .prepare_cached(
            "INSERT OR REPLACE INTO carrier_id (carrier, id, message, part, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .map_err(store)?
        .execute(params![lease.carrier, id, target.message, target.part, at.get()])
        .map_err(store)?;
    if quarantine_is_empty(t)? {
        return Ok(());
    }
    let waiting: Vec<(i64, u8)> = {
        let mut statement = t
            .conn
            .prepare_cached(
                "SELECT receipt, form FROM quarantine WHERE carrier = ?1 AND id = ?2 ORDER BY receipt",
            )
            .map_err(store)?;
        let rows = statement
            .query_map(params![lease.carrier, id], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(store)?;
        rows.collect::<rusqlite::Result<_>>().map_err(store)?
    };
    for (receipt, form) in waiting {
        let entry = t
            .conn
            .prepare_cached("SELECT outcome, code, text, at FROM receipt WHERE number = ?1")
            .map_err(store)?
            .query_row([receipt], |row| {
                Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, row.get::<_, i64>(3)?))
            })
            .optional()
            .map_err(store)?;
        release(t, receipt)?;
        if let Some((outcome, code, text, at)) = entry {
            let word = Word::Outcome(rows::outcome(outcome)?);
            let entry = Entry { at: Micros::new(at), word, code, text };
            give(t, receipt, target)?;
            t.state.forms.learn(t.conn, &lease.carrier, form)?;
            set_part(t, account, message, target.part, &entry)?;
        }
    }
    Ok(())
}

/// Gives a receipt that waited to its message. Where that has the very same one already, from a time when its id
/// was known before, it is counted there.
fn give(t: &Transaction<'_>, receipt: i64, target: Target) -> Result<()> {
    let given = t
        .conn
        .prepare_cached("UPDATE OR IGNORE receipt SET message = ?2, part = ?3 WHERE number = ?1")
        .map_err(store)?
        .execute(params![receipt, target.message, target.part])
        .map_err(store)?;
    if given > 0 {
        return Ok(());
    }
    t.conn
        .prepare_cached(
            "UPDATE receipt SET count = count + (SELECT count FROM receipt WHERE number = ?1)
             WHERE message = ?2 AND hash = (SELECT hash FROM receipt WHERE number = ?1)",
        )
        .map_err(store)?
        .execute(params![receipt, target.message])
        .map_err(store)?;
    t.conn
        .prepare_cached("DELETE FROM receipt WHERE number = ?1")
        .map_err(store)?
        .execute([receipt])
        .map_err(store)?;
    Ok(())
}

fn release(t: &mut Transaction<'_>, receipt: i64) -> Result<()> {
    t.state.quarantine_empty = None;
    t.conn
        .prepare_cached("DELETE FROM quarantine WHERE receipt = ?1")
        .map_err(store)?
        .execute([receipt])
        .map_err(store)?;
    Ok(())
}

/// Whether nothing waits there, which it seldom does: looked up once and then known.
fn quarantine_is_empty(t: &mut Transaction<'_>) -> Result<bool> {
    if let Some(known) = t.state.quarantine_empty {
        return Ok(known);
    }
    let waits: bool = t
        .conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM quarantine)")
        .map_err(store)?
        .query_row([], |row| row.get(0))
        .map_err(store)?;
    t.state.quarantine_empty = Some(!waits);
    Ok(!waits)
}

/// Receipts in quarantine, oldest first.
pub(super) fn unmatched(conn: &Connection, slice: &Slice) -> Result<Page<Unmatched>> {
    let total = conn
        .prepare_cached("SELECT count(DISTINCT receipt) FROM quarantine")
        .map_err(store)?
        .query_row([], |row| row.get(0))
        .map_err(store)?;
    let direction = if slice.descending { "DESC" } else { "ASC" };
    let mut statement = conn
        .prepare_cached(&format!(
            "SELECT number, carrier, id, outcome, received, count, raw FROM receipt
             WHERE number IN (SELECT receipt FROM quarantine) ORDER BY number {direction} LIMIT ?1 OFFSET ?2"
        ))
        .map_err(store)?;
    let mut rows = statement.query(params![slice.limit, offset(slice)]).map_err(store)?;
    let mut items = Vec::new();
    while let Some(row) = rows.next().map_err(store)? {
        items.push(Unmatched {
            number: row.get(0).map_err(store)?,
            carrier: row.get(1).map_err(store)?,
            id: row.get(2).map_err(store)?,
            outcome: rows::outcome(rows::integer(row, 3)?)?,
            received: Micros::new(rows::integer(row, 4)?),
            count: row.get(5).map_err(store)?,
            raw: row.get(6).map_err(store)?,
        });
    }
    Ok(Page { total, items, bound: 0 })
}

/// A slice's offset as SQLite takes it.
pub(super) fn offset(slice: &Slice) -> i64 {
    i64::try_from(slice.offset).unwrap_or(i64::MAX)
}

/// Drops what waited in quarantine since before `before`.
pub(super) fn expire(t: &mut Transaction<'_>, before: Micros) -> Result<u64> {
    t.state.quarantine_empty = None;
    // From the quarantine to its receipts: there are few of the one and many of the others.
    let dropped = t
        .conn
        .execute(
            "DELETE FROM receipt WHERE received < ?1 AND message IS NULL
             AND number IN (SELECT receipt FROM quarantine)",
            [before.get()],
        )
        .map_err(store)?;
    if dropped > 0 {
        t.conn
            .execute(
                "DELETE FROM quarantine WHERE receipt IN (
                     SELECT DISTINCT receipt FROM quarantine EXCEPT
                     SELECT number FROM receipt WHERE number IN (SELECT receipt FROM quarantine))",
                [],
            )
            .map_err(store)?;
    }
    Ok(dropped as u64)
}

/// The ids that were given to segments of these messages.
pub(super) fn ids_of(conn: &Connection, account: AccountId, numbers: &[Number]) -> Result<Vec<CarrierId>> {
    let mut statement = conn
        .prepare_cached("SELECT part, carrier, id FROM carrier_id WHERE message = ?1 ORDER BY part, at, id")
        .map_err(store)?;
    let mut found = Vec::new();
    for number in numbers {
        let rows = statement
            .query_map([account.key(*number)], |row| {
                Ok(CarrierId { number: *number, part: row.get(0)?, carrier: row.get(1)?, id: row.get(2)? })
            })
            .map_err(store)?;
        for row in rows {
            found.push(row.map_err(store)?);
        }
    }
    Ok(found)
}

/// Ids forgotten in one go, so that nobody waits for long.
const FORGOTTEN_AT_ONCE: u32 = 5000;

/// Forgets some ids whose messages are final and which were taken before `before`.
pub(super) fn forget_ids(t: &Transaction<'_>, before: Micros) -> Result<u64> {
    let finals: Vec<String> = sms::Outcome::ALL
        .iter()
        .filter(|outcome| outcome.is_final())
        .map(|outcome| outcome.code().to_string())
        .collect();
    let sql = format!(
        "DELETE FROM carrier_id WHERE (carrier, id) IN (
             SELECT carrier_id.carrier, carrier_id.id FROM carrier_id
             JOIN message ON message.id = carrier_id.message
             WHERE carrier_id.at < ?1 AND message.outcome IN ({}) LIMIT ?2)",
        finals.join(", ")
    );
    let forgotten = t.conn.execute(&sql, params![before.get(), FORGOTTEN_AT_ONCE]).map_err(store)?;
    Ok(forgotten as u64)
}
