//! Numbers that nothing is sent to: the blacklist of people who do not want it, and the unassigned numbers
//! (NPAI), which belong to nobody (reference 2.7).

use std::collections::HashMap;

use http::StatusCode;
use service::model::Contact;
use service::opt_outs::OptOutSource;
use service::people::{OptOut, Slice};
use service::query::Page;
use sms::{BatchKey, Micros, Number};

use super::answer::Answer;
use super::call::{Call, Done};
use super::error::Failure;
use super::local_time::LocalTime;
use super::parameters::stretch;
use super::people::{BLACKLIST, EntryId, INFOS, Numbers, People, UNASSIGNED, contacts_of, infos};

/// One entry of either list, as it is shown.
struct Entry {
    id: EntryId,
    phone: String,
    since: Micros,
    campaign: Option<Number>,
}

/// `GET /blacklist`.
pub(super) async fn blacklist(call: &Call<'_>) -> Done {
    let Page { total, items, .. } = call.service.opt_outs(call.account(), slice(call)?).await?;
    let campaigns = campaigns(call, &items).await?;
    let entries = items.into_iter().map(|opt_out| Entry {
        id: EntryId { list: BLACKLIST, number: opt_out.number },
        campaign: campaigns.get(&opt_out.number).copied(),
        phone: opt_out.phone,
        since: opt_out.since,
    });
    show(call, entries.collect(), total).await
}

/// `GET /npai`.
pub(super) async fn unassigned(call: &Call<'_>) -> Done {
    let Page { total, items, .. } = call.service.unassigned(call.account(), slice(call)?).await?;
    let entries = items.into_iter().map(|known| Entry {
        id: EntryId { list: UNASSIGNED, number: known.number },
        phone: known.phone,
        since: known.since,
        campaign: None,
    });
    show(call, entries.collect(), total).await
}

fn slice(call: &Call<'_>) -> Result<Slice, Failure> {
    let stretch = stretch(&call.query)?;
    Ok(Slice { offset: stretch.start, limit: stretch.length, descending: false })
}

/// The campaigns that opt-outs answered, by the number of the opt-out; those that came otherwise are missing.
pub(super) async fn campaigns(
    call: &Call<'_>,
    opt_outs: &[OptOut],
) -> Result<HashMap<Number, Number>, Failure> {
    let said: HashMap<Number, Number> =
        opt_outs.iter().filter_map(|opt_out| Some((opt_out.message?, opt_out.number))).collect();
    if said.is_empty() {
        return Ok(HashMap::new());
    }
    let answered = call.service.answered(call.account(), said.keys().copied().collect()).await?;
    let campaigns = answered.into_iter().filter_map(|(message, sent)| match sent.batch {
        BatchKey::Mt(campaign) => Some((*said.get(&message)?, campaign)),
        BatchKey::Mo(_) => None,
    });
    Ok(campaigns.collect())
}

async fn show(call: &Call<'_>, entries: Vec<Entry>, total: u64) -> Done {
    let phones = entries.iter().map(|entry| entry.phone.as_str());
    let contacts = contacts_of(call.service, call.account(), phones).await?;
    let mut local = LocalTime::default();
    let mut answer = call.success();
    answer.list("list", &entries, |answer, entry| {
        answer.text("id", &entry.id.text(call.account()));
        write(answer, entry, contacts.get(&entry.phone), &mut local);
    });
    answer.integer("totalRecords", total);
    answer.integer("totalDisplayRecords", total);
    Ok(answer.finish(StatusCode::OK))
}

fn write(answer: &mut Answer, entry: &Entry, contact: Option<&Contact>, local: &mut LocalTime) {
    answer.text("destination", &entry.phone);
    answer.text("date", &local.text(entry.since.seconds()));
    for (key, info) in INFOS.into_iter().zip(infos(contact)) {
        answer.text(key, info.unwrap_or_default());
    }
    answer.no_list("user_information");
    match entry.campaign {
        Some(campaign) => answer.integer("campaign_id", campaign),
        None => answer.null("campaign_id"),
    }
    answer.null("batch_id");
}

/// `POST /blacklist`.
pub(super) async fn add_to_blacklist(call: &Call<'_>) -> Done {
    let phones = people(call, &["blacklist", "list"]).await?;
    let added = call.service.opt_out_all(call.account(), phones, OptOutSource::Api).await?;
    Ok(added_contacts(call, added))
}

/// `POST /npai`.
pub(super) async fn add_unassigned(call: &Call<'_>) -> Done {
    let phones = people(call, &["npai", "list"]).await?;
    let added = call.service.note_unassigned(call.account(), phones).await?;
    Ok(added_contacts(call, added))
}

/// The phones that a body lists. What it knows of people is kept with them.
async fn people(call: &Call<'_>, wrappers: &[&str]) -> Result<Vec<String>, Failure> {
    let numbers = Numbers::of(call.service, call.account()).await?;
    let people = People::read(call.fields(wrappers)?, numbers)?;
    if people.received == 0 {
        return Err(Failure::Data { parameter: "contacts", problem: "are missing" });
    }
    let phones = people.phones();
    let known = people.contacts.into_iter().filter(|contact| infos(Some(contact)) != [None; 4]).collect();
    call.service.put_contacts(call.account(), known).await?;
    Ok(phones)
}

fn added_contacts(call: &Call<'_>, added: u64) -> crate::kit::Response {
    let mut answer = call.success();
    answer.integer("added_contacts", added);
    answer.finish(StatusCode::OK)
}

/// `DELETE /blacklist/contact/{id}`.
pub(super) async fn remove_from_blacklist(call: &Call<'_>) -> Done {
    let nobody = || Failure::Resource("there is no such contact");
    let id = EntryId::read(call.id(), call.account())?;
    let known = match id.list {
        BLACKLIST => call.service.opt_out_of_number(call.account(), id.number).await?,
        _ => None,
    };
    call.service.lift_opt_out(call.account(), &known.ok_or_else(nobody)?.phone).await?;
    Ok(call.done())
}
