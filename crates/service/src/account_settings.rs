//! What an account has decided about its sending.

use ledger::{LedgerError, Refusal, Result};
use serde::{Deserialize, Serialize};
use sms::{AccountId, Country};

use crate::quiet::QuietHours;
use crate::receive_message::{command, fold};
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
    /// What confirms an opt-out to the person who wrote STOP; nothing does where absent.
    pub stop_reply: Option<String>,
    /// What confirms that an opt-out was lifted to the person who wrote START.
    pub start_reply: Option<String>,
    /// What answers HELP.
    pub help_reply: Option<String>,
    /// Words that mean STOP to this account, beside everybody's; several words may be one.
    pub own_stop_words: Vec<String>,
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
            stop_reply: None,
            start_reply: None,
            help_reply: None,
            own_stop_words: Vec::new(),
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
        let replies = [&self.stop_reply, &self.start_reply, &self.help_reply];
        if replies.into_iter().flatten().any(|reply| reply.trim().is_empty()) {
            return Some("an answer to STOP, START or HELP has a text, or there is none".to_owned());
        }
        let unusable = |word: &&String| command::compact(&fold::words(word)).is_none();
        if let Some(word) = self.own_stop_words.iter().find(unusable) {
            return Some(format!("\"{word}\" is no word of at most 40 letters and digits"));
        }
        self.quiet.iter().find_map(QuietHours::fault).map(str::to_owned)
    }

    /// Whether a text of these words is one of the account's own words for STOP.
    pub(crate) fn own_stop_word(&self, words: &[String]) -> bool {
        let Some(text) = command::compact(words) else { return false };
        self.own_stop_words.iter().any(|word| command::compact(&fold::words(word)).as_ref() == Some(&text))
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
        self.rules.forget(&account);
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
        let silent = AccountSettings { help_reply: Some(" ".to_owned()), ..good.clone() };
        assert!(silent.fault().is_some());
        let own = |word: &str| AccountSettings { own_stop_words: vec![word.to_owned()], ..good.clone() };
        assert!(own("!").fault().is_some());
        assert_eq!(own("No more!").fault(), None);
        assert!(own("No more!").own_stop_word(&["nomore".to_owned()]));
        assert!(!own("No more!").own_stop_word(&["no".to_owned()]));
        let json = serde_json::to_string(&good).expect("JSON");
        assert_eq!(serde_json::from_str::<AccountSettings>(&json).expect("read"), good);
        assert_eq!(serde_json::from_str::<AccountSettings>("{}").expect("read"), good);
    }
}
