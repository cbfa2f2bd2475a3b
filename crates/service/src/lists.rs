//! Contact lists: a document each, with contacts as members.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use ledger::model::Contact;
use ledger::people::{LIST, Slice};
use ledger::query::{ContactQuery, Page};
use ledger::{LedgerError, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sms::{AccountId, Micros, Number};

use crate::Service;
use crate::documents::{Typed, page_of};

/// Members read at once.
const AT_ONCE: u32 = 5000;

/// A contact list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// Its number among the account's lists; zero in one to be added.
    pub number: Number,
    /// Its name; need not be unique.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Whether others than its maker see it.
    pub shared: bool,
    /// When it was made, in microseconds since 1970.
    pub created: Micros,
    /// Whatever else a dialect keeps with it.
    pub attributes: Map<String, Value>,
}

/// How lists are ordered. Descending is the exact reverse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListOrder {
    /// By number.
    #[default]
    Number,
    /// By name without regard to case, equal ones by number.
    Name,
}

/// Which lists, in what order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListQuery {
    /// Only these numbers.
    pub numbers: Option<Vec<Number>>,
    /// Only names or descriptions that contain this, without regard to case.
    pub text: Option<String>,
    /// Only lists with this attribute, where one that is not there is the same as `false`.
    pub attribute: Option<(String, Value)>,
    /// The order.
    pub order: ListOrder,
    /// Which of them.
    pub slice: Slice,
}

/// What becomes of contacts that stand in no list any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orphans {
    /// They stay.
    Keep,
    /// They are removed.
    Remove,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Body {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    shared: bool,
    created: i64,
    #[serde(default)]
    attributes: Map<String, Value>,
}

fn list(document: Typed<Body>) -> List {
    let Typed { number, body: Body { name, description, shared, created, attributes }, .. } = document;
    List { number, name, description, shared, created: Micros::new(created), attributes }
}

impl Service {
    /// A page of lists.
    pub async fn lists(&self, account: AccountId, query: ListQuery) -> Result<Page<List>> {
        let ListQuery { numbers, text, attribute, order, slice } = query;
        if numbers.is_none() && text.is_none() && attribute.is_none() && order == ListOrder::Number {
            let Page { total, items, bound } = self.typed_page(account, LIST, slice).await?;
            return Ok(Page { total, items: items.into_iter().map(list).collect(), bound });
        }
        let text = text.map(|text| text.to_lowercase());
        let all = self.typed_all(account, LIST).await?.into_iter().map(list);
        let mut found: Vec<List> = all
            .filter(|list| {
                numbers.as_ref().is_none_or(|numbers| numbers.contains(&list.number))
                    && attribute.as_ref().is_none_or(|wanted| is(&list.attributes, wanted))
                    && text.as_ref().is_none_or(|text| {
                        list.name.to_lowercase().contains(text)
                            || list.description.to_lowercase().contains(text)
                    })
            })
            .collect();
        if order == ListOrder::Name {
            found.sort_by_cached_key(|list| list.name.to_lowercase());
        }
        Ok(page_of(found, &slice))
    }

    /// One list.
    pub async fn list(&self, account: AccountId, number: Number) -> Result<Option<List>> {
        Ok(self.typed(account, LIST, number).await?.map(list))
    }

    /// Adds a list (number zero), made now, or rewrites the one of its number; returns the number.
    pub async fn put_list(&self, account: AccountId, list: List) -> Result<Number> {
        let created = match list.number {
            0 => self.now(),
            number => self.list(account, number).await?.ok_or(LedgerError::NotFound)?.created,
        };
        let body = Body {
            name: list.name,
            description: list.description,
            shared: list.shared,
            created: created.get(),
            attributes: list.attributes,
        };
        self.put_typed(account, LIST, list.number, None, &body).await
    }

    /// Removes a list; its contacts stay unless they are orphans that are to go.
    pub async fn remove_list(&self, account: AccountId, number: Number, orphans: Orphans) -> Result<()> {
        let members = match orphans {
            Orphans::Keep => Vec::new(),
            Orphans::Remove => self.member_numbers(account, number).await?,
        };
        self.ledger.remove_document(account, LIST.to_owned(), number).await?;
        self.remove_orphans(account, members).await
    }

    /// How many contacts stand in a list.
    pub async fn member_count(&self, account: AccountId, number: Number) -> Result<u64> {
        Ok(self.ledger.members(account, number, Slice::default()).await?.total)
    }

    /// How many contacts stand in each of these lists.
    pub async fn member_counts(
        &self,
        account: AccountId,
        numbers: Vec<Number>,
    ) -> Result<HashMap<Number, u64>> {
        self.ledger.member_counts(account, numbers).await
    }

