//! News of messages that are there: states, withdrawal, deletion.

use rusqlite::params;
use sms::{AccountId, Micros, Note, Number, Outcome};

use super::batch_rows;
use super::effect::Effect;
use super::loaded::{Loaded, with_message};
use super::submit::{is_unsent, is_waiting};
use super::transaction::Transaction;
use super::{events, funds, outbox, rows, store};
use crate::change::Step;
use crate::error::{LedgerError, Refusal, Result};
use crate::history::{Entry, MOST_ENTRIES, Word};
use crate::model::Message;

/// Adds news to histories; see [`crate::Changes::advance`].
pub(super) fn advance(t: &mut Transaction<'_>, account: AccountId, steps: Vec<Step>) -> Result<()> {
    for step in steps {
        let known =
            with_message(t, account, step.number, |t, message| advance_one(t, account, message, step));
        known?.ok_or(LedgerError::NotFound)?;
    }
    Ok(())
}

fn advance_one(t: &mut Transaction<'_>, account: AccountId, message: &mut Loaded, step: Step) -> Result<()> {
    if !step.entry.at.in_range() {
        return Err(Refusal::Value("dates lie between 1970 and 2106".to_owned()).into());
    }
    let entry = match step.entry.word {
        Word::Outcome(next) if next == message.outcome => return Ok(()),
        Word::Outcome(next) if message.outcome.may_become(next) => step.entry,
        Word::Outcome(next) if message.outcome.is_final() => contradiction(step.entry, next),
        Word::Outcome(to) => return Err(Refusal::IllegalStep { from: message.outcome, to }.into()),
        Word::Note(_) => step.entry,
    };
    let (from, at) = (message.outcome, entry.at);
    append(t, account, message, entry)?;
    if !is_waiting(message.outcome) {
        leave_outbox(t, account, message)?;
    } else if from == Outcome::Uncertain && message.outcome == Outcome::Queued {
        outbox::again(t, account, message, at)?;
    }
    Ok(())
}

/// A final outcome is never left: what contradicts it is kept beside it.
pub(super) fn contradiction(entry: Entry, next: Outcome) -> Entry {
    let text = entry.text.unwrap_or_else(|| next.to_string());
    Entry { word: Word::Note(Note::Contradiction), text: Some(text), ..entry }
}

/// Appends an entry to a message and moves every sum and set with it. Its row is written once, with everything
/// else that the transaction appends to it.
pub(super) fn append(
    t: &mut Transaction<'_>,
    account: AccountId,
    message: &mut Loaded,
    entry: Entry,
) -> Result<()> {
    let from = message.outcome;
    let to = entry.outcome().unwrap_or(from);
    // Operators report whole seconds or minutes: a history never runs backwards.
    let entry = Entry { at: entry.at.max(newest_of(message)), ..entry };
    if message.history.len() >= MOST_ENTRIES {
        if to == from {
            return Ok(());
        }
        // The newest word must stand in the row, whatever else does not fit any more.
        message.history.pop();
    }
    let at = entry.at;
    message.history.push(entry);
    message.outcome = to;
    if to != from
        && let Some(note) = funds::give_back(t, account, message, at)?
    {
        // As with the newest word above: that money went back must stand in the row.
        if message.history.len() >= MOST_ENTRIES {
            let before = message.history.len() - 2;
            message.history.remove(before);
        }
        message.history.push(note);
    }
    message.is_changed();
    t.changes += 1;
    if to != from {
        outbox::hold(t, account, message, (from, to))?;
        t.count_change(account, message, from, to);
        let created = message.created.seconds();
        t.effect(account, Effect::Changed { number: message.number, created, from, to });
        events::note(t, account, message.number, to, newest_of(message))?;
        // A submitted one has left it.
        if to.is_final() && (from != Outcome::Submitted || message.segments > 1) {
            leave_outbox(t, account, message)?;
        }
    }
    Ok(())
}

/// When a message's newest entry was.
fn newest_of(message: &Message) -> Micros {
    message.history.last().map_or(message.created, |last| last.at)
}

/// Takes a message out of the queue: a carrier has it, or nobody ever will. A segment that waits for another
/// attempt is dropped when it comes due.
pub(super) fn leave_outbox(t: &Transaction<'_>, account: AccountId, message: &Message) -> Result<()> {
    t.conn
        .prepare_cached("DELETE FROM outbox WHERE account = ?1 AND due = ?2 AND number = ?3")
        .map_err(store)?
        .execute(params![account.get(), message.date, message.number])
        .map_err(store)?;
    Ok(())
}

/// Hides a batch with its visible messages, which the caller looked up when it had `count` messages. `None`
/// if it has grown since.
pub(super) fn hide_batch(
    t: &mut Transaction<'_>,
    account: AccountId,
    batch: Number,
    numbers: &[Number],
    count: u32,
    now: Micros,
) -> Result<Option<u64>> {
    let id = account.key(batch);
    let state = batch_rows::state(t.conn, id)?.filter(|state| state.flags & batch_rows::HIDDEN == 0);
    let mut state = state.ok_or(LedgerError::NotFound)?;
    if state.count != count {
        return Ok(None);
    }
    state.flags |= batch_rows::HIDDEN;
    batch_rows::update(t.conn, id, &state)?;
    t.effect(account, Effect::BatchHidden { created: state.created.seconds(), batch });
    hide(t, account, numbers, now).map(Some)
}

/// Hides messages; see [`crate::Changes::hide`].
pub(super) fn hide(
    t: &mut Transaction<'_>,
    account: AccountId,
    numbers: &[Number],
    now: Micros,
) -> Result<u64> {
    let mut hidden = 0;
    for number in numbers {
        let done = with_message(t, account, *number, |t, message| hide_one(t, account, message, now))?;
        hidden += u64::from(done == Some(true));
    }
    Ok(hidden)
}

/// Hides a message; `false` when it is.
fn hide_one(t: &mut Transaction<'_>, account: AccountId, message: &mut Loaded, now: Micros) -> Result<bool> {
    if message.hidden {
        return Ok(false);
    }
    if is_unsent(message.outcome) {
        append(t, account, message, Entry::new(now, Outcome::Canceled))?;
    }
    t.conn
        .prepare_cached("UPDATE message SET flags = flags | ?2 WHERE id = ?1")
        .map_err(store)?
        .execute(params![account.key(message.number), rows::HIDDEN])
        .map_err(store)?;
    t.count_hidden(account, message);
    t.effect(account, Effect::Hidden { number: message.number, created: message.created.seconds() });
    message.is_hidden();
    Ok(true)
}

/// Cancels what is not sent; see [`crate::Changes::cancel`].
pub(super) fn cancel(
    t: &mut Transaction<'_>,
    account: AccountId,
    numbers: &[Number],
    at: Micros,
) -> Result<u64> {
    let mut canceled = 0;
    for number in numbers {
        let done = with_message(t, account, *number, |t, message| {
            let unsent = is_unsent(message.outcome);
            if unsent {
                append(t, account, message, Entry::new(at, Outcome::Canceled))?;
            }
            Ok(unsent)
        })?;
        canceled += u64::from(done == Some(true));
    }
    Ok(canceled)
}
