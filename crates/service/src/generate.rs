//! A plausible year of an account, made up: for demonstrations and for measurements.
//!
//! Nobody's data: sentences, names and references are our own, numbers come from ranges set aside for
//! fiction as far as these last. The same plan gives the same rows, on every machine.

mod calendar;
mod fates;
mod people;
mod places;
mod random;
mod rows;
mod sizes;
#[cfg(test)]
mod tests;
mod texts;

use ledger::change::{ChatMark, ImportRow};
use ledger::{Ledger, LedgerError, Result};
use sms::{AccountId, Country, Micros, Number};

use crate::Service;
pub use rows::GeneratedRows;

/// Rows written together.
const GROUP: usize = 2048;

/// How long before the plan's end the last look at the chats was: MO after that are unread.
const UNREAD_MICROS: i64 = 36 * 3_600_000_000;

/// What is to be made up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratePlan {
    /// Messages of either direction: 85 % MT, 15 % MO.
    pub messages: u32,
    /// What tells one made-up account from another.
    pub seed: u64,
    /// The present: nothing happens after it, save that some messages are due then.
    pub until: Micros,
    /// Days before `until` on which it begins.
    pub days: u32,
    /// Where 55 % of the people live; the United States where the generator does not know the country.
    pub home: Country,
    /// The most messages of one batch; a fortieth of all messages is never exceeded.
    pub largest_batch: u32,
    /// Messages that wait for their date, counted among all.
    pub scheduled: u32,
    /// People that are in the account's contacts.
    pub contacts: u32,
}

impl GeneratePlan {
    /// A year up to `until`, at home in the United States.
    pub fn new(messages: u32, seed: u64, until: Micros) -> Self {
        Self {
            messages,
            seed,
            until,
            days: 365,
            home: places::PLACES[0].country(),
            largest_batch: 50_000,
            scheduled: (messages / 2000).clamp(3, 200).min(messages / 20),
            contacts: (messages / 200).min(1000),
        }
    }
}

/// Writes the plan's history into an account, in the order of its dates, with contacts and read chats.
///
/// `programs` are the account's programs that batches are given to, the first of them most; with none, its
/// default program. `progress` is told the messages written so far, after each group of 2048. Memory is
/// bounded by a few groups. Running it again adds nothing.
pub async fn generate(
    ledger: &dyn Ledger,
    account: AccountId,
    programs: &[Number],
    plan: GeneratePlan,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<()> {
    let default_program = [ledger.account(account).await?.default_program];
    let programs = if programs.is_empty() { &default_program } else { programs };
    let last_look = Micros::new(plan.until.get() - UNREAD_MICROS).seconds();
    let mut rows = GeneratedRows::new(plan, programs);
    let mut carried = None;
    let mut written = 0;
    let mut looked = false;
    let mut group = next_group(&mut rows, &mut carried, last_look);
    while !group.is_empty() {
        let count = group.len() as u64;
        let ends_read = !looked && group.last().is_some_and(|row| row.message.date < last_look);
        // The next group is made while the writer is at work on this one.
        let (kept, next) = tokio::join!(ledger.import(account, group), async {
            next_group(&mut rows, &mut carried, last_look)
        });
        if let Some((_, refusal)) = kept?.refused {
            return Err(LedgerError::Refused(refusal));
        }
        group = next;
        if ends_read && group.first().is_none_or(|row| row.message.date >= last_look) {
            ledger.mark_chats(account, None, ChatMark::Read).await?;
            looked = true;
        }
        written += count;
        progress(written);
    }
    for contact in rows.contacts() {
        ledger.put_contact(account, contact).await?;
    }
    Ok(())
}

impl Service {
    /// Writes a made-up history into an account; see [`generate`].
    pub async fn generate(
        &self,
        account: AccountId,
        programs: &[Number],
        plan: GeneratePlan,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<()> {
        generate(self.ledger.as_ref(), account, programs, plan, progress).await
    }
}

/// The next rows; none of them on the other side of the last look at the chats than the first.
fn next_group(rows: &mut GeneratedRows, carried: &mut Option<ImportRow>, last_look: u32) -> Vec<ImportRow> {
    let mut group: Vec<ImportRow> = Vec::with_capacity(GROUP);
    while group.len() < GROUP {
        let Some(row) = carried.take().or_else(|| rows.next()) else { break };
        let seen = |row: &ImportRow| row.message.date < last_look;
        if group.first().is_some_and(|first| seen(first) != seen(&row)) {
            *carried = Some(row);
            break;
        }
        group.push(row);
    }
    group
}
