//! What an account has decided about its sending.

use ledger::{LedgerError, Refusal, Result};
use serde::{Deserialize, Serialize};
use sms::{AccountId, Country};

use crate::quiet::QuietHours;
use crate::{Service, zones};

/// The kind, and the name, of the document.
const KIND: &str = "settings";

/// An account's settings. The default is what a new account has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountSettings {
    /// The sender of submissions that name none, and what takes the place of one that is not allowed.
    pub default_sender: Option<String>,
    /// Where numbers in national form belong to. Without it only international numbers are understood.
    pub default_country: Option<Country>,
    /// The zone of the account's clocks, by its IANA id.
    pub timezone: String,
    /// Whether only registered senders may be used; what happens to others is the dialect's policy.
    pub registers_senders: bool,
    /// Whether a newly registered sender waits for an operator before it may be used.
    pub reviews_senders: bool,
    /// Hours, in [`AccountSettings::timezone`], in which nothing is sent; what falls into them waits.
    pub quiet: Vec<QuietHours>,
    /// What waits for a person before it is sent.
    pub holds: Holds,
    /// The only countries that may be written to; `None` is all of them.
    pub countries: Option<Vec<Country>>,
}

/// Which submissions wait for a person (see [`Service::release`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holds {
    /// None.
    #[default]
    Nothing,
    /// Promotional ones.
    Promotional,
    /// All of them.
    Everything,
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self {
            default_sender: None,
            default_country: None,
            timezone: "UTC".to_owned(),
            registers_senders: false,
            reviews_senders: false,
            quiet: Vec::new(),
            holds: Holds::Nothing,
            countries: None,
        }
    }
}

impl AccountSettings {
    /// What is wrong with them, if anything is.
    pub fn fault(&self) -> Option<String> {
        if zones::zone(&self.timezone).is_none() {
            return Some(format!("there is no time zone \"{}\"", self.timezone));
        }
        if let Some(sender) = &self.default_sender
            && let Err(error) = sms::sender::Sender::parse(sender)
        {
            return Some(format!("the default sender: {error}"));
        }
        self.quiet.iter().find_map(QuietHours::fault).map(str::to_owned)
    }
}

impl Service {
    /// An account's settings.
    pub async fn settings(&self, account: AccountId) -> Result<AccountSettings> {
        Ok(self.only(account, KIND).await?.unwrap_or_default())
    }

    /// Replaces an account's settings. Refused ([`Refusal::Value`]) when one of them makes no sense.
    pub async fn put_settings(&self, account: AccountId, settings: &AccountSettings) -> Result<()> {
        if let Some(fault) = settings.fault() {
            return Err(LedgerError::Refused(Refusal::Value(fault)));
        }
        self.put_only(account, KIND, settings).await?;
        self.rules.forget(account);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_judged() {
        let good = AccountSettings::default();
        assert_eq!(good.fault(), None);
        let zone = AccountSettings { timezone: "Mars/Base".to_owned(), ..good.clone() };
        assert!(zone.fault().is_some_and(|fault| fault.contains("Mars/Base")));
        let sender = AccountSettings { default_sender: Some("Twelve chars".to_owned()), ..good.clone() };
        assert!(sender.fault().is_some());
        let json = serde_json::to_string(&good).expect("JSON");
        assert_eq!(serde_json::from_str::<AccountSettings>(&json).expect("read"), good);
        assert_eq!(serde_json::from_str::<AccountSettings>("{}").expect("read"), good);
    }
}
