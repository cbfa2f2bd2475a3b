//! Contacts: who the names on messages and chats are.

mod block;
mod details;
mod find;
mod import;
mod object;
mod values;
mod write;

use service::lists::List;
use service::model::Contact;
use service::query::{ContactOrder, ContactQuery};
use sms::Number;
use sms::phone::Phone;

use super::bulk::{GROUP, Which};
use super::call::{Answer, Call, no_content, ok};
use super::error::Failure;
use super::fields::{Fields, Wrong};
use super::forms::home;
use super::lists::ListObject;
use super::paging::Paging;
use super::values::phone_of;

pub(super) use block::{block, block_phone, blocked, blocked_phone, unblock, unblock_many};
pub(super) use details::Details;
pub(super) use find::{autocomplete, favorites};
pub(super) use import::{import, progress};
pub(super) use object::ContactObject;
pub(super) use write::{create, update};

/// `GET /contacts`.
pub(super) async fn list(call: &Call<'_>) -> Answer {
    let query = call.query();
    query.flag("shared")?;
    page(call, &query, ContactQuery::default()).await
}

/// `GET /contacts/search`. Contacts have no tags here, so a filter by one finds nobody.
pub(super) async fn search(call: &Call<'_>) -> Answer {
    let query = call.query();
    query.flag("shared")?;
    let mut filter =
        ContactQuery { numbers: query.ids("ids")?, list: query.id("listId")?, ..ContactQuery::default() };
    if query.flag("includeBlocked")? != Some(true) {
        filter.blocked = Some(false);
    }
    if query.ids("tagIds")?.is_some() {
        filter.numbers = Some(Vec::new());
    }
    let home = home(call, &query).await?;
    if let Some(text) = query.text("query")? {
        let local = home.and_then(|country| Phone::parse_in(&text, country).ok());
        let text = local.map_or_else(|| text.into_owned(), |phone| phone.as_str().to_owned());
        if query.flag("exactMatch")? == Some(true) {
            let exact = call.service.contacts_by_phone(call.account(), vec![phone_of(&text)]).await?;
            let found = exact.into_values().map(|contact| contact.number);
            filter.numbers = Some(match filter.numbers {
                Some(wanted) => found.filter(|number| wanted.contains(number)).collect(),
                None => found.collect(),
            });
        } else {
            filter.text = Some(text);
        }
    }
    page(call, &query, filter).await
}

/// A page of contacts in the order asked for.
pub(super) async fn page(call: &Call<'_>, query: &Fields, filter: ContactQuery) -> Answer {
    let paging = Paging::of(query);
    let filter = ContactQuery {
        order: order(query)?,
        descending: !query.ascending()?,
        offset: paging.offset(),
        limit: paging.limit,
        ..filter
    };
    let contacts = call.service.contacts(call.account(), filter).await?;
    let details = Details::of(call, contacts.items.iter()).await?;
    let resources: Vec<_> =
        contacts.items.iter().map(|contact| ContactObject::of(contact, &details)).collect();
    Ok(ok(&paging.envelope(contacts.total, resources)))
}

fn order(query: &Fields) -> Result<ContactOrder, Wrong> {
    Ok(match query.word("orderBy", &["id", "firstName", "lastName"])? {
        Some("firstName") => ContactOrder::FirstName,
        Some("lastName") => ContactOrder::LastName,
        _ => ContactOrder::Number,
    })
}

/// `GET /contacts/{id}`.
pub(super) async fn get(call: &Call<'_>) -> Answer {
    let contact = of_path(call).await?;
    one(call, &contact).await
}

/// Answers one contact.
async fn one(call: &Call<'_>, contact: &Contact) -> Answer {
    let details = Details::of(call, std::iter::once(contact)).await?;
    Ok(ok(&ContactObject::of(contact, &details)))
}

/// The contact that the path names.
pub(super) async fn of_path(call: &Call<'_>) -> Result<Contact, Failure> {
    of_number(call, call.id()?).await?.ok_or(Failure::NotFound)
}

/// The contact of a number.
pub(super) async fn of_number(call: &Call<'_>, number: Number) -> Result<Option<Contact>, Failure> {
    let query = ContactQuery { numbers: Some(vec![number]), limit: 1, ..ContactQuery::default() };
    Ok(call.service.contacts(call.account(), query).await?.items.pop())
}

/// The contact with a phone.
async fn with_phone(call: &Call<'_>, phone: &str) -> Result<Option<Contact>, Failure> {
    let mut found = call.service.contacts_by_phone(call.account(), vec![phone.to_owned()]).await?;
    Ok(found.remove(phone))
}

/// `GET /contacts/phone/{phone}`.
pub(super) async fn by_phone(call: &Call<'_>) -> Answer {
    let contact = with_phone(call, &phone_of(&call.segment)).await?.ok_or(Failure::NotFound)?;
    one(call, &contact).await
}

/// `GET /contacts/{id}/lists`, the newest list first.
pub(super) async fn lists(call: &Call<'_>) -> Answer {
    let contact = of_path(call).await?;
    let paging = Paging::of(&call.query());
    let lists = call.service.lists_of(call.account(), contact.number).await?;
    let total = lists.len() as u64;
    let offset = usize::try_from(paging.offset()).unwrap_or(usize::MAX);
    let lists: Vec<List> = lists.into_iter().rev().skip(offset).take(paging.limit as usize).collect();
    let numbers = lists.iter().map(|list| list.number).collect();
    let counts = call.service.member_counts(call.account(), numbers).await?;
    let resources: Vec<_> = lists.iter().map(|list| ListObject::of(list, &counts)).collect();
    Ok(ok(&paging.envelope(total, resources)))
}

/// `DELETE /contacts/{id}`.
pub(super) async fn delete(call: &Call<'_>) -> Answer {
    let contact = of_path(call).await?;
    call.service.remove_contact(call.account(), contact.number).await?;
    Ok(no_content())
}

/// `POST /contacts/delete`.
pub(super) async fn delete_many(call: &Call<'_>) -> Answer {
    match Which::of(&call.body()?)? {
        Which::Ids(numbers) => call.service.remove_contacts(call.account(), numbers).await?,
        Which::All => return delete_all(call).await,
    }
    Ok(no_content())
}

/// `DELETE /contact/all`.
pub(super) async fn delete_all(call: &Call<'_>) -> Answer {
    let numbers = numbers(call, ContactQuery::default()).await?;
    call.service.remove_contacts(call.account(), numbers).await?;
    Ok(no_content())
}

/// The numbers of all contacts that a query finds.
pub(super) async fn numbers(call: &Call<'_>, query: ContactQuery) -> Result<Vec<Number>, Failure> {
    let mut numbers: Vec<Number> = Vec::new();
    loop {
        let query = ContactQuery { offset: numbers.len() as u64, limit: GROUP, ..query.clone() };
        let found = call.service.contacts(call.account(), query).await?.items;
        if found.is_empty() {
            return Ok(numbers);
        }
        numbers.extend(found.iter().map(|contact| contact.number));
    }
}
