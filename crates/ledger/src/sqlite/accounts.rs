//! Accounts, keys and programs.

use std::sync::LazyLock;

use rusqlite::{Connection, OptionalExtension, Row, params};
use sms::{AccountId, Micros, Money, Number};

use super::store;
use super::transaction::Transaction;
use crate::change::{NewAccount, NewKey, NewProgram};
use crate::error::{LedgerError, Refusal, Result};
use crate::model::{Account, Key, Program};

/// What every request asks for: a key by its hash, an account by its number.
static BY_HASH: LazyLock<String> = LazyLock::new(|| format!("{KEY} WHERE hash = ?1"));
static ONE: LazyLock<String> = LazyLock::new(|| format!("{ACCOUNT} WHERE id = ?1"));
const ACCOUNT: &str = "SELECT id, name, username, currency, prepaid, balance, created, disabled, default_program \
     FROM account";
const KEY: &str = "SELECT id, account, username, hash, created, expires, addresses, revoked FROM \"key\"";

/// Makes an account with its default program.
pub(super) fn create(t: &Transaction<'_>, new: &NewAccount) -> Result<Account> {
    let next: u32 = t
        .conn
        .query_row("SELECT ifnull(max(id), 0) + 1 FROM account", [], |row| row.get(0))
        .map_err(store)?;
    let id = AccountId::new(next).ok_or(Refusal::NumbersExhausted)?;
    let taken = t
        .conn
        .prepare_cached("SELECT 1 FROM account WHERE name = ?1")
        .map_err(store)?
        .exists([&new.name])
        .map_err(store)?;
    if taken {
        return Err(Refusal::Taken("the name").into());
    }
    let program =
        NewProgram { name: "Default Program".to_owned(), campaign: String::new(), kind: String::new() };
    let program = insert_program(t.conn, id, &program)?;
    t.conn
        .execute(
            "INSERT INTO account (id, name, username, currency, prepaid, balance, created, disabled,
                 default_program, next_message, next_batch, next_chat, next_contact, last_date)
             VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, 0, ?7, 1, 1, 1, 1, 0)",
            params![
                id.get(),
                new.name,
                new.username,
                new.currency.as_str(),
                new.prepaid,
                new.at.get(),
                program.number
            ],
        )
        .map_err(store)?;
    one(t.conn, id)
}

/// Every account by number.
pub(super) fn all(conn: &Connection) -> Result<Vec<Account>> {
    let mut statement = conn.prepare_cached(&format!("{ACCOUNT} ORDER BY id")).map_err(store)?;
    let rows = statement.query_map([], account).map_err(store)?;
    rows.collect::<rusqlite::Result<_>>().map_err(store)
}

/// One account.
pub(super) fn one(conn: &Connection, id: AccountId) -> Result<Account> {
    conn.prepare_cached(&ONE)
        .map_err(store)?
        .query_row([id.get()], account)
        .optional()
        .map_err(store)?
        .ok_or(LedgerError::NotFound)
}

/// Accounts that have messages, each with the newest date of its live traffic; the latest first.
pub(super) fn by_last_date(conn: &Connection) -> Result<Vec<(AccountId, u32)>> {
    let mut statement = conn
        .prepare_cached(
            "SELECT id, last_date FROM account WHERE next_message > 1 ORDER BY last_date DESC, id",
        )
        .map_err(store)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(store)?;
    let rows: Vec<(u32, u32)> = rows.collect::<rusqlite::Result<_>>().map_err(store)?;
    Ok(rows.into_iter().filter_map(|(id, date)| Some((AccountId::new(id)?, date))).collect())
}

/// The highest message number of an account.
pub(super) fn highest(conn: &Connection, id: AccountId) -> Result<Number> {
    conn.prepare_cached("SELECT next_message - 1 FROM account WHERE id = ?1")
        .map_err(store)?
        .query_row([id.get()], |row| row.get(0))
        .optional()
        .map_err(store)?
        .ok_or(LedgerError::NotFound)
}

fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    let impossible = |column| rusqlite::Error::IntegralValueOutOfRange(column, 0);
    let id: u32 = row.get(0)?;
    let currency: String = row.get(3)?;
    let (balance, created): (i64, i64) = (row.get(5)?, row.get(6)?);
    Ok(Account {
        id: AccountId::new(id).ok_or_else(|| impossible(0))?,
        name: row.get(1)?,
        username: row.get(2)?,
        currency: currency.parse().map_err(|_| impossible(3))?,
        prepaid: row.get(4)?,
        balance: Money::from_millionths(balance),
        created: Micros::new(created),
        disabled: row.get(7)?,
        default_program: row.get(8)?,
    })
}

/// Disables or enables an account.
pub(super) fn set_disabled(t: &Transaction<'_>, id: AccountId, disabled: bool) -> Result<()> {
    let changed = t
        .conn
        .execute("UPDATE account SET disabled = ?2 WHERE id = ?1", params![id.get(), disabled])
        .map_err(store)?;
    if changed == 0 { Err(LedgerError::NotFound) } else { Ok(()) }
}

