//! What every submission of an account is planned by: settings, rates, senders. Held in memory,
//! because it seldom changes and each request asks for it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::tz::TimeZone;
use ledger::Result;
use sms::{AccountId, Micros};

use crate::account_settings::AccountSettings;
use crate::rates::Table;
use crate::{Service, zones};

/// How long rules are taken for true without looking: another process may have changed them.
const FRESH: i64 = 1_000_000;
/// Accounts whose rules are held.
const MOST_HELD: usize = 4096;

/// An account's rules.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) settings: AccountSettings,
    pub(crate) zone: TimeZone,
    pub(crate) rates: Table,
    /// Registered senders that may be used, by rising number.
    pub(crate) senders: Vec<String>,
    pub(crate) sender_set: HashSet<String>,
    pub(crate) prepaid: bool,
    /// Whether some numbers are known to be unassigned.
    pub(crate) knows_unassigned: bool,
}

/// Rules by account.
#[derive(Debug, Default)]
pub(crate) struct RulesCache {
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    rules: HashMap<AccountId, (Micros, Arc<Rules>)>,
    /// Counts what was forgotten, so that what was read before a change is not held after it.
    forgotten: u64,
}

impl RulesCache {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the next submission of an account read its rules anew.
    pub(crate) fn forget(&self, account: AccountId) {
        let mut held = self.held();
        held.forgotten += 1;
        held.rules.remove(&account);
    }

    fn get(&self, account: AccountId, now: Micros) -> Result<Arc<Rules>, u64> {
        let held = self.held();
        match held.rules.get(&account) {
            Some((read, rules)) if (0..FRESH).contains(&(now.get() - read.get())) => Ok(Arc::clone(rules)),
            _ => Err(held.forgotten),
        }
    }

    fn put(&self, account: AccountId, now: Micros, rules: &Arc<Rules>, forgotten: u64) {
        let mut held = self.held();
        if held.forgotten != forgotten {
            return;
        }
        if held.rules.len() >= MOST_HELD {
            held.rules.clear();
        }
        held.rules.insert(account, (now, Arc::clone(rules)));
    }
}

impl Service {
    /// The rules of an account.
    pub(crate) async fn rules(&self, account: AccountId) -> Result<Arc<Rules>> {
        let now = self.now();
        let forgotten = match self.rules.get(account, now) {
            Ok(rules) => return Ok(rules),
            Err(forgotten) => forgotten,
        };
        let row = self.ledger.account(account).await?;
        let settings = self.settings(account).await?;
        let rates = Table::of(&self.rates(account).await?);
        let senders = self.usable_senders(account).await?;
        let rules = Arc::new(Rules {
            zone: zones::zone(&settings.timezone).unwrap_or(TimeZone::UTC),
            settings,
            rates,
            sender_set: senders.iter().cloned().collect(),
            senders,
            prepaid: row.prepaid,
            knows_unassigned: self.knows_unassigned(account).await?,
        });
        self.rules.put(account, now, &rules, forgotten);
        Ok(rules)
    }
}
