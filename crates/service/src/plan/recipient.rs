//! Recipients: read, told apart, looked up.

use std::collections::{BTreeMap, HashSet};

use ledger::model::{Contact, Network};
use sms::Country;
use sms::phone::{Phone, PhoneError};

use super::request::Recipient;
use crate::contact_values::Values;
use crate::interchange::party;

/// What stands for a recipient of which nothing can be seen.
const NOTHING: &str = "?";

/// Why a recipient is no possible number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableRecipient {
    /// It does not read as a number.
    #[error(transparent)]
    Unreadable(#[from] PhoneError),
    /// It is a number that no numbering plan knows.
    #[error("not a possible number")]
    Impossible,
}

/// One message that is to be.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) phone: Result<Phone, UnusableRecipient>,
    /// Its digits, or what was given instead of them.
    pub(crate) to: String,
    pub(crate) reference: Option<String>,
    pub(crate) values: Values,
    pub(crate) list: Option<String>,
    pub(crate) contact: Option<Contact>,
    pub(crate) network: Network,
}

/// The recipients of a submission, each number once.
#[derive(Debug, Default)]
pub(crate) struct Targets {
    country: Option<Country>,
    pub(crate) all: Vec<Target>,
    /// How many of them, from the first, were given by number.
    pub(crate) given: usize,
    seen: HashSet<Phone>,
    seen_texts: HashSet<String>,
    /// How many were there before.
    pub(crate) repeated: u32,
}

impl Targets {
    /// None yet; numbers in national form belong to `country`.
    pub(crate) fn new(country: Option<Country>, expected: usize) -> Self {
        Self {
            country,
            all: Vec::with_capacity(expected),
            seen: HashSet::with_capacity(expected),
            ..Self::default()
        }
    }

    /// Takes in a recipient by number, before any contact.
    pub(crate) fn add(&mut self, recipient: Recipient) {
        let Recipient { to, reference, values, list, network } = recipient;
        let (phone, to) = self.read(&to);
        self.push(Target { phone, to, reference, values, list, contact: None, network });
        self.given = self.all.len();
    }

    /// Takes in a contact, with the list it was found in.
    pub(crate) fn add_contact(&mut self, contact: Contact, list: Option<&str>) {
        let (phone, to) = self.read(&contact.phone);
        self.push(Target {
            phone,
            to,
            reference: None,
            values: Values::new(),
            list: list.map(str::to_owned),
            contact: Some(contact),
            network: Network::default(),
        });
    }

    /// Gives those that have no values of their own the ones of their phone.
    pub(crate) fn give_values(&mut self, mut by_phone: BTreeMap<String, Values>) {
        if by_phone.is_empty() {
            return;
        }
        for target in self.all.iter_mut().filter(|target| target.values.is_empty()) {
            // Each phone is there once.
            target.values = by_phone.remove(&target.to).unwrap_or_default();
        }
    }

    fn read(&self, text: &str) -> (Result<Phone, UnusableRecipient>, String) {
        let phone = match self.country {
            Some(country) => Phone::parse_in(text, country),
            None => Phone::parse(text),
        };
        match phone {
            Ok(phone) if phone.is_possible() => (Ok(phone), phone.as_str().to_owned()),
            Ok(phone) => (Err(UnusableRecipient::Impossible), phone.as_str().to_owned()),
            Err(error) => {
                let kept = party::kept(text);
                (Err(error.into()), if kept.is_empty() { NOTHING.to_owned() } else { kept })
            }
        }
    }

    fn push(&mut self, target: Target) {
        let is_new = match &target.phone {
            Ok(phone) => self.seen.insert(*phone),
            Err(_) => self.seen_texts.insert(target.to.clone()),
        };
        if is_new {
            self.all.push(target);
        } else {
            self.repeated += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_once_at_its_first_place() {
        let mut targets = Targets::new(None, 4);
        for to in ["+46 70 174 06 05", "x", "46701740605", "0612345678", "x", "33612345678"] {
            targets.add(Recipient::of(to));
        }
        let contact = Contact { phone: "33612345678".to_owned(), ..Contact::default() };
        targets.add_contact(contact, Some("list"));
        let all: Vec<_> =
            targets.all.iter().map(|target| (target.to.as_str(), target.phone.is_ok())).collect();
        let wanted = [("46701740605", true), ("x", false), ("0612345678", false), ("33612345678", true)];
        assert_eq!(all, wanted);
        assert_eq!(targets.repeated, 3);
    }

    #[test]
    fn values_go_to_their_phone() {
        let values = |word: &str| Values::from([("a".to_owned(), word.to_owned())]);
        let mut targets = Targets::new(None, 3);
        targets.add(Recipient { values: values("own"), ..Recipient::of("46701740605") });
        targets.add(Recipient::of("+46 70 174 06 06"));
        targets.add_contact(Contact { phone: "33612345678".to_owned(), ..Contact::default() }, None);
        let phones = ["46701740605", "46701740606", "33612345678", "4612"];
        targets.give_values(phones.map(|phone| (phone.to_owned(), values(phone))).into());
        let given: Vec<&str> = targets.all.iter().map(|target| target.values["a"].as_str()).collect();
        assert_eq!(given, ["own", "46701740606", "33612345678"]);
    }

    #[test]
    fn national_numbers_where_a_country_is_set() {
        let mut targets = Targets::new(Country::parse("FR"), 2);
        targets.add(Recipient::of("06 12 34 56 78"));
        targets.add(Recipient::of("+33612345678"));
        assert_eq!((targets.all.len(), targets.repeated), (1, 1));
        assert_eq!(targets.all[0].to, "33612345678");
    }

    #[test]
    fn nonsense_is_kept_short() {
        let mut targets = Targets::new(None, 1);
        targets.add(Recipient::of("é".repeat(5000)));
        assert_eq!(targets.all[0].to.chars().count(), party::LONGEST);
        targets.add(Recipient::of("\u{1}"));
        assert_eq!(targets.all[1].to, NOTHING);
    }
}