/// Adds to a prepaid account's balance.
pub(super) fn fund(t: &Transaction<'_>, id: AccountId, amount: Money) -> Result<Money> {
    let account = one(t.conn, id)?;
    if !account.prepaid {
        return Err(Refusal::Value("the account is not prepaid".to_owned()).into());
    }
    let balance = account
        .balance
        .checked_add(amount)
        .ok_or_else(|| Refusal::Value("the balance would be out of range".to_owned()))?;
    t.conn
        .execute("UPDATE account SET balance = ?2 WHERE id = ?1", params![id.get(), balance.millionths()])
        .map_err(store)?;
    Ok(balance)
}

/// Makes a key.
pub(super) fn create_key(t: &Transaction<'_>, id: AccountId, new: NewKey) -> Result<Key> {
    one(t.conn, id)?;
    if key_by_hash(t.conn, &new.hash)?.is_some() {
        return Err(Refusal::Taken("the secret").into());
    }
    t.conn
        .execute(
            "INSERT INTO \"key\" (account, username, hash, created, expires, addresses, revoked)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)",
            params![
                id.get(),
                new.username,
                new.hash,
                new.at.get(),
                new.expires.map(Micros::get),
                new.addresses.join(" ")
            ],
        )
        .map_err(store)?;
    key_by_hash(t.conn, &new.hash)?.ok_or(LedgerError::NotFound)
}

/// The keys of an account.
pub(super) fn keys(conn: &Connection, id: AccountId) -> Result<Vec<Key>> {
    one(conn, id)?;
    let mut statement =
        conn.prepare_cached(&format!("{KEY} WHERE account = ?1 ORDER BY id")).map_err(store)?;
    let rows = statement.query_map([id.get()], key).map_err(store)?;
    rows.collect::<rusqlite::Result<_>>().map_err(store)
}

/// The key whose secret has this hash.
pub(super) fn key_by_hash(conn: &Connection, hash: &[u8; 32]) -> Result<Option<Key>> {
    conn.prepare_cached(&BY_HASH).map_err(store)?.query_row([hash.as_slice()], key).optional().map_err(store)
}

fn key(row: &Row<'_>) -> rusqlite::Result<Key> {
    let impossible = |column| rusqlite::Error::IntegralValueOutOfRange(column, 0);
    let account: u32 = row.get(1)?;
    let created: i64 = row.get(4)?;
    let expires: Option<i64> = row.get(5)?;
    let addresses: String = row.get(6)?;
    Ok(Key {
        id: row.get(0)?,
        account: AccountId::new(account).ok_or_else(|| impossible(1))?,
        username: row.get(2)?,
        hash: row.get(3)?,
        created: Micros::new(created),
        expires: expires.map(Micros::new),
        addresses: addresses.split_whitespace().map(str::to_owned).collect(),
        revoked: row.get(7)?,
    })
}

/// Revokes a key.
pub(super) fn revoke_key(t: &Transaction<'_>, id: AccountId, key: u32) -> Result<()> {
    let changed = t
        .conn
        .execute("UPDATE \"key\" SET revoked = 1 WHERE id = ?1 AND account = ?2", params![key, id.get()])
        .map_err(store)?;
    if changed == 0 { Err(LedgerError::NotFound) } else { Ok(()) }
}

/// Makes a program.
pub(super) fn create_program(t: &Transaction<'_>, id: AccountId, new: NewProgram) -> Result<Program> {
    one(t.conn, id)?;
    insert_program(t.conn, id, &new)
}

fn insert_program(conn: &Connection, id: AccountId, new: &NewProgram) -> Result<Program> {
    conn.execute(
        "INSERT INTO program (account, name, campaign, kind) VALUES (?1, ?2, ?3, ?4)",
        params![id.get(), new.name, new.campaign, new.kind],
    )
    .map_err(store)?;
    let number = Number::try_from(conn.last_insert_rowid()).map_err(|_| Refusal::NumbersExhausted)?;
    Ok(Program { number, name: new.name.clone(), campaign: new.campaign.clone(), kind: new.kind.clone() })
}

/// The programs of an account by number.
pub(super) fn programs(conn: &Connection, id: AccountId) -> Result<Vec<Program>> {
    let mut statement = conn
        .prepare_cached("SELECT number, name, campaign, kind FROM program WHERE account = ?1 ORDER BY number")
        .map_err(store)?;
    let rows = statement
        .query_map([id.get()], |row| {
            Ok(Program { number: row.get(0)?, name: row.get(1)?, campaign: row.get(2)?, kind: row.get(3)? })
        })
        .map_err(store)?;
    rows.collect::<rusqlite::Result<_>>().map_err(store)
}
