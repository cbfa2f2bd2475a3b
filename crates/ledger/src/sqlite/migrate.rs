//! Bringing a database to the newest layout: numbered files, applied once, remembered with a checksum.

use rusqlite::{Connection, OptionalExtension, params};

use super::store;
use crate::error::{LedgerError, Result};

/// Every migration: name and text. Applied ones are never edited.
const MIGRATIONS: &[(&str, &str)] = &[
    ("0001-start", include_str!("../../migrations/sqlite-0001-start.sql")),
    ("0002-outbound", include_str!("../../migrations/sqlite-0002-outbound.sql")),
    ("0003-answers", include_str!("../../migrations/sqlite-0003-answers.sql")),
    ("0004-upkeep", include_str!("../../migrations/sqlite-0004-upkeep.sql")),
    ("0005-inbound", include_str!("../../migrations/sqlite-0005-inbound.sql")),
    ("0006-hooks", include_str!("../../migrations/sqlite-0006-hooks.sql")),
    ("0007-contact-marks", include_str!("../../migrations/sqlite-0007-contact-marks.sql")),
    ("0008-receipts-by-message", include_str!("../../migrations/sqlite-0008-receipts-by-message.sql")),
];

/// Applies what is missing. Refuses a database that a newer release wrote, or whose record differs.
pub(super) fn migrate(conn: &mut Connection) -> Result<()> {
    conn.execute_batch(
        "CREATE TABLE IF NOT EXISTS migration (
            name TEXT PRIMARY KEY, checksum INTEGER NOT NULL, applied INTEGER NOT NULL) WITHOUT ROWID",
    )
    .map_err(store)?;
    let known: u32 = conn.query_row("SELECT count(*) FROM migration", [], |row| row.get(0)).map_err(store)?;
    if known as usize > MIGRATIONS.len() {
        return Err(LedgerError::Store("the database was written by a newer release".to_owned()));
    }
    for (name, text) in MIGRATIONS {
        let transaction = conn.transaction().map_err(store)?;
        let applied: Option<i64> = transaction
            .query_row("SELECT checksum FROM migration WHERE name = ?1", [name], |row| row.get(0))
            .optional()
            .map_err(store)?;
        match applied {
            Some(sum) if sum == checksum(text) => continue,
            Some(_) => {
                return Err(LedgerError::Store(format!("migration {name} was applied with another text")));
            }
            None => {}
        }
        transaction.execute_batch(text).map_err(store)?;
        transaction
            .execute(
                "INSERT INTO migration (name, checksum, applied) VALUES (?1, ?2, ?3)",
                params![name, checksum(text), sms::Micros::now().get()],
            )
            .map_err(store)?;
        transaction.commit().map_err(store)?;
    }
    Ok(())
}

/// FNV-1a over the text: tells an edited file, defends against nobody.
fn checksum(text: &str) -> i64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, octet| {
        (hash ^ u64::from(octet)).wrapping_mul(0x0100_0000_01b3)
    }) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applied_once_and_checked() {
        let mut conn = Connection::open_in_memory().expect("memory");
        migrate(&mut conn).expect("fresh");
        migrate(&mut conn).expect("again");
        conn.execute("UPDATE migration SET checksum = 1", []).expect("update");
        assert!(migrate(&mut conn).is_err());
        conn.execute("INSERT INTO migration VALUES ('9999', 1, 1)", []).expect("insert");
        assert!(migrate(&mut conn).expect_err("newer").to_string().contains("newer release"));
    }

    /// A database as the release with so many migrations left it.
    fn of_release(count: usize) -> Connection {
        let conn = Connection::open_in_memory().expect("a database");
        conn.execute_batch(
            "CREATE TABLE migration (name TEXT PRIMARY KEY, checksum INTEGER, applied INTEGER)",
        )
        .expect("a table");
        for (name, text) in &MIGRATIONS[..count] {
            conn.execute_batch(text).expect("a migration");
            conn.execute("INSERT INTO migration VALUES (?1, ?2, 0)", params![name, checksum(text)])
                .expect("a row");
        }
        conn
    }

    #[test]
    fn receipts_of_earlier_releases_are_kept() {
        let mut conn = of_release(7);
        conn.execute_batch(
            "INSERT INTO receipt VALUES (1, x'01', 'north', 'a', 8, NULL, 'x', 5, 6, x'00', 2, 4294967297, 1);
             INSERT INTO receipt VALUES (2, x'02', 'north', 'b', 8, '000', NULL, 5, 6, x'00', 1, NULL, NULL);
             INSERT INTO quarantine VALUES ('north', 'b', 0, 2);",
        )
        .expect("rows");
        let rows = |conn: &Connection| -> Vec<(i64, Vec<u8>, Option<String>, i64, Option<i64>)> {
            let mut statement = conn
                .prepare("SELECT number, hash, code, count, message FROM receipt ORDER BY number")
                .expect("a query");
            let rows = statement
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)));
            rows.expect("rows").collect::<rusqlite::Result<_>>().expect("rows")
        };
        let before = rows(&conn);
        migrate(&mut conn).expect("migrated");
        assert_eq!(rows(&conn), before);
        // The same receipt is still known by its message, and in quarantine by itself.
        for again in [
            "INSERT INTO receipt SELECT 3, hash, carrier, id, outcome, code, text, at, received, raw, 1, message, part
             FROM receipt WHERE number = 1",
            "INSERT INTO receipt SELECT 3, hash, carrier, id, outcome, code, text, at, received, raw, 1, message, part
             FROM receipt WHERE number = 2",
        ] {
            assert!(conn.execute(again, []).is_err(), "{again}");
        }
        migrate(&mut conn).expect("nothing to do");
    }
}
