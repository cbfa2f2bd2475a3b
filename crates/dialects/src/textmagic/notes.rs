//! Notes: what people write down about a contact.

use serde::Serialize;
use service::contact_notes::{ContactNote, WhichNotes};
use sms::Number;

use super::bulk::Which;
use super::call::{Answer, Call, created, no_content, ok};
use super::contacts;
use super::error::Failure;
use super::forms::needed_prose;
use super::paging::Paging;
use super::user::{Person, UserObject};
use super::values::{Link, Stamp};

/// A note as this API writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NoteObject<'a> {
    id: Number,
    created_at: Stamp,
    note: &'a str,
    user: UserObject<'a>,
}

impl<'a> NoteObject<'a> {
    /// Writes a note; whoever has a key of the account is the same person.
    pub(super) fn of(note: &'a ContactNote, writer: &'a Person) -> Self {
        Self {
            id: note.number,
            created_at: Stamp(note.created),
            note: &note.text,
            user: UserObject::of(writer),
        }
    }
}

/// `GET /contacts/{id}/notes`, the newest first.
pub(super) async fn list(call: &Call<'_>) -> Answer {
    let contact = contacts::of_path(call).await?.number;
    let paging = Paging::of(&call.query());
    let notes = call.service.contact_notes(call.account(), vec![contact]).await?.remove(&contact);
    let notes = notes.unwrap_or_default();
    let writer = Person::of(call).await?;
    let offset = usize::try_from(paging.offset()).unwrap_or(usize::MAX);
    let page = notes.iter().rev().skip(offset).take(paging.limit as usize);
    let resources: Vec<_> = page.map(|note| NoteObject::of(note, &writer)).collect();
    Ok(ok(&paging.envelope(notes.len() as u64, resources)))
}

/// `POST /contacts/{id}/notes`.
pub(super) async fn create(call: &Call<'_>) -> Answer {
    let contact = contacts::of_path(call).await?.number;
    let text = needed_prose(&call.body()?, "note")?.unwrap_or_default();
    let number = call.service.add_contact_note(call.account(), contact, &text).await?;
    Ok(created(&Link::to("notes", number)))
}

/// `POST /contacts/{id}/notes/delete`.
pub(super) async fn delete_many(call: &Call<'_>) -> Answer {
    let contact = contacts::of_path(call).await?.number;
    let which = match Which::of(&call.body()?)? {
        Which::Ids(numbers) => WhichNotes::Numbers(numbers),
        Which::All => WhichNotes::All,
    };
    call.service.remove_contact_notes(call.account(), contact, which).await?;
    Ok(no_content())
}

async fn of_path(call: &Call<'_>) -> Result<ContactNote, Failure> {
    call.service.contact_note(call.account(), call.id()?).await?.ok_or(Failure::NotFound)
}

/// `GET /notes/{id}`.
pub(super) async fn get(call: &Call<'_>) -> Answer {
    let note = of_path(call).await?;
    let writer = Person::of(call).await?;
    Ok(ok(&NoteObject::of(&note, &writer)))
}

/// `PUT /notes/{id}`.
pub(super) async fn update(call: &Call<'_>) -> Answer {
    let note = of_path(call).await?;
    let text = needed_prose(&call.body()?, "note")?.unwrap_or_default();
    call.service.rewrite_contact_note(call.account(), note.number, &text).await?;
    Ok(created(&Link::to("notes", note.number)))
}

/// `DELETE /notes/{id}`.
pub(super) async fn delete(call: &Call<'_>) -> Answer {
    let note = of_path(call).await?;
    let which = WhichNotes::Numbers(vec![note.number]);
    call.service.remove_contact_notes(call.account(), note.contact, which).await?;
    Ok(no_content())
}
