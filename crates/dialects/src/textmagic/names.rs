//! The account's contacts behind the phones of a page, looked up once.

use std::collections::HashMap;

use service::model::Contact;
use sms::Number;

use super::call::Call;
use super::error::Failure;

/// Contacts by phone.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<String, Contact>);

impl Names {
    /// Looks up the contacts of these phones; repeated ones count once.
    pub(super) async fn of(
        call: &Call<'_>,
        phones: impl Iterator<Item = &str> + Send,
    ) -> Result<Self, Failure> {
        let mut phones: Vec<String> = phones.map(str::to_owned).collect();
        phones.sort_unstable();
        phones.dedup();
        if phones.is_empty() {
            return Ok(Self::default());
        }
        Ok(Self(call.service.contacts_by_phone(call.account(), phones).await?))
    }

    /// The contact with this phone.
    pub(super) fn contact(&self, phone: &str) -> Option<&Contact> {
        self.0.get(phone)
    }

    /// All that were found.
    pub(super) fn contacts(&self) -> impl Iterator<Item = &Contact> {
        self.0.values()
    }

    /// The number of the contact with this phone.
    pub(super) fn id(&self, phone: &str) -> Option<Number> {
        self.contact(phone).map(|contact| contact.number)
    }

    /// The given name that goes with this phone.
    pub(super) fn first(&self, phone: &str) -> Option<&str> {
        self.contact(phone)?.first_name.as_deref()
    }

    /// The family name that goes with this phone.
    pub(super) fn last(&self, phone: &str) -> Option<&str> {
        self.contact(phone)?.last_name.as_deref()
    }
}
