//! The person behind an account, as far as anybody said who that is.

use ledger::Result;
use serde::{Deserialize, Serialize};
use sms::AccountId;

use crate::Service;

/// The kind, and the name, of the document.
const KIND: &str = "profile";

/// What an account says of the person behind it. Nothing of it has an effect on anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    /// Given name; may be empty.
    pub first_name: String,
    /// Family name; may be empty.
    pub last_name: String,
    /// Company; `None` is the account's own name.
    pub company: Option<String>,
    /// E-mail address; may be empty.
    pub email: String,
    /// Phone in E.164 digits.
    pub phone: Option<String>,
}

impl Service {
    /// An account's profile; an empty one where nobody said anything.
    pub async fn profile(&self, account: AccountId) -> Result<Profile> {
        Ok(self.only(account, KIND).await?.unwrap_or_default())
    }

    /// Replaces an account's profile.
    pub async fn put_profile(&self, account: AccountId, profile: &Profile) -> Result<()> {
        self.put_only(account, KIND, profile).await
    }
}
