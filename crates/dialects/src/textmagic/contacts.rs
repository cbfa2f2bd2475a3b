//! Contacts: who the names on messages and chats are.

mod object;
mod write;

use service::model::Contact;
use service::query::ContactQuery;

use super::call::{Answer, Call, no_content, ok};
use super::error::Failure;
use super::fields::{Fields, Wrong};
use super::paging::Paging;
use super::values::phone_of;

pub(super) use object::ContactObject;
pub(super) use write::{create, update};

/// `GET /contacts`.
pub(super) async fn list(call: &Call<'_>) -> Answer {
    let query = call.query();
    page(call, &query, ContactQuery::default()).await
}

/// `GET /contacts/search`. Nothing is in a list or has a tag yet, so a filter by either finds nobody.
pub(super) async fn search(call: &Call<'_>) -> Answer {
    let query = call.query();
    let mut filter = ContactQuery { numbers: query.ids("ids")?, ..ContactQuery::default() };
    if query.integer("listId")?.is_some() || query.ids("tagIds")?.is_some() {
        filter.numbers = Some(Vec::new());
    }
    if let Some(text) = query.text("query")? {
        if query.flag("exactMatch")? == Some(true) {
            let phone = phone_of(&text);
            let exact = call.service.contacts_by_phone(call.account(), vec![phone]).await?;
            let found: Vec<_> = exact.into_values().map(|contact| contact.number).collect();
            filter.numbers = Some(match filter.numbers {
                Some(wanted) => found.into_iter().filter(|number| wanted.contains(number)).collect(),
                None => found,
            });
        } else {
            filter.text = Some(text.into());
        }
    }
    page(call, &query, filter).await
}

async fn page(call: &Call<'_>, query: &Fields, filter: ContactQuery) -> Answer {
    let paging = Paging::of(query);
    check(query)?;
    let filter = ContactQuery {
        descending: !query.ascending()?,
        offset: paging.offset(),
        limit: paging.limit,
        ..filter
    };
    let contacts = call.service.contacts(call.account(), filter).await?;
    let resources: Vec<_> = contacts.items.iter().map(ContactObject::of).collect();
    Ok(ok(&paging.envelope(contacts.total, resources)))
}

/// Parameters that are read and change nothing: nobody shares contacts, none is blocked, and the ledger keeps
/// contacts by number only.
fn check(query: &Fields) -> Result<(), Wrong> {
    query.flag("shared")?;
    query.flag("includeBlocked")?;
    query.word("orderBy", &["id", "firstName", "lastName"])?;
    Ok(())
}

/// `GET /contacts/{id}`.
pub(super) async fn get(call: &Call<'_>) -> Answer {
    let contact = find(call).await?;
    Ok(ok(&ContactObject::of(&contact)))
}

/// The contact that the path names.
async fn find(call: &Call<'_>) -> Result<Contact, Failure> {
    let query = ContactQuery { numbers: Some(vec![call.id()?]), limit: 1, ..ContactQuery::default() };
    let mut contacts = call.service.contacts(call.account(), query).await?;
    contacts.items.pop().ok_or(Failure::NotFound)
}

/// `GET /contacts/phone/{phone}`.
pub(super) async fn by_phone(call: &Call<'_>) -> Answer {
    let phone = phone_of(&call.segment);
    let mut contacts = call.service.contacts_by_phone(call.account(), vec![phone.clone()]).await?;
    let contact = contacts.remove(&phone).ok_or(Failure::NotFound)?;
    Ok(ok(&ContactObject::of(&contact)))
}

/// `DELETE /contacts/{id}`.
pub(super) async fn delete(call: &Call<'_>) -> Answer {
    let contact = find(call).await?;
    call.service.remove_contact(call.account(), contact.number).await?;
    Ok(no_content())
}
