//! The contacts of a list.

use std::collections::HashSet;

use service::lists::Orphans;
use service::query::ContactQuery;
use sms::Number;

use super::super::bulk::{GROUP, Which, needed};
use super::super::call::{Answer, Call, created, no_content, ok};
use super::super::contacts::{numbers, page};
use super::super::error::Failure;
use super::super::fields::Fields;
use super::super::forms::BLANK;
use super::super::values::Link;
use super::of_path;

/// `GET /lists/{id}/contacts`.
pub(in super::super) async fn contacts(call: &Call<'_>) -> Answer {
    let list = of_path(call).await?;
    let query = call.query();
    page(call, &query, ContactQuery { list: Some(list.number), ..ContactQuery::default() }).await
}

/// `GET /lists/{id}/contacts/ids`, rising.
pub(in super::super) async fn ids(call: &Call<'_>) -> Answer {
    let list = of_path(call).await?;
    Ok(ok(&call.service.member_numbers(call.account(), list.number).await?))
}

/// `PUT /lists/{id}/contacts`: puts `contacts` into the list beside those it has. Ids that are no contact's
/// are passed over.
pub(in super::super) async fn add(call: &Call<'_>) -> Answer {
    let list = of_path(call).await?;
    let contacts = given(&call.body()?)?;
    put(call, list.number, &contacts).await?;
    Ok(created(&Link::to("lists", list.number)))
}

/// `POST /lists/{id}/contacts`: the list has `contacts`, or `all` there are, and nobody else. Who has to leave
/// stays a contact.
pub(in super::super) async fn replace(call: &Call<'_>) -> Answer {
    let list = of_path(call).await?;
    let body = call.body()?;
    let contacts = if body.flag("all")? == Some(true) {
        numbers(call, ContactQuery::default()).await?
    } else {
        body.ids("contacts")?.ok_or_else(|| needed("contacts"))?
    };
    let before = call.service.member_numbers(call.account(), list.number).await?;
    put(call, list.number, &contacts).await?;
    let stay: HashSet<Number> = contacts.into_iter().collect();
    let leave: Vec<Number> = before.into_iter().filter(|contact| !stay.contains(contact)).collect();
    take(call, list.number, &leave, Orphans::Keep).await?;
    Ok(created(&Link::to("lists", list.number)))
}

/// `DELETE /lists/{id}/contacts`: takes `contacts` out of the list; those that stand in no other are deleted.
pub(in super::super) async fn remove(call: &Call<'_>) -> Answer {
    let list = of_path(call).await?;
    let contacts = given(&call.body()?)?;
    take(call, list.number, &contacts, Orphans::Remove).await?;
    Ok(no_content())
}

/// `POST /lists/{id}/contacts/delete`: the same with `ids` or `all`.
pub(in super::super) async fn remove_many(call: &Call<'_>) -> Answer {
    let list = of_path(call).await?;
    let contacts = match Which::of(&call.body()?)? {
        Which::Ids(contacts) => contacts,
        Which::All => call.service.member_numbers(call.account(), list.number).await?,
    };
    take(call, list.number, &contacts, Orphans::Remove).await?;
    Ok(no_content())
}

fn given(body: &Fields) -> Result<Vec<Number>, Failure> {
    Ok(body.ids("contacts")?.ok_or_else(|| body.wrong("contacts", BLANK))?)
}

async fn put(call: &Call<'_>, list: Number, contacts: &[Number]) -> Result<(), Failure> {
    for group in contacts.chunks(GROUP as usize) {
        call.service.add_members(call.account(), list, group.to_vec()).await?;
    }
    Ok(())
}

/// Takes contacts out of a list. Those that were not in it are left alone, whatever lists they are in.
async fn take(call: &Call<'_>, list: Number, contacts: &[Number], orphans: Orphans) -> Result<(), Failure> {
    let members: HashSet<Number> =
        call.service.member_numbers(call.account(), list).await?.into_iter().collect();
    let contacts: Vec<Number> = contacts.iter().copied().filter(|it| members.contains(it)).collect();
    for group in contacts.chunks(GROUP as usize) {
        call.service.remove_members(call.account(), list, group.to_vec(), orphans).await?;
    }
    Ok(())
}
