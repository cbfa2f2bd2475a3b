//! Stretches of rows by rising number, rendered where they are read: what an export is made of.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};
use sms::{AccountId, BatchKey, Direction, Micros, Number};

use super::reader::Engine;
use super::{accounts, batch_rows, pages, rows, store};
use crate::error::Result;
use crate::query::MessageQuery;
use crate::row::{MessageRef, RowEncoder, Scan, Scanned};

impl Engine {
    /// Renders a stretch; see [`crate::Reading::scan`].
    pub(super) fn scan(&self, account: AccountId, scan: &Scan, encoder: &dyn RowEncoder) -> Result<Scanned> {
        let end = scan.bound.min(scan.above.saturating_add(scan.limit));
        let render = |conn: &Connection, keep: &dyn Fn(Number) -> bool| {
            let networks = self.networks.get();
            let bound = scan.bound.min(accounts::highest(conn, account)?);
            let mut scanned = Scanned { next: (end < bound).then_some(end), ..Scanned::default() };
            let mut times = BatchTimes::default();
            let sql = format!("SELECT {} FROM message WHERE id > ?1 AND id <= ?2 ORDER BY id", rows::COLUMNS);
            let mut statement = conn.prepare_cached(&sql).map_err(store)?;
            let mut found = statement.query([account.key(scan.above), account.key(end)]).map_err(store)?;
            while let Some(row) = found.next().map_err(store)? {
                let (mut message, with_batch) = rows::read(row, &networks)?;
                if message.hidden || !keep(message.number) {
                    continue;
                }
                times.complete(conn, &mut message, with_batch)?;
                encoder.encode(&message, &mut scanned.octets);
                scanned.rows += 1;
                if scan.octets > 0 && scanned.octets.len() > scan.octets && message.number < bound {
                    scanned.next = Some(message.number);
                    break;
                }
            }
            Ok(scanned)
        };
        if is_unfiltered(&scan.filter) {
            return self.in_transaction(|conn| render(conn, &|_| true));
        }
        let above = scan.filter.above.map_or(scan.above, |above| above.max(scan.above));
        let query = MessageQuery { above: Some(above), bound: Some(end), ..filter_only(&scan.filter) };
        self.pick(
            account,
            |derived, conn| Ok(derived.matching(&query, pages::query_span(conn, account, &query)?)),
            |conn, numbers| render(conn, &|number| numbers.contains(number)),
        )
    }
}

/// The filter of a scan without order, page, cursor and bound.
fn filter_only(query: &MessageQuery) -> MessageQuery {
    let neutral = MessageQuery::default();
    MessageQuery {
        order: neutral.order,
        descending: false,
        offset: 0,
        limit: 0,
        after: None,
        bound: None,
        ..query.clone()
    }
}

fn is_unfiltered(query: &MessageQuery) -> bool {
    filter_only(query) == MessageQuery::default()
}

/// When batches were made, and the MT that MO answer. Rows of a batch mostly follow each other.
#[derive(Default)]
struct BatchTimes {
    last: Option<(Number, Micros)>,
    answered: HashMap<Number, Micros>,
}

impl BatchTimes {
    /// Fills in the two times that stand in other rows.
    fn complete(&mut self, conn: &Connection, message: &mut MessageRef<'_>, with_batch: bool) -> Result<()> {
        if let BatchKey::Mt(batch) = message.batch
            && !with_batch
        {
            message.batch_created = match self.last {
                Some((known, created)) if known == batch => created,
                _ => {
                    let state = batch_rows::state(conn, message.account.key(batch))?;
                    let created = state.map_or(message.created, |state| state.created);
                    self.last = Some((batch, created));
                    created
                }
            };
        }
        if message.direction == Direction::Mo
            && let Some(number) = message.answers
        {
            let created = match self.answered.get(&number) {
                Some(created) => Some(*created),
                None => {
                    let created: Option<i64> = conn
                        .prepare_cached("SELECT created FROM message WHERE id = ?1 AND flags & 16 = 0")
                        .map_err(store)?
                        .query_row([message.account.key(number)], |row| row.get(0))
                        .optional()
                        .map_err(store)?;
                    created.map(Micros::new)
                }
            };
            if let Some(created) = created {
                self.answered.insert(number, created);
            }
            message.answers_created = created;
        }
        Ok(())
    }
}
