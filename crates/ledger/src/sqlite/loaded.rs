//! Messages as a transaction under way has them: read once, written once, whatever happens to them in between.
//!
//! A carrier's answer and the receipt that follows it at once are often in one commit, and so are the segments of
//! a message. Whoever changes a message takes it from here; its row is written when the transaction ends, before
//! a write that may be undone alone, or when many have gathered.

use std::ops::{Deref, DerefMut};

use rusqlite::params;
use sms::{AccountId, Number};

use super::transaction::Transaction;
use super::{rows, store};
use crate::error::Result;
use crate::history;
use crate::model::Message;

/// Messages held at most; then those that were changed are written.
const MOST_LOADED: usize = 8192;

/// A message out of its row, with what its row does not say yet.
#[derive(Debug)]
pub(super) struct Loaded {
    message: Message,
    changed: bool,
}

impl Loaded {
    /// Its outcome or its history is not what its row says any more.
    pub(super) fn is_changed(&mut self) {
        self.changed = true;
    }

    /// Its row says that it is hidden.
    pub(super) fn is_hidden(&mut self) {
        self.message.hidden = true;
    }
}

impl Deref for Loaded {
    type Target = Message;

    fn deref(&self) -> &Message {
        &self.message
    }
}

impl DerefMut for Loaded {
    fn deref_mut(&mut self) -> &mut Message {
        &mut self.message
    }
}

/// Does something with a message as it is now; `None` when there is none of this number. It is out of reach of
/// everything else meanwhile: what is done must not look it up again.
pub(super) fn with_message<T>(
    t: &mut Transaction<'_>,
    account: AccountId,
    number: Number,
    work: impl FnOnce(&mut Transaction<'_>, &mut Loaded) -> Result<T>,
) -> Result<Option<T>> {
    let key = account.key(number);
    let mut loaded = match t.loaded.remove(&key) {
        Some(loaded) => loaded,
        None => match rows::fetch(t.conn, &t.state.networks.list(), account, number)? {
            Some(message) => Loaded { message, changed: false },
            None => return Ok(None),
        },
    };
    let done = work(t, &mut loaded);
    if t.loaded.len() >= MOST_LOADED {
        write(t)?;
    }
    t.loaded.insert(key, loaded);
    done.map(Some)
}

/// Writes what was changed, and forgets everything: the rows say it all.
pub(super) fn write(t: &mut Transaction<'_>) -> Result<()> {
    let loaded = std::mem::take(&mut t.loaded);
    // Whoever fails here has lost changes of others: it fails late.
    t.changes += 1;
    let mut statement = t
        .conn
        .prepare_cached("UPDATE message SET outcome = ?2, history = ?3 WHERE id = ?1")
        .map_err(store)?;
    for (key, Loaded { message, .. }) in loaded.into_iter().filter(|(_, loaded)| loaded.changed) {
        let history = history::pack(message.created, &message.history);
        statement.execute(params![key, message.outcome.code(), history]).map_err(store)?;
    }
    Ok(())
}
