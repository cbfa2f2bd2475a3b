//! Contact lists (reference 2.6). A list holds each number once: what comes twice is counted and not kept.

mod members;

use http::StatusCode;
use service::lists::{List, ListQuery, Orphans};
use service::people::Slice;
use sms::Number;

use super::call::{Call, Done, member, number};
use super::error::Failure;
use super::local_time::LocalTime;
use super::people::{Numbers, People};

pub(super) use members::{change_member, clear_unassigned, remove_member, show};

/// Lists read at once.
const AT_ONCE: u32 = 1000;

/// The list of the path.
async fn find(call: &Call<'_>) -> Result<List, Failure> {
    let unknown = || Failure::Resource("there is no such list");
    let number = number(call.id()).ok_or_else(unknown)?;
    call.service.list(call.account(), number).await?.ok_or_else(unknown)
}

/// `GET /lists`.
pub(super) async fn all(call: &Call<'_>) -> Done {
    let mut lists: Vec<(List, u64)> = Vec::new();
    loop {
        let slice = Slice { offset: lists.len() as u64, limit: AT_ONCE, descending: false };
        let query = ListQuery { slice, ..ListQuery::default() };
        let page = call.service.lists(call.account(), query).await?.items;
        let ended = page.len() < AT_ONCE as usize;
        for list in page {
            let count = call.service.member_count(call.account(), list.number).await?;
            lists.push((list, count));
        }
        if ended {
            break;
        }
    }
    let mut local = LocalTime::default();
    let mut answer = call.success();
    answer.list("lists", &lists, |answer, (list, count)| {
        answer.digits("id", list.number);
        answer.text("name", &list.name);
        answer.text("date", &local.text(list.created.seconds()));
        answer.digits("count", *count);
    });
    Ok(answer.finish(StatusCode::OK))
}

/// `POST /list`: makes a list, or adds to the one that the body names.
pub(super) async fn create(call: &Call<'_>) -> Done {
    let (service, account) = (call.service, call.account());
    let fields = call.fields(&["list"])?;
    // The vendor's own documents spell it in three ways.
    let mut named = None;
    for name in ["listId", "list_id", "list"] {
        named = named.or(member(fields, name)?);
    }
    let known = match named {
        Some(named) => Some(existing(call, &named).await?),
        None => None,
    };
    let people = People::read(fields, Numbers::of(service, account).await?)?;
    if people.received == 0 {
        return Err(Failure::Data { parameter: "contacts", problem: "are missing" });
    }
    let list = match known {
        Some(known) => known,
        None => {
            let created = || LocalTime::default().text(service.now().seconds());
            let name = member(fields, "name")?.unwrap_or_else(created);
            service.put_list(account, List { name, ..List::default() }).await?
        }
    };
    let (received, invalid, mut repeated) = (people.received, people.invalid, people.repeated);
    if !people.contacts.is_empty() {
        let before = service.member_count(account, list).await?;
        let valid = people.contacts.len() as u64;
        let contacts = service.put_contacts(account, people.contacts).await?;
        service.add_members(account, list, contacts).await?;
        let after = service.member_count(account, list).await?;
        // Those that stood in the list before are repeated, too.
        repeated += valid.saturating_sub(after.saturating_sub(before));
    }
    let mut answer = call.success();
    answer.integer("contacts", received);
    answer.integer("invalid", invalid);
    answer.integer("duplicates", repeated);
    answer.digits("id", list);
    Ok(answer.finish(StatusCode::OK))
}

async fn existing(call: &Call<'_>, named: &str) -> Result<Number, Failure> {
    let unknown = || Failure::Resource("there is no such list");
    let number = number(named.trim()).ok_or_else(unknown)?;
    Ok(call.service.list(call.account(), number).await?.ok_or_else(unknown)?.number)
}

/// `DELETE /list/{id}`. The people in it stay contacts of the account.
pub(super) async fn remove(call: &Call<'_>) -> Done {
    let list = find(call).await?;
    call.service.remove_list(call.account(), list.number, Orphans::Keep).await?;
    Ok(call.done())
}

/// `PUT /list/deduplicate/{id}`: there is never anything to remove.
pub(super) async fn deduplicate(call: &Call<'_>) -> Done {
    find(call).await?;
    let mut answer = call.success();
    answer.integer("removed", 0);
    Ok(answer.finish(StatusCode::OK))
}
