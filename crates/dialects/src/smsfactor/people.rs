//! People in lists: what is known of them, their numbers, and the ids by which callers name them.

use std::collections::HashMap;

use serde_json::Value;
use service::Service;
use service::model::Contact;
use sms::phone::Phone;
use sms::{AccountId, Country, Number};

use super::answer::Answer;
use super::body::{Fields, items};
use super::call::member;
use super::error::Failure;
use super::submission::plain;

/// The words for what is known of a person.
pub(super) const INFOS: [&str; 4] = ["info1", "info2", "info3", "info4"];

/// What is known of a person, in the order of [`INFOS`]: given name, family name, company, e-mail address.
/// It belongs to the person, not to a list.
pub(super) fn infos(contact: Option<&Contact>) -> [Option<&str>; 4] {
    let Some(contact) = contact else { return [None; 4] };
    [&contact.first_name, &contact.last_name, &contact.company, &contact.email].map(|info| info.as_deref())
}

/// Writes what is known, and nothing of the rest.
pub(super) fn write_known(answer: &mut Answer, contact: Option<&Contact>) {
    for (key, info) in INFOS.into_iter().zip(infos(contact)) {
        if let Some(info) = info {
            answer.text(key, info);
        }
    }
}

/// Writes all of them, `null` for what is not known.
pub(super) fn write_or_null(answer: &mut Answer, contact: Option<&Contact>) {
    for (key, info) in INFOS.into_iter().zip(infos(contact)) {
        answer.text_or_null(key, info);
    }
}

/// Replaces what a body says of a person; an empty text takes it away, what it does not say stays.
pub(super) fn put_infos(contact: &mut Contact, fields: &Fields) -> Result<(), Failure> {
    let places = [&mut contact.first_name, &mut contact.last_name, &mut contact.company, &mut contact.email];
    for (key, place) in INFOS.into_iter().zip(places) {
        if fields.contains_key(key) {
            *place = member(fields, key)?;
        }
    }
    Ok(())
}

/// The contacts of these phones.
pub(super) async fn contacts_of(
    service: &Service,
    account: AccountId,
    phones: impl Iterator<Item = &str>,
) -> Result<HashMap<String, Contact>, Failure> {
    let phones: Vec<String> = phones.map(str::to_owned).collect();
    if phones.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(service.contacts_by_phone(account, phones).await?)
}

/// How an account's numbers are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers(Option<Country>);

impl Numbers {
    /// Those of an account, which may have set a country for numbers in national form.
    pub(super) async fn of(service: &Service, account: AccountId) -> Result<Self, Failure> {
        Ok(Self(service.settings(account).await?.default_country))
    }

    /// The digits of a possible number.
    pub(super) fn read(self, text: &str) -> Option<String> {
        let text = plain(text);
        let phone = match self.0 {
            Some(country) => Phone::parse_in(text, country),
            None => Phone::parse(text),
        };
        phone.ok().filter(Phone::is_possible).map(|phone| phone.as_str().to_owned())
    }
}

/// People as a body lists them under `contacts.gsm`.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Each number once, at its first place.
    pub(super) contacts: Vec<Contact>,
    /// How many were listed.
    pub(super) received: u64,
    /// How many of them have no possible number.
    pub(super) invalid: u64,
    /// How many of them are there before.
    pub(super) repeated: u64,
}

impl People {
    /// Reads them.
    pub(super) fn read(fields: &Fields, numbers: Numbers) -> Result<Self, Failure> {
        let listed = fields.get("contacts").and_then(|contacts| contacts.get("gsm"));
        let mut people = Self::default();
        let mut places = HashMap::new();
        for item in listed.into_iter().flat_map(items) {
            people.received += 1;
            let (number, infos) = match item {
                Value::String(text) => (Some(text.clone()), None),
                Value::Number(digits) => (Some(digits.to_string()), None),
                Value::Object(fields) => (member(fields, "value")?, Some(fields)),
                Value::Null | Value::Bool(_) | Value::Array(_) => (None, None),
            };
            let Some(phone) = number.and_then(|number| numbers.read(&number)) else {
                people.invalid += 1;
                continue;
            };
            if let Some(place) = places.insert(phone.clone(), people.contacts.len()) {
                places.insert(phone, place);
                people.repeated += 1;
                continue;
            }
            let mut contact = Contact { phone, ..Contact::default() };
            if let Some(infos) = infos {
                put_infos(&mut contact, infos)?;
            }
            people.contacts.push(contact);
        }
        Ok(people)
    }

    /// Their phones.
    pub(super) fn phones(&self) -> Vec<String> {
        self.contacts.iter().map(|contact| contact.phone.clone()).collect()
    }
}

/// Somebody in a list, as callers name him: 24 hexadecimal digits that hold the account, the list (none for
/// the blacklist and the unassigned numbers) and the number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EntryId {
    /// The list.
    pub(super) list: Number,
    /// The number of the contact, or of the entry.
    pub(super) number: Number,
}

/// Stands for the blacklist; no list of contacts has this number.
pub(super) const BLACKLIST: Number = 0;
/// Stands for the unassigned numbers.
pub(super) const UNASSIGNED: Number = Number::MAX;

impl EntryId {
    /// Its text in an account.
    pub(super) fn text(self, account: AccountId) -> String {
        format!("{:08x}{:08x}{:08x}", account.get(), self.list, self.number)
    }

    /// Reads the text of an entry of this account; any other names nothing.
    pub(super) fn read(text: &str, account: AccountId) -> Result<Self, Failure> {
        let nobody = || Failure::Resource("there is no such contact");
        if text.len() != 24 || !text.bytes().all(|octet| octet.is_ascii_hexdigit()) {
            return Err(nobody());
        }
        let word = |from: usize| text.get(from..from + 8).and_then(|word| u32::from_str_radix(word, 16).ok());
        match (word(0), word(8), word(16)) {
            (Some(owner), Some(list), Some(number)) if owner == account.get() => Ok(Self { list, number }),
            _ => Err(nobody()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_reversible_and_nobody_elses() {
        let account = AccountId::new(7).expect("in range");
        let id = EntryId { list: 3, number: 0x7fff_ffff };
        let text = id.text(account);
        assert_eq!(text, "00000007000000037fffffff");
        assert_eq!(EntryId::read(&text, account).expect("read"), id);
        let other = AccountId::new(8).expect("in range");
        for (text, account) in [(text.as_str(), other), ("", account), ("x", account), (&text[1..], account)]
        {
            assert!(EntryId::read(text, account).is_err(), "{text}");
        }
        assert!(EntryId::read("+0000007000000037fffffff", account).is_err());
    }

    #[test]
    fn people_are_counted() {
        let fields: Value = serde_json::from_str(
            r#"{"contacts":{"gsm":[{"value":"33612345678","info1":"Ada","info2":""},"+33 6 12 34 56 78",
                "0033600000000","0612345678",{"info1":"nobody"},null]}}"#,
        )
        .expect("JSON");
        let people = People::read(fields.as_object().expect("an object"), Numbers(None)).expect("read");
        assert_eq!((people.received, people.invalid, people.repeated), (6, 3, 1));
        assert_eq!(people.phones(), ["33612345678", "33600000000"]);
        assert_eq!(people.contacts[0].first_name.as_deref(), Some("Ada"));
        assert_eq!(people.contacts[0].last_name, None);
    }
}
