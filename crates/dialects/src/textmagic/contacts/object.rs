//! A contact as this API writes it.

use serde::Serialize;
use service::model::Contact;
use sms::Number;
use sms::phone::country_of;

use super::super::values::CountryObject;

/// A contact. The classic keys first, in their order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ContactObject<'a> {
    id: Number,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    company_name: Option<&'a str>,
    phone: &'a str,
    email: Option<&'a str>,
    country: Option<CountryObject>,
    custom_fields: [(); 0],
    favorited: bool,
    blocked: bool,
    user: Option<()>,
    lists: [(); 0],
    phone_type: &'static str,
    avatar: Option<()>,
    notes: [(); 0],
}

/// The vendor's code for a kind of line that is not known yet.
const NOT_KNOWN_YET: &str = "-1";

impl<'a> ContactObject<'a> {
    /// Writes a contact; its country is that of its phone.
    pub(in super::super) fn of(contact: &'a Contact) -> Self {
        Self {
            id: contact.number,
            first_name: contact.first_name.as_deref(),
            last_name: contact.last_name.as_deref(),
            company_name: contact.company.as_deref(),
            phone: &contact.phone,
            email: contact.email.as_deref(),
            country: CountryObject::of(country_of(&contact.phone)),
            custom_fields: [],
            favorited: false,
            blocked: false,
            user: None,
            lists: [],
            phone_type: NOT_KNOWN_YET,
            avatar: None,
            notes: [],
        }
    }
}
