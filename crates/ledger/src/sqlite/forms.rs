//! Which form of its own ids each carrier uses in receipts, by experience.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use super::store;
use crate::error::Result;

/// Up to this many times an experience is written each time it is made, afterwards once in so many: which
/// form is the usual one does not change any more, and the row would be written with every receipt.
const SURE: u64 = 256;

/// What was seen of each carrier, as far as it was asked for. Kept by the writer; an experience of a write
/// that was undone stays, which does no harm.
#[derive(Debug, Default)]
pub(super) struct Forms {
    seen: HashMap<String, Vec<(u8, u64)>>,
}

impl Forms {
    /// The form that a carrier used most.
    pub(super) fn usual(&mut self, conn: &Connection, carrier: &str) -> Result<Option<u8>> {
        // Of two that were seen as often the lower: the closer to what was given.
        let usual =
            self.of(conn, carrier)?.iter().max_by_key(|(form, count)| (*count, std::cmp::Reverse(*form)));
        Ok(usual.map(|(form, _)| *form))
    }

    /// A receipt was matched by this form.
    pub(super) fn learn(&mut self, conn: &Connection, carrier: &str, form: u8) -> Result<()> {
        let seen = self.of(conn, carrier)?;
        let count = match seen.iter_mut().find(|(known, _)| *known == form) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                seen.push((form, 1));
                1
            }
        };
        if count <= SURE || count % SURE == 0 {
            conn.prepare_cached(
                "INSERT OR REPLACE INTO carrier_form (carrier, form, count) VALUES (?1, ?2, ?3)",
            )
            .map_err(store)?
            .execute(params![carrier, form, count])
            .map_err(store)?;
        }
        Ok(())
    }

    /// Forgets what is in memory, after a transaction was undone.
    pub(super) fn forget(&mut self) {
        self.seen.clear();
    }

    fn of(&mut self, conn: &Connection, carrier: &str) -> Result<&mut Vec<(u8, u64)>> {
        if !self.seen.contains_key(carrier) {
            let mut statement = conn
                .prepare_cached("SELECT form, count FROM carrier_form WHERE carrier = ?1")
                .map_err(store)?;
            let rows = statement.query_map([carrier], |row| Ok((row.get(0)?, row.get(1)?))).map_err(store)?;
            let known = rows.collect::<rusqlite::Result<_>>().map_err(store)?;
            self.seen.insert(carrier.to_owned(), known);
        }
        Ok(self.seen.entry(carrier.to_owned()).or_default())
    }
}
