//! What a page of contacts shows besides the contacts.

use std::collections::HashMap;

use service::contact_fields::ContactField;
use service::contact_notes::ContactNote;
use service::contact_values::FieldValues;
use service::lists::List;
use service::model::Contact;
use sms::Number;

use super::super::call::Call;
use super::super::error::Failure;
use super::super::user::Person;

/// Lists, values and notes of some contacts, each kind looked up once.
#[derive(Default)]
pub(in super::super) struct Details {
    lists: HashMap<Number, Vec<List>>,
    counts: HashMap<Number, u64>,
    fields: Vec<ContactField>,
    values: HashMap<Number, FieldValues>,
    notes: HashMap<Number, Vec<ContactNote>>,
    /// Who wrote the notes; there is nobody where there are none.
    writer: Option<Person>,
}

impl Details {
    /// Looks up the details of these contacts.
    pub(in super::super) async fn of(
        call: &Call<'_>,
        contacts: impl Iterator<Item = &Contact> + Send,
    ) -> Result<Self, Failure> {
        let numbers: Vec<Number> = contacts.map(|contact| contact.number).collect();
        if numbers.is_empty() {
            return Ok(Self::default());
        }
        let (service, account) = (call.service, call.account());
        let lists = service.lists_of_contacts(account, numbers.clone()).await?;
        let mut wanted: Vec<Number> = lists.values().flatten().map(|list| list.number).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let counts = service.member_counts(account, wanted).await?;
        let values = service.field_values(account, numbers.clone()).await?;
        let fields = if values.is_empty() { Vec::new() } else { service.all_contact_fields(account).await? };
        let notes = service.contact_notes(account, numbers).await?;
        let writer = if notes.is_empty() { None } else { Some(Person::of(call).await?) };
        Ok(Self { lists, counts, fields, values, notes, writer })
    }

    /// The lists that a contact stands in.
    pub(super) fn lists(&self, contact: Number) -> &[List] {
        self.lists.get(&contact).map_or(&[], Vec::as_slice)
    }

    /// How many contacts each list has.
    pub(super) fn counts(&self) -> &HashMap<Number, u64> {
        &self.counts
    }

    /// The values that a contact has, each with its field.
    pub(super) fn values(&self, contact: Number) -> impl Iterator<Item = (&ContactField, &str)> {
        let values = self.values.get(&contact);
        self.fields.iter().filter_map(move |field| Some((field, values?.get(&field.number)?.as_str())))
    }

    /// The notes about a contact, with who wrote them.
    pub(super) fn notes(&self, contact: Number) -> impl Iterator<Item = (&ContactNote, &Person)> {
        let notes = self.notes.get(&contact).into_iter().flatten();
        notes.filter_map(|note| Some((note, self.writer.as_ref()?)))
    }
}
