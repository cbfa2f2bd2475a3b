//! Chats: opened on first contact, marked by people.

use rusqlite::{OptionalExtension, Row, params};
use sms::{AccountId, Micros, Number};

use super::effect::{Effect, Marks};
use super::store;
use super::transaction::Transaction;
use crate::change::{ChatMark, ChatTurn};
use crate::error::{Refusal, Result};
use crate::model::ChatStatus;

/// Opens the chat with a peer, or reopens it; returns its number.
pub(super) fn open(t: &mut Transaction<'_>, account: AccountId, peer: &str, at: Micros) -> Result<Number> {
    let known: Option<Number> = t
        .conn
        .prepare_cached("SELECT chat FROM chat_peer WHERE account = ?1 AND peer = ?2")
        .map_err(store)?
        .query_row(params![account.get(), peer], |row| row.get(0))
        .optional()
        .map_err(store)?;
    if let Some(number) = known {
        let row = fetch(t, account, number)?;
        if let Some((peer, marks)) = row.filter(|(_, marks)| marks.status != ChatStatus::Active) {
            save(t, account, number, &peer, Marks { status: ChatStatus::Active, ..marks })?;
        }
        return Ok(number);
    }
    let counters = t.counters(account)?;
    let number = counters.next_chat;
    if number > sms::id::MAX_NUMBER {
        return Err(Refusal::NumbersExhausted.into());
    }
    counters.next_chat += 1;
    t.conn
        .prepare_cached(
            "INSERT INTO chat (id, peer, opened, read_up_to, marked_unread, status) VALUES (?1, ?2, ?3, 0, 0, 0)",
        )
        .map_err(store)?
        .execute(params![account.key(number), peer, at.get()])
        .map_err(store)?;
    t.conn
        .prepare_cached("INSERT INTO chat_peer (account, peer, chat) VALUES (?1, ?2, ?3)")
        .map_err(store)?
        .execute(params![account.get(), peer, number])
        .map_err(store)?;
    let marks = Marks { read_up_to: 0, marked_unread: false, status: ChatStatus::Active };
    t.effect(account, Effect::Chat { number, peer: peer.to_owned(), marks });
    Ok(number)
}

/// Sets a mark on chats; returns how many exist among them.
pub(super) fn mark(
    t: &mut Transaction<'_>,
    account: AccountId,
    chats: Option<Vec<Number>>,
    mark: ChatMark,
) -> Result<u64> {
    let counters = t.counters(account)?;
    let highest = counters.next_message - 1;
    let numbers = match chats {
        Some(mut numbers) => {
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        }
        None => (1..counters.next_chat).collect(),
    };
    let mut marked = 0;
    for number in numbers {
        let Some((peer, mut marks)) = fetch(t, account, number)? else { continue };
        if let ChatMark::Turn(turn) = mark
            && !turns(t, account, &peer, marks.status, turn)?
        {
            continue;
        }
        marked += 1;
        match mark {
            ChatMark::Read => {
                marks.read_up_to = highest;
                marks.marked_unread = false;
            }
            ChatMark::Unread => marks.marked_unread = true,
            ChatMark::Status(status) | ChatMark::Turn(ChatTurn { to: status, .. }) => marks.status = status,
            ChatMark::Mute(until) => {
                t.conn
                    .prepare_cached("UPDATE chat SET muted_until = ?2 WHERE id = ?1")
                    .map_err(store)?
                    .execute(params![account.key(number), until.map(Micros::get)])
                    .map_err(store)?;
                continue;
            }
        }
        save(t, account, number, &peer, marks)?;
    }
    Ok(marked)
}

/// Whether a chat stands as a turn asks.
fn turns(
    t: &Transaction<'_>,
    account: AccountId,
    peer: &str,
    status: ChatStatus,
    turn: ChatTurn,
) -> Result<bool> {
    if turn.from.map_or(status == ChatStatus::Deleted, |from| status != from) {
        return Ok(false);
    }
    let Some(seen) = turn.seen else { return Ok(true) };
    // Few rows are newer than what the caller saw a moment ago.
    let heard = t
        .conn
        .prepare_cached(
            "SELECT 1 FROM message WHERE id > ?1 AND id <= ?2 AND flags & 1 AND sender = ?3 LIMIT 1",
        )
        .map_err(store)?
        .exists(params![account.key(seen), account.key(sms::id::MAX_NUMBER), peer])
        .map_err(store)?;
    Ok(!heard)
}

fn fetch(t: &Transaction<'_>, account: AccountId, number: Number) -> Result<Option<(String, Marks)>> {
    t.conn
        .prepare_cached("SELECT peer, read_up_to, marked_unread, status FROM chat WHERE id = ?1")
        .map_err(store)?
        .query_row([account.key(number)], |row| Ok((row.get(0)?, marks(row, 1)?)))
        .optional()
        .map_err(store)
}

fn save(t: &mut Transaction<'_>, account: AccountId, number: Number, peer: &str, marks: Marks) -> Result<()> {
    t.conn
        .prepare_cached("UPDATE chat SET read_up_to = ?2, marked_unread = ?3, status = ?4 WHERE id = ?1")
        .map_err(store)?
        .execute(params![account.key(number), marks.read_up_to, marks.marked_unread, marks.status as u8])
        .map_err(store)?;
    t.effect(account, Effect::Chat { number, peer: peer.to_owned(), marks });
    Ok(())
}

/// The marks in three columns from `at`.
pub(super) fn marks(row: &Row<'_>, at: usize) -> rusqlite::Result<Marks> {
    let status: u8 = row.get(at + 2)?;
    let status = ChatStatus::from_code(status)
        .ok_or(rusqlite::Error::IntegralValueOutOfRange(at + 2, i64::from(status)))?;
    Ok(Marks { read_up_to: row.get(at)?, marked_unread: row.get(at + 1)?, status })
}
