//! The balance of prepaid accounts, moved in the commits of what it pays for.

use rusqlite::{OptionalExtension, params};
use sms::{AccountId, Micros, Money, Note, Outcome};

use super::transaction::Transaction;
use super::{rows, store};
use crate::error::{Refusal, Result};
use crate::history::{Entry, Word};
use crate::model::Message;

/// Whether a message's history says that its price was taken from the balance.
pub(super) fn is_funded(message: &Message) -> bool {
    message.history.iter().any(|entry| entry.word == Word::Note(Note::Funded))
}

/// Takes `charge`, the price of all messages that say they are funded, from the balance; returns what is left.
pub(super) fn take(
    t: &Transaction<'_>,
    account: AccountId,
    charge: Money,
    messages: &[Message],
) -> Result<Money> {
    let funded = messages.iter().filter(|message| is_funded(message));
    let prices = funded.map(|message| i128::from(message.price.millionths()));
    if charge < Money::ZERO || prices.sum::<i128>() != i128::from(charge.millionths()) {
        return Err(Refusal::Value("a charge is the price of the funded messages".to_owned()).into());
    }
    let left: Option<i64> = t
        .conn
        .prepare_cached(
            "UPDATE account SET balance = balance - ?2 WHERE id = ?1 AND (balance >= ?2 OR ?2 = 0)
             RETURNING balance",
        )
        .map_err(store)?
        .query_row(params![account.get(), charge.millionths()], |row| row.get(0))
        .optional()
        .map_err(store)?;
    match left {
        Some(left) => Ok(Money::from_millionths(left)),
        None => {
            Err(Refusal::Funds { balance: super::accounts::one(t.conn, account)?.balance, charge }.into())
        }
    }
}

/// Gives back what was paid for a message that has just ended before any carrier took a part of it, in a
/// prepaid account; returns the note for its history.
pub(super) fn give_back(
    t: &Transaction<'_>,
    account: AccountId,
    message: &Message,
    at: Micros,
) -> Result<Option<Entry>> {
    let ended_here = message.outcome.is_final() && !message.outcome.was_submitted();
    if !ended_here || !is_funded(message) || partly_submitted(t, account, message)? {
        return Ok(None);
    }
    // The mark in the row, not the note, tells that money was taken: an import brings notes only.
    let charged = t
        .conn
        .prepare_cached("UPDATE message SET flags = flags & ~?2 WHERE id = ?1 AND flags & ?2 != 0")
        .map_err(store)?
        .execute(params![account.key(message.number), rows::CHARGED])
        .map_err(store)?;
    if charged == 0 {
        return Ok(None);
    }
    t.conn
        .prepare_cached("UPDATE account SET balance = balance + ?2 WHERE id = ?1")
        .map_err(store)?
        .execute(params![account.get(), message.price.millionths()])
        .map_err(store)?;
    Ok(Some(Entry { at, word: Word::Note(Note::Refunded), code: None, text: None }))
}

/// Whether a carrier took one of several segments.
fn partly_submitted(t: &Transaction<'_>, account: AccountId, message: &Message) -> Result<bool> {
    if message.segments <= 1 {
        return Ok(false);
    }
    let mut statement = t.conn.prepare_cached("SELECT outcome FROM part WHERE id = ?1").map_err(store)?;
    let parts =
        statement.query_map([account.key(message.number)], |row| row.get::<_, i64>(0)).map_err(store)?;
    for part in parts {
        let outcome: Outcome = rows::outcome(part.map_err(store)?)?;
        if outcome.was_submitted() {
            return Ok(true);
        }
    }
    Ok(false)
}
