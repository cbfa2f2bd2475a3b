//! Contacts: one a phone.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, Row, params};
use sms::{AccountId, Micros, Number};

use super::store;
use super::transaction::Transaction;
use crate::error::{LedgerError, Refusal, Result};
use crate::model::Contact;
use crate::query::{ContactOrder, ContactQuery, Page};

const COLUMNS: &str = "id, phone, first_name, last_name, company, email, created, favorite, blocked";

/// Adds a contact or changes the one with its number, or else its phone.
pub(super) fn put(t: &mut Transaction<'_>, account: AccountId, contact: &Contact) -> Result<Number> {
    let by_phone: Option<i64> = t
        .conn
        .prepare_cached("SELECT id FROM contact WHERE account = ?1 AND phone = ?2")
        .map_err(store)?
        .query_row(params![account.get(), contact.phone], |row| row.get(0))
        .optional()
        .map_err(store)?;
    let number_of = |id: i64| (id & 0xffff_ffff) as Number;
    let number = match (contact.number, by_phone.map(number_of)) {
        (0, Some(known)) => known,
        (0, None) => {
            let counters = t.counters(account)?;
            if counters.next_contact > sms::id::MAX_NUMBER {
                return Err(Refusal::NumbersExhausted.into());
            }
            counters.next_contact += 1;
            counters.next_contact - 1
        }
        (number, Some(known)) if number != known => return Err(Refusal::Taken("the phone").into()),
        (number, _) => {
            if !exists(t.conn, account, number)? {
                return Err(LedgerError::NotFound);
            }
            number
        }
    };
    t.conn
        .prepare_cached(
            "INSERT INTO contact
                 (id, account, phone, first_name, last_name, company, email, created, favorite, blocked)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (id) DO UPDATE SET phone = excluded.phone, first_name = excluded.first_name,
                 last_name = excluded.last_name, company = excluded.company, email = excluded.email,
                 favorite = excluded.favorite, blocked = excluded.blocked",
        )
        .map_err(store)?
        .execute(params![
            account.key(number),
            account.get(),
            contact.phone,
            contact.first_name,
            contact.last_name,
            contact.company,
            contact.email,
            contact.created.get(),
            contact.favorite,
            contact.blocked
        ])
        .map_err(store)?;
    Ok(number)
}

fn exists(conn: &Connection, account: AccountId, number: Number) -> Result<bool> {
    conn.prepare_cached("SELECT 1 FROM contact WHERE id = ?1")
        .map_err(store)?
        .exists([account.key(number)])
        .map_err(store)
}

/// Removes a contact.
pub(super) fn remove(t: &Transaction<'_>, account: AccountId, number: Number) -> Result<()> {
    let removed = t
        .conn
        .prepare_cached("DELETE FROM contact WHERE id = ?1")
        .map_err(store)?
        .execute([account.key(number)])
        .map_err(store)?;
    if removed == 0 {
        return Err(LedgerError::NotFound);
    }
    t.conn
        .prepare_cached("DELETE FROM member WHERE account = ?1 AND contact = ?2")
        .map_err(store)?
        .execute(params![account.get(), number])
        .map_err(store)?;
    Ok(())
}

/// A page of contacts.
pub(super) fn page(conn: &Connection, account: AccountId, query: &ContactQuery) -> Result<Page<Contact>> {
    // Literal, case-insensitive for ASCII as SQLite compares; contacts are few beside messages.
    let pattern = query.text.as_deref().map(like_literal);
    let numbers = query.numbers.as_ref().map(|numbers| {
        let ids: Vec<i64> = numbers.iter().map(|number| account.key(*number)).collect();
        serde_json::to_string(&ids).unwrap_or_else(|_| "[]".to_owned())
    });
    let filter = "account = ?1
        AND (?2 IS NULL OR phone LIKE ?2 ESCAPE '\\' OR company LIKE ?2 ESCAPE '\\' OR email LIKE ?2 ESCAPE '\\'
             OR ifnull(first_name, '') || ' ' || ifnull(last_name, '') LIKE ?2 ESCAPE '\\')
        AND (?3 IS NULL OR id IN (SELECT value FROM json_each(?3)))
        AND (?4 IS NULL OR id IN (SELECT ?1 << 32 | contact FROM member WHERE account = ?1 AND list = ?4))
        AND (?5 IS NULL OR favorite = ?5) AND (?6 IS NULL OR blocked = ?6)";
    let ContactQuery { list, favorite, blocked, .. } = query;
    let total: u64 = conn
        .prepare_cached(&format!("SELECT count(*) FROM contact WHERE {filter}"))
        .map_err(store)?
        .query_row(params![account.get(), pattern, numbers, list, favorite, blocked], |row| row.get(0))
        .map_err(store)?;
    let direction = if query.descending { "DESC" } else { "ASC" };
    let by_name = match query.order {
        ContactOrder::Number => String::new(),
        ContactOrder::FirstName => format!("ifnull(first_name, '') COLLATE NOCASE {direction}, "),
        ContactOrder::LastName => format!("ifnull(last_name, '') COLLATE NOCASE {direction}, "),
    };
    let mut statement = conn
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM contact WHERE {filter}
             ORDER BY {by_name}id {direction} LIMIT ?7 OFFSET ?8"
        ))
        .map_err(store)?;
    let offset = i64::try_from(query.offset).unwrap_or(i64::MAX);
    let rows = statement
        .query_map(
            params![account.get(), pattern, numbers, list, favorite, blocked, query.limit, offset],
            read,
        )
        .map_err(store)?;
    let items = rows.collect::<rusqlite::Result<_>>().map_err(store)?;
    Ok(Page { total, items, bound: 0 })
}

/// A text as the inside of a LIKE pattern, nothing of it a wildcard.
fn like_literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '\\' | '%' | '_') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The contacts with these phones.
pub(super) fn by_phone(
    conn: &Connection,
    account: AccountId,
    phones: &[String],
) -> Result<HashMap<String, Contact>> {
    let mut statement = conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM contact WHERE account = ?1 AND phone = ?2"))
        .map_err(store)?;
    let mut found = HashMap::new();
    for phone in phones {
        if found.contains_key(phone) {
            continue;
        }
        if let Some(contact) =
            statement.query_row(params![account.get(), phone], read).optional().map_err(store)?
        {
            found.insert(phone.clone(), contact);
        }
    }
    Ok(found)
}

/// Those of these phones whose contact is blocked.
pub(super) fn blocked(conn: &Connection, account: AccountId, phones: &[String]) -> Result<HashSet<String>> {
    let any = conn
        .prepare_cached("SELECT 1 FROM contact WHERE account = ?1 AND blocked LIMIT 1")
        .map_err(store)?
        .exists([account.get()])
        .map_err(store)?;
    let mut found = HashSet::new();
    if !any {
        return Ok(found);
    }
    let mut statement = conn
        .prepare_cached("SELECT 1 FROM contact WHERE account = ?1 AND phone = ?2 AND blocked")
        .map_err(store)?;
    for phone in phones {
        if statement.exists(params![account.get(), phone]).map_err(store)? {
            found.insert(phone.clone());
        }
    }
    Ok(found)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Contact> {
    let id: i64 = row.get(0)?;
    let created: i64 = row.get(6)?;
    Ok(Contact {
        number: (id & 0xffff_ffff) as Number,
        phone: row.get(1)?,
        first_name: row.get(2)?,
        last_name: row.get(3)?,
        company: row.get(4)?,
        email: row.get(5)?,
        created: Micros::new(created),
        favorite: row.get(7)?,
        blocked: row.get(8)?,
    })
}
