//! The people in a list.

use http::StatusCode;
use service::lists::Orphans;
use service::model::Contact;
use service::people::Slice;
use service::query::ContactQuery;

use super::super::call::{Call, Done, member};
use super::super::error::Failure;
use super::super::parameters::{stretch, text};
use super::super::people::{BLACKLIST, EntryId, Numbers, UNASSIGNED, put_infos, write_known};
use super::find;

/// `GET /list/{id}`.
pub(in super::super) async fn show(call: &Call<'_>) -> Done {
    let (service, account) = (call.service, call.account());
    let stretch = stretch(&call.query)?;
    let search = text(&call.query, "search")?;
    let list = find(call).await?;
    let count = service.member_count(account, list.number).await?;
    let page = match search {
        None => {
            let slice = Slice { offset: stretch.start, limit: stretch.length, descending: false };
            service.list_members(account, list.number, slice).await?
        }
        Some(search) => {
            let query = ContactQuery {
                text: Some(search.trim().trim_start_matches('+').to_owned()),
                list: Some(list.number),
                offset: stretch.start,
                limit: stretch.length,
                ..ContactQuery::default()
            };
            service.contacts(account, query).await?
        }
    };
    let mut answer = call.success();
    answer.list("list", &page.items, |answer, contact| {
        answer.text("id", &EntryId { list: list.number, number: contact.number }.text(account));
        answer.text("destination", &contact.phone);
        write_known(answer, Some(contact));
    });
    answer.text("name", &list.name);
    answer.digits("contacts", count);
    answer.integer("totalRecords", count);
    answer.integer("totalDisplayRecords", page.total);
    Ok(answer.finish(StatusCode::OK))
}

/// The contact of the path, and the list it stands in.
async fn find_member(call: &Call<'_>) -> Result<(EntryId, Contact), Failure> {
    let nobody = || Failure::Resource("there is no such contact");
    let id = EntryId::read(call.id(), call.account())?;
    if matches!(id.list, BLACKLIST | UNASSIGNED) {
        return Err(nobody());
    }
    let lists = call.service.lists_of(call.account(), id.number).await?;
    if !lists.iter().any(|list| list.number == id.list) {
        return Err(nobody());
    }
    let query = ContactQuery { numbers: Some(vec![id.number]), limit: 1, ..ContactQuery::default() };
    let contact = call.service.contacts(call.account(), query).await?.items.into_iter().next();
    Ok((id, contact.ok_or_else(nobody)?))
}

/// `DELETE /list/contact/{id}`. The person stays a contact of the account.
pub(in super::super) async fn remove_member(call: &Call<'_>) -> Done {
    let (id, _) = find_member(call).await?;
    call.service.remove_members(call.account(), id.list, vec![id.number], Orphans::Keep).await?;
    Ok(call.done())
}

/// `PUT /list/contact/{id}`. Whoever gets another number stays the same person, here and in every other list.
/// Where that number is somebody else's, it is that person who takes the place in the list.
pub(in super::super) async fn change_member(call: &Call<'_>) -> Done {
    let (service, account) = (call.service, call.account());
    let (id, mut contact) = find_member(call).await?;
    let fields = match call.fields(&["contact", "gsm", "list"])? {
        // The wrapper's name is documented nowhere, so that it may be missing.
        none if none.is_empty() => call.top()?.unwrap_or(none),
        fields => fields,
    };
    if let Some(value) = member(fields, "value")? {
        let number = Numbers::of(service, account).await?.read(&value);
        contact.phone =
            number.ok_or(Failure::Data { parameter: "value", problem: "is not a possible number" })?;
    }
    let other = service.contacts_by_phone(account, vec![contact.phone.clone()]).await?.remove(&contact.phone);
    match other.filter(|other| other.number != id.number) {
        None => {
            put_infos(&mut contact, fields)?;
            service.put_contact(account, contact).await?;
        }
        Some(mut other) => {
            put_infos(&mut other, fields)?;
            let number = service.put_contact(account, other).await?;
            service.add_members(account, id.list, vec![number]).await?;
            service.remove_members(account, id.list, vec![id.number], Orphans::Keep).await?;
        }
    }
    Ok(call.done())
}

/// `PUT /list/{id}/npai/clear`: takes the unassigned numbers out of a list.
pub(in super::super) async fn clear_unassigned(call: &Call<'_>) -> Done {
    const AT_ONCE: u32 = 1000;
    let (service, account) = (call.service, call.account());
    let list = find(call).await?;
    let mut gone = Vec::new();
    let mut offset = 0;
    loop {
        let slice = Slice { offset, limit: AT_ONCE, descending: false };
        let members = service.list_members(account, list.number, slice).await?.items;
        let phones = members.iter().map(|contact| contact.phone.clone()).collect();
        let unassigned = service.unassigned_among(account, phones).await?;
        let found = members.iter().filter(|contact| unassigned.contains(&contact.phone));
        gone.extend(found.map(|contact| contact.number));
        if members.len() < AT_ONCE as usize {
            break;
        }
        offset += u64::from(AT_ONCE);
    }
    let removed = gone.len();
    service.remove_members(account, list.number, gone, Orphans::Keep).await?;
    let mut answer = call.success();
    answer.integer("removed", removed);
    Ok(answer.finish(StatusCode::OK))
}
