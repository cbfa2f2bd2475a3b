//! Lists of contacts.

mod members;
mod object;
mod write;

use serde_json::Value;
use service::lists::{List, ListOrder, ListQuery, Orphans};
use service::people::Slice;
use service::{LedgerError, query::Page};
use sms::Number;

use super::bulk::{GROUP, Which};
use super::call::{Answer, Call, no_content, ok};
use super::error::Failure;
use super::fields::{Fields, Wrong};
use super::paging::Paging;

pub(super) use members::{add, contacts, ids, remove, remove_many, replace};
pub(super) use object::ListObject;
pub(super) use write::{create, update};

/// The attribute of favorite lists.
pub(super) const FAVORITE: &str = "favorite";

/// The attribute of lists that are offered first.
const DEFAULT: &str = "default";

/// Whether a list is a favorite.
pub(super) fn is_favorite(list: &List) -> bool {
    has(list, FAVORITE)
}

fn has(list: &List, attribute: &str) -> bool {
    list.attributes.get(attribute).and_then(Value::as_bool).unwrap_or(false)
}

/// `GET /lists`.
pub(super) async fn list(call: &Call<'_>) -> Answer {
    let query = call.query();
    page(call, &query, ListQuery { attribute: attribute(&query)?, ..ListQuery::default() }).await
}

/// `GET /lists/search`.
pub(super) async fn search(call: &Call<'_>) -> Answer {
    let query = call.query();
    let numbers = query.ids("ids")?;
    let text = query.text("query")?.map(Into::into);
    page(call, &query, ListQuery { numbers, text, attribute: attribute(&query)?, ..ListQuery::default() })
        .await
}

/// The attribute that is asked for. Every list is the account's own, so `onlyMine` changes nothing.
fn attribute(query: &Fields) -> Result<Option<(String, Value)>, Wrong> {
    query.flag("onlyMine")?;
    let favorite = query.flag("favoriteOnly")? == Some(true);
    let default = query.flag("onlyDefault")? == Some(true);
    let name = if default { Some(DEFAULT) } else { favorite.then_some(FAVORITE) };
    Ok(name.map(|name| (name.to_owned(), true.into())))
}

async fn page(call: &Call<'_>, query: &Fields, filter: ListQuery) -> Answer {
    let paging = Paging::of(query);
    // The vendor's description has the names of people here; of a list that is its name.
    let order = match query.word("orderBy", &["id", "name", "firstName", "lastName"])? {
        None | Some("id") => ListOrder::Number,
        Some(_) => ListOrder::Name,
    };
    let slice = Slice { descending: !query.ascending()?, offset: paging.offset(), limit: paging.limit };
    let Page { total, items, .. } =
        call.service.lists(call.account(), ListQuery { order, slice, ..filter }).await?;
    let numbers = items.iter().map(|list| list.number).collect();
    let counts = call.service.member_counts(call.account(), numbers).await?;
    let resources: Vec<_> = items.iter().map(|list| ListObject::of(list, &counts)).collect();
    Ok(ok(&paging.envelope(total, resources)))
}

/// The list that the path names.
async fn of_path(call: &Call<'_>) -> Result<List, Failure> {
    call.service.list(call.account(), call.id()?).await?.ok_or(Failure::NotFound)
}

/// `GET /lists/{id}`.
pub(super) async fn get(call: &Call<'_>) -> Answer {
    let list = of_path(call).await?;
    let counts = call.service.member_counts(call.account(), vec![list.number]).await?;
    Ok(ok(&ListObject::of(&list, &counts)))
}

/// `DELETE /lists/{id}`: contacts that stand in no other list go with it.
pub(super) async fn delete(call: &Call<'_>) -> Answer {
    let list = of_path(call).await?;
    call.service.remove_list(call.account(), list.number, Orphans::Remove).await?;
    Ok(no_content())
}

/// `POST /lists/delete`.
pub(super) async fn delete_many(call: &Call<'_>) -> Answer {
    let numbers = match Which::of(&call.body()?)? {
        Which::Ids(numbers) => numbers,
        Which::All => numbers(call, None).await?,
    };
    for number in numbers {
        match call.service.remove_list(call.account(), number, Orphans::Remove).await {
            Err(LedgerError::NotFound) => {}
            result => result?,
        }
    }
    Ok(no_content())
}

/// The numbers of all lists whose name or description contains this.
pub(super) async fn called(call: &Call<'_>, text: &str) -> Result<Vec<Number>, Failure> {
    numbers(call, Some(text.to_owned())).await
}

async fn numbers(call: &Call<'_>, text: Option<String>) -> Result<Vec<Number>, Failure> {
    let mut numbers: Vec<Number> = Vec::new();
    loop {
        let slice = Slice { descending: false, offset: numbers.len() as u64, limit: GROUP };
        let query = ListQuery { text: text.clone(), slice, ..ListQuery::default() };
        let lists = call.service.lists(call.account(), query).await?;
        if lists.items.is_empty() {
            return Ok(numbers);
        }
        numbers.extend(lists.items.iter().map(|list| list.number));
    }
}
