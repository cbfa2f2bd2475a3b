//! Custom fields: what an account keeps of its contacts beside the usual.

use serde::Serialize;
use service::contact_fields::ContactField;
use service::contact_values::FieldValues;
use service::people::Slice;
use service::{LedgerError, Refusal};
use sms::Number;

use super::call::{Answer, Call, created, no_content, ok};
use super::contacts;
use super::error::{Failure, Problems};
use super::fields::Fields;
use super::forms::{BLANK, needed_prose, needed_short};
use super::paging::Paging;
use super::values::{Link, Stamp};

/// The longest name, in octets: what stands between braces in a text may be no longer.
const LONGEST: usize = 100;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FieldObject<'a> {
    id: Number,
    name: &'a str,
    created_at: Stamp,
}

impl<'a> FieldObject<'a> {
    fn of(field: &'a ContactField) -> Self {
        Self { id: field.number, name: &field.name, created_at: Stamp(field.created) }
    }
}

/// `GET /customfields`, the newest first.
pub(super) async fn list(call: &Call<'_>) -> Answer {
    let paging = Paging::of(&call.query());
    let slice = Slice { descending: true, offset: paging.offset(), limit: paging.limit };
    let fields = call.service.contact_fields(call.account(), slice).await?;
    let resources: Vec<_> = fields.items.iter().map(FieldObject::of).collect();
    Ok(ok(&paging.envelope(fields.total, resources)))
}

/// `GET /customfields/{id}`.
pub(super) async fn get(call: &Call<'_>) -> Answer {
    let field = of_path(call).await?;
    Ok(ok(&FieldObject::of(&field)))
}

async fn of_path(call: &Call<'_>) -> Result<ContactField, Failure> {
    call.service.contact_field(call.account(), call.id()?).await?.ok_or(Failure::NotFound)
}

/// `POST /customfields`.
pub(super) async fn create(call: &Call<'_>) -> Answer {
    put(call, 0).await
}

/// `PUT /customfields/{id}`: another name; contacts keep their values.
pub(super) async fn update(call: &Call<'_>) -> Answer {
    let field = of_path(call).await?;
    put(call, field.number).await
}

async fn put(call: &Call<'_>, number: Number) -> Answer {
    let name = name(&call.body()?)?;
    match call.service.put_contact_field(call.account(), number, &name).await {
        Ok(number) => Ok(created(&Link::to("customfields", number))),
        Err(LedgerError::Refused(Refusal::Taken(_))) => {
            Err(Problems::of("name", "Another custom field has this name."))
        }
        Err(error) => Err(error.into()),
    }
}

fn name(body: &Fields) -> Result<String, Failure> {
    let name = needed_short(body, "name")?.unwrap_or_default();
    if name.len() > LONGEST {
        return Err(Problems::of("name", "This value is too long: 100 octets at most."));
    }
    if name.contains(['{', '}']) {
        return Err(Problems::of("name", "This value should have no braces."));
    }
    Ok(name)
}

/// `DELETE /customfields/{id}`, with every contact's value.
pub(super) async fn delete(call: &Call<'_>) -> Answer {
    call.service.remove_contact_field(call.account(), call.id()?).await?;
    Ok(no_content())
}

/// `PUT /customfields/{id}/update`: gives `contactId` the `value`; the answer links to the contact.
pub(super) async fn update_value(call: &Call<'_>) -> Answer {
    let field = of_path(call).await?;
    let body = call.body()?;
    let mut problems = Problems::default();
    let contact = body.id("contactId").and_then(|id| match id {
        Some(id) => Ok(Some(id)),
        None => Err(body.wrong("contactId", BLANK)),
    });
    let contact = problems.noted(contact);
    let value = problems.noted(needed_prose(&body, "value"));
    problems.check()?;
    let contact = contacts::of_number(call, contact.unwrap_or_default()).await?;
    let contact = contact.ok_or_else(|| Problems::of("contactId", "There is no contact with this id."))?;
    let values = FieldValues::from([(field.number, value.unwrap_or_default())]);
    call.service.put_field_values(call.account(), contact.number, &values).await?;
    Ok(created(&Link::to("contacts", contact.number)))
}
