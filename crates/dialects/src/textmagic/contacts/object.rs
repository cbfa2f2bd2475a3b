//! A contact as this API writes it.

use serde::Serialize;
use service::contact_fields::ContactField;
use service::model::Contact;
use sms::Number;
use sms::phone::country_of;

use super::super::lists::ListObject;
use super::super::notes::NoteObject;
use super::super::values::{CountryObject, Stamp};
use super::details::Details;

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
    custom_fields: Vec<ValueObject<'a>>,
    favorited: bool,
    blocked: bool,
    user: Option<()>,
    lists: Vec<ListObject<'a>>,
    phone_type: &'static str,
    avatar: Option<()>,
    notes: Vec<NoteObject<'a>>,
}

/// The value of a custom field.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ValueObject<'a> {
    value: &'a str,
    id: Number,
    name: &'a str,
    created_at: Stamp,
    user_custom_field_id: Number,
}

impl<'a> ValueObject<'a> {
    fn of((field, value): (&'a ContactField, &'a str)) -> Self {
        Self {
            value,
            id: field.number,
            name: &field.name,
            created_at: Stamp(field.created),
            user_custom_field_id: field.number,
        }
    }
}

/// The vendor's code for a kind of line that is not known yet.
const NOT_KNOWN_YET: &str = "-1";

impl<'a> ContactObject<'a> {
    /// Writes a contact; its country is that of its phone.
    pub(in super::super) fn of(contact: &'a Contact, details: &'a Details) -> Self {
        let lists = details.lists(contact.number).iter();
        let notes = details.notes(contact.number);
        Self {
            id: contact.number,
            first_name: contact.first_name.as_deref(),
            last_name: contact.last_name.as_deref(),
            company_name: contact.company.as_deref(),
            phone: &contact.phone,
            email: contact.email.as_deref(),
            country: CountryObject::of(country_of(&contact.phone)),
            custom_fields: details.values(contact.number).map(ValueObject::of).collect(),
            favorited: contact.favorite,
            blocked: contact.blocked,
            user: None,
            lists: lists.map(|list| ListObject::of(list, details.counts())).collect(),
            phone_type: NOT_KNOWN_YET,
            avatar: None,
            notes: notes.map(|(note, writer)| NoteObject::of(note, writer)).collect(),
        }
    }
}
