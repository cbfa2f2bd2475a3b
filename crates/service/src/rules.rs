//! What every submission of an account is planned by: settings, rates, senders. Held in memory,
//! because it seldom changes and each request asks for it.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::tz::TimeZone;
use ledger::Result;
use sms::AccountId;

use crate::account_settings::AccountSettings;
use crate::rates::Table;
use crate::{Service, zones};

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

impl Service {
    /// The rules of an account.
    pub(crate) async fn rules(&self, account: AccountId) -> Result<Arc<Rules>> {
        let now = self.now();
        let missing = match self.rules.get(&account, now) {
            Ok(rules) => return Ok(rules),
            Err(missing) => missing,
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
        self.rules.put(account, now, Arc::clone(&rules), missing);
        Ok(rules)
    }
}
