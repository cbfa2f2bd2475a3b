//! Building an account's derived state from its rows.

use std::path::Path;

use rusqlite::Connection;
use sms::{AccountId, BatchKey, Direction, Micros, Number};

use super::rows::{self, integer, optional, text};
use super::{batch_rows, chats, store};
use crate::derived::state::own_side;
use crate::derived::{Derived, Fact};
use crate::error::{LedgerError, Result};

/// Bodies are moved to the mapped file in portions of about this many octets.
const PORTION: usize = 4 << 20;

/// Reads all rows of an account in the connection's transaction; `now` in seconds.
pub(super) fn load(conn: &Connection, account: AccountId, directory: &Path, now: u32) -> Result<Derived> {
    let mut derived = Derived::new(directory);
    derived.reserve(super::accounts::highest(conn, account)? as usize);
    load_chats(conn, account, &mut derived)?;
    load_batches(conn, account, &mut derived)?;
    let mut statement = conn
        .prepare_cached(
            "SELECT id, date, created, flags, outcome, batch, program, country, sender, recipient, body
             FROM message WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
        )
        .map_err(store)?;
    let mut rows = statement.query(range(account)).map_err(store)?;
    while let Some(row) = rows.next().map_err(store)? {
        let number = (integer(row, 0)? & 0xffff_ffff) as Number;
        if number != derived.highest + 1 {
            return Err(LedgerError::Corrupt(format!(
                "account {account} has no message {}",
                derived.highest + 1
            )));
        }
        let flags = integer(row, 3)?;
        let direction = if flags & rows::MO == 0 { Direction::Mt } else { Direction::Mo };
        let (sender, recipient) = (text(row, 8)?, text(row, 9)?.unwrap_or_default());
        let batch = optional(row, 5)?.map_or(BatchKey::Mo(number), |batch| BatchKey::Mt(batch as Number));
        derived.add(
            &Fact {
                number,
                date: integer(row, 1)? as u32,
                created: Micros::new(integer(row, 2)?).seconds(),
                direction,
                outcome: rows::outcome(integer(row, 4)?)?,
                country: integer(row, 7)? as u16,
                program: integer(row, 6)? as Number,
                peer: if direction == Direction::Mt { recipient } else { sender.unwrap_or_default() },
                own: own_side(direction, sender, recipient),
                batch,
                visible: flags & rows::HIDDEN == 0,
                body: text(row, 10)?.unwrap_or_default(),
            },
            now,
        );
        if derived.text.pending() > PORTION {
            derived.flush();
        }
    }
    derived.flush();
    derived.settle(now);
    Ok(derived)
}

/// The first and last key of an account's rows.
pub(super) fn range(account: AccountId) -> [i64; 2] {
    [account.key(0), account.key(Number::MAX)]
}

fn load_chats(conn: &Connection, account: AccountId, derived: &mut Derived) -> Result<()> {
    let mut statement = conn
        .prepare_cached(
            "SELECT id, peer, read_up_to, marked_unread, status FROM chat
             WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
        )
        .map_err(store)?;
    let mut rows = statement.query(range(account)).map_err(store)?;
    while let Some(row) = rows.next().map_err(store)? {
        let number = (integer(row, 0)? & 0xffff_ffff) as Number;
        if number as usize != derived.chats.len() + 1 {
            return Err(LedgerError::Corrupt(format!("account {account}: chats have a gap before {number}")));
        }
        let marks = chats::marks(row, 2).map_err(store)?;
        derived.set_chat(number, text(row, 1)?.unwrap_or_default(), |code| marks.state(code));
    }
    Ok(())
}

/// Adds the submissions' batches; those that are no range are joined by their messages as these are added.
fn load_batches(conn: &Connection, account: AccountId, derived: &mut Derived) -> Result<()> {
    let mut statement = conn
        .prepare_cached("SELECT id, created, flags FROM batch WHERE id BETWEEN ?1 AND ?2 ORDER BY id")
        .map_err(store)?;
    let mut rows = statement.query(range(account)).map_err(store)?;
    while let Some(row) = rows.next().map_err(store)? {
        let number = (integer(row, 0)? & 0xffff_ffff) as Number;
        let flags = integer(row, 2)?;
        let created = Micros::new(integer(row, 1)?).seconds();
        derived.batches.add(created, BatchKey::Mt(number), flags & batch_rows::HIDDEN == 0);
        if flags & batch_rows::SCATTERED != 0 {
            derived.batches.scatter(number, 0, 0);
        }
    }
    Ok(())
}