    /// A page of the contacts of a list, by number.
    pub async fn list_members(
        &self,
        account: AccountId,
        number: Number,
        slice: Slice,
    ) -> Result<Page<Contact>> {
        let descending = slice.descending;
        let Page { total, items, bound } = self.ledger.members(account, number, slice).await?;
        let items = self.contacts_of_numbers(account, items, descending).await?;
        Ok(Page { total, items, bound })
    }

    /// The numbers of all contacts of a list, rising.
    pub async fn member_numbers(&self, account: AccountId, number: Number) -> Result<Vec<Number>> {
        let mut all = Vec::new();
        loop {
            let slice = Slice { offset: all.len() as u64, limit: AT_ONCE, descending: false };
            let page = self.ledger.members(account, number, slice).await?.items;
            let ended = page.len() < AT_ONCE as usize;
            all.extend(page);
            if ended {
                return Ok(all);
            }
        }
    }

    /// Puts contacts into a list; those that do not exist are passed over. [`LedgerError::NotFound`] without
    /// the list.
    pub async fn add_members(&self, account: AccountId, number: Number, contacts: Vec<Number>) -> Result<()> {
        self.list(account, number).await?.ok_or(LedgerError::NotFound)?;
        self.ledger.set_members(account, number, contacts, true).await
    }

    /// Takes contacts out of a list. [`LedgerError::NotFound`] without the list.
    pub async fn remove_members(
        &self,
        account: AccountId,
        number: Number,
        contacts: Vec<Number>,
        orphans: Orphans,
    ) -> Result<()> {
        self.list(account, number).await?.ok_or(LedgerError::NotFound)?;
        self.ledger.set_members(account, number, contacts.clone(), false).await?;
        match orphans {
            Orphans::Keep => Ok(()),
            Orphans::Remove => self.remove_orphans(account, contacts).await,
        }
    }

    /// The lists a contact stands in, by number.
    pub async fn lists_of(&self, account: AccountId, contact: Number) -> Result<Vec<List>> {
        Ok(self.lists_of_contacts(account, vec![contact]).await?.remove(&contact).unwrap_or_default())
    }

    /// The lists each of these contacts stands in, by number; those in none are missing from the map.
    pub async fn lists_of_contacts(
        &self,
        account: AccountId,
        contacts: Vec<Number>,
    ) -> Result<HashMap<Number, Vec<List>>> {
        let numbers = self.ledger.lists_of(account, contacts).await?;
        let mut lists = HashMap::new();
        for number in numbers.values().flatten().copied() {
            if let Entry::Vacant(place) = lists.entry(number) {
                place.insert(self.list(account, number).await?);
            }
        }
        let lists_of = |numbers: Vec<Number>| {
            numbers.into_iter().filter_map(|number| lists.get(&number)?.clone()).collect::<Vec<_>>()
        };
        Ok(numbers.into_iter().map(|(contact, numbers)| (contact, lists_of(numbers))).collect())
    }

    /// Puts a contact into these lists, and takes it out of all others if it shall stand in these only; lists
    /// that do not exist are passed over.
    pub async fn put_in_lists(
        &self,
        account: AccountId,
        contact: Number,
        lists: &[Number],
        only: bool,
    ) -> Result<()> {
        let known = self.ledger.lists_of(account, vec![contact]).await?.remove(&contact).unwrap_or_default();
        let others = known.iter().filter(|number| only && !lists.contains(number));
        for number in others {
            self.ledger.set_members(account, *number, vec![contact], false).await?;
        }
        for number in lists.iter().filter(|number| !known.contains(number)) {
            match self.add_members(account, *number, vec![contact]).await {
                Err(LedgerError::NotFound) => {}
                result => result?,
            }
        }
        Ok(())
    }

    /// The contacts of these numbers, by number; those that do not exist are missing.
    pub(crate) async fn contacts_of_numbers(
        &self,
        account: AccountId,
        numbers: Vec<Number>,
        descending: bool,
    ) -> Result<Vec<Contact>> {
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let limit = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        let query = ContactQuery { numbers: Some(numbers), descending, limit, ..ContactQuery::default() };
        Ok(self.ledger.contacts(account, query).await?.items)
    }

    /// Removes those of these contacts that stand in no list.
    async fn remove_orphans(&self, account: AccountId, contacts: Vec<Number>) -> Result<()> {
        let kept = self.ledger.lists_of(account, contacts.clone()).await?;
        let orphans = contacts.into_iter().filter(|contact| !kept.contains_key(contact)).collect();
        self.remove_contacts(account, orphans).await
    }
}

/// Whether an attribute is the value, where none is the same as `false`.
fn is(attributes: &Map<String, Value>, (name, value): &(String, Value)) -> bool {
    attributes.get(name).unwrap_or(&Value::Bool(false)) == value
}
