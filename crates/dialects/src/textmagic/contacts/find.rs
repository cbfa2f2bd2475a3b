//! Contacts and lists together: favorites, and what a text that is being typed may mean.

use serde::Serialize;
use service::lists::{List, ListQuery};
use service::model::Contact;
use service::people::Slice;
use service::query::ContactQuery;
use sms::Number;
use sms::phone::country_of;

use super::super::call::{Answer, Call, ok};
use super::super::error::Failure;
use super::super::forms::BLANK;
use super::super::lists::{FAVORITE, is_favorite};
use super::super::paging::Paging;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Favorite {
    entity_id: Number,
    entity_type: &'static str,
    primary_label: String,
    secondary_label: String,
    tertiary_label: Option<&'static str>,
    avatar: Option<()>,
}

/// `GET /contacts/favorite`: the newest contact first, then lists in the same way.
pub(in super::super) async fn favorites(call: &Call<'_>) -> Answer {
    let query = call.query();
    let text: Option<String> = query.text("query")?.map(Into::into);
    let paging = Paging::of(&query);
    let wanted = ContactQuery { favorite: Some(true), descending: true, ..ContactQuery::default() };
    let wanted = ContactQuery { text: text.clone(), offset: paging.offset(), limit: paging.limit, ..wanted };
    let contacts = call.service.contacts(call.account(), wanted).await?;
    let room = paging.limit.saturating_sub(u32::try_from(contacts.items.len()).unwrap_or(u32::MAX));
    let slice =
        Slice { descending: true, offset: paging.offset().saturating_sub(contacts.total), limit: room };
    let attribute = Some((FAVORITE.to_owned(), true.into()));
    let wanted = ListQuery { text, attribute, slice, ..ListQuery::default() };
    let lists = call.service.lists(call.account(), wanted).await?;
    let numbers = lists.items.iter().map(|list| list.number).collect();
    let counts = call.service.member_counts(call.account(), numbers).await?;
    let mut resources: Vec<_> = contacts.items.iter().map(of_contact).collect();
    resources.extend(lists.items.into_iter().map(|list| Favorite {
        entity_id: list.number,
        entity_type: "list",
        primary_label: list.name,
        secondary_label: counts.get(&list.number).copied().unwrap_or_default().to_string(),
        tertiary_label: None,
        avatar: None,
    }));
    Ok(ok(&paging.envelope(contacts.total + lists.total, resources)))
}

fn of_contact(contact: &Contact) -> Favorite {
    Favorite {
        entity_id: contact.number,
        entity_type: "contact",
        primary_label: label(contact),
        secondary_label: contact.phone.clone(),
        tertiary_label: country_of(&contact.phone).name(),
        avatar: None,
    }
}

/// What a contact is called: by its names, else by its phone.
fn label(contact: &Contact) -> String {
    let names = [&contact.first_name, &contact.last_name];
    let names: Vec<&str> = names.into_iter().filter_map(Option::as_deref).collect();
    if names.is_empty() { contact.phone.clone() } else { names.join(" ") }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Suggestion {
    entity_id: Number,
    entity_type: &'static str,
    value: String,
    label: String,
    shared_by: &'static str,
    is_shared: bool,
    avatar: Option<()>,
    favorited: bool,
    user_id: u32,
    country_name: &'static str,
    qposition: usize,
    rposition: usize,
}

impl Suggestion {
    /// A suggestion for `typed`; where that stands in the label is told from both of the label's ends.
    fn new(call: &Call<'_>, typed: &str, number: Number, label: String) -> Self {
        let (folded, typed) = (label.to_lowercase(), typed.to_lowercase());
        let at = |octets: Option<usize>| octets.map_or(0, |octets| folded[..octets].chars().count());
        let (qposition, rposition) = (at(folded.find(&typed)), at(folded.rfind(&typed)));
        Self {
            entity_id: number,
            entity_type: "contact",
            value: number.to_string(),
            label,
            shared_by: "",
            is_shared: false,
            avatar: None,
            favorited: false,
            user_id: call.account().get(),
            country_name: "",
            qposition,
            rposition,
        }
    }
}

/// `GET /contacts/autocomplete`: contacts that `query` may mean, and with `lists` lists too.
pub(in super::super) async fn autocomplete(call: &Call<'_>) -> Answer {
    let query = call.query();
    let typed = query.text("query")?.ok_or_else(|| query.wrong("query", BLANK))?.into_owned();
    let limit = Paging::of(&query).limit;
    let wanted =
        ContactQuery { text: Some(typed.clone()), descending: true, limit, ..ContactQuery::default() };
    let contacts = call.service.contacts(call.account(), wanted).await?.items;
    let mut suggestions: Vec<_> = contacts
        .iter()
        .map(|contact| Suggestion {
            favorited: contact.favorite,
            country_name: country_of(&contact.phone).name().unwrap_or_default(),
            ..Suggestion::new(call, &typed, contact.number, label(contact))
        })
        .collect();
    if query.flag("lists")? == Some(true) {
        let lists = lists(call, &typed, limit).await?;
        suggestions.extend(lists.into_iter().map(|list| Suggestion {
            entity_type: "list",
            favorited: is_favorite(&list),
            ..Suggestion::new(call, &typed, list.number, list.name)
        }));
    }
    suggestions.truncate(limit as usize);
    Ok(ok(&suggestions))
}

async fn lists(call: &Call<'_>, text: &str, limit: u32) -> Result<Vec<List>, Failure> {
    let slice = Slice { descending: true, offset: 0, limit };
    let query = ListQuery { text: Some(text.to_owned()), slice, ..ListQuery::default() };
    Ok(call.service.lists(call.account(), query).await?.items)
}
